import { parseIsoDate } from '../../../shared/calendar/index.ts';
import { sourceDocumentInput, type sourceDocumentKinds } from '../../../shared/contract/accounting.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  cleared,
  type Dimensions,
  type DocumentFacts,
  type DocumentPart,
  documentEvent,
  readVoucher,
  type SourceDocument,
} from '../../../shared/ledger/index.ts';
import { exponentOf, moneyText, tryParseScaled } from '../../../shared/money/index.ts';
import type { Book } from './book.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { containing } from './like.ts';
import { draftByRule } from './posting-rules.ts';
import { realisedWithout, withRealised } from './settlements.ts';
import { followCosts } from './stock.ts';
import { findDimensions, ratesOn, typedLines } from './typed-vouchers.ts';
import { vouchersOfSource } from './voucher-views.ts';
import {
  hasVouchers,
  lastClosed,
  liveVoucher,
  repostDocument,
  type VoucherDraft,
  type VoucherSource,
} from './vouchers.ts';

type Kind = (typeof sourceDocumentKinds)[number];
type DocumentRow = OutputOf<'sourceDocuments.list'>['rows'][number];

/** What a kind of paper is called in its number and, without a text of its own, in its voucher. */
const names: Readonly<Record<Kind, { readonly series: string; readonly text: string }>> = {
  'platform-fee': { series: '费', text: '平台费用' },
  receipt: { series: '收', text: '收款' },
  settlement: { series: '结', text: '结汇' },
  exchange: { series: '兑', text: '外币兑换' },
  transfer: { series: '转', text: '账户划转' },
  'bank-charge': { series: '银', text: '银行手续费' },
  interest: { series: '息', text: '存款利息' },
  payment: { series: '付', text: '付款' },
  freight: { series: '运', text: '运保费' },
  'sales-return': { series: '退', text: '销售退回' },
  'refund-receivable': { series: '退税', text: '应收出口退税' },
  'refund-received': { series: '税到', text: '收到出口退税' },
  'import-tax': { series: '税', text: '进口税费' },
  payout: { series: '平', text: '平台结算' },
  opening: { series: '期初', text: '期初余额' },
};

const sourceOf = (id: number): VoucherSource => ({ kind: 'source-document', id: String(id) });

interface StoredDocument {
  id: number;
  kind: Kind;
  number: string;
  date: string;
  reference: string;
  body: string;
  state: DocumentRow['state'];
  reason: string;
  version: number;
  party: string | null;
  order_no: string | null;
}

const select = `SELECT d.id, d.kind, d.number, d.date, d.reference, d.body, d.state, d.reason, d.version, p.name AS party, o.order_no
  FROM source_document d LEFT JOIN party p ON p.id = d.party_id LEFT JOIN sales_order o ON o.id = d.order_id`;

/** The amount that stands for a document in a list; of opening balances the debit side in CNY as far as it was typed. */
function headline(document: SourceDocument): { currency: string; amount: string } {
  const sum = (amounts: readonly string[]): string =>
    moneyText({ currency: 'CNY', minor: amounts.reduce((total, text) => total + (tryParseScaled(text, 2) ?? 0n), 0n) });
  switch (document.kind) {
    case 'refund-receivable':
    case 'refund-received':
      return { currency: 'CNY', amount: document.refund };
    case 'import-tax':
      return { currency: 'CNY', amount: sum(document.taxes.map(({ amount }) => amount)) };
    case 'payout': {
      const { currency, amounts } = document;
      const digits = exponentOf(currency);
      const minor = Object.entries(amounts).reduce(
        (total, [name, text]) =>
          total +
          (name === 'reimbursement' || name === 'taxCollected' ? -1n : 1n) * (tryParseScaled(text, digits) ?? 0n),
        0n,
      );
      return { currency, amount: moneyText({ currency, minor }) };
    }
    case 'opening': {
      const debits = document.lines.filter(({ debit }) => debit !== undefined);
      return {
        currency: 'CNY',
        amount: sum(debits.map(({ currency, debit, cny }) => (currency === 'CNY' ? debit : cny) ?? '0')),
      };
    }
    default:
      return { currency: document.currency, amount: document.amount };
  }
}

function rowOf(stored: StoredDocument): DocumentRow {
  const document = sourceDocumentInput.parse(JSON.parse(stored.body));
  return {
    id: stored.id,
    kind: stored.kind,
    number: stored.number,
    date: stored.date,
    text: document.text === '' ? names[stored.kind].text : document.text,
    reference: stored.reference,
    ...(stored.party === null ? {} : { party: stored.party }),
    ...(stored.order_no === null ? {} : { orderNo: stored.order_no }),
    ...headline(document),
    state: stored.state,
    reason: stored.reason,
    version: stored.version,
  };
}

/** Source documents of a filter, newest first. `text` is looked for in number, reference and body. */
export function listSourceDocuments(
  book: Book,
  filter: ParsedInputOf<'sourceDocuments.list'>,
): OutputOf<'sourceDocuments.list'> {
  const [date, id] = decodeCursor(filter.after, ['9999-99-99', Number.MAX_SAFE_INTEGER]);
  const terms: string[] = [];
  const values: Record<string, string | number> = {};
  const add = (term: string, bound: Record<string, string>): void => {
    terms.push(term);
    Object.assign(values, bound);
  };
  if (filter.kind !== undefined) add('d.kind = :kind', { kind: filter.kind });
  if (filter.state !== undefined) add('d.state = :state', { state: filter.state });
  if (filter.from !== undefined) add('d.date >= :from', { from: filter.from });
  if (filter.to !== undefined) add('d.date <= :to', { to: filter.to });
  const text = filter.text?.trim() ?? '';
  if (text !== '')
    add(
      `(d.number LIKE :like ESCAPE '\\' OR d.reference LIKE :like ESCAPE '\\' OR json_extract(d.body, '$.text') LIKE :like ESCAPE '\\'
        OR d.party_id IN (SELECT id FROM party WHERE name LIKE :like ESCAPE '\\'))`,
      { like: containing(text) },
    );
  const where = terms.length === 0 ? '1' : terms.join(' AND ');
  const rows = book
    .prepare(
      `${select} WHERE ${where} AND (d.date, d.id) < (:lastDate, :lastId) ORDER BY d.date DESC, d.id DESC LIMIT :limit`,
    )
    .all({ ...values, lastDate: date, lastId: id, limit: filter.limit }) as StoredDocument[];
  const { n } = book.prepare(`SELECT count(*) AS n FROM source_document d WHERE ${where}`).get(values) as { n: number };
  const last = rows.at(-1);
  return {
    rows: rows.map(rowOf),
    total: n,
    ...(rows.length === filter.limit && last !== undefined ? { nextCursor: encodeCursor([last.date, last.id]) } : {}),
  };
}

function requireStored(book: Book, id: number): StoredDocument {
  const row = book.prepare(`${select} WHERE d.id = ?`).get(id) as StoredDocument | undefined;
  if (row === undefined) throw new PortbookError('SOURCE_DOCUMENT_UNKNOWN', { id }, 'id');
  return row;
}

/** A source document as it was entered, with all its vouchers. Refusal: `SOURCE_DOCUMENT_UNKNOWN` {id}. */
export function requireSourceDocument(book: Book, id: number): OutputOf<'sourceDocuments.get'> {
  const stored = requireStored(book, id);
  return {
    ...rowOf(stored),
    body: JSON.parse(stored.body) as Record<string, unknown>,
    vouchers: vouchersOfSource(book, sourceOf(id)),
  };
}

/** The order's own currency, and the rate its sale was posted at. */
function saleOf(book: Book, orderId: number): Pick<DocumentFacts, 'orderCurrency' | 'saleRate'> {
  const { currency } = book.prepare('SELECT currency FROM sales_order WHERE id = ?').get(orderId) as {
    currency: string;
  };
  return {
    orderCurrency: currency,
    saleRate: liveVoucher(book, { kind: 'order-release', id: String(orderId) })?.rate,
  };
}

/** The vouchers a document makes. Refusals are those of its amounts, dimensions and rates, with the document's own paths. */
function draftsOf(
  book: Book,
  source: VoucherSource,
  document: SourceDocument,
  number: string,
): Omit<VoucherDraft, 'source'>[] {
  const { date } = document;
  const rateOf = ratesOn(book, date);
  const text = document.text === '' ? names[document.kind].text : document.text;
  if (document.kind === 'opening') {
    const { postings, rate } = readVoucher(
      { date, exchange: false, lines: typedLines(book, document.lines, '') },
      rateOf,
    );
    return [{ date, text, rule: 'opening', rate, postings: cleared(postings) }];
  }
  const dimensions = findDimensions(book, document, '');
  const sale =
    document.kind === 'sales-return' && dimensions.orderId !== undefined ? saleOf(book, dimensions.orderId) : {};
  const { event, parts, rate } = documentEvent(document, { rateOf, ...sale });
  const dimensionsOf = ({ orderNo, partyId, store }: DocumentPart, at: number): Dimensions =>
    orderNo === undefined && partyId === undefined && store === undefined
      ? dimensions
      : {
          ...dimensions,
          ...findDimensions(
            book,
            { orderNo, partyId: partyId ?? document.partyId, store: store ?? document.store },
            `parts.${at - 1}.`,
          ),
        };
  const paper = document.reference === '' ? number : document.reference;
  const draft = draftByRule(book, {
    event,
    date,
    text: `${text} ${paper}`,
    rate,
    parts: parts.map((part, at) => {
      const { orderNo: _, ...rest } = part;
      return { ...rest, ...dimensionsOf(part, at) };
    }),
  });
  return draft === undefined ? [] : [withRealised(book, draft, source)];
}

interface Outcome {
  readonly state: 'posted' | 'waiting';
  readonly reason: string;
  readonly voucherIds: number[];
}

/** Takes back by reversal what a document has posted. */
function takeBack(book: Book, id: number, date: string, now: string, reason: string): void {
  const source = sourceOf(id);
  repostDocument(book, source, realisedWithout(book, { date, text: `汇兑差额 ${reason}` }, source), now, reason);
}

/**
 * Posts a stored document anew, or says what it waits for. One of a closed period that was never posted waits for it to be
 * opened; one that was is in the books, and its correction goes to the first open day.
 */
function post(book: Book, id: number, number: string, document: SourceDocument, now: string): Outcome {
  const source = sourceOf(id);
  // A payout comes after the month it is of: what is closed is not opened for it, the first open day takes it.
  const isLate =
    document.kind !== 'payout' && document.date.slice(0, 7) <= lastClosed(book) && !hasVouchers(book, source);
  try {
    const drafts = draftsOf(book, source, document, number);
    if (isLate) return { state: 'waiting', reason: 'period', voucherIds: [] };
    return { state: 'posted', reason: '', voucherIds: repostDocument(book, source, drafts, now, `更正 ${number}`) };
  } catch (error) {
    if (!(error instanceof PortbookError) || error.code !== 'RATE_MISSING') throw error;
    if (isLate) return { state: 'waiting', reason: 'period', voucherIds: [] };
    takeBack(book, id, document.date, now, `更正 ${number}`);
    return { state: 'waiting', reason: 'rate', voucherIds: [] };
  }
}

/**
 * Saves a document and posts it; with `id` it is a change: what it posted is reversed and posted anew. One that lacks a
 * rate, or is new in a closed period, is kept and waits. Refusals: `DATE_INVALID`, `SOURCE_DOCUMENT_UNKNOWN`,
 * `SOURCE_DOCUMENT_KIND` {number}, `SOURCE_DOCUMENT_VOID` {number}, those of its fields and of `postVouchers`; paths
 * begin with `document.`.
 */
export function saveSourceDocument(
  book: Book,
  id: number | undefined,
  document: SourceDocument,
  now: string,
): Outcome & { readonly id: number } {
  const { kind, date } = document;
  if (parseIsoDate(date) === undefined) throw new PortbookError('DATE_INVALID', { date }, 'document.date');
  return book.transaction(() => {
    const before = id === undefined ? undefined : requireStored(book, id);
    if (before !== undefined && before.kind !== kind)
      throw new PortbookError('SOURCE_DOCUMENT_KIND', { number: before.number }, 'document.kind');
    if (before?.state === 'void') throw new PortbookError('SOURCE_DOCUMENT_VOID', { number: before.number }, 'id');
    const numbers = [...(before === undefined ? [] : invoicesOf(documentOf(before))), ...invoicesOf(document)];
    return followCosts(book, { numbers, date }, now, () => save(before));
  });

  function save(before: StoredDocument | undefined): Outcome & { readonly id: number } {
    try {
      const dimensions = document.kind === 'opening' ? {} : findDimensions(book, document, '');
      const { partyId, orderId, shipmentId, store } = dimensions;
      const reference = document.kind === 'opening' ? '' : document.reference;
      const columns = [
        date,
        partyId ?? null,
        orderId ?? null,
        shipmentId ?? null,
        store ?? null,
        reference,
        JSON.stringify(document),
      ];
      let savedId = before?.id;
      let number = before?.number ?? '';
      if (savedId === undefined) {
        const year = date.slice(0, 4);
        const { series } = names[kind];
        const serial = String(book.nextNumber(`source:${kind}:${year}`)).padStart(4, '0');
        number = `${series}-${year}-${serial}`;
        const { lastInsertRowid } = book
          .prepare(
            `INSERT INTO source_document (date, party_id, order_id, shipment_id, store, reference, body, kind, number, state, created_at, updated_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?)`,
          )
          .run(...columns, kind, number, now, now);
        savedId = Number(lastInsertRowid);
      } else {
        book
          .prepare(
            `UPDATE source_document SET date = ?, party_id = ?, order_id = ?, shipment_id = ?, store = ?, reference = ?, body = ?,
               version = version + 1, updated_at = ? WHERE id = ?`,
          )
          .run(...columns, now, savedId);
      }
      const outcome = post(book, savedId, number, document, now);
      setState(book, savedId, outcome, now);
      return { id: savedId, ...outcome };
    } catch (error) {
      if (error instanceof PortbookError && error.path?.startsWith('document.') === false)
        throw new PortbookError(error.code, error.params, `document.${pathOf(error, document)}`);
      throw error;
    }
  }
}

function documentOf({ body }: Pick<StoredDocument, 'body'>): SourceDocument {
  return sourceDocumentInput.parse(JSON.parse(body));
}

/** The invoices whose goods bear a document's import taxes as cost. */
function invoicesOf(document: SourceDocument): readonly string[] {
  return document.kind === 'import-tax' ? document.invoiceNos : [];
}

/** A refused line of a voucher made by rule, as the field of the document that named its account. */
function pathOf({ path = '', params }: PortbookError, document: SourceDocument): string {
  if (document.kind === 'opening' || !path.startsWith('lines.')) return path;
  const named = Object.entries(document).find(([key, value]) => /account$/i.test(key) && value === params['account']);
  return named?.[0] ?? 'kind';
}

function setState(book: Book, id: number, outcome: Pick<Outcome, 'state' | 'reason'>, now: string): void {
  book
    .prepare('UPDATE source_document SET state = ?, reason = ?, updated_at = ? WHERE id = ?')
    .run(outcome.state, outcome.reason, now, id);
}

/** Takes a document back: its vouchers are reversed, it stays as void. Refusals: `SOURCE_DOCUMENT_UNKNOWN`, `SOURCE_DOCUMENT_VOID`. */
export function voidSourceDocument(book: Book, id: number, reason: string, now: string): void {
  book.transaction(() => {
    const stored = requireStored(book, id);
    const { number, state, date } = stored;
    if (state === 'void') throw new PortbookError('SOURCE_DOCUMENT_VOID', { number }, 'id');
    followCosts(book, { numbers: invoicesOf(documentOf(stored)), date }, now, () => {
      takeBack(book, id, date, now, `作废 ${number}：${reason}`);
      book
        .prepare(
          `UPDATE source_document SET state = 'void', reason = ?, version = version + 1, updated_at = ? WHERE id = ?`,
        )
        .run(reason, now, id);
    });
  });
}

/** As {@link post}; what is refused (an account taken out of use since) goes on waiting, for it must not stop the others. */
function waitOrPost(book: Book, id: number, number: string, document: SourceDocument, now: string): Outcome {
  try {
    return post(book, id, number, document, now);
  } catch (error) {
    if (error instanceof PortbookError) return { state: 'waiting', reason: 'refused', voucherIds: [] };
    throw error;
  }
}

/** Posts the documents that waited and need not any more, oldest first. @returns how many */
export function postWaitingDocuments(book: Book, now: string): number {
  return book.transaction(() => {
    const waiting = book
      .prepare(`SELECT id, number, body FROM source_document WHERE state = 'waiting' ORDER BY date, id`)
      .all() as { id: number; number: string; body: string }[];
    let posted = 0;
    for (const { id, number, body } of waiting) {
      const document = documentOf({ body });
      const state = followCosts(book, { numbers: invoicesOf(document), date: document.date }, now, () => {
        const outcome = waitOrPost(book, id, number, document, now);
        setState(book, id, outcome, now);
        return outcome.state;
      });
      if (state === 'posted') posted += 1;
    }
    return posted;
  });
}

/** How many documents of a month and before wait. */
export function waitingDocuments(book: Book, period: string): number {
  const row = book
    .prepare(`SELECT count(*) AS n FROM source_document WHERE state = 'waiting' AND reason <> 'period' AND date < ?`)
    .get(`${period}-99`) as { n: number };
  return row.n;
}

/** Records of money as the screens show them: what the rules of declaring (F01), of codes (F02) and of differences (F10) say of each. */
import { z } from 'zod';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import {
  declaredKinds,
  type MoneyRecordInput,
  type MoneyRecordRow,
  type MoneyRecordView,
  twoSidedKinds,
} from '../../shared/contract/money.ts';
import { divideRounded, exponentOf, formatScaled, moneyText, parseScaled, pow10 } from '../../shared/money/index.ts';
import { receiptDeclaration } from '../../shared/rules/forex/receipt-declaration.ts';
import {
  transactionCode,
  transactionCodesPackId,
  transactionCodesPackSchema,
} from '../../shared/rules/forex/transaction-codes.ts';
import type { Context } from './context.ts';
import { packFigures, ruleSources } from './obligations.ts';
import type { Book } from './store/book.ts';
import {
  linksOf,
  listRecords,
  modesPaid,
  type NamedRecord,
  recordTotals,
  requireNamedRecord,
  requireRecord,
  sameSlip,
  saveRecord,
  usualMode,
} from './store/money/records.ts';
import { rateInForce } from './store/rates.ts';
import { vouchersOfSource, voucherView } from './store/voucher-views.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;
type Finding = MoneyRecordView['findings'][number];
type Preview = OutputOf<'moneyRecords.preview'>;
type CodeProposal = Preview['codes'][number];

const text = (minor: number, currency: string): string => moneyText({ minor: BigInt(minor), currency });
const usdText = (minor: number | null): { usd?: string } => (minor === null ? {} : { usd: text(minor, 'USD') });

/** Money that crosses the border: so said, or moved between own accounts here and abroad. */
export function isCrossBorder(record: NamedRecord): boolean {
  if (record.kind === 'transfer') return record.accountPlace !== record.toAccountPlace;
  return declaredKinds.includes(record.kind) && record.detail.crossBorder;
}

/** Money that comes in from abroad: its declaration has a last day. What goes out is declared as it is sent. */
function comesIn(record: NamedRecord): boolean {
  if (record.kind === 'transfer') return record.accountPlace === 'abroad' && record.toAccountPlace === 'home';
  return (
    (record.kind === 'receipt' || record.kind === 'refund-in') &&
    record.detail.crossBorder &&
    record.accountPlace === 'home'
  );
}

/** What the calculators answer, as far as it is used here. */
const declaringResult = z.object({
  declareBy: z.string(),
  largeCheck: z.boolean().optional(),
  state: z.enum(['DECLARED', 'DECLARED_LATE', 'DUE', 'OVERDUE']).default('DUE'),
});
const codeResult = z.object({
  code: z.string().nullable(),
  others: z.array(z.string()),
  bonded: z.boolean(),
  remark: z.string(),
});

interface Declaring {
  readonly declareBy?: string;
  readonly largeCheck?: boolean;
  readonly limit?: string;
  readonly state: MoneyRecordRow['declaration'];
}

const states = {
  DECLARED: 'declared',
  DECLARED_LATE: 'declared-late',
  DUE: 'due',
  OVERDUE: 'overdue',
} as const satisfies Record<z.output<typeof declaringResult>['state'], MoneyRecordRow['declaration']>;

/** F01 of a record, each day of crediting once. */
class Declarations {
  readonly #sources;
  readonly #today: string;

  constructor(source: Source) {
    this.#sources = ruleSources(source);
    this.#today = chinaDate(source.now());
  }

  of(record: NamedRecord): Declaring {
    const { declaredOn } = record.detail;
    if (!isCrossBorder(record)) return { state: 'none' };
    if (!comesIn(record)) return { state: declaredOn === undefined ? 'none' : 'declared' };
    const run = receiptDeclaration.run(
      {
        creditedOn: record.date,
        kind:
          record.detail.codes.length === 0 || record.detail.codes.some(({ code }) => code.startsWith('12'))
            ? 'goods'
            : 'other',
        ...(record.usdMinor === null ? {} : { amountUsd: text(record.usdMinor, 'USD') }),
        ...(declaredOn === undefined ? { asOf: this.#today } : { declaredOn }),
      },
      this.#sources,
    );
    const result = declaringResult.parse(run.result);
    const limit = run.warnings.find(({ code }) => code === 'largeReceipt')?.params['limit'];
    return {
      declareBy: result.declareBy,
      ...(result.largeCheck === undefined ? {} : { largeCheck: result.largeCheck }),
      ...(limit === undefined ? {} : { limit: String(limit) }),
      state: states[result.state],
    };
  }
}

function rowOf(record: NamedRecord, declaring: Declaring): MoneyRecordRow {
  const { currency, toAccountId, toCurrency, toAmountMinor, toAccountName, detail } = record;
  return {
    id: record.id,
    number: record.number,
    kind: record.kind,
    date: record.date,
    account: { id: record.accountId, name: record.accountName, currency },
    currency,
    amount: text(record.amountMinor, currency),
    fee: text(record.feeMinor, currency),
    ...(toAccountId === null || toCurrency === null
      ? {}
      : {
          to: {
            id: toAccountId,
            name: toAccountName ?? '',
            currency: toCurrency,
            amount: text(toAmountMinor ?? 0, toCurrency),
            fee: text(record.toFeeMinor, toCurrency),
          },
        }),
    ...usdText(record.usdMinor),
    counterparty: record.counterparty,
    counterpartyCountry: record.counterpartyCountry,
    channel: record.channel,
    nature: record.nature,
    reference: record.reference,
    text: record.text,
    store: record.store,
    allocated: text(record.allocatedMinor, currency),
    residual: text(record.residualMinor, currency),
    crossBorder: isCrossBorder(record),
    codes: detail.codes.map(({ code }) => code),
    declarationNo: detail.declarationNo,
    ...(detail.declaredOn === undefined ? {} : { declaredOn: detail.declaredOn }),
    ...(declaring.declareBy === undefined ? {} : { declareBy: declaring.declareBy }),
    declaration: declaring.state,
    state: record.state,
    ledger: record.state === 'void' ? 'void' : (record.documentState ?? 'waiting'),
    reason: record.state === 'void' ? record.reason : (record.documentReason ?? ''),
    version: record.version,
  };
}

/** Records of a filter with what they come to. */
export function recordPage(
  source: Source,
  input: Parameters<typeof listRecords>[1] & { after?: string | undefined; limit: number },
): OutputOf<'moneyRecords.list'> {
  const { after, limit, ...filter } = input;
  const declarations = new Declarations(source);
  const { rows, ...page } = listRecords(source.book, filter, { after, limit });
  return {
    ...page,
    rows: rows.map((record) => rowOf(record, declarations.of(record))),
    totals: recordTotals(source.book, filter),
  };
}

/** What deserves a look in a record. */
function findingsOf(
  book: Book,
  record: NamedRecord,
  declaring: Declaring,
  proposed: readonly CodeProposal[],
): Finding[] {
  const found: Finding[] = [];
  const say = (level: Finding['level'], code: string, path: string, params: Finding['params'] = {}): void => {
    found.push({ code, level, path, params });
  };
  const { currency, detail } = record;
  const slip = sameSlip(book, record);
  if (slip !== undefined) say('doubt', 'duplicateSlip', 'reference', slip);
  if (isCrossBorder(record) && record.kind !== 'transfer') {
    if (detail.codes.length === 0 && proposed.length > 0)
      say('note', 'codesMissing', 'detail.codes', { code: proposed[0]?.code ?? '' });
    const sum = detail.codes.reduce((all, { amount }) => all + parseScaled(amount, exponentOf(currency)), 0n);
    const whole = BigInt(record.amountMinor);
    if (detail.codes.length > 0 && sum !== whole && sum !== whole + BigInt(record.feeMinor))
      say('doubt', 'codesSum', 'detail.codes', {
        amount: `${currency} ${text(record.amountMinor, currency)}`,
        sum: `${currency} ${moneyText({ currency, minor: sum })}`,
      });
    if (record.counterparty === '' && record.partyId === null) say('doubt', 'counterpartyMissing', 'counterparty');
    if (record.counterpartyCountry === '') say('note', 'countryMissing', 'counterpartyCountry');
    if (record.nature === 'advance' && record.expectedOn === null) say('note', 'advanceWithoutDate', 'expectedOn');
    if (record.channel === 'payment-institution' && (detail.institution === '' || detail.licenceNo === ''))
      say('doubt', 'licenceMissing', detail.institution === '' ? 'detail.institution' : 'detail.licenceNo');
    if (record.ownerKind === 'person' && record.kind === 'receipt' && detail.personProof === 'none')
      say('note', 'personWithoutProof', 'detail.personProof');
  }
  if (declaring.largeCheck === true) say('doubt', 'largeReceipt', 'amount', { limit: declaring.limit ?? '' });
  if (declaring.state === 'overdue')
    say('doubt', 'declareOverdue', 'detail.declaredOn', { declareBy: declaring.declareBy ?? '' });
  if (record.documentState === 'waiting')
    say(
      'doubt',
      record.documentReason === 'period' ? 'periodClosed' : 'rateMissing',
      'date',
      record.documentReason === 'period'
        ? { period: record.date.slice(0, 7) }
        : { currency: currency === 'CNY' ? (record.toCurrency ?? currency) : currency, date: record.date },
    );
  else if (record.usdMinor === null) say('note', 'usdMissing', 'date', { currency, date: record.date });
  return found;
}

/**
 * Transaction codes (F02) of a record, at most two: by the ways of trading of what it pays for, else the firm's usual one; of a
 * refund those of what it pays back.
 */
function proposedCodes(source: Source, record: NamedRecord): CodeProposal[] {
  if (!isCrossBorder(record) || record.kind === 'transfer' || record.kind === 'fee') return [];
  const { book } = source;
  const { currency } = record;
  const isRefund = record.kind === 'refund-out' || record.kind === 'refund-in';
  const direction = record.kind === 'payment' || record.kind === 'refund-in' ? 'out' : 'in';
  const first = record.refundsId === null ? undefined : requireRecord(book, record.refundsId);
  const linked = modesPaid(book, first?.id ?? record.id);
  const usual = linked.length === 0 && record.kind !== 'payment' ? usualMode(book, record.date) : undefined;
  const modes = usual === undefined ? linked : [{ ...usual, minor: record.amountMinor }];
  const sources = ruleSources(source);
  const byCode = new Map<string, CodeProposal & { minor: number }>();
  for (const { mode, isList, minor } of modes) {
    const { steps, ...run } = transactionCode.run(
      {
        mode,
        route: isList ? (record.channel === 'payment-institution' ? 'paymentInstitution' : 'list') : 'declaration',
        direction,
        refund: isRefund,
        advance: record.nature === 'advance',
        asOf: record.date,
      },
      sources,
    );
    const result = codeResult.parse(run.result);
    if (result.code === null) continue;
    const known = byCode.get(result.code);
    const names = codeNames(source, record.date).get(result.code);
    byCode.set(result.code, {
      code: result.code,
      nameZh: names?.zh ?? '',
      nameEn: names?.en ?? '',
      others: result.others,
      amount: '',
      remark: result.remark,
      bonded: result.bonded || known?.bonded === true,
      mode: known === undefined ? mode : `${known.mode} ${mode}`,
      derivation: known?.derivation ?? steps.map((step) => ({ ...step, inputs: { ...step.inputs } })),
      minor: (known?.minor ?? 0) + minor,
    });
  }
  const kept = [...byCode.values()].sort((a, b) => b.minor - a.minor).slice(0, 2);
  const second = kept[1];
  // The first code takes what the second does not: what is allotted to nothing yet falls to it.
  const rest = second === undefined ? 0 : Math.min(second.minor, record.amountMinor);
  return kept.map(({ minor: _minor, ...proposal }, at) => ({
    ...proposal,
    amount: text(at === 0 ? record.amountMinor - rest : rest, currency),
  }));
}

/** The firm's transaction codes in force on a day, by code. */
export function codeNames(source: Source, date: string): Map<string, { readonly zh: string; readonly en: string }> {
  const { codes } = packFigures(source, transactionCodesPackId, transactionCodesPackSchema, date);
  return new Map(codes.map(({ code, zh, en }) => [code, { zh, en }]));
}

/** A record with everything that hangs on it. Refusal: `MONEY_RECORD_UNKNOWN` {id}. */
export function recordView(source: Source, id: number): MoneyRecordView {
  const { book } = source;
  const record = requireNamedRecord(book, id);
  const declaring = new Declarations(source).of(record);
  const { sourceDocumentId, documentNumber, partyId, expectedOn } = record;
  const vouchers =
    sourceDocumentId === null ? [] : vouchersOfSource(book, { kind: 'source-document', id: String(sourceDocumentId) });
  return {
    ...rowOf(record, declaring),
    ...(partyId === null ? {} : { partyId, party: record.partyName ?? '' }),
    ...(expectedOn === null ? {} : { expectedOn }),
    ...linksOf(book, record),
    detail: record.detail,
    ...(sourceDocumentId === null || documentNumber === null
      ? {}
      : { sourceDocument: { id: sourceDocumentId, number: documentNumber } }),
    vouchers: vouchers.map(({ id: voucherId, label }) => ({ id: voucherId, label })),
    findings: record.state === 'void' ? [] : findingsOf(book, record, declaring, proposedCodes(source, record)),
  };
}

/** How many units of the other currency one unit brought, half-up to six decimals: 结汇 and 购汇 rates are quoted in CNY for foreign units. */
function rateOfRecord(record: NamedRecord): string | undefined {
  const { currency, toCurrency, amountMinor, toAmountMinor, toFeeMinor } = record;
  if (toCurrency === null || toAmountMinor === null || currency === toCurrency) return undefined;
  const from = { minor: BigInt(amountMinor), digits: exponentOf(currency) };
  const to = { minor: BigInt(toAmountMinor + toFeeMinor), digits: exponentOf(toCurrency) };
  // CNY for one foreign unit, whichever side the CNY is on.
  const [over, under] = currency === 'CNY' ? [from, to] : [to, from];
  const digits = 6;
  return formatScaled(
    divideRounded(over.minor * pow10(under.digits + digits), under.minor * pow10(over.digits), 'halfUp'),
    digits,
    4,
  );
}

/** Carries what was seen out of a transaction that is undone. */
class Seen extends Error {
  readonly preview: Preview;
  constructor(preview: Preview) {
    super('undone on purpose');
    this.preview = preview;
  }
}

/** What a record would come to: it is kept, looked at and taken back. Refusals: those of saving. */
export function previewRecord(source: Source, input: MoneyRecordInput): Preview {
  const { book } = source;
  try {
    book.transaction(() => {
      throw new Seen(previewOf(source, saveRecord(book, input, source.now())));
    });
  } catch (error) {
    if (error instanceof Seen) return error.preview;
    throw error;
  }
  throw new Error('a preview always ends in Seen');
}

function previewOf(source: Source, id: number): Preview {
  const { book } = source;
  const record = requireNamedRecord(book, id);
  const declaring = new Declarations(source).of(record);
  const codes = proposedCodes(source, record);
  const rate = rateOfRecord(record);
  const foreign = record.currency === 'CNY' ? record.toCurrency : record.currency;
  const inForce =
    rate === undefined || foreign === null ? undefined : rateInForce(book, foreign, record.date)?.cnyPerUnit;
  const made = vouchersOfSource(book, { kind: 'source-document', id: String(record.sourceDocumentId ?? 0) })
    .filter(({ reverses, reversedBy }) => reverses === undefined && reversedBy === undefined)
    .map((one) => voucherView(book, one.id));
  const lines = made.flatMap(({ postings }) => postings).filter(({ clearing }) => !clearing);
  const gain = lines
    .filter(({ account }) => account.startsWith('53010101') || account.startsWith('56030201'))
    .reduce((sum, { debitCny, creditCny }) => sum + fenIn(creditCny) - fenIn(debitCny), 0n);
  return {
    ...usdText(record.usdMinor),
    ...(rate === undefined ? {} : { rate }),
    ...(inForce === undefined ? {} : { rateInForce: inForce }),
    ...(twoSidedKinds.includes(record.kind) || gain !== 0n
      ? { gain: moneyText({ minor: gain, currency: 'CNY' }) }
      : {}),
    ...(declaring.declareBy === undefined ? {} : { declareBy: declaring.declareBy }),
    ...(declaring.largeCheck === undefined ? {} : { largeCheck: declaring.largeCheck }),
    codes,
    findings: findingsOf(book, record, declaring, codes),
    voucher: lines.map(({ account, nameZh, nameEn, currency, debit, credit, debitCny, creditCny, order }) => ({
      account,
      nameZh,
      nameEn,
      currency,
      debit,
      credit,
      debitCny,
      creditCny,
      ...(order === undefined ? {} : { orderNo: order.no }),
    })),
  };
}

const fenIn = (cny: string): bigint => (cny === '' ? 0n : parseScaled(cny.replaceAll(',', ''), 2));

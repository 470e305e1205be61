/** What changes regimes, matches and claims of export lines. Call each in a transaction of its own. */
import { endOfMonth, parseIsoDate } from '../../../shared/calendar/index.ts';
import { sourceDocumentInput } from '../../../shared/contract/accounting.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { associate } from '../../../shared/matching/association.ts';
import { comparableUnit } from '../../../shared/matching/names.ts';
import { type InvoiceLine, matchRefunds } from '../../../shared/matching/refund-matching.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { saveSourceDocument, voidSourceDocument } from '../store/source-documents.ts';
import {
  claimedLines,
  exportLinesBetween,
  isSold,
  lineLabel,
  openExportLines,
  refuseClaimed,
  requireExportLine,
  setClaim,
  setPreRefund,
  setRegime,
  type TaxLine,
} from '../store/worksheets/export-lines.ts';
import { storedTaxProfile } from '../store/worksheets/facts.ts';
import {
  claimDocument,
  claimReference,
  deleteMatch,
  type InvoiceStock,
  insertMatch,
  invoiceStock,
  matchesBetween,
  matchesOfLine,
  type NewMatch,
  requireInvoiceLine,
  requireMatch,
  type StoredMatch,
  setAssociation,
} from '../store/worksheets/refund-matches.ts';
import {
  exactDate,
  exportSide,
  invoiceSide,
  keptMatches,
  obstacleText,
  refundOf,
  shareOf,
  unitNames,
} from './matching.ts';
import { readPeriod } from './period.ts';
import { producerLines, producerMonth } from './refund.ts';
import { evidenceOf, routeLine } from './regime.ts';
import { Rules } from './rules.ts';
import { quantity, Sheet, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

export interface RouteCounts {
  refund: number;
  exempt: number;
  taxed: number;
  kept: number;
  undecided: number;
}

/**
 * Routes the period's lines by T05 and stores what it says; decided by a person or claimed, a line is kept as it stands.
 * @param only the lines without regime yet
 */
export function routePeriod(
  book: Book,
  resources: Resources,
  period: string,
  today: string,
  only: 'all' | 'new' = 'all',
): RouteCounts {
  const read = readPeriod(period);
  const context = { book, resources, rules: new Rules(resources, book), today, limit: 1 };
  const sheet = new Sheet('regime', read, context);
  const counts: RouteCounts = { refund: 0, exempt: 0, taxed: 0, kept: 0, undecided: 0 };
  const lines = exportLinesBetween(book, read.from, read.to);
  const evidence = evidenceOf(book, resources, lines);
  for (const line of lines) {
    if (line.regimeBy === 'person' || line.claimedPeriod !== null || (only === 'new' && line.regime !== null)) {
      counts.kept += 1;
      continue;
    }
    const { regime, reasons } = routeLine(sheet, line, evidence.get(line.id) ?? 'none');
    counts[regime ?? 'undecided'] += 1;
    setRegime(book, line.id, regime, 'router', regime === undefined ? '' : reasons.join(' '));
  }
  return counts;
}

export interface MatchingOutcome {
  readonly lines: number;
  readonly matched: number;
  readonly partly: number;
  readonly added: number;
  readonly removed: number;
  readonly refund: string;
  readonly unmatched: readonly {
    readonly exportLineId: number;
    readonly label: string;
    readonly quantity: string;
    readonly reason: string;
    readonly text: { readonly zh: string; readonly en: string };
  }[];
}

const keyOf = (match: NewMatch): string =>
  [
    match.exportLineId,
    match.invoiceLineId,
    match.qtyE5,
    match.amountFen,
    match.vatFen,
    match.refundFen,
    match.refundRate,
  ].join(' ');

/** An invoice line with what automatic matches give back to it. */
function returned(line: InvoiceStock, given: { qty: number; amount: number; vat: number } | undefined): InvoiceLine {
  return invoiceSide({
    ...line,
    leftQtyE5: line.leftQtyE5 + (given?.qty ?? 0),
    leftAmountFen: line.leftAmountFen + (given?.amount ?? 0),
    leftVatFen: line.leftVatFen + (given?.vat ?? 0),
  });
}

/**
 * Matches the open refund lines of a period with invoices; lines without regime are routed first. What an earlier run found
 * and this one finds again stays untouched, so that a second run writes nothing. Lines a person has matched are his.
 */
export function matchPeriod(
  book: Book,
  resources: Resources,
  period: string,
  today: string,
  now: string,
): MatchingOutcome {
  routePeriod(book, resources, period, today, 'new');
  const { from, to } = readPeriod(period);
  const lines = exportLinesBetween(book, from, to).filter(
    ({ regime, claimedPeriod, claimQtyE5 }) => regime === 'refund' && claimedPeriod === null && claimQtyE5 > 0,
  );
  const open = new Map(lines.map((line) => [line.id, line]));
  const before = matchesBetween(book, from, to).filter(({ exportLineId }) => open.has(exportLineId));
  const byHand = new Set(before.filter(({ byPerson }) => byPerson).map(({ exportLineId }) => exportLineId));
  const automatic = before.filter(({ exportLineId }) => !byHand.has(exportLineId));
  const given = new Map<number, { qty: number; amount: number; vat: number }>();
  for (const { invoiceLineId, qtyE5, amountFen, vatFen } of automatic) {
    const sum = given.get(invoiceLineId) ?? { qty: 0, amount: 0, vat: 0 };
    given.set(invoiceLineId, { qty: sum.qty + qtyE5, amount: sum.amount + amountFen, vat: sum.vat + vatFen });
  }
  const found = matchRefunds(
    lines.flatMap((line) =>
      byHand.has(line.id) || line.refundRate === undefined ? [] : [exportSide(line, line.refundRate)],
    ),
    invoiceStock(book).map((line) => returned(line, given.get(line.id))),
    { unitNames: unitNames(resources) },
  );
  const wanted = new Map(
    found.matches.map((match) => {
      const one: NewMatch = {
        exportLineId: Number(match.exportId),
        invoiceLineId: Number(match.invoiceLineId),
        qtyE5: Number(match.qtyE5),
        amountFen: Number(match.amountFen),
        vatFen: Number(match.vatFen),
        refundFen: Number(match.refundFen),
        refundRate: match.rate,
        byPerson: false,
      };
      return [keyOf(one), one];
    }),
  );
  const there = new Set(automatic.map(keyOf));
  const removed = automatic.filter((match) => !wanted.has(keyOf(match)));
  const added = [...wanted].filter(([key]) => !there.has(key)).map(([, match]) => match);
  for (const { id } of removed) deleteMatch(book, id);
  for (const match of added) insertMatch(book, match, now);

  const reasons = new Map(
    found.open.map(({ exportId, obstacles }) => [
      Number(exportId),
      obstacles.filter(({ code }) => code !== 'RECEIPT_MISSING'),
    ]),
  );
  const after = exportLinesBetween(book, from, to).filter(({ id }) => open.has(id));
  const refundFen = matchesBetween(book, from, to)
    .filter(({ exportLineId }) => open.has(exportLineId))
    .reduce((sum, one) => sum + one.refundFen, 0);
  return {
    lines: after.length,
    matched: after.filter(({ matchedQtyE5, claimQtyE5 }) => matchedQtyE5 >= claimQtyE5).length,
    partly: after.filter(({ matchedQtyE5, claimQtyE5 }) => matchedQtyE5 > 0 && matchedQtyE5 < claimQtyE5).length,
    added: added.length,
    removed: removed.length,
    refund: yuan(refundFen),
    unmatched: after
      .filter(({ matchedQtyE5, claimQtyE5 }) => matchedQtyE5 < claimQtyE5)
      .map((line) => ({
        exportLineId: line.id,
        label: lineLabel(line),
        quantity: quantity(line.claimQtyE5 - line.matchedQtyE5),
        ...unmatchedReason(line, byHand.has(line.id), reasons.get(line.id) ?? []),
      })),
  };
}

function unmatchedReason(line: TaxLine, byHand: boolean, obstacles: readonly Parameters<typeof obstacleText>[0][]) {
  if (line.refundRate === undefined)
    return { reason: 'REFUND_RATE_MISSING', text: sheetText('obstacle.REFUND_RATE_MISSING', { hs: line.hsCode }) };
  const [first] = obstacles;
  if (byHand || first === undefined) return { reason: 'BY_PERSON', text: sheetText('obstacle.BY_PERSON') };
  const texts = obstacles.map(obstacleText);
  return {
    reason: first.code,
    text: { zh: texts.map(({ zh }) => zh).join('；'), en: texts.map(({ en }) => en).join('; ') },
  };
}

/**
 * A match by a person's hand; automatic matches of the line give way to it. Refusals: `EXPORT_LINE_UNKNOWN`,
 * `EXPORT_LINE_CLAIMED`, `INVOICE_LINE_UNKNOWN`, `INVOICE_NO_REFUND` {number}, `REFUND_RATE_MISSING` {line, hs}, `REFUND_UNIT`
 * {line, unit, number, invoiceUnit}, `INVOICE_USED` {number, left, want}, `EXPORT_LINE_MATCHED` {line, left, want}.
 */
export function matchByHand(
  book: Book,
  resources: Resources,
  want: { readonly exportLineId: number; readonly invoiceLineId: number; readonly qtyE5: number },
  now: string,
): { readonly id: number; readonly refund: string } {
  const line = requireExportLine(book, want.exportLineId);
  refuseClaimed(line);
  for (const { id, byPerson, invoiceLineId } of matchesOfLine(book, line.id))
    if (!byPerson || invoiceLineId === want.invoiceLineId) deleteMatch(book, id);
  const { claimQtyE5, matchedQtyE5 } = requireExportLine(book, line.id);
  const invoice = requireInvoiceLine(book, want.invoiceLineId);
  const { number } = invoice;
  const refundable = invoice.kind === 'special' || invoice.kind === 'customs-payment';
  if (!refundable || invoice.state !== 'entered' || invoice.purpose === 'deduction' || invoice.qtyE5 <= 0)
    throw new PortbookError('INVOICE_NO_REFUND', { number }, 'invoiceLineId');
  if (line.refundRate === undefined)
    throw new PortbookError('REFUND_RATE_MISSING', { line: lineLabel(line), hs: line.hsCode }, 'exportLineId');
  const names = unitNames(resources);
  if (comparableUnit(line.unit, names) !== comparableUnit(invoice.unit, names))
    throw new PortbookError('REFUND_UNIT', {
      line: lineLabel(line),
      unit: names.get(line.unit) ?? line.unit,
      number,
      invoiceUnit: invoice.unit,
    });
  if (want.qtyE5 > invoice.leftQtyE5)
    throw new PortbookError(
      'INVOICE_USED',
      { number, left: quantity(invoice.leftQtyE5), want: quantity(want.qtyE5) },
      'quantity',
    );
  if (want.qtyE5 > claimQtyE5 - matchedQtyE5)
    throw new PortbookError(
      'EXPORT_LINE_MATCHED',
      { line: lineLabel(line), left: quantity(Math.max(0, claimQtyE5 - matchedQtyE5)), want: quantity(want.qtyE5) },
      'quantity',
    );
  const amountFen = shareOf(invoice.leftAmountFen, want.qtyE5, invoice.leftQtyE5);
  const vatFen = shareOf(invoice.leftVatFen, want.qtyE5, invoice.leftQtyE5);
  const { fen: refundFen, rate: refundRate } = refundOf(amountFen, vatFen, invoice.vatRate, line.refundRate);
  const id = insertMatch(book, { ...want, amountFen, vatFen, refundFen, refundRate, byPerson: true }, now);
  return { id, refund: yuan(refundFen) };
}

/** Takes a match back. Refusals: `REFUND_MATCH_UNKNOWN`, `EXPORT_LINE_CLAIMED`. @returns the label of the line */
export function removeMatch(book: Book, id: number): string {
  const match = requireMatch(book, id);
  const line = requireExportLine(book, match.exportLineId);
  refuseClaimed(line);
  deleteMatch(book, id);
  return lineLabel(line);
}

function lastDay(period: string): string {
  const first = parseIsoDate(`${period}-01`);
  if (first === undefined) throw new PortbookError('TAX_PERIOD', { period }, 'period');
  return endOfMonth(first);
}

/** Refusal: `CLAIM_BATCH_USED` {period, batch}. */
function refuseUsedBatch(book: Book, period: string, batch: string): void {
  if (claimedLines(book, period, batch).length > 0)
    throw new PortbookError('CLAIM_BATCH_USED', { period, batch }, 'batch');
}

/**
 * Refuses lines whose limit (T11) has run out on the day they are declared: `CLAIM_LIMIT_PASSED` {line, limit, date}.
 * @returns labels of lines declared after the normal time: their claim needs 《出口业务收汇情况表》
 */
function refuseLapsed(rules: Rules, lines: readonly TaxLine[], declaredOn: string): string[] {
  if (rules.off('T11') !== undefined) return [];
  return lines.flatMap((line) => {
    const { result } = rules.run('T11', { exportDate: line.exportDate, declaredOn });
    const limit = result['hardLimit'];
    if (typeof limit === 'string' && declaredOn > limit)
      throw new PortbookError('CLAIM_LIMIT_PASSED', { line: lineLabel(line), limit, date: declaredOn }, 'date');
    return result['receiptStatement'] === true ? [lineLabel(line)] : [];
  });
}

/** Takes off a line's matches what goods that came back leave over. */
function releaseReturned(book: Book, line: TaxLine, now: string): void {
  const matches = matchesOfLine(book, line.id);
  const kept = new Map(keptMatches(line, matches).map((match) => [match.id, match]));
  for (const match of matches) {
    const left = kept.get(match.id);
    if (left === match) continue;
    deleteMatch(book, match.id);
    if (left !== undefined) insertMatch(book, left, now);
  }
}

/**
 * Claims matched refund lines: association numbers, period and batch, the receivable in the ledger. Goods in a warehouse
 * abroad (9810) are claimed when sold, or before sale with `preRefund`, never both ways in one batch; what came back is not
 * claimed. A line with goods that a count did not find is claimed before sale only where `lines` names it. `receiptStatement`: lines whose claim, after the normal time, needs 《出口业务收汇情况表》. Refusals:
 * `REFUND_NOTHING`, `CLAIM_BATCH_USED`, `EXPORT_LINE_UNKNOWN`, `EXPORT_LINE_CLAIMED`, `REFUND_LINE_OPEN` {line, left},
 * `CLAIM_UNSOLD` {line}, `CLAIM_LIMIT_PASSED` {line, limit, date}, and those of the source document.
 */
export function claimRefund(
  book: Book,
  resources: Resources,
  claim: {
    readonly period: string;
    readonly batch: string;
    readonly date: string;
    readonly lines?: readonly number[] | undefined;
    readonly preRefund: boolean;
  },
  now: string,
) {
  const { period, batch, preRefund } = claim;
  refuseUsedBatch(book, period, batch);
  const until = lastDay(period);
  const fits = (line: TaxLine): boolean => (preRefund ? line.mode === '9810' && !isSold(line) : isSold(line));
  const lines =
    claim.lines === undefined
      ? openExportLines(book, until).filter(
          (line) =>
            line.regime === 'refund' &&
            line.claimQtyE5 > 0 &&
            line.matchedQtyE5 >= line.claimQtyE5 &&
            fits(line) &&
            !(preRefund && line.lostQtyE5 > 0),
        )
      : [...new Set(claim.lines)].map((id) => requireExportLine(book, id));
  for (const line of lines) {
    refuseClaimed(line);
    if (line.regime !== 'refund' || line.claimQtyE5 === 0 || line.exportDate > until)
      throw new PortbookError('REFUND_LINE_OPEN', { line: lineLabel(line), left: quantity(line.qtyE5) }, 'lines');
    if (line.matchedQtyE5 < line.claimQtyE5)
      throw new PortbookError(
        'REFUND_LINE_OPEN',
        { line: lineLabel(line), left: quantity(line.claimQtyE5 - line.matchedQtyE5) },
        'lines',
      );
    if (!fits(line)) throw new PortbookError('CLAIM_UNSOLD', { line: lineLabel(line) }, 'lines');
  }
  if (lines.length === 0) throw new PortbookError('REFUND_NOTHING', { period }, 'period');
  const receiptStatement = refuseLapsed(new Rules(resources, book), lines, claim.date);
  for (const line of lines) releaseReturned(book, line, now);

  const matches = new Map(lines.map((line) => [line.id, matchesOfLine(book, line.id)]));
  const all = [...matches.values()].flat();
  const prefix = `${period.replace('-', '')}${batch.padStart(3, '0')}`;
  for (const group of groupsOf(lines, all, prefix))
    for (const { exportId } of group.declared) setAssociation(book, Number(exportId), group.associationNo);
  setClaim(
    book,
    lines.map(({ id }) => id),
    { period, batch },
  );
  if (preRefund)
    for (const { id } of lines)
      setPreRefund(
        book,
        id,
        (matches.get(id) ?? []).reduce((sum, { refundFen }) => sum + refundFen, 0),
      );
  const refundFen = all.reduce((sum, one) => sum + one.refundFen, 0);
  const toCostFen = all.reduce((sum, one) => sum + one.vatFen - one.refundFen, 0);
  const document = sourceDocumentInput.parse({
    kind: 'refund-receivable',
    date: claim.date,
    reference: claimReference(period, batch),
    refund: yuan(refundFen),
    toCost: yuan(toCostFen),
    period,
  });
  const posted = saveSourceDocument(book, undefined, document, now);
  return {
    lines: lines.length,
    matches: all.length,
    refund: yuan(refundFen),
    toCost: yuan(toCostFen),
    documentId: posted.id,
    state: posted.state,
    receiptStatement,
  };
}

/**
 * Claims a producer's month: the refund lines exported in it, with refund and tax put to cost as its worksheet computes them,
 * without invoice matches, what came back before and goods certified 未退税. Refusals: `CLAIM_NOT_PRODUCER`, `CLAIM_INCOMPLETE` {period, missing}, `REFUND_NOTHING`,
 * `CLAIM_BATCH_USED`, `CLAIM_LIMIT_PASSED`, and those of the source document.
 */
export function claimProducer(
  book: Book,
  resources: Resources,
  claim: { readonly period: string; readonly batch: string; readonly date: string },
  today: string,
  now: string,
) {
  const { period, batch, date } = claim;
  refuseUsedBatch(book, period, batch);
  if (storedTaxProfile(book).profile.kind !== 'producer') throw new PortbookError('CLAIM_NOT_PRODUCER', {});
  const { from, to } = readPeriod(period);
  const lines = producerLines(book, from, to);
  if (lines.every(({ claimedPeriod }) => claimedPeriod !== null))
    throw new PortbookError('REFUND_NOTHING', { period }, 'period');
  // The month is computed as a whole, so that it is claimed as a whole, once.
  for (const line of lines) refuseClaimed(line);
  const rules = new Rules(resources, book);
  refuseLapsed(rules, lines, date);
  const context = { book, resources, rules, today, limit: 1 };
  const view = producerMonth({ context }, period);
  const figure = (id: string): string => view.results.find((one) => one.id === id)?.value ?? '';
  const [refund, toCost, exemptCredit] = [figure('refund'), figure('nonDeductible'), figure('exemptCredit')];
  if (refund === '' || toCost === '' || exemptCredit === '')
    throw new PortbookError(
      'CLAIM_INCOMPLETE',
      { period, missing: view.findings.filter(({ level }) => level === 'missing').length },
      'period',
    );
  setClaim(
    book,
    lines.map(({ id }) => id),
    { period, batch },
  );
  const claimed = { lines: lines.length, refund, toCost, exemptCredit };
  if (![refund, toCost].some((text) => /[1-9]/.test(text))) return claimed;
  const document = sourceDocumentInput.parse({
    kind: 'refund-receivable',
    date,
    reference: claimReference(period, batch),
    refund,
    toCost,
    period,
  });
  const posted = saveSourceDocument(book, undefined, document, now);
  return { ...claimed, documentId: posted.id, state: posted.state };
}

function groupsOf(lines: readonly TaxLine[], matches: readonly StoredMatch[], prefix: string) {
  const invoices = new Map(
    matches.map((match): [string, InvoiceLine] => [
      String(match.invoiceLineId),
      {
        id: String(match.invoiceLineId),
        invoiceNo: match.invoiceNumber,
        date: exactDate(match.invoiceDate),
        kind: match.invoiceKind === 'customs-payment' ? 'customs-payment' : 'special',
        supplier: match.supplier,
        nameCn: match.name,
        unit: match.unit,
        sku: null,
        qtyLeftE5: 0n,
        amountLeftFen: 0n,
        vatLeftFen: 0n,
        vatRate: match.vatRate,
      },
    ]),
  );
  const { groups } = associate(
    lines.map((line) => exportSide(line, line.refundRate ?? '0')),
    [...invoices.values()],
    matches.map((match) => ({
      exportId: String(match.exportLineId),
      invoiceLineId: String(match.invoiceLineId),
      qtyE5: BigInt(match.qtyE5),
      amountFen: BigInt(match.amountFen),
      vatFen: BigInt(match.vatFen),
      fobFen: 0n,
      rate: match.refundRate,
      refundFen: BigInt(match.refundFen),
    })),
    prefix,
  );
  return groups;
}

/** Takes a claim or an exempt declaration back. Refusal: `CLAIM_UNKNOWN` {period, batch}. @returns lines opened again */
export function unclaim(book: Book, period: string, batch: string, reason: string, now: string): number {
  const lines = claimedLines(book, period, batch);
  if (lines.length === 0) throw new PortbookError('CLAIM_UNKNOWN', { period, batch });
  const document = claimDocument(book, period, batch);
  if (document !== undefined) voidSourceDocument(book, document, reason, now);
  for (const { id } of lines) setAssociation(book, id, '');
  setClaim(
    book,
    lines.map(({ id }) => id),
    undefined,
  );
  return lines.length;
}

/**
 * Declares the exempt lines exported up to the end of a month as exempt in it, on a day. Refusals: `CLAIM_BATCH_USED`,
 * `REFUND_NOTHING`, `CLAIM_LIMIT_PASSED`, `EXPORT_LINE_UNRATED`.
 */
export function declareExempt(book: Book, resources: Resources, period: string, batch: string, date: string) {
  refuseUsedBatch(book, period, batch);
  const lines = openExportLines(book, lastDay(period)).filter(({ regime }) => regime === 'exempt');
  if (lines.length === 0) throw new PortbookError('REFUND_NOTHING', { period }, 'period');
  refuseLapsed(new Rules(resources, book), lines, date);
  const unrated = lines.find(({ fobFen }) => fobFen === null);
  if (unrated !== undefined)
    throw new PortbookError('EXPORT_LINE_UNRATED', { line: lineLabel(unrated), currency: unrated.currency });
  setClaim(
    book,
    lines.map(({ id }) => id),
    { period, batch },
  );
  return { lines: lines.length, exemptSales: yuan(lines.reduce((sum, { fobFen }) => sum + (fobFen ?? 0), 0)) };
}

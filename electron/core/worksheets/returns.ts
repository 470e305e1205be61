/** Exports that came back (出口退运): duty-free by T25 or not, what was refunded and must be repaid, the certificate asked for. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { type ExportReturn, exportReturn } from '../../../shared/contract/tax.ts';
import { divideRounded, parseScaled } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import type { CertificateKind } from '../../../shared/returns/certificate.ts';
import {
  customsReturnsPackId,
  customsReturnsPackSchema,
  isFoodCode,
} from '../../../shared/rules/customs-modes/returns.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { repaidBefore, standingCertificates } from '../store/return-certificates.ts';
import { exportLineByLabel, lineLabel, requireExportLine, type TaxLine } from '../store/worksheets/export-lines.ts';
import { listTaxFacts } from '../store/worksheets/facts.ts';
import { matchesOfLine } from '../store/worksheets/refund-matches.ts';
import { type ReturnSeen, returnsSeen } from '../store/worksheets/returns.ts';
import { lineCells, lineTarget } from './regime.ts';
import { ruleText } from './rules.ts';
import { figureOf, quantity, type Sheet, type SheetRow, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

/** Words of T25 for the reasons of a return. */
const reasonWords: Readonly<Record<ExportReturn['reason'], string>> = {
  unsold: '滞销',
  returned: '退货',
  other: '其他',
};

export interface StoredReturn {
  /** Month it was entered for, and the line's label: where the fact is found. */
  readonly period: string;
  readonly subject: string;
  readonly value: ExportReturn;
  /** The request for the certificate that tells of it; none: it was entered as a fact. */
  readonly certificateId?: number;
  /** The return that the request is for, where it names one. */
  readonly returnId?: number;
  /** What that request says of the refund since it was handed in; null: not handed in, the line says it. */
  readonly kind: CertificateKind | null;
}

/** The VAT of a line was claimed back. */
export const isRefunded = ({ regime, claimedPeriod }: Pick<TaxLine, 'regime' | 'claimedPeriod'>): boolean =>
  regime === 'refund' && claimedPeriod !== null;

/** The refund of what came back is repaid: as the request for its certificate says, before it is handed in as the line stands. */
export const isToRepay = (line: Pick<TaxLine, 'regime' | 'claimedPeriod'>, kind: CertificateKind | null): boolean =>
  kind === null ? isRefunded(line) : kind === 'repaid';

/**
 * What is known of returned exports, oldest month first: what was entered as facts, and the requests for the certificate. A request tells of
 * the same return as a fact of its line unless both have a day and the days differ; then its own days stand, and the fact's for what only it knows.
 */
export function storedReturns(book: Book): StoredReturn[] {
  const facts = listTaxFacts(book, { name: 'export-return' }).map(({ period, subject, value }) => ({
    period,
    subject,
    value: exportReturn.parse(JSON.parse(value)),
    kind: null,
  }));
  const told = new Set<StoredReturn>();
  const requested = standingCertificates(book).map((one): StoredReturn => {
    const subject = lineLabel(one);
    const fact = facts.find(
      (known) =>
        !told.has(known) &&
        known.subject === subject &&
        (known.value.returnedOn === undefined || one.returnedOn === null || known.value.returnedOn === one.returnedOn),
    );
    if (fact !== undefined) told.add(fact);
    const { certificateRequestedOn: _, certificateReceivedOn: __, ...known } = fact?.value ?? { reason: one.reason };
    return {
      period: fact?.period ?? (one.returnedOn ?? chinaDate(one.createdAt)).slice(0, 7),
      subject,
      value: {
        ...known,
        reason: one.reason,
        quantity: storedText(one.qtyE5),
        ...(one.returnedOn === null ? {} : { returnedOn: one.returnedOn }),
        ...(one.repaidOn === null ? {} : { repaidOn: one.repaidOn }),
        ...(one.handedOn === null ? {} : { certificateRequestedOn: one.handedOn }),
        ...(one.obtainedOn === null ? {} : { certificateReceivedOn: one.obtainedOn }),
      },
      certificateId: one.id,
      ...(one.returnId === null ? {} : { returnId: one.returnId }),
      kind: one.kind,
    };
  });
  return [...facts.filter((fact) => !told.has(fact)), ...requested].sort((a, b) =>
    a.period === b.period ? (a.subject < b.subject ? -1 : 1) : a.period < b.period ? -1 : 1,
  );
}

/**
 * What is known of a line's returns, told apart: of the very return that is judged, and of others. What names it is of it; else what is of its
 * day, else what has no day yet. Of another day is another return.
 */
export function tellReturnsApart(
  all: readonly StoredReturn[],
  { returnId, returnedOn }: { readonly returnId?: number | undefined; readonly returnedOn: string },
): { readonly own: readonly StoredReturn[]; readonly others: readonly StoredReturn[] } {
  const named = all.filter((one) => returnId !== undefined && one.returnId === returnId);
  const free = all.filter((one) => returnId === undefined || one.returnId === undefined);
  const ofDay = free.filter(({ value }) => value.returnedOn === returnedOn);
  const own =
    named.length > 0 ? named : ofDay.length > 0 ? ofDay : free.filter(({ value }) => value.returnedOn === undefined);
  return { own, others: all.filter((one) => !own.includes(one)) };
}

/** Whether goods of a commodity code are taken for food on a day, while nobody has said. */
export function isFoodByCode(resources: Resources, hsCode: string, date: string): boolean {
  const pack = customsReturnsPackSchema.parse(resources.json('rules', `${customsReturnsPackId}.json`));
  const parameters = packOn(pack, date)?.parameters;
  return parameters !== undefined && isFoodCode(parameters, hsCode);
}

/** What T25 asks of a return; one that is not back yet is judged as of the day given. `isFood`: what holds where nobody has said. */
export function returnInput(
  line: Pick<TaxLine, 'exportDate'> & { readonly mode: string },
  value: ExportReturn | undefined,
  asOf: string,
  refunded: boolean,
  isFood = false,
) {
  const food = value?.food ?? (isFood ? true : undefined);
  return {
    exportDate: line.exportDate,
    returnDate: [value?.returnedOn ?? asOf, line.exportDate].sort().at(-1) ?? asOf,
    mode: line.mode,
    reason: reasonWords[value?.reason ?? 'returned'],
    refunded,
    refundRepaid: value?.repaidOn !== undefined,
    certificate: value?.certificateReceivedOn !== undefined,
    ...(food === undefined ? {} : { food }),
    ...(value?.originalState === undefined ? {} : { originalState: value.originalState }),
    ...(value?.zoneExitOn === undefined ? {} : { zoneExitDate: value.zoneExitOn }),
    ...(value?.defect === undefined ? {} : { defect: value.defect }),
  };
}

/** What of a line was matched and claimed, scaled by 10^5; without matches what can be claimed. */
export const claimedQtyE5 = ({ matchedQtyE5, claimQtyE5 }: Pick<TaxLine, 'matchedQtyE5' | 'claimQtyE5'>): number =>
  matchedQtyE5 > 0 ? matchedQtyE5 : claimQtyE5;

/**
 * Fen of a line's refund that fall on what came back; undefined where no match says what was refunded. Parts add up to the refund: each is
 * the share, half-up, of all up to it less that of all before it.
 * @param beforeE5 what earlier requests say is repaid, scaled by 10^5
 */
export function repayable(book: Book, line: TaxLine, qtyE5: number, beforeE5 = 0): number | undefined {
  const matches = matchesOfLine(book, line.id);
  const refund = line.preRefundFen ?? matches.reduce((sum, { refundFen }) => sum + refundFen, 0);
  if (line.preRefundFen === null && matches.length === 0) return undefined;
  const wholeE5 = claimedQtyE5(line);
  if (wholeE5 <= 0) return 0;
  const upTo = (partE5: number): number =>
    Number(divideRounded(BigInt(refund) * BigInt(Math.min(partE5, wholeE5)), BigInt(wholeE5), 'halfUp'));
  return upTo(beforeE5 + qtyE5) - upTo(beforeE5);
}

/** What a return's own entries and requests say of so much of a line. */
export interface ToldOfReturn {
  /** The last entry, for what only a person knows of the goods. */
  readonly facts: ExportReturn | undefined;
  /** VAT of some of it was refunded. */
  readonly refunded: boolean;
  /** The last day of repayment; undefined while a part of it is not repaid. */
  readonly repaidOn: string | undefined;
  /** The last certificate; undefined while a part of it has none. */
  readonly certificateReceivedOn: string | undefined;
  /** Fen still to pay back; undefined: no match says what was refunded. */
  readonly repayFen: number | undefined;
}

/** Puts together what is told of one return, which several certificates of its line may share; what none of them covers stands as the line does. */
export function toldOfReturn(book: Book, line: TaxLine, own: readonly StoredReturn[], qtyE5: number): ToldOfReturn {
  let leftE5 = qtyE5;
  const parts = own.map(({ value, kind, certificateId }) => {
    const partE5 = Math.min(leftE5, value.quantity === undefined ? line.qtyE5 : Number(parseScaled(value.quantity, 5)));
    leftE5 -= partE5;
    return {
      partE5,
      beforeE5: certificateId === undefined ? 0 : repaidBefore(book, line.id, certificateId),
      refunded: isToRepay(line, kind),
      repaidOn: value.repaidOn,
      certificateReceivedOn: value.certificateReceivedOn,
    };
  });
  if (leftE5 > 0 || parts.length === 0)
    parts.push({
      ...{ partE5: leftE5, beforeE5: repaidBefore(book, line.id), refunded: isRefunded(line) },
      ...{ repaidOn: undefined, certificateReceivedOn: undefined },
    });
  const toRepay = parts.filter(({ refunded }) => refunded);
  const sums = toRepay.map(({ partE5, beforeE5, repaidOn }) =>
    repaidOn === undefined ? repayable(book, line, partE5, beforeE5) : 0,
  );
  return {
    facts: own.at(-1)?.value,
    refunded: toRepay.length > 0,
    repaidOn: lastOf(toRepay.map(({ repaidOn }) => repaidOn)),
    certificateReceivedOn: lastOf(parts.map(({ certificateReceivedOn }) => certificateReceivedOn)),
    repayFen: sums.reduce((sum, one) => (sum === undefined || one === undefined ? undefined : sum + one), 0),
  };
}

/** The last of the days; undefined where one is not known. */
const lastOf = (days: readonly (string | undefined)[]): string | undefined =>
  days.includes(undefined) ? undefined : [...days].sort().at(-1);

interface Item {
  readonly line: TaxLine;
  readonly stored: StoredReturn | undefined;
  readonly date: string;
  readonly qtyE5: number;
  readonly from: 'entered' | ReturnSeen['from'];
  readonly reason: ExportReturn['reason'] | undefined;
}

/** Returns of the period: those entered, and those that stock or sales show and nobody has entered. */
function itemsOf(sheet: Sheet): Item[] {
  const { book, period } = sheet;
  const all = storedReturns(book);
  const entered = new Set(all.map(({ subject }) => subject));
  const items = all.flatMap((stored): Item[] => {
    if (!period.months.includes(stored.period)) return [];
    const line = exportLineByLabel(book, stored.subject);
    if (line === undefined) {
      sheet.find(
        'missing',
        'returnLineUnknown',
        'T25',
        'export-return',
        { line: stored.subject },
        {
          target: {
            page: 'tax-fact',
            params: { name: 'export-return', period: stored.period, subject: stored.subject },
          },
        },
      );
      return [];
    }
    const { quantity: qty, returnedOn } = stored.value;
    const qtyE5 = qty === undefined ? line.qtyE5 : Number(parseScaled(qty, 5));
    return [{ line, stored, date: returnedOn ?? '', qtyE5, from: 'entered', reason: stored.value.reason }];
  });
  for (const seen of returnsSeen(book, period.from, period.to)) {
    const line = requireExportLine(book, seen.exportLineId);
    const subject = lineLabel(line);
    if (entered.has(subject)) continue;
    sheet.find(
      'missing',
      'returnFactMissing',
      'T25',
      'export-return',
      { line: subject, date: seen.date },
      { target: { page: 'tax-fact', params: { name: 'export-return', period: seen.date.slice(0, 7), subject } } },
    );
    const { date, from, reason } = seen;
    items.push({ line, stored: undefined, date, qtyE5: seen.qtyE5 ?? line.qtyE5, from, reason });
  }
  return items;
}

/** Returned exports of a period in the order in which 《出口货物已补税（未退税）证明》 asks for them (T25, T15). */
export function returnsSheet(sheet: Sheet): void {
  const { book, context } = sheet;
  if (!sheet.isOn('T25')) return;
  sheet.cite('T25');
  let repayFen = 0;
  const certificates: SheetRow[] = [];
  const rows = itemsOf(sheet).map((item, at): SheetRow => {
    const { line, stored, date, qtyE5, from, reason } = item;
    const label = lineLabel(line);
    const value = stored?.value;
    const refunded = isToRepay(line, stored?.kind ?? null);
    const beforeE5 = stored?.certificateId === undefined ? 0 : repaidBefore(book, line.id, stored.certificateId);
    const repay = refunded ? repayable(book, line, qtyE5, beforeE5) : 0;
    if (repay === undefined)
      sheet.find('missing', 'repayUnknown', 'T25', 'repay', { line: label }, { target: lineTarget(line) });
    const open = refunded && value?.repaidOn === undefined;
    if (open) {
      repayFen += repay ?? 0;
      sheet.find(
        'paper',
        'refundToRepay',
        'T25',
        'repay',
        { line: label, amount: yuan(repay ?? 0) },
        { target: lineTarget(line) },
      );
    }
    const known = value ?? (reason === undefined ? undefined : { reason });
    const day = date === '' ? context.today : date;
    const isFood = isFoodByCode(context.resources, line.hsCode, day);
    const run = sheet.run('T25', returnInput(line, known, day, refunded, isFood), label);
    const { reasons, eligible } = run.calculation.result;
    const codes = Array.isArray(reasons) ? reasons.map(String) : [];
    const fallback = figureOf(run.calculation, 'fallback');
    const state =
      value?.certificateReceivedOn !== undefined
        ? 'certificateReceived'
        : value?.certificateRequestedOn !== undefined
          ? 'certificateRequested'
          : 'certificateOpen';
    if (state === 'certificateOpen')
      sheet.find('paper', 'certificateOpen', 'T25', 'certificate', { line: label }, { target: lineTarget(line) });
    const target =
      stored === undefined || stored.certificateId !== undefined
        ? lineTarget(line)
        : {
            page: 'tax-fact' as const,
            params: { name: 'export-return', period: stored.period, subject: stored.subject },
          };
    certificates.push({
      key: `${at} ${label}`,
      cells: {
        sequence: String(at + 1).padStart(4, '0'),
        declarationItem: label,
        exportDate: line.exportDate,
        hsCode: line.hsCode,
        goods: line.name,
        unit: sheet.unit(line.unit),
        returnedQuantity: quantity(qtyE5),
        taxState: sheetText(refunded ? (open ? 'word.toRepay' : 'word.repaid') : 'word.notRefunded'),
        claimed: refunded ? `${line.claimedPeriod ?? ''}-${line.claimBatch ?? ''}` : undefined,
        repay: repay === undefined ? undefined : yuan(repay),
        repaidOn: value?.repaidOn,
        certificateRequestedOn: value?.certificateRequestedOn,
        certificateReceivedOn: value?.certificateReceivedOn,
        state: sheetText(`word.${state}`),
      },
      target,
      derivation: run.derivation,
    });
    return {
      key: `${at} ${label}`,
      cells: {
        ...lineCells(sheet, line),
        returnedQuantity: quantity(qtyE5),
        returnedOn: date === '' ? undefined : date,
        seenFrom: sheetText(`word.return-${from}`),
        returnReason: reason === undefined ? undefined : sheetText(`word.reason-${reason}`),
        lastDay: figureOf(run.calculation, 'lastDay'),
        dutyFree: sheetText(eligible === true ? 'word.yes' : 'word.no'),
        reasons: {
          zh: codes.map((code) => ruleText(`reason.${code}`, 'T25').zh).join('；'),
          en: codes.map((code) => ruleText(`reason.${code}`, 'T25').en).join('; '),
        },
        fallback: fallback === undefined ? undefined : ruleText(`reason.${fallback}`, 'T25'),
        fallbackLastDay: figureOf(run.calculation, 'fallbackLastDay'),
      },
      target,
      derivation: run.derivation,
    };
  });
  if (rows.length === 0) sheet.find('note', 'noReturns', 'T25', 'export-return', { period: sheet.period.key });
  sheet.result('toRepay', 'money', yuan(repayFen));
  sheet.section(
    'returnLines',
    [
      ['exportDate', 'date'],
      ['declarationNo', 'text'],
      ['lineNo', 'count'],
      ['mode', 'text'],
      ['goods', 'text'],
      ['unit', 'text'],
      ['quantity', 'quantity'],
      ['returnedQuantity', 'quantity'],
      ['returnedOn', 'date'],
      ['seenFrom', 'text'],
      ['returnReason', 'text'],
      ['lastDay', 'date'],
      ['dutyFree', 'text'],
      ['reasons', 'text'],
      ['fallback', 'text'],
      ['fallbackLastDay', 'date'],
    ],
    rows,
  );
  sheet.section(
    'certificates',
    [
      ['sequence', 'text'],
      ['declarationItem', 'text'],
      ['exportDate', 'date'],
      ['hsCode', 'text'],
      ['goods', 'text'],
      ['unit', 'text'],
      ['returnedQuantity', 'quantity'],
      ['taxState', 'text'],
      ['claimed', 'text'],
      ['repay', 'money', 'sum'],
      ['repaidOn', 'date'],
      ['certificateRequestedOn', 'date'],
      ['certificateReceivedOn', 'date'],
      ['state', 'text'],
    ],
    certificates,
  );
  if (rows.length > 0) sheet.find('note', 'formOrder', 'T25', 'form');
}

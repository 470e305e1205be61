/** Which way each export line goes: refund, exempt, taxed (T05), with the exemption without voucher (T04). */
import { addMonths, endOfMonth, monthOf, parseIsoDate, startOfMonth } from '../../../shared/calendar/index.ts';
import type { TaxProfile } from '../../../shared/contract/tax.ts';
import { matchRefunds } from '../../../shared/matching/refund-matching.ts';
import { deadlinesPack, dueDate } from '../../../shared/rules/deadlines/index.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { packOn } from '../../../shared/rules/pack.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { workCalendar } from '../store/calendar.ts';
import { rateBases } from '../store/rates.ts';
import {
  exportLinesBetween,
  lineLabel,
  type OverriddenRate,
  type Regime,
  type TaxLine,
} from '../store/worksheets/export-lines.ts';
import { claimDate, invoiceStock, matchesBetween } from '../store/worksheets/refund-matches.ts';
import { articlesOf, exactDate, invoiceSide, unitNames } from './matching.ts';
import { ruleText } from './rules.ts';
import { figureOf, quantity, type Sheet, type SheetRow, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

export type Evidence = 'specialInvoice' | 'customsPayment' | 'ordinaryInvoice' | 'none';

/**
 * What papers stand behind each line: of matched lines their invoices; of the others what an allocation of all invoices left,
 * oldest first, would give them. So a hundred invoiced pieces never cover a thousand exported ones.
 */
export function evidenceOf(book: Book, resources: Resources, lines: readonly TaxLine[]): ReadonlyMap<number, Evidence> {
  const evidence = new Map<number, Evidence>();
  const [first, last] = [lines[0]?.exportDate, lines.at(-1)?.exportDate];
  if (first === undefined || last === undefined) return evidence;
  const paper = (kind: string | undefined): Evidence =>
    kind === 'customs-payment' ? 'customsPayment' : 'specialInvoice';
  for (const match of matchesBetween(book, first, last)) evidence.set(match.exportLineId, paper(match.invoiceKind));
  const stock = invoiceStock(book);
  const kinds = new Map(stock.map(({ id, kind }) => [String(id), kind]));
  const { matches, open } = matchRefunds(
    lines
      .filter(({ id }) => !evidence.has(id))
      .map((line) => ({
        id: String(line.id),
        exportDate: exactDate(line.exportDate),
        declarationNo: line.declarationNo,
        sku: line.sku,
        parts: articlesOf(line),
        hs: line.hsCode,
        nameCn: line.name,
        unit: line.unit,
        qtyE5: BigInt(line.qtyE5),
        fobFen: BigInt(line.fobFen ?? 0),
        // Only who gets which invoice counts here.
        refundRate: '0',
        receiptState: 'received' as const,
      })),
    stock.map(invoiceSide),
    { unitNames: unitNames(resources) },
  );
  for (const { exportId, invoiceLineId } of matches) evidence.set(Number(exportId), paper(kinds.get(invoiceLineId)));
  for (const { exportId, matchedE5, obstacles } of open)
    if (matchedE5 === 0n && obstacles.some(({ code }) => code === 'ONLY_ORDINARY'))
      evidence.set(Number(exportId), 'ordinaryInvoice');
  return new Map(lines.map(({ id }) => [id, evidence.get(id) ?? 'none']));
}

/**
 * The seller's kind of T05; undefined while the profile does not say, or of a cooperative's goods nobody knows whether its
 * members have grown them (财税〔2008〕81号): then a finding says so.
 */
function sellerKind(sheet: Sheet, line: TaxLine): 'trading' | 'producer' | 'small' | 'farmer' | undefined {
  const [taxpayer, kind] = [sheet.required('taxpayer', 'T05'), sheet.required('kind', 'T05')];
  if (taxpayer === undefined || kind === undefined) return undefined;
  if (kind === 'cooperative' && line.ownGrown === undefined) {
    missingOfProduct(sheet, 'ownGrownUnknown', 'isOwnGrown', line, 'T05');
    return undefined;
  }
  if (kind === 'cooperative' && line.ownGrown === true) return 'farmer';
  if (taxpayer === 'small') return 'small';
  return kind === 'producer' ? 'producer' : 'trading';
}

/** Notes a fact of the goods that nobody has said. */
function missingOfProduct(
  sheet: Sheet,
  code: 'listUnknown' | 'ownGrownUnknown',
  field: string,
  line: TaxLine,
  rule: string,
): void {
  const target =
    line.sku === null
      ? { page: 'tariff' as const, params: { hs: line.hsCode } }
      : { page: 'product' as const, params: { sku: line.sku } };
  sheet.find('missing', code, rule, field, { sku: line.sku ?? line.name }, { target });
}

/** What must be logged of a sale is there when the line has it. */
const loggedFields = ['exportDate', 'goodsName', 'unit', 'quantity', 'unitPrice', 'amount'] as const;

/** The facts of T04 of a line, or the names of those not known. */
export function exemptionFacts(profile: TaxProfile, line: TaxLine, evidence: Evidence) {
  const { zoneRegistered, zoneLogged, zoneDeclared } = profile;
  const { cancelledList } = line;
  const unknown = Object.entries({ zoneRegistered, zoneLogged, zoneDeclared, cancelledList })
    .filter(([, value]) => value === undefined)
    .map(([name]) => name);
  if (
    zoneRegistered === undefined ||
    zoneLogged === undefined ||
    zoneDeclared === undefined ||
    cancelledList === undefined
  )
    return { unknown, facts: undefined };
  return {
    unknown,
    facts: {
      mode: line.mode,
      zoneRegistered,
      logged: zoneLogged ? loggedFields : [],
      zoneDeclared,
      cancelledList,
      hasVoucher: evidence !== 'none',
    },
  };
}

/** Notes what T04 needs and nobody has said. */
function noteUnknown(sheet: Sheet, line: TaxLine, unknown: readonly string[]): void {
  for (const name of unknown) {
    if (name === 'cancelledList') missingOfProduct(sheet, 'listUnknown', 'isOnNoRefundList', line, 'T04');
    else if (name === 'zoneRegistered' || name === 'zoneLogged' || name === 'zoneDeclared') sheet.required(name, 'T04');
  }
}

export interface Routed {
  /** Undefined: facts are missing, which the findings name. */
  readonly regime: Regime | undefined;
  readonly reasons: readonly string[];
  readonly pending: readonly string[];
  readonly derivation: number | undefined;
}

const regimeOf: Readonly<Record<string, Regime>> = {
  REFUND: 'refund',
  EXEMPT_CREDIT_REFUND: 'refund',
  EXEMPT: 'exempt',
  TAXED: 'taxed',
};

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** The router on a line, as of a day. */
export function routeLine(sheet: Sheet, line: TaxLine, evidence: Evidence): Routed {
  const undecided: Routed = { regime: undefined, reasons: [], pending: [], derivation: undefined };
  const { profile, context } = sheet;
  const seller = sellerKind(sheet, line);
  if (seller === undefined) return undecided;
  // A refund rate of nought may be that of goods on the list, which every seller pays for: only a person knows.
  if (line.cancelledList === undefined) {
    missingOfProduct(sheet, 'listUnknown', 'isOnNoRefundList', line, 'T05');
    return undecided;
  }
  const exemption = exemptionFacts(profile, line, evidence);
  const needsExemption = seller === 'trading' && evidence === 'none';
  if (needsExemption && exemption.facts === undefined) {
    noteUnknown(sheet, line, exemption.unknown);
    return undecided;
  }
  const declaredOn = declarationDate(sheet.book, line);
  const { calculation, derivation } = sheet.run(
    'T05',
    {
      sellerKind: seller,
      exportDate: line.exportDate,
      evidence,
      cancelledList: line.cancelledList,
      domesticallyExempt: line.ownGrown,
      ...(line.selfProduced === undefined ? {} : { selfProduced: line.selfProduced }),
      ...(declaredOn === undefined ? { asOf: context.today } : { declaredOn }),
      ...(profile.waiver === undefined ? {} : { waiver: profile.waiver.of, waivedFrom: profile.waiver.from }),
      receiptCollected: line.receivedOn !== null || line.deemedReceived !== null,
      ...(needsExemption ? { zoneExemption: exemption.facts } : {}),
    },
    lineLabel(line),
  );
  const { reasons, pending } = calculation.result;
  return {
    regime: regimeOf[figureOf(calculation, 'regime') ?? ''],
    reasons: texts(reasons),
    pending: texts(pending),
    derivation,
  };
}

/** The day a line was declared: that of its claim, else the end of the month it was declared in; undefined: not yet. */
export function declarationDate(book: Book, line: TaxLine): string | undefined {
  if (line.claimedPeriod === null) return undefined;
  const first = parseIsoDate(`${line.claimedPeriod}-01`);
  return claimDate(book, line.claimedPeriod, line.claimBatch ?? '') ?? (first && endOfMonth(first));
}

const lineColumns = [
  ['exportDate', 'date'],
  ['declarationNo', 'text'],
  ['lineNo', 'count'],
  ['mode', 'text'],
  ['hsCode', 'text'],
  ['goods', 'text'],
  ['unit', 'text'],
  ['quantity', 'quantity'],
] as const;

/** Cells of an export line that every table of lines begins with. */
export function lineCells(sheet: Sheet, line: TaxLine) {
  return {
    exportDate: line.exportDate,
    declarationNo: line.declarationNo,
    lineNo: String(line.lineNo),
    mode: line.mode,
    hsCode: line.hsCode,
    goods: line.name,
    unit: sheet.unit(line.unit),
    quantity: quantity(line.qtyE5),
    fobCny: line.fobFen === null ? undefined : yuan(line.fobFen),
  };
}

export const lineTarget = (line: TaxLine) => ({ page: 'export-line' as const, params: { id: String(line.id) } });

/** Notes that the firm has never chosen the day whose rate converts its sales, where one in a foreign currency was converted. */
export function noteRateBasis(sheet: Sheet, line: TaxLine): void {
  if (line.currency === 'CNY' || rateBases(sheet.book).some(({ from }) => from <= line.exportDate)) return;
  const target = { page: 'rates' as const, params: { currency: line.currency, date: line.exportDate } };
  sheet.find('warning', 'rateBasisUnchosen', 'T12', 'rateBasis', {}, { target });
}

/** Notes where a product's own rate, which knows no dates, stands before another of the tariff on the export date. */
export function noteOverride(sheet: Sheet, line: TaxLine, rule: string, ...rates: readonly OverriddenRate[]): void {
  for (const { rate, own, tariff } of line.overridden)
    if (rates.includes(rate))
      sheet.find(
        'warning',
        'rateOverridden',
        rule,
        rate,
        { sku: line.sku ?? '', own, tariff, hs: line.hsCode, date: line.exportDate },
        {
          words: { rate: sheetText(rate === 'exportDutyRate' ? 'label.dutyRate' : `label.${rate}`) },
          target: { page: 'product', params: { sku: line.sku ?? '' } },
        },
      );
}

/** FOB in yuan; one that waits for a rate is noted as missing. */
export function knownFob(sheet: Sheet, line: TaxLine, rule: string): number | undefined {
  noteRateBasis(sheet, line);
  if (line.fobFen !== null) return line.fobFen;
  sheet.find(
    'missing',
    'fobUnrated',
    rule,
    'fob',
    { line: lineLabel(line) },
    {
      target: { page: 'rates', params: { currency: line.currency, date: line.exportDate } },
    },
  );
  return undefined;
}

const words = (codes: readonly string[], calculator: string) => {
  const found = codes.map((code) => ruleText(`reason.${code}`, calculator));
  return { zh: found.map(({ zh }) => zh).join('；'), en: found.map(({ en }) => en).join('; ') };
};

/** The router by export line with its reasons, beside what stands in the book and who decided it. */
export function regimeSheet(sheet: Sheet): void {
  const { book, period, context } = sheet;
  if (!sheet.isOn('T05')) return;
  sheet.cite('T05');
  const lines = exportLinesBetween(book, period.from, period.to);
  const evidence = evidenceOf(book, context.resources, lines);
  const counts = new Map<string, { lines: number; fen: number }>();
  const rows = lines.map((line): SheetRow => {
    const routed = routeLine(sheet, line, evidence.get(line.id) ?? 'none');
    const decided = line.regimeBy === 'person' ? (line.regime ?? undefined) : routed.regime;
    const key = decided ?? 'undecided';
    const before = counts.get(key) ?? { lines: 0, fen: 0 };
    counts.set(key, { lines: before.lines + 1, fen: before.fen + (knownFob(sheet, line, 'T05') ?? 0) });
    if (line.regimeBy === 'person' && routed.regime !== undefined && routed.regime !== line.regime)
      sheet.find(
        'warning',
        'regimeByPerson',
        'T05',
        'regime',
        { line: lineLabel(line), reason: line.regimeReason },
        {
          target: lineTarget(line),
        },
      );
    else if (
      line.regimeBy === 'router' &&
      line.regime !== null &&
      line.regime !== routed.regime &&
      routed.regime !== undefined
    )
      sheet.find('warning', 'regimeStale', 'T05', 'regime', { line: lineLabel(line) }, { target: lineTarget(line) });
    return {
      key: String(line.id),
      cells: {
        ...lineCells(sheet, line),
        evidence: sheetText(`word.${evidence.get(line.id) ?? 'none'}`),
        byRouter: routed.regime === undefined ? sheetText('word.undecided') : sheetText(`word.${routed.regime}`),
        reasons: words(routed.reasons, 'T05'),
        pending: words(routed.pending, 'T05'),
        regime: line.regime === null ? undefined : sheetText(`word.${line.regime}`),
        decidedBy: line.regime === null ? undefined : sheetText(`word.by-${line.regimeBy}`),
        decisionReason: line.regimeBy === 'person' ? line.regimeReason : undefined,
        claimed: line.claimedPeriod === null ? undefined : `${line.claimedPeriod}-${line.claimBatch ?? ''}`,
      },
      target: lineTarget(line),
      derivation: routed.derivation,
    };
  });
  sheet.section(
    'byRegime',
    [
      ['regime', 'text'],
      ['lines', 'count', 'sum'],
      ['fobCny', 'money', 'sum'],
    ],
    [...counts].sort().map(([regime, one]) => ({
      key: regime,
      cells: { regime: sheetText(`word.${regime}`), lines: String(one.lines), fobCny: yuan(one.fen) },
    })),
  );
  for (const regime of ['refund', 'exempt', 'taxed', 'undecided'])
    sheet.result(`lines-${regime}`, 'count', String(counts.get(regime)?.lines ?? 0));
  sheet.section(
    'regimeLines',
    [
      ...lineColumns,
      ['fobCny', 'money', 'sum'],
      ['evidence', 'text'],
      ['byRouter', 'text'],
      ['reasons', 'text'],
      ['pending', 'text'],
      ['regime', 'text'],
      ['decidedBy', 'text'],
      ['decisionReason', 'text'],
      ['claimed', 'text'],
    ],
    rows,
  );
}

/** Conditions of T04 by the code that says one is not met. */
const conditions = {
  zoneRegistered: 'NOT_IN_ZONE',
  salesLogged: 'NOT_LOGGED',
  retailExport: 'NOT_RETAIL',
  zoneDeclared: 'NOT_ZONE_CUSTOMS',
  noVoucher: 'HAS_VOUCHER',
  notCancelled: 'CANCELLED_LIST',
} as const;

/** Register of exemption without voucher (无票免税登记): every such line with its conditions, and the exempt sales of a month. */
export function exemptRegisterSheet(sheet: Sheet): void {
  const { book, period, context, profile } = sheet;
  if (!sheet.isOn('T04')) return;
  sheet.cite('T04');
  const all = exportLinesBetween(book, period.from, period.to);
  const evidence = evidenceOf(book, context.resources, all);
  // Who has a paper goes another way; a person's decision for exemption brings a line here all the same.
  const lines = all.filter(
    (line) => line.regime === 'exempt' || (line.regime === null && evidence.get(line.id) === 'none'),
  );
  const months = new Map<string, { lines: number; fen: number }>();
  const yes = sheetText('word.yes');
  const no = sheetText('word.no');
  const rows = lines.map((line): SheetRow => {
    const fob = knownFob(sheet, line, 'T04');
    const paper = evidence.get(line.id) ?? 'none';
    const { facts, unknown } = exemptionFacts(profile, line, paper);
    noteUnknown(sheet, line, unknown);
    const cells = {
      ...lineCells(sheet, line),
      orderNo: line.orderNo ?? undefined,
      unitPrice: fob === undefined ? undefined : new Num(fob).times(1000).div(line.qtyE5).toFixed(5),
      country: line.country ?? undefined,
      claimed: line.claimedPeriod ?? undefined,
    };
    if (facts === undefined)
      return {
        key: String(line.id),
        cells: { ...cells, status: sheetText('word.undecided') },
        target: lineTarget(line),
      };
    const { calculation, derivation } = sheet.run('T04', { exportDate: line.exportDate, ...facts }, lineLabel(line));
    const missing = texts(calculation.result['missing']);
    const eligible = calculation.result['status'] === 'ELIGIBLE';
    if (eligible) {
      const month = line.exportDate.slice(0, 7);
      const before = months.get(month) ?? { lines: 0, fen: 0 };
      months.set(month, { lines: before.lines + 1, fen: before.fen + (fob ?? 0) });
    } else
      sheet.find(
        'warning',
        'exemptionFails',
        'T04',
        'conditions',
        { line: lineLabel(line) },
        {
          words: { missing: words(missing, 'T04') },
          target: lineTarget(line),
        },
      );
    return {
      key: String(line.id),
      cells: {
        ...cells,
        ...Object.fromEntries(
          Object.entries(conditions).map(([name, code]) => [name, missing.includes(code) ? no : yes]),
        ),
        status: sheetText(eligible ? 'word.eligible' : 'word.notEligible'),
        exemptSales: eligible && fob !== undefined ? yuan(fob) : undefined,
      },
      target: lineTarget(line),
      derivation,
    };
  });
  sheet.result('exemptSales', 'money', yuan([...months.values()].reduce((sum, { fen }) => sum + fen, 0)));
  sheet.section(
    'exemptByMonth',
    [
      ['month', 'text'],
      ['lines', 'count', 'sum'],
      ['exemptSales', 'money', 'sum'],
    ],
    [...months].sort().map(([month, one]) => ({
      key: month,
      cells: { month, lines: String(one.lines), exemptSales: yuan(one.fen) },
    })),
  );
  sheet.section(
    'exemptLines',
    [
      ...lineColumns,
      ['unitPrice', 'money'],
      ['fobCny', 'money', 'sum'],
      ['country', 'text'],
      ['orderNo', 'text'],
      ...Object.keys(conditions).map((name) => [name, 'text'] as const),
      ['status', 'text'],
      ['exemptSales', 'money', 'sum'],
      ['claimed', 'text'],
    ],
    rows,
  );
  const undeclared = lines.filter(({ claimedPeriod, regime }) => claimedPeriod === null && regime === 'exempt').length;
  if (undeclared > 0) sheet.find('warning', 'exemptUndeclared', 'T04', 'claimedPeriod', { count: undeclared });
}

/**
 * Lines taxed as sold at home (T09) whose tax event lies in the period: why, output VAT, and what lateness may cost. Those that
 * lapsed before it and that nobody has routed since stand apart: their tax belongs to the period of their event.
 * @param open lines exported up to the end of the period that were neither claimed nor declared
 */
export function deemedDomesticSheet(sheet: Sheet, open: readonly TaxLine[]): void {
  const { period, profile, context } = sheet;
  if (!sheet.isOn('T09') || !sheet.isOn('T11')) return;
  sheet.cite('T09');
  const taxpayer = sheet.required('taxpayer', 'T09');
  const events = open.flatMap((line) => {
    const event = taxEventOf(sheet, line);
    return event === undefined || event > period.to ? [] : [{ line, event }];
  });
  let tax: Num | undefined = new Num(0);
  const rows = events
    .filter(({ event }) => event >= period.from)
    .map(({ line, event }): SheetRow => {
      const fob = knownFob(sheet, line, 'T09');
      const rate = taxpayer === 'small' ? undefined : (line.vatRate ?? profile.domesticVatRate);
      if (taxpayer === 'general') noteOverride(sheet, line, 'T09', 'vatRate');
      if (rate === undefined && taxpayer === 'general')
        sheet.find(
          'missing',
          'vatRateMissing',
          'T09',
          'vatRate',
          { line: lineLabel(line), hs: line.hsCode },
          {
            target: { page: 'tariff', params: { hs: line.hsCode } },
          },
        );
      const fileBy = taxpayer === undefined ? undefined : filingDay(sheet, event, taxpayer);
      const late = fileBy !== undefined && fileBy < context.today ? { dueOn: fileBy, paidOn: context.today } : {};
      const run =
        taxpayer === undefined || fob === undefined || (rate === undefined && taxpayer === 'general')
          ? undefined
          : sheet.run(
              'T09',
              {
                taxpayer,
                fobCny: yuan(fob),
                ...(rate === undefined ? { taxEvent: event } : { rate }),
                domesticallyExempt: line.ownGrown,
                ...late,
              },
              lineLabel(line),
            );
      const vat = run && (figureOf(run.calculation, 'vatPayable') ?? figureOf(run.calculation, 'outputVat'));
      tax = vat === undefined ? undefined : tax?.plus(vat);
      if (run !== undefined && fileBy !== undefined && fileBy < context.today)
        sheet.find('note', 'lateFeeEstimate', 'T09', 'lateFee', { today: context.today });
      return {
        key: String(line.id),
        cells: {
          ...lineCells(sheet, line),
          reasons:
            line.regime !== 'taxed'
              ? ruleText('reason.NOT_DECLARED_WITHIN_LIMIT', 'T05')
              : line.regimeBy === 'person'
                ? line.regimeReason
                : words(
                    line.regimeReason.split(' ').filter((code) => code !== ''),
                    'T05',
                  ),
          taxEvent: event,
          fileBy,
          vatRate: rate ?? (run && figureOf(run.calculation, 'rate')),
          outputVat: vat,
          lateFee: run && figureOf(run.calculation, 'lateFee'),
        },
        target: lineTarget(line),
        derivation: run?.derivation,
      };
    });
  sheet.result('outputVat', 'money', tax?.toFixed(2));
  if (taxpayer === 'general' && rows.length > 0) sheet.find('note', 'outputOnly', 'T09', 'outputVat');
  sheet.section(
    'deemedLines',
    [
      ...lineColumns,
      ['fobCny', 'money', 'sum'],
      ['reasons', 'text'],
      ['taxEvent', 'date'],
      ['fileBy', 'date'],
      ['vatRate', 'ratio'],
      ['outputVat', 'money', 'sum'],
      ['lateFee', 'money', 'sum'],
    ],
    rows,
  );
  const before = events.filter(({ line, event }) => event < period.from && line.regime !== 'taxed');
  if (before.length === 0) return;
  sheet.find('warning', 'lapsedBefore', 'T11', 'taxEvent', { count: before.length });
  sheet.section(
    'lapsedBefore',
    [...lineColumns, ['fobCny', 'money'], ['taxEvent', 'date']],
    before.map(({ line, event }) => ({
      key: String(line.id),
      cells: { ...lineCells(sheet, line), taxEvent: event },
      target: lineTarget(line),
    })),
  );
}

/**
 * Last day of the VAT return in which a sale of a day stands, of the deadlines' own rule: by month, of a small-scale taxpayer
 * by quarter. From the next day on the late fee (滞纳金) runs. Undefined: the rule knows no day.
 */
function filingDay(sheet: Sheet, event: string, taxpayer: 'general' | 'small'): string | undefined {
  const { book, context } = sheet;
  const date = parseIsoDate(event);
  if (date === undefined) return undefined;
  const months = taxpayer === 'small' ? (3 - (monthOf(date) % 3)) % 3 : 0;
  const end = endOfMonth(addMonths(startOfMonth(date), months));
  const figures = packOn(deadlinesPack.parse(context.rules.pack('deadlines')), end)?.parameters;
  const rule = figures?.rules.find(({ id }) => id === 'vatFiling');
  if (figures === undefined || rule === undefined) return undefined;
  return dueDate(rule, { date: end }, figures, workCalendar(book, context.resources)).date;
}

/**
 * The day an undeclared line counts as sold at home: of one that is taxed for another reason its export, else the day after its
 * limit. Undefined: it has no limit.
 */
function taxEventOf(sheet: Sheet, line: TaxLine): string | undefined {
  if (line.regime === 'taxed' && !line.regimeReason.split(' ').includes('NOT_DECLARED_WITHIN_LIMIT'))
    return line.exportDate;
  return figureOf(sheet.context.rules.run('T11', { exportDate: line.exportDate }), 'deemedDomesticSaleDate');
}

/** Which way each export line goes: refund, exempt, taxed (T05), with the exemption without voucher (T04). */
import { endOfMonth, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { TaxProfile } from '../../../shared/contract/tax.ts';
import { matchRefunds } from '../../../shared/matching/refund-matching.ts';
import { Num } from '../../../shared/rules/figures.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { exportLinesBetween, lineLabel, type Regime, type TaxLine } from '../store/worksheets/export-lines.ts';
import { invoiceStock, matchesBetween } from '../store/worksheets/refund-matches.ts';
import { exactDate, invoiceSide, unitNames } from './matching.ts';
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

/** The seller's kind of T05; undefined while the profile does not say. */
function sellerKind(profile: TaxProfile): 'trading' | 'producer' | 'small' | 'farmer' | undefined {
  const { taxpayer, kind } = profile;
  if (taxpayer === undefined || kind === undefined) return undefined;
  if (kind === 'cooperative') return 'farmer';
  if (taxpayer === 'small') return 'small';
  return kind === 'producer' ? 'producer' : 'trading';
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
    if (name === 'cancelledList')
      sheet.find(
        'missing',
        'listUnknown',
        'T04',
        'isOnNoRefundList',
        { sku: line.sku ?? line.name },
        {
          target: { page: 'product', params: { sku: line.sku ?? '' } },
        },
      );
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
  const seller = sellerKind(profile);
  if (seller === undefined) {
    sheet.required('taxpayer', 'T05');
    sheet.required('kind', 'T05');
    return undecided;
  }
  const exemption = exemptionFacts(profile, line, evidence);
  const needsExemption = seller === 'trading' && evidence === 'none';
  if (needsExemption && exemption.facts === undefined) {
    noteUnknown(sheet, line, exemption.unknown);
    return undecided;
  }
  const declared = line.claimedPeriod === null ? undefined : parseIsoDate(`${line.claimedPeriod}-01`);
  const { calculation, derivation } = sheet.run(
    'T05',
    {
      sellerKind: seller,
      exportDate: line.exportDate,
      evidence,
      cancelledList: line.cancelledList,
      domesticallyExempt: line.ownGrown,
      ...(declared === undefined ? { asOf: context.today } : { declaredOn: endOfMonth(declared) }),
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
export function lineCells(line: TaxLine) {
  return {
    exportDate: line.exportDate,
    declarationNo: line.declarationNo,
    lineNo: String(line.lineNo),
    mode: line.mode,
    hsCode: line.hsCode,
    goods: line.name,
    unit: line.unit,
    quantity: quantity(line.qtyE5),
    fobCny: line.fobFen === null ? undefined : yuan(line.fobFen),
  };
}

export const lineTarget = (line: TaxLine) => ({ page: 'export-line' as const, params: { id: String(line.id) } });

/** FOB in yuan; one that waits for a rate is noted as missing. */
export function knownFob(sheet: Sheet, line: TaxLine, rule: string): number | undefined {
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
        ...lineCells(line),
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
      ...lineCells(line),
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

/** Lines taxed as sold at home (T09): why, the tax event, output VAT, and what lateness may cost. */
export function deemedDomesticSheet(sheet: Sheet, open: readonly TaxLine[]): void {
  const { book, period, profile, context } = sheet;
  if (!sheet.isOn('T09') || !sheet.isOn('T11')) return;
  sheet.cite('T09');
  const taxpayer = sheet.required('taxpayer', 'T09');
  const lines = exportLinesBetween(book, period.from, period.to).filter(({ regime }) => regime === 'taxed');
  const known = new Set(lines.map(({ id }) => id));
  // Those never declared whose limit ran out within the period or before.
  const lapsed = open.filter(
    (line) => !known.has(line.id) && line.regime !== 'taxed' && lapsedOn(sheet, line) !== undefined,
  );
  let tax: Num | undefined = new Num(0);
  const rows = [...lines, ...lapsed].map((line): SheetRow => {
    const fob = knownFob(sheet, line, 'T09');
    const event = lapsedOn(sheet, line);
    const rate = line.vatRate ?? profile.domesticVatRate;
    if (rate === undefined)
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
    const late = event !== undefined && event < context.today ? { dueOn: event, paidOn: context.today } : {};
    const run =
      taxpayer === undefined || fob === undefined || rate === undefined
        ? undefined
        : sheet.run(
            'T09',
            { taxpayer, fobCny: yuan(fob), rate, domesticallyExempt: line.ownGrown, ...late },
            lineLabel(line),
          );
    const vat = run && (figureOf(run.calculation, 'vatPayable') ?? figureOf(run.calculation, 'outputVat'));
    tax = vat === undefined ? undefined : tax?.plus(vat);
    if (run !== undefined && event !== undefined) sheet.find('note', 'lateFeeUpperBound', 'T09', 'lateFee');
    return {
      key: String(line.id),
      cells: {
        ...lineCells(line),
        reasons:
          event !== undefined && line.regime !== 'taxed'
            ? ruleText('reason.NOT_DECLARED_WITHIN_LIMIT', 'T05')
            : line.regimeBy === 'person'
              ? line.regimeReason
              : words(
                  line.regimeReason.split(' ').filter((code) => code !== ''),
                  'T05',
                ),
        taxEvent: event ?? line.exportDate,
        vatRate: rate,
        outputVat: vat,
        lateFee: run && figureOf(run.calculation, 'lateFee'),
      },
      target: lineTarget(line),
      derivation: run?.derivation,
    };
  });
  sheet.result('outputVat', 'money', tax?.toFixed(2));
  sheet.section(
    'deemedLines',
    [
      ...lineColumns,
      ['fobCny', 'money', 'sum'],
      ['reasons', 'text'],
      ['taxEvent', 'date'],
      ['vatRate', 'ratio'],
      ['outputVat', 'money', 'sum'],
      ['lateFee', 'money', 'sum'],
    ],
    rows,
  );
}

/** The day an undeclared line counts as sold at home, where that is not after the period; undefined: not yet. */
function lapsedOn(sheet: Sheet, line: TaxLine): string | undefined {
  if (line.claimedPeriod !== null) return undefined;
  const event = figureOf(sheet.context.rules.run('T11', { exportDate: line.exportDate }), 'deemedDomesticSaleDate');
  return event !== undefined && event <= sheet.period.to ? event : undefined;
}

/** Refund of trading firms (免退税, T06) and producers (免抵退税, T07/T08); overseas warehouses (9810, T10). */
import type { WorksheetView } from '../../../shared/contract/tax.ts';
import { declarationItemNo } from '../../../shared/matching/association.ts';
import { type InvoiceLine, matchRefunds } from '../../../shared/matching/refund-matching.ts';
import { divideRounded } from '../../../shared/money/index.ts';
import { Num } from '../../../shared/rules/figures.ts';
import type { Book } from '../store/book.ts';
import { rateInForce } from '../store/rates.ts';
import {
  claimedLines,
  exportLinesBetween,
  isSold,
  lineLabel,
  openExportLines,
  overseasLines,
  type TaxLine,
} from '../store/worksheets/export-lines.ts';
import { listTaxFacts, taxFactsOf } from '../store/worksheets/facts.ts';
import {
  invoiceStock,
  matchedByArticle,
  matchesBetween,
  matchesOfLine,
  type StoredMatch,
} from '../store/worksheets/refund-matches.ts';
import { deductedVat } from '../store/worksheets/revenue.ts';
import { exportSide, invoiceSide, keptMatches, obstacleText, unitNames } from './matching.ts';
import { readPeriod } from './period.ts';
import { declarationDate, knownFob, lineCells, lineTarget, noteOverride, noteRateBasis } from './regime.ts';
import { figureOf, majorText, quantity, Sheet, type SheetRow, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

/** Of the trading firm's forms (外贸企业出口退税申报): business types of a claim before sale. */
const preRefundType = 'HWC-YT';

/** FOB in dollars, as the form asks; undefined without a rate. */
function usdFob(sheet: Sheet, line: TaxLine): string | undefined {
  if (line.currency === 'USD') return majorText(line.fobMinor, 'USD');
  const rate = rateInForce(sheet.book, 'USD', line.exportDate);
  if (line.fobFen !== null && rate !== undefined) return new Num(line.fobFen).div(100).div(rate.cnyPerUnit).toFixed(2);
  sheet.find(
    'missing',
    'usdRateMissing',
    'T12',
    'rate',
    { line: lineLabel(line), date: line.exportDate },
    {
      target: { page: 'rates', params: { currency: 'USD', date: line.exportDate } },
    },
  );
  return undefined;
}

const exportColumns = [
  ['sequence', 'text'],
  ['associationNo', 'text'],
  ['declarationItem', 'text'],
  ['exportDate', 'date'],
  ['hsCode', 'text'],
  ['goods', 'text'],
  ['unit', 'text'],
  ['quantity', 'quantity'],
  ['fobUsd', 'money', 'sum'],
  ['businessType', 'text'],
  ['fobCny', 'money', 'sum'],
  ['refund', 'money', 'sum'],
] as const;
const purchaseColumns = [
  ['sequence', 'text'],
  ['associationNo', 'text'],
  ['taxKind', 'text'],
  ['voucherKind', 'text'],
  ['voucherNo', 'text'],
  ['supplierTaxNo', 'text'],
  ['invoiceDate', 'date'],
  ['hsCode', 'text'],
  ['goods', 'text'],
  ['unit', 'text'],
  ['quantity', 'quantity'],
  ['taxableAmount', 'money', 'sum'],
  ['levyRate', 'ratio'],
  ['refundRate', 'ratio'],
  ['refund', 'money', 'sum'],
  ['businessType', 'text'],
] as const;
const claimColumn = ['claimed', 'text'] as const;
const batchOf = (line: TaxLine): string => `${line.claimedPeriod ?? ''}-${line.claimBatch ?? ''}`;

/** Refund lines claimed in the months of the sheet, batch after batch. */
function claimedInPeriod({ book, period }: Sheet): TaxLine[] {
  return period.months.flatMap((month) =>
    claimedLines(book, month)
      .filter(({ regime }) => regime === 'refund')
      .sort((a, b) => Number(a.claimBatch) - Number(b.claimBatch)),
  );
}

/** Matches by line, without what goods that came back leave over. */
function matchesByLine(book: Book, lines: readonly TaxLine[]): ReadonlyMap<number, readonly StoredMatch[]> {
  const wanted = new Set(lines.map(({ id }) => id));
  const dates = lines.map(({ exportDate }) => exportDate).sort();
  const found = new Map<number, StoredMatch[]>();
  for (const match of matchesBetween(book, dates[0] ?? '', dates.at(-1) ?? '')) {
    if (!wanted.has(match.exportLineId)) continue;
    const before = found.get(match.exportLineId);
    if (before === undefined) found.set(match.exportLineId, [match]);
    else before.push(match);
  }
  return new Map(lines.map((line) => [line.id, keptMatches(line, found.get(line.id) ?? [])]));
}

/**
 * Claims of a trading firm, in the order of 外贸企业出口退税出口明细申报表 and 进货明细申报表: what was claimed in the period, batch by
 * batch. What could be claimed at its end, what lacks invoices and what is not sold yet stand apart and count nothing to it.
 */
export function refundTradingSheet(sheet: Sheet): void {
  const { book, period, profile } = sheet;
  if (!sheet.isOn('T06')) return;
  sheet.cite('T06');
  if (profile.kind === 'producer') sheet.find('warning', 'notTrading', 'T06', 'kind');
  if (profile.refundRegisteredOn === undefined) sheet.required('refundRegisteredOn', 'T06');
  const claimed = claimedInPeriod(sheet);
  const open = openExportLines(book, period.to).filter(
    ({ regime, claimQtyE5 }) => regime === 'refund' && claimQtyE5 > 0,
  );
  const matched = open.filter(({ matchedQtyE5, claimQtyE5 }) => matchedQtyE5 >= claimQtyE5);
  const claimable = matched.filter(isSold);
  const matches = matchesByLine(book, [...claimed, ...open]);
  for (const line of [...claimed, ...open]) noteReceipt(sheet, line);

  const form = claimRows(sheet, claimed, matches);
  sheet.section('exportDetail', [...exportColumns, claimColumn], form.exports);
  sheet.section('purchaseDetail', [...purchaseColumns, claimColumn], form.purchases);
  const next = claimRows(sheet, claimable, matches);
  sheet.section('claimable', exportColumns, next.exports);
  sheet.section('claimablePurchases', purchaseColumns, next.purchases);
  const unsold = matched.filter((line) => !isSold(line));
  if (unsold.length > 0) sheet.section('unsoldWarehouse', exportColumns, claimRows(sheet, unsold, matches).exports);

  const reasons = openReasons(sheet, open);
  sheet.section(
    'openLines',
    [
      ['exportDate', 'date'],
      ['declarationNo', 'text'],
      ['lineNo', 'count'],
      ['goods', 'text'],
      ['unit', 'text'],
      ['quantity', 'quantity'],
      ['leftQuantity', 'quantity'],
      ['whatIsMissing', 'text'],
    ],
    open
      .filter((line) => reasons.has(line.id))
      .map((line) => ({
        key: String(line.id),
        cells: {
          ...lineCells(sheet, line),
          leftQuantity: quantity(line.claimQtyE5 - line.matchedQtyE5),
          whatIsMissing: reasons.get(line.id),
        },
        target: lineTarget(line),
      })),
  );
  sheet.result('refund', 'money', form.refund.toFixed(2));
  sheet.result('toCost', 'money', form.toCost.toFixed(2));
  sheet.result('claimableRefund', 'money', next.refund.toFixed(2));
  sheet.fact('refundClass', 'text', profile.refundClass);
  sheet.find('note', 'formOrder', 'T06', 'form');
}

/** The receipt clock of a line (T11): not received, overdue, or claimed so late that the statement of receipts goes with it. */
function noteReceipt(sheet: Sheet, line: TaxLine): void {
  const { context } = sheet;
  if (context.rules.off('T11') !== undefined) return;
  const { result } = context.rules.run('T11', {
    exportDate: line.exportDate,
    ...(line.contractReceiptDate === null ? {} : { contractReceiptDate: line.contractReceiptDate }),
    ...(line.receivedOn === null ? {} : { receivedOn: line.receivedOn }),
    ...(line.deemedReceived === null ? {} : { deemedReceived: true }),
    asOf: context.today,
    declaredOn: declarationDate(sheet.book, line) ?? context.today,
  });
  const about = (level: 'paper' | 'warning', code: string, more: Readonly<Record<string, string>> = {}) =>
    sheet.find(level, code, 'T11', 'receivedOn', { line: lineLabel(line), ...more }, { target: lineTarget(line) });
  if (result['receiptState'] === 'RECEIPT_OVERDUE')
    about('warning', 'receiptOverdue', { receiptBy: String(result['receiptBy']) });
  else if (result['receiptState'] === 'RECEIPT_PENDING') about('paper', 'receiptMissing');
  if (result['receiptStatement'] === true) about('paper', 'receiptStatement', { normalTo: String(result['normalTo']) });
}

/** Rows of the two forms for lines in their order; numbers run anew in each batch. Sums are those of the matches. */
function claimRows(sheet: Sheet, lines: readonly TaxLine[], matches: ReadonlyMap<number, readonly StoredMatch[]>) {
  const exports: SheetRow[] = [];
  const purchases: SheetRow[] = [];
  let [refund, toCost] = [new Num(0), new Num(0)];
  const numbers = new Map<string, number>();
  const next = (table: string, line: TaxLine): string => {
    const number = (numbers.get(`${table} ${batchOf(line)}`) ?? 0) + 1;
    numbers.set(`${table} ${batchOf(line)}`, number);
    return String(number).padStart(8, '0');
  };
  for (const line of lines) {
    const own = matches.get(line.id) ?? [];
    if (own.length === 0) continue;
    const businessType = line.preRefundFen === null ? undefined : preRefundType;
    const batch = line.claimedPeriod === null ? undefined : batchOf(line);
    const item = declarationItemNo(line.declarationNo, line.lineNo);
    if (item === undefined)
      sheet.find(
        'paper',
        'declarationNo',
        'T06',
        'declarationNo',
        { line: lineLabel(line) },
        { target: lineTarget(line) },
      );
    noteRateBasis(sheet, line);
    noteOverride(sheet, line, 'T06', 'refundRate');
    // The invoices of the book do not say what consumption tax lies in the purchase.
    if (line.consumptionRate !== undefined && new Num(line.consumptionRate).gt(0))
      sheet.find(
        'warning',
        'consumptionRefund',
        'T06',
        'consumptionRate',
        { line: lineLabel(line), rate: line.consumptionRate },
        { target: lineTarget(line) },
      );
    exports.push({
      key: String(line.id),
      cells: {
        ...lineCells(sheet, line),
        sequence: next('exports', line),
        associationNo: own[0]?.associationNo ?? '',
        declarationItem: item ?? lineLabel(line),
        quantity: quantity(line.claimQtyE5),
        fobUsd: usdFob(sheet, line),
        businessType,
        refund: yuan(own.reduce((sum, { refundFen }) => sum + refundFen, 0)),
        claimed: batch,
      },
      target: lineTarget(line),
    });
    for (const match of own) {
      // Its refund is computed anew by T06 and must be what the match holds.
      const { calculation, derivation } = sheet.run(
        'T06',
        {
          purchaseAmount: yuan(match.amountFen),
          invoiceTaxRate: match.vatRate,
          inputVat: yuan(match.vatFen),
          refundRate: line.refundRate ?? match.refundRate,
        },
        `${lineLabel(line)} ${match.invoiceNumber}`,
      );
      const computed = figureOf(calculation, 'vatRefund') ?? '0.00';
      // Never more than the input tax of the part, whatever rounding of shares brings.
      const held = yuan(match.refundFen);
      if (new Num(computed).minus(held).abs().gt('0.01'))
        sheet.find(
          'warning',
          'refundDiffers',
          'T06',
          'refund',
          { line: lineLabel(line), held, computed },
          { target: lineTarget(line) },
        );
      refund = refund.plus(held);
      toCost = toCost.plus(yuan(match.vatFen - match.refundFen));
      const target = { page: 'invoice' as const, params: { id: String(match.invoiceId) } };
      if (match.purpose !== 'refund')
        sheet.find('paper', 'purposeUnconfirmed', 'T06', 'purpose', { number: match.invoiceNumber }, { target });
      if (match.supplierTaxNo === null)
        sheet.find(
          'paper',
          'supplierTaxNo',
          'T06',
          'taxNo',
          { number: match.invoiceNumber, supplier: match.supplier },
          { target },
        );
      purchases.push({
        key: String(match.id),
        cells: {
          sequence: next('purchases', line),
          associationNo: match.associationNo,
          taxKind: sheetText('word.vat'),
          voucherKind: sheetText(`word.${match.invoiceKind}`),
          voucherNo: match.invoiceNumber,
          supplierTaxNo: match.supplierTaxNo ?? undefined,
          invoiceDate: match.invoiceDate,
          hsCode: line.hsCode,
          goods: match.name,
          unit: sheet.unit(match.unit),
          quantity: quantity(match.qtyE5),
          taxableAmount: yuan(match.amountFen),
          levyRate: match.vatRate,
          refundRate: match.refundRate,
          refund: held,
          businessType,
          claimed: batch,
        },
        target,
        derivation,
      });
    }
  }
  return { exports, purchases, refund, toCost };
}

/** What of each article of a merged item has no invoice yet. */
function articlesLeft(book: Book, line: TaxLine) {
  if (line.parts.length === 0) return [];
  const matched = matchedByArticle(book, line.id);
  return line.parts.map(({ sku, qtyE5 }) => ({ sku, qtyE5: BigInt(Math.max(0, qtyE5 - (matched.get(sku) ?? 0))) }));
}

/** Why lines are not wholly matched: rates that are missing, and what a matching would still find in the way. */
function openReasons(sheet: Sheet, lines: readonly TaxLine[]) {
  const { book, context } = sheet;
  const reasons = new Map<number, ReturnType<typeof sheetText>>();
  const open = lines.filter(({ matchedQtyE5, claimQtyE5 }) => matchedQtyE5 < claimQtyE5);
  for (const line of open) {
    if (line.refundRate !== undefined) continue;
    reasons.set(line.id, sheetText('obstacle.REFUND_RATE_MISSING', { hs: line.hsCode }));
    sheet.find(
      'missing',
      'refundRateMissing',
      'T06',
      'refundRate',
      { line: lineLabel(line), hs: line.hsCode },
      {
        target: { page: 'tariff', params: { hs: line.hsCode } },
      },
    );
  }
  const stock: InvoiceLine[] = invoiceStock(book).map(invoiceSide);
  const wanted = open.flatMap((line) =>
    line.refundRate === undefined
      ? []
      : [
          {
            ...exportSide(line, line.refundRate),
            qtyE5: BigInt(line.claimQtyE5 - line.matchedQtyE5),
            parts: articlesLeft(book, line),
            receiptState: 'received' as const,
          },
        ],
  );
  const { open: left } = matchRefunds(wanted, stock, { unitNames: unitNames(context.resources) });
  const labels = new Map(open.map((line) => [String(line.id), lineLabel(line)]));
  for (const { exportId, obstacles } of left) {
    const found = obstacles.map(obstacleText);
    const text = { zh: found.map(({ zh }) => zh).join('；'), en: found.map(({ en }) => en).join('; ') };
    reasons.set(Number(exportId), text);
    sheet.find(
      'paper',
      'lineUnmatched',
      'T06',
      'invoice',
      { line: labels.get(exportId) ?? exportId },
      {
        words: { reason: text },
        target: { page: 'export-line', params: { id: exportId } },
      },
    );
  }
  for (const line of open) if (!reasons.has(line.id)) reasons.set(line.id, sheetText('obstacle.NOT_MATCHED_YET'));
  return reasons;
}

/** The producer's sheet of a month, for what builds on its figures. */
export function producerMonth({ context }: Pick<Sheet, 'context'>, month: string): WorksheetView {
  const sheet = new Sheet('refund-producer', readPeriod(month), { ...context, limit: 1 });
  refundProducerSheet(sheet);
  return sheet.view();
}

/** What a producer claims of a line: not what came back before, nor what is certified 未退税. */
const producerQtyE5 = ({ qtyE5, certifiedQtyE5, returnedQtyE5 }: TaxLine): number =>
  qtyE5 - Math.max(certifiedQtyE5, returnedQtyE5);

/** The refund lines of a producer's month; those that came back, or are certified 未退税, as a whole are claimed no more. */
export function producerLines(book: Book, from: string, to: string): TaxLine[] {
  return exportLinesBetween(book, from, to).filter((line) => line.regime === 'refund' && producerQtyE5(line) > 0);
}

/** Fen of a line's FOB that fall on what a producer claims of it, half-up. */
const fobLeft = (fobFen: number, line: TaxLine): number =>
  Number(divideRounded(BigInt(fobFen) * BigInt(producerQtyE5(line)), BigInt(line.qtyE5), 'halfUp'));

/** Exemption, credit and refund of a producer for a month, by groups of rates, in the order of 免抵退税申报汇总表. */
export function refundProducerSheet(sheet: Sheet): void {
  const { book, period, profile } = sheet;
  if (!sheet.isOn('T07')) return;
  sheet.cite('T07');
  if (profile.kind !== undefined && profile.kind !== 'producer') sheet.find('warning', 'notProducer', 'T07', 'kind');
  const lines = producerLines(book, period.from, period.to);
  const groups = new Map<string, { taxRate: string; refundRate: string; fen: number; lines: number }>();
  let complete = true;
  for (const line of lines) {
    const fob = knownFob(sheet, line, 'T07');
    noteOverride(sheet, line, 'T07', 'vatRate', 'refundRate');
    for (const name of ['vatRate', 'refundRate'] as const)
      if (line[name] === undefined)
        sheet.find(
          'missing',
          `${name}Missing`,
          'T07',
          name,
          { line: lineLabel(line), hs: line.hsCode },
          {
            target: { page: 'tariff', params: { hs: line.hsCode } },
          },
        );
    const { vatRate, refundRate } = line;
    if (fob === undefined || vatRate === undefined || refundRate === undefined) {
      complete = false;
      continue;
    }
    const key = `${new Num(vatRate).toFixed()}/${new Num(refundRate).toFixed()}`;
    const before = groups.get(key) ?? { taxRate: vatRate, refundRate, fen: 0, lines: 0 };
    groups.set(key, { ...before, fen: before.fen + fobLeft(fob, line), lines: before.lines + 1 });
  }
  const month = period.key;
  const domesticOutputVat = sheet.requiredFact('domestic-output-vat', month, 'T07');
  const openingCarry = sheet.requiredFact('opening-carry', month, 'T07');
  const typedInput = sheet.factValue('input-vat', month);
  const deducted = deductedVat(book, period.from, period.to);
  const inputVat = typedInput ?? yuan(deducted.vatFen);
  if (typedInput === undefined)
    sheet.find('note', 'inputFromInvoices', 'T07', 'input-vat', { count: deducted.invoices });
  sheet.fact('domesticOutputVat', 'money', domesticOutputVat);
  sheet.fact('inputVat', 'money', inputVat);
  sheet.fact('openingCarry', 'money', openingCarry);

  // A fact without subject is of the only group; with several groups it must name its own, e.g. `0.13/0.1`.
  const only = groups.size <= 1;
  const ofGroup = (name: 'duty-free-material' | 'processing-fob' | 'planned-ratio', at: string, group: string) => {
    const facts = taxFactsOf(book, name, at);
    const own = facts.find(({ subject }) => subject === group)?.value;
    const whole = facts.find(({ subject }) => subject === '')?.value;
    if (own !== undefined || whole === undefined || only) return own ?? whole;
    if (name === 'planned-ratio') return whole;
    complete = false;
    sheet.find(
      'missing',
      'groupUnclear',
      'T07',
      name,
      { groups: [...groups.keys()].join('，') },
      {
        target: { page: 'tax-fact', params: { name, period: at } },
      },
    );
    return undefined;
  };
  const inputs = [...groups].map(([key, { taxRate, refundRate, fen }]) => {
    const processing = ofGroup('processing-fob', month, key);
    const ratio = processing === undefined ? undefined : ofGroup('planned-ratio', String(period.year), key);
    if (processing !== undefined && ratio === undefined) {
      complete = false;
      sheet.requiredFact('planned-ratio', String(period.year), 'T08');
    }
    return {
      fobCny: yuan(fen),
      taxRate,
      refundRate,
      dutyFreeMaterial: ofGroup('duty-free-material', month, key),
      ...(processing === undefined ? {} : { processingFobCny: processing, plannedRatio: ratio }),
    };
  });
  sheet.section(
    'rateGroups',
    [
      ['levyRate', 'ratio'],
      ['refundRate', 'ratio'],
      ['lines', 'count', 'sum'],
      ['fobCny', 'money', 'sum'],
      ['dutyFreeMaterial', 'money', 'sum'],
      ['processingFob', 'money', 'sum'],
      ['plannedRatio', 'ratio'],
    ],
    [...groups].map(([key, group], at) => ({
      key,
      cells: {
        levyRate: group.taxRate,
        refundRate: group.refundRate,
        lines: String(group.lines),
        fobCny: yuan(group.fen),
        dutyFreeMaterial: inputs[at]?.dutyFreeMaterial,
        processingFob: inputs[at]?.processingFobCny,
        plannedRatio: inputs[at]?.plannedRatio,
      },
    })),
  );
  const ready = complete && domesticOutputVat !== undefined && openingCarry !== undefined && inputs.length > 0;
  if (inputs.length === 0) sheet.find('note', 'noRefundLines', 'T07', 'regime');
  const run = ready
    ? sheet.run('T07', { groups: inputs, domesticOutputVat, inputVat, openingCarry }, period.key)
    : undefined;
  const figure = (name: string): string | undefined => run && figureOf(run.calculation, name);
  for (const name of ['refund', 'exemptCredit', 'carryForward', 'vatPayable', 'nonDeductible'])
    sheet.result(name, 'money', figure(name), run?.derivation);
  sheet.section(
    'exemptCreditRefund',
    [
      ['term', 'text'],
      ['amountCny', 'money'],
    ],
    [
      'nonDeductibleReduction',
      'nonDeductible',
      'vatPayableOrCarry',
      'exemptCreditRefundReduction',
      'exemptCreditRefundAmount',
      'refund',
      'exemptCredit',
      'carryForward',
      'vatPayable',
    ].map((name) => ({
      key: name,
      cells: { term: sheetText(`label.${name}`), amountCny: figure(name) },
      derivation: run?.derivation,
    })),
  );
  sheet.find('note', 'formOrder', 'T07', 'form');
}

/** Overseas warehouse (9810): refund on departure and its settlement, line by line (T10). */
export function overseasSheet(sheet: Sheet): void {
  const { book, period, context } = sheet;
  if (!sheet.isOn('T10')) return;
  sheet.cite('T10');
  let net: Num = new Num(0);
  const settlements = new Map(
    listTaxFacts(book, { name: 'warehouse-settlement' }).map(({ subject, period: month, value }) => [
      subject,
      { month, value },
    ]),
  );
  const first = period.months[0] ?? '';
  const last = period.months.at(-1) ?? '';
  // What was settled in an earlier period has done its part there.
  const lines = overseasLines(book, period.from, period.to);
  const shown = lines.filter((line) => (settlements.get(lineLabel(line))?.month ?? first) >= first);
  if (shown.length < lines.length)
    sheet.find('note', 'settledBefore', 'T10', 'warehouse-settlement', { count: lines.length - shown.length });
  const rows = shown.map((line): SheetRow => {
    const refundFen = keptMatches(line, matchesOfLine(book, line.id)).reduce((sum, { refundFen: one }) => sum + one, 0);
    const cameBack = Math.max(line.backQtyE5, line.returnedQtyE5);
    // What buyers sent back was sold before.
    const unsold = Math.max(0, line.qtyE5 - line.soldQtyE5 - cameBack - line.lostQtyE5);
    const status = line.soldQtyE5 === line.qtyE5 ? 'sold' : line.soldQtyE5 === 0 ? 'unsold' : 'partial';
    const cells = {
      ...lineCells(sheet, line),
      sold: quantity(line.soldQtyE5),
      cameBack: quantity(cameBack),
      unsold: quantity(unsold),
      saleStatus: sheetText(`word.${status}`),
      matchedRefund: yuan(refundFen),
      preRefund: line.preRefundFen === null ? undefined : yuan(line.preRefundFen),
      preRefundDoneOn: line.preRefundDoneOn ?? undefined,
      businessType: line.preRefundFen === null ? undefined : preRefundType,
    };
    const key = String(line.id);
    if (line.preRefundFen === null) {
      // Sold goods are claimed the ordinary way; unsold ones may be claimed before sale.
      const isLost = line.lostQtyE5 > 0;
      if (isLost && line.claimedPeriod === null)
        sheet.find(
          'warning',
          'lostAbroad',
          'T10',
          'lost',
          { line: lineLabel(line), quantity: quantity(line.lostQtyE5) },
          { target: lineTarget(line) },
        );
      const unsoldAdvice = isLost ? 'word.claimDecide' : 'word.claimBeforeSale';
      const advice = isSold(line) ? 'word.claimOrdinary' : unsoldAdvice;
      const action = line.claimQtyE5 > 0 ? sheetText(advice) : undefined;
      return { key, cells: { ...cells, action }, target: lineTarget(line) };
    }
    if (line.preRefundDoneOn === null)
      sheet.find(
        'missing',
        'preRefundOpen',
        'T10',
        'preRefundDoneOn',
        { line: lineLabel(line) },
        { target: lineTarget(line) },
      );
    const settled = settlements.get(lineLabel(line));
    const declared = settled === undefined || settled.month > last || status === 'unsold' ? undefined : settled.value;
    if (status === 'sold' && declared === undefined)
      sheet.find(
        'warning',
        'actualRefundAssumed',
        'T10',
        'warehouse-settlement',
        { line: lineLabel(line) },
        { target: { page: 'tax-fact', params: { name: 'warehouse-settlement', period: last } } },
      );
    const actual = declared ?? (status === 'sold' ? yuan(refundFen) : undefined);
    const window =
      line.preRefundDoneOn === null
        ? undefined
        : sheet.run('T10win', { preRefundCompleted: line.preRefundDoneOn }, lineLabel(line)).calculation;
    const run = sheet.run(
      'T10',
      {
        preRefund: yuan(line.preRefundFen),
        status,
        ...(actual === undefined ? {} : { actualRefund: actual }),
        ...(status === 'partial' && actual === undefined
          ? { quantity: quantity(line.qtyE5), soldQuantity: quantity(line.soldQtyE5) }
          : {}),
        ...(line.preRefundDoneOn === null ? {} : { preRefundCompleted: line.preRefundDoneOn, asOf: context.today }),
      },
      lineLabel(line),
    );
    net = net.plus(figureOf(run.calculation, 'net') ?? 0);
    return {
      key,
      cells: {
        ...cells,
        windowStart: window && figureOf(window, 'windowStart'),
        windowEnd: window && figureOf(window, 'windowEnd'),
        settledIn: settled === undefined || settled.month > last ? undefined : settled.month,
        action: sheetText(`word.${figureOf(run.calculation, 'action') ?? ''}`),
        reverse: figureOf(run.calculation, 'reverse'),
        redeclare: figureOf(run.calculation, 'redeclare'),
        net: figureOf(run.calculation, 'net'),
      },
      target: lineTarget(line),
      derivation: run.derivation,
    };
  });
  sheet.result('net', 'money', net.toFixed(2));
  sheet.section(
    'overseasLines',
    [
      ['exportDate', 'date'],
      ['declarationNo', 'text'],
      ['lineNo', 'count'],
      ['goods', 'text'],
      ['unit', 'text'],
      ['quantity', 'quantity'],
      ['sold', 'quantity'],
      ['cameBack', 'quantity'],
      ['unsold', 'quantity'],
      ['saleStatus', 'text'],
      ['matchedRefund', 'money', 'sum'],
      ['businessType', 'text'],
      ['preRefund', 'money', 'sum'],
      ['preRefundDoneOn', 'date'],
      ['windowStart', 'date'],
      ['windowEnd', 'date'],
      ['settledIn', 'text'],
      ['action', 'text'],
      ['reverse', 'money', 'sum'],
      ['redeclare', 'money', 'sum'],
      ['net', 'money', 'sum'],
    ],
    rows,
  );
}

/** Refund of trading firms (免退税, T06) and producers (免抵退税, T07/T08); overseas warehouses (9810, T10). */
import { declarationItemNo } from '../../../shared/matching/association.ts';
import { type InvoiceLine, matchRefunds } from '../../../shared/matching/refund-matching.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { rateInForce } from '../store/rates.ts';
import { exportLinesBetween, lineLabel, overseasLines, type TaxLine } from '../store/worksheets/export-lines.ts';
import { taxFactsOf } from '../store/worksheets/facts.ts';
import { invoiceStock, matchesBetween, matchesOfLine, type StoredMatch } from '../store/worksheets/refund-matches.ts';
import { deductedVat } from '../store/worksheets/revenue.ts';
import { exportSide, invoiceSide, obstacleText, unitNames } from './matching.ts';
import { knownFob, lineCells, lineTarget } from './regime.ts';
import { figureOf, majorText, quantity, type Sheet, type SheetRow, yuan } from './sheet.ts';
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

/** Export lines against purchases, in the order of 外贸企业出口退税出口明细申报表 and 进货明细申报表, with what is still open. */
export function refundTradingSheet(sheet: Sheet): void {
  const { book, period, profile } = sheet;
  if (!sheet.isOn('T06')) return;
  sheet.cite('T06');
  if (profile.kind === 'producer') sheet.find('warning', 'notTrading', 'T06', 'kind');
  if (profile.refundRegisteredOn === undefined) sheet.required('refundRegisteredOn', 'T06');
  const lines = exportLinesBetween(book, period.from, period.to).filter(({ regime }) => regime === 'refund');
  const byLine = new Map<number, StoredMatch[]>();
  for (const match of matchesBetween(book, period.from, period.to)) {
    const found = byLine.get(match.exportLineId);
    if (found === undefined) byLine.set(match.exportLineId, [match]);
    else found.push(match);
  }
  const matchesOf = (line: TaxLine): readonly StoredMatch[] => byLine.get(line.id) ?? [];
  const business = (line: TaxLine): string | undefined => (line.preRefundFen === null ? undefined : preRefundType);

  // Purchases first: their refund is computed anew by T06 and must be what the match holds.
  const purchases: SheetRow[] = [];
  let [refund, toCost] = [new Num(0), new Num(0)];
  for (const line of lines) {
    for (const match of matchesOf(line)) {
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
      if (match.purpose !== 'refund')
        sheet.find(
          'paper',
          'purposeUnconfirmed',
          'T06',
          'purpose',
          { number: match.invoiceNumber },
          {
            target: { page: 'invoice', params: { id: String(match.invoiceId) } },
          },
        );
      if (match.supplierTaxNo === null)
        sheet.find(
          'paper',
          'supplierTaxNo',
          'T06',
          'taxNo',
          { number: match.invoiceNumber, supplier: match.supplier },
          {
            target: { page: 'invoice', params: { id: String(match.invoiceId) } },
          },
        );
      purchases.push({
        key: String(match.id),
        cells: {
          sequence: String(purchases.length + 1).padStart(8, '0'),
          associationNo: match.associationNo,
          taxKind: sheetText('word.vat'),
          voucherKind: sheetText(`word.${match.invoiceKind}`),
          voucherNo: match.invoiceNumber,
          supplierTaxNo: match.supplierTaxNo ?? undefined,
          invoiceDate: match.invoiceDate,
          hsCode: line.hsCode,
          goods: match.name,
          unit: match.unit,
          quantity: quantity(match.qtyE5),
          taxableAmount: yuan(match.amountFen),
          levyRate: match.vatRate,
          refundRate: match.refundRate,
          refund: held,
          businessType: business(line),
        },
        target: { page: 'invoice', params: { id: String(match.invoiceId) } },
        derivation,
      });
    }
  }
  const exported = lines.filter((line) => matchesOf(line).length > 0);
  sheet.section(
    'exportDetail',
    [
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
      ['state', 'text'],
    ],
    exported.map((line, at) => {
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
      return {
        key: String(line.id),
        cells: {
          ...lineCells(line),
          sequence: String(at + 1).padStart(8, '0'),
          associationNo: matchesOf(line)[0]?.associationNo ?? '',
          declarationItem: item ?? lineLabel(line),
          fobUsd: usdFob(sheet, line),
          businessType: business(line),
          refund: yuan(matchesOf(line).reduce((sum, { refundFen }) => sum + refundFen, 0)),
          state: sheetText(
            line.claimedPeriod !== null
              ? 'word.claimed'
              : line.matchedQtyE5 < line.qtyE5
                ? 'word.partly'
                : 'word.matched',
          ),
        },
        target: lineTarget(line),
      };
    }),
  );
  sheet.section(
    'purchaseDetail',
    [
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
    ],
    purchases,
  );

  const reasons = openReasons(sheet, lines);
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
    lines
      .filter((line) => reasons.has(line.id))
      .map((line) => ({
        key: String(line.id),
        cells: {
          ...lineCells(line),
          leftQuantity: quantity(line.qtyE5 - line.matchedQtyE5),
          whatIsMissing: reasons.get(line.id),
        },
        target: lineTarget(line),
      })),
  );
  for (const line of lines) {
    if (line.receivedOn === null && line.deemedReceived === null)
      sheet.find(
        'paper',
        'receiptMissing',
        'T11',
        'receivedOn',
        { line: lineLabel(line) },
        { target: lineTarget(line) },
      );
  }
  sheet.result('refund', 'money', refund.toFixed(2));
  sheet.result('toCost', 'money', toCost.toFixed(2));
  sheet.result(
    'claimedRefund',
    'money',
    yuan(
      sumOf(
        lines.filter(({ claimedPeriod }) => claimedPeriod !== null),
        matchesOf,
      ),
    ),
  );
  sheet.fact('refundClass', 'text', profile.refundClass);
  sheet.find('note', 'formOrder', 'T06', 'form');
}

function sumOf(lines: readonly TaxLine[], matchesOf: (line: TaxLine) => readonly StoredMatch[]): number {
  return lines.flatMap(matchesOf).reduce((sum, { refundFen }) => sum + refundFen, 0);
}

/** Why lines are not wholly matched: rates that are missing, and what a matching would still find in the way. */
function openReasons(sheet: Sheet, lines: readonly TaxLine[]) {
  const { book, context } = sheet;
  const reasons = new Map<number, ReturnType<typeof sheetText>>();
  const open = lines.filter(({ matchedQtyE5, qtyE5 }) => matchedQtyE5 < qtyE5);
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
            qtyE5: BigInt(line.qtyE5 - line.matchedQtyE5),
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

/** Exemption, credit and refund of a producer for a month, by groups of rates, in the order of 免抵退税申报汇总表. */
export function refundProducerSheet(sheet: Sheet): void {
  const { book, period, profile } = sheet;
  if (!sheet.isOn('T07')) return;
  sheet.cite('T07');
  if (profile.kind !== undefined && profile.kind !== 'producer') sheet.find('warning', 'notProducer', 'T07', 'kind');
  const lines = exportLinesBetween(book, period.from, period.to).filter(({ regime }) => regime === 'refund');
  const groups = new Map<string, { taxRate: string; refundRate: string; fen: number; lines: number }>();
  let complete = true;
  for (const line of lines) {
    const fob = knownFob(sheet, line, 'T07');
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
    groups.set(key, { ...before, fen: before.fen + fob, lines: before.lines + 1 });
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
  for (const name of ['refund', 'exemptCredit', 'carryForward', 'vatPayable'])
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
  const rows = overseasLines(book, period.from, period.to).map((line): SheetRow => {
    const refundFen = matchesOfLine(book, line.id).reduce((sum, { refundFen: one }) => sum + one, 0);
    const unsold = line.qtyE5 - line.soldQtyE5 - line.backQtyE5;
    const status = line.soldQtyE5 === line.qtyE5 ? 'sold' : line.soldQtyE5 === 0 ? 'unsold' : 'partial';
    const cells = {
      ...lineCells(line),
      sold: quantity(line.soldQtyE5),
      cameBack: quantity(line.backQtyE5),
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
      const advice = status === 'sold' ? 'word.claimOrdinary' : 'word.claimBeforeSale';
      return { key, cells: { ...cells, action: sheetText(advice) }, target: lineTarget(line) };
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
    const window =
      line.preRefundDoneOn === null
        ? undefined
        : sheet.run('T10win', { preRefundCompleted: line.preRefundDoneOn }, lineLabel(line)).calculation;
    const run = sheet.run(
      'T10',
      {
        preRefund: yuan(line.preRefundFen),
        status,
        ...(status === 'sold' ? { actualRefund: yuan(refundFen) } : {}),
        ...(status === 'partial' ? { quantity: quantity(line.qtyE5), soldQuantity: quantity(line.soldQtyE5) } : {}),
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
      ['action', 'text'],
      ['reverse', 'money', 'sum'],
      ['redeclare', 'money', 'sum'],
      ['net', 'money', 'sum'],
    ],
    rows,
  );
}

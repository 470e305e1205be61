/** Retail import: orders, payments, waybills and lists against each other. */
import { format5, parse5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';
import type { LiveDocument } from '../facts.ts';
import type { Opened } from '../message-rule.ts';

import { filedOn, filled, headOfLive, ruleList, SPEC, sumOf } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as retailImportRules };

const IMPORT_SPEC = `${SPEC}；海关总署公告 2018 年第 194 号`;
rule(
  'M-IMPORT-CURRENCY',
  'reject',
  ['CEB311Message', 'CEB411Message', 'CEB511Message', 'CEB621Message'],
  `${SPEC} currency（限定人民币）`,
  ({ head, parameters }, report) => {
    if (filled(head['currency']) && head['currency'] !== parameters.importCurrency)
      report('currency', { value: head['currency'], expected: parameters.importCurrency });
  },
);
rule('M-IMPORT-MODE', 'reject', ['CEB621Message'], IMPORT_SPEC, ({ head, parameters }, report) => {
  if (filled(head['tradeMode']) && !parameters.importModes.includes(head['tradeMode']))
    report('tradeMode', { value: head['tradeMode'], modes: parameters.importModes.join(', ') });
});
rule('M-IMPORT-BONDED', 'reject', ['CEB621Message'], IMPORT_SPEC, ({ head, parameters }, report) => {
  if (!parameters.bondedModes.includes(head['tradeMode'] ?? '')) return;
  for (const field of ['emsNo', 'areaCode', 'areaName'])
    if (!filled(head[field])) report(field, { mode: head['tradeMode'] ?? '' });
});
rule('M-IMPORT-DIRECT', 'reject', ['CEB621Message'], IMPORT_SPEC, ({ head, parameters }, report) => {
  if (!parameters.directModes.includes(head['tradeMode'] ?? '')) return;
  for (const field of ['trafNo', 'voyageNo', 'billNo'])
    if (!filled(head[field])) report(field, { mode: head['tradeMode'] ?? '' });
});
rule('M-IMPORT-ORDER-SUM', 'reject', ['CEB311Message'], `${SPEC} CEB311 goodsValue`, ({ head, lines }, report) => {
  const [value, sum] = [decimalOf(head, 'goodsValue'), sumOf(lines, 'totalPrice')];
  if (value !== undefined && sum !== undefined && value !== sum)
    report('goodsValue', { goodsValue: format5(value), sum: format5(sum) });
});
rule('M-IMPORT-PAID', 'reject', ['CEB311Message'], `${SPEC} CEB311 acturalPaid`, ({ head }, report) => {
  const [goods, freight, tax, discount, paid] = ['goodsValue', 'freight', 'taxTotal', 'discount', 'acturalPaid'].map(
    (name) => decimalOf(head, name),
  );
  if (goods === undefined || freight === undefined || tax === undefined || discount === undefined || paid === undefined)
    return;
  const expected = goods + freight + tax - discount;
  if (paid !== expected) report('acturalPaid', { paid: format5(paid), expected: format5(expected) });
});
rule('M-IMPORT-TAX-NONE', 'doubt', ['CEB311Message'], '财关税〔2018〕49号（增值税按 70% 征收）', ({ head }, report) => {
  const [tax, goods] = [decimalOf(head, 'taxTotal'), decimalOf(head, 'goodsValue')];
  if (tax === 0n && goods !== undefined && goods > 0n) report('taxTotal', { goods: format5(goods) });
});
rule('M-IMPORT-RATES', 'note', ['CEB621Message'], '企业税则', (opened, report) => {
  const day = filedOn(opened);
  if (day === undefined) return;
  for (const [at, line] of opened.lines.entries())
    if (filled(line['gcode']) && opened.facts.hasImportRates?.(line['gcode'], day) === false)
      report('gcode', { gcode: line['gcode'] }, at + 1);
});
/** The limits of the day a list is filed; of one without a day those of today. */
function limitsOf(opened: Opened) {
  const day = filedOn(opened) ?? opened.facts.today;
  return day === undefined ? undefined : opened.borrowed.retail?.(day);
}
rule('M-IMPORT-LIMIT', 'reject', ['CEB621Message'], '财关税〔2018〕49号', (opened, report) => {
  const { lines } = opened;
  const [sum, limit] = [sumOf(lines, 'totalPrice'), limitsOf(opened)?.transactionLimit];
  // One indivisible piece above the limit is taxed in full instead.
  const isOnePiece = lines.length === 1 && decimalOf(lines[0], 'qty') === parse5('1');
  if (sum !== undefined && limit !== undefined && sum > parse5(limit) && !isOnePiece)
    report('', { sum: format5(sum), limit }, 0);
});
rule('M-IMPORT-ONE-PIECE', 'doubt', ['CEB621Message'], '财关税〔2018〕49号', (opened, report) => {
  const { lines } = opened;
  const [sum, limit] = [sumOf(lines, 'totalPrice'), limitsOf(opened)?.transactionLimit];
  const isOnePiece = lines.length === 1 && decimalOf(lines[0], 'qty') === parse5('1');
  if (sum !== undefined && limit !== undefined && sum > parse5(limit) && isOnePiece)
    report('totalPrice', { sum: format5(sum), limit }, 1);
});
rule('M-IMPORT-YEAR', 'reject', ['CEB621Message'], '财关税〔2018〕49号', (opened, report) => {
  const [day, buyer, sum] = [filedOn(opened), opened.head['buyerIdNumber'], sumOf(opened.lines, 'totalPrice')];
  const limit = limitsOf(opened)?.annualLimit;
  // A deletion gives back what its list took of the year.
  if (opened.head['appType'] === '3') return;
  if (day === undefined || !filled(buyer) || sum === undefined || limit === undefined) return;
  const used = opened.facts.importedInYear?.(buyer, Number(day.slice(0, 4)));
  if (used !== undefined && used + sum > parse5(limit))
    report('buyerIdNumber', { used: format5(used), sum: format5(sum), limit });
});

/** The import order behind a payment, waybill or list. */
function importOrder({ head, facts }: Opened): LiveDocument | null | undefined {
  return filled(head['orderNo']) ? facts.document?.('CEB311Message', 'orderNo', head['orderNo']) : undefined;
}
rule('M-IMPORT-PAYMENT', 'reject', ['CEB411Message'], '三单比对', (opened, report) => {
  const order = importOrder(opened);
  const [own, paid] = [
    decimalOf(opened.head, 'amountPaid'),
    order ? decimalOf(headOfLive(order), 'acturalPaid') : undefined,
  ];
  if (own !== undefined && paid !== undefined && own !== paid)
    report('amountPaid', { own: format5(own), order: format5(paid) });
});
rule('M-IMPORT-PAYER', 'reject', ['CEB411Message'], '三单比对', (opened, report) => {
  const order = importOrder(opened);
  if (!order) return;
  const head = headOfLive(order);
  for (const [own, other] of [
    ['payerName', 'buyerName'],
    ['payerIdNumber', 'buyerIdNumber'],
  ] as const)
    if (filled(opened.head[own]) && filled(head[other]) && opened.head[own] !== head[other]) report(own);
});
rule('M-IMPORT-BUYER', 'reject', ['CEB621Message'], '三单比对', (opened, report) => {
  const order = importOrder(opened);
  if (!order) return;
  const head = headOfLive(order);
  for (const field of ['buyerName', 'buyerIdNumber'])
    if (filled(opened.head[field]) && filled(head[field]) && opened.head[field] !== head[field]) report(field);
});
rule('M-IMPORT-VALUE', 'doubt', ['CEB621Message'], '三单比对', (opened, report) => {
  const order = importOrder(opened);
  const [own, goods] = [
    sumOf(opened.lines, 'totalPrice'),
    order ? decimalOf(headOfLive(order), 'goodsValue') : undefined,
  ];
  if (own !== undefined && goods !== undefined && own !== goods)
    report('', { own: format5(own), order: format5(goods) }, 0);
});
rule('M-IMPORT-CONSIGNEE', 'doubt', ['CEB511Message'], '三单比对', (opened, report) => {
  const order = importOrder(opened);
  const other = order ? headOfLive(order)['consignee'] : undefined;
  if (filled(opened.head['consignee']) && filled(other) && opened.head['consignee'] !== other) report('consignee');
});
rule('M-IMPORT-WEIGHT', 'doubt', ['CEB621Message'], '三单比对', ({ head, facts }, report) => {
  const waybill = filled(head['logisticsNo'])
    ? facts.document?.('CEB511Message', 'logisticsNo', head['logisticsNo'])
    : undefined;
  const [own, other] = [decimalOf(head, 'grossWeight'), waybill ? decimalOf(headOfLive(waybill), 'weight') : undefined];
  if (own !== undefined && other !== undefined && own !== other)
    report('grossWeight', { own: format5(own), waybill: format5(other) });
});
rule(
  'M-SIGNED-STATUS',
  'reject',
  ['CEB513Message'],
  `${SPEC} CEB513 logisticsStatus`,
  ({ head, parameters }, report) => {
    if (filled(head['logisticsStatus']) && head['logisticsStatus'] !== parameters.signedStatus)
      report('logisticsStatus', { value: head['logisticsStatus'], expected: parameters.signedStatus });
  },
);
rule('M-SIGNED-AHEAD', 'reject', ['CEB513Message'], `${SPEC} CEB513 logisticsTime`, ({ head }, report) => {
  const [signed, filed] = [head['logisticsTime'], head['appTime']];
  if (filled(signed) && filled(filed) && signed.length === filed.length && signed > filed)
    report('logisticsTime', { signed, filed });
});

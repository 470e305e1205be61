/**
 * Checks of a 报关单 (DecMessage) beyond its single fields. What is absent or unreadable makes a rule silent, because the `DOC-…` checks
 * speak about that.
 */
import { ceb303, decMessage } from '../../documents/catalogue.ts';
import type { FindingLevel } from '../../documents/finding.ts';
import {
  type AnyDocument,
  characterLength,
  type FieldSpec,
  headOf,
  knownBy,
  linesOf,
  type PartSpec,
  rowsOf,
  type Values,
} from '../../documents/spec.ts';
import { listParams } from '../../i18n/words.ts';
import { type Decimal5, format5, sum5, tryParse5 } from '../../money/decimal.ts';
import { isProduct } from './context.ts';
import type { TradePapers } from './facts.ts';
import type { MessageRule, Opened, Report } from './message-rule.ts';

const SW = '国际贸易单一窗口接口说明 2018-08 报关单';
const FILLING = '海关总署公告 2019 年第 18 号 报关单填制规范';
const B2B = '海关总署公告 2020 年第 75 号';

const rules: MessageRule[] = [];
function rule(id: string, level: FindingLevel, source: string, run: MessageRule['run']): void {
  rules.push({ id, level, source, messages: ['DecMessage'], run });
}
/** A rule of one item, lines counted from 1. */
function itemRule(
  id: string,
  level: FindingLevel,
  source: string,
  run: (item: Values, report: (field: string, params?: Record<string, string | number>) => void, of: Opened) => void,
): void {
  rule(id, level, source, (opened, report) => {
    for (const [index, item] of opened.lines.entries())
      run(item, (field, params = {}) => report(field, { no: index + 1, ...params }, index + 1), opened);
  });
}

const filled = (text: string | undefined): text is string => text !== undefined && text !== '';
const figure = (values: Values, name: string): Decimal5 | undefined => tryParse5(values[name] ?? '');
const isExport = ({ head }: Opened): boolean => head['IEFlag'] === 'E';

/** Rows of a group beside the head, with the path of each. */
function group(opened: Opened, name: string): readonly { readonly row: Values; readonly at: string }[] {
  const part = decMessage.parts.find((one) => one.name === name);
  return part === undefined
    ? []
    : rowsOf(part, opened.body).map((row, index) => ({ row: row as Values, at: `${name}[${index + 1}]/` }));
}
/** Numbers of items in a text as `1,3`. */
const itemsIn = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(/[,，]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

itemRule('D-ITEM-NUMBER', 'reject', `${SW} GNo`, (item, report, { lines }) => {
  const at = lines.indexOf(item) + 1;
  if (filled(item['GNo']) && Number(item['GNo']) !== at) report('GNo', { value: item['GNo'], expected: at });
});

itemRule('D-CODE-FORM', 'reject', `${FILLING} 商品编号`, (item, report) => {
  const code = item['CodeTS'];
  if (filled(code) && !/^\d{10}$/.test(code)) report('CodeTS', { value: code });
});

itemRule('D-QUANTITY', 'reject', `${FILLING} 数量及单位`, (item, report) => {
  for (const name of ['GQty', 'FirstQty']) if (figure(item, name) === 0n) report(name, { value: item[name] ?? '' });
});

itemRule('D-ITEM-TOTAL', 'reject', `${FILLING} 单价、总价`, (item, report) => {
  const [qty, price, total] = [figure(item, 'GQty'), figure(item, 'DeclPrice'), figure(item, 'DeclTotal')];
  if (qty === undefined || price === undefined || total === undefined) return;
  // Price and total have four decimals.
  const product = (qty * price + 50_000n) / 100_000n;
  if (!isProduct(qty, price, total, 4)) report('DeclTotal', { total: format5(total), product: format5(product) });
});

itemRule('D-SECOND-UNIT', 'reject', `${FILLING} 数量及单位`, (item, report) => {
  const [hasUnit, hasQuantity] = [filled(item['SecondUnit']), filled(item['SecondQty'])];
  if (hasUnit && !hasQuantity) report('SecondQty');
  if (hasQuantity && !hasUnit) report('SecondUnit');
});

itemRule('D-LEGAL-QUANTITY', 'reject', `${FILLING} 数量及单位`, (item, report) => {
  const traded = figure(item, 'GQty');
  if (traded === undefined) return;
  for (const [unit, quantity] of [
    ['FirstUnit', 'FirstQty'],
    ['SecondUnit', 'SecondQty'],
  ] as const) {
    const legal = figure(item, quantity);
    if (filled(item[unit]) && item[unit] === item['GUnit'] && legal !== undefined && legal !== traded)
      report(quantity, { legal: format5(legal), traded: format5(traded) });
  }
});

itemRule('D-ELEMENTS', 'doubt', `${FILLING} 规格型号`, (item, report) => {
  const model = item['GModel'];
  if (!filled(model) || !/^[0-4]\|[0-3](\||$)/.test(model)) report('GModel', { value: model ?? '' });
});

itemRule('D-COUNTRIES-SWAPPED', 'doubt', `${SW} OriginCountry`, (item, report, opened) => {
  // Of an export the element of origin carries the destination; China there is the usual mistake.
  const own = opened.borrowed.declaration?.ownCountry;
  if (
    isExport(opened) &&
    own !== undefined &&
    item['OriginCountry'] === own &&
    filled(item['DestinationCountry']) &&
    item['DestinationCountry'] !== own
  )
    report('OriginCountry');
});

itemRule('D-DESTINATION', 'doubt', `${FILLING} 运抵国、最终目的国`, (item, report, opened) => {
  const [destination, arrival] = [item['OriginCountry'], opened.head['TradeCountry']];
  const isHome = destination === opened.borrowed.declaration?.ownCountry;
  if (isExport(opened) && filled(destination) && filled(arrival) && destination !== arrival && !isHome)
    report('OriginCountry', { destination, arrival });
});

itemRule('D-LICENCE-ITEM', 'reject', `${SW} DecGoodsLimit/GoodsNo`, (item, report, { lines }) => {
  const [part] = decMessage.lines.parts;
  const at = lines.indexOf(item) + 1;
  for (const [index, row] of rowsOf(part, item as AnyDocument).entries()) {
    const { GoodsNo } = row as Values;
    if (filled(GoodsNo) && GoodsNo !== item['GNo'])
      report(`DecList[${at}]/DecGoodsLimit[${index + 1}]/GoodsNo`, { value: GoodsNo, item: item['GNo'] ?? '' });
  }
});

rule('D-WEIGHTS', 'reject', `${FILLING} 毛重、净重`, ({ head }, report) => {
  const [gross, net] = [figure(head, 'GrossWet'), figure(head, 'NetWt')];
  if (gross === 0n) report('GrossWet', { gross: '0', net: net === undefined ? '' : format5(net) });
  else if (net === 0n || (gross !== undefined && net !== undefined && net > gross))
    report('NetWt', { gross: gross === undefined ? '' : format5(gross), net: format5(net) });
});

rule('D-NET-OF-ITEMS', 'doubt', `${FILLING} 净重`, ({ head, lines, borrowed }, report) => {
  const net = figure(head, 'NetWt');
  const kilogram = borrowed.declaration?.weightUnit;
  const weights = lines.map((line) =>
    kilogram !== undefined && line['FirstUnit'] === kilogram
      ? figure(line, 'FirstQty')
      : kilogram !== undefined && line['SecondUnit'] === kilogram
        ? figure(line, 'SecondQty')
        : undefined,
  );
  const known = weights.filter((one) => one !== undefined);
  if (net === undefined || lines.length === 0 || known.length < lines.length) return;
  const sum = sum5(known);
  if (sum !== net) report('NetWt', { net: format5(net), sum: format5(sum) });
});

rule('D-PACKAGES', 'reject', `${FILLING} 件数`, ({ head }, report) => {
  if (filled(head['PackNo']) && Number(head['PackNo']) < 1) report('PackNo', { value: head['PackNo'] });
});

rule('D-CURRENCIES', 'doubt', `${FILLING} 币制`, ({ lines }, report) => {
  const currencies = [...new Set(lines.map((line) => line['TradeCurr']).filter(filled))];
  const other = lines.findIndex((line) => filled(line['TradeCurr']) && line['TradeCurr'] !== currencies[0]);
  if (currencies.length > 1) report('TradeCurr', listParams('currencies', currencies), other + 1);
});

const fees = ['Fee', 'Insur', 'Other'] as const;
rule('D-FEE-PARTS', 'reject', `${FILLING} 运费、保费、杂费`, ({ head }, report) => {
  for (const fee of fees) {
    const [mark, rate, currency] = [head[`${fee}Mark`], head[`${fee}Rate`], head[`${fee}Curr`]];
    if (!filled(mark) && !filled(rate) && !filled(currency)) continue;
    if (!filled(mark)) report(`${fee}Mark`);
    if (!filled(rate)) report(`${fee}Rate`);
    // A rate has no currency, an amount has.
    if (filled(mark) && mark !== '1' && !filled(currency)) report(`${fee}Curr`);
  }
});

rule('D-FEE-TERMS', 'doubt', `${FILLING} 成交方式`, (opened, report) => {
  const { head, borrowed } = opened;
  const terms = borrowed.declaration?.termFees[head['TransMode'] ?? ''];
  if (terms === undefined || !isExport(opened)) return;
  for (const [wanted, field] of [
    [terms.freight, 'FeeRate'],
    [terms.insurance, 'InsurRate'],
  ] as const)
    if (filled(head[field]) !== wanted) report(field, { terms: head['TransMode'] ?? '' });
});

rule('D-MODE', 'reject', `${B2B} 监管方式`, ({ head, parameters }, report) => {
  const mode = head['TradeMode'];
  // Retail goes by list and is summed up by customs.
  if (filled(mode) && parameters.directModes.includes(mode)) report('TradeMode', { mode });
});

rule('D-B2B-PAPER', 'reject', `${B2B} 随附单证`, (opened, report) => {
  const mode = opened.head['TradeMode'] ?? '';
  const code = opened.borrowed.declaration?.b2bPaper;
  if (!opened.parameters.b2bListModes.includes(mode) || code === undefined) return;
  const papers = group(opened, 'EdocRealation');
  const paper = papers.find(({ row }) => row['EdocCode'] === code);
  if (!filled(paper?.row['EdocID']))
    report(`${paper?.at ?? `EdocRealation[${papers.length + 1}]/`}EdocID`, { mode, code });
});

// The description of 2026 takes more characters than the only schema that was published; which of them a receiver goes by is not known.
rule('D-SCHEMA-2018', 'note', `${SW}；中国电子口岸 2026 年报关单填写说明`, ({ head, body, lines }, report) => {
  const look = (fields: readonly FieldSpec[], values: Values, at: string, line?: number): void => {
    for (const field of fields) {
      const actual = characterLength(values[field.name] ?? '');
      if (field.kind === 'text' && field.older !== undefined && actual > field.older)
        report(at + field.name, { field: field.zh, fieldEn: field.en, actual, max: field.older }, line);
    }
  };
  const within = (parts: readonly PartSpec[], of: AnyDocument, at: string): void => {
    for (const part of parts)
      for (const [index, row] of rowsOf(part, of).entries()) {
        const place = `${at}${part.name}${part.max === 1 ? '' : `[${index + 1}]`}/`;
        look(part.fields, row as Values, place);
        within(part.parts ?? [], row as AnyDocument, place);
      }
  };
  look(decMessage.head.fields, head, '');
  for (const [index, line] of lines.entries()) {
    look(decMessage.lines.fields, line, '', index + 1);
    within(decMessage.lines.parts, line as AnyDocument, `${decMessage.lines.name}[${index + 1}]/`);
  }
  within(decMessage.parts, body, '');
});

// The schema demands one to ten; the description of 2026 asks for none to store or declare. Said, and left to the declarer.
rule('D-EDOC', 'doubt', `${SW} EdocRealation 1..10`, (opened, report) => {
  const isB2b = opened.parameters.b2bListModes.includes(opened.head['TradeMode'] ?? '');
  if (opened.lines.length > 0 && !isB2b && group(opened, 'EdocRealation').length === 0)
    report('EdocRealation[1]/EdocID');
});

/** The orders that the paper of a B2B export names, as the book has them: each with the path of its row. */
function ordersNamed(opened: Opened): { readonly at: string; readonly no: string; readonly order: Values | null }[] {
  const code = opened.borrowed.declaration?.b2bPaper;
  if (!opened.parameters.b2bListModes.includes(opened.head['TradeMode'] ?? '') || code === undefined) return [];
  return group(opened, 'EdocRealation').flatMap(({ row, at }) => {
    const no = row['EdocID'];
    const found =
      row['EdocCode'] === code && filled(no) ? opened.facts.document?.('CEB303Message', 'orderNo', no) : undefined;
    return found === undefined || !filled(no) ? [] : [{ at, no, order: found && headOf(ceb303, found.body) }];
  });
}

rule('D-B2B-ORDER', 'doubt', `${B2B} 随附单证、订单`, (opened, report) => {
  for (const { at, no, order } of ordersNamed(opened)) if (order === null) report(`${at}EdocID`, { no });
});

rule('D-B2B-AMOUNT', 'doubt', `${B2B} 三单比对`, (opened, report) => {
  const named = ordersNamed(opened);
  const [first] = named;
  const totals = opened.lines.map((line) => figure(line, 'DeclTotal'));
  if (first === undefined || totals.includes(undefined)) return;
  const orders = named.flatMap(({ order }) => (order === null ? [] : [order]));
  // One that is not there leaves the sum open.
  if (orders.length < named.length) return;
  const lettersOf = (code: string | undefined): string | undefined =>
    opened.tables.get('currency')?.lookup(code ?? '')?.more['alpha3'];
  const currency = opened.lines[0]?.['TradeCurr'] ?? '';
  const other = orders
    .map(({ currency: code }) => lettersOf(code))
    .find((one) => one !== undefined && one !== currency);
  if (other !== undefined && currency !== '') report('TradeCurr', { currency, order: other }, 1);
  const sum = sum5(totals.filter((total) => total !== undefined));
  const goods = sum5(orders.map((order) => figure(order, 'goodsValue') ?? 0n));
  const freight = sum5(orders.map((order) => figure(order, 'freight') ?? 0n));
  // By its terms a declaration states the goods alone or with their freight.
  if (other === undefined && sum !== goods && sum !== goods + freight)
    report(`${first.at}EdocID`, { currency: format5(sum), order: format5(goods) });
});

/** 随附单证 are to agree with what is declared: the declarer answers for both. */
const PAPERS = '海关总署公告 2019 年第 18 号 报关单填制规范；随附的商业发票、装箱单';

interface Declared {
  readonly heads: readonly Values[];
  readonly lines: readonly Values[];
}
/** All that the invoice and packing list are of, this declaration among it. */
function declaredWith({ head, lines }: Opened, others: readonly AnyDocument[]): Declared {
  return {
    heads: [head, ...others.map((body) => headOf(decMessage, body))],
    lines: [...lines, ...others.flatMap((body) => linesOf(decMessage, body))],
  };
}
/** The sum of a field; undefined where one is not there. */
function total(rows: readonly Values[], name: string): Decimal5 | undefined {
  const figures = rows.map((row) => figure(row, name));
  return figures.includes(undefined) ? undefined : sum5(figures.filter((one) => one !== undefined));
}
/** A rule that holds a total of the declaration against what was typed from a paper. */
function paperRule(
  id: string,
  field: string,
  typed: (papers: TradePapers) => Decimal5 | undefined,
  stated: (of: Declared) => Decimal5 | undefined,
): void {
  rule(id, 'doubt', PAPERS, (opened, report) => {
    const papers = opened.facts.tradePapers?.();
    const paper = papers === undefined ? undefined : typed(papers);
    if (papers === undefined || paper === undefined) return;
    const sum = stated(declaredWith(opened, papers.others));
    if (sum !== undefined && sum !== paper)
      report(field, { paper: format5(paper), declared: format5(sum) }, field in opened.head ? undefined : 1);
  });
}

rule('D-INVOICE-CURRENCY', 'doubt', PAPERS, (opened, report) => {
  const currency = opened.facts.tradePapers?.()?.currency ?? '';
  if (currency === '') return;
  const at = opened.lines.findIndex(({ TradeCurr }) => filled(TradeCurr) && TradeCurr !== currency);
  if (at >= 0) report('TradeCurr', { paper: currency, declared: opened.lines[at]?.['TradeCurr'] ?? '' }, at + 1);
});
paperRule(
  'D-INVOICE-AMOUNT',
  'DeclTotal',
  ({ amount }) => amount,
  ({ lines }) => total(lines, 'DeclTotal'),
);
paperRule(
  'D-PACKING-QUANTITY',
  'GQty',
  ({ quantity }) => quantity,
  // Pieces and kilograms make no sum.
  ({ lines }) => (new Set(lines.map(({ GUnit }) => GUnit)).size === 1 ? total(lines, 'GQty') : undefined),
);
paperRule(
  'D-PACKING-PACKAGES',
  'PackNo',
  ({ packages }) => packages,
  ({ heads }) => total(heads, 'PackNo'),
);
paperRule(
  'D-PACKING-GROSS',
  'GrossWet',
  ({ gross }) => gross,
  ({ heads }) => total(heads, 'GrossWet'),
);
paperRule(
  'D-PACKING-NET',
  'NetWt',
  ({ net }) => net,
  ({ heads }) => total(heads, 'NetWt'),
);

rule('D-STATEMENTS', 'doubt', `${SW} PromiseItmes`, ({ head }, report) => {
  const value = head['PromiseItmes'];
  if (filled(value) && !/^[019]{3}(?:[019]{2})?$/.test(value)) report('PromiseItmes', { value });
});

rule('D-OWNER-CODE', 'reject', `${FILLING} 生产销售单位`, ({ head }, report) => {
  for (const name of ['TradeCoScc', 'OwnerCodeScc', 'AgentCodeScc']) {
    const value = head[name];
    if (filled(value) && !/^[0-9A-Z]{18}$/.test(value) && !(value === 'NO' && name === 'OwnerCodeScc'))
      report(name, { value });
  }
});

rule('D-TRANSPORT', 'doubt', `${FILLING} 运输工具名称及航次号`, ({ head }, report) => {
  // By water and by air goods have a vessel or flight, and a bill of their own.
  if (!['2', '5'].includes(head['TrafMode'] ?? '')) return;
  for (const name of ['TrafName', 'BillNo']) if (!filled(head[name])) report(name);
});

function missing(opened: Opened, text: string | undefined): string | undefined {
  const known = new Set(opened.lines.map((line) => line['GNo']));
  return itemsIn(text).find((one) => !known.has(one));
}
rule('D-ITEM-UNKNOWN', 'reject', `${SW} 商品项号`, (opened, report) => {
  for (const [name, field] of [
    ['Container', 'GoodsNo'],
    ['TrnContaGoods', 'GNo'],
    ['EcoRelation', 'DecGNo'],
  ] as const)
    for (const { row, at } of group(opened, name)) {
      const value = missing(opened, row[field]);
      if (value !== undefined) report(at + field, { value });
    }
});

rule('D-SIGNATURE', 'reject', `${SW} DecSign`, (opened, report: Report) => {
  const known = knownBy(opened.spec, opened.body);
  // Stored for a person to declare needs no signature, declared by the message does.
  if (known['OperType'] === 'C' && !filled(known['Sign'])) report('DecSign/Sign');
});

/** All rules of the goods declaration, in the order their findings are listed. */
export const declarationRules: readonly MessageRule[] = rules;

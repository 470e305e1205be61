/**
 * A sale in plain words (简易模式): to whom, what, how much, for how much, when. It is no record of its own but a way of reading and
 * writing a 报关单 (DecMessage), so that a broker opens the same draft and finds the same values. Pure; amounts are decimal text.
 */
import { decMessage } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, rowsOf, type Values } from '../documents/spec.ts';
import { format5, parse5, sum5, tryParse5 } from '../money/decimal.ts';
import { B2B_PAPER, CHINA, KILOGRAM } from './codes.ts';
import type { EditOperation } from './edit.ts';

/** The questions, in the order they are asked. */
export const saleSteps = ['who', 'what', 'many', 'price', 'when'] as const;
export type SaleStep = (typeof saleSteps)[number];

/** 一般贸易, agreed between the two; 跨境电商B2B直接出口, agreed on a platform. */
export const saleModes = { direct: '0110', platform: '9710' } as const;
/** 计量单位: 千克, 箱. */
export const saleUnits = { kilogram: KILOGRAM, box: '120' } as const;
/** 成交方式: who pays for the way abroad. */
export const saleTerms = { buyer: '3', freight: '2', freightAndInsurance: '1' } as const;

/** The B2B paper in the structured form. */
const STRUCTURED = 'S';
/** 运费标记 3: an amount for all of it. */
const WHOLE = '3';
const BY_LAW = '1';
/** Decimals of a price in the format. */
const PRICE_DECIMALS = 4;

export interface SaleGoods {
  readonly sku: string;
  readonly name: string;
  readonly qty: string;
  /** Code of 计量单位. */
  readonly unit: string;
  readonly price: string;
  readonly total: string;
}

export interface Sale {
  readonly buyer: string;
  /** Three letters. */
  readonly country: string;
  /** 监管方式. */
  readonly mode: string;
  /** The platform's number of the order, asked for where the sale was agreed there. */
  readonly platformOrder: string;
  readonly goods: readonly SaleGoods[];
  readonly packages: string;
  /** 包装种类. */
  readonly wrap: string;
  /** Kilograms. */
  readonly net: string;
  readonly gross: string;
  /** Whether the net weight follows from the quantities: all of them are in kilograms. */
  readonly isNetKnown: boolean;
  readonly currency: string;
  /** Sum of the goods in {@link currency}. */
  readonly total: string;
  /** 成交方式. */
  readonly terms: string;
  readonly freight: string;
  readonly insurance: string;
  /** `yyyy-mm-dd`, or as it stands where it is no date. */
  readonly leaveOn: string;
  /** 运输方式. */
  readonly transport: string;
  /** 出境关别, 离境口岸, 指运港: codes of their tables. */
  readonly exitCustoms: string;
  readonly exitPort: string;
  readonly arrivalPort: string;
}

/** What a product of the book gives to an item. */
export interface SaleProduct {
  readonly sku: string;
  readonly nameCn: string;
  readonly hsCode: string;
  readonly gmodel: string;
  readonly unit: string;
  readonly unit1: string;
  readonly unit2: string;
}

export type SaleChange = Partial<
  Pick<
    Sale,
    | 'buyer'
    | 'country'
    | 'mode'
    | 'platformOrder'
    | 'packages'
    | 'wrap'
    | 'net'
    | 'gross'
    | 'currency'
    | 'terms'
    | 'freight'
    | 'insurance'
    | 'leaveOn'
    | 'transport'
    | 'exitCustoms'
    | 'exitPort'
    | 'arrivalPort'
  >
>;

const isBlank = (line: Values): boolean => (line['GName'] ?? '') === '' && (line['ExgNo'] ?? '') === '';
const isKilogram = (line: Values): boolean => line['GUnit'] === saleUnits.kilogram;
const textOf = (values: Values | undefined, name: string): string => values?.[name] ?? '';
/** Lines that name goods; a blank declaration has one that does not. */
const goodsLines = (body: AnyDocument): readonly { readonly line: Values; readonly at: number }[] =>
  linesOf(decMessage, body).flatMap((line, index) => (isBlank(line) ? [] : [{ line, at: index + 1 }]));

/** The row of the B2B paper, and the number it has or would get. */
function platformPaper(body: AnyDocument): { readonly row: Values | undefined; readonly at: number } {
  const part = decMessage.parts.find(({ name }) => name === 'EdocRealation');
  const rows = part === undefined ? [] : (rowsOf(part, body) as readonly Values[]);
  const index = rows.findIndex((row) => row['EdocCode'] === B2B_PAPER);
  return index < 0 ? { row: undefined, at: rows.length + 1 } : { row: rows[index], at: index + 1 };
}

/** The sum of quantities in kilograms; undefined while one is in another unit or unreadable. */
function netOf(lines: readonly Values[]): string | undefined {
  const weights = lines.map((line) => (isKilogram(line) ? tryParse5(textOf(line, 'GQty')) : undefined));
  const known = weights.filter((one) => one !== undefined);
  return lines.length === 0 || known.length < lines.length ? undefined : format5(sum5(known));
}

/** The net weight the goods come to; one they came to before and do not any more is nobody's answer, and goes. */
function netFollows(body: AnyDocument, net: string | undefined): EditOperation[] {
  if (net !== undefined) return [setHead('NetWt', net)];
  const before = netOf(goodsLines(body).map(({ line }) => line));
  return before !== undefined && before === textOf(headOf(decMessage, body), 'NetWt') ? [setHead('NetWt', '')] : [];
}

/** Reads a sale out of a declaration. What it does not say is the empty text. */
export function saleOf(body: AnyDocument): Sale {
  const head = headOf(decMessage, body);
  const of = (name: string): string => textOf(head, name);
  const lines = goodsLines(body).map(({ line }) => line);
  const totals = lines.map((line) => tryParse5(textOf(line, 'DeclTotal'))).filter((one) => one !== undefined);
  return {
    buyer: of('OverseasConsigneeEname'),
    country: of('TradeCountry'),
    mode: of('TradeMode'),
    platformOrder: textOf(platformPaper(body).row, 'EdocID'),
    goods: lines.map((line) => ({
      sku: textOf(line, 'ExgNo'),
      name: textOf(line, 'GName'),
      qty: textOf(line, 'GQty'),
      unit: textOf(line, 'GUnit'),
      price: textOf(line, 'DeclPrice'),
      total: textOf(line, 'DeclTotal'),
    })),
    packages: of('PackNo'),
    wrap: of('WrapType'),
    net: of('NetWt'),
    gross: of('GrossWet'),
    isNetKnown: lines.length > 0 && lines.every(isKilogram),
    currency: lines.map((line) => textOf(line, 'TradeCurr')).find((one) => one !== '') ?? '',
    total: totals.length === 0 ? '' : format5(sum5(totals)),
    terms: of('TransMode'),
    freight: amountOfFee(head, 'Fee'),
    insurance: amountOfFee(head, 'Insur'),
    leaveOn: of('IEDate').replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3'),
    transport: of('TrafMode'),
    exitCustoms: of('IEPort'),
    exitPort: of('EntyPortCode'),
    arrivalPort: of('DistinatePort'),
  };
}

const set = (path: string, value: string): EditOperation => ({ op: 'set', path, value });
const setHead = (name: string, value: string): EditOperation => set(`DecHead/${name}`, value);
const setLine = (at: number, name: string, value: string): EditOperation => set(`DecList[${at}]/${name}`, value);

/** What a fee says where it is an amount; empty where a broker has given a rate or an amount of each piece. */
function amountOfFee(head: Values | undefined, name: 'Fee' | 'Insur'): string {
  const mark = textOf(head, `${name}Mark`);
  return mark === '' || mark === WHOLE ? textOf(head, `${name}Rate`) : '';
}

/** An amount for the whole way, in the currency of the sale; none: all three fields are emptied. */
function fee(name: 'Fee' | 'Insur', amount: string, currency: string): EditOperation[] {
  const isThere = amount !== '';
  return [
    setHead(`${name}Rate`, amount),
    setHead(`${name}Mark`, isThere ? WHOLE : ''),
    setHead(`${name}Curr`, isThere ? currency : ''),
  ];
}

/** The operations that make a declaration say what was answered. What follows from an answer (every item's destination) follows here. */
export function saleOperations(body: AnyDocument, change: SaleChange): EditOperation[] {
  const before = saleOf(body);
  const lines = goodsLines(body);
  const done: EditOperation[] = [];
  const plain = {
    buyer: 'OverseasConsigneeEname',
    packages: 'PackNo',
    wrap: 'WrapType',
    gross: 'GrossWet',
    transport: 'TrafMode',
    exitPort: 'EntyPortCode',
    arrivalPort: 'DistinatePort',
  } as const;
  for (const [name, field] of Object.entries(plain) as [keyof typeof plain, string][]) {
    const value = change[name];
    if (value !== undefined) done.push(setHead(field, value));
  }
  const { country, mode, net, leaveOn, exitCustoms } = change;
  if (country !== undefined)
    done.push(
      setHead('TradeCountry', country),
      setHead('TradeAreaCode', country),
      ...lines.map(({ at }) => setLine(at, 'OriginCountry', country)),
    );
  if (leaveOn !== undefined) done.push(setHead('IEDate', leaveOn.replaceAll('-', '')));
  if (exitCustoms !== undefined) {
    const head = headOf(decMessage, body);
    const declared = textOf(head, 'CustomMaster');
    done.push(setHead('IEPort', exitCustoms));
    // Declared where it leaves, unless a broker has said otherwise.
    if (declared === '' || declared === before.exitCustoms) done.push(setHead('CustomMaster', exitCustoms));
  }
  if (mode !== undefined || change.platformOrder !== undefined)
    done.push(...agreed(body, mode ?? before.mode, change.platformOrder ?? before.platformOrder));
  if (net !== undefined) done.push(...weigh(lines, net));
  const currency = change.currency ?? before.currency;
  if (change.currency !== undefined) for (const { at } of lines) done.push(setLine(at, 'TradeCurr', currency));
  if (change.terms !== undefined) done.push(setHead('TransMode', change.terms));
  const terms = change.terms ?? before.terms;
  const paid = {
    Fee: terms === saleTerms.freight || terms === saleTerms.freightAndInsurance,
    Insur: terms === saleTerms.freightAndInsurance,
  };
  const head = headOf(decMessage, body);
  for (const [name, amount] of [
    ['Fee', change.freight],
    ['Insur', change.insurance],
  ] as const) {
    if (change.terms !== undefined && !paid[name]) done.push(...fee(name, '', currency));
    else if (amount !== undefined) done.push(...fee(name, paid[name] ? amount : '', currency));
    // An amount in the sale's own currency goes with it. A rate has none, and one in another currency is the broker's word.
    else if (
      change.currency !== undefined &&
      textOf(head, `${name}Mark`) === WHOLE &&
      textOf(head, `${name}Curr`) === before.currency
    )
      done.push(setHead(`${name}Curr`, currency));
  }
  return done;
}

/** Where the sale was agreed. Customs finds that of a platform by its order. */
function agreed(body: AnyDocument, mode: string, order: string): EditOperation[] {
  const { row, at } = platformPaper(body);
  const at1 = `EdocRealation[${at}]`;
  if (mode === saleModes.platform)
    return [
      setHead('TradeMode', mode),
      set(`${at1}/EdocCode`, B2B_PAPER),
      set(`${at1}/EdocFomatType`, STRUCTURED),
      set(`${at1}/EdocID`, order),
    ];
  // A row whose last field is emptied goes.
  const fields = row === undefined ? [] : Object.keys(row);
  return [setHead('TradeMode', mode), ...fields.map((field) => set(`${at1}/${field}`, ''))];
}

/** The net weight, and the legal quantity that it is where one item is sold by the box. */
function weigh(lines: readonly { readonly line: Values; readonly at: number }[], net: string): EditOperation[] {
  const [only, ...others] = lines;
  if (only === undefined || others.length > 0 || isKilogram(only.line)) return [setHead('NetWt', net)];
  const legal = (['First', 'Second'] as const).filter((name) => only.line[`${name}Unit`] === saleUnits.kilogram);
  return [setHead('NetWt', net), ...legal.map((name) => setLine(only.at, `${name}Qty`, net))];
}

/** Puts a product on the sale. `district`: 境内货源地 of the firm, empty where it is none of the table. */
export function addGoods(body: AnyDocument, product: SaleProduct, district: string): EditOperation[] {
  const { country, currency } = saleOf(body);
  const all = linesOf(decMessage, body);
  const blanks = all.flatMap((line, index) => (isBlank(line) ? [index + 1] : []));
  const values = {
    DutyMode: BY_LAW,
    DestinationCountry: CHINA,
    ExgNo: product.sku,
    GName: product.nameCn,
    CodeTS: product.hsCode,
    GModel: product.gmodel,
    GUnit: product.unit === saleUnits.box ? saleUnits.box : saleUnits.kilogram,
    FirstUnit: product.unit1,
    SecondUnit: product.unit2,
    OriginCountry: country,
    TradeCurr: currency,
    DistrictCode: district,
  };
  const line = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
  return [
    // From the last one, so that those before keep their numbers.
    ...blanks.toReversed().map((at): EditOperation => ({ op: 'delete', at, count: 1 })),
    { op: 'insert', at: all.length - blanks.length + 1, lines: [line] },
    ...netFollows(body, netOf([...goodsLines(body).map((one) => one.line), line])),
  ];
}

/** Takes goods off, counted from 0 as {@link Sale.goods} has them. */
export function removeGoods(body: AnyDocument, index: number): EditOperation[] {
  const lines = goodsLines(body);
  const found = lines[index];
  if (found === undefined) return [];
  const left = lines.toSpliced(index, 1).map(({ line }) => line);
  const net = netOf(left);
  return [{ op: 'delete', at: found.at, count: 1 }, ...netFollows(body, net)];
}

/** Quantity, unit or price of goods, with the legal quantities and the net weight that follow from a quantity in their unit. */
export function changeGoods(
  body: AnyDocument,
  index: number,
  change: Partial<Pick<SaleGoods, 'qty' | 'unit' | 'price'>>,
): EditOperation[] {
  const lines = goodsLines(body);
  const found = lines[index];
  if (found === undefined) return [];
  const { at, line } = found;
  const done: EditOperation[] = [];
  if (change.price !== undefined) done.push(setLine(at, 'DeclPrice', change.price));
  // The unit it has already: what hangs on it, a legal quantity among it, stays.
  if (change.qty === undefined && change.unit === textOf(line, 'GUnit')) return done;
  if (change.qty === undefined && change.unit === undefined) return done;
  const qty = change.qty ?? textOf(line, 'GQty');
  const unit = change.unit ?? textOf(line, 'GUnit');
  done.push(setLine(at, 'GUnit', unit), setLine(at, 'GQty', qty));
  for (const name of ['First', 'Second'] as const) {
    const legal = textOf(line, `${name}Unit`);
    if (legal === unit) done.push(setLine(at, `${name}Qty`, qty));
    // Boxes say nothing of a quantity in kilograms: it waits for the weight.
    else if (change.unit !== undefined && legal !== '') done.push(setLine(at, `${name}Qty`, ''));
  }
  const net = netOf(lines.map((one, other) => (other === index ? { ...line, GQty: qty, GUnit: unit } : one.line)));
  done.push(...netFollows(body, net));
  return done;
}

/** Whether a price can stand as it was typed: no more decimals than the format has. */
export function isPrice(text: string): boolean {
  return new RegExp(`^\\d{1,15}(\\.\\d{1,${PRICE_DECIMALS}})?$`).test(text) && parse5(text) > 0n;
}

const stepOfHead: Readonly<Record<string, SaleStep>> = {
  OverseasConsigneeEname: 'who',
  TradeCountry: 'who',
  TradeAreaCode: 'who',
  PackNo: 'many',
  WrapType: 'many',
  NetWt: 'many',
  GrossWet: 'many',
  TransMode: 'price',
  FeeRate: 'price',
  InsurRate: 'price',
  IEDate: 'when',
  TrafMode: 'when',
  IEPort: 'when',
  CustomMaster: 'when',
  EntyPortCode: 'when',
  DistinatePort: 'when',
};
const stepOfLine: Readonly<Record<string, SaleStep>> = {
  GName: 'what',
  GQty: 'many',
  GUnit: 'many',
  DeclPrice: 'price',
  DeclTotal: 'price',
  TradeCurr: 'price',
  OriginCountry: 'who',
};

/** The question that answers a finding, by its path; undefined for what only a broker can say. */
export function stepOfPath(path: string): SaleStep | undefined {
  const [, group = '', field = path] = /^(\w+)(?:\[\d+\])?\/(\w+)$/.exec(path) ?? [];
  if (group === 'DecHead') return stepOfHead[field];
  if (group === 'DecList') return stepOfLine[field];
  if (group === 'EdocRealation') return 'who';
  return group === '' && path === 'DecList' ? 'what' : undefined;
}

/** The field in which the answer to a question begins, for the place that is kept with the draft; and back. */
const placeOfStep: Readonly<Record<SaleStep, string>> = {
  who: 'DecHead/OverseasConsigneeEname',
  what: 'DecList[1]/GName',
  many: 'DecList[1]/GQty',
  price: 'DecList[1]/DeclPrice',
  when: 'DecHead/IEDate',
};
export const saleCheckPlace = 'DecHead/NoteS';
export function salePlace(step: SaleStep | 'check'): string {
  return step === 'check' ? saleCheckPlace : placeOfStep[step];
}
/**
 * Where a sale is opened: at the place it was left, and where that is none of its questions, as after a broker's work, at the first that
 * has no answer. One that passed its checks is only looked through and sent.
 */
export function saleStepAt(path: string | undefined, sale: Sale, isChecked: boolean): SaleStep | 'check' {
  if (isChecked || path === saleCheckPlace) return 'check';
  return (
    saleSteps.find((step) => placeOfStep[step] === path) ?? saleSteps.find((step) => !isAnswered(sale, step)) ?? 'check'
  );
}

/** Whether a question has its answer, as far as the clerk can give it. */
export function isAnswered(sale: Sale, step: SaleStep): boolean {
  const all = (...values: readonly string[]): boolean => values.every((value) => value !== '');
  switch (step) {
    case 'who':
      return (
        all(sale.buyer, sale.country, sale.mode) && (sale.mode !== saleModes.platform || sale.platformOrder !== '')
      );
    case 'what':
      return sale.goods.length > 0;
    case 'many':
      return (
        sale.goods.length > 0 &&
        sale.goods.every(({ qty }) => qty !== '') &&
        all(sale.packages, sale.wrap, sale.net, sale.gross)
      );
    case 'price':
      return sale.goods.length > 0 && sale.goods.every(({ price }) => price !== '') && all(sale.currency, sale.terms);
    case 'when':
      return all(sale.leaveOn, sale.transport, sale.exitCustoms, sale.exitPort, sale.arrivalPort);
  }
}

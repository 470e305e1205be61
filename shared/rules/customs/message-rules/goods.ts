/** Goods lines: arithmetic, units, names, codes. */

import type { MessageName } from '../../../documents/spec.ts';
import { listed } from '../../../i18n/words.ts';
import { type Decimal5, format5, multiply5 } from '../../../money/decimal.ts';
import { elementPairs } from '../../../papers/elements.ts';
import { brandNamed, looksBattery, looksDangerous } from '../../../papers/slots.ts';
import { decimalOf, isProduct } from '../context.ts';
import type { Opened } from '../message-rule.ts';
import { filled, ruleList, SPEC } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as goodsRules };

/** The digit of the type of brand (品牌类型) in a specification, which may call it by name; undefined where it says none. */
function brandTypeIn(gmodel: string, { message, tables }: Opened): string | undefined {
  const pairs = elementPairs(gmodel);
  // Of a goods declaration it is always the first element.
  const stated = pairs.find(({ name }) => name === '品牌类型') ?? (message === 'DecMessage' ? pairs[0] : undefined);
  if (stated === undefined) return undefined;
  if (/^[0-4]$/.test(stated.value)) return stated.value;
  return tables.get('brand_type')?.entries.find(({ zh }) => zh === stated.value)?.code;
}
const namesOf = (message: MessageName) =>
  message === 'DecMessage'
    ? ({ code: 'CodeTS', name: 'GName', model: 'GModel', mode: 'TradeMode' } as const)
    : ({ code: 'gcode', name: 'gname', model: 'gmodel', mode: 'tradeMode' } as const);

rule('M-BRAND', 'doubt', ['CEB603Message', 'DecMessage'], '知识产权海关保护条例第五条', (opened, report) => {
  const { lines, message, facts, borrowed } = opened;
  const { model, name } = namesOf(message);
  for (const [at, line] of lines.entries()) {
    const gmodel = line[model] ?? '';
    const listed = filled(line['itemNo']) ? facts.listedBrand?.(line['itemNo']) : undefined;
    const type = brandTypeIn(gmodel, opened) ?? listed?.type ?? '';
    // A specification that names a brand and says nothing of its type is branded all the same.
    const named = type === '' ? brandNamed(gmodel, borrowed.goods?.noBrandWords ?? []) : undefined;
    const stated = type === '' ? named : `品牌类型:${type}`;
    if (type === '0' || stated === undefined || listed?.hasRight === true) continue;
    if (facts.brandRight?.() === false) report(model, { type: stated, name: line[name] ?? '', no: at + 1 }, at + 1);
  }
});

/** Lines, from 1, whose goods look like having batteries or being dangerous. */
function suspects({ lines, message, borrowed }: Opened): { readonly no: number; readonly name: string }[] {
  const signs = borrowed.goods;
  if (signs === undefined) return [];
  const { code, name, model } = namesOf(message);
  return lines.flatMap((line, at) => {
    const goods = { gcode: line[code] ?? '', gname: line[name] ?? '', nameEn: '', gmodel: line[model] ?? '' };
    return looksBattery(goods, signs) || looksDangerous(goods, signs) ? [{ no: at + 1, name: goods.gname }] : [];
  });
}
const CARRIERS = '承运人一般要求（推定）；papers-by-mode';

rule('M-DANGER-ASK', 'doubt', ['CEB603Message', 'DecMessage'], CARRIERS, (opened, report) => {
  const found = suspects(opened);
  if (found.length === 0 || opened.facts.danger?.().answer !== '') return;
  for (const { no, name } of found) report(namesOf(opened.message).name, { no, name }, no);
});
rule('M-DANGER-PAPERS', 'doubt', ['CEB603Message', 'DecMessage'], CARRIERS, (opened, report) => {
  const { message, head, facts, borrowed } = opened;
  const said = facts.danger?.();
  if (said?.answer !== 'battery' && said?.answer !== 'dangerous') return;
  // Of many lists under one answer those are meant whose goods look like it; a declaration has all the goods.
  const first = suspects(opened)[0] ?? (message === 'DecMessage' ? { no: 1 } : undefined);
  if (first === undefined) return;
  const mode = head[namesOf(message).mode] ?? '';
  const missing = (borrowed.goods?.slots ?? []).filter(
    ({ code, when, level, modes }) =>
      when === said.answer &&
      level === 'must' &&
      (modes.length === 0 || modes.includes(mode)) &&
      !said.onFile.has(code),
  );
  if (missing.length === 0) return;
  const list = (language: 'zh' | 'en'): string =>
    listed(
      missing.map((slot) => slot[language]),
      language,
    );
  report(namesOf(message).name, { papers: list('zh'), papersEn: list('en') }, first.no);
});

rule('M-LINE-PRODUCT', 'doubt', ['CEB311Message', 'CEB621Message'], `${SPEC} totalPrice`, ({ lines }, report) => {
  for (const [at, line] of lines.entries()) {
    const [qty, price, total] = [decimalOf(line, 'qty'), decimalOf(line, 'price'), decimalOf(line, 'totalPrice')];
    if (qty === undefined || price === undefined || total === undefined) continue;
    const expected = multiply5(qty, price);
    if (!isProduct(qty, price, total))
      report('totalPrice', { total: format5(total), expected: format5(expected) }, at + 1);
  }
});

rule(
  'M-QTY-ZERO',
  'reject',
  ['CEB213Message', 'CEB303Message', 'CEB311Message', 'CEB621Message', 'CEB625Message'],
  `${SPEC} qty`,
  ({ lines }, report) => {
    for (const [at, line] of lines.entries())
      for (const field of ['qty', 'qty1']) {
        const value = decimalOf(line, field);
        if (value !== undefined && value <= 0n) report(field, { value: format5(value) }, at + 1);
      }
  },
);

rule('M-PRICE-ZERO', 'doubt', ['CEB311Message', 'CEB621Message'], `${SPEC} price`, ({ lines }, report) => {
  for (const [at, line] of lines.entries())
    if (decimalOf(line, 'price') === 0n) report('price', { itemNo: line['itemNo'] ?? '' }, at + 1);
});

rule('M-SECOND-UNIT', 'reject', ['CEB213Message', 'CEB621Message'], `${SPEC} qty2 unit2`, ({ lines }, report) => {
  for (const [at, line] of lines.entries())
    if (filled(line['unit2']) !== filled(line['qty2']))
      report(
        filled(line['unit2']) ? 'qty2' : 'unit2',
        { unit2: line['unit2'] ?? '', qty2: line['qty2'] ?? '' },
        at + 1,
      );
});

rule('M-LEGAL-QTY', 'doubt', ['CEB213Message', 'CEB621Message'], `${SPEC} qty1 unit1`, ({ lines }, report) => {
  for (const [at, line] of lines.entries()) {
    const [qty, qty1] = [decimalOf(line, 'qty'), decimalOf(line, 'qty1')];
    if (
      filled(line['unit']) &&
      line['unit'] === line['unit1'] &&
      qty !== undefined &&
      qty1 !== undefined &&
      qty !== qty1
    )
      report('qty1', { qty: format5(qty), qty1: format5(qty1) }, at + 1);
  }
});

rule('M-WEIGHT', 'reject', ['CEB621Message'], `${SPEC} grossWeight netWeight`, ({ head }, report) => {
  const [gross, net] = [decimalOf(head, 'grossWeight'), decimalOf(head, 'netWeight')];
  if (net !== undefined && net <= 0n) report('netWeight', { gross: head['grossWeight'] ?? '', net: format5(net) });
  else if (gross !== undefined && net !== undefined && gross < net)
    report('grossWeight', { gross: format5(gross), net: format5(net) });
});

rule(
  'M-WEIGHT-ZERO',
  'reject',
  ['CEB505Message', 'CEB511Message', 'CEB607Message'],
  `${SPEC} grossWeight weight`,
  ({ head }, report) => {
    for (const field of ['grossWeight', 'weight']) {
      const value = decimalOf(head, field);
      if (value !== undefined && value <= 0n) report(field, { value: format5(value) });
    }
  },
);

rule('M-PACKAGES', 'reject', ['CEB511Message', 'CEB621Message'], `${SPEC} packNo`, ({ head }, report) => {
  if (/^0+$/.test(head['packNo'] ?? '')) report('packNo', { packNo: head['packNo'] ?? '' });
});

rule(
  'M-NAME-VAGUE',
  'doubt',
  ['CEB213Message', 'CEB303Message', 'CEB603Message', 'CEB621Message', 'DecMessage'],
  `${SPEC} gname itemName；海关进出口商品规范申报目录`,
  ({ lines, vagueGoods }, report) => {
    for (const [at, line] of lines.entries()) {
      const field = filled(line['GName']) ? 'GName' : filled(line['gname']) ? 'gname' : 'itemName';
      const value = (line[field] ?? '').trim();
      if (value !== '' && vagueGoods.some((word) => word.toLowerCase() === value.toLowerCase()))
        report(field, { value }, at + 1);
    }
  },
);

rule(
  'M-NAME-WIDE',
  'note',
  ['CEB213Message', 'CEB303Message', 'CEB603Message', 'CEB621Message'],
  `${SPEC} gname gmodel`,
  ({ lines }, report) => {
    for (const [at, line] of lines.entries())
      for (const field of ['gname', 'gmodel']) {
        const wide = /[０-９Ａ-Ｚａ-ｚ]/.exec(line[field] ?? '');
        if (wide !== null) report(field, { character: wide[0] }, at + 1);
      }
  },
);

/** Check digit of GS1 numbers (GTIN-8, 12, 13, 14): the rightmost body digit counts three times. */
function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = [...text].map(Number);
  const sum = digits
    .slice(0, -1)
    .reverse()
    .reduce((total, digit, at) => total + digit * (at % 2 === 0 ? 3 : 1), 0);
  return (10 - (sum % 10)) % 10 === digits.at(-1);
}
rule(
  'M-BARCODE',
  'doubt',
  ['CEB303Message', 'CEB311Message', 'CEB603Message', 'CEB621Message'],
  `${SPEC} barCode；GB 12904`,
  ({ lines }, report) => {
    for (const [at, line] of lines.entries()) {
      const value = line['barCode'];
      if (filled(value) && value !== '无' && /^\d+$/.test(value) && !isGtin(value))
        report('barCode', { value }, at + 1);
    }
  },
);

rule(
  'M-ITEM-PRICES',
  'doubt',
  ['CEB303Message', 'CEB311Message', 'CEB603Message', 'CEB621Message'],
  `${SPEC} itemNo price`,
  ({ lines }, report) => {
    const first = new Map<string, { readonly at: number; readonly price: Decimal5 }>();
    for (const [at, line] of lines.entries()) {
      const [itemNo, price] = [line['itemNo'], decimalOf(line, 'price')];
      if (!filled(itemNo) || price === undefined) continue;
      const before = first.get(itemNo);
      if (before === undefined) first.set(itemNo, { at: at + 1, price });
      else if (before.price !== price)
        report('price', { itemNo, price: format5(price), other: format5(before.price), line: before.at }, at + 1);
    }
  },
);

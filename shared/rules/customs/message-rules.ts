/**
 * Checks of one document of any message beyond its single fields: arithmetic, numbers, dates, parties, and what the book knows around
 * it. A rule names the messages it concerns as data, so that it works as soon as the catalogue has them; what is absent or unreadable
 * in a document makes a rule silent, because the `DOC-…` checks speak about that.
 */
import { addDays, addMonths, type IsoDate, parseCompactDate } from '../../calendar/dates.ts';
import { specOf } from '../../documents/catalogue.ts';
import type { Finding, FindingLevel } from '../../documents/finding.ts';
import { partiesOf } from '../../documents/parties.ts';
import { characterLength, headOf, linesOf, type MessageName, pathOf, type Values } from '../../documents/spec.ts';
import { checkEnterpriseCode, checkResidentId, maskResidentId } from '../../identity/identity.ts';
import { type Decimal5, divideRounded, format5, multiply5, parse5 } from '../../money/decimal.ts';
import { elementPairs } from '../../papers/elements.ts';
import { Num } from '../figures.ts';
import { decimalOf } from './context.ts';
import { declarationRules } from './declaration-rules.ts';
import type { LiveDocument } from './facts.ts';
import type { MessageRule, MessageSet, Opened } from './message-rule.ts';

export type { MessageRule, MessageSet } from './message-rule.ts';

const SPEC = '跨境统一版报文规范 2022-05';
const rules: MessageRule[] = [];
function rule(
  id: string,
  level: FindingLevel,
  messages: readonly MessageName[],
  source: string,
  run: MessageRule['run'],
): void {
  rules.push({ id, level, source, messages, run });
}

const filled = (text: string | undefined): text is string => text !== undefined && text !== '';
const dayOf = (text: string | undefined): IsoDate | undefined => parseCompactDate((text ?? '').slice(0, 8));
const filedOn = ({ head }: Opened): IsoDate | undefined => dayOf(head['appTime']);
function sumOf(lines: readonly Values[], field: string): Decimal5 | undefined {
  let total = 0n;
  for (const line of lines) {
    const value = decimalOf(line, field);
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}
/** Head of a document of the book. */
const headOfLive = (live: LiveDocument): Values => {
  const spec = specOf(live.message);
  return spec === undefined ? {} : headOf(spec, live.body);
};
const linesOfLive = (live: LiveDocument): readonly Values[] => {
  const spec = specOf(live.message);
  return spec === undefined ? [] : linesOf(spec, live.body);
};
/** `a` beyond `factor` times `b`, or under its `factor`-th part. */
function isFar(a: Decimal5, b: Decimal5, factor: string): boolean {
  const times = parse5(factor);
  return b > 0n && (a > multiply5(b, times) || multiply5(a, times) < b);
}

const CUSTOMS_DECLARED: readonly MessageName[] = ['CEB603Message', 'CEB621Message'];
const IMPORT_BUYER: readonly MessageName[] = ['CEB311Message', 'CEB621Message', 'CEB623Message', 'CEB625Message'];
const GROUPED: readonly MessageName[] = ['CEB507Message', 'CEB509Message', 'CEB607Message', 'CEB711Message'];
const PARTED: readonly MessageName[] = ['CEB507Message', 'CEB509Message', 'CEB607Message', 'CEB701Message'];
const WITHDRAWALS: readonly MessageName[] = ['CEB605Message', 'CEB623Message'];
const RETURNS: readonly MessageName[] = ['CEB213Message', 'CEB625Message'];
const NUMBERED: readonly MessageName[] = [
  'CEB213Message',
  'CEB303Message',
  'CEB311Message',
  'CEB411Message',
  'CEB505Message',
  'CEB511Message',
  'CEB603Message',
  'CEB605Message',
  'CEB607Message',
  'CEB621Message',
  'CEB625Message',
  'CEB701Message',
  'CEB711Message',
];
const ALL: readonly MessageName[] = [
  ...NUMBERED,
  'CEB215Message',
  'CEB403Message',
  'CEB507Message',
  'CEB509Message',
  'CEB513Message',
  'CEB623Message',
];

// ------------------------------------------------------------------------------------------ numbers and times

rule('M-NUMBER-USED', 'reject', NUMBERED, `${SPEC} 单证编号`, ({ spec, head, message, facts }, report) => {
  const field = spec.number;
  const value = field === undefined ? undefined : head[field];
  // A change or deletion keeps the number of what it changes.
  if (field === undefined || !filled(value) || (head['appType'] ?? '1') !== '1') return;
  const uses = facts.uses?.(message, field, value) ?? 1;
  if (uses > 1) report(field, { value, uses });
});

rule('M-GUID-USED', 'reject', ALL, `${SPEC} §1.2 guid`, ({ head, message, facts }, report) => {
  const value = head['guid'];
  if (filled(value) && (facts.uses?.(message, 'guid', value) ?? 1) > 1) report('guid', { value });
});

rule('M-TIME-AHEAD', 'doubt', ALL, `${SPEC} appTime`, (opened, report) => {
  const filed = filedOn(opened);
  const { today } = opened.facts;
  if (filed !== undefined && today !== undefined && filed > addDays(today, opened.parameters.futureDays))
    report('appTime', { filed, today });
});

rule(
  'M-CHANGE-NUMBER',
  'doubt',
  ['CEB603Message', 'CEB621Message', 'CEB607Message', 'CEB213Message', 'CEB711Message'],
  `${SPEC} appType preNo`,
  ({ head }, report) => {
    if ((head['appType'] === '2' || head['appType'] === '3') && !filled(head['preNo']) && !filled(head['invtNo']))
      report('preNo', { appType: head['appType'] });
  },
);

rule('M-SUMMARY-CHANGE', 'reject', ['CEB701Message'], `${SPEC} CEB701 sumNo`, ({ head }, report) => {
  if ((head['appType'] === '2' || head['appType'] === '3') && !filled(head['sumNo']))
    report('sumNo', { appType: head['appType'] });
});

rule(
  'M-GNUM',
  'reject',
  [
    'CEB213Message',
    'CEB311Message',
    'CEB507Message',
    'CEB509Message',
    'CEB607Message',
    'CEB621Message',
    'CEB625Message',
    'CEB711Message',
  ],
  `${SPEC} gnum`,
  ({ lines, message }, report) => {
    // A return names the lines of its list: gaps are right there, a number twice is not.
    const isReturn = RETURNS.includes(message);
    const seen = new Set<string>();
    for (const [at, line] of lines.entries()) {
      const gnum = line['gnum'];
      if (!filled(gnum)) continue;
      if (isReturn ? seen.has(gnum) : gnum !== String(at + 1)) {
        report('gnum', { gnum, expected: at + 1 }, at + 1);
        return;
      }
      seen.add(gnum);
    }
  },
);

rule(
  'M-LINE-TWICE',
  'reject',
  [...GROUPED, 'CEB701Message'],
  `${SPEC} logisticsNo invtNo`,
  ({ lines, message }, report) => {
    const field = message === 'CEB701Message' ? 'invtNo' : 'logisticsNo';
    const seen = new Map<string, number>();
    for (const [at, line] of lines.entries()) {
      const value = line[field];
      if (!filled(value)) continue;
      const first = seen.get(value);
      if (first === undefined) seen.set(value, at + 1);
      else report(field, { value, first }, at + 1);
    }
  },
);

rule('M-PART-NUMBER', 'reject', PARTED, `${SPEC} msgCount msgSeqNo`, ({ head }, report) => {
  const [count, part] = [Number(head['msgCount'] ?? ''), Number(head['msgSeqNo'] ?? '')];
  if (!filled(head['msgCount']) || !filled(head['msgSeqNo'])) return;
  if (part < 1 || part > count) report('msgSeqNo', { part, count });
});

rule(
  'M-DIRECTION',
  'reject',
  ['CEB507Message', 'CEB603Message', 'CEB621Message', 'CEB711Message'],
  `${SPEC} ieFlag`,
  ({ head, spec }, report) => {
    const expected = spec.direction === 'import' ? 'I' : 'E';
    if (filled(head['ieFlag']) && head['ieFlag'] !== expected) report('ieFlag', { value: head['ieFlag'], expected });
  },
);

// ------------------------------------------------------------------------------------------ parties

rule(
  'M-CODE-FORM',
  'reject',
  ALL.filter((name) => !['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'].includes(name)),
  'GB 32100-2015；海关注册编码',
  ({ head }, report) => {
    const seen = new Set<string>();
    for (const field of [
      'ebcCode',
      'agentCode',
      'declAgentCode',
      'operatorCode',
      'logisticsCode',
      'areaCode',
      'payCode',
    ]) {
      const value = head[field];
      if (!filled(value) || value === '无' || seen.has(value)) continue;
      seen.add(value);
      const result = checkEnterpriseCode(value);
      if (!result.ok) report(field, { value, reason: result.code });
    }
  },
);

rule('M-ID-NUMBER', 'reject', [...IMPORT_BUYER, 'CEB411Message'], 'GB 11643-1999 公民身份号码', ({ head }, report) => {
  for (const [type, number] of [
    ['buyerIdType', 'buyerIdNumber'],
    ['payerIdType', 'payerIdNumber'],
  ] as const) {
    const value = head[number];
    if (head[type] === '1' && filled(value) && !checkResidentId(value).ok)
      report(number, { value: maskResidentId(value) });
  }
});

rule(
  'M-PHONE',
  'doubt',
  [...IMPORT_BUYER, 'CEB511Message'],
  `${SPEC} buyerTelephone consigneeTelephone`,
  ({ head, parameters }, report) => {
    for (const field of ['buyerTelephone', 'consigneeTelephone']) {
      const value = head[field];
      if (filled(value) && !new RegExp(parameters.mobilePattern).test(value.replaceAll(/[\s-]|^\+?86/g, '')))
        report(field, { tail: value.slice(-4) });
    }
  },
);

rule(
  'M-CUSTOMS-AREA',
  'doubt',
  ALL.filter((name) => name !== 'CEB603Message'),
  '关区代码表 2022-06',
  ({ head, tables }, report) => {
    for (const field of ['customsCode', 'portCode']) {
      const code = head[field];
      const entry = filled(code) ? tables.get('customs_district')?.lookup(code) : undefined;
      if (entry?.more['level'] === 'region') report(field, { code: code ?? '', name: entry.zh });
    }
  },
);

/** Parties of a document with the authorities between them; undefined where the firm declares itself or nobody knows. */
function delegationsOf({ message, body, facts }: Opened) {
  const spec = specOf(message);
  if (spec === undefined) return undefined;
  const { principal, agent, ...of } = partiesOf(spec, body);
  if (principal.code === '' || agent.code === '' || agent.codes.some((code) => principal.codes.includes(code)))
    return undefined;
  // Each may be known by either of its codes.
  const found = principal.codes.flatMap((from) => agent.codes.map((to) => facts.delegations?.(from, to)));
  if (found.includes(undefined)) return undefined;
  const known = [...new Map(found.flatMap((some) => some ?? []).map((one) => [JSON.stringify(one), one])).values()];
  return { known, agent, day: dayOf(of.filedAt), ...of };
}
const PROXY = '海关法第十一条；代理报关委托书';
const DECLARED: readonly MessageName[] = [...CUSTOMS_DECLARED, 'DecMessage'];
const DELEGATED: readonly MessageName[] = [...DECLARED, 'CEB213Message', 'CEB605Message', 'CEB701Message'];
rule('M-DELEGATION', 'doubt', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of !== undefined && of.known.length === 0) report(of.agent.field, { agent: of.agent.code });
});
rule('M-DELEGATION-DATE', 'reject', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of === undefined || of.known.length === 0 || of.day === undefined) return;
  const { known, day, agent } = of;
  if (known.some(({ from, to }) => from <= day && day <= to)) return;
  const ends = known.map(({ to }) => to).sort();
  report(agent.field, { agent: agent.code, filed: day, until: ends.at(-1) ?? '' });
});
rule('M-DELEGATION-MODE', 'reject', DECLARED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of?.day === undefined || !filled(of.mode)) return;
  const { known, day, mode, modeField } = of;
  const valid = known.filter(({ from, to }) => from <= day && day <= to);
  if (valid.length > 0 && !valid.some(({ modes }) => modes.length === 0 || modes.includes(mode)))
    report(modeField, { mode, covered: [...new Set(valid.flatMap(({ modes }) => modes))].join(', ') });
});

rule('M-DELEGATION-KIND', 'reject', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of?.day === undefined) return;
  const { known, day, agent } = of;
  const { message } = opened;
  const valid = known.filter(({ from, to }) => from <= day && day <= to);
  if (valid.length > 0 && !valid.some(({ messages = [] }) => messages.length === 0 || messages.includes(message)))
    report(agent.field, { message, covered: [...new Set(valid.flatMap(({ messages = [] }) => messages))].join(', ') });
});

/** Registrations of who the document is for, with its mode and day; undefined where the book knows of none. */
function registeredOf({ message, body, facts }: Opened) {
  const spec = specOf(message);
  if (spec === undefined) return undefined;
  const { principal, mode, modeField, filedAt } = partiesOf(spec, body);
  const day = dayOf(filedAt);
  const known = facts.registrations?.(principal.codes);
  if (known === undefined || day === undefined || !filled(mode)) return undefined;
  return { known, inForce: known.filter(({ to }) => to === undefined || day <= to), day, mode, modeField };
}
const REGISTERED = '综合试验区实施方案：经营主体备案管理';
rule('M-REGISTRATION-MODE', 'doubt', DECLARED, REGISTERED, (opened, report) => {
  const of = registeredOf(opened);
  if (of === undefined) return;
  const { mode, modeField } = of;
  // A registration as a producer or a warehouse names no modes, and says nothing of them.
  const scoped = of.inForce.filter(({ modes }) => modes.length > 0);
  if (scoped.length === 0 || scoped.some(({ modes }) => modes.includes(mode))) return;
  const covered = [...new Set(scoped.flatMap(({ modes }) => modes))].sort();
  report(modeField, { mode, covered: covered.join(', '), number: scoped.map(({ number }) => number).join(', ') });
});
rule('M-REGISTRATION-DATE', 'doubt', DECLARED, REGISTERED, (opened, report) => {
  const of = registeredOf(opened);
  if (of === undefined) return;
  // Where one names modes, it is by those that the firm trades; one as a warehouse or a producer does not stand in for them.
  const scoped = of.known.filter(({ modes }) => modes.length > 0);
  const known = scoped.length > 0 ? scoped : of.known;
  if (known.some((one) => of.inForce.includes(one))) return;
  const last = [...known].sort((a, b) => (a.to ?? '').localeCompare(b.to ?? '')).at(-1);
  report(of.modeField, { number: last?.number ?? '', until: last?.to ?? '', filed: of.day });
});

// ------------------------------------------------------------------------------------------ the firm

// FX101 takes its account from the one the receipt was booked on, and is stopped by its table where that one has no number.
rule(
  'M-ACCOUNT',
  'doubt',
  [...DECLARED, 'CEB403Message'],
  '综合试验区实施方案：统一社会信用代码与银行账户主体认证',
  ({ spec, body, facts }, report) => {
    const { principal } = partiesOf(spec, body);
    if (facts.account?.(principal.codes) === false) report(principal.field, { code: principal.code });
  },
);

rule(
  'M-CREDIT-CLASS',
  'note',
  DECLARED,
  '海关注册登记和备案企业信用管理办法（海关总署令第251号）；海关总署令第282号',
  ({ spec, body, facts }, report) => {
    const { principal, filedAt } = partiesOf(spec, body);
    const day = dayOf(filedAt) ?? facts.today;
    const held = day === undefined ? undefined : facts.customsClass?.(principal.codes, day);
    if (held?.standing !== 'bad') return;
    const said = [...held.effects, ...(held.unknown === null ? [] : [held.unknown])];
    report(principal.field, {
      name: held.name.zh,
      nameEn: held.name.en,
      effects: said.map(({ zh }) => zh.replace(/。$/, '')).join('；'),
      effectsEn: said.map(({ en }) => en.replace(/\.$/, '')).join('; '),
      basis: held.source,
    });
  },
);

// ------------------------------------------------------------------------------------------ goods and arithmetic

/** The digit of the type of brand (品牌类型) in a specification, which may call it by name; undefined where it says none. */
function brandTypeIn(gmodel: string, { message, tables }: Opened): string | undefined {
  const pairs = elementPairs(gmodel);
  // Of a goods declaration it is always the first element.
  const stated = pairs.find(({ name }) => name === '品牌类型') ?? (message === 'DecMessage' ? pairs[0] : undefined);
  if (stated === undefined) return undefined;
  if (/^[0-4]$/.test(stated.value)) return stated.value;
  return tables.get('brand_type')?.entries.find(({ zh }) => zh === stated.value)?.code;
}
rule('M-BRAND', 'doubt', ['CEB603Message', 'DecMessage'], '知识产权海关保护条例第五条', (opened, report) => {
  const { lines, message, facts } = opened;
  const [model, goods] = message === 'DecMessage' ? ['GModel', 'GName'] : ['gmodel', 'gname'];
  for (const [at, line] of lines.entries()) {
    const listed = filled(line['itemNo']) ? facts.listedBrand?.(line['itemNo']) : undefined;
    const type = brandTypeIn(line[model] ?? '', opened) ?? listed?.type ?? '0';
    if (type === '0' || type === '' || listed?.hasRight === true) continue;
    if (facts.brandRight?.() === false) report(model, { type, name: line[goods] ?? '', no: at + 1 }, at + 1);
  }
});

rule('M-LINE-PRODUCT', 'doubt', ['CEB311Message', 'CEB621Message'], `${SPEC} totalPrice`, ({ lines }, report) => {
  for (const [at, line] of lines.entries()) {
    const [qty, price, total] = [decimalOf(line, 'qty'), decimalOf(line, 'price'), decimalOf(line, 'totalPrice')];
    if (qty === undefined || price === undefined || total === undefined) continue;
    const expected = multiply5(qty, price);
    if (expected !== total) report('totalPrice', { total: format5(total), expected: format5(expected) }, at + 1);
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
  ['CEB213Message', 'CEB303Message', 'CEB603Message', 'CEB621Message'],
  `${SPEC} gname itemName；海关进出口商品规范申报目录`,
  ({ lines, vagueGoods }, report) => {
    for (const [at, line] of lines.entries()) {
      const field = filled(line['gname']) ? 'gname' : 'itemName';
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

// ------------------------------------------------------------------------------------------ the book's own history

rule(
  'M-PRICE-HISTORY',
  'doubt',
  ['CEB603Message', 'CEB621Message'],
  '企业自评：账套内同货号的单价',
  ({ lines, facts, parameters }, report) => {
    for (const [at, line] of lines.entries()) {
      const [itemNo, currency, price] = [line['itemNo'], line['currency'], decimalOf(line, 'price')];
      if (!filled(itemNo) || !filled(currency) || price === undefined || price === 0n) continue;
      const history = facts.priceHistory?.(itemNo, currency);
      if (
        history !== undefined &&
        history.points >= parameters.historyPoints &&
        isFar(price, history.median, parameters.priceFactor)
      )
        report(
          'price',
          { itemNo, price: format5(price), median: format5(history.median), points: history.points },
          at + 1,
        );
    }
  },
);

rule(
  'M-WEIGHT-PIECE',
  'doubt',
  ['CEB603Message', 'CEB621Message'],
  '企业自评：商品资料的单件净重',
  ({ head, lines, facts, parameters }, report) => {
    const net = decimalOf(head, 'netWeight');
    if (net === undefined || net <= 0n || lines.length === 0) return;
    let expected = 0n;
    for (const line of lines) {
      const [qty, piece] = [decimalOf(line, 'qty'), facts.pieceWeight?.(line['itemNo'] ?? '')];
      if (qty === undefined || piece === undefined || piece === 0n) return;
      expected += multiply5(qty, piece);
    }
    if (isFar(net, expected, parameters.weightFactor))
      report('netWeight', { net: format5(net), expected: format5(expected) });
  },
);

for (const [id, level, field] of [
  ['M-CODE-CHANGED', 'doubt', 'gcode'],
  ['M-NAME-CHANGED', 'note', 'gname'],
  ['M-UNIT-CHANGED', 'doubt', 'unit'],
] as const) {
  rule(id, level, ['CEB603Message'], '企业自评：账套内同货号的上次申报', ({ lines, facts }, report) => {
    for (const [at, line] of lines.entries()) {
      const [itemNo, value] = [line['itemNo'], line[field]];
      const last = filled(itemNo) && filled(value) ? facts.lastDeclared?.(itemNo)?.[field] : undefined;
      if (filled(last) && last !== value) report(field, { itemNo: itemNo ?? '', value: value ?? '', last }, at + 1);
    }
  });
}

// ------------------------------------------------------------------------------------------ export lists by mode

rule(
  'M-B2B-CAP',
  'reject',
  ['CEB603Message'],
  '海关总署公告 2020 年第 75 号',
  ({ head, lines, facts, parameters }, report) => {
    const mode = head['tradeMode'] ?? '';
    const day = dayOf(head['ieDate']) ?? dayOf(head['appTime']);
    const [total, currency] = [sumOf(lines, 'totalPrice'), lines[0]?.['currency']];
    if (!parameters.b2bListModes.includes(mode) || day === undefined || total === undefined || !filled(currency))
      return;
    const rate = facts.cnyPerUnit?.(currency, day);
    if (rate === undefined) return;
    const cny = new Num(format5(total)).times(rate);
    if (cny.gt(parameters.b2bListCapCny))
      report('tradeMode', { mode, cny: cny.toFixed(2), cap: parameters.b2bListCapCny });
  },
);

rule('M-B2B-LICENCE', 'reject', ['CEB603Message'], '海关总署公告 2020 年第 75 号', ({ head, parameters }, report) => {
  if (parameters.b2bListModes.includes(head['tradeMode'] ?? '') && filled(head['licenseNo']))
    report('licenseNo', { mode: head['tradeMode'] ?? '' });
});

rule('M-LEDGER-FORM', 'doubt', ['CEB603Message', 'CEB621Message'], `${SPEC} emsNo`, ({ head, parameters }, report) => {
  if (filled(head['emsNo']) && !new RegExp(parameters.ledgerPattern).test(head['emsNo']))
    report('emsNo', { value: head['emsNo'] });
});

rule('M-LEDGER-IDLE', 'doubt', ['CEB603Message'], `${SPEC} emsNo tradeMode`, ({ head, parameters }, report) => {
  if (filled(head['emsNo']) && filled(head['tradeMode']) && !parameters.bondedModes.includes(head['tradeMode']))
    report('emsNo', { mode: head['tradeMode'] });
});

rule('M-ZONE-FIRM', 'reject', ['CEB603Message'], `${SPEC} CEB603 iacCode`, ({ head }, report) => {
  const value = head['iacCode'];
  if (filled(value) && !checkEnterpriseCode(value).ok) report('iacCode', { value });
});

rule(
  'M-ITEM-RECORD',
  'reject',
  ['CEB603Message', 'CEB621Message'],
  `${SPEC} itemRecordNo（保税必填）`,
  ({ head, lines, parameters }, report) => {
    if (!parameters.bondedModes.includes(head['tradeMode'] ?? '')) return;
    for (const [at, line] of lines.entries())
      if (!filled(line['itemRecordNo'])) report('itemRecordNo', { itemNo: line['itemNo'] ?? '' }, at + 1);
  },
);

/** Seven digits of an air waybill and their remainder by seven, the eighth. */
rule(
  'M-AIR-BILL',
  'doubt',
  ['CEB603Message', 'CEB607Message', 'CEB621Message'],
  'IATA Resolution 600a 航空运单号',
  ({ head, parameters }, report) => {
    const match = /^\d{3}-?(\d{7})(\d)$/.exec(head['billNo'] ?? '');
    if (head['trafMode'] === parameters.airMode && match !== null && Number(match[1]) % 7 !== Number(match[2]))
      report('billNo', { value: head['billNo'] ?? '' });
  },
);

rule(
  'M-AIR-FLIGHT',
  'doubt',
  ['CEB509Message', 'CEB603Message'],
  `${SPEC} voyageNo trafName`,
  ({ head, parameters }, report) => {
    if (head['trafMode'] === parameters.airMode && !filled(head['voyageNo'])) report('voyageNo');
  },
);

rule('M-FEE-RATE', 'doubt', ['CEB603Message'], `${SPEC} CEB603 fFlag iFlag`, ({ head, parameters }, report) => {
  for (const [flag, fee] of [
    ['fFlag', 'freight'],
    ['iFlag', 'insuredFee'],
  ] as const) {
    const value = decimalOf(head, fee);
    if (head[flag] === '1' && value !== undefined && value > parse5(parameters.rateFeeMax))
      report(fee, { value: format5(value), max: parameters.rateFeeMax });
  }
});

// ------------------------------------------------------------------------------------------ receipts and manifest

rule('M-RECEIVED-AHEAD', 'doubt', ['CEB403Message'], `${SPEC} CEB403 accountingDate`, (opened, report) => {
  const [received, filed] = [dayOf(opened.head['accountingDate']), filedOn(opened)];
  if (received !== undefined && filed !== undefined && received > filed) report('accountingDate', { received, filed });
});

rule('M-PAY-CODE', 'doubt', ['CEB403Message'], `${SPEC} CEB403 payNo payName`, ({ head, parameters }, report) => {
  if (filled(head['payName']) && head['payName'] !== parameters.cashPayment && !filled(head['payNo']))
    report('payNo', { payName: head['payName'] });
});

rule('M-MANIFEST', 'doubt', ['CEB603Message'], `${SPEC} billNo；舱单`, ({ head, facts }, report) => {
  if (filled(head['billNo']) && facts.manifest?.(head['billNo']) === null) report('billNo', { billNo: head['billNo'] });
});
rule('M-MANIFEST-WEIGHT', 'reject', ['CEB603Message'], `${SPEC} grossWeight；舱单`, ({ head, facts }, report) => {
  const found = filled(head['billNo']) ? facts.manifest?.(head['billNo']) : undefined;
  if (found?.grossWeight !== undefined && found.listedWeight > found.grossWeight)
    report('grossWeight', {
      billNo: head['billNo'] ?? '',
      listed: format5(found.listedWeight),
      manifest: format5(found.grossWeight),
    });
});
rule('M-MANIFEST-PACKAGES', 'reject', ['CEB603Message'], `${SPEC} packNo；舱单`, ({ head, facts }, report) => {
  const found = filled(head['billNo']) ? facts.manifest?.(head['billNo']) : undefined;
  if (found?.packages !== undefined && found.listedPackages > found.packages)
    report('packNo', { billNo: head['billNo'] ?? '', listed: found.listedPackages, manifest: found.packages });
});

// Goods are counted once: what a list declares is no parcel of the register (快件、邮件、个人物品).
rule(
  'M-PARCEL',
  'doubt',
  ['CEB603Message', 'CEB621Message'],
  '本软件登记册，防止重复统计',
  ({ head, facts }, report) => {
    const value = head['logisticsNo'];
    if (filled(value) && facts.parcel?.(value) === true) report('logisticsNo', { value });
  },
);

// ------------------------------------------------------------------------------------------ arrival, departure, master bill

rule(
  'M-WAYBILL-UNKNOWN',
  'doubt',
  ['CEB507Message', 'CEB509Message', 'CEB607Message'],
  `${SPEC} logisticsNo`,
  ({ lines, facts }, report) => {
    for (const [at, line] of lines.entries()) {
      const value = line['logisticsNo'];
      if (filled(value) && facts.document?.('CEB603Message', 'logisticsNo', value) === null)
        report('logisticsNo', { value }, at + 1);
    }
  },
);

rule('M-LEFT-AHEAD', 'reject', ['CEB509Message'], `${SPEC} CEB509 leaveTime`, ({ head }, report) => {
  const [left, filed] = [head['leaveTime'], head['appTime']];
  if (filled(left) && filled(filed) && left.length === filed.length && left > filed)
    report('leaveTime', { left, filed });
});

/** The lists a master bill names, by line, as far as the book has them. */
function listsOfLines({ lines, facts }: Opened): { readonly at: number; readonly head: Values }[] {
  return lines.flatMap((line, at) => {
    const value = line['logisticsNo'];
    const live = filled(value) ? facts.document?.('CEB603Message', 'logisticsNo', value) : undefined;
    return live === undefined || live === null ? [] : [{ at: at + 1, head: headOfLive(live) }];
  });
}
rule('M-MASTER-WEIGHT', 'doubt', ['CEB607Message'], `${SPEC} CEB607 grossWeight`, (opened, report) => {
  const [lists, gross] = [listsOfLines(opened), decimalOf(opened.head, 'grossWeight')];
  if (gross === undefined || lists.length === 0 || lists.length < opened.lines.length) return;
  const sum = sumOf(
    lists.map((one) => one.head),
    'grossWeight',
  );
  if (sum !== undefined && sum !== gross) report('grossWeight', { gross: format5(gross), sum: format5(sum) });
});
for (const [id, level, field] of [
  ['M-MASTER-BILL', 'reject', 'billNo'],
  ['M-MASTER-VOYAGE', 'doubt', 'voyageNo'],
] as const) {
  rule(id, level, ['CEB607Message'], `${SPEC} CEB607 ${field}`, (opened, report) => {
    const own = opened.head[field];
    for (const { at, head } of listsOfLines(opened)) {
      const list = head[field];
      if (filled(own) && filled(list) && own !== list)
        report('logisticsNo', { own, list, logisticsNo: head['logisticsNo'] ?? '' }, at);
    }
  });
}

// ------------------------------------------------------------------------------------------ withdrawals and returns

/** The list that a withdrawal or return names by customs' number; null: the book has none. */
function listNamed({ head, facts, spec }: Opened): LiveDocument | null | undefined {
  const invtNo = head['invtNo'];
  const message: MessageName = spec.direction === 'import' ? 'CEB621Message' : 'CEB603Message';
  return filled(invtNo) ? facts.document?.(message, 'invtNo', invtNo) : undefined;
}
rule('M-LIST-UNKNOWN', 'doubt', [...WITHDRAWALS, ...RETURNS, 'CEB215Message'], `${SPEC} invtNo`, (opened, report) => {
  if (listNamed(opened) === null) report('invtNo', { invtNo: opened.head['invtNo'] ?? '' });
});
rule(
  'M-LIST-WITHDRAWN',
  'reject',
  [...WITHDRAWALS, ...RETURNS],
  `${SPEC} invtNo；业务错误 623005`,
  (opened, report) => {
    const list = listNamed(opened);
    if (list?.isWithdrawn === true) report('invtNo', { invtNo: opened.head['invtNo'] ?? '' });
  },
);
// Which states allow a withdrawal is nowhere published: customs decides, so a person may still ask.
rule('M-WITHDRAW-RELEASED', 'doubt', WITHDRAWALS, `${SPEC} invtNo；业务错误 623005`, (opened, report) => {
  const list = listNamed(opened);
  if (list?.isReleased === true) report('invtNo', { invtNo: opened.head['invtNo'] ?? '' });
});
rule('M-RETURN-UNRELEASED', 'doubt', RETURNS, `${SPEC} invtNo`, (opened, report) => {
  const list = listNamed(opened);
  if (list?.isReleased === false && !list.isWithdrawn) report('invtNo', { invtNo: opened.head['invtNo'] ?? '' });
});
rule(
  'M-LIST-PARTIES',
  'reject',
  [...WITHDRAWALS, ...RETURNS],
  `${SPEC} ebcCode customsCode logisticsNo`,
  (opened, report) => {
    const list = listNamed(opened);
    if (list === undefined || list === null) return;
    const other = headOfLive(list);
    // A return may come in through another customs and with a carriage of its own.
    const fields = WITHDRAWALS.includes(opened.message) ? ['ebcCode', 'customsCode'] : ['ebcCode'];
    for (const field of fields) {
      const own = opened.head[field];
      if (filled(own) && filled(other[field]) && own !== other[field]) report(field, { own, list: other[field] });
    }
  },
);
rule('M-REASON', 'doubt', [...WITHDRAWALS, ...RETURNS], `${SPEC} reason`, ({ head, parameters }, report) => {
  const reason = (head['reason'] ?? '').trim();
  if (reason !== '' && characterLength(reason) < parameters.reasonMin)
    report('reason', { reason, min: parameters.reasonMin });
});
rule('M-RETURN-CODE', 'reject', RETURNS, `${SPEC} gcode`, (opened, report) => {
  const list = listNamed(opened);
  if (list === undefined || list === null) return;
  const byGnum = new Map(linesOfLive(list).map((line) => [line['gnum'], line]));
  for (const [at, line] of opened.lines.entries()) {
    const [own, other] = [line['gcode'], byGnum.get(line['gnum'])?.['gcode']];
    if (filled(own) && filled(other) && own !== other) report('gcode', { own, list: other }, at + 1);
  }
});
rule('M-RETURN-QTY', 'reject', RETURNS, `${SPEC} qty`, (opened, report) => {
  const list = listNamed(opened);
  if (list === undefined || list === null) return;
  const byGnum = new Map(linesOfLive(list).map((line) => [line['gnum'], line]));
  for (const [at, line] of opened.lines.entries()) {
    const [own, other] = [decimalOf(line, 'qty'), decimalOf(byGnum.get(line['gnum']), 'qty')];
    if (own !== undefined && other !== undefined && own > other)
      report('qty', { own: format5(own), list: format5(other) }, at + 1);
  }
});
rule('M-RETURN-LATE', 'doubt', ['CEB213Message'], '财政部 海关总署 税务总局公告2026年第16号', (opened, report) => {
  const [list, filed, months] = [listNamed(opened), filedOn(opened), opened.borrowed.exportReturnMonths];
  if (list?.releasedOn === undefined || filed === undefined || months === undefined) return;
  const last = addMonths(list.releasedOn, months);
  if (filed > last) report('appTime', { last, filed });
});
rule(
  'M-RETURN-LATE-IMPORT',
  'doubt',
  ['CEB625Message'],
  '海关总署公告 2018 年第 194 号；2020 年第 45 号',
  (opened, report) => {
    const [list, filed, days] = [listNamed(opened), filedOn(opened), opened.borrowed.retail?.returnApplyDays];
    if (list?.releasedOn === undefined || filed === undefined || days === undefined) return;
    const last = addDays(list.releasedOn, days);
    if (filed > last) report('appTime', { last, filed });
  },
);
rule('M-RETURN-APPLIED', 'doubt', ['CEB215Message'], `${SPEC} CEB215 coElNo`, ({ head, facts }, report) => {
  const value = head['coElNo'];
  if (filled(value) && facts.document?.('CEB213Message', 'coElNo', value) === null) report('coElNo', { value });
});

// ------------------------------------------------------------------------------------------ summary application

rule('M-SUMMARY-PERIOD', 'reject', ['CEB701Message'], `${SPEC} CEB701 startTime endTime`, ({ head }, report) => {
  const [start, end] = [head['startTime'], head['endTime']];
  if (filled(start) !== filled(end)) report(filled(start) ? 'endTime' : 'startTime');
});
rule('M-SUMMARY-ORDER', 'reject', ['CEB701Message'], `${SPEC} CEB701 startTime endTime`, ({ head }, report) => {
  const [start, end] = [head['startTime'], head['endTime']];
  if (filled(start) && filled(end) && start > end) report('endTime', { start, end });
});
rule('M-SUMMARY-EMPTY', 'reject', ['CEB701Message'], `${SPEC} CEB701 SummaryApplyList`, ({ head, lines }, report) => {
  if (lines.length === 0 && !filled(head['startTime']) && !filled(head['endTime'])) report('startTime');
});
rule('M-SUMMARY-BOTH', 'doubt', ['CEB701Message'], `${SPEC} CEB701 startTime`, ({ head, lines }, report) => {
  if (lines.length > 0 && filled(head['startTime']) && filled(head['endTime']))
    report('startTime', { lines: lines.length });
});
/** Lists named by a summary application, as far as the book has them. */
function summed({
  lines,
  facts,
}: Opened): { readonly at: number; readonly invtNo: string; readonly live: LiveDocument | null | undefined }[] {
  return lines.flatMap((line, at) => {
    const invtNo = line['invtNo'];
    return filled(invtNo) ? [{ at: at + 1, invtNo, live: facts.document?.('CEB603Message', 'invtNo', invtNo) }] : [];
  });
}
rule('M-SUMMARY-LIST', 'doubt', ['CEB701Message'], `${SPEC} CEB701 invtNo`, (opened, report) => {
  for (const { at, invtNo, live } of summed(opened)) if (live === null) report('invtNo', { invtNo }, at);
});
rule(
  'M-SUMMARY-STATISTICS',
  'reject',
  ['CEB701Message'],
  '海关总署公告 2018 年第 194 号（清单核放、汇总统计）',
  (opened, report) => {
    for (const { at, invtNo, live } of summed(opened))
      if (live !== null && live !== undefined && headOfLive(live)['statisticsFlag'] === 'A')
        report('invtNo', { invtNo }, at);
  },
);
rule('M-SUMMARY-CONSIGNOR', 'reject', ['CEB701Message'], '海关总署公告 2018 年第 194 号', (opened, report) => {
  const own = opened.head['ebcCode'];
  for (const { at, invtNo, live } of summed(opened)) {
    const other = live === null || live === undefined ? undefined : headOfLive(live)['ebcCode'];
    if (filled(own) && filled(other) && own !== other) report('invtNo', { invtNo, own, list: other }, at);
  }
});
rule('M-SUMMARY-LATE', 'doubt', ['CEB701Message'], '海关总署公告 2018 年第 194 号', (opened, report) => {
  const filed = filedOn(opened);
  if (filed === undefined) return;
  for (const { at, invtNo, live } of summed(opened)) {
    if (live === null || live?.releasedOn === undefined) continue;
    const last = opened.borrowed.summaryDeadline?.(live.releasedOn.slice(0, 7));
    if (last !== undefined && filed > last) report('invtNo', { invtNo, last, filed }, at);
  }
});

// ------------------------------------------------------------------------------------------ retail import

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
rule('M-IMPORT-LIMIT', 'reject', ['CEB621Message'], '财关税〔2018〕49号', ({ lines, borrowed }, report) => {
  const [sum, limit] = [sumOf(lines, 'totalPrice'), borrowed.retail?.transactionLimit];
  // One indivisible piece above the limit is taxed in full instead.
  const isOnePiece = lines.length === 1 && decimalOf(lines[0], 'qty') === parse5('1');
  if (sum !== undefined && limit !== undefined && sum > parse5(limit) && !isOnePiece)
    report('', { sum: format5(sum), limit }, 0);
});
rule('M-IMPORT-ONE-PIECE', 'doubt', ['CEB621Message'], '财关税〔2018〕49号', ({ lines, borrowed }, report) => {
  const [sum, limit] = [sumOf(lines, 'totalPrice'), borrowed.retail?.transactionLimit];
  const isOnePiece = lines.length === 1 && decimalOf(lines[0], 'qty') === parse5('1');
  if (sum !== undefined && limit !== undefined && sum > parse5(limit) && isOnePiece)
    report('totalPrice', { sum: format5(sum), limit }, 1);
});
rule('M-IMPORT-YEAR', 'reject', ['CEB621Message'], '财关税〔2018〕49号', (opened, report) => {
  const [day, buyer, sum] = [filedOn(opened), opened.head['buyerIdNumber'], sumOf(opened.lines, 'totalPrice')];
  const limit = opened.borrowed.retail?.annualLimit;
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

/** All rules of messages but the goods declaration's own, in the order their findings are listed. */
export const messageRules: readonly MessageRule[] = rules;

// Rules of a message are asked for by every document of every check.
const byMessage = new Map<MessageName, readonly MessageRule[]>();
function rulesOf(message: MessageName): readonly MessageRule[] {
  let own = byMessage.get(message);
  if (own === undefined) {
    own = [...rules, ...declarationRules].filter(({ messages }) => messages.includes(message));
    byMessage.set(message, own);
  }
  return own;
}

/** Checks one document against every rule of its message, or those not switched off. */
export function checkMessage(set: MessageSet, options: { readonly off?: ReadonlySet<string> } = {}): Finding[] {
  const spec = specOf(set.message);
  if (spec === undefined) return [];
  const opened: Opened = { ...set, spec, head: headOf(spec, set.body), lines: linesOf(spec, set.body) };
  return rulesOf(set.message).flatMap(({ id, level, source, run }) => {
    if (options.off?.has(id) === true) return [];
    const found: Finding[] = [];
    run(opened, (field, params = {}, line) => {
      const path = field === '' ? (spec.lines?.name ?? '') : field.includes('/') ? field : pathOf(spec, field, line);
      found.push({ rule: id, level, path, params, source });
    });
    return found;
  });
}

/** Median of values (0n for none): the middle one, of two the mean, half-up. */
export function medianOf(values: readonly Decimal5[]): Decimal5 {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const at = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[at - 1], sorted[at]];
  if (high === undefined) return 0n;
  return sorted.length % 2 === 1 || low === undefined ? high : divideRounded(low + high, 2n, 'halfUp');
}

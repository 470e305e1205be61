/**
 * Checks of the forms of foreign exchange beyond their single fields: the declaration of income (FX101, rules F01 and F02) and the
 * trade-credit report (FX201, rule F06). Every rule is a pure function; a fact that is not known makes its rule silent rather than
 * wrong. Days, sums and codes come from the dated packs.
 */
import { type IsoDate, parseCompactDate } from '../../calendar/dates.ts';
import { fx101, fx201, type RequestName } from '../../documents/catalogue.ts';
import type { Finding, FindingLevel } from '../../documents/finding.ts';
import { type AnyDocument, headOf, linesOf, type Values } from '../../documents/spec.ts';
import { PortbookError } from '../../errors.ts';
import { format5, sum5, tryParse5 } from '../../money/decimal.ts';

import type { RuleSources } from '../calculator.ts';
import type { Calculation } from '../derivation.ts';
import type { ForexClass } from '../forex/class-pack.ts';
import {
  receiptDeclaration,
  receiptDeclarationPackId,
  receiptDeclarationPackSchema,
} from '../forex/receipt-declaration.ts';
import { tradeCreditReport } from '../forex/trade-credit-report.ts';
import {
  type TransactionCodes,
  transactionCodesPackId,
  transactionCodesPackSchema,
} from '../forex/transaction-codes.ts';
import { requirePackOn } from '../pack.ts';

/** What a check of one form sees. */
export interface ForexFormSet {
  readonly kind: RequestName;
  readonly body: AnyDocument;
  /** Of the firm that declares. */
  readonly uscc: string;
  /** Class of the firm with SAFE on a day. */
  readonly classOn: (date: IsoDate) => ForexClass;
  readonly sources: RuleSources;
}

interface Opened extends ForexFormSet {
  readonly head: Values;
  readonly lines: readonly Values[];
}

type Params = Readonly<Record<string, string | number>>;
type Report = (field: string, params?: Params, line?: number) => void;

interface ForexFormRule {
  readonly id: string;
  readonly kind: RequestName;
  readonly level: FindingLevel;
  readonly source: string;
  readonly run: (set: Opened, report: Report) => void;
}

const INCOME = '《通过银行进行国际收支统计申报业务操作规程》申报单';
const CODES = '汇发〔2014〕21号《涉外收支交易分类与代码（2014版）》';
const CREDIT = '汇发〔2020〕14号《经常项目外汇业务指引（2020年版）》第二十条';

const rules: ForexFormRule[] = [];
const income = (id: string, level: FindingLevel, source: string, run: ForexFormRule['run']): void => {
  rules.push({ id, kind: 'FX101Message', level, source, run });
};
const credit = (id: string, level: FindingLevel, run: ForexFormRule['run']): void => {
  rules.push({ id, kind: 'FX201Message', level, source: CREDIT, run });
};

const filled = (text: string | undefined): text is string => text !== undefined && text !== '';
const dayOf = (head: Values, name: string): IsoDate | undefined => parseCompactDate(head[name] ?? '');

/** A decimal of five places; undefined for an unreadable one, of which the field check speaks. Absent: nought. */
function amountOf(values: Values, name: string): bigint | undefined {
  const text = values[name];
  return filled(text) ? tryParse5(text) : 0n;
}
const isPositive = (values: Values, name: string): boolean => (amountOf(values, name) ?? 0n) > 0n;

/** The sum of fields against the total; silent while one of them cannot be read. */
function sumDiffers(head: Values, names: readonly string[]): Params | undefined {
  const total = amountOf(head, 'amount');
  const parts = names.map((name) => amountOf(head, name));
  const known = parts.filter((part) => part !== undefined);
  if (total === undefined || known.length !== parts.length) return undefined;
  const sum = sum5(known);
  return sum === total ? undefined : { sum: format5(sum, 2), amount: format5(total, 2) };
}

/** The table of transaction codes of the day of crediting; undefined where no pack covers it. */
function codesOn({ sources, head }: Opened): TransactionCodes | undefined {
  const date = dayOf(head, 'creditedOn');
  return date === undefined
    ? undefined
    : requirePackOn(transactionCodesPackSchema.parse(sources.pack(transactionCodesPackId)), date).parameters;
}

/** Whether a code stands for bonded goods only, as the table of defaults has it. */
function isBondedCode(codes: TransactionCodes, code: string): boolean {
  const rows = codes.defaults.filter((row) => row.codes.includes(code));
  return rows.length > 0 && rows.every((row) => row.bonded);
}

const isGoods = (code: string | undefined): boolean => /^12/.test(code ?? '');

/** F01 over the form; undefined while the day of crediting cannot be read. */
function declared({ head, sources }: Opened): Calculation | undefined {
  const creditedOn = dayOf(head, 'creditedOn');
  if (creditedOn === undefined) return undefined;
  const amountUsd = head['amountUsd'];
  const declaredOn = dayOf(head, 'declaredOn');
  return receiptDeclaration.run(
    {
      creditedOn,
      kind: isGoods(head['code1']) ? 'goods' : 'other',
      ...(filled(amountUsd) && tryParse5(amountUsd) !== undefined ? { amountUsd } : {}),
      ...(declaredOn === undefined || declaredOn < creditedOn ? {} : { declaredOn }),
    },
    sources,
  );
}

// Income ----------------------------------------------------------------------------------------------------------------

income('FX-AMOUNT', 'reject', INCOME, ({ head }, report) => {
  if (amountOf(head, 'amount') === 0n) report('amount');
});

income('FX-PARTS', 'reject', INCOME, ({ head }, report) => {
  const off = sumDiffers(head, ['settledAmount', 'spotAmount', 'otherAmount']);
  if (off !== undefined) report('amount', off);
});

income('FX-CODE-SUM', 'reject', CODES, ({ head }, report) => {
  const off = sumDiffers(head, ['amount1', 'amount2']);
  if (off !== undefined) report('amount1', off);
});

income('FX-CODE-PAIR', 'reject', CODES, ({ head }, report) => {
  if (filled(head['code2']) !== isPositive(head, 'amount2')) report(filled(head['code2']) ? 'amount2' : 'code2');
});

income('FX-CODE-TWICE', 'doubt', CODES, ({ head }, report) => {
  if (filled(head['code2']) && head['code1'] === head['code2']) report('code2', { code: head['code2'] });
});

income('FX-CODE', 'reject', CODES, (set, report) => {
  const codes = codesOn(set);
  if (codes === undefined) return;
  for (const name of ['code1', 'code2']) {
    const code = set.head[name];
    if (filled(code) && /^\d{6}$/.test(code) && !codes.codes.some((one) => one.code === code)) report(name, { code });
  }
});

const remarksOf = (head: Values): string => `${head['remark1'] ?? ''}${head['remark2'] ?? ''}`;

income('FX-REFUND', 'reject', CODES, ({ head }, report) => {
  if (head['refund'] === 'Y' && !remarksOf(head).includes('退')) report('remark1', { value: head['remark1'] ?? '' });
});

income('FX-REFUND-FLAG', 'doubt', CODES, ({ head }, report) => {
  const remarks = remarksOf(head);
  // 出口退税 is no refund of the deal.
  if (head['refund'] === 'N' && remarks.replaceAll('退税', '').includes('退')) report('refund', { value: remarks });
});

income('FX-BONDED', 'doubt', CODES, (set, report) => {
  const codes = codesOn(set);
  const { head } = set;
  if (codes === undefined) return;
  const code = [head['code1'], head['code2']].find((one) => filled(one) && isBondedCode(codes, one));
  if (code !== undefined && head['bonded'] === 'N') report('bonded', { code });
});

income('FX-SETTLED', 'reject', INCOME, ({ head }, report) => {
  if (!isPositive(head, 'settledAmount')) return;
  for (const name of ['settledAccount', 'settledRate']) if (!filled(head[name])) report(name);
});

income('FX-KEPT', 'reject', INCOME, ({ head }, report) => {
  if (isPositive(head, 'spotAmount') && !filled(head['spotAccount'])) report('spotAccount');
});

income('FX-FEE-CURRENCY', 'reject', INCOME, ({ head }, report) => {
  for (const name of ['domesticFee', 'foreignFee'])
    if (isPositive(head, name) && !filled(head[`${name}Currency`])) report(`${name}Currency`);
});

income('FX-CREDITED', 'reject', INCOME, ({ head }, report) => {
  const creditedOn = dayOf(head, 'creditedOn');
  const declaredOn = dayOf(head, 'declaredOn');
  if (creditedOn !== undefined && declaredOn !== undefined && declaredOn < creditedOn)
    report('declaredOn', { declaredOn, creditedOn });
});

income('FX-LATE', 'doubt', INCOME, (set, report) => {
  const found = declared(set);
  const declareBy = found?.result['declareBy'];
  if (found?.result['state'] === 'DECLARED_LATE')
    report('declaredOn', { declareBy: String(declareBy), creditedOn: dayOf(set.head, 'creditedOn') ?? '' });
});

income('FX-LARGE', 'doubt', INCOME, (set, report) => {
  const found = declared(set);
  const warning = found?.warnings.find(({ code }) => code === 'largeReceipt');
  if (warning !== undefined)
    report('amount', { amountUsd: set.head['amountUsd'] ?? '', limit: warning.params['limit'] ?? '' });
});

income('FX-DECLARATION-NO', 'reject', INCOME, ({ head, sources }, report) => {
  const number = head['declarationNo'];
  const date = dayOf(head, 'creditedOn');
  if (!filled(number) || date === undefined) return;
  const pack = receiptDeclarationPackSchema.parse(sources.pack(receiptDeclarationPackId));
  const { numberLength } = requirePackOn(pack, date).parameters;
  if (!new RegExp(`^[0-9A-Za-z]{${numberLength}}$`).test(number))
    report('declarationNo', { value: number, length: numberLength });
});

income('FX-PAYEE', 'reject', INCOME, ({ head, uscc }, report) => {
  if (filled(head['payeeCode']) && head['payeeCode'] !== uscc)
    report('payeeCode', { value: head['payeeCode'], firm: uscc });
});

income('FX-PAYER-HOME', 'doubt', INCOME, ({ head }, report) => {
  if (head['payerCountry'] === 'CHN') report('payerCountry', { payer: head['payerName'] ?? '' });
});

income('FX-ADVANCE', 'doubt', INCOME, ({ head, lines }, report) => {
  if (head['nature'] === 'A' && lines.length > 0) report('nature', { count: lines.length });
});

income('FX-GOODS-PAPERS', 'note', INCOME, ({ head, lines }, report) => {
  if (head['nature'] === 'O' && head['refund'] === 'N' && isGoods(head['code1']) && lines.length === 0) report('code1');
});

income('FX-LINE-TWICE', 'reject', INCOME, ({ lines }, report) => {
  const seen = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    const number = line['docNo'];
    if (!filled(number)) continue;
    const before = seen.get(number);
    if (before === undefined) seen.set(number, index + 1);
    else report('docNo', { number, line: before }, index + 1);
  }
});

income('FX-LINE-SUM', 'doubt', INCOME, ({ head, lines }, report) => {
  const amount = amountOf(head, 'amount');
  const same = lines.filter((line) => line['currency'] === head['currency']).map((line) => amountOf(line, 'amount'));
  const known = same.filter((one) => one !== undefined);
  if (amount === undefined || known.length !== same.length) return;
  // What banks kept on the way was paid for the goods as well.
  const fees = ['domesticFee', 'foreignFee']
    .filter((name) => head[`${name}Currency`] === head['currency'])
    .map((name) => amountOf(head, name) ?? 0n);
  const received = sum5([amount, ...fees]);
  const sum = sum5(known);
  if (sum > received) report('amount', { sum: format5(sum, 2), received: format5(received, 2) });
});

// Trade credit ------------------------------------------------------------------------------------------------------------

credit('FX-CREDIT-AMOUNT', 'reject', ({ head }, report) => {
  if (amountOf(head, 'amount') === 0n && head['appType'] !== '3') report('amount');
});

credit('FX-CREDIT-ORDER', 'reject', ({ head }, report) => {
  const base = dayOf(head, 'baseDate');
  const expected = dayOf(head, 'expectedDate');
  if (base !== undefined && expected !== undefined && expected < base) report('expectedDate', { expected, base });
});

credit('FX-CREDIT-REPORTER', 'reject', ({ head, uscc }, report) => {
  if (filled(head['reporterCode']) && head['reporterCode'] !== uscc)
    report('reporterCode', { value: head['reporterCode'], firm: uscc });
});

/** F06 over the form; undefined while a fact it needs is missing. */
function reported({ head, classOn, sources }: Opened): Calculation | undefined {
  const baseDate = dayOf(head, 'baseDate');
  const expectedDate = dayOf(head, 'expectedDate');
  const reportedOn = dayOf(head, 'reportedOn');
  const amountUsd = head['amountUsd'];
  if (baseDate === undefined || expectedDate === undefined) return undefined;
  try {
    return tradeCreditReport.run(
      {
        class: classOn(baseDate),
        kind: head['creditKind'],
        baseDate,
        expectedDate,
        ...(filled(amountUsd) ? { amountUsd } : {}),
        ...(reportedOn === undefined ? {} : { reportedOn }),
      },
      sources,
    );
  } catch (error) {
    // A figure the rule cannot use is the matter of the field's own check.
    if (error instanceof PortbookError && error.code === 'RULE_INPUT') return undefined;
    throw error;
  }
}

credit('FX-CREDIT-NEEDLESS', 'doubt', (set, report) => {
  const found = reported(set);
  if (set.head['appType'] === '1' && found?.result['mustReport'] === false)
    report('expectedDate', { days: Number(found.result['gapDays']) });
});

credit('FX-CREDIT-LATE', 'doubt', (set, report) => {
  const found = reported(set);
  if (set.head['appType'] === '1' && found?.result['state'] === 'REPORTED_LATE')
    report('reportedOn', { reportBy: String(found.result['reportBy']) });
});

/** All rules, in the order their findings are listed. */
export const forexFormRules: readonly { readonly id: string; readonly level: FindingLevel }[] = rules;

const specs = { FX101Message: fx101, FX201Message: fx201 } as const;

/** Checks a form against every rule of its kind; none for other kinds. Throws `RULE_PACK_MISSING` for a day no pack covers. */
export function checkForexForm(set: ForexFormSet): Finding[] {
  if (set.kind !== 'FX101Message' && set.kind !== 'FX201Message') return [];
  const spec = specs[set.kind];
  const opened: Opened = { ...set, head: headOf(spec, set.body), lines: linesOf(spec, set.body) };
  const found: Finding[] = [];
  for (const { id, kind, level, source, run } of rules) {
    if (kind !== set.kind) continue;
    run(opened, (field, params = {}, line) => {
      const path =
        line === undefined
          ? spec.head.name === ''
            ? field
            : `${spec.head.name}/${field}`
          : `${'lines' in spec ? spec.lines.name : ''}[${line}]/${field}`;
      found.push({ rule: id, level, path, params, source });
    });
  }
  return found;
}

/** What the rules of several files speak of: sets of messages, sums, days, documents of the book. */
import { type IsoDate, parseCompactDate } from '../../../calendar/dates.ts';
import { specOf } from '../../../documents/catalogue.ts';
import type { FindingLevel } from '../../../documents/finding.ts';
import { headOf, linesOf, type MessageName, type Values } from '../../../documents/spec.ts';
import { type Decimal5, multiply5, parse5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';
import type { LiveDocument } from '../facts.ts';
import type { MessageRule, Opened } from '../message-rule.ts';

/** Makes the rules of one file, in the order in which their findings are listed. */
export function ruleList() {
  const rules: MessageRule[] = [];
  const rule = (
    id: string,
    level: FindingLevel,
    messages: readonly MessageName[],
    source: string,
    run: MessageRule['run'],
  ): void => {
    rules.push({ id, level, source, messages, run });
  };
  return { rules, rule };
}
export const SPEC = '跨境统一版报文规范 2022-05';

export const filled = (text: string | undefined): text is string => text !== undefined && text !== '';
export const dayOf = (text: string | undefined): IsoDate | undefined => parseCompactDate((text ?? '').slice(0, 8));
export const filedOn = ({ head }: Opened): IsoDate | undefined => dayOf(head['appTime']);
export function sumOf(lines: readonly Values[], field: string): Decimal5 | undefined {
  let total = 0n;
  for (const line of lines) {
    const value = decimalOf(line, field);
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}
/** Head of a document of the book. */
export const headOfLive = (live: LiveDocument): Values => {
  const spec = specOf(live.message);
  return spec === undefined ? {} : headOf(spec, live.body);
};
export const linesOfLive = (live: LiveDocument): readonly Values[] => {
  const spec = specOf(live.message);
  return spec === undefined ? [] : linesOf(spec, live.body);
};
/** `a` beyond `factor` times `b`, or under its `factor`-th part. */
export function isFar(a: Decimal5, b: Decimal5, factor: string): boolean {
  const times = parse5(factor);
  return b > 0n && (a > multiply5(b, times) || multiply5(a, times) < b);
}

export const CUSTOMS_DECLARED: readonly MessageName[] = ['CEB603Message', 'CEB621Message'];
export const IMPORT_BUYER: readonly MessageName[] = [
  'CEB311Message',
  'CEB621Message',
  'CEB623Message',
  'CEB625Message',
];
export const GROUPED: readonly MessageName[] = ['CEB507Message', 'CEB509Message', 'CEB607Message', 'CEB711Message'];
export const PARTED: readonly MessageName[] = ['CEB507Message', 'CEB509Message', 'CEB607Message', 'CEB701Message'];
export const WITHDRAWALS: readonly MessageName[] = ['CEB605Message', 'CEB623Message'];
export const RETURNS: readonly MessageName[] = ['CEB213Message', 'CEB625Message'];
export const NUMBERED: readonly MessageName[] = [
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
export const ALL: readonly MessageName[] = [
  ...NUMBERED,
  'CEB215Message',
  'CEB403Message',
  'CEB507Message',
  'CEB509Message',
  'CEB513Message',
  'CEB623Message',
];

export const DECLARED: readonly MessageName[] = [...CUSTOMS_DECLARED, 'DecMessage'];

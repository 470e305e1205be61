/** Numbers and times of a document. */
import { addDays } from '../../../calendar/dates.ts';

import { ALL, filedOn, filled, GROUPED, NUMBERED, PARTED, RETURNS, ruleList, SPEC } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as numbersRules };

rule('M-NUMBER-USED', 'reject', NUMBERED, `${SPEC} 单证编号`, ({ spec, head, message, facts }, report) => {
  const field = spec.number;
  const value = field === undefined ? undefined : head[field];
  // A change or deletion keeps the number of what it changes.
  if (field === undefined || !filled(value) || (head['appType'] ?? '1') !== '1') return;
  const uses = facts.uses?.(message, field, value) ?? 1;
  if (uses > 1) report(field, { value, uses });
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

/** Withdrawals and returns. */
import { addDays, addMonths } from '../../../calendar/dates.ts';
import { characterLength, type MessageName } from '../../../documents/spec.ts';
import { format5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';
import type { LiveDocument } from '../facts.ts';
import type { Opened } from '../message-rule.ts';

import { filedOn, filled, headOfLive, linesOfLive, RETURNS, ruleList, SPEC, WITHDRAWALS } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as withdrawalsRules };

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
rule('M-RETURN-SUM', 'reject', RETURNS, `${SPEC} qty`, (opened, report) => {
  const [list, invtNo] = [listNamed(opened), opened.head['invtNo']];
  if (list === undefined || list === null || !filled(invtNo)) return;
  const byGnum = new Map(linesOfLive(list).map((line) => [line['gnum'], line]));
  for (const [at, line] of opened.lines.entries()) {
    const [own, went] = [decimalOf(line, 'qty'), decimalOf(byGnum.get(line['gnum']), 'qty')];
    const others = opened.facts.returnedByOthers?.(invtNo, line['gnum'] ?? '');
    if (own === undefined || went === undefined || others === undefined || others === 0n) continue;
    if (own <= went && own + others > went)
      report('qty', { own: format5(own), others: format5(others), list: format5(went) }, at + 1);
  }
});
rule('M-RETURN-LATE', 'doubt', ['CEB213Message'], '财政部 海关总署 税务总局公告2026年第16号', (opened, report) => {
  const [list, filed] = [listNamed(opened), filedOn(opened)];
  if (list?.releasedOn === undefined || filed === undefined) return;
  const months = opened.borrowed.exportReturnMonths?.(list.releasedOn);
  if (months === undefined) return;
  const last = addMonths(list.releasedOn, months);
  if (filed > last) report('appTime', { last, filed });
});
rule(
  'M-RETURN-LATE-IMPORT',
  'doubt',
  ['CEB625Message'],
  '海关总署公告 2018 年第 194 号；2020 年第 45 号',
  (opened, report) => {
    const [list, filed] = [listNamed(opened), filedOn(opened)];
    if (list?.releasedOn === undefined || filed === undefined) return;
    const days = opened.borrowed.importReturnDays?.(list.releasedOn);
    if (days === undefined) return;
    const last = addDays(list.releasedOn, days);
    if (filed > last) report('appTime', { last, filed });
  },
);
rule('M-RETURN-APPLIED', 'doubt', ['CEB215Message'], `${SPEC} CEB215 coElNo、invtNo`, ({ head, facts }, report) => {
  // Under the application's own number, or under a number of its own by the list that the application is about.
  const named = (['coElNo', 'invtNo'] as const).filter((field) => filled(head[field]));
  const field = named.at(-1);
  if (field !== undefined && named.every((one) => facts.document?.('CEB213Message', one, head[one] ?? '') === null))
    report(field, { value: head[field] ?? '' });
});

/** The summary application (汇总申请). */
import type { LiveDocument } from '../facts.ts';
import type { Opened } from '../message-rule.ts';

import { filedOn, filled, headOfLive, ruleList, SPEC } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as summaryRules };

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
// What a period is a time of, the specification does not say: the book takes the lists by their release, which the declarer may know better.
rule('M-SUMMARY-TIME', 'note', ['CEB701Message'], `${SPEC} CEB701 startTime（未写明为何时间）`, ({ head }, report) => {
  const [start, end] = [head['startTime'], head['endTime']];
  if (filled(start) && filled(end)) report('startTime', { start, end });
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
rule('M-SUMMARY-WITHDRAWN', 'reject', ['CEB701Message'], `${SPEC} CEB701 invtNo`, (opened, report) => {
  for (const { at, invtNo, live } of summed(opened)) if (live?.isWithdrawn === true) report('invtNo', { invtNo }, at);
});
rule('M-SUMMARY-UNRELEASED', 'doubt', ['CEB701Message'], '海关总署公告 2018 年第 194 号', (opened, report) => {
  for (const { at, invtNo, live } of summed(opened))
    if (live?.isReleased === false && !live.isWithdrawn) report('invtNo', { invtNo }, at);
});
rule(
  'M-SUMMARY-MODE',
  'doubt',
  ['CEB701Message'],
  '海关总署公告 2018 年第 194 号、2020 年第 75 号',
  (opened, report) => {
    for (const { at, invtNo, live } of summed(opened)) {
      const mode = live === null || live === undefined ? undefined : headOfLive(live)['tradeMode'];
      const day = live?.releasedOn ?? opened.facts.today;
      if (filled(mode) && day !== undefined && opened.facts.listsAreSummed?.(mode, day) === false)
        report('invtNo', { invtNo, mode }, at);
    }
  },
);
rule('M-SUMMARY-TWICE', 'reject', ['CEB701Message'], `${SPEC} CEB701 invtNo`, (opened, report) => {
  for (const { at, invtNo } of summed(opened)) {
    const [other] = opened.facts.namedBy?.(invtNo) ?? [];
    if (other !== undefined) report('invtNo', { invtNo, other }, at);
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

/** Arrival, departure and the master bill. */
import type { Values } from '../../../documents/spec.ts';
import { format5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';
import type { Opened } from '../message-rule.ts';

import { filled, headOfLive, ruleList, SPEC, sumOf } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as transportRules };

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

rule(
  'M-LIST-REJECTED',
  'doubt',
  ['CEB507Message', 'CEB509Message', 'CEB607Message'],
  `${SPEC} logisticsNo；海关退单`,
  ({ lines, facts }, report) => {
    for (const [at, line] of lines.entries()) {
      const value = line['logisticsNo'];
      if (filled(value) && facts.document?.('CEB603Message', 'logisticsNo', value)?.isRejected === true)
        report('logisticsNo', { value }, at + 1);
    }
  },
);

rule(
  'M-WAYBILL-TWICE',
  'doubt',
  ['CEB507Message', 'CEB509Message', 'CEB607Message'],
  `${SPEC} logisticsNo`,
  ({ lines, facts }, report) => {
    for (const [at, line] of lines.entries()) {
      const value = line['logisticsNo'];
      const [other] = filled(value) ? (facts.namedBy?.(value) ?? []) : [];
      if (filled(value) && other !== undefined) report('logisticsNo', { value, other }, at + 1);
    }
  },
);

rule(
  'M-LISTS-LEFT',
  'note',
  ['CEB507Message', 'CEB509Message', 'CEB607Message'],
  '本软件：同一货运的清单',
  ({ lines, facts }, report) => {
    const named = new Set(lines.map((line) => line['logisticsNo']));
    // What another paper of the kind names is not left out.
    const left = (facts.shipmentLists?.() ?? []).filter(
      ({ logisticsNo }) => !named.has(logisticsNo) && (facts.namedBy?.(logisticsNo) ?? []).length === 0,
    );
    if (left.length === 0) return;
    const rejected = left.filter(({ isRejected }) => isRejected).length;
    const unfiled = left.filter(({ isFiled }) => !isFiled).length;
    report('', { left: left.length, rejected, unfiled });
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

/** Receipts of money, and the manifest (舱单). */
import { format5 } from '../../../money/decimal.ts';

import { dayOf, filedOn, filled, ruleList, SPEC } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as receiptsRules };

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
  // A deletion makes it less.
  const found = filled(head['billNo']) && head['appType'] !== '3' ? facts.manifest?.(head['billNo']) : undefined;
  if (found !== undefined && found !== null && found.listedWeight > found.grossWeight)
    report('grossWeight', {
      billNo: head['billNo'] ?? '',
      listed: format5(found.listedWeight),
      manifest: format5(found.grossWeight),
    });
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

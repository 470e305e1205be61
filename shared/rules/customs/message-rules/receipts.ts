/** Receipts of money, and the manifest (舱单). */
import type { MessageName } from '../../../documents/spec.ts';
import { format5 } from '../../../money/decimal.ts';
import { decimalOf } from '../context.ts';
import type { Opened } from '../message-rule.ts';
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

/** Where a list and a declaration state their master bill, its weight and packages. */
const BILLED: readonly MessageName[] = ['CEB603Message', 'DecMessage'];
const fieldsOf = ({ message }: Opened) =>
  message === 'DecMessage'
    ? ({ bill: 'BillNo', gross: 'GrossWet', packages: 'PackNo' } as const)
    : ({ bill: 'billNo', gross: 'grossWeight', packages: 'packNo' } as const);
/** The manifest of the bill a paper names. */
function manifestOf(opened: Opened) {
  const billNo = opened.head[fieldsOf(opened).bill];
  return { billNo: billNo ?? '', found: filled(billNo) ? opened.facts.manifest?.(billNo, opened.message) : undefined };
}

rule('M-MANIFEST', 'doubt', BILLED, `${SPEC} billNo；舱单`, (opened, report) => {
  const { billNo, found } = manifestOf(opened);
  if (found === null) report(fieldsOf(opened).bill, { billNo });
});
rule('M-MANIFEST-WEIGHT', 'reject', ['CEB603Message'], `${SPEC} grossWeight；舱单`, (opened, report) => {
  const { billNo, found } = manifestOf(opened);
  // A deletion makes it less.
  if (opened.head['appType'] !== '3' && found?.grossWeight !== undefined && found.listedWeight > found.grossWeight)
    report('grossWeight', { billNo, listed: format5(found.listedWeight), manifest: format5(found.grossWeight) });
});
rule('M-BILL-WEIGHT', 'reject', BILLED, '总运单；舱单毛重', (opened, report) => {
  const { billNo, found } = manifestOf(opened);
  const stated = found?.whole?.stated.grossWeight;
  const papers = found?.whole?.papers.grossWeight ?? 0n;
  if (opened.head['appType'] !== '3' && stated !== undefined && papers > stated)
    report(fieldsOf(opened).gross, { billNo, papers: format5(papers), stated: format5(stated) });
});
rule('M-BILL-PACKAGES', 'reject', BILLED, '总运单；舱单件数', (opened, report) => {
  const { billNo, found } = manifestOf(opened);
  const stated = found?.whole?.stated.packages;
  const papers = found?.whole?.papers.packages ?? 0n;
  if (opened.head['appType'] !== '3' && stated !== undefined && papers > stated)
    report(fieldsOf(opened).packages, { billNo, papers: format5(papers), stated: format5(stated) });
});
// CEB607 has the weight of the lists: more than it is nothing certain for a declaration, unless the master waybill says so.
rule('M-BILL-LISTED', 'doubt', ['DecMessage'], `${SPEC} CEB607 grossWeight；舱单`, (opened, report) => {
  const { billNo, found } = manifestOf(opened);
  const gross = decimalOf(opened.head, 'GrossWet');
  if (found?.grossWeight === undefined || found.whole !== undefined || gross === undefined) return;
  if (gross > found.grossWeight)
    report('GrossWet', { billNo, gross: format5(gross), manifest: format5(found.grossWeight) });
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

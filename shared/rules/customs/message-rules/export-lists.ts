/** Export lists (出口清单) by their supervision mode. */
import { checkEnterpriseCode } from '../../../identity/identity.ts';
import { format5, parse5 } from '../../../money/decimal.ts';
import { Num } from '../../figures.ts';
import { decimalOf } from '../context.ts';
import type { BondedFacts } from '../facts.ts';
import type { Opened } from '../message-rule.ts';

import { dayOf, filled, ruleList, SPEC, sumOf } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as exportListsRules };

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

/** The ledger a bonded list draws on; a deletion draws on none. */
const ledgerOf = ({ head, facts, parameters }: Opened): BondedFacts | null | undefined =>
  head['appType'] !== '3' && parameters.bondedModes.includes(head['tradeMode'] ?? '') && filled(head['emsNo'])
    ? facts.bonded?.(head['emsNo'])
    : undefined;
const LEDGER = '保税账册（本账套）';

rule('M-BONDED-BOOK', 'reject', ['CEB603Message'], LEDGER, (opened, report) => {
  const ledger = ledgerOf(opened);
  const params = { recordNo: opened.head['emsNo'] ?? '' };
  if (ledger === null || ledger?.isOpen === false) report('emsNo', params);
});

rule('M-BONDED-FIRM', 'doubt', ['CEB603Message'], LEDGER, (opened, report) => {
  const firmCode = ledgerOf(opened)?.firmCode;
  const value = opened.head['iacCode'];
  if (firmCode !== undefined && filled(value) && value !== firmCode) report('iacCode', { value, firmCode });
});

rule('M-BONDED-ITEM', 'reject', ['CEB603Message'], LEDGER, (opened, report) => {
  const ledger = ledgerOf(opened);
  for (const [at, line] of opened.lines.entries()) {
    const itemNo = line['itemRecordNo'];
    if (ledger != null && filled(itemNo) && ledger.item(itemNo) === null)
      report('itemRecordNo', { itemNo, recordNo: opened.head['emsNo'] ?? '' }, at + 1);
  }
});

rule('M-BONDED-UNIT', 'reject', ['CEB603Message'], LEDGER, (opened, report) => {
  for (const [at, line] of opened.lines.entries()) {
    const item = ledgerOf(opened)?.item(line['itemRecordNo'] ?? '');
    if (item != null && filled(line['unit']) && line['unit'] !== item.unit)
      report('unit', { value: line['unit'], unit: item.unit, itemNo: line['itemRecordNo'] ?? '' }, at + 1);
  }
});

rule('M-BONDED-CODE', 'doubt', ['CEB603Message'], LEDGER, (opened, report) => {
  for (const [at, line] of opened.lines.entries()) {
    const item = ledgerOf(opened)?.item(line['itemRecordNo'] ?? '');
    // A ledger may keep the first eight digits alone.
    if (item != null && filled(line['gcode']) && !line['gcode'].startsWith(item.hsCode.slice(0, 10)))
      report('gcode', { value: line['gcode'], hsCode: item.hsCode, itemNo: line['itemRecordNo'] ?? '' }, at + 1);
  }
});

rule('M-BONDED-SHORT', 'reject', ['CEB603Message'], LEDGER, (opened, report) => {
  const ledger = ledgerOf(opened);
  const taken = new Map<string, bigint>();
  for (const [at, line] of opened.lines.entries()) {
    const itemNo = line['itemRecordNo'] ?? '';
    const free = ledger?.item(itemNo)?.free;
    if (free === undefined) continue;
    const want = (taken.get(itemNo) ?? 0n) + (decimalOf(line, 'qty') ?? 0n);
    taken.set(itemNo, want);
    if (want > free) report('qty', { itemNo, want: format5(want), free: format5(free) }, at + 1);
  }
});

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

import { describe, expect, it } from 'vitest';
import { drillParams, reportNames, requestOf, typedPeriod } from './report-params.ts';

const today = '2026-11-21';

describe('the parameters of the reports page', () => {
  it('ask for the year so far when they say nothing', () => {
    expect(requestOf({}, today)).toEqual({
      report: 'trialBalance',
      params: { from: '2026-01', to: '2026-11', mode: 'cny', level: 4 },
    });
    expect(requestOf({ report: 'ageing' }, today)).toMatchObject({ params: { date: today, kind: 'receivable' } });
    expect(requestOf({ report: 'ageing', to: '2026-02' }, today)).toMatchObject({ params: { date: '2026-02-28' } });
    expect(requestOf({ report: 'accountLedger' }, today)).toBeUndefined();
    for (const report of reportNames) expect(requestOf({ report, account: '1122' }, today)?.report).toBe(report);
  });

  it('carry a drill there and back, also what has no order', () => {
    const drill = { accounts: ['1122', '2203'], to: '2026-10', currency: 'USD', orderId: null, partyId: 7 };
    expect(requestOf(drillParams(drill), today)).toEqual({ report: 'accountLedger', params: drill });
  });

  it('take a month as people type it', () => {
    expect(['202611', '2026/1', '2026年3月', '２０２６－１１', '2026-13', 'x'].map(typedPeriod)).toEqual([
      '2026-11',
      '2026-01',
      '2026-03',
      '2026-11',
      undefined,
      undefined,
    ]);
  });
});

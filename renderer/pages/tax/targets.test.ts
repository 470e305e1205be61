import { expect, it } from 'vitest';
import { drillTarget } from '../../../shared/contract/tax.ts';
import { routeOfDrill } from './targets.ts';

it('leads from every kind of row to a page of the desk, with what that page reads', () => {
  const pages = drillTarget.shape.page.options.map((page) => routeOfDrill({ page, params: {} }).page);
  expect(pages.every((page) => page !== '')).toBe(true);
  expect(routeOfDrill({ page: 'export-line', params: { id: '7' } })).toEqual({
    page: 'purchases',
    params: { tab: 'exports', id: '7' },
  });
  expect(
    routeOfDrill({ page: 'account', params: { account: '5001', from: '2026-01-01', to: '2026-09-30' } }).params,
  ).toEqual({ report: 'accountLedger', account: '5001', from: '2026-01', to: '2026-09' });
  expect(routeOfDrill({ page: 'product', params: { sku: 'A-1' } }).params).toEqual({ id: 'A-1' });
  expect(routeOfDrill({ page: 'tax-fact', params: { name: 'input-vat', period: '2026-09' } }).params).toMatchObject({
    tab: 'facts',
    period: '2026-09',
  });
});

import { expect, it } from 'vitest';
import type { FlowView } from '../../../shared/contract/risk.ts';
import { flowBars } from './flow-chart.ts';

const names = { orders: 'O', declared: 'D', received: 'R' };
const leg = (name: 'orders-goods' | 'orders-money', amounts: readonly string[], short: string, over = '0.00') => ({
  ...{ leg: name, difference: '0.00', short, over, rows: [] },
  reasons: amounts.map((amount) => ({
    code: 'TIMING' as const,
    amount,
    by: 'book' as const,
    text: '',
    rows: [],
    rowCount: 0,
  })),
});
const flow: FlowView['currencies'][number] = {
  currency: 'USD',
  goods: { declared: '80.00' },
  information: { orders: '100.00' },
  money: { received: '60.00', refunded: '5.00', commission: '10.00', netted: '0.00', charges: '0.00' },
  legs: [leg('orders-goods', ['12.00', '-2.00'], '10.00'), leg('orders-money', ['15.00'], '30.00')],
};

it('fills each bar up to what orders owe', () => {
  expect(flowBars(flow, names)).toEqual([
    { name: 'O', solid: 100, explained: 0, unexplained: 0 },
    { name: 'D', solid: 80, explained: 10, unexplained: 10 },
    { name: 'R', solid: 55, explained: 15, unexplained: 30 },
  ]);
});

it('draws nothing for what goes the other way', () => {
  const [, declared] = flowBars({ ...flow, legs: [leg('orders-goods', ['-20.00'], '0.00', '-5.00')] }, names);
  expect(declared).toMatchObject({ explained: 0, unexplained: 0 });
});

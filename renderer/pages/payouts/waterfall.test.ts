import { expect, it } from 'vitest';
import { waterfallBars } from './waterfall.ts';

it('bars hang from each other and the net stands on nought', () => {
  expect(
    waterfallBars([
      { label: 'gross', amount: '100.00' },
      { label: 'fees', amount: '-30.00' },
      { label: 'refunds', amount: '-90.00' },
      { label: 'reserve', amount: '5.00' },
      { label: 'net', amount: '-15.00', isNet: true },
    ]),
  ).toEqual([
    { above: [0, 100], below: [0, 0], direction: 'in' },
    { above: [70, 30], below: [0, 0], direction: 'out' },
    { above: [0, 70], below: [0, -20], direction: 'out' },
    { above: [0, 0], below: [-15, -5], direction: 'in' },
    { above: [0, 0], below: [0, -15], direction: 'net' },
  ]);
});

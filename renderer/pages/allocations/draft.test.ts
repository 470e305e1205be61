import { describe, expect, it } from 'vitest';
import type { OpenTarget } from '../../../shared/contract/allocations.ts';
import {
  confirmationOf,
  foundOffer,
  isConfirmable,
  offerOf,
  type ReceiptSide,
  residualsOf,
  type Share,
  toggled,
} from './draft.ts';

const receipt: ReceiptSide = {
  id: 7,
  number: '汇-2026-0007',
  currency: 'USD',
  open: '100.00',
  payer: '',
  date: '2026-11-10',
};
const target = (no: string, open: string, currency = 'USD'): OpenTarget => ({
  kind: 'order',
  id: 1,
  no,
  date: '2026-11-01',
  currency,
  due: open,
  settled: '0.00',
  charge: '0.00',
  open,
  buyer: '',
  country: '',
  state: 'UNMATCHED',
  countsAsCharges: '0.00',
  declarations: [],
  age: 9,
});
const shareOf = (no: string, open: string, typed: Partial<Share> = {}): Share[] =>
  foundOffer(receipt, target(no, open)).parts.map((share) => ({ ...share, ...typed }));

describe('a draft of allocations', () => {
  it('takes as much as both sides have, and shows what that leaves', () => {
    const shares = [...shareOf('A', '60.00'), ...shareOf('B', '70.00', { amount: '38.00', charge: '2' })];
    expect(residualsOf(shares)).toMatchObject({
      receipts: [{ taken: '98.00', left: '2.00', isOver: false }],
      targets: [
        { label: 'A', left: '0.00' },
        { label: 'B', taken: '40.00', left: '30.00' },
      ],
    });
    expect(isConfirmable(shares)).toBe(true);
  });

  it('cannot be confirmed beyond what is open, without an amount, or with none typed', () => {
    expect(isConfirmable([...shareOf('A', '60.00'), ...shareOf('B', '70.00')])).toBe(false);
    expect(isConfirmable(shareOf('A', '60.00', { charge: '0.01' }))).toBe(false);
    expect(isConfirmable(shareOf('A', '60.00', { amount: '' }))).toBe(false);
    expect(isConfirmable(shareOf('A', '60.00', { amount: '1.234' }))).toBe(false);
    expect(isConfirmable([])).toBe(false);
  });

  it('says both amounts across currencies', () => {
    const [share] = foundOffer(receipt, target('E', '90.00', 'EUR')).parts;
    if (share === undefined) throw new Error('no share');
    expect([share.amount, isConfirmable([share])]).toEqual(['', false]);
    const typed = { ...share, amount: '99', targetAmount: '90.00' };
    expect(isConfirmable([typed])).toBe(true);
    expect(confirmationOf([typed], '').items[0]).toMatchObject({ amount: '99', targetAmount: '90.00', charge: '0' });
  });

  it('puts an offer in, and out again', () => {
    const offer = offerOf(receipt, {
      parts: [
        { target: target('A', '40.00'), amount: '40.00', targetAmount: '40.00', charge: '0.00' },
        { target: target('B', '61.00'), amount: '60.00', targetAmount: '60.00', charge: '1.00' },
      ],
      score: 62,
      reasons: [],
      thirdParty: false,
    });
    const taken = toggled(shareOf('A', '40.00', { amount: '1' }), offer);
    expect(taken.map(({ amount, charge }) => [amount, charge])).toEqual([
      ['40.00', ''],
      ['60.00', '1.00'],
    ]);
    expect(toggled(taken, offer)).toEqual([]);
    expect(confirmationOf(taken, '说明').items.map(({ seen, thirdParty }) => [seen, thirdParty])).toEqual([
      [{ receipt: '100.00', target: '40.00' }, '说明'],
      [{ receipt: '100.00', target: '61.00' }, '说明'],
    ]);
  });
});

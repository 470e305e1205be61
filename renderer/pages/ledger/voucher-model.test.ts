import { describe, expect, it } from 'vitest';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { edited, redone, startHistory, undone } from './history.ts';
import {
  badCells,
  balanceAt,
  blankVoucher,
  bodyOf,
  copyAbove,
  copyOf,
  deleteLine,
  type EntryVoucher,
  fillDown,
  inputOf,
  insertLine,
  isBlank,
  moveLine,
  putRates,
  putText,
  switchRed,
  switchSide,
  type TextColumn,
  totalsOf,
  voucherOfBody,
} from './voucher-model.ts';

const date = '2026-11-20';
/** Types cells in turn: `[line, column, text]`. */
function typed(...cells: readonly (readonly [number, TextColumn, string])[]): EntryVoucher {
  return cells.reduce((voucher, [at, column, text]) => putText(voucher, at, column, text), blankVoucher(date));
}
const sale = typed(
  [0, 'text', '销售'],
  [0, 'account', '1122'],
  [0, 'debit', '113'],
  [1, 'account', '5001'],
  [1, 'credit', '100'],
  [2, 'account', '2221'],
);

describe('the gestures of voucher entry', () => {
  it('copies summaries with .. and //, on a Chinese keyboard too', () => {
    const two = typed([0, 'text', '货款'], [1, 'text', '运费'], [2, 'text', '..']);
    expect(two.lines[2]?.text).toBe('运费');
    expect(putText(two, 2, 'text', '//').lines[2]?.text).toBe('货款');
    expect(putText(two, 2, 'text', '。。').lines[2]?.text).toBe('运费');
    expect(putText(two, 2, 'text', '、、').lines[2]?.text).toBe('货款');
    expect(putText(two, 0, 'text', '..').lines[0]?.text).toBe('..');
  });

  it('always keeps a blank last line', () => {
    expect(blankVoucher(date).lines).toHaveLength(4);
    const full = typed([3, 'text', 'x']);
    expect(full.lines).toHaveLength(5);
    expect(full.lines.at(-1)?.text).toBe('');
    expect(new Set(full.lines.map((line) => line.key)).size).toBe(5);
  });

  it('balances with =, on the side where the amount is positive', () => {
    expect(balanceAt(sale, 2, 'credit').lines[2]).toMatchObject({ side: 'credit', cny: '13.00' });
    expect(balanceAt(sale, 2, 'debit').lines[2]).toMatchObject({ side: 'credit', cny: '13.00' });
    const done = balanceAt(sale, 2, 'credit');
    expect(totalsOf(done)).toMatchObject({ debit: '113.00', credit: '113.00', difference: '0.00', unbalanced: [] });
    // The line itself does not count: a second = changes nothing.
    expect(balanceAt(done, 2, 'credit').lines[2]?.cny).toBe('13.00');
  });

  it('holds one amount on one side', () => {
    const moved = putText(sale, 0, 'credit', '7');
    expect(moved.lines[0]).toMatchObject({ side: 'credit', cny: '7' });
    expect(putText(moved, 0, 'debit', '').lines[0]).toMatchObject({ side: 'credit', cny: '7' });
    expect(switchSide(moved, 0).lines[0]).toMatchObject({ side: 'debit', cny: '7' });
    expect(switchRed(moved, 0).lines[0]?.cny).toBe('-7');
    expect(switchRed(switchRed(moved, 0), 0).lines[0]?.cny).toBe('7');
  });

  it('takes 500 lines and no more', () => {
    let full = blankVoucher(date);
    for (let at = 0; at < 500; at += 1) full = putText(full, at, 'text', `${at}`);
    expect(full.lines).toHaveLength(500);
    expect(insertLine(full, 0)).toBe(full);
    expect(full.lines.at(-1)?.text).toBe('499');
  });

  it('copies lines and cells, inserts, deletes and moves', () => {
    expect(copyAbove(sale, 1).lines[1]).toMatchObject({ text: '销售', account: '1122', cny: '113', key: 2 });
    expect(fillDown(sale, 1, 'account').lines[1]?.account).toBe('1122');
    expect(fillDown(sale, 2, 'debit').lines[2]).toMatchObject({ side: 'credit', cny: '100' });
    expect(insertLine(sale, 0).lines.map((line) => line.account)).toEqual(['', '1122', '5001', '2221', '']);
    expect(deleteLine(sale, 0).lines.map((line) => line.account)).toEqual(['5001', '2221', '', '']);
    expect(moveLine(sale, 0, 1).lines.map((line) => line.account)).toEqual(['5001', '1122', '2221', '']);
    expect(moveLine(sale, 0, -1)).toBe(sale);
  });
});

describe('foreign currency', () => {
  const usd = putRates(
    typed([0, 'account', '1002'], [0, 'currency', 'USD'], [0, 'original', '100.55']),
    new Map([['USD', '7.0912']]),
  );

  it('takes the rate in force and converts half-up to the fen', () => {
    expect(usd.lines[0]).toMatchObject({ rate: '7.0912', cny: '713.02', side: 'debit' });
    const jpy = putRates(typed([0, 'currency', 'JPY'], [0, 'original', '1000']), new Map([['JPY', '0.0465']]));
    expect(jpy.lines[0]?.cny).toBe('46.50');
  });

  it('keeps a rate or CNY value the user typed', () => {
    const own = putText(usd, 0, 'rate', '7');
    expect(own.lines[0]?.cny).toBe('703.85');
    expect(putRates(own, new Map([['USD', '7.2']])).lines[0]?.rate).toBe('7');
    const cny = putText(usd, 0, 'debit', '713');
    expect(putRates(cny, new Map([['USD', '7.2']])).lines[0]?.cny).toBe('713');
    expect(inputOf(cny).input.lines[0]).toEqual({
      text: '',
      account: '1002',
      currency: 'USD',
      debit: '100.55',
      cny: '713',
    });
  });

  it('says which currencies do not balance, and balances one with =', () => {
    const settled = putText(putText(usd, 1, 'account', '1002'), 1, 'credit', '713.02');
    expect(totalsOf(settled)).toMatchObject({
      difference: '0.00',
      unbalanced: [
        { currency: 'USD', difference: '100.55' },
        { currency: 'CNY', difference: '-713.02' },
      ],
    });
    const other = balanceAt(putText(usd, 1, 'currency', 'USD'), 1, 'original');
    expect(other.lines[1]).toMatchObject({ side: 'credit', original: '100.55' });
  });

  it('keeps the figure when the currency changes', () => {
    const changed = putText(typed([0, 'credit', '50']), 0, 'currency', 'EUR');
    expect(changed.lines[0]).toMatchObject({ original: '50', cny: '', side: 'credit' });
    expect(putText(changed, 0, 'currency', 'CNY').lines[0]).toMatchObject({ original: '', cny: '50' });
  });
});

describe('what leaves the entry', () => {
  it('is the lines that are not blank, each with its place', () => {
    const { input, rows } = inputOf(insertLine(sale, 1));
    expect(rows).toEqual([0, 2, 3]);
    expect(input).toMatchObject({ date, text: '销售', exchange: false });
    expect(input.lines[1]).toEqual({ text: '', account: '5001', currency: 'CNY', credit: '100' });
  });

  it('names every cell that holds no number', () => {
    expect(badCells(sale)).toEqual([]);
    expect(badCells(putText(putText(sale, 1, 'credit', '1o0'), 0, 'quantity', 'x'))).toEqual([
      { at: 0, column: 'quantity' },
      { at: 1, column: 'credit' },
    ]);
  });

  it('has quantities where they were typed, in red with the amount, and keeps them in drafts', () => {
    const bought = typed([0, 'account', '1405'], [0, 'quantity', '12.5'], [0, 'debit', '500']);
    expect(inputOf(bought).input.lines).toMatchObject([{ account: '1405', quantity: '12.5', debit: '500' }]);
    expect(inputOf(switchRed(bought, 0)).input.lines).toMatchObject([{ quantity: '-12.5', debit: '-500' }]);
    expect(voucherOfBody(bodyOf(bought), date).lines[0]?.quantity).toBe('12.5');
    expect(inputOf(putText(bought, 0, 'quantity', '')).input.lines[0]).not.toHaveProperty('quantity');
  });

  it('comes back from a draft as it was', () => {
    const back = voucherOfBody(JSON.parse(JSON.stringify(bodyOf(sale))), '2026-12-01');
    expect(back.date).toBe(date);
    expect(inputOf(back)).toEqual(inputOf(sale));
    expect(voucherOfBody({ lines: [1, null, { text: 4 }] }, date).lines.every(isBlank)).toBe(true);
  });
});

describe('a copy of a posted voucher', () => {
  const line = (
    position: number,
    part: Partial<OutputOf<'vouchers.get'>['postings'][number]>,
  ): OutputOf<'vouchers.get'>['postings'][number] => ({
    position,
    text: '销售',
    account: '1122',
    nameZh: '',
    nameEn: '',
    currency: 'USD',
    debit: '',
    credit: '',
    debitCny: '',
    creditCny: '',
    clearing: false,
    ...part,
  });
  const posted: OutputOf<'vouchers.get'> = {
    id: 1,
    label: '记 2026-10-0001',
    period: '2026-10',
    number: 1,
    date: '2026-10-05',
    text: '销售',
    rule: 'manual',
    debitCny: '0',
    lines: 5,
    postedAt: '',
    sources: [],
    postings: [
      line(1, { debit: '100.00', debitCny: '710.00', rate: '7.1', isRateInForce: true }),
      line(2, { debit: '10.00', debitCny: '70.50', rate: '7.0500', isRateInForce: false, quantity: '2' }),
      line(3, { credit: '0.03', creditCny: '0.20', rate: '6.66666667', isRateInForce: false }),
      line(4, { credit: '0.00', creditCny: '5.00' }),
      line(5, { account: '5001', currency: 'CNY', credit: '775.30', creditCny: '775.30' }),
      line(6, { account: '1998', credit: '109.97', creditCny: '775.30', clearing: true }),
    ],
  };

  it('keeps the rates and values that were typed and takes the others of its own day', () => {
    const copy = putRates(copyOf(posted, date), new Map([['USD', '7.2']]));
    expect(copy).toMatchObject({ date, exchange: true });
    expect(copy.lines.map(({ rate, isRateTyped, cny }) => `${rate} ${isRateTyped} ${cny}`).slice(0, 5)).toEqual([
      '7.2 false 720.00',
      '7.0500 true 70.50',
      '6.66666667 true 0.20',
      '7.2 false 5.00',
      ' false 775.30',
    ]);
    const { lines } = inputOf(copy).input;
    expect(lines[0]).toEqual({ text: '销售', account: '1122', currency: 'USD', debit: '100.00' });
    expect(lines[1]).toMatchObject({ debit: '10.00', rate: '7.0500', quantity: '2' });
    expect(lines[3]).toMatchObject({ credit: '0', cny: '5.00' });
    expect(lines).toHaveLength(5);
  });
});

describe('undo', () => {
  it('takes the edits of one cell back as one step', () => {
    let history = startHistory(0);
    history = edited(history, 1, 'a');
    history = edited(history, 2, 'a');
    history = edited(history, 3, 'b');
    expect(undone(history).now).toBe(2);
    expect(undone(undone(history)).now).toBe(0);
    expect(redone(undone(history)).now).toBe(3);
    expect(undone(undone(undone(history))).now).toBe(0);
    expect(edited(undone(history), 9).future).toEqual([]);
  });
});

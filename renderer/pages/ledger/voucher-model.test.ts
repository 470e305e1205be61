import { describe, expect, it } from 'vitest';
import { edited, redone, startHistory, undone } from './history.ts';
import {
  balanceAt,
  blankVoucher,
  bodyOf,
  copyAbove,
  deleteLine,
  type EntryVoucher,
  fillDown,
  firstBadCell,
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

  it('names the first cell that holds no number', () => {
    expect(firstBadCell(sale)).toBeUndefined();
    expect(firstBadCell(putText(sale, 1, 'credit', '1o0'))).toEqual({ at: 1, column: 'credit' });
  });

  it('comes back from a draft as it was', () => {
    const back = voucherOfBody(JSON.parse(JSON.stringify(bodyOf(sale))), '2026-12-01');
    expect(back.date).toBe(date);
    expect(inputOf(back)).toEqual(inputOf(sale));
    expect(voucherOfBody({ lines: [1, null, { text: 4 }] }, date).lines.every(isBlank)).toBe(true);
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

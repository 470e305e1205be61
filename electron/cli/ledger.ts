import path from 'node:path';
import { z } from 'zod';
import { periodKey, type VoucherInput, voucherInput } from '../../shared/contract/accounting.ts';
import { PortbookError } from '../../shared/errors.ts';
import { call, given, need, options, readJson, withBook } from './shell.ts';

/** A voucher, a list of them, or `{vouchers: […]}`, as `docs/cli.md` has them. Refusal: `VOUCHER_FILE` {field, reason}. */
function readVouchers(): VoucherInput[] {
  const typed = readJson('input');
  const wrapped = z.object({ vouchers: z.array(z.unknown()) }).safeParse(typed);
  const list = wrapped.success ? wrapped.data.vouchers : Array.isArray(typed) ? typed : [typed];
  const parsed = z.array(voucherInput.strict()).min(1).safeParse(list);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  throw new PortbookError('VOUCHER_FILE', { field, reason: issue?.message ?? '' }, field);
}

/** A month of an option, or none. Refusal: `OPTION_PERIOD` {option}. */
function period(name: 'period' | 'from' | 'to'): string | undefined {
  if (given(name) === '') return undefined;
  const month = periodKey.safeParse(given(name));
  if (!month.success) throw new PortbookError('OPTION_PERIOD', { option: `--${name}` }, name);
  return month.data;
}

export const postVouchers = () =>
  withBook(need('book'), async (core) => ({
    body: { ...(await call(core, 'vouchers.postMany', { vouchers: readVouchers() })) },
  }));

export const trialBalance = () =>
  withBook(need('book'), async (core) => {
    const from = period('from');
    const to = period('to') ?? from;
    // Without a range it is the whole book's turnover; with one, opening, turnover and closing of the months.
    return from === undefined || to === undefined
      ? { body: { ...(await call(core, 'ledger.trialBalance', {})) } }
      : { body: { from, to, ...(await call(core, 'reports.trialBalance', { from, to, mode: 'original' })) } };
  });

/** Later than any month of a book: balances as they stand now. */
const endOfTime = '9999-12';

/** What every account stands at, by currency and in CNY, at the end of a month or now: signed, debit positive. */
export const balance = () =>
  withBook(need('book'), async (core) => {
    const until = period('period') ?? endOfTime;
    const read = async (mode: 'original' | 'cny') => {
      const { rows } = await call(core, 'reports.trialBalance', { from: until, to: until, mode });
      return rows
        .filter(({ group, account }) => !group && account.startsWith(given('account')))
        .map(({ account, nameZh, nameEn, currency, closing }) => ({
          account,
          nameZh,
          nameEn,
          currency,
          balance: closing.credit === '' ? closing.debit || '0' : `-${closing.credit}`,
        }));
    };
    return { body: { rows: await read('original'), cny: await read('cny') } };
  });

export const exportLedger = () =>
  withBook(need('book'), async (core) => {
    const format = z.enum(['hledger', 'beancount']).safeParse(options.format);
    if (!format.success)
      throw new PortbookError('OPTION_CHOICE', { option: '--format', choices: 'hledger, beancount' }, 'format');
    const mode = z.enum(['original', 'cny']).safeParse(options.mode);
    if (!mode.success) throw new PortbookError('OPTION_CHOICE', { option: '--mode', choices: 'original, cny' }, 'mode');
    const to = path.resolve(need('out'));
    return {
      body: {
        ...(await call(core, 'ledger.exportText', { format: format.data, mode: mode.data, to })),
        out: to,
      },
    };
  });

export const closePeriod = () =>
  withBook(need('book'), async (core) => {
    const month = period('period');
    if (month === undefined) throw new PortbookError('OPTION_MISSING', { option: '--period' }, 'period');
    return { body: { period: month, ...(await call(core, 'periods.close', { period: month })) } };
  });

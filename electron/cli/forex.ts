import path from 'node:path';
import { periodKey } from '../../shared/contract/accounting.ts';
import type { InputOf } from '../../shared/contract/contract.ts';
import { nettingInput } from '../../shared/contract/supervision.ts';
import { PortbookError } from '../../shared/errors.ts';
import { type Answer, call, given, need, options, positionals, readJson, withBook } from './shell.ts';

/** A number typed for an option. Refusal: `OPTION_NUMBER`. */
function wholeNumber(name: 'id' | 'payout'): number {
  const number = Number(need(name));
  if (!Number.isInteger(number) || number < 1) throw new PortbookError('OPTION_NUMBER', { option: `--${name}` }, name);
  return number;
}

/** A netting sheet: one of the book, one drafted from a file, or what a payout would make of itself. */
export const netting = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    if (given('input') === '' && given('payout') !== '')
      return { body: { ...(await call(core, 'netting.prefill', { payoutId: wholeNumber('payout') })) } };
    let id = given('input') === '' ? wholeNumber('id') : 0;
    if (given('input') !== '') {
      const input = nettingInput.safeParse(readJson('input'));
      if (!input.success) {
        const [issue] = input.error.issues;
        const field = issue?.path.map(String).join('.') ?? '';
        throw new PortbookError(
          'INPUT_INVALID',
          { field, reason: issue?.message ?? '', kind: issue?.code ?? '' },
          field,
        );
      }
      id = (await call(core, 'netting.save', input.data)).id;
    }
    const view = await call(core, 'netting.get', { id });
    if (given('out') === '') return { body: { ...view } };
    const out = path.resolve(given('out'));
    return { body: { ...view, out, ...(await call(core, 'netting.export', { id, to: out })) } };
  });

/** Total-amount indicators (总量核查) of the twelve months that end with one. */
export const indicators = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const month = periodKey.safeParse(need('month'));
    if (!month.success) throw new PortbookError('OPTION_PERIOD', { option: '--month' }, 'month');
    return { body: { ...(await call(core, 'indicators.get', { month: month.data })) } };
  });

/** The sum of list registration (名录登记) of a calendar year to a day. */
export const gauges = (): Promise<Answer> =>
  withBook(need('book'), async (core) => ({
    body: { ...(await call(core, 'forex.gauges', given('date') === '' ? {} : { asOf: given('date') })) },
  }));

const targetForm = /^(order|declaration|payout):(.+?):(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?$/;
type TypedTarget = Pick<InputOf<'allocations.confirm'>['items'][number], 'target' | 'amount' | 'charge'>;

/** What is to be paid as typed: `order:536365:120.00`, with charges `order:536365:118.00:2.00`. Refusal: `OPTION_FORM` {option, form}. */
function typedTarget(typed: string): TypedTarget {
  const [, kind, no = '', amount = '', charge] = targetForm.exec(typed) ?? [];
  if (kind === undefined || (kind === 'payout' && !/^\d+$/.test(no)))
    throw new PortbookError('OPTION_FORM', { option: '--to', form: 'order:NO:AMOUNT[:CHARGE]' }, 'to');
  const paid = { amount, ...(charge === undefined ? {} : { charge }) };
  if (kind === 'payout') return { target: { kind, id: Number(no) }, ...paid };
  return { target: { kind: kind === 'order' ? 'order' : 'declaration', no }, ...paid };
}

/**
 * Allocation of receipts: with `--auto` what needs no person, with `--to` what is named (further targets may follow without the option),
 * else the suggestions for a receipt.
 */
export const allocateReceipt = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    if (given('auto') !== '') {
      const minimum = Number(given('auto'));
      if (!Number.isInteger(minimum) || minimum < 1 || minimum > 100)
        throw new PortbookError('OPTION_NUMBER', { option: '--auto' }, 'auto');
      return { body: { ...(await call(core, 'allocations.autoConfirm', { minimum, dryRun: options['dry-run'] })) } };
    }
    const recordId = Number(need('receipt'));
    if (!Number.isInteger(recordId)) throw new PortbookError('OPTION_NUMBER', { option: '--receipt' }, 'receipt');
    const typed = [...(options.to ?? []), ...positionals.slice(2)];
    if (typed.length === 0) return { body: { ...(await call(core, 'allocations.suggest', { recordId })) } };
    const extra = {
      ...(given('rate') === '' ? {} : { rate: given('rate') }),
      ...(given('explain') === '' ? {} : { thirdParty: given('explain') }),
    };
    const items = typed.map((one) => ({ recordId, ...typedTarget(one), ...extra }));
    return { body: { ...(await call(core, 'allocations.confirm', { items })) } };
  });

/** Receipts of a range with what each was allotted to and what is left of it. */
export const receipts = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const filter = {
      kind: 'receipt' as const,
      ...(given('from') === '' ? {} : { from: given('from') }),
      ...(given('to') === '' ? {} : { to: given('to') }),
    };
    const rows: Record<string, unknown>[] = [];
    let page = await call(core, 'moneyRecords.list', { ...filter, limit: 500 });
    const { total, totals } = page;
    for (;;) {
      for (const { id, account, version: _, ...row } of page.rows) {
        const { allocations } = await call(core, 'moneyRecords.get', { id });
        rows.push({ id, ...row, account: account.name, allocations });
      }
      if (page.nextCursor === undefined) break;
      page = await call(core, 'moneyRecords.list', { ...filter, limit: 500, after: page.nextCursor });
    }
    return { body: { total, receipts: rows, totals } };
  });

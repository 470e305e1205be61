import path from 'node:path';
import { z } from 'zod';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { PortbookError } from '../../shared/errors.ts';
import { errorText } from '../../shared/i18n/error-text.ts';
import { mappableColumns } from '../../shared/payouts/index.ts';
import { call, given, language, need, options, withBook } from './shell.ts';

/** An option of few values. Refusal: `OPTION_CHOICE` {option, choices}. */
function oneOf<T extends string>(name: 'decimal-mark' | 'day-order', choices: readonly [T, ...T[]]): T | undefined {
  if (given(name) === '') return undefined;
  const choice = z.enum(choices).safeParse(given(name));
  if (choice.success) return choice.data;
  throw new PortbookError('OPTION_CHOICE', { option: `--${name}`, choices: choices.join(', ') }, name);
}

/** `postedAt=0,amount=3`: columns from 0 by what they hold. Refusal: `OPTION_FORM` {option, form}. */
function mapping(): Record<string, number> | undefined {
  if (given('columns') === '') return undefined;
  const pairs = given('columns')
    .split(',')
    .map((pair) => pair.trim().split('='));
  const isRight = pairs.every(
    ([name = '', at = '']) => mappableColumns.some((column) => column === name) && /^\d{1,3}$/.test(at),
  );
  if (!isRight) throw new PortbookError('OPTION_FORM', { option: '--columns', form: 'postedAt=0,amount=3' }, 'columns');
  return Object.fromEntries(pairs.map(([name = '', at]) => [name, Number(at)]));
}

/** Findings with their text, so that what to do about one is read where it is named. */
function worded(findings: OutputOf<'payouts.import'>['findings']) {
  return findings.map((finding) => ({ ...finding, ...errorText(finding, language) }));
}

/** A payout of a marketplace (平台结算单): the whole file or nothing. */
export const importPayout = () =>
  withBook(need('book'), async (core) => {
    const dryRun = options['dry-run'];
    const columns = mapping();
    const decimalMark = oneOf('decimal-mark', ['.', ',']);
    const dayOrder = oneOf('day-order', ['dmy', 'mdy']);
    const outcome = await call(core, 'payouts.import', {
      file: path.resolve(need('file')),
      store: given('store'),
      dryRun,
      ...(options.sheet === undefined ? {} : { sheet: options.sheet }),
      ...(options.currency === undefined ? {} : { currency: options.currency }),
      ...(given('platform') === '' ? {} : { platform: given('platform') }),
      ...(given('deposit') === '' ? {} : { deposit: given('deposit') }),
      ...(columns === undefined ? {} : { mapping: columns }),
      ...(decimalMark === undefined ? {} : { decimalMark }),
      ...(dayOrder === undefined ? {} : { dayOrder }),
    });
    const details = dryRun
      ? []
      : await Promise.all(outcome.ids.map(async (id) => explained(await call(core, 'payouts.get', { id }))));
    return {
      body: { dryRun, ...outcome, findings: worded(outcome.findings), ...(dryRun ? {} : { explained: details }) },
      refused: outcome.findings.some(({ level }) => level === 'reject'),
    };
  });

/** What came of a payout: its steps from gross to net and its months with their documents. */
function explained({ id, number, total, steps, months, chain }: OutputOf<'payouts.get'>) {
  return { id, number, total, steps, months, chain };
}

import path from 'node:path';
import { z } from 'zod';
import { taxPeriod, worksheetNames } from '../../shared/contract/tax.ts';
import { PortbookError } from '../../shared/errors.ts';
import type { Core } from '../core/core.ts';
import { type Answer, call, given, language, need, positionals, readJson, startCore, withBook } from './shell.ts';

/** Rules need no book; with `--book` the firm's own packs and settings hold. */
async function withRules(work: (core: Core) => Promise<Answer>): Promise<Answer> {
  if (given('book') !== '') return withBook(given('book'), work);
  const core = startCore();
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

/** The calculator named on the line. Refusal: `OPTION_MISSING`. */
function calculatorId(): string {
  const id = positionals[2];
  if (id === undefined) throw new PortbookError('OPTION_MISSING', { option: '<calculator>' });
  return id;
}

export const listRules = () => withRules(async (core) => ({ body: { ...(await call(core, 'rules.list', {})) } }));

export const explainRule = () =>
  withRules(async (core) => ({ body: { ...(await call(core, 'rules.explain', { id: calculatorId() })) } }));

/** The result's own fields, as the rule names them, with the derivation beside them. */
export const runRule = () =>
  withRules(async (core) => {
    const calculator = calculatorId();
    const input = z.record(z.string(), z.json()).safeParse(readJson('input'));
    if (!input.success)
      throw new PortbookError('RULE_INPUT', { calculator, field: '', reason: 'not an object' }, 'input');
    const { result, ...derivation } = await call(core, 'rules.run', { calculator, input: input.data });
    return { body: { ...result, derivation } };
  });

export const worksheet = () =>
  withBook(need('book'), async (core) => {
    const name = z.enum(worksheetNames).safeParse(positionals[2]);
    if (!name.success)
      throw new PortbookError('OPTION_CHOICE', { option: '<worksheet>', choices: worksheetNames.join(', ') });
    const period = taxPeriod.safeParse(need('period'));
    if (!period.success) throw new PortbookError('OPTION_PERIOD', { option: '--period' }, 'period');
    const key = { name: name.data, period: period.data };
    const view = await call(core, 'worksheets.get', { ...key, limit: 5000 });
    if (given('out') === '') return { body: { ...view } };
    const file = path.resolve(given('out'));
    return {
      body: { ...view, out: file, ...(await call(core, 'worksheets.export', { ...key, file, locale: language })) },
    };
  });

export const deadlines = () =>
  withBook(need('book'), async (core) => ({
    body: {
      ...(await call(core, 'deadlines.list', {
        ...(given('from') === '' ? {} : { from: given('from') }),
        ...(given('to') === '' ? {} : { to: given('to') }),
      })),
    },
  }));

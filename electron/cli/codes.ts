import { PortbookError } from '../../shared/errors.ts';
import type { Core } from '../core/core.ts';
import { type Answer, call, given, positionals, startCore, withBook } from './shell.ts';

/** Codes need no book; with `--book` the firm's own editions of tables hold. */
async function withTables(work: (core: Core) => Promise<Answer>): Promise<Answer> {
  if (given('book') !== '') return withBook(given('book'), work);
  const core = startCore();
  try {
    return await work(core);
  } finally {
    await core.close();
  }
}

/** `codes find TABLE WORDS`: what the lookup box finds, best first. Refusals: `OPTION_MISSING`, `TABLE_UNKNOWN` {table}, `OPTION_NUMBER`. */
export const findCodes = () =>
  withTables(async (core) => {
    const [, , table, ...words] = positionals;
    if (table === undefined) throw new PortbookError('OPTION_MISSING', { option: '<table>' });
    const limit = given('limit') === '' ? 9 : Number(given('limit'));
    if (!Number.isInteger(limit) || limit < 1 || limit > 50)
      throw new PortbookError('OPTION_NUMBER', { option: '--limit' }, 'limit');
    const { rows } = await call(core, 'tables.search', { table, text: words.join(' '), limit });
    const { titleZh, titleEn, source, asOf } = core.resources.table(table).header;
    return {
      body: { table, title: { zh: titleZh, en: titleEn }, source, asOf, version: core.resources.tablesVersion, rows },
    };
  });

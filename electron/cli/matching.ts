import path from 'node:path';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { Core } from '../core/core.ts';
import { writeFileAtomically } from '../core/files/atomic.ts';
import { call, given, need, withBook } from './shell.ts';

/** Most items an answer carries; the report has them all. */
const MOST_ITEMS = 1000;

type Item = OutputOf<'match.items'>['rows'][number];

/** Every open item, newest first. */
async function everyItem(core: Core): Promise<Item[]> {
  const items: Item[] = [];
  let after: string | undefined;
  do {
    const page = await call(core, 'match.items', { limit: 1000, ...(after === undefined ? {} : { after }) });
    items.push(...page.rows);
    after = page.nextCursor;
  } while (after !== undefined);
  return items;
}

/**
 * Matches every order with its payments, waybills and lists (三单比对). `--report` writes everything that does not pass: a workbook
 * where the name ends in `.xlsx`, else JSON.
 */
export const runMatch = () =>
  withBook(need('book'), async (core) => {
    const { runId, orders: judged, ...result } = await call(core, 'match.run', {});
    const { orders, passed, payments, orphans, settings } = await call(core, 'match.summary', {});
    const items = await everyItem(core);
    const rate = orders === 0 ? '1.0000' : (passed / orders).toFixed(4);
    const body = { runId, judged, orders, passed, rate, payments, orphans, ...result, settings };
    if (given('report') === '') return { body: { ...body, items: items.slice(0, MOST_ITEMS) } };
    const report = path.resolve(given('report'));
    if (report.toLowerCase().endsWith('.xlsx')) {
      const { rows } = await call(core, 'match.export', { to: report, state: 'open' });
      return { body: { ...body, report, rows } };
    }
    writeFileAtomically(report, Buffer.from(`${JSON.stringify({ ...body, items }, null, 2)}\n`));
    return { body: { ...body, report, rows: items.length } };
  });

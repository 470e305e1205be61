import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { rowsAtOnce, writeTextSheet } from '../../electron/core/exporters/text-sheet.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

let folder = '';
let core: Core;
beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-exports-'));
  core = coreAt(path.join(folder, 'home'));
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterEach(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an export of many rows', () => {
  const columns = [{ header: '编号 Number' }];

  it('lets another operation be answered while its rows are written', async () => {
    const rows = 40 * rowsAtOnce;
    let written = 0;
    let answeredAfter = Number.POSITIVE_INFINITY;
    let asked: Promise<void> | undefined;
    function* cells(): Generator<string[]> {
      for (; written < rows; written += 1) {
        // Asked when the rows are under way: what is answered before or after them says nothing.
        asked ??= must(core, 'parties.list', { limit: 10 }).then(() => {
          answeredAfter = written;
        });
        yield [`SO-${written}`];
      }
    }
    expect(await writeTextSheet(path.join(folder, 'rows.xlsx'), '订单', columns, cells())).toBe(rows);
    await asked;
    expect(answeredAfter).toBeLessThan(rows);
  });

  it('leaves nothing behind where its rows end in an error', async () => {
    function* cells(): Generator<string[]> {
      for (let row = 0; row <= rowsAtOnce; row += 1) yield [`SO-${row}`];
      throw new Error('the rows end');
    }
    await expect(writeTextSheet(path.join(folder, 'rows.xlsx'), '订单', columns, cells())).rejects.toThrow(
      'the rows end',
    );
    expect(readdirSync(folder)).toEqual(['home']);
  });
});

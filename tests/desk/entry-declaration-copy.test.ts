import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { paperDetails } from '../../shared/papers/details.ts';
import { coreAt, must } from '../fixtures/trade.ts';
import { type Desk, launchDesk } from './launch.ts';
import { Clerk, EntryDesk, LINES, STROKE_MS } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** A goods declaration (报关单) of 20 items copied from an earlier one, changed and queued without a mouse; its time is printed. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-entry-declaration-copy-'));
const home = path.join(folder, 'home');

type Lines = Record<string, string>[];
type Body = { readonly DecHead: Record<string, string>; readonly DecList: Lines };

let desk: Desk;
let hands: Hands;
let entry: EntryDesk;
let source = '';

/** A declaration of the sample shipment, with everything that only a person knows, grown to {@link LINES} items. */
async function declarationEnteredBefore(): Promise<string> {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const shipmentId = (await must(core, 'shipments.list', {})).rows[0]?.id ?? 0;
  const details = paperDetails.parse({ sourcePlace: '46011 海口', contractNo: 'HT-1' });
  await must(core, 'papers.saveDetails', { subject: { shipmentId }, details });
  const { documents } = await must(core, 'documents.declare', { shipmentId, mode: '0110' });
  const [first] = documents;
  const id = first?.id ?? 0;
  const opened = await must(core, 'entry.open', { id });
  const lines = (opened.body as Body).DecList;
  const operator = { TypistNo: '8930000012345', InputerName: '王五', DeclareName: '王五', EntyPortCode: '460001' };
  await must(core, 'entry.save', {
    id,
    base: opened.revision,
    operations: [
      { op: 'insert', at: 1, lines: Array.from({ length: LINES - lines.length }, () => lines[0] ?? {}) },
      ...Object.entries(operator).map(([name, value]) => ({ op: 'set' as const, path: `DecHead/${name}`, value })),
    ],
  });
  await core.close();
  return first?.businessKey ?? '';
}

beforeAll(async () => {
  source = await declarationEnteredBefore();
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a goods declaration of 20 items after an earlier one, without a mouse', () => {
  it('is copied, changed and queued; the time is that of the keys', async () => {
    const clerk = new Clerk(desk);
    const from = performance.now();
    await clerk.press('Control+k');
    await desk.page.locator('.search-box input:focus').waitFor();
    await clerk.type(source);
    await desk.page.getByRole('option', { name: source }).first().waitFor();
    await clerk.press('Enter');
    await desk.page.locator('.detail-head', { hasText: source }).waitFor();
    await clerk.press('Control+d');
    await desk.page.locator('[data-page="entry-copy"] [aria-selected=true]', { hasText: source }).waitFor();
    await clerk.press('Enter');
    await entry.at('DecHead/TradeMode');
    const copy = await entry.entered();
    // The head, field by field: what differs is typed, what stays is passed with Enter, which confirms it.
    const typed: Record<string, string> = {
      IEDate: '2026-12-05',
      TrafName: 'HU7001',
      BillNo: '880-99887766',
      ContrNo: 'HT-2',
    };
    const left = new Set(Object.keys(typed));
    while (left.size > 0) {
      const name = (await entry.cursor()).split('/')[1] ?? '';
      if (typed[name] !== undefined) await clerk.type(typed[name]);
      left.delete(name);
      await clerk.press(left.size === 0 ? 'Control+Enter' : 'Enter');
    }
    await entry.at('DecList[1]/CodeTS');
    // A quantity of the first item, its legal quantity with it; the prices are looked at and confirmed to the bottom.
    const walkTo = async (column: string): Promise<void> => {
      while (!(await entry.cursor()).endsWith(`/${column}`)) await clerk.press('ArrowRight');
    };
    await walkTo('GQty');
    await clerk.type('9');
    await clerk.press('Enter');
    await walkTo('DeclPrice');
    await clerk.press('Control+Shift+ArrowDown', 'Control+m');
    await clerk.press('F7');
    const amber = desk.page.locator('.entry-summary .tone-tag', { hasText: t('entry.toConfirm') });
    for (let turns = 0; turns < 30 && (await amber.count()) > 0; turns += 1) await clerk.press('F10', 'Enter');
    await clerk.press('F8');
    await desk.page.locator('.reasons-panel input:focus').waitFor();
    await clerk.type('as in the contract');
    await clerk.press('Enter');
    await desk.page.locator('[data-page="entry"]').waitFor({ state: 'detached' });
    const ms = performance.now() - from;
    process.stdout.write(
      `20-item goods declaration copied, changed and queued: ${(ms / 1000).toFixed(1)} s, ${clerk.keys} keys, of which ${((clerk.keys * STROKE_MS) / 1000).toFixed(1)} s are the keys at ${STROKE_MS} ms\n`,
    );
    const done = await entry.ask('documents.get', { id: copy });
    expect(done.state).toBe('queued');
    const body = done.body as Body;
    expect(body.DecHead).toMatchObject({
      ...{ IEDate: '20261205', TrafName: 'HU7001', BillNo: '880-99887766', ContrNo: 'HT-2' },
    });
    expect(body.DecList).toHaveLength(LINES);
    expect(body.DecList[0]).toMatchObject({ GQty: '9' });
  });
});

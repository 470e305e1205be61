import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { deskCommands } from '../../shared/desk-keys.ts';
import { type Desk, launchDesk } from './launch.ts';
import { EntryDesk, LINES, listEnteredBefore } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/**
 * The rules of entry, checks and messages in the real window; docs/entry-rules.md says which test holds which rule. The main story and kills of
 * the whole desk are in entry.test.ts.
 */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-entry-rules-'));
const home = path.join(folder, 'home');

let desk: Desk;
let hands: Hands;
let entry: EntryDesk;
/** The draft all of it happens in. */
let id = 0;

const list = (): ReturnType<EntryDesk['bodyOf']> => entry.bodyOf(id);
const stored = async (place: string): Promise<string | undefined> => {
  const { InventoryHead, InventoryList } = await list();
  const match = /^InventoryList\[(\d+)\]\/(\w+)$/.exec(place);
  return match === null
    ? InventoryHead[place.split('/')[1] ?? '']
    : InventoryList[Number(match[1]) - 1]?.[match[2] ?? ''];
};
const becomes = (place: string, value: string | undefined): Promise<void> =>
  expect.poll(() => stored(place)).toBe(value);

/** Types over a field and goes on with Enter. */
async function enter(place: string, text: string): Promise<void> {
  await entry.goTo(place);
  await desk.page.keyboard.type(text);
  await hands.press('Enter');
}

beforeAll(async () => {
  const source = await listEnteredBefore(home);
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
  id = (await entry.ask('entry.copy', { id: source.id })).id;
  await hands.area('declarations');
  await entry.openInEditor(id);
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('walking', () => {
  it('goes on with Enter and Tab, back with Shift, and passes sections with Ctrl+Enter', async () => {
    await entry.goTo('InventoryHead/billNo');
    await hands.press('Enter');
    const next = await entry.cursor();
    expect(next).not.toBe('InventoryHead/billNo');
    await hands.press('Shift+Enter');
    await entry.at('InventoryHead/billNo');
    await hands.press('Tab');
    await entry.at(next);
    await hands.press('Shift+Tab');
    await entry.at('InventoryHead/billNo');
    await hands.press('Control+Enter');
    await expect.poll(() => entry.cursor()).toMatch(/^InventoryList\[/);
    await hands.press('Control+Enter');
    await expect.poll(() => entry.cursor()).toMatch(/^InventoryHead\//);
  });

  it('never moves by itself: saving and checking leave the cursor and what is being typed', async () => {
    await entry.goTo('InventoryHead/billNo');
    await desk.page.keyboard.type('880-12');
    await hands.press('ArrowLeft');
    const { revision } = await entry.ask('entry.open', { id });
    // Another field is saved and checked meanwhile, as a late answer would be.
    await entry.ask('documents.check', { kind: 'CEB603Message' });
    expect((await entry.ask('entry.open', { id })).revision).toBe(revision);
    expect([await entry.cursor(), await entry.inputValue()]).toEqual(['InventoryHead/billNo', '880-12']);
    expect(await desk.page.evaluate(() => (document.activeElement as HTMLInputElement).selectionStart)).toBe(5);
    await hands.press('Enter');
    await becomes('InventoryHead/billNo', '880-12');
  });
});

describe('the lookup box', () => {
  it('picks by digit, by initials, in any order of words, and what was taken last for the same stands first', async () => {
    await entry.goTo('InventoryHead/country');
    await desk.page.keyboard.type('zg');
    await desk.page.locator('.lookup-row', { hasText: '中国' }).first().waitFor();
    await hands.press('1');
    await becomes('InventoryHead/country', '142');
    await enter('InventoryHead/country', 'states united');
    await becomes('InventoryHead/country', '502');
    // The list asked for with its key: a digit picks before anything is typed.
    await entry.goTo('InventoryHead/country');
    await hands.press('F2');
    await desk.page.locator('.lookup-row').first().waitFor();
    expect(await desk.page.locator('.lookup-row').first().innerText()).toContain('502');
    await hands.press('2');
    await becomes('InventoryHead/country', '142');
  });

  it('keeps text that names no code, shows it as 未确认 and names it until it is replaced', async () => {
    for (const place of ['InventoryHead/country', 'InventoryList[2]/country']) {
      await enter(place, '火星殖民地');
      await becomes(place, '火星殖民地');
      expect(await entry.cursor()).not.toBe(place);
      const { findings } = await entry.ask('entry.open', { id });
      expect(findings.filter((one) => one.path === place)).toMatchObject([{ level: 'reject' }]);
    }
    await desk.page.locator('[data-path="InventoryHead/country"]', { hasText: t('entry.notACode') }).waitFor();
    await desk.page.locator('.goods-row[data-line="2"] .is-unknown').waitFor();
    const { rows } = await entry.ask('recents.listUnconfirmed', {});
    expect(rows.map(({ text }) => text)).toContain('火星殖民地');
    // What to do stands beside the field, in words.
    await entry.goTo('InventoryHead/country');
    await desk.page.locator('.entry-note', { hasText: '火星殖民地' }).waitFor();
    await hands.press('Enter');
    await becomes('InventoryHead/country', '火星殖民地');
    for (const place of ['InventoryHead/country', 'InventoryList[2]/country']) {
      await enter(place, '502');
      await becomes(place, '502');
    }
    await expect.poll(() => desk.page.getByText(t('entry.notACode')).count()).toBe(0);
    await expect.poll(() => desk.page.locator('.goods-row .is-unknown').count()).toBe(0);
  });
});

describe('my list', () => {
  it('offers what the field had before; a digit takes it, Insert keeps it at hand', async () => {
    const [first] = (await entry.ask('entry.mine', { kind: 'CEB603Message', field: 'InventoryList/gname' })).rows;
    await entry.goTo('InventoryList[3]/gname');
    await hands.press('F5');
    await desk.page.locator('.is-mine [role=option]').first().waitFor();
    await hands.press('1');
    await entry.at('InventoryList[3]/gname');
    await becomes('InventoryList[3]/gname', first?.value);
    await hands.press('F5');
    await desk.page.locator('.is-mine [role=option]').first().waitFor();
    await hands.press('Insert');
    await desk.page.locator('.is-mine [aria-pressed=true]').waitFor();
    await hands.press('Escape');
    await entry.at('InventoryList[3]/gname');
    const kept = await entry.ask('entry.mine', { kind: 'CEB603Message', field: 'InventoryList/gname' });
    expect(kept.rows[0]).toMatchObject({ value: first?.value, isKept: true });
  });
});

describe('the grid and the mouse', () => {
  it('fills by the handle of the selection, down by dragging and to the end by a double click', async () => {
    await enter('InventoryList[1]/qty', '41');
    await enter('InventoryList[2]/qty', '42');
    await entry.goTo('InventoryList[1]/qty');
    await hands.press('Shift+ArrowDown');
    const handle = desk.page.locator('.goods-fill');
    const from = await handle.boundingBox();
    const column = await desk.page.locator('.goods-editor').getAttribute('data-path');
    expect(column).toBe('InventoryList[2]/qty');
    const height = (await desk.page.locator('.goods-row').first().boundingBox())?.height ?? 0;
    if (from === null) throw new Error('no handle');
    const x = from.x + from.width / 2;
    const y = from.y + from.height / 2;
    await desk.page.mouse.move(x, y);
    await desk.page.mouse.down();
    await desk.page.mouse.move(x - 8, y + height, { steps: 4 });
    await desk.page.mouse.move(x - 8, y + height * 2 + height / 2, { steps: 4 });
    await desk.page.locator('.goods-cell.is-filled').first().waitFor();
    await desk.page.mouse.up();
    await expect
      .poll(async () => (await list()).InventoryList.slice(0, 6).map(({ qty }) => qty))
      .toEqual(['41', '42', '41', '42', '41', (await list()).InventoryList[5]?.['qty']]);
    await hands.press('Control+z');
    await becomes('InventoryList[4]/qty', (await list()).InventoryList[5]?.['qty']);
    await entry.goTo('InventoryList[1]/qty');
    await handle.dblclick();
    await expect
      .poll(async () => (await list()).InventoryList.map(({ qty }) => qty))
      .toEqual(Array.from({ length: LINES }, () => '41'));
    await hands.press('Control+z');
  });

  it('has number boxes without a spinner that ignore the wheel, and totals in sight', async () => {
    await entry.goTo('InventoryList[1]/price');
    const before = await entry.inputValue();
    const box = await desk.page.locator('.goods-editor input').boundingBox();
    await desk.page.mouse.move((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await desk.page.mouse.wheel(0, 120);
    expect(await entry.inputValue()).toBe(before);
    expect(await desk.page.locator('.goods-editor input').getAttribute('type')).toBe('text');
    expect(await desk.page.locator('.entry-totals').isVisible()).toBe(true);
    // The first columns stay when the others scroll.
    await hands.press('End');
    const frozen = desk.page.locator('.goods-row[data-line="1"] .goods-cell.is-frozen').nth(1);
    const grid = await desk.page.locator('.goods-grid').boundingBox();
    const cell = await frozen.boundingBox();
    expect((cell?.x ?? 0) - (grid?.x ?? 0)).toBeLessThan(80);
  });
});

describe('checks', () => {
  it('never block typing: a check of everything runs, keys go into the field at once and into the book in the end', async () => {
    await entry.goTo('InventoryHead/billNo');
    await desk.page.evaluate(() => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      Reflect.set(window, 'isChecked', false);
      void bridge.call('documents.check', {}).then(() => Reflect.set(window, 'isChecked', true));
    });
    await desk.page.keyboard.type('880-77');
    expect(await entry.inputValue()).toBe('880-77');
    await hands.press('Enter');
    await becomes('InventoryHead/billNo', '880-77');
    await desk.page.waitForFunction(() => Reflect.get(window, 'isChecked') === true);
  });

  it('count by section, lead there with one key, and a refused queue goes to the first bad field with what to do', async () => {
    await enter('InventoryList[4]/unit', '没有这个单位');
    await becomes('InventoryList[4]/unit', '没有这个单位');
    const goods = desk.page.locator('[data-section="goods"]');
    await expect.poll(() => goods.locator('.tone-rejected').innerText()).toMatch(/\d/);
    // Icon and word, not colour alone.
    expect(await goods.locator('.tone-rejected').getAttribute('title')).toBe(t('finding.level.reject'));
    await entry.goTo('InventoryHead/billNo');
    await hands.press('F8');
    const { findings, unconfirmed } = await entry.ask('entry.open', { id });
    const first = findings.find(({ level }) => level === 'reject');
    await entry.at((first?.rule === 'ENTRY-CONFIRM' ? unconfirmed[0] : first?.path) ?? '');
    await desk.page.locator('.entry-note').waitFor();
    expect((await entry.ask('documents.get', { id })).state).toBe('draft');
    await hands.press('Control+m');
    await goods.click();
    await expect.poll(() => entry.cursor()).toMatch(/^InventoryList\[/);
    // One message: what, where, why, how to mend it, and a jump; the whole of it can be written to a file.
    const row = desk.page.locator('.finding-list li', { hasText: '没有这个单位' }).first();
    await row.locator('.finding-where').waitFor();
    await row.locator('.finding-remedy').waitFor();
    expect(await row.locator('.finding-source').innerText()).toContain('DOC-');
    await desk.page.getByRole('button', { name: t('declarations.exportFindings') }).waitFor();
    await hands.press('Control+z');
    await enter('InventoryList[4]/unit', '011');
    await becomes('InventoryList[4]/unit', '011');
  });
});

describe('keys', () => {
  const row = (command: keyof typeof deskCommands) => desk.page.locator(`[data-command="${command}"]`);

  it('are all shown while Alt is held', async () => {
    await entry.goTo('InventoryHead/billNo');
    await desk.page.keyboard.down('Alt');
    const shown = desk.page.locator('.all-keys');
    await shown.waitFor();
    const text = await shown.innerText();
    for (const key of ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'F11', 'F12', 'Ctrl D', 'Ctrl Z'])
      expect(text).toContain(key);
    await desk.page.keyboard.up('Alt');
    await shown.waitFor({ state: 'detached' });
  });

  it('can be changed: a taken one is refused by name, the new one works at once, and the suggested ones come back', async () => {
    await hands.press('Escape');
    await desk.page.locator('.data-table-box').waitFor();
    await desk.page.locator('.rail-entry', { hasText: t('area.settings') }).click();
    await desk.page.getByRole('radio', { name: t('settings.keys.title') }).click();
    await row('entry.help').locator('.key-cap').click();
    await hands.press('F8');
    await row('entry.help').locator('.error-note', { hasText: deskCommands['entry.queue'].zh }).waitFor();
    await hands.press('Control+j');
    await row('entry.help').locator('.key-hint', { hasText: 'Ctrl J' }).waitFor();
    await row('entry.lookup').locator('.key-cap').click();
    await hands.press('Control+Shift+Y');
    await row('entry.lookup').locator('.key-hint', { hasText: 'Ctrl Shift Y' }).waitFor();
    await hands.area('declarations');
    await entry.openInEditor(id);
    await entry.goTo('InventoryHead/billNo');
    await hands.press('F1');
    expect(await desk.page.locator('.entry-help').count()).toBe(0);
    await hands.press('Control+j');
    await desk.page.locator('.entry-help').waitFor();
    await hands.press('Control+j');
    // Keys a box handles by itself follow too.
    await entry.goTo('InventoryHead/country');
    await hands.press('F2');
    expect(await desk.page.locator('.lookup-row').count()).toBe(0);
    await hands.press('Control+Shift+Y');
    await desk.page.locator('.lookup-row').first().waitFor();
    await hands.press('Escape');
    await hands.press('Escape');
    await desk.page.locator('.data-table-box').waitFor();
    await desk.page.locator('.rail-entry', { hasText: t('area.settings') }).click();
    await desk.page.getByRole('radio', { name: t('settings.keys.title') }).click();
    await hands.button(t('settings.keys.resetAll')).click();
    await row('entry.help').locator('.key-hint', { hasText: 'F1' }).waitFor();
    expect((await entry.ask('entry.keys', {})).keys).toEqual({});
  });
});

describe('the field order of a client', () => {
  it('changes and hides fields, and hidden required ones raise a count', async () => {
    await hands.area('declarations');
    await entry.openInEditor(id);
    await hands.press('Control+Shift+F');
    await desk.page.locator('.entry-choices.is-layout').waitFor();
    const first = await desk.page.locator('.is-layout [role=option]').first().innerText();
    await hands.press('Alt+ArrowDown');
    await expect.poll(() => desk.page.locator('.is-layout [role=option]').nth(1).innerText()).toBe(first);
    await hands.press('Alt+ArrowUp', 'Space');
    await hands.sees(t('entry.hiddenRequired', { n: 1 }));
    await hands.press('Space', 'Escape');
    await expect.poll(() => desk.page.getByText(t('entry.hiddenRequired', { n: 1 })).count()).toBe(0);
  });
});

describe('a draft the checker approved', () => {
  it('looks frozen, says who approved it, and is reopened with a reason; marks of the checker stand at their fields', async () => {
    const { id: maker } = await entry.ask('clerks.save', { name: '王晓' });
    const { id: checker } = await entry.ask('clerks.save', { name: '李静' });
    await entry.ask('clerks.choose', { id: maker });
    await entry.ask('review.claim', { ids: [id] });
    await entry.ask('clerks.choose', { id: checker });
    const { markId } = await entry.ask('review.mark', { id, path: 'InventoryHead/billNo', comment: '与提单不符' });
    await hands.press('Escape');
    await entry.openInEditor(id);
    await desk.page.locator('[data-path="InventoryHead/billNo"]', { hasText: t('entry.isMarked') }).waitFor();
    await hands.press('Control+Shift+M');
    await desk.page.locator('.entry-side', { hasText: '与提单不符' }).waitFor();
    await hands.press('Escape');
    await entry.ask('review.resolve', { markId, isResolved: true });
    // Whoever enters cannot approve: the maker mends it.
    await entry.ask('clerks.choose', { id: maker });
    await enter('InventoryHead/logisticsNo', 'YT20269999');
    await becomes('InventoryHead/logisticsNo', 'YT20269999');
    const { revision, unconfirmed } = await entry.ask('entry.open', { id });
    // Under the number of the order that it was copied from, it would be held against that order's papers.
    const ownOrder = [{ op: 'set' as const, path: 'InventoryHead/orderNo', value: 'T20269999' }];
    await entry.ask('entry.save', { id, base: revision, operations: ownOrder, confirmed: unconfirmed });
    const { findings } = await entry.ask('entry.open', { id });
    expect(findings.filter(({ level }) => level === 'reject').map(({ rule, path: at }) => `${rule} ${at}`)).toEqual([]);
    await entry.ask('clerks.choose', { id: checker });
    await entry.ask('review.approve', { ids: [id] });
    await hands.press('Escape');
    await desk.page.locator('.data-table-box').waitFor();
    await entry.openInEditor(id);
    await hands.sees('李静');
    await hands.sees(t('entry.frozen'));
    const before = await stored('InventoryHead/billNo');
    await entry.goTo('InventoryHead/billNo');
    expect(await desk.page.evaluate(() => (document.activeElement as HTMLInputElement).readOnly)).toBe(true);
    await desk.page.keyboard.type('X');
    await hands.press('Enter');
    expect(await stored('InventoryHead/billNo')).toBe(before);
    expect(await desk.page.locator('.goods-fill').count()).toBe(0);
    await hands.button(t('broker.review.reopen')).click();
    await desk.page.keyboard.type('提单号改了');
    await hands.press('Enter');
    await desk.page.getByText(t('entry.frozen')).waitFor({ state: 'detached' });
    await enter('InventoryHead/billNo', '880-99');
    await becomes('InventoryHead/billNo', '880-99');
    expect((await entry.ask('review.get', { id })).approval).toBeUndefined();
    await entry.ask('clerks.choose', { id: null });
  });
});

describe('an end of one half of the desk while typing', () => {
  it('of the core: what was typed before and after is there when the book is opened again, where it was', async () => {
    await entry.goTo('InventoryList[2]/gname');
    await desk.page.keyboard.type('前半');
    const pid = await desk.app.evaluate(
      ({ app }) => app.getAppMetrics().find((one) => one.name === 'Portbook core')?.pid ?? 0,
    );
    process.kill(pid, 'SIGKILL');
    await desk.page.keyboard.type('后半');
    await hands.on('welcome');
    await entry.openBook();
    await desk.page.locator('[data-page="entry"]').waitFor();
    await entry.at('InventoryList[2]/gname');
    await expect.poll(() => entry.inputValue()).toBe('前半后半');
    await hands.press('Enter');
    await becomes('InventoryList[2]/gname', '前半后半');
  });

  it('of the window: it comes back in the field, with every key typed while the core was busy', async () => {
    await desk.app.evaluate(({ dialog }) => {
      // The message to the user would wait for a click.
      dialog.showMessageBox = async () => ({ response: 0, checkboxChecked: false });
    });
    await entry.goTo('InventoryList[3]/gname');
    await desk.page.evaluate(() => {
      const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
      void bridge.call('documents.check', {});
    });
    // A save has to wait for the check; a line later another field is being typed in.
    await desk.page.keyboard.type('一');
    await hands.press('ArrowDown');
    await desk.page.keyboard.type('二');
    await hands.press('ArrowDown');
    await desk.page.keyboard.type('写到');
    // The last key is on its way to the core with the next turn of the page.
    await desk.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 0)));
    const pid = await desk.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    process.kill(pid ?? 0, 'SIGKILL');
    // Playwright gives up a page that has crashed, so the page is asked through the main process.
    const inPage = (code: string): Promise<unknown> =>
      desk.app.evaluate(({ BrowserWindow }, text) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        if (contents === undefined || contents.isCrashed() || contents.isLoading()) return undefined;
        // A page that goes while it is asked never answers.
        const late = new Promise((resolve) => setTimeout(resolve, 1000));
        return Promise.race([contents.executeJavaScript(text), late]);
      }, code);
    const place = `[document.activeElement?.closest('[data-path]')?.dataset.path, document.activeElement?.value]`;
    await expect.poll(() => inPage(place)).toEqual(['InventoryList[5]/gname', '写到']);
    const names = `window.portbook.call('entry.open', { id: ${id} }).then(({ data }) => data.body.InventoryList.slice(2, 4).map(({ gname }) => gname))`;
    await expect.poll(() => inPage(names)).toEqual(['一', '二']);
  });
});

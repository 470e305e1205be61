import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MOST_LINES } from '../../shared/drafting/edit.ts';
import { type Desk, launchDesk } from './launch.ts';
import { Clerk, EntryDesk, LINES, type ListBody, listEnteredBefore, STROKE_MS } from './support/entry.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** Entry of documents by keyboard alone, in the real window: copy, change, paste, undo, queue; a kill in the middle of a word. */
const t = textsIn('zh-CN');
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-desk-entry-'));
const home = path.join(folder, 'home');

let desk: Desk;
let hands: Hands;
let source: { id: number; businessKey: string };

let entry: EntryDesk;
const bodyOf = (id: number): Promise<ListBody> => entry.bodyOf(id);
const ask: EntryDesk['ask'] = (op, input) => entry.ask(op, input);
const cursor = (): Promise<string> => entry.cursor();
const inputValue = (): Promise<string> => entry.inputValue();
const at = (wanted: string): Promise<void> => entry.at(wanted);
const goTo = (place: string): Promise<void> => entry.goTo(place);
const paste = (text: string): Promise<void> => entry.paste(text);

async function openBook(): Promise<void> {
  await hands.on('welcome');
  await entry.openBook();
  await hands.on('today');
}

beforeAll(async () => {
  source = await listEnteredBefore(home);
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await openBook();
});
afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
  rmSync(folder, { recursive: true, force: true });
});

let copy = 0;

describe('a declaration of 20 lines after an earlier one, without a mouse', () => {
  it('is copied, changed and queued; the time is that of the keys', async () => {
    await hands.area('declarations');
    await desk.page.locator('.data-table-box [aria-selected]').first().waitFor();
    const clerk = new Clerk(desk);
    const from = performance.now();
    await clerk.press('Home', 'Control+d');
    await desk.page.locator('[data-page="entry-copy"] [aria-selected=true]', { hasText: source.businessKey }).waitFor();
    await clerk.press('Enter');
    await desk.page.locator('[data-page="entry"]').waitFor();
    await at('InventoryHead/customsCode');
    // The head, field by field: what differs is typed, what stays is passed with Enter, which confirms it.
    const typed: Record<string, string> = {
      logisticsNo: 'YT20260002',
      ieDate: '2026-11-25',
      billNo: '880-99887766',
      grossWeight: '1.5',
    };
    for (let field = 0; field < 14; field += 1) {
      const name = (await cursor()).split('/')[1] ?? '';
      if (typed[name] !== undefined) await clerk.type(typed[name]);
      await clerk.press(field === 13 ? 'Control+Enter' : 'Enter');
    }
    await at('InventoryList[1]/itemNo');
    // A quantity, then all prices looked at: the column is selected to the bottom and confirmed.
    await clerk.press('End');
    while (!(await cursor()).endsWith('/qty')) await clerk.press('ArrowLeft');
    await clerk.type('9');
    await clerk.press('Enter');
    while (!(await cursor()).endsWith('/price')) await clerk.press('ArrowRight');
    await clerk.press('Control+Shift+ArrowDown', 'Control+m');
    // What is still amber lies among the other fields of the head: F10 leads there.
    await clerk.press('F7');
    const amber = desk.page.locator('.entry-summary .tone-tag', { hasText: t('entry.toConfirm') });
    for (let left = 0; left < 12 && (await amber.count()) > 0; left += 1) {
      await clerk.press('F10');
      if ((await cursor()) === 'InventoryHead/orderNo') await clerk.type('260060-2');
      await clerk.press('Enter');
    }
    copy = await entry.entered();
    await clerk.press('F8');
    // The copy has reminders: one reason for all of them.
    await desk.page.locator('.reasons-panel input:focus').waitFor();
    await clerk.type('as in the contract');
    await clerk.press('Enter');
    await desk.page.locator('[data-page="entry"]').waitFor({ state: 'detached' });
    const ms = performance.now() - from;
    process.stdout.write(
      `20-line declaration copied, changed and queued: ${(ms / 1000).toFixed(1)} s, ${clerk.keys} keys, of which ${((clerk.keys * STROKE_MS) / 1000).toFixed(1)} s are the keys at ${STROKE_MS} ms\n`,
    );
    const done = await ask('documents.get', { id: copy });
    expect(done.state).toBe('queued');
    const body = done.body as ListBody;
    expect(body.InventoryHead).toMatchObject({
      logisticsNo: 'YT20260002',
      ieDate: '20261125',
      billNo: '880-99887766',
      orderNo: '260060-2',
    });
    expect(body.InventoryList).toHaveLength(LINES);
    expect(body.InventoryList[0]).toMatchObject({ qty: '9' });
  });
});

describe('a Chinese input method', () => {
  it('keeps Enter for its candidates: nothing jumps, nothing is taken, until the word is there', async () => {
    const made = await ask('entry.copy', { id: source.id });
    copy = made.id;
    await hands.press('F5');
    await entry.openInEditor(copy);
    await goTo('InventoryList[1]/gname');
    const before = (await bodyOf(copy)).InventoryList[0]?.['gname'];
    const session = await desk.page.context().newCDPSession(desk.page);
    await session.send('Input.imeSetComposition', { text: 'xin', selectionStart: 3, selectionEnd: 3 });
    await session.send('Input.dispatchKeyEvent', {
      type: 'rawKeyDown',
      key: 'Process',
      code: 'Enter',
      windowsVirtualKeyCode: 229,
    });
    await session.send('Input.dispatchKeyEvent', {
      type: 'keyUp',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
    });
    // The same by events alone, as other input methods send them.
    await desk.page.evaluate(() => {
      for (const init of [{ isComposing: true }, { keyCode: 229 }])
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
        );
    });
    expect(await cursor()).toBe('InventoryList[1]/gname');
    expect((await bodyOf(copy)).InventoryList[0]?.['gname']).toBe(before);
    await session.send('Input.insertText', { text: '新品名' });
    expect(await inputValue()).toBe('新品名');
    await hands.press('Enter');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList[0]?.['gname']).toBe('新品名');
    expect(await cursor()).not.toBe('InventoryList[1]/gname');
    // In the head too, and in the box of codes.
    for (const field of ['InventoryHead/billNo', 'InventoryHead/country']) {
      await goTo(field);
      await session.send('Input.imeSetComposition', { text: 'mei', selectionStart: 3, selectionEnd: 3 });
      await desk.page.evaluate(() =>
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', {
            key: 'Enter',
            bubbles: true,
            cancelable: true,
            isComposing: true,
            keyCode: 229,
          }),
        ),
      );
      expect(await cursor()).toBe(field);
      await session.send('Input.imeSetComposition', { text: '', selectionStart: 0, selectionEnd: 0 });
      await hands.press('Escape');
    }
  });
});

describe('the grid', () => {
  it('takes a block from Excel into any cell, adds lines for it, and undoes it whole', async () => {
    await goTo('InventoryList[20]/qty');
    await paste('1,000\t10\r\n2\t20\r\n3\t30\r\n');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList.length).toBe(LINES + 2);
    const lines = (await bodyOf(copy)).InventoryList;
    expect(lines.slice(-3).map(({ gnum, qty }) => [gnum, qty])).toEqual([
      ['20', '1000'],
      ['21', '2'],
      ['22', '3'],
    ]);
    await hands.press('Control+z');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList.length).toBe(LINES);
    await hands.press('Control+y');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList.length).toBe(LINES + 2);
    await hands.press('Control+z');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList.length).toBe(LINES);
  });

  it('takes no block that is too long, says so, and stays as it was', async () => {
    const was = (await bodyOf(copy)).InventoryList;
    await goTo('InventoryList[2]/qty');
    await paste('7\r\n'.repeat(MOST_LINES));
    await hands.sees(t('entry.tooManyLines', { max: '5,000' }));
    await at('InventoryList[2]/qty');
    expect((await bodyOf(copy)).InventoryList).toEqual(was);
    // Nothing came of it that an undo would have to take back.
    await hands.press('Control+y');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList.length).toBe(LINES + 2);
    await hands.press('Control+z');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList).toEqual(was);
  });

  it('knows the gestures: the line above, the first line, what is missing, fill down', async () => {
    const line = async (number: number) => (await bodyOf(copy)).InventoryList[number - 1] ?? {};
    await goTo('InventoryList[3]/qty');
    await desk.page.keyboard.type('5');
    await hands.press('Enter');
    await goTo('InventoryList[4]/qty');
    await desk.page.keyboard.type('..');
    await hands.press('Enter');
    await expect.poll(async () => (await line(4))['qty']).toBe('5');
    await goTo('InventoryList[4]/gname');
    await desk.page.keyboard.type('//');
    await hands.press('Enter');
    await expect.poll(async () => (await line(4))['gname']).toBe('新品名');
    await goTo('InventoryHead/netWeight');
    await desk.page.keyboard.type('100');
    await hands.press('Enter');
    await goTo('InventoryList[1]/qty1');
    await desk.page.keyboard.type('=');
    await hands.press('Enter');
    await expect
      .poll(async () => {
        const { InventoryList } = await bodyOf(copy);
        const kilograms = InventoryList.filter(({ unit1 }) => unit1 === '035').map(({ qty1 }) => Number(qty1));
        return Math.round(kilograms.reduce((sum, one) => sum + one, 0) * 1e5) / 1e5;
      })
      .toBe(100);
    await goTo('InventoryList[5]/qty');
    await desk.page.keyboard.type('7');
    await hands.press('Enter');
    await goTo('InventoryList[5]/qty');
    await hands.press('Shift+ArrowDown', 'Shift+ArrowDown', 'Control+d');
    await expect.poll(async () => [(await line(6))['qty'], (await line(7))['qty']]).toEqual(['7', '7']);
  });

  it('inserts, duplicates, moves and deletes lines, and makes a new one by Enter at the end', async () => {
    const names = async () => (await bodyOf(copy)).InventoryList.map(({ gname }) => gname ?? '');
    await goTo('InventoryList[1]/gname');
    await hands.press('Control+Shift+D');
    await expect.poll(async () => (await names()).slice(0, 2)).toEqual(['新品名', '新品名']);
    await goTo('InventoryList[2]/gname');
    await desk.page.keyboard.type('第二');
    await hands.press('Enter');
    await goTo('InventoryList[2]/gname');
    await hands.press('Alt+ArrowUp');
    await expect.poll(async () => (await names())[0]).toBe('第二');
    await hands.press('Control+Delete');
    await expect.poll(async () => [(await names())[0], (await names()).length]).toEqual(['新品名', LINES]);
    await goTo(`InventoryList[${LINES}]/itemNo`);
    await hands.press('End', 'Enter');
    await at(`InventoryList[${LINES + 1}]/itemNo`);
    await desk.page.keyboard.type('SKU-1');
    await hands.press('F6');
    await expect.poll(async () => (await names()).length).toBe(LINES + 1);
  });
});

describe('the head', () => {
  it('says what a field means, jumps to problems, and takes templates only when asked', async () => {
    await goTo('InventoryHead/billNo');
    await hands.press('F1');
    await desk.page.locator('.entry-help', { hasText: 'CEB603' }).waitFor();
    await hands.press('F1');
    await at('InventoryHead/billNo');
    await hands.press('F12');
    await desk.page.keyboard.type('英国贺卡');
    await hands.press('Enter');
    await hands.sees(t('entry.template.saved', { name: '英国贺卡' }));
    await hands.press('F4');
    await desk.page.locator('[role=option]', { hasText: '英国贺卡' }).waitFor();
    await hands.press('Escape');
    await at('InventoryHead/billNo');
  });

  it('counts required fields that the book has hidden where everybody sees it', async () => {
    await hands.press('Control+Shift+F');
    await desk.page.locator('.entry-choices.is-layout').waitFor();
    await hands.press('Space');
    await hands.sees(t('entry.hiddenRequired', { n: 1 }));
    await hands.press('Space', 'Escape');
    await expect.poll(() => desk.page.getByText(t('entry.hiddenRequired', { n: 1 })).count()).toBe(0);
  });
});

describe('a kill in the middle of a word', () => {
  it('of a cell: the document opens where it was, what was typed included', async () => {
    await goTo('InventoryList[3]/gname');
    await desk.page.keyboard.type('写到一半');
    await expect.poll(async () => (await ask('entry.open', { id: copy })).place?.typed).toBe('写到一半');
    await killDesk();
    await reopen();
    await at('InventoryList[3]/gname');
    await expect.poll(inputValue).toBe('写到一半');
    await hands.press('ArrowLeft');
    await expect.poll(async () => (await bodyOf(copy)).InventoryList[2]?.['gname']).toBe('写到一半');
  });

  it('of a field of the head, caret included; Esc then leads back to the list', async () => {
    await goTo('InventoryHead/billNo');
    await desk.page.keyboard.type('880-555');
    await hands.press('ArrowLeft', 'ArrowLeft', '1');
    await expect
      .poll(async () => (await ask('entry.open', { id: copy })).place)
      .toMatchObject({ typed: '880-5155', caret: 6 });
    await killDesk();
    await reopen();
    await at('InventoryHead/billNo');
    await expect.poll(inputValue).toBe('880-5155');
    expect(await desk.page.evaluate(() => (document.activeElement as HTMLInputElement).selectionStart)).toBe(6);
    await hands.press('Enter');
    await expect.poll(async () => (await bodyOf(copy)).InventoryHead['billNo']).toBe('880-5155');
    await hands.press('Escape');
    await desk.page.locator('.data-table-box').waitFor();
    expect(await ask('entry.unfinished', {})).toEqual({});
  });
});

describe('the list', () => {
  it('saves what it is filtered by under a name', async () => {
    await desk.page.getByRole('radio', { name: t('state.document.draft') }).click();
    await hands.button(t('entry.views.save')).click();
    await desk.page.keyboard.type('我的草稿');
    await hands.press('Enter');
    const view = desk.page.getByRole('button', { name: '我的草稿', exact: true });
    await view.waitFor();
    await desk.page.getByRole('radio', { name: t('declarations.filter.all') }).click();
    await view.click();
    await expect
      .poll(() => desk.page.getByRole('radio', { name: t('state.document.draft') }).getAttribute('aria-checked'))
      .toBe('true');
    expect(desk.pageErrors()).toEqual([]);
  });

  it('keeps every letter of what is searched for, however quickly it is typed', async () => {
    await hands.press('Control+f');
    const text = '4601960PBK2026-QUICK-HANDS';
    await desk.page.keyboard.type(text);
    await desk.page.keyboard.insertText('名');
    await desk.page.keyboard.insertText('录');
    await hands.sees(t('declarations.noMatch.title'));
    expect(await inputValue()).toBe(`${text}名录`);
    await hands.press('Escape');
    await desk.page.locator('.data-table-box [aria-selected]').first().waitFor();
    expect(await inputValue()).toBe('');
  });

  it('shows the lines of a long document fifty at a time, beside the list', async () => {
    const { id } = await ask('entry.copy', { id: source.id });
    const { revision, businessKey } = await ask('entry.open', { id });
    const more = Array.from({ length: 40 }, (_, at) => ({ gname: `补充商品 ${at + 1}` }));
    await ask('entry.save', { id, base: revision, operations: [{ op: 'insert', at: LINES + 1, lines: more }] });
    await hands.press('F5');
    const row = desk.page.locator(`.data-table-box [title="${businessKey}"]`);
    await row.waitFor();
    await row.click();
    const pager = desk.page.locator('.line-pager');
    await hands.sees(t('declarations.detail.linesShown', { first: 1, last: 50, n: 60 }));
    expect(await desk.page.locator('.document-lines tbody tr').count()).toBe(50);
    await pager.getByRole('button', { name: t('declarations.detail.linesAfter') }).click();
    await hands.sees(t('declarations.detail.linesShown', { first: 51, last: 60, n: 60 }));
    await desk.page.locator('[data-path="InventoryList[60]/gname"]', { hasText: '补充商品 40' }).waitFor();
    expect(await pager.getByRole('button', { name: t('declarations.detail.linesAfter') }).isDisabled()).toBe(true);
    await desk.page.getByRole('button', { name: t('declarations.detail.linesBefore') }).click();
    await desk.page.locator('[data-path="InventoryList[1]/gname"]').waitFor();
  });
});

async function killDesk(): Promise<void> {
  const child = desk.app.process();
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** Starts the desk again, as a user does, and goes on where it ended. */
async function reopen(): Promise<void> {
  desk = await launchDesk({ home, size: { width: 1366, height: 768 }, env: { TZ: 'Asia/Shanghai' } });
  hands = new Hands(desk, t);
  entry = new EntryDesk(desk, hands);
  await openBook();
  await hands.area('declarations');
  await hands.button(t('entry.goOn')).waitFor();
  await hands.press('F2');
  await desk.page.locator('[data-page="entry"]').waitFor();
}

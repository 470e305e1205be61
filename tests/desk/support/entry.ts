import { expect } from 'vitest';
import type { InputOf, OperationName, OutputOf } from '../../../shared/contract/contract.ts';
import { samplePassphrase } from '../../../shared/sample-book.ts';
import { coreAt, must } from '../../fixtures/trade.ts';
import type { Desk } from '../launch.ts';
import type { Hands } from './hands.ts';

/** Lines of the list that tests of entry copy. */
export const LINES = 20;

/** Between two keys of a clerk, in ms. */
export const STROKE_MS = 40;

export type ListBody = { InventoryHead: Record<string, string>; InventoryList: Record<string, string>[] };

/** A book with a list of {@link LINES} lines that was entered before, with everything of it looked at. */
export async function listEnteredBefore(home: string): Promise<{ id: number; businessKey: string }> {
  const core = coreAt(home);
  await must(core, 'books.createSample', {});
  const { rows } = await must(core, 'shipments.list', {});
  await must(core, 'shipments.draft', { id: rows[0]?.id ?? 0 });
  const lists = (await must(core, 'documents.list', { kind: 'CEB603Message', limit: 1 })).rows;
  const { id } = await must(core, 'entry.copy', { id: lists[0]?.id ?? 0 });
  const opened = await must(core, 'entry.open', { id });
  const lines = (opened.body as ListBody).InventoryList;
  const line = lines[0] ?? {};
  await must(core, 'entry.save', {
    id,
    base: opened.revision,
    operations: [
      { op: 'insert', at: 1, lines: Array.from({ length: LINES - lines.length }, () => line) },
      { op: 'set', path: 'InventoryHead/logisticsNo', value: 'YT20260001' },
    ],
  });
  const grown = await must(core, 'entry.open', { id });
  await must(core, 'entry.save', { id, base: grown.revision, operations: [], confirmed: grown.unconfirmed });
  await core.close();
  return { id, businessKey: grown.businessKey };
}

/** What tests of entry look at in a window: the field with the cursor, what stands in it, what the book holds. */
export class EntryDesk {
  readonly desk: Desk;
  readonly hands: Hands;

  constructor(desk: Desk, hands: Hands) {
    this.desk = desk;
    this.hands = hands;
  }

  /** Asks the core behind the window's back, to look at what is in the book. */
  async ask<N extends OperationName>(op: N, input: InputOf<N>): Promise<OutputOf<N>> {
    const answer = await this.desk.page.evaluate(
      ([name, given]) => {
        const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
        return bridge.call(name, given);
      },
      [op as string, input as object] as const,
    );
    expect(answer).toMatchObject({ ok: true });
    return (answer as { data: OutputOf<N> }).data;
  }

  async bodyOf(id: number): Promise<ListBody> {
    return (await this.ask('entry.open', { id })).body as ListBody;
  }

  /** The document in the editor, once the book has heard of it: the cursor stands there sooner. Another than the one entered before. */
  async entered(before = 0): Promise<number> {
    let id = 0;
    const isHeard = async (): Promise<boolean> => {
      id = (await this.ask('entry.unfinished', {})).id ?? 0;
      return id !== 0 && id !== before;
    };
    await expect.poll(isHeard).toBe(true);
    return id;
  }

  /** Opens the only book of the computer, as a user does after the passphrase. */
  async openBook(): Promise<void> {
    const { books } = await this.ask('books.list', {});
    await this.ask('books.open', { bookId: books[0]?.id ?? '', secret: { passphrase: samplePassphrase } });
  }

  /** The path of the field that has the cursor. */
  cursor(): Promise<string> {
    return this.desk.page.evaluate(
      () => document.activeElement?.closest<HTMLElement>('[data-path]')?.dataset['path'] ?? '',
    );
  }

  inputValue(): Promise<string> {
    return this.desk.page.evaluate(() =>
      document.activeElement instanceof HTMLInputElement ? document.activeElement.value : '',
    );
  }

  async at(wanted: string): Promise<void> {
    await expect.poll(() => this.cursor()).toBe(wanted);
  }

  /** A document of the list, the newest, opened in the editor by keys. */
  async openInEditor(id: number): Promise<void> {
    const { page } = this.desk;
    const { rows } = await this.ask('documents.list', { kind: 'CEB603Message', limit: 5 });
    expect(rows[0]?.id).toBe(id);
    // As its first row, in a list that has the cursor: the order may be one of before, and the cursor still in the editor that was left.
    await page
      .locator('.data-table-box .ant-table-row')
      .first()
      .locator(`[title="${rows[0]?.businessKey ?? ''}"]`)
      .waitFor();
    await this.hands.listed();
    await this.hands.focused('.data-table-box');
    await this.hands.press('Home', 'Enter');
    await page.locator('[data-page="entry"]').waitFor();
  }

  /** Puts the cursor where a test begins; how one gets there by keys is what other steps show. */
  async goTo(place: string): Promise<void> {
    const { page } = this.desk;
    const match = /^(\w+)\[(\d+)\]\/(\w+)$/.exec(place);
    if (match === null) await page.locator(`[data-path="${place}"] input`).focus();
    else {
      await page.locator('.goods-editor input').focus();
      await this.hands.press('Control+Home');
      for (let line = 1; line < Number(match[2]); line += 1) await this.hands.press('ArrowDown');
      for (let column = 0; column < 30 && !(await this.cursor()).endsWith(`/${match[3] ?? ''}`); column += 1)
        await this.hands.press('ArrowRight');
    }
    await this.at(place);
  }

  /** A block from the clipboard into the field with the cursor. */
  async paste(text: string): Promise<void> {
    await this.desk.page.evaluate((given) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', given);
      document.activeElement?.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }),
      );
    }, text);
  }
}

/** Types as a clerk does, a key every {@link STROKE_MS}, and counts the keys. */
export class Clerk {
  keys = 0;
  readonly #desk: Desk;
  #last = 0;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      const wait = this.#last + STROKE_MS - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      this.#last = performance.now();
      this.keys += 1;
      await this.#desk.page.keyboard.press(key);
    }
  }

  type(text: string): Promise<void> {
    return this.press(...text);
  }
}

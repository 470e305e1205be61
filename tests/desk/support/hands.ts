import type { Locator, Page } from 'playwright';
import { type AreaName, areaDigit, areas } from '../../../renderer/app/page-route.ts';
import { answerDialogs, type Desk } from '../launch.ts';
import { countOf, type Texts } from './texts.ts';

export interface ImportCounts {
  readonly lines: number;
  readonly taken: number;
  readonly cancellations: number;
  readonly alreadyThere: number;
  readonly mended: number;
  readonly failed: number;
}

/** What a user's hands do at the desk, by key and by what stands on the screen; nothing here calls the core. */
export class Hands {
  readonly desk: Desk;
  readonly page: Page;
  readonly t: Texts;

  constructor(desk: Desk, t: Texts) {
    this.desk = desk;
    this.page = desk.page;
    this.t = t;
  }

  press(...keys: readonly string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** The page of the route, once it is shown and what it shows is read; not while another page stands in it, as the editor does. */
  async on(page: string): Promise<void> {
    await this.page.locator(`[data-page="${page}"]:not(:has([data-page]))`).waitFor();
    await this.page.locator(`[data-page="${page}"] .skeleton`).first().waitFor({ state: 'detached' });
    await this.listed();
  }

  /** Waits until no list on the screen is being read: a key that comes before finds no row, or one that is about to go. */
  listed(): Promise<void> {
    return this.page.locator('.data-table-box[aria-busy="true"]').first().waitFor({ state: 'detached' });
  }

  /** Waits until an element has the cursor: what is typed before goes elsewhere. */
  focused(selector: string): Promise<void> {
    return this.page.locator(selector).and(this.page.locator(':focus')).waitFor();
  }

  /** Waits until a key does what its button says: not while the page is read or the job of that key still runs. */
  ready(key: string): Promise<void> {
    return this.page.locator(`[aria-keyshortcuts="${key}"]:not([disabled]):not(.ant-btn-loading)`).first().waitFor();
  }

  /** A key that opens a page, and Ctrl with a letter in the very moment in which that page begins to be read. */
  typeAhead(opens: string, letter: string): Promise<void> {
    return this.page.evaluate(
      ([first, second]) =>
        new Promise<void>((resolve) => {
          const press = (key: string, ctrlKey: boolean): void => {
            document.activeElement?.dispatchEvent(
              new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true, cancelable: true }),
            );
          };
          new MutationObserver((_, observer) => {
            if (document.querySelector('.skeleton') === null) return;
            observer.disconnect();
            press(second, true);
            resolve();
          }).observe(document.body, { subtree: true, childList: true });
          press(first, false);
        }),
      [opens, letter] as const,
    );
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Waits until a text stands somewhere on the screen. */
  sees(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).first().waitFor();
  }

  /** Waits until the line at the foot says it: words that stand elsewhere on the page say nothing of what was just done. */
  told(text: string): Promise<void> {
    return this.page.locator('.status-notice', { hasText: text }).waitFor();
  }

  /** Goes to an entry of the rail by its key, and waits until its list is read: a key that comes before finds no row. */
  async area(name: AreaName): Promise<void> {
    await this.press(`Alt+${areaDigit(areas.indexOf(name))}`);
    await this.on(name);
  }

  /** Answers the form of a new book by keyboard alone; ends on the page that shows the recovery key. */
  async createBook(
    role: string,
    firm: {
      readonly name: string;
      readonly uscc: string;
      readonly customsCode: string;
      readonly bankName?: string | undefined;
      readonly bankAccount?: string | undefined;
      readonly zone?: string | undefined;
    },
    passphrase: string,
  ): Promise<void> {
    await this.page.locator('.role-card', { hasText: this.t(`role.${role}`) }).click();
    await this.page.locator('#profile-name').waitFor();
    const { keyboard } = this.page;
    for (const text of [firm.name, firm.uscc, firm.customsCode, firm.bankName, firm.bankAccount, firm.zone]) {
      if (text !== undefined) await keyboard.type(text);
      await keyboard.press('Enter');
    }
    await this.page.locator('#create-passphrase').fill(passphrase);
    await this.press('Enter');
    await keyboard.type(passphrase);
    await this.press('Control+Enter');
  }

  /** Chooses a file in the wizard and goes on to the columns. `Control+i` works from every page. */
  async beginImport(file: string): Promise<void> {
    await this.press('Control+i');
    await this.page.getByTestId('import-file').waitFor();
    await answerDialogs(this.desk.app, [file]);
    await this.button(this.t('common.chooseFile')).click();
    await this.page.getByTestId('import-sheet').waitFor();
  }

  /** From the recognised sheet to the result of the trial; a currency is chosen where the file has none. */
  async tryImport(currency?: string): Promise<ImportCounts> {
    await this.press('Control+Enter');
    await this.page.getByTestId('import-columns').waitFor();
    if (currency !== undefined) {
      await this.page.locator('.currency-default').getByRole('combobox').click();
      await this.page.keyboard.type(currency);
      await this.press('Enter');
    }
    await this.press('Control+Enter');
    return this.counts('import-trial');
  }

  async commitImport(): Promise<ImportCounts> {
    await this.press('Control+Enter');
    return this.counts('import-done');
  }

  /** The sum on the screen of a step; a term that is not shown is nought. */
  async counts(step: string): Promise<ImportCounts> {
    const area = this.page.getByTestId(step);
    await area.getByTestId('count-lines').waitFor();
    const read = async (id: string): Promise<number> => {
      const term = area.getByTestId(`count-${id}`);
      return (await term.count()) === 0 ? 0 : countOf(await term.textContent());
    };
    return {
      lines: await read('lines'),
      taken: await read('taken'),
      cancellations: await read('cancellations'),
      alreadyThere: await read('alreadyThere'),
      mended: await read('mended'),
      failed: await read('failed'),
    };
  }

  /** The whole wizard for a file that has nothing wrong in it. */
  async importSheet(file: string): Promise<ImportCounts> {
    await this.beginImport(file);
    await this.tryImport();
    return this.commitImport();
  }

  /** Types a code into a lookup field and takes the first of what is offered; Enter goes on to the next field. */
  async lookUp(id: string, text: string): Promise<void> {
    const field = this.page.locator(`#${id}`);
    await field.focus();
    await this.page.keyboard.type(text);
    await this.page.locator('.lookup-row').filter({ hasText: text }).first().waitFor();
    await this.press('Enter');
  }

  async fill(id: string, text: string): Promise<void> {
    const field = this.page.locator(`#${id}`);
    await field.fill(text);
    await this.press('Enter');
  }

  /** Enters a shipment as its paper reads. */
  async fillShipment(body: {
    readonly from: string;
    readonly to: string;
    readonly customsCode: string;
    readonly ieDate: string;
    readonly trafMode: string;
    readonly billNo: string;
    readonly flight: string;
    readonly wrapType: string;
    readonly logisticsCode: string;
    readonly logisticsName: string;
  }): Promise<void> {
    await this.fill('shipment-from', body.from);
    await this.fill('shipment-to', body.to);
    await this.lookUp('shipment-customsCode', body.customsCode);
    await this.lookUp('shipment-portCode', body.customsCode);
    await this.fill('shipment-ieDate', body.ieDate);
    await this.lookUp('shipment-trafMode', body.trafMode);
    await this.fill('shipment-billNo', body.billNo);
    await this.fill('shipment-trafName', body.flight);
    await this.fill('shipment-voyageNo', body.flight);
    await this.lookUp('shipment-wrapType', body.wrapType);
    await this.fill('shipment-logisticsCode', body.logisticsCode);
    await this.fill('shipment-logisticsName', body.logisticsName);
  }

  /** What the candidates beside a shipment say, once they are counted. */
  async candidates(): Promise<{ readonly ready: number; readonly blocked: number; readonly drafted: number }> {
    const read = async (id: string): Promise<number> =>
      countOf(await this.page.getByTestId(`candidates-${id}`).textContent());
    return { ready: await read('ready'), blocked: await read('blocked'), drafted: await read('alreadyDrafted') };
  }

  /** The number beside an entry of the rail; none is nought. */
  async railCount(name: string): Promise<number> {
    const count = this.page.locator('.rail-entry', { hasText: name }).locator('.rail-count, .rail-badge');
    return (await count.count()) === 0 ? 0 : countOf(await count.first().textContent());
  }

  /** The number on a filter chip, once it has one. */
  async chipCount(label: string): Promise<number> {
    const count = this.page.getByRole('radio', { name: label }).locator('.chip-count');
    await count.waitFor();
    return countOf(await count.textContent());
  }

  connection(): Promise<string> {
    return this.page.locator('.connection').innerText();
  }

  /** Waits for a word of the connection lamp: offline, online, silent. */
  seesConnection(state: string): Promise<void> {
    return this.page.locator('.connection', { hasText: this.t(`connection.${state}`) }).waitFor();
  }

  /** What waits, as the status bar says it. */
  async queue(): Promise<{ readonly queued: number; readonly awaiting: number; readonly rejected: number }> {
    const text = await this.page.locator('.status-bar .status-item').first().innerText();
    const [queued = 0, awaiting = 0, rejected = 0] = (text.match(/[\d,]+/g) ?? []).map(countOf);
    return { queued, awaiting, rejected };
  }

  /** Names the platform in the page of the outbox. */
  async setEndpoint(url: string, name: string): Promise<void> {
    await this.button(this.t('outbox.setEndpoint')).click();
    await this.page.getByLabel(this.t('outbox.url')).fill(url);
    await this.page.getByLabel(this.t('outbox.endpointName')).fill(name);
    await this.press('Control+Enter');
  }
}

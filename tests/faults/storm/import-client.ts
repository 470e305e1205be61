import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ReceiptPage, receiptPage } from '../../../shared/sync/protocol.ts';
import { ExchangeClient } from '../../fixtures/exchange-client.ts';
import { DeskClient } from '../support/desk-client.ts';
import { HandedOn } from './roads.ts';

type Receipt = ReceiptPage['receipts'][number];

/**
 * The import client of the Single Window in a storm: it takes files when it likes, fails some, leaves some, clears some away without a
 * trace, hands the others to the platform, and brings receipts late, in halves, twice and shuffled.
 */
export class ImportClient {
  readonly client: ExchangeClient;
  readonly happened: Record<string, number> = {};
  /** What must not be. */
  readonly failures: string[] = [];
  /** Hashes of the receipts it put into InBox. */
  readonly given = new Set<string>();
  readonly handedOn = new HandedOn();
  /** Once calm, it treats everything as it should. */
  isCalm = false;
  readonly #random: () => number;
  readonly #url: () => string | undefined;
  readonly #line: DeskClient;
  readonly #onward = new Map<string, Uint8Array>();
  readonly #ours = new Set<string>();
  #waiting: Receipt[] = [];
  #after = '';
  #isEnrolled = false;
  #isStopped = false;
  #running: Promise<void> | undefined;

  constructor(folder: string, random: () => number, url: () => string | undefined) {
    this.client = new ExchangeClient(folder);
    this.#random = random;
    this.#url = url;
    this.#line = new DeskClient('', 'import-client');
    this.client.treat = (name) => {
      const lot = this.isCalm ? 1 : random();
      if (lot < 0.15) return { kind: 'leave' };
      if (lot < 0.2) {
        this.#count('fail box');
        return { kind: 'fail', reason: '卡介质未插入' };
      }
      this.#onward.set(
        name.replace(/\.xml$/i, '').toUpperCase(),
        readFileSync(path.join(this.client.folders.outBox, name)),
      );
      if (lot > 0.24) return { kind: 'send' };
      this.#count('no trace');
      return { kind: 'clear' };
    };
  }

  start(): void {
    this.#running = this.#run().catch((error: unknown) => {
      this.failures.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      await this.step();
      await delay(100 + this.#random() * (this.isCalm ? 100 : 1500));
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Brings what is still to be brought, then rests. */
  async finish(): Promise<void> {
    await this.stop();
    this.isCalm = true;
    while (await this.step());
  }

  /** @returns whether there was anything to do */
  async step(): Promise<boolean> {
    const taken = this.client.take();
    const had = this.#onward.size;
    try {
      await this.#handOn();
      const more = await this.#fetch();
      return taken.length + had + more + (await this.#bring()) > 0;
    } catch (error) {
      // The platform is gone, or its clock is wrong: the next time is soon enough.
      if (!(error instanceof TypeError || error instanceof Elsewhere)) throw error;
      return true;
    }
  }

  #count(what: string): void {
    this.happened[what] = (this.happened[what] ?? 0) + 1;
  }

  async #handOn(): Promise<void> {
    const url = this.#url();
    if (url === undefined) throw new Elsewhere();
    this.#line.url = url;
    if (!this.#isEnrolled) need(await this.#line.enrol(), 'enrol');
    this.#isEnrolled = true;
    for (const [guid, bytes] of this.#onward) {
      this.handedOn.note(guid);
      need(await this.#line.put(guid, bytes), guid);
      this.#ours.add(guid);
      this.#onward.delete(guid);
    }
  }

  async #fetch(): Promise<number> {
    let read = 0;
    for (;;) {
      const route = `/v1/receipts?${new URLSearchParams({ after: this.#after, limit: '100' }).toString()}`;
      const page = receiptPage.parse(await need(await this.#line.request('GET', route), 'receipts').json());
      this.#waiting.push(...page.receipts.filter(({ messageGuid }) => this.#ours.has(messageGuid)));
      this.#after = page.next;
      if (page.receipts.length === 0) return read;
      read += page.receipts.length;
    }
  }

  async #bring(): Promise<number> {
    const now = this.#waiting.filter(() => this.isCalm || this.#random() < 0.6);
    this.#waiting = this.#waiting.filter((one) => !now.includes(one));
    const rest: (() => void)[] = [];
    for (const { messageGuid, xml } of now) {
      const lot = this.isCalm ? 1 : this.#random();
      if (lot < 0.1) {
        this.#count('half a receipt');
        rest.push(this.client.answerSlowly('Receipt', messageGuid, xml));
      } else this.client.answer('Receipt', messageGuid, xml);
      if (lot > 0.1 && lot < 0.2) {
        this.#count('receipt twice');
        this.client.answer('Receipt', messageGuid, xml);
      }
      this.given.add(createHash('sha256').update(xml, 'utf8').digest('hex'));
    }
    if (rest.length > 0) await delay(200 + this.#random() * 600);
    for (const write of rest) write();
    return now.length;
  }
}

/** The platform answers, but not to us now. */
class Elsewhere extends Error {}

function need(response: Response, what: string): Response {
  if (response.ok) return response;
  // Busy, starting, or of another day: what it thinks of the message itself would be in the four hundreds.
  if (response.status >= 500 || response.status === 429 || response.status === 401) throw new Elsewhere();
  throw new Error(`the import client was refused ${what}: ${response.status}`);
}

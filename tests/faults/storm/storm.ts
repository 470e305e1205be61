import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import type { InputOf, OperationName, OutputOf } from '../../../shared/contract/contract.ts';
import { type Card, type CardFault, CardSimulator, makeCard } from '../../fixtures/card-signer.ts';
import { compilePrograms } from '../support/bundle.ts';
import { type PlatformProcess, spawnPlatform } from '../support/child.ts';
import { resourcesFolder } from '../support/desk.ts';
import { behave, settled } from '../support/desk-client.ts';
import { type Fault, type Gateway, startGateway } from '../support/gateway.ts';
import { enterprise } from '../support/papers.ts';
import { oneOf, randomOf } from '../support/random.ts';
import { certificates } from './certificates.ts';
import { Counter } from './counter.ts';
import { ImportClient } from './import-client.ts';
import type { DeskLine, DeskOrder } from './lines.ts';
import { type RoadFault, startRoad } from './road.ts';
import { type RoadEndpoints, type Surroundings, type signersSchema, signingWays, takenIn } from './roads.ts';
import { verify } from './verify.ts';

export interface StormOptions {
  /** An empty folder; the book, the platform's data and the programs lie in it. */
  readonly folder: string;
  readonly seed: number;
  /** The storm goes on until so many messages are queued and so many faults have happened. */
  readonly submissions: number;
  readonly faults: number;
  /** A folder on a small file system of its own for the book, where there is one to be filled up. */
  readonly smallDisk?: string;
  /** Several platforms on one database instead of one on a file. */
  readonly database?: { readonly url: string; readonly processes: number };
  readonly say: (text: string) => void;
}

/** What happened, and what was found afterwards. */
export interface StormCounts {
  readonly submissions: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly deskKills: number;
  readonly platformKills: number;
  /** Refusals that the desk told of, by code. */
  readonly refusals: Readonly<Record<string, number>>;
  /** What the user did to the queue meanwhile. */
  readonly steered: Readonly<Record<string, number>>;
  readonly found: Awaited<ReturnType<typeof verify>>;
}

const DAY_MS = 86_400_000;
/** A desk that gets nothing further for so long after the storm hangs. */
const HANG_MS = 300_000;

const httpFaults: readonly Fault[] = [
  'drop-before',
  'drop-after',
  'half',
  'slow',
  'garbage',
  'error-500',
  'error-502-after',
  'busy-429',
  'captive-page',
  'captive-redirect',
  'proxy-404',
];
const roadFaults: readonly RoadFault[] = ['refuse', 'cut', 'drip', 'corrupt', 'not-tls', 'other-certificate'];

/** The desk as a process that comes back whenever it is gone. */
class DeskProcess {
  readonly queued = new Set<string>();
  readonly refusals: Record<string, number> = {};
  readonly steered: Record<string, number> = {};
  readonly failures: string[] = [];
  done = false;
  kills = 0;
  /** What it last said is still under way, and when that last grew less. */
  underWay = Number.POSITIVE_INFINITY;
  progressAt = performance.now();
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #opened: Promise<void> = Promise.resolve();
  #onOpened = (): void => undefined;
  readonly #start: (first: readonly DeskOrder[]) => ChildProcess;
  readonly #random: () => number;
  #aheadMs = 0;
  #finishAt: number | undefined;
  #isCalm = false;
  #runs = 0;

  constructor(random: () => number, start: (first: readonly DeskOrder[]) => ChildProcess) {
    this.#random = random;
    this.#start = start;
  }

  run(): void {
    this.#runs += 1;
    // Every third one by its timer, as in a window; the others are asked.
    const child = this.#start([
      { aheadMs: this.#aheadMs },
      { timed: this.#runs % 3 === 0 },
      { signing: oneOf(this.#random, signingWays) },
    ]);
    this.#child = child;
    this.#opened = new Promise((resolve) => {
      this.#onOpened = resolve;
    });
    const errors: string[] = [];
    child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
    // A killed desk does not read what it is told any more.
    child.stdin?.on('error', () => undefined);
    if (child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (text) => this.#hear(JSON.parse(text) as DeskLine));
    this.#ended = once(child, 'close').then(([code, signal]) => {
      if (signal !== 'SIGKILL' && code !== 0)
        this.failures.push(`the desk ended with ${String(code)}: ${errors.join('')}`);
      if (this.#child === child) this.#child = undefined;
    });
    if (this.#finishAt !== undefined) this.tell({ finishAt: this.#finishAt });
    if (this.#isCalm) this.tell({ calm: true });
  }

  /** Waits until the book is open, or the process is gone: what falls into starting up teaches little and takes long. */
  async atWork(): Promise<void> {
    await Promise.race([this.#opened, this.#ended]);
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  #hear(line: DeskLine): void {
    if ('queued' in line) for (const guid of line.queued) this.queued.add(guid);
    else if ('refused' in line) this.refusals[line.refused] = (this.refusals[line.refused] ?? 0) + 1;
    else if ('steered' in line) this.steered[line.steered] = (this.steered[line.steered] ?? 0) + 1;
    else if ('failed' in line) this.failures.push(line.failed);
    else if ('done' in line) this.done = true;
    else if ('underWay' in line) {
      if (line.underWay < this.underWay) this.progressAt = performance.now();
      this.underWay = line.underWay;
    } else this.#onOpened();
  }

  tell(order: DeskOrder): void {
    if ('aheadMs' in order) this.#aheadMs = order.aheadMs;
    if ('finishAt' in order) this.#finishAt = order.finishAt;
    if ('calm' in order) this.#isCalm = true;
    this.#child?.stdin?.write(`${JSON.stringify(order)}\n`);
  }

  async kill(): Promise<void> {
    if (this.#child === undefined) return;
    this.kills += 1;
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  async end(): Promise<void> {
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}

/** Platforms in processes of their own; a killed one is started again, on the same data. */
class Platforms {
  kills = 0;
  readonly #start: () => Promise<PlatformProcess>;
  #running: PlatformProcess[] = [];

  constructor(start: () => Promise<PlatformProcess>) {
    this.#start = start;
  }

  async add(): Promise<void> {
    this.#running.push(await this.#start());
  }

  get urls(): string[] {
    return this.#running.map(({ url }) => url);
  }

  async killOne(random: () => number): Promise<void> {
    const victim = oneOf(random, this.#running);
    this.#running = this.#running.filter((one) => one !== victim);
    await victim.kill();
    this.kills += 1;
    await delay(random() * 400);
    await this.add();
  }

  /** Puts the clock of one of them, for a while. */
  async jump(random: () => number, aheadMs: number, ms: number): Promise<void> {
    const { child } = oneOf(random, this.#running);
    child.stdin?.write(`${aheadMs}\n`);
    await delay(ms);
    child.stdin?.write('0\n');
  }

  /** Each process heeds what it was told itself. */
  async behave(behaviour: Parameters<typeof behave>[1]): Promise<void> {
    for (const url of this.urls) await behave(url, behaviour);
  }

  async end(): Promise<void> {
    await Promise.all(this.#running.map((one) => one.kill()));
  }
}

/**
 * Drives a real desk against real platforms over a road on which everything goes wrong, ends and restarts both at random, then lets it
 * calm down and looks whether anything is lost or twice. What goes wrong and in which order depends on the seed; when it does, on the
 * machine. Throws with the first thing that must not be.
 */
export async function storm(options: StormOptions): Promise<StormCounts> {
  const { folder, say } = options;
  const random = randomOf(options.seed);
  const programs = await compilePrograms(
    { platform: 'tests/faults/storm/platform.ts', desk: 'tests/faults/storm/desk.ts' },
    `storm-${process.pid}`,
  );
  const home = path.join(options.smallDisk ?? folder, 'home');
  const made = await makeBook(home);
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    const platforms = new Platforms(() =>
      spawnPlatform(programs['platform'] ?? '', path.join(folder, 'platform'), 0, options.database?.url),
    );
    cleanUps.push(() => platforms.end());
    for (let i = 0; i < (options.database?.processes ?? 1); i++) await platforms.add();

    const papers = certificates();
    const gateway = await startGateway(platforms.urls[0] ?? '', papers.right);
    cleanUps.push(() => gateway.close());
    const impostor = await startGateway(platforms.urls[0] ?? '', papers.wrong);
    cleanUps.push(() => impostor.close());
    const portOf = (one: Gateway): number => Number(new URL(one.url).port);
    const road = await startRoad({ server: portOf(gateway), impostor: portOf(impostor) });
    cleanUps.push(() => road.close());
    const authority = path.join(folder, 'authority.pem');
    writeFileSync(authority, papers.right.cert);
    const stick = path.join(folder, 'stick');
    mkdirSync(stick);
    const own = randomOf(options.seed + 1);
    const platformUrl = (): string | undefined => (platforms.urls.length > 0 ? oneOf(own, platforms.urls) : undefined);
    const client = new ImportClient(path.join(folder, 'client'), own, platformUrl);
    const counter = new Counter({ keys: path.join(folder, 'counter'), stick }, own, platformUrl);
    const card = await StormCard.start();
    cleanUps.push(() => card.stop());
    const signers = path.join(folder, 'signers.json');
    writeFileSync(signers, JSON.stringify(await card.signers()));
    const endpoints = await setEndpoints(home, made, {
      url: `https://localhost:${road.port}`,
      authority,
      folders: path.join(folder, 'client'),
      counter,
    });
    const around: Surroundings = { endpoints, stick, signers };

    const desk = new DeskProcess(random, (first) =>
      spawn(
        process.execPath,
        [programs['desk'] ?? '', home, made.bookId, made.recoveryKey, JSON.stringify(first), JSON.stringify(around)],
        {
          stdio: ['pipe', 'pipe', 'pipe'],
          env: { ...process.env, PORTBOOK_RESOURCES: resourcesFolder },
        },
      ),
    );
    cleanUps.push(() => desk.end());

    const happened: Record<string, number> = {};
    const count = (fault: string): void => {
      happened[fault] = (happened[fault] ?? 0) + 1;
    };
    let isStorm = true;
    gateway.slowMs = 200;
    // While the only one is gone the road leads where it was.
    gateway.route = () => {
      if (platforms.urls.length > 0) gateway.target = oneOf(random, platforms.urls);
      return gateway.target;
    };
    gateway.decide = () => {
      if (!isStorm || random() > 0.1) return 'pass';
      const fault = oneOf(random, httpFaults);
      count(fault);
      return fault;
    };
    road.decide = () =>
      isStorm && random() < 0.12
        ? { fault: oneOf(random, roadFaults), at: Math.floor(random() ** 2 * 40_000) }
        : { fault: 'pass', at: 0 };
    const faultsSoFar = (): number =>
      [happened, road.happened, client.happened, counter.happened]
        .flatMap((some) => Object.values(some))
        .reduce((sum, n) => sum + n, 0) +
      desk.kills +
      platforms.kills;

    /** What goes wrong besides the road, each with the share it has. */
    const mishaps: readonly (readonly [share: number, run: () => Promise<void>])[] = [
      [6, () => desk.kill()],
      [3, () => platforms.killOne(random)],
      [
        2,
        async () => {
          count('clock');
          desk.tell({ aheadMs: oneOf(random, [DAY_MS, -DAY_MS]) });
          await delay(400 + random() * 800);
          desk.tell({ aheadMs: 0 });
        },
      ],
      [
        1,
        async () => {
          count('clock of the platform');
          await platforms.jump(random, oneOf(random, [DAY_MS, -DAY_MS]), 400 + random() * 800);
        },
      ],
      [
        2,
        async () => {
          count('card');
          await card.misbehave(random);
        },
      ],
      [
        2,
        async () => {
          count('dns');
          desk.tell({ dns: 'down' });
          await delay(200 + random() * 800);
          desk.tell({ dns: 'up' });
        },
      ],
      [
        1,
        async () => {
          count('dumb platform');
          const url = platforms.urls[0];
          if (url === undefined) return;
          await behave(url, { silent: true });
          await delay(200 + random() * 600);
          await behave(platforms.urls[0] ?? url, {
            duplicateReceipts: random() < 0.5,
            reorderReceipts: random() < 0.5,
          });
        },
      ],
      ...(options.smallDisk === undefined
        ? []
        : [
            [
              2,
              async () => {
                count('disk full');
                const ballast = path.join(options.smallDisk ?? '', 'ballast');
                fill(ballast, 64 * 1024 * Math.floor(random() * 4));
                await delay(300 + random() * 700);
                rmSync(ballast, { force: true });
              },
            ] as const,
          ]),
    ];
    const draw = mishaps.flatMap(([share, run]) => Array.from({ length: share }, () => run));

    desk.run();
    client.start();
    cleanUps.push(() => client.stop());
    counter.start();
    cleanUps.push(() => counter.stop());
    let saidAt = performance.now();
    while (desk.queued.size < options.submissions || faultsSoFar() < options.faults) {
      await desk.atWork();
      await delay(100 + random() * 2500);
      await oneOf(random, draw)();
      if (!desk.isRunning) desk.run();
      fail([...desk.failures, ...client.failures, ...counter.failures]);
      if (performance.now() - saidAt > 15_000) {
        saidAt = performance.now();
        say(`storm: ${desk.queued.size} queued, ${faultsSoFar()} faults, ${desk.kills} kills of the desk`);
      }
    }

    isStorm = false;
    client.isCalm = true;
    counter.isCalm = true;
    // The platform misbehaves no more either; what was silent answers again.
    await platforms.behave({});
    desk.tell({ aheadMs: 0 });
    desk.tell({ dns: 'up' });
    desk.tell({ calm: true });
    // What was queued so far and what the desk may be queueing now; never less than it has.
    desk.tell({ finishAt: 0 });
    desk.progressAt = performance.now();
    while (!desk.done) {
      if (!desk.isRunning) desk.run();
      fail([...desk.failures, ...client.failures, ...counter.failures]);
      if (performance.now() - desk.progressAt > HANG_MS) {
        await desk.end();
        const left = await withCore(home, made, (core) => Promise.resolve(stuck(core)));
        throw new Error(
          `${desk.underWay} get no further after the storm: ${JSON.stringify([desk.refusals, desk.steered, left])}`,
        );
      }
      if (performance.now() - saidAt > 15_000) {
        saidAt = performance.now();
        say(`calm: ${desk.underWay} documents under way`);
      }
      await delay(200);
    }
    await desk.end();
    const statistics = await settled(platforms.urls[0] ?? '', 60_000);
    await client.finish();
    await counter.finish();
    await lastCall(home, made, client.client.folders.inBox, stick);
    const found = await verify(home, made, {
      url: platforms.urls[0] ?? '',
      statistics,
      queued: desk.queued,
      endpoints,
      given: { folder: client.given, carry: counter.given },
      handedOnAgain: client.handedOn.again + counter.handedOn.again,
    });
    for (const name of readdirSync(stick))
      if (name.includes('-bad.') && name.endsWith(takenIn)) throw new Error(`${name} was taken though it is damaged`);
    return {
      submissions: desk.queued.size,
      faults: { ...happened, ...road.happened, ...client.happened, ...counter.happened },
      deskKills: desk.kills,
      platformKills: platforms.kills,
      refusals: desk.refusals,
      steered: desk.steered,
      found,
    };
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

export interface MadeBook {
  readonly bookId: string;
  readonly recoveryKey: string;
}

const coreOf = (home: string) =>
  createCore({
    home,
    resourcesFolder,
    host: bareHost,
    files: pathGrants,
    passphraseCost: { N: 2 ** 15, r: 8, p: 1 },
  });

async function makeBook(home: string): Promise<MadeBook> {
  const core = coreOf(home);
  const made = await core.call('books.create', {
    profile: { role: 'exporter', ...enterprise, zone: '测试综试区', dxpId: 'DXPENT0000004603', sendsReceipts: true },
    passphrase: 'only for tests',
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  await core.close();
  return made.data;
}

function fail(failures: readonly string[]): void {
  if (failures.length > 0) throw new Error(failures.join('\n'));
}

/** Fills the file system up but for `left` bytes. */
function fill(file: string, left: number): void {
  const { bavail, bsize } = statfsSync(path.dirname(file));
  const size = bavail * bsize - left;
  if (size <= 0) return;
  try {
    writeFileSync(file, Buffer.alloc(size, 1));
  } catch (error) {
    // Whoever else writes at this moment takes the last of it: full is full.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
  }
}

/** A core of its own around the book, while nobody else has it open. */
async function withCore<T>(home: string, made: MadeBook, work: (core: Core) => Promise<T>): Promise<T> {
  const core = coreOf(home);
  try {
    const opened = await core.call('books.open', { bookId: made.bookId, secret: { recoveryKey: made.recoveryKey } });
    if (!opened.ok) throw new Error(JSON.stringify(opened.error));
    return await work(core);
  } finally {
    await core.close();
  }
}

async function must<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  return result.data;
}

/** The three ways of the book: over the line, by an import client's folders, by hand. */
function setEndpoints(
  home: string,
  made: MadeBook,
  at: { readonly url: string; readonly authority: string; readonly folders: string; readonly counter: Counter },
): Promise<RoadEndpoints> {
  return withCore(home, made, async (core) => {
    const saved = async (input: InputOf<'endpoints.save'>): Promise<string> =>
      (await must(core, 'endpoints.save', { ...input, practice: true })).id;
    const endpoints = {
      http: await saved({
        name: 'Storm',
        transport: 'http',
        url: at.url,
        caFile: at.authority,
        proxy: { mode: 'none' },
      }),
      folder: await saved({ name: 'Client', transport: 'folder', folderRoot: at.folders, movesRead: true }),
      carry: await saved({
        name: 'Counter',
        transport: 'carry',
        carry: { recipientKey: at.counter.keys.recipientKey, signerKey: at.counter.keys.signerKey },
      }),
    };
    await must(core, 'endpoints.choose', { id: endpoints.http });
    return endpoints;
  });
}

/** What is left by road, state and reason, for whoever looks into it. */
const stuck = (core: Core): unknown =>
  core.session.book
    .prepare(
      `SELECT m.endpoint, m.state AS message, d.state AS document, d.kind, m.last_error AS error, count(*) AS n
       FROM document d LEFT JOIN message m ON m.guid = d.message_guid
       WHERE d.state NOT IN ('closed','superseded') AND NOT (d.kind <> 'CEB603Message' AND d.state = 'accepted') GROUP BY 1, 2, 3, 4, 5`,
    )
    .all();

/** After the storm the desk looks once more at what came last, by each of its ways. */
async function lastCall(home: string, made: MadeBook, inBox: string, stick: string): Promise<void> {
  await withCore(home, made, async (core) => {
    for (const name of readdirSync(stick))
      if (/^back-.*\.carry$/.test(name)) {
        const brought = await core.call('carry.import', { file: path.join(stick, name) });
        if (brought.ok === name.includes('-bad.')) throw new Error(`${name}: ${JSON.stringify(brought)}`);
      }
    const unread = (): number =>
      existsSync(inBox) ? readdirSync(inBox).filter((name) => name.endsWith('.xml')).length : 0;
    for (let look = 0; look < 500; look++) {
      const { receipts } = await must(core, 'sync.now', {});
      if (receipts === 0 && unread() === 0) return;
    }
    throw new Error(`${unread()} files are left in InBox`);
  });
}

/** The card of a storm and its control: pulled, locked, hung up, silent, gone from its port. */
class StormCard {
  readonly #card: Card;
  #simulator: CardSimulator;

  private constructor(card: Card, simulator: CardSimulator) {
    this.#card = card;
    this.#simulator = simulator;
  }

  static async start(): Promise<StormCard> {
    const card = await makeCard('sm2');
    return new StormCard(card, await CardSimulator.start(card));
  }

  /** What the book may sign with. */
  async signers(): Promise<z.infer<typeof signersSchema>> {
    const certificate = Buffer.from(this.#card.certificate.der).toString('base64');
    return {
      rsa: (await makeCard('rsa')).key,
      sm2: (await makeCard('sm2')).key,
      card: { url: this.#simulator.url, certificate },
    };
  }

  async misbehave(random: () => number): Promise<void> {
    const fault = oneOf(random, cardFaults);
    if (fault === 'gone') await this.#simulator.stop();
    else this.#simulator.fault = fault;
    await delay(300 + random() * 700);
    // Whoever still waits for an answer learns that there will be none.
    if (fault === 'silent') await this.#simulator.stop();
    if (fault === 'silent' || fault === 'gone')
      this.#simulator = await CardSimulator.start(this.#card, Number(new URL(this.#simulator.url).port));
    this.#simulator.fault = 'none';
  }

  stop(): Promise<void> {
    return this.#simulator.stop();
  }
}

const cardFaults: readonly (CardFault | 'gone')[] = [
  'gone',
  'silent',
  'garbage',
  'strange',
  'hangs-up',
  'no-card',
  'locked',
  'cancelled',
  'tells-pin',
  'signs-wrong',
];

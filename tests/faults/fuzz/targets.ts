import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import fc from 'fast-check';
import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import { openReceipts, sealMessages } from '../../../electron/core/outbox/carry-file.ts';
import { httpTransport } from '../../../electron/core/outbox/http-transport.ts';
import { applyBatch } from '../../../electron/core/outbox/receipts.ts';
import type { Enquiry } from '../../../electron/core/outbox/transport.ts';
import {
  acceptPack,
  applyBookData,
  changesOf,
  checkContent,
  openPackFile,
  readContent,
  unusable,
} from '../../../electron/core/packs.ts';
import { Resources } from '../../../electron/core/resources.ts';
import type { Book } from '../../../electron/core/store/book.ts';
import { choosePack, requirePack, trustIssuer } from '../../../electron/core/store/packs.ts';
import { productMaker } from '../../../electron/core/store/products.ts';
import { putRate } from '../../../electron/core/store/rates.ts';
import { storeReceipts } from '../../../electron/core/store/receipts.ts';
import { places, receiveGoods } from '../../../electron/core/store/stock.ts';
import { receive } from '../../../platform/arrival.ts';
import { CarryRefusal, counterKeys, openMessages, sealReceipts } from '../../../platform/carry.ts';
import { issuePack, issuerKeyIn } from '../../../platform/packs.ts';
import { documentArbitrary } from '../../../shared/documents/arbitraries.testing.ts';
import { catalogue, messageNames } from '../../../shared/documents/catalogue.ts';
import { readMessage } from '../../../shared/documents/read.ts';
import type { AnyDocument, MessageSpec } from '../../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { CarriedMessages, CarriedReceipts } from '../../../shared/sync/carry.ts';
import { writePackFile } from '../../../shared/sync/pack-file.ts';
import { type Outcome, packText, type TransportReceipt } from '../../../shared/sync/protocol.ts';
import { isKnownStatus } from '../../../shared/sync/receipts.ts';
import { notice, otherRate, otherUnits, shipped, tableFile } from '../../fixtures/packs.ts';
import { resources, resourcesFolder, TestDesk } from '../support/desk.ts';
import { enterprise, guidOf, logisticsNoOf, message, orderNoOf, paper } from '../support/papers.ts';

/** Something that is fed with files from outside and must refuse what is wrong, with a reason, whatever it is. */
export interface Target {
  readonly name: string;
  /** Files it takes, which are then damaged. */
  readonly samples: readonly Uint8Array[];
  /**
   * Feeds one file.
   * @returns `taken`, or the code of the refusal
   * @throws for whatever must never happen: a failure of the program, a refusal without a reason, a file taken wrongly
   */
  feed(bytes: Uint8Array): string | Promise<string>;
  close(): Promise<void>;
}

const transfer = {
  copCode: enterprise.customsCode,
  copName: enterprise.name,
  dxpMode: 'DXP',
  dxpId: 'DXPENT4603960TST',
};
const noClose = () => Promise.resolve();

/** Messages of every kind as their tables have them, the same ones each time. */
function sampleMessages(kind: MessageSpec['kind'] | undefined): { guid: string; bytes: Uint8Array }[] {
  return messageNames.flatMap((name) => {
    const spec: MessageSpec = catalogue[name];
    if (kind !== undefined && spec.kind !== kind) return [];
    return fc.sample(documentArbitrary(spec), { seed: 20261121, numRuns: 3 }).map((document, i) => {
      const guid = guidOf(`${name} ${i}`);
      const xml = assembleMessage(spec, { guid, transfer }, [writeAny(spec, document)]);
      return { guid, bytes: new TextEncoder().encode(xml) };
    });
  });
}

/** Every text of a document with the name it stands under, sorted. */
function textsOf(document: AnyDocument): string[] {
  const all: string[] = [];
  const walk = (of: unknown, name: string): void => {
    if (typeof of === 'string') all.push(`${name}=${of}`);
    else if (Array.isArray(of)) for (const one of of) walk(one, name);
    else if (typeof of === 'object' && of !== null) for (const [key, value] of Object.entries(of)) walk(value, key);
  };
  walk(document, '');
  return all.sort();
}

/** The same as another parser sees it, which is the second opinion on what was read. */
function textsByAnother(xml: string, spec: MessageSpec): string[] {
  const complaints: string[] = [];
  const note = (text: string) => void complaints.push(text);
  const dom = new DOMParser({
    errorHandler: { warning: () => undefined, error: note, fatalError: note },
  }).parseFromString(xml.replace(/^\uFEFF/, ''), 'text/xml');
  if (complaints.length > 0) throw new Error(`taken, and no XML to another parser: ${complaints.join('; ')}`);
  const all: string[] = [];
  const walk = (element: Element): void => {
    const children = Array.from(element.childNodes).filter((one): one is Element => one.nodeType === 1);
    for (const child of children) walk(child);
    const text = element.textContent ?? '';
    if (children.length === 0 && text !== '') all.push(`${element.localName}=${text}`);
  };
  const root = dom.documentElement;
  const nodes =
    spec.bare === undefined
      ? Array.from(root.childNodes).filter(
          (one): one is Element => one.nodeType === 1 && one.nodeName.endsWith(spec.node),
        )
      : [root];
  for (const node of nodes) walk(node);
  return all.sort();
}

/** The platform's door: what it lets in is a message of the catalogue, and every value of it is what another parser reads. */
export function doorTarget(): Target {
  const samples = sampleMessages('request');
  return {
    name: 'messages at the platform’s door',
    samples: samples.map(({ bytes }) => bytes),
    feed: (bytes) => {
      // Whoever damages a GUID sends it under the damaged one: the door must find something better than that to say.
      const guid =
        /guid="([^"]{1,60})"/.exec(Buffer.from(bytes.subarray(0, 4000)).toString('utf8'))?.[1] ?? guidOf('none');
      const arrival = receive(guid, bytes);
      if (!arrival.ok) {
        if (arrival.detail === '') throw new Error(`${arrival.code} without a reason`);
        return arrival.code;
      }
      const spec: MessageSpec = catalogue[arrival.message.kind as keyof typeof catalogue];
      const own = arrival.message.documents.flatMap(({ body }) => textsOf(JSON.parse(body))).sort();
      const others = textsByAnother(new TextDecoder().decode(bytes), spec);
      if (JSON.stringify(own) !== JSON.stringify(others))
        throw new Error(`read otherwise than by another parser: ${own.join('|')} :: ${others.join('|')}`);
      return 'taken';
    },
    close: noClose,
  };
}

/** The reader by itself, with requests and receipts: never throws, and says why where it gives nothing. */
export function readerTarget(): Target {
  return {
    name: 'messages read',
    samples: sampleMessages(undefined).map(({ bytes }) => bytes),
    feed: (bytes) => {
      const read = readMessage(new TextDecoder().decode(bytes));
      if (read.ok) {
        if (read.message === undefined) throw new Error('read, and of no kind');
        return 'taken';
      }
      const [first] = read.problems.filter(({ level }) => level === 'reject');
      if (first === undefined) throw new Error('not read, without a reason');
      if (read.documents.length > 0) throw new Error('not read, and documents all the same');
      return first.rule;
    },
    close: noClose,
  };
}

const receiptOf = {
  CEB303Message: 'CEB304Message',
  CEB505Message: 'CEB506Message',
  CEB603Message: 'CEB604Message',
} as const;

/** What a platform answers, damaged: every exchange comes to an outcome of the protocol, none is taken for what it does not say, none throws. */
export function answerTarget(): Target {
  const guid = guidOf('answer');
  const bytes = new TextEncoder().encode('<x/>');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const stored = { guid, sha256, status: 'stored', receivedAt: '2026-11-21T00:00:00.000Z', receiptId: 'r' };
  const capabilities = { kinds: ['CEB303Message'], maxBytes: 1_000_000, maxDocuments: 100, longPollSeconds: 30 };
  const answers: readonly unknown[] = [
    { name: 'x', protocol: 'portbook/1', time: '2026-11-21T00:00:00.000Z', capabilities },
    { deviceId: 'device', enterpriseId: '1' },
    stored,
    { receipts: [{ id: '1', messageGuid: guid, kind: 'CEB304Message', xml: '<x/>' }], next: '1' },
    {
      rates: [{ kind: 'parity', currency: 'USD', date: '2026-11-02', cnyPerUnit: '7.1', source: 'x' }],
      next: '1',
    },
    { requests: [{ sessionID: 'S-1', orderNo: 'T1', serviceTime: 1 }], next: '1' },
    { milestones: [{ id: 'm', number: 'B', status: '开船', at: '2026-11-21T00:00:00.000Z' }], next: '1' },
    { code: '10000', message: '' },
    { month: '2026-11', kinds: [] },
    { packs: [], issuers: [] },
    { code: 'MESSAGE_UNKNOWN', detail: 'not stored' },
    { code: 'GUID_REUSED', detail: 'other bytes' },
  ];
  let answer: () => Response = () => new Response('');
  const transport = httpTransport({
    url: 'http://127.0.0.1:9',
    signer: { id: 'device', publicKey: '', sign: () => new Uint8Array(64) },
    now: () => '2026-11-21T00:00:00.000Z',
    fetch: (() => Promise.resolve(answer())) as unknown as NonNullable<Parameters<typeof httpTransport>[0]['fetch']>,
  });
  const { signal } = new AbortController();
  const asks: readonly (readonly [name: string, ask: () => Promise<Outcome<unknown>>])[] = [
    ['health', () => transport.health(signal)],
    ['enrol', () => transport.enrol({ uscc: 'u', customsCode: 'c', name: 'n' }, signal)],
    ['send', () => transport.send(guid, bytes, signal)],
    ['enquire', () => transport.enquire(guid, signal)],
    ['receipts', () => transport.receipts('', signal)],
    ['listen', () => transport.listen?.('', 1, signal) ?? Promise.reject(new Error('no listen'))],
    ['rates', () => transport.rates('', signal)],
    ['data requests', () => transport.dataRequests?.list('', signal) ?? Promise.reject(new Error('none'))],
    ['data answer', () => transport.dataRequests?.answer('S-1', '{}', signal) ?? Promise.reject(new Error('none'))],
    ['milestones', () => transport.milestones?.('', signal) ?? Promise.reject(new Error('none'))],
    ['statistics', () => transport.statistics?.('2026-11', signal) ?? Promise.reject(new Error('none'))],
    ['packs', () => transport.packs?.list(signal) ?? Promise.reject(new Error('none'))],
  ];
  const ways = [
    [200, 'application/json'],
    [202, 'application/json'],
    [404, 'application/problem+json'],
    [409, 'application/problem+json'],
    [503, 'application/problem+json'],
    [404, 'text/html'],
    [500, 'application/json'],
  ] as const;
  return {
    name: 'answers of a platform at the desk',
    samples: answers.map((one) => new TextEncoder().encode(JSON.stringify(one))),
    feed: async (body) => {
      let isTaken = false;
      let refusal = '';
      const text = new TextDecoder().decode(body);
      for (const [status, type] of ways)
        for (const [name, ask] of asks) {
          answer = () => new Response(new Uint8Array(body), { status, headers: { 'content-type': type } });
          const outcome = await ask();
          if (outcome.kind !== 'accepted') {
            if (outcome.code === '') throw new Error(`${name} ${status}: refused without a code`);
            // What may be there is only called not stored by the platform's own word.
            const isOwn = type === 'application/problem+json' && text.includes('"code"');
            if (name === 'send' && outcome.kind === 'retryable' && outcome.delivered === 'no' && !isOwn)
              throw new Error(`${status} ${type}: called not delivered`);
            refusal ||= outcome.code;
            continue;
          }
          isTaken = true;
          const isMissing = name === 'enquire' && (outcome.value as Enquiry).found === false;
          if (status >= 300 && !isMissing) throw new Error(`${name}: ${status} is accepted`);
          if (isMissing && (status !== 404 || type !== 'application/problem+json' || !text.includes('MESSAGE_UNKNOWN')))
            throw new Error(`${status} ${type}: taken for the platform's word that it has nothing`);
          if (name === 'send' && (outcome.value as TransportReceipt).sha256 !== sha256)
            throw new Error('a receipt for other bytes is taken');
        }
      return isTaken ? 'taken' : refusal;
    },
    close: noClose,
  };
}

/** Receipts as they come to a book that waits for some: applied by rule or kept aside with a reason, and a document moves by what stands in them. */
export async function receiptTarget(folder: string): Promise<Target> {
  const desk = await TestDesk.create(path.join(folder, 'receipts'));
  desk.connect('http://127.0.0.1:9');
  const kinds = ['CEB303Message', 'CEB505Message', 'CEB603Message'] as const;
  const orders = [1, 2, 3];
  desk.queue(orders, kinds);
  const { book } = desk;
  book.seedAccounts(resources.accounts());
  // So that a release posts its sale.
  const rate = { kind: 'parity', currency: 'GBP', date: '2026-01-01', cnyPerUnit: '9.1', source: 'fuzz' } as const;
  putRate(book, rate, '2026-11-21T00:00:00.000Z');
  // And takes its goods out of stock: of one article there is more than enough, of the others too little.
  const at = '2026-11-20T00:00:00.000Z';
  const products = productMaker(book, at);
  for (const sku of ['MUG', 'SKU1', 'SKU2', 'SKU3']) {
    products.kindOf(sku, '马克杯');
    const qtyE5 = sku === 'MUG' ? 100_00000 : 1_00000;
    receiveGoods(book, { date: '2026-11-20', placeId: places.home, sku, qtyE5, costFen: 12_345, text: 'fuzz' }, at);
  }
  const samples = kinds.flatMap((kind) => {
    const spec: MessageSpec = catalogue[receiptOf[kind]];
    return ['2', '120', '800', '399', '100', '-621004'].map((returnStatus, i) => {
      const head = {
        ...paper(kind, 1 + (i % 3)),
        ...((paper(kind, 1 + (i % 3)) as Record<string, Record<string, string>>)[
          { CEB303Message: 'OrderHead', CEB505Message: '', CEB603Message: 'InventoryHead' }[kind]
        ] ?? {}),
        preNo: 'B20261121000000001',
        invtNo: '640720261121000001',
        returnStatus,
        returnTime: `2026112109000000${i}`,
        returnInfo: '[Code:1800;Desc:逻辑校验通过]',
      } as Record<string, unknown>;
      const names = new Set(spec.head.fields.map(({ name }) => name));
      const document = Object.fromEntries(Object.entries(head).filter(([name]) => names.has(name)));
      const guid = guidOf(`receipt ${kind} ${i}`);
      return new TextEncoder().encode(
        assembleMessage(spec, { guid, transfer }, [writeAny(spec, document as AnyDocument)]),
      );
    });
  });
  const messages = (book.prepare('SELECT guid, kind FROM message').all() as { guid: string; kind: string }[]).map(
    ({ guid }) => guid,
  );
  let n = 0;
  return {
    name: 'receipts at the book',
    samples,
    feed: (bytes) => {
      n += 1;
      const xml = new TextDecoder().decode(bytes);
      // As if nothing had come before: what a receipt does must not depend on what the last one did.
      book.db.exec('BEGIN IMMEDIATE');
      try {
        storeReceipts(
          book,
          'test',
          messages.map((messageGuid, i) => ({ id: `${n}-${i}`, messageGuid, xml })),
          String(n),
          '2026-11-21T01:00:00.000Z',
        );
        while (applyBatch(book, '2026-11-21T01:00:01.000Z') !== undefined);
        const receipts = book.prepare('SELECT state, problem, raw FROM receipt ORDER BY id').all() as {
          state: string;
          problem: string | null;
          raw: Uint8Array;
        }[];
        for (const { state, problem, raw } of receipts) {
          if (state === 'stored') throw new Error('neither applied nor kept aside');
          if (state === 'parked' && (problem ?? '') === '') throw new Error('kept aside without a reason');
          if (problem === 'RECEIPT_FAILED') {
            const entry = book.prepare(`SELECT detail FROM audit ORDER BY id DESC LIMIT 1`).get();
            throw new Error(`applying it failed: ${JSON.stringify(entry)}`);
          }
          if (Buffer.compare(Buffer.from(raw), Buffer.from(xml, 'utf8')) !== 0) throw new Error('not kept as it came');
        }
        const moved = book
          .prepare(`SELECT state FROM document WHERE state IN ('accepted','rejected','released','closed')`)
          .all() as { state: string }[];
        if (moved.length > 0) {
          const read = readMessage(xml);
          const spec: MessageSpec | undefined = read.message === undefined ? undefined : catalogue[read.message];
          if (spec === undefined) throw new Error('a document moved by what is no receipt');
          const said = textsByAnother(xml, spec).flatMap((one) => /^returnStatus=(.*)$/s.exec(one)?.[1] ?? []);
          if (!said.some(isKnownStatus)) throw new Error(`moved to ${moved[0]?.state} by ${said.join()}`);
        }
        // It answers one of the messages; the others know none of its documents.
        if (receipts.some(({ state }) => state === 'applied')) return 'taken';
        return receipts[0]?.problem ?? 'no receipt stored';
      } finally {
        book.db.exec('ROLLBACK');
      }
    },
    close: () => desk.close(),
  };
}

const inOne = (book: Book, work: () => string): string => {
  // As if nothing had come before, and whatever it wrote is gone afterwards.
  book.db.exec('BEGIN IMMEDIATE');
  try {
    return work();
  } catch (error) {
    if (!(error instanceof PortbookError)) throw error;
    return error.code;
  } finally {
    book.db.exec('ROLLBACK');
  }
};

/** A book that trusts an issuer, with packs of his. */
async function packDesk(folder: string) {
  const desk = await TestDesk.create(folder);
  const key = issuerKeyIn(path.join(folder, 'issuer'));
  trustIssuer(desk.book, key.keyId, { name: '示例发布机构', publicKey: key.publicKey }, '2026-11-21T01:00:00.000Z');
  const contents = [
    { kind: 'tables', tables: [otherUnits()] },
    { kind: 'tables', tables: [tableFile('country'), tableFile('currency')] },
    { kind: 'rules', rules: [otherRate('0.05'), shipped.shippedRules('posting')] },
    { kind: 'rules', rules: [shipped.shippedRules('customs-9610'), shipped.shippedRules('deadlines')] },
  ];
  return { desk, key, packs: contents.map((content, i) => issuePack(notice(`pack-${i}`, 1), content, key)) };
}

const origin = { source: 'file', sourceName: 'fuzz' } as const;
const at = '2026-11-21T01:00:00.000Z';

/** Pack files from a USB stick: taken only when every signed byte is what the issuer signed. */
export async function packTarget(folder: string): Promise<Target> {
  const { desk, packs } = await packDesk(path.join(folder, 'packs'));
  const { book } = desk;
  const signed = new Set(packs.map(({ manifest }) => packText(manifest)));
  return {
    name: 'pack files',
    samples: packs.map(({ manifest, bytes }) => writePackFile(manifest, bytes)),
    feed: (file) =>
      inOne(book, () => {
        const { manifest, bytes } = openPackFile(file);
        acceptPack(book, manifest, bytes, origin, at);
        const sha256 = createHash('sha256').update(bytes).digest('hex');
        if (!signed.has(packText(manifest)) || !packText(manifest).includes(sha256))
          throw new Error('taken, and nobody signed it');
        return 'taken';
      }),
    close: () => desk.close(),
  };
}

/** Contents that a trusted issuer signed all the same: what is taken can be looked up in, computed with and shown; anything else is refused. */
export async function packContentTarget(folder: string): Promise<Target> {
  const { desk, key, packs } = await packDesk(path.join(folder, 'pack-contents'));
  const { book } = desk;
  const resources = new Resources(resourcesFolder);
  return {
    name: 'contents of packs',
    samples: packs.map(({ bytes }) => bytes),
    feed: (bytes) =>
      inOne(book, () => {
        const isTables = Buffer.from(bytes.subarray(0, 40)).toString('utf8').includes('tables');
        const unsigned = {
          ...notice('fuzzed', 1),
          kind: isTables ? ('tables' as const) : ('rules' as const),
          size: bytes.length,
          sha256: createHash('sha256').update(bytes).digest('hex'),
          algorithm: 'Ed25519' as const,
          keyId: key.keyId,
        };
        const signature = sign(null, Buffer.from(packText(unsigned)), key.privateKey).toString('base64');
        const manifest = { ...unsigned, signature };
        acceptPack(book, manifest, bytes, origin, at);
        const content = readContent(manifest, bytes);
        checkContent(resources, book, manifest, content);
        changesOf(resources, book, manifest, content);
        choosePack(book, manifest.id, 1, at);
        try {
          applyBookData(book, resources);
          if (unusable(resources, book, requirePack(book, manifest.id, manifest.version)) !== undefined)
            throw new Error('taken, and not usable');
          if (content.kind === 'tables')
            for (const { header, rows } of content.tables)
              for (const [code] of rows)
                if (!resources.table(header.id).has(String(code))) throw new Error(`taken, and ${code} is not found`);
          if (content.kind === 'rules')
            for (const one of content.rules)
              if (resources.rulePack(one.id) === shipped.rulePack(one.id)) throw new Error('taken, and not read');
        } finally {
          resources.takeTables(new Map());
          resources.takeRules(new Map());
        }
        return 'taken';
      }),
    close: () => desk.close(),
  };
}

/** Files carried by hand, at the desk and at the counter: opened only when they are, to the last bit, what was sealed and signed. */
export async function carryTarget(folder: string): Promise<Target> {
  const counter = counterKeys(path.join(folder, 'counter'));
  const device = generateKeyPairSync('ed25519');
  const signer = {
    id: 'device-1234',
    publicKey: device.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (bytes: Uint8Array) => sign(null, bytes, device.privateKey),
  };
  const replyKey = Buffer.alloc(32, 7);
  const xml = Buffer.from('<a/>');
  const guid = guidOf('carried');
  const messages: CarriedMessages = {
    enterprise: { uscc: enterprise.uscc, customsCode: enterprise.customsCode, name: enterprise.name },
    deviceId: signer.id,
    createdAt: at,
    replyKey: replyKey.toString('base64'),
    messages: [
      {
        guid,
        kind: 'CEB603Message',
        sha256: createHash('sha256').update(xml).digest('hex'),
        bytes: xml.toString('base64'),
      },
    ],
  };
  const receipts: CarriedReceipts = {
    deviceId: signer.id,
    createdAt: at,
    stored: [],
    refused: [{ guid, code: 'MESSAGE_INVALID', detail: '' }],
    receipts: [{ id: '1', messageGuid: guid, kind: 'CEB604Message', xml: '<b/>' }],
  };
  const sealed = [
    await sealMessages(messages, { key: counter.recipientKey }, signer),
    sealReceipts(receipts, messages.replyKey, counter),
  ];
  const sameAs = (opened: unknown, whole: unknown): string => {
    if (JSON.stringify(opened) !== JSON.stringify(whole)) throw new Error('opened as something else');
    return 'taken';
  };
  return {
    name: 'files carried by hand',
    samples: sealed,
    feed: (bytes) => {
      try {
        return sameAs(openMessages(bytes, counter).content, messages);
      } catch (error) {
        if (!(error instanceof CarryRefusal)) throw error;
        if (error.message === '') throw new Error('refused at the counter without a reason');
      }
      try {
        return sameAs(openReceipts(bytes, [replyKey], counter.signerKey).content, receipts);
      } catch (error) {
        if (!(error instanceof PortbookError)) throw error;
        return error.code;
      }
    },
    close: noClose,
  };
}

/** Files dropped on the desk, of whatever they are: recognised, tried without writing and taken, or refused. */
export async function fileTarget(folder: string): Promise<Target> {
  const home = path.join(folder, 'files');
  const core: Core = createCore({
    home,
    resourcesFolder,
    host: bareHost,
    files: pathGrants,
    passphraseCost: { N: 2 ** 15, r: 8, p: 1 },
    log: {
      info: () => undefined,
      bug: (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
    },
  });
  const made = await core.call('books.create', {
    profile: { role: 'exporter', ...enterprise, zone: '测试综试区' },
    passphrase: 'only for tests',
  });
  if (!made.ok) throw new Error(JSON.stringify(made.error));
  mkdirSync(home, { recursive: true });
  const text = (rows: readonly (readonly string[])[]) =>
    new TextEncoder().encode(rows.map((row) => row.join(',')).join('\r\n'));
  const orders = text([
    ['InvoiceNo', 'StockCode', 'Description', 'Quantity', 'InvoiceDate', 'UnitPrice', 'CustomerID', 'Country'],
    ...[1, 2, 3].map((n) => [
      orderNoOf(n),
      'MUG',
      '"STRIPED, MUG"',
      '2',
      '2026-11-20 09:00:00',
      '3.25',
      '17001',
      'United Kingdom',
    ]),
  ]);
  const waybills = text([
    ['订单编号', '运单号', '毛重', '件数', '运费', '保费', '币制'],
    ...[1, 2, 3].map((n) => [orderNoOf(n), logisticsNoOf(n), '2.5', '1', '3.5', '0', 'GBP']),
  ]);
  const lists = message(
    'CEB603Message',
    guidOf('list file'),
    [1, 2].map((n) => paper('CEB603Message', n)),
  );
  const kindOf = ['orders', 'waybills', 'documents'] as const;
  const samples = [orders, waybills, lists];
  let n = 0;
  return {
    name: 'files dropped on the desk',
    samples,
    feed: async (bytes) => {
      n += 1;
      const file = path.join(
        home,
        `${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}${n % 2 ? '.csv' : '.xml'}`,
      );
      writeFileSync(file, bytes);
      const said: string[] = [];
      const ask = async (call: ReturnType<typeof core.call>) => {
        const result = await call;
        if (result.ok) return;
        if (result.error.code === 'BUG') throw new Error(`the program failed: ${JSON.stringify(result.error)}`);
        said.push(result.error.code);
      };
      await ask(core.call('imports.recognise', { file }));
      const kind = kindOf[n % kindOf.length] ?? 'orders';
      await ask(core.call('imports.inspect', { kind, file, defaults: { currency: 'GBP' } }));
      if (n % 4 === 0) await ask(core.call('imports.run', { kind, file, defaults: { currency: 'GBP' } }));
      return said[0] ?? 'taken';
    },
    close: () => core.close(),
  };
}

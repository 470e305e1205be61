/**
 * Every check of docs/checks.md finds what it is for through `documents.check`, in a real book: each rule has a document here, or in the test
 * named below, that trips it, and the sound ones trip none. The documents are those of the rules' own tests (`*-cases.testing.ts`); what these
 * give as facts stands in the book.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { insertDocuments } from '../../electron/core/store/documents.ts';
import { insertProduct } from '../../electron/core/store/products.ts';
import { putTariff } from '../../electron/core/store/tariff.ts';
import { catalogue, type RequestName } from '../../shared/documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec } from '../../shared/documents/spec.ts';
import { documentRules } from '../../shared/documents/validate.ts';
import { documentNumber } from '../../shared/drafting/document-number.ts';
import { residentIdCheckCharacter } from '../../shared/identity/index.ts';
import { noProduct } from '../../shared/import/products.ts';
import * as declaration from '../../shared/rules/customs/declaration-cases.testing.ts';
import { checkRules, type LiveDocument } from '../../shared/rules/customs/index.ts';
import * as papers from '../../shared/rules/customs/list-cases.testing.ts';
import * as messages from '../../shared/rules/customs/message-cases.testing.ts';
import * as forex from '../../shared/rules/forex-forms/cases.testing.ts';
import { forexFormRules } from '../../shared/rules/forex-forms/rules.ts';
import { personRules } from '../../shared/rules/person/filings.ts';
import { paper } from '../faults/support/papers.ts';
import { orderOf, shipmentOf } from '../faults/support/queue.ts';
import { answer, changed, fileDraft, storeDraft } from '../fixtures/filed.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Rules that ask for more of the book than a document: who trips them through the check, and lets another pass. */
const elsewhere: Readonly<Record<string, string>> = {
  'C-LIST-GOODS': 'list-checks',
  'C-SIMPLIFIED': 'list-checks',
  'C-SIMPLIFIED-REFUND': 'list-checks',
  'C-SIMPLIFIED-CAP': 'list-checks',
  'C-SIMPLIFIED-ZONE': 'list-checks',
  'C-WAYBILL-REUSE': 'list-checks',
  'C-DXP': 'filing',
  'M-ACCOUNT': 'firm-checks',
  'M-BRAND': 'firm-checks',
  'M-CREDIT-CLASS': 'firm-checks',
  'M-DANGER-ASK': 'firm-checks',
  'M-DANGER-PAPERS': 'firm-checks',
  'M-DELEGATION': 'broker',
  'M-DELEGATION-DATE': 'broker',
  'M-DELEGATION-KIND': 'broker',
  'M-DELEGATION-MODE': 'broker',
  'M-REGISTRATION-DATE': 'broker',
  'M-REGISTRATION-MODE': 'broker',
  'M-BILL-LISTED': 'departures',
  'M-BILL-PACKAGES': 'departures',
  'M-BILL-WEIGHT': 'departures',
  'M-PARCEL': 'parcels',
  'M-LISTS-LEFT': 'shipment-modes',
  'M-BONDED-SHORT': 'bonded',
  'P-FILING-NO': 'person',
  'D-INVOICE-CURRENCY': 'declaration-paper',
  'D-INVOICE-AMOUNT': 'declaration-paper',
  'D-PACKING-QUANTITY': 'declaration-paper',
  'D-PACKING-PACKAGES': 'declaration-paper',
  'D-PACKING-GROSS': 'declaration-paper',
  'D-PACKING-NET': 'declaration-paper',
};

const now = '2026-11-21T02:00:00.000Z';
const folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-reach-'));
const cores: Core[] = [];
afterAll(async () => {
  for (const core of cores) await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Profile = Partial<Parameters<typeof must<'books.create'>>[2]['profile']>;
async function bookOf(name: string, profile: Profile, at = now): Promise<Core> {
  const core = coreAt(path.join(folder, name), { now: () => at });
  cores.push(core);
  const full = { ...firm, uscc: messages.FIRM, ebpCode: '无', dxpId: 'DXPENT0000000001', ...profile };
  await must(core, 'books.create', { profile: full, passphrase: 'only for tests' });
  return core;
}

/** What was found on a document after a check of the whole book. */
async function rulesOn(core: Core, id: number): Promise<string[]> {
  return (await must(core, 'documents.get', { id })).findings.map(({ rule }) => rule);
}

/** The numbers by which the cases know their papers; each case has its own. */
const NUMBERS = new Set(['O1', 'I1', 'W1', 'L1', 'IW1', 'IL1', 'P1', 'R1', 'MUG-1', 'PB-1', 'LAMP-1']);
function own<T>(value: T, suffix: string): T {
  if (typeof value === 'string') {
    const isNumber = NUMBERS.has(value) || /^(C\d|G-CEB\w+|G-Dec\w+)$/.test(value);
    return (isNumber ? `${value}-${suffix}` : value) as T;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => own(one, suffix)) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, own(one, suffix)])) as T;
  return value;
}

/** A paper that the book has already, in the state that a case says. */
function putPaper(core: Core, kind: RequestName, of: LiveDocument, version = 1): void {
  const spec: MessageSpec = catalogue[kind];
  const head = headOf(spec, of.body);
  const state = of.isWithdrawn
    ? 'withdrawn'
    : of.isRejected === true
      ? 'rejected'
      : of.isReleased
        ? 'released'
        : 'sent';
  core.session.book
    .prepare(
      `INSERT INTO document (kind, business_key, version, guid, body, amount_e5, currency, state, tables_version, platform_no, released_at, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, 0, 'USD', ?, 'test', ?, ?, ?, ?)`,
    )
    .run(
      ...[
        kind,
        documentNumber(kind, head),
        version,
        `${kind}-${documentNumber(kind, head)}-${version}`,
        JSON.stringify(of.body),
        state,
      ],
      ...[head['invtNo'] ?? null, of.releasedOn === undefined ? null : `${of.releasedOn.replaceAll('-', '')}100000000`],
      ...[now, now],
    );
}

/** What a case of the rules of messages may look up in the book. */
const COMPANIONS = [
  'CEB303Message',
  'CEB603Message',
  'CEB607Message',
  'CEB621Message',
  'CEB213Message',
  'CEB311Message',
  'CEB511Message',
] as const;

const tripped = new Map<string, number>();
const passed = new Map<RequestName, number>();
let core: Core;

/** Stores a document of the rules of messages with the papers its case looks up. @returns its id */
function storeCase(
  suffix: string,
  kind: RequestName,
  doc: messages.Doc,
  facts: (typeof messages.trips)[string][3],
): number {
  const lookUp = facts?.document ?? messages.book(kind).document;
  for (const companion of COMPANIONS) {
    if (companion === kind) continue;
    const found = lookUp?.(companion, '', '');
    if (found != null) putPaper(core, companion, { ...found, body: own(found.body, suffix) });
  }
  const { number }: MessageSpec = catalogue[kind];
  if (number !== undefined && kind !== 'DecMessage') doc.head[number] ??= `N-${suffix}`;
  return storeDraft(core, kind, own(messages.bodyOf(kind, doc), suffix), undefined, 'USD');
}

/** Releases a list of a SKU: what the book then knows of its price, code, name and unit. */
function release(sku: string, serial: number): void {
  const { book } = core.session;
  if (book.prepare('SELECT 1 FROM product WHERE sku = ?').get(sku) === undefined)
    insertProduct(book, sku, sku, { ...noProduct }, now);
  const [line] = linesOf(catalogue.CEB603Message, paper('CEB603Message', serial));
  const goods = { ...line, itemNo: sku, gname: '陶瓷杯', currency: '502', qty: '2', price: '4', totalPrice: '8' };
  const head = { copNo: `REL${serial}`, tradeMode: '9610', ebcCode: messages.FIRM };
  const body = changed('CEB603Message', paper('CEB603Message', serial), head, [goods]);
  const guid = fileDraft(core, storeDraft(core, 'CEB603Message', body, undefined, 'USD'));
  answer(core, guid, '800', '20261120100000', { invtNo: `64072026E${String(serial).padStart(9, '0')}` });
}

const OTHER_BUYER = `11010119900307124${residentIdCheckCharacter('11010119900307124') ?? ''}`;

/** A master waybill of a bill. */
function putMaster(billNo: string, grossWeight: string): void {
  const master = messages.sound('CEB607Message');
  Object.assign(master.head, { billNo, grossWeight, copNo: `MASTER${billNo}` });
  const body = messages.bodyOf('CEB607Message', master);
  putPaper(core, 'CEB607Message', { message: 'CEB607Message', body, isReleased: false, isWithdrawn: false });
}

/** Another document of the kind that names the same list or waybill. */
function putOther(kind: RequestName, number: string, suffix: string, line: Record<string, string> = {}): void {
  const other = messages.sound(kind);
  messages.head({ [number]: `OTHER-${suffix}`, guid: `OTHER-${suffix}` })(other);
  messages.line(line)(other);
  const body = own(messages.bodyOf(kind, other), suffix);
  putPaper(core, kind, { message: kind, body, isReleased: false, isWithdrawn: false });
}

/** By rule: what of its case stands in the book, or is other in it. */
const inTheBook: Readonly<Record<string, (doc: messages.Doc, suffix: string) => void>> = {
  // Its later version was filed while this one still stands.
  'M-NUMBER-USED': (doc, suffix) => {
    const body = own(messages.bodyOf('CEB603Message', doc), suffix);
    putPaper(core, 'CEB603Message', { message: 'CEB603Message', body, isReleased: false, isWithdrawn: false }, 2);
  },
  'M-PRICE-HISTORY': (_, suffix) => {
    for (let n = 0; n < 6; n++) release(`MUG-1-${suffix}`, 7000 + n);
  },
  'M-CODE-CHANGED': (_, suffix) => release(`MUG-1-${suffix}`, 7010),
  'M-NAME-CHANGED': (_, suffix) => release(`MUG-1-${suffix}`, 7011),
  'M-UNIT-CHANGED': (_, suffix) => release(`MUG-1-${suffix}`, 7012),
  'M-WEIGHT-PIECE': (_, suffix) => {
    const sku = `MUG-1-${suffix}`;
    insertProduct(core.session.book, sku, sku, { ...noProduct, netWeightE5: 20_000 }, now);
  },
  'M-BONDED-BOOK': (doc) => messages.head({ emsNo: 'T64072600009' })(doc),
  'M-BONDED-FIRM': (doc) => messages.head({ iacCode: firm.uscc })(doc),
  'M-BONDED-ITEM': (doc) => messages.line({ itemRecordNo: 'P-9' })(doc),
  'M-MANIFEST': (doc) => messages.head({ billNo: '999-00000011' })(doc),
  'M-MANIFEST-WEIGHT': (doc) => {
    messages.head({ billNo: '999-00000022' })(doc);
    putMaster('999-00000022', '0.5');
  },
  'M-IMPORT-YEAR': (doc) => {
    messages.head({ buyerIdNumber: OTHER_BUYER })(doc);
    const other = messages.sound('CEB621Message');
    Object.assign(other.head, { buyerIdNumber: OTHER_BUYER, copNo: 'OTHER', invtNo: 'OTHER', guid: 'OTHER' });
    Object.assign(other.lines[0] ?? {}, { totalPrice: '25975.01' });
    const body = messages.bodyOf('CEB621Message', other);
    putPaper(core, 'CEB621Message', { message: 'CEB621Message', body, isReleased: true, isWithdrawn: false });
  },
  'M-RETURN-SUM': (_, suffix) => putOther('CEB213Message', 'coElNo', suffix, { qty: '1.5' }),
  'M-SUMMARY-TWICE': (_, suffix) => putOther('CEB701Message', 'copNo', suffix),
  'M-WAYBILL-TWICE': (_, suffix) => putOther('CEB607Message', 'copNo', suffix),
  'M-IMPORT-RATES': (doc) => messages.line({ gcode: '9405210090' })(doc),
};

/** Retail export: the papers of an order in the book. @returns their ids by kind */
function storeSet(change: (draft: papers.Draft) => unknown, without: readonly string[], suffix: string, n: number) {
  const draft = papers.sound();
  change(draft);
  const orderId = orderOf(core.session.book, now, n);
  const of = { orderId, shipmentId: shipmentOf(core.session.book, now), tablesVersion: 'test', now };
  const bodies: readonly (readonly [string, RequestName, AnyDocument])[] = [
    ['order', 'CEB303Message', draft.order],
    ['receipt', 'CEB403Message', draft.receipt],
    ['waybill', 'CEB505Message', draft.waybill],
    [
      'list',
      'CEB603Message',
      { ...draft.list, InventoryHead: { ...draft.list.InventoryHead, copNo: `SET-${suffix}` } },
    ],
  ];
  const drafted = bodies
    .filter(([name]) => !without.includes(name))
    .map(([name, kind, body]) => ({
      kind,
      businessKey: `${name}-${suffix}`,
      guid: `${name}-${suffix}`,
      body: own(body, suffix) as Record<string, unknown>,
      amountE5: 0,
      currency: 'USD' as const,
    }));
  core.session.book.transaction(() => insertDocuments(core.session.book, drafted, of));
  return { ids: insertedIds(drafted.map(({ guid }) => guid)), orderId };
}
const insertedIds = (guids: readonly string[]): number[] =>
  guids.map(
    (guid) => (core.session.book.prepare('SELECT id FROM document WHERE guid = ?').get(guid) as { id: number }).id,
  );

const setIds = new Map<string, readonly number[]>();
let soundSet: readonly number[] = [];

beforeAll(async () => {
  core = await bookOf('all', {});
  const { book } = core.session;
  await must(core, 'rates.set', { currency: 'USD', date: '2026-11-02', cnyPerUnit: '7.1', source: '测试' });
  const rates = { inForceFrom: '2026-01-01', conditions: '', inspection: '', source: '测试' };
  putTariff(book, { ...rates, hsCode: '6912001000', exportDutyRate: '0', vatRate: '0.13' }, now);
  putTariff(book, { ...rates, hsCode: '9405210090', exportDutyRate: '0' }, now);
  const { id: bookId } = await must(core, 'bonded.saveBook', {
    ...{ recordNo: 'T64072600001', placeKind: 'zone', place: '海口综合保税区', customs: '6409' },
    ...{ firmCode: messages.FIRM, firmName: firm.name },
  });
  const item = { seq: 1, itemNo: 'P-1', sku: 'P1', name: '陶瓷杯', hsCode: '6912001000', unit: '007' };
  const { id: itemId } = await must(core, 'bonded.saveItem', { bookId, ...item });
  await must(core, 'bonded.move', {
    ...{
      itemId,
      kind: 'domestic',
      on: '2026-11-02',
      paperKind: 'checklist',
      paperNo: 'QD1',
      paperLine: 1,
      qty: '1000',
    },
  });

  let n = 0;
  for (const [rule, [kind, , change, facts]] of Object.entries(messages.trips)) {
    if (elsewhere[rule] !== undefined) continue;
    const suffix = `M${++n}`;
    const doc = messages.sound(kind);
    change?.(doc);
    inTheBook[rule]?.(doc, suffix);
    tripped.set(rule, storeCase(suffix, kind as RequestName, doc, facts));
  }
  // The lists above share a bill; the sound one has a bill of its own, whose master weighs enough.
  putMaster('999-00000033', '100');
  // The bill of the declarations below.
  putMaster('B1', '100');
  for (const kind of new Set(Object.values(messages.trips).map(([message]) => message as RequestName))) {
    if (kind === 'DecMessage') continue;
    const doc = messages.sound(kind);
    if (kind === 'CEB603Message') messages.head({ billNo: '999-00000033' })(doc);
    passed.set(kind, storeCase(`S${++n}`, kind, doc, undefined));
  }
  for (const [rule, change] of Object.entries(messages.fieldTrips)) {
    const doc = messages.sound('CEB603Message');
    Object.assign(doc.head, messages.wholeHead);
    Object.assign(doc.lines[0] ?? {}, { country: '502' });
    change(doc);
    tripped.set(rule, storeCase(`F${++n}`, 'CEB603Message', doc, undefined));
  }
  for (const [rule, [, change, facts]] of Object.entries(declaration.trips)) {
    const suffix = `D${++n}`;
    const body = declaration.sound();
    change(body);
    const order = facts?.document?.('CEB303Message', '', '') ?? declaration.orderOf('50');
    if (rule !== 'D-B2B-ORDER') putPaper(core, 'CEB303Message', { ...order, body: own(order.body, suffix) });
    Object.assign(body.DecSign, { ClientSeqNo: `SEQ${suffix}` });
    tripped.set(rule, storeDraft(core, 'DecMessage', own(body as AnyDocument, suffix), undefined, 'USD'));
  }
  putPaper(core, 'CEB303Message', { ...declaration.orderOf('50'), body: own(declaration.orderOf('50').body, 'D') });
  passed.set(
    'DecMessage',
    storeDraft(core, 'DecMessage', own(declaration.sound() as AnyDocument, 'D'), undefined, 'USD'),
  );

  const ours = (head: forex.Fields, change: forex.Fields): forex.Fields => {
    const named = Object.fromEntries(
      Object.entries(head).map(([name, value]) => [name, value === forex.FIRM ? messages.FIRM : value]),
    );
    return { ...named, recordNo: `SK${++n}`, reportNo: `SK${n}`, ...change };
  };
  const income = (change: forex.Fields, list: forex.Fields[]): number =>
    storeDraft(
      core,
      'FX101Message',
      { DeclarationHead: ours(forex.head(), change), DeclarationList: list },
      undefined,
      'USD',
    );
  for (const [rule, , change] of forex.headCases) tripped.set(rule, income(change, forex.lines()));
  for (const [finding, list] of forex.lineCases) tripped.set(finding.split(' ')[0] ?? '', income({}, list));
  passed.set('FX101Message', income({}, forex.lines()));
  const report = (change: forex.Fields): number =>
    storeDraft(core, 'FX201Message', ours(forex.credit(), change), undefined, 'USD');
  for (const [finding, change] of forex.creditCases) tripped.set(finding.split(' ')[0] ?? '', report(change));
  passed.set('FX201Message', report({}));

  for (const [rule, [, change, , without]] of Object.entries(papers.trips)) {
    if (elsewhere[rule] !== undefined || rule === 'C-RECEIPT-MISSING' || rule === 'C-PLATFORM-DOMESTIC') continue;
    const suffix = `C${++n}x`;
    const { ids, orderId } = storeSet(change ?? (() => undefined), without ?? [], suffix, 8000 + n);
    if (rule === 'C-DATE-ORDER')
      book.prepare(`UPDATE sales_order SET ordered_at = '2026-11-22T09:00:00' WHERE id = ?`).run(orderId);
    if (rule === 'C-WAYBILL-BATCH') {
      const list = own(papers.sound().list as AnyDocument, suffix);
      storeDraft(core, 'CEB603Message', changed('CEB603Message', list, { copNo: 'AGAIN' }), undefined, 'USD');
    }
    setIds.set(rule, ids);
  }
  soundSet = storeSet(() => undefined, [], 'SOUND', 9999).ids;
  await must(core, 'documents.check', {});
});

describe('through the check of the book', () => {
  it.each(
    [...Object.keys(messages.trips), ...Object.keys(messages.fieldTrips), ...Object.keys(declaration.trips)].filter(
      (rule) => elsewhere[rule] === undefined,
    ),
  )('%s is found', async (rule) => {
    expect(await rulesOn(core, tripped.get(rule) ?? 0)).toContain(rule);
  });
  it.each(forexFormRules.map(({ id }) => id))('%s is found', async (rule) => {
    expect(await rulesOn(core, tripped.get(rule) ?? 0)).toContain(rule);
  });
  it.each(
    Object.keys(papers.trips).filter(
      (rule) => !['C-RECEIPT-MISSING', 'C-PLATFORM-DOMESTIC'].includes(rule) && elsewhere[rule] === undefined,
    ),
  )('%s is found', async (rule) => {
    const found = await Promise.all((setIds.get(rule) ?? []).map((id) => rulesOn(core, id)));
    expect(found.flat()).toContain(rule);
  });

  it.each([
    ...new Set(Object.values(messages.trips).map(([kind]) => kind as RequestName)),
    'FX101Message' as const,
    'FX201Message' as const,
  ])('a sound %s passes', async (kind) => {
    // Nobody gave the agent of the cases a delegation; what that rule lets pass is in the test of brokers.
    const found = (await rulesOn(core, passed.get(kind) ?? 0)).filter((rule) => elsewhere[rule] === undefined);
    // A list alone is no whole case of the papers of an order; those are below.
    expect(found.filter((rule) => /^(M|D|FX)-/.test(rule))).toEqual([]);
  });
  it('the sound papers of an order pass', async () => {
    const found = await Promise.all(soundSet.map((id) => rulesOn(core, id)));
    expect(found.flat().filter((rule) => rule.startsWith('C-'))).toEqual([]);
  });

  const leaving = (at: string) => (draft: papers.Draft) =>
    Object.assign(draft.list.InventoryHead, { ieDate: at.slice(0, 10).replaceAll('-', '') });
  it('C-RECEIPT-MISSING is of the day the goods leave, whatever day it is', async () => {
    const ids = ['2024-12-14', '2024-12-16'].map((at, n) => storeSet(leaving(at), ['receipt'], `D${n}y`, 8900 + n).ids);
    await must(core, 'documents.check', {});
    const found = await Promise.all(
      ids.map(async (of) => (await Promise.all(of.map((id) => rulesOn(core, id)))).flat()),
    );
    expect(found.map((rules) => rules.includes('C-RECEIPT-MISSING'))).toEqual([true, false]);
  });
  it('C-RECEIPT-MISSING is found on the last day it was asked for, and not on the day after', async () => {
    for (const [name, at, isAsked] of [
      ['last', '2024-12-14T02:00:00.000Z', true],
      ['after', '2024-12-16T02:00:00.000Z', false],
    ] as const) {
      core = await bookOf(name, {}, at);
      const { ids } = storeSet(leaving(at), ['receipt'], name, 1);
      await must(core, 'documents.check', {});
      const found = (await Promise.all(ids.map((id) => rulesOn(core, id)))).flat();
      expect(found.includes('C-RECEIPT-MISSING')).toBe(isAsked);
    }
  });
  it('C-PLATFORM-DOMESTIC is found in the book of a firm on a platform at home', async () => {
    core = await bookOf('home', { ebpCode: papers.CARRIER });
    const { ids } = storeSet(() => undefined, [], 'home', 1);
    const { ids: named } = storeSet(
      (draft) => {
        for (const head of [draft.order.OrderHead, draft.receipt, draft.list.InventoryHead])
          head['ebpCode'] = papers.CARRIER;
      },
      [],
      'named',
      2,
    );
    await must(core, 'documents.check', {});
    const foundOn = async (all: readonly number[]) => (await Promise.all(all.map((id) => rulesOn(core, id)))).flat();
    expect(await foundOn(ids)).toContain('C-PLATFORM-DOMESTIC');
    expect(await foundOn(named)).not.toContain('C-PLATFORM-DOMESTIC');
  });
  it('P-FILING-BANK and P-FILING-ASK are found in the book of a person, by the message', async () => {
    const at = path.join(folder, 'person');
    core = coreAt(at, { now: () => now });
    cores.push(core);
    await must(core, 'books.create', {
      profile: { role: 'person', name: '张三', idNumber: messages.BUYER, uscc: '', customsCode: '' } as never,
      passphrase: 'only for tests',
    });
    const bank = storeDraft(core, 'FX101Message', { DeclarationHead: { recordNo: 'SK1' }, DeclarationList: [] });
    const ask = storeDraft(core, 'FX201Message', { reportNo: 'MX1' });
    await must(core, 'documents.check', {});
    expect(await rulesOn(core, bank)).toContain('P-FILING-BANK');
    expect(await rulesOn(core, bank)).not.toContain('P-FILING-ASK');
    expect(await rulesOn(core, ask)).toContain('P-FILING-ASK');
    expect(await rulesOn(core, ask)).not.toContain('P-FILING-BANK');
  });
});

it('no check is left out, and those tried elsewhere are tried there', () => {
  const here = [
    ...[...Object.keys(messages.trips), ...Object.keys(messages.fieldTrips), ...Object.keys(declaration.trips)],
    ...[...Object.keys(papers.trips), ...forexFormRules.map(({ id }) => id), 'P-FILING-BANK', 'P-FILING-ASK'],
  ].filter((rule) => elsewhere[rule] === undefined);
  const all = [...checkRules, ...forexFormRules, ...personRules].map(({ id }) => id).concat(documentRules);
  expect([...new Set([...here, ...Object.keys(elsewhere)])].sort()).toEqual([...new Set(all)].sort());
  for (const [rule, file] of Object.entries(elsewhere)) {
    const text = readFileSync(path.resolve(import.meta.dirname, `${file}.test.ts`), 'utf8');
    expect(text, `${rule} in ${file}`).toContain(`'${rule}'`);
  }
});

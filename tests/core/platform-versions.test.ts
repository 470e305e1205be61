import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { servePlatform } from '../../platform/server.ts';
import { openStorage } from '../../platform/storage/open.ts';
import { partitioned, migrations as postgresMigrations } from '../../platform/storage/postgres-migrations.ts';
import { migrations as sqliteMigrations } from '../../platform/storage/sqlite-migrations.ts';
import type { Decide, Storage } from '../../platform/storage/storage.ts';
import { resourcesFolder } from '../faults/support/desk.ts';
import { guidOf } from '../faults/support/papers.ts';
import { engines, type Place } from '../fixtures/engines.ts';

/** Data that an earlier version of the platform left, and months that come and go beneath it. */

const NOW = Date.parse('2026-11-21T03:00:00.000Z');
const open = new Set<Storage>();

async function opened(place: Place): Promise<Storage> {
  const storage = await openStorage(place.dataFolder, place.databaseUrl);
  open.add(storage);
  return storage;
}

afterEach(async () => {
  for (const storage of open) await storage.close();
  open.clear();
});

/** Rows of the last of these statements, asked of the database itself. */
async function ask({ dataFolder = '', databaseUrl }: Place, ...statements: readonly string[]): Promise<unknown[]> {
  if (databaseUrl === undefined) {
    mkdirSync(dataFolder, { recursive: true });
    const nativeBinding = process.env['PORTBOOK_SQLITE_ADDON'];
    const file = path.join(dataFolder, 'platform.sqlite');
    const db = new Database(file, nativeBinding === undefined ? {} : { nativeBinding });
    for (const one of statements) db.exec(one);
    db.close();
    return [];
  }
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    let rows: unknown[] = [];
    for (const one of statements) ({ rows = [] } = await client.query(one));
    return rows;
  } finally {
    await client.end();
  }
}

const guid = guidOf('of an earlier version');
const body = JSON.stringify({ OrderHead: { orderNo: 'O-1' }, OrderList: [] });

/** A database as the platform left it when it had so many migrations, with one document that customs have yet to decide on. */
async function leftBy(engine: string, place: Place, done: number): Promise<void> {
  if (engine === 'SQLite') {
    await ask(
      place,
      ...sqliteMigrations.slice(0, done),
      `PRAGMA user_version = ${done}`,
      `INSERT INTO enterprise VALUES (1, '91460000MA5TEST01X', '4601960001', '测试企业')`,
      `INSERT INTO device (id, enterprise_id, public_key, enrolled_at) VALUES ('device-0001', 1, 'key', '2026-05-31T15:59:59.000Z')`,
      `INSERT INTO message VALUES (7, '${guid}', 1, 'device-0001', 'CEB303Message', x'3c', 'aa', '2026-05-31T15:59:59.000Z', '${randomUUID()}', 0)`,
      `INSERT INTO document VALUES (9, 7, 1, 'CEB303Message', 'O-1', 'O-1', '', '1', '${body}', 'bb', 'pending', '2', 5, NULL, 0, NULL, NULL)`,
      `INSERT INTO receipt VALUES (3, 1, '${guid}', 'CEB304Message', '<a/>')`,
      `INSERT INTO rate VALUES (1, 'pboc-mid', 'USD', '2026-05-29', '7.1', 'x')`,
    );
    return;
  }
  await ask(
    place,
    ...postgresMigrations.slice(0, done),
    'CREATE TABLE migration (number integer PRIMARY KEY, applied_at timestamptz NOT NULL)',
    `INSERT INTO migration SELECT number, now() FROM generate_series(1, ${done}) AS number`,
    ...partitioned.map(
      (table) => `CREATE TABLE ${table}_2026_05 PARTITION OF ${table} FOR VALUES FROM ('2026-05-01') TO ('2026-06-01')`,
    ),
    `INSERT INTO enterprise (uscc, customs_code, name) VALUES ('91460000MA5TEST01X', '4601960001', '测试企业')`,
    `INSERT INTO desk (enterprise_id, last_receipt) VALUES (1, 3)`,
    `INSERT INTO device (id, enterprise_id, public_key, enrolled_at) VALUES ('device-0001', 1, 'key', now())`,
    `SELECT setval('message_seq', 7), setval('document_seq', 9), setval('receipt_seq', 3)`,
    `INSERT INTO message_key VALUES ('${guid}', 1, '2026-05-01', 7, 'aa', '2026-05-31T15:59:59.000Z', '${randomUUID()}', 0)`,
    `INSERT INTO message VALUES (1, 7, '2026-05-01', '${guid}', 'device-0001', 'CEB303Message', '<')`,
    `INSERT INTO document VALUES (1, 9, '2026-05-01', 7, '${guid}', 'CEB303Message', 'O-1', 'O-1', '', '1', '${body}', 'bb')`,
    `INSERT INTO task VALUES (1, 7, 9, '2026-05-01', '2', 5, NULL)`,
    `INSERT INTO receipt VALUES (1, 3, '2026-05-01', '${guid}', 'CEB304Message', '<a/>')`,
    `INSERT INTO rate (kind, currency, date, cny_per_unit, source) VALUES ('pboc-mid', 'USD', '2026-05-29', '7.1', 'x')`,
  );
}

const acceptAll: Decide = async (turn) => ({
  documents: turn.documents.map((one) => ({ ...one, body: one.body, state: 'accepted' as const, nextStep: undefined })),
  receipts: turn.documents.map(({ enterpriseId, messageGuid, businessKey }) => ({
    ...{ enterpriseId, messageGuid, kind: 'CEB304Message', xml: businessKey },
  })),
  products: [],
  clocks: new Map(turn.documents.map(({ enterpriseId }) => [enterpriseId, { returnMs: NOW, noticeS: 5 }])),
});

const receiptsOf = async (storage: Storage, enterpriseId: number, after: number): Promise<string[]> => {
  const page = await storage.receiptsAfter(enterpriseId, after, 100);
  if (page === undefined) return [];
  const { receipts } = JSON.parse(Buffer.from(page).toString()) as { receipts: { xml: string }[] };
  return receipts.map(({ xml }) => xml);
};

describe.each(engines())('data on $engine', ({ engine, skipped, newPlace }) => {
  if (skipped !== undefined) {
    it.skip(`not run: ${skipped}`);
    return;
  }
  const all = engine === 'SQLite' ? sqliteMigrations.length : postgresMigrations.length;

  it.each(Array.from({ length: all - 1 }, (_, i) => i + 1))(
    'as version %i of its tables left it is brought up, and its work goes on',
    async (done) => {
      const place = await newPlace();
      await leftBy(engine, place, done);
      const storage = await opened(place);
      const device = await storage.device('device-0001');
      expect(device).toMatchObject({ isRevoked: false, enterprise: { id: 1, name: '测试企业' } });
      expect(await receiptsOf(storage, 1, 0)).toEqual(['<a/>']);
      expect(await storage.work(NOW, acceptAll)).toEqual([1]);
      expect(await receiptsOf(storage, 1, 3)).toEqual(['O-1']);
      expect(await storage.statistics()).toMatchObject({
        messages: 1,
        documents: 1,
        accepted: 1,
        receipts: 2,
        pending: 0,
      });
      expect((await storage.ratesAfter(0)).rates).toHaveLength(1);
      expect(await storage.enterpriseStatistics(1, '2026-05')).toMatchObject([{ kind: 'CEB303Message' }]);
      // As every later version has it: opened once more nothing is done again.
      await storage.close();
      open.delete(storage);
      expect(await (await opened(place)).statistics()).toMatchObject({ accepted: 1, receipts: 2 });
    },
  );

  it('of a later version is left alone, and says so', async () => {
    const place = await newPlace();
    const storage = await opened(place);
    await storage.close();
    open.delete(storage);
    await ask(
      place,
      engine === 'SQLite'
        ? `PRAGMA user_version = ${all + 1}`
        : `INSERT INTO migration (number, applied_at) VALUES (${all + 1}, now())`,
    );
    const refused = expect.objectContaining({
      code: 'PLATFORM_NOT_STARTED',
      params: { reason: 'the data belongs to a later version of the platform' },
    });
    await expect(servePlatform({ port: 0, resourcesFolder, ...place })).rejects.toEqual(refused);
    // Nothing is held: the right version can open it at once.
    await ask(
      place,
      engine === 'SQLite' ? `PRAGMA user_version = ${all}` : `DELETE FROM migration WHERE number = ${all + 1}`,
    );
    await opened(place);
  });

  it('goes on over the end of a month, and by a clock that was a month ahead', async () => {
    const place = await newPlace();
    const storage = await opened(place);
    const firm = { uscc: '91460000MA5TEST01X', customsCode: '4601960001', name: '测试企业' };
    await storage.enrol({ ...firm, deviceId: 'device-0001', publicKey: 'key' }, new Date(NOW).toISOString());
    const device = await storage.device('device-0001');
    if (device === undefined) throw new Error('not enrolled');
    const put = (name: string, ms: number) =>
      storage.putMessage(
        {
          ...{ guid: guidOf(name), kind: 'CEB303Message', bytes: Buffer.from(name), sha256: 'a'.repeat(64) },
          documents: [
            {
              businessKey: name,
              orderNo: name,
              logisticsNo: '',
              appType: '1',
              body,
              bodySha256: 'b'.repeat(64),
              isSound: false,
            },
          ],
        },
        device,
        '2',
        { now: new Date(ms).toISOString(), ms, receiptId: randomUUID() },
      );
    // Months are those of China: eight hours before the end of the day of UTC.
    const end = Date.parse('2026-11-30T16:00:00.000Z');
    await put('last of November', end - 1);
    await put('first of December', end);
    expect(await storage.work(end, acceptAll)).toEqual([1]);
    const count = async (month: string) =>
      (await storage.enterpriseStatistics(1, month)).reduce((sum, { documents }) => sum + documents, 0);
    expect([await count('2026-11'), await count('2026-12'), await count('2027-01')]).toEqual([1, 1, 0]);

    const ahead = end + 40 * 86_400_000;
    await put('by a clock ahead', ahead);
    expect(await storage.work(ahead, acceptAll)).toEqual([1]);
    // Put right: what comes now is of the month it is, and comes after what was said before.
    await put('put right', end + 60_000);
    expect(await storage.work(end + 60_000, acceptAll)).toEqual([1]);
    expect([await count('2026-12'), await count('2027-01')]).toEqual([2, 1]);
    expect(await receiptsOf(storage, 1, 0)).toEqual([
      'last of November',
      'first of December',
      'by a clock ahead',
      'put right',
    ]);
    if (engine === 'SQLite') return;
    const rows = (await ask(
      place,
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'document'::regclass ORDER BY 1`,
    )) as { name: string }[];
    // The months that were needed, and those ahead of each.
    expect(rows.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['document_2026_11', 'document_2026_12', 'document_2027_01', 'document_2027_02']),
    );
    // Without it the first message of a month would wait for the tables of it.
    const made = await ask(place, `SELECT count(*)::int AS n FROM ONLY document`);
    expect(made).toEqual([{ n: 0 }]);
  });
});

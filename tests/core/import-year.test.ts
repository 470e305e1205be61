import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import { importsOfBuyer } from '../../electron/core/store/check-facts.ts';
import { ceb621 } from '../../shared/documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf } from '../../shared/documents/spec.ts';
import { sum5, tryParse5 } from '../../shared/money/decimal.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** The limit of a buyer's year (M-IMPORT-YEAR): what the book keeps of each list is what its lines say. */
const LISTS = 1000;
let folder = '';
let core: Core;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-import-year-'));
  core = coreAt(folder, { now: () => '2026-11-22T04:00:00.000Z' });
  await must(core, 'books.create', { profile: firm, passphrase: 'correct horse battery' });
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

const BUYER = '110101199003070011';
const bodyOf = (prices: readonly unknown[], appTime: unknown, buyerIdNumber = BUYER): string =>
  JSON.stringify({
    InventoryHead: { buyerIdNumber, appTime },
    InventoryList: prices.map((totalPrice, at) => ({ gnum: String(at + 1), totalPrice })),
  });

let serial = 0;
function insert(body: string, state = 'checked'): number {
  serial += 1;
  const { lastInsertRowid } = core.session.book
    .prepare(
      `INSERT INTO document (kind, business_key, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
       VALUES ('CEB621Message', ?, ?, ?, 1, 'CNY', ?, 'test', '', '')`,
    )
    .run(`L${serial}`, `guid ${serial}`, body, state);
  return Number(lastInsertRowid);
}

/** The plain way: every other live list of the buyer, read and summed line by line. */
function plainly(year: number, exceptId: number): bigint {
  const rows = core.session.book
    .prepare(
      `SELECT body FROM document WHERE kind = 'CEB621Message' AND json_extract(body, '$.InventoryHead.buyerIdNumber') = ?
         AND id <> ? AND state NOT IN ('superseded','withdrawn','rejected')`,
    )
    .all(BUYER, exceptId) as { body: string }[];
  return sumOf(
    rows
      .map(({ body }) => body)
      .filter((body) => String(headOf(ceb621, JSON.parse(body) as AnyDocument)['appTime'] ?? '').startsWith(`${year}`)),
  );
}
const sumOf = (bodies: readonly string[]): bigint =>
  sum5(
    bodies.flatMap((body) =>
      linesOf(ceb621, JSON.parse(body) as AnyDocument).map((line) => tryParse5(line['totalPrice'] ?? '') ?? 0n),
    ),
  );
function kept(year: number, exceptId: number): bigint {
  const { sumE5, others } = importsOfBuyer(core.session.book, BUYER, year, `L${exceptId}`);
  return sumE5 + sumOf(others);
}

describe("what a buyer's lists of a year are worth", () => {
  it('is what the plain way finds, whatever is written in a thousand lists', () => {
    const usual = fc
      .tuple(
        fc.integer({ min: 0, max: 9_999_999 }),
        fc.integer({ min: 0, max: 99_999 }),
        fc.integer({ min: 0, max: 5 }),
      )
      .map(([whole, fraction, digits]) =>
        digits === 0 ? String(whole) : `${whole}.${String(fraction).padStart(5, '0').slice(0, digits)}`,
      );
    const odd = fc.constantFrom(
      ...[
        '',
        '.5',
        '12.',
        '-3.5',
        '+4',
        '1e3',
        '12345678.5',
        '1.234567',
        '1.5000000',
        'x',
        '1.2.3',
        ' 7',
        '99999999999999999999',
      ],
    );
    const list = fc.tuple(
      fc.array(fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd }), { maxLength: 4 }),
      fc.constantFrom('20261105120000', '20251231235959', '20260101', '', '2026'),
      fc.constantFrom('checked', 'draft', 'released', 'accepted', 'rejected', 'withdrawn', 'superseded'),
    );
    const { book } = core.session;
    book.transaction(() => {
      for (const [prices, appTime, state] of fc.sample(list, LISTS)) insert(bodyOf(prices, appTime), state);
    });
    // Malformed ones, and another buyer's.
    insert(JSON.stringify({ InventoryHead: { buyerIdNumber: BUYER, appTime: '20260303' }, InventoryList: 'none' }));
    insert(
      JSON.stringify({ InventoryHead: { buyerIdNumber: BUYER, appTime: '20260303' }, InventoryList: ['9', 8, null] }),
    );
    insert(JSON.stringify({ InventoryHead: { buyerIdNumber: BUYER } }));
    insert(bodyOf(['100'], '20260404', '110101199003070038'));
    for (const year of [2025, 2026, 2027]) for (const id of [0, 1, 500]) expect(kept(year, id)).toBe(plainly(year, id));
    expect(kept(2026, 0)).toBeGreaterThan(0n);
    // Few of them are still read: those whose prices are written oddly.
    expect(importsOfBuyer(book, BUYER, 2026, '').others.length).toBeLessThan(LISTS / 3);
  });

  it('follows a list that is changed', () => {
    const id = insert(bodyOf(['1.5', '2'], '20240101'));
    expect(kept(2024, 0)).toBe(350_000n);
    const change = (body: string) =>
      core.session.book.prepare('UPDATE document SET body = ? WHERE id = ?').run(body, id);
    change(bodyOf(['1.25'], '20240101'));
    expect(kept(2024, 0)).toBe(125_000n);
    change(bodyOf(['1.25'], '20230101'));
    expect([kept(2024, 0), kept(2023, 0)]).toEqual([0n, 125_000n]);
    change(bodyOf(['1.25'], '20230101', '110101199003070038'));
    expect(kept(2023, 0)).toBe(0n);
  });

  it('counts a list that is being changed once, and to its own change not at all', () => {
    const { book } = core.session;
    const id = insert(bodyOf(['1.5'], '20220101'), 'accepted');
    const version = (n: number, price: string, appType: string, state: string) =>
      book
        .prepare(
          `INSERT INTO document (kind, business_key, version, guid, body, amount_e5, currency, state, tables_version, created_at, updated_at)
           SELECT kind, business_key, :n, :guid, json_set(:body, '$.InventoryHead.appType', :appType), 1, 'CNY', :state, 'test', '', ''
           FROM document WHERE id = :id`,
        )
        .run({ id, n, guid: `v ${id} ${n}`, body: bodyOf([price], '20220101'), appType, state });
    version(2, '9', '2', 'rejected');
    expect(kept(2022, 0)).toBe(150_000n);
    version(3, '2', '2', 'draft');
    version(4, '2', '3', 'draft');
    expect([kept(2022, 0), kept(2022, id)]).toEqual([200_000n, 0n]);
  });
});

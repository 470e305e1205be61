import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import {
  groupOf,
  isGross,
  type LineKind,
  type ParsedFile,
  type ParsedPayout,
  type PayoutCategory,
  type PayoutFinding,
  type PayoutLayout,
  payoutCategories,
  payoutLayouts,
  subsetOf,
} from '../../../../shared/payouts/index.ts';
import type { Book } from '../book.ts';
import { ensureParty } from '../parties.ts';
import { writeBlocks } from './payout-blocks.ts';
import { amountOf, found, isRange } from './payouts.ts';

/** What a platform is called as a party (往来单位). */
const partyNames: Readonly<Record<string, string>> = {
  amazon: 'Amazon',
  shopee: 'Shopee',
  lazada: 'Lazada',
  'tiktok-shop': 'TikTok Shop',
  ebay: 'eBay',
  shopify: 'Shopify Payments',
};

/** The categories of the kinds that the book knows; one nobody knew is asked of the tables again. */
export function knownCategories(
  book: Book,
): (platform: string, type: string, detail: string) => PayoutCategory | undefined {
  const rows = book.prepare('SELECT platform, type, detail, category FROM payout_kind').all() as {
    platform: string;
    type: string;
    detail: string;
    category: PayoutCategory;
  }[];
  const known = new Map(rows.map((row) => [`${row.platform}\t${row.type}\t${row.detail}`, row.category]));
  return (platform, type, detail) => {
    const category = known.get(`${platform}\t${type}\t${detail}`);
    return category === 'unknown' ? undefined : category;
  };
}

/** What a payout of a file would do to the book. */
export interface PayoutPlan {
  readonly state: 'new' | 'known' | 'more' | 'refused';
  /** The payout that has it already, or that it continues. */
  readonly existingId?: number;
  /** What is to be written: the payout, or the part of it that the book has not. */
  readonly payout: ParsedPayout;
  readonly findings: readonly PayoutFinding[];
}

interface Known {
  id: number;
  layout: string;
  store: string;
  number: string;
  digest: string;
  total_minor: number;
  lines: number;
  created_at: string;
}

const lineKeySelect = `SELECT k.type || char(9) || k.detail || char(9) || d.own_on || char(9) || coalesce(o.order_no, '') || char(9) ||
    coalesce(l.sku, '') || char(9) || coalesce(l.qty_e5, '') || char(9) || l.amount_minor AS k
  FROM payout_line l JOIN payout_day d ON d.id = l.day_id JOIN payout_kind k ON k.id = d.kind_id
    LEFT JOIN payout_order o ON o.payout_id = l.payout_id AND o.ref = l.order_ref
  WHERE l.payout_id = ?`;

/** How often each line is in payouts of the book, by all that tells lines apart. */
function linesIn(book: Book, ids: readonly number[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids)
    for (const { k } of book.prepare(lineKeySelect).iterate(id) as IterableIterator<{ k: string }>)
      counts.set(k, (counts.get(k) ?? 0) + 1);
  return counts;
}

/** The places of the lines that the book has not; equal lines count as often as they are there. */
function linesBeyond(
  { lines, days, orders }: ParsedPayout,
  kinds: readonly LineKind[],
  counts: Map<string, number>,
): number[] {
  const beyond: number[] = [];
  for (let at = 0; at < lines.row.length; at += 1) {
    const day = days[lines.day[at] ?? 0];
    const kind = kinds[day?.kind ?? 0];
    const order = lines.order[at] ?? -1;
    const key = [
      kind?.type ?? '',
      kind?.detail ?? '',
      day?.own ?? '',
      orders[order]?.no ?? '',
      lines.sku[at] ?? '',
      lines.qtyE5[at] ?? '',
      lines.minor[at] ?? 0,
    ].join('\t');
    const left = counts.get(key) ?? 0;
    if (left > 0) counts.set(key, left - 1);
    else beyond.push(at);
  }
  return beyond;
}

/** What stands of a settlement's number under another report, or with other rows. */
function refusalOf(book: Book, known: Known, payout: ParsedPayout, file: ParsedFile): PayoutFinding {
  const { number, currency, lines } = payout;
  if (known.layout !== file.layout.id)
    return found('PAYOUT_OTHER_REPORT', file.layout.scope === 'settlement' ? 'reject' : 'doubt', {
      number,
      layout: layoutName(known.layout),
    });
  const counts = linesIn(book, [known.id]);
  const added = linesBeyond(payout, file.kinds, counts);
  const missing = [...counts.values()].reduce((sum, left) => sum + left, 0);
  return found('PAYOUT_NUMBER_TAKEN', 'reject', {
    number,
    importedOn: known.created_at.slice(0, 10),
    lines: lines.row.length,
    known: known.lines,
    added: added.length,
    missing,
    difference: amountOf(payout.totalMinor - known.total_minor, currency),
    currency,
  });
}

const layoutName = (id: string): string => payoutLayouts.find((layout) => layout.id === id)?.titleZh ?? id;

/**
 * What a payout of a file would do: be new, bring nothing (the same settlement in whatever order of rows), continue a report by days,
 * or be refused, since its number is there with other rows (`PAYOUT_NUMBER_TAKEN`) or from another report (`PAYOUT_OTHER_REPORT`).
 */
export function planPayout(book: Book, file: ParsedFile, payout: ParsedPayout, store: string): PayoutPlan {
  const { layout, kinds } = file;
  const hasNumber = layout.columns.number !== undefined;
  const known = book
    .prepare(
      `SELECT id, layout, store, number, digest, total_minor, lines, created_at FROM payout
       WHERE platform = ? AND number = ? AND state = 'entered' AND (store = ? OR ?) ORDER BY store = ? DESC LIMIT 1`,
    )
    .get(layout.platform, payout.number, store, hasNumber ? 1 : 0, store) as Known | undefined;
  if (known !== undefined && known.layout === layout.id && known.digest === payout.digest)
    return { state: 'known', existingId: known.id, payout, findings: [] };
  if (layout.scope === 'settlement' || (known !== undefined && known.layout !== layout.id)) {
    if (known === undefined) return { state: 'new', payout, findings: [] };
    const refusal = refusalOf(book, known, payout, file);
    return {
      state: refusal.level === 'reject' ? 'refused' : 'known',
      existingId: known.id,
      payout,
      findings: [refusal],
    };
  }
  // A report by days may repeat rows of an earlier one: of the same number, or of days that overlap.
  const others =
    known !== undefined
      ? [known.id]
      : hasNumber
        ? []
        : (
            book
              .prepare(
                `SELECT id FROM payout WHERE platform = ? AND store = ? AND layout = ? AND state = 'entered' AND from_on <= ? AND to_on >= ?`,
              )
              .all(layout.platform, store, layout.id, payout.toOn, payout.fromOn) as { id: number }[]
          ).map(({ id }) => id);
  if (others.length === 0) return { state: 'new', payout, findings: [] };
  const beyond = linesBeyond(payout, kinds, linesIn(book, others));
  const { length } = payout.lines.row;
  const before = length - beyond.length;
  const [first] = others;
  if (beyond.length === 0 && first !== undefined) return { state: 'known', existingId: first, payout, findings: [] };
  const notes =
    before === 0
      ? []
      : [found('PAYOUT_ROWS_KNOWN', 'note', { number: payout.number, rows: before, fresh: beyond.length })];
  const fresh = before === 0 ? payout : subsetOf(file, payout, beyond);
  if (known !== undefined) return { state: 'more', existingId: known.id, payout: fresh, findings: notes };
  return { state: 'new', payout: fresh, findings: notes };
}

interface Written {
  readonly layout: PayoutLayout;
  readonly kinds: readonly LineKind[];
  readonly findings: readonly PayoutFinding[];
  readonly store: string;
  readonly fileName: string;
  readonly sha256: string;
}

/** Lines of a block: few enough to be read for a page of a list, many enough to be written at once. */
const linesOfBlock = 1000;

/** Rows that one statement writes: beyond a few dozen it gets no quicker. */
const rowsAtOnce = 40;

/** Writes many rows of a table by few statements. `fill` puts the values of row `at` into the list. */
function insertMany(
  book: Book,
  into: string,
  columns: number,
  rows: number,
  fill: (at: number, values: (string | number | null)[], from: number) => void,
): void {
  const row = `(${Array.from({ length: columns }, () => '?').join(',')})`;
  const many = book.prepare(`${into} VALUES ${Array.from({ length: rowsAtOnce }, () => row).join(',')}`);
  const one = book.prepare(`${into} VALUES ${row}`);
  const values: (string | number | null)[] = new Array(columns * rowsAtOnce).fill(null);
  let at = 0;
  for (; at + rowsAtOnce <= rows; at += rowsAtOnce) {
    for (let each = 0; each < rowsAtOnce; each += 1) fill(at + each, values, each * columns);
    many.run(values);
  }
  const last: (string | number | null)[] = new Array(columns).fill(null);
  for (; at < rows; at += 1) {
    fill(at, last, 0);
    one.run(last);
  }
}

/** Ids of kinds of the book by their place in the file; a kind that is new is entered. */
function kindIds(book: Book, { layout, kinds }: Pick<Written, 'layout' | 'kinds'>, now: string): number[] {
  const get = book.prepare('SELECT id FROM payout_kind WHERE platform = ? AND type = ? AND detail = ?');
  const insert = book.prepare(
    'INSERT INTO payout_kind (platform, type, detail, category, updated_at) VALUES (?, ?, ?, ?, ?)',
  );
  return kinds.map(({ type, detail, category }) => {
    const known = get.get(layout.platform, type, detail) as { id: number } | undefined;
    if (known !== undefined) return known.id;
    return Number(insert.run(layout.platform, type, detail, category, now).lastInsertRowid);
  });
}

/** Writes the lines of a payout after those it has. */
function insertLines(book: Book, id: number, payout: ParsedPayout, kinds: readonly number[]): void {
  const next = (sql: string, ...values: number[]): number => (book.prepare(sql).get(...values) as { n: number }).n;
  let dayId = next('SELECT coalesce(max(id), 0) AS n FROM payout_day');
  const day = book.prepare(
    `INSERT INTO payout_day (id, payout_id, kind_id, posted_on, own_on, lines, amount_minor) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (payout_id, kind_id, posted_on, own_on) DO UPDATE SET lines = lines + excluded.lines,
       amount_minor = amount_minor + excluded.amount_minor RETURNING id`,
  );
  const dayIds = payout.days.map(({ kind, china, own, lines, minor }) => {
    dayId += 1;
    return (day.get(dayId, id, kinds[kind] ?? 0, china, own, lines, minor) as { id: number }).id;
  });
  const firstRef = next('SELECT coalesce(max(ref), 0) AS n FROM payout_order WHERE payout_id = ?', id) + 1;
  const known = new Map<string, number>();
  if (firstRef > 1)
    for (const { ref, no } of book
      .prepare('SELECT ref, order_no AS no FROM payout_order WHERE payout_id = ?')
      .all(id) as { ref: number; no: string }[])
      known.set(no, ref);
  const refs = payout.orders.map(({ no }) => known.get(no) ?? 0);
  const no = (at: number): string => payout.orders[at]?.no ?? '';
  // In the order of their numbers, as the index keeps them.
  const fresh = [...refs.keys()].filter((at) => refs[at] === 0).sort((a, b) => (no(a) < no(b) ? -1 : 1));
  for (const [place, at] of fresh.entries()) refs[at] = firstRef + place;
  insertMany(
    book,
    'INSERT INTO payout_order (payout_id, ref, order_no, last_on, gross_minor, refund_minor, kept_minor)',
    7,
    fresh.length,
    (at, values, from) => {
      const order = payout.orders[fresh[at] ?? 0];
      if (order === undefined) return;
      values[from] = id;
      values[from + 1] = firstRef + at;
      values[from + 2] = order.no;
      values[from + 3] = order.lastOn;
      values[from + 4] = order.grossMinor;
      values[from + 5] = order.refundMinor;
      values[from + 6] = order.keptMinor;
    },
  );
  const firstLine = next('SELECT coalesce(max(last_line), 0) AS n FROM payout_block WHERE payout_id = ?', id) + 1;
  const block = book.prepare(
    'INSERT INTO payout_block (payout_id, first_line, last_line, lines) VALUES (?, ?, ?, CAST(? AS TEXT))',
  );
  writeBlocks(payout.lines, linesOfBlock, dayIds, refs, (from, to, json) =>
    block.run(id, firstLine + from, firstLine + to - 1, json),
  );
}

/** Writes a payout that is planned as new. Call it in a transaction. @returns its id */
export function insertPayout(book: Book, payout: ParsedPayout, file: Written, now: string): number {
  const { layout, store } = file;
  const partyId = ensureParty(book, { kind: 'platform', name: partyNames[layout.platform] ?? layout.platform }, now);
  const { lastInsertRowid } = book
    .prepare(
      `INSERT INTO payout (platform, layout, store, number, from_on, to_on, zone, deposit_on, currency, total_minor, deposit_minor,
         reserve_opening_minor, reserve_closing_minor, unavailable_minor, lines, orders, proof, digest, file_name, file_sha256, findings,
         party_id, state, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'entered', ?, ?)`,
    )
    .run(
      layout.platform,
      layout.id,
      store,
      payout.number,
      payout.fromOn,
      payout.toOn,
      payout.zone,
      payout.depositOn ?? null,
      payout.currency,
      payout.totalMinor,
      payout.depositMinor ?? null,
      payout.reserveOpeningMinor,
      payout.reserveClosingMinor,
      payout.unavailableMinor,
      payout.lines.row.length,
      payout.orders.length,
      payout.proof,
      payout.digest,
      file.fileName,
      file.sha256,
      JSON.stringify(file.findings),
      partyId,
      now,
      now,
    );
  const id = Number(lastInsertRowid);
  insertLines(book, id, payout, kindIds(book, file, now));
  return id;
}

/** Adds the rows that a later report by days brings. Call it in a transaction. */
export function extendPayout(book: Book, id: number, payout: ParsedPayout, file: Written, now: string): void {
  insertLines(book, id, payout, kindIds(book, file, now));
  book
    .prepare(
      `UPDATE payout SET from_on = min(from_on, ?), to_on = max(to_on, ?), deposit_on = max(coalesce(deposit_on, ''), ?),
         unavailable_minor = ?, digest = '', file_name = ?, file_sha256 = ?, findings = ?, version = version + 1, updated_at = ?
       WHERE id = ?`,
    )
    .run(
      payout.fromOn,
      payout.toOn,
      payout.depositOn ?? '',
      payout.unavailableMinor,
      file.fileName,
      file.sha256,
      JSON.stringify(file.findings),
      now,
      id,
    );
  book.prepare(`UPDATE payout SET deposit_on = NULL WHERE id = ? AND deposit_on = ''`).run(id);
  recount(book, id);
}

const inList = (categories: readonly PayoutCategory[]): string => categories.map((one) => `'${one}'`).join(', ');
const grossList = inList(payoutCategories.filter(isGross));
const refundList = inList(payoutCategories.filter((one) => groupOf[one] === 'refund'));

/** Brings the sums of a payout and of its orders up to date with what its lines count as. */
function recount(book: Book, id: number): void {
  const { layout, proof, deposit } = book
    .prepare('SELECT layout, proof, deposit_minor AS deposit FROM payout WHERE id = ?')
    .get(id) as { layout: string; proof: OutputOf<'payouts.list'>['rows'][number]['proof']; deposit: number | null };
  const range = isRange(layout);
  const sums = new Map<PayoutCategory, number>();
  let lines = 0;
  let hasTransfer = false;
  for (const row of book
    .prepare(
      `SELECT k.category, sum(d.amount_minor) AS minor, sum(d.lines) AS lines FROM payout_day d JOIN payout_kind k ON k.id = d.kind_id
       WHERE d.payout_id = ? GROUP BY k.category`,
    )
    .all(id) as { category: PayoutCategory; minor: number; lines: number }[]) {
    sums.set(row.category, row.minor);
    lines += row.lines;
    hasTransfer ||= row.category === 'transfer';
  }
  const of = (category: PayoutCategory): number => sums.get(category) ?? 0;
  const all = [...sums.values()].reduce((sum, minor) => sum + minor, 0);
  const total = range ? all - of('transfer') : all;
  const paid = range && hasTransfer ? -of('transfer') : deposit;
  const proved = !range || !hasTransfer ? proof : paid === total ? 'transfer' : 'none';
  book
    .prepare(
      `UPDATE payout SET total_minor = ?, deposit_minor = ?, proof = ?, reserve_opening_minor = ?, reserve_closing_minor = ?, lines = ?,
         orders = (SELECT count(*) FROM payout_order o WHERE o.payout_id = payout.id) WHERE id = ?`,
    )
    .run(
      total,
      paid,
      proved,
      of('reserve-released'),
      -of('reserve-held') + (!range && total < 0 ? total : 0),
      lines,
      id,
    );
  book
    .prepare(
      `UPDATE payout_order SET gross_minor = s.gross, refund_minor = s.refund, kept_minor = s.kept, last_on = s.last_on FROM (
         SELECT l.order_ref AS ref, max(d.posted_on) AS last_on,
           sum(CASE WHEN k.category IN (${grossList}) THEN l.amount_minor ELSE 0 END) AS gross,
           sum(CASE WHEN k.category IN (${refundList}) THEN l.amount_minor ELSE 0 END) AS refund,
           sum(CASE WHEN k.category IN (${grossList}, ${refundList}) THEN 0 ELSE l.amount_minor END) AS kept
         FROM payout_line l JOIN payout_day d ON d.id = l.day_id JOIN payout_kind k ON k.id = d.kind_id
         WHERE l.payout_id = ? AND l.order_ref IS NOT NULL GROUP BY l.order_ref) s
       WHERE payout_order.payout_id = ? AND payout_order.ref = s.ref`,
    )
    .run(id, id);
}

/**
 * Gives a kind of line its category, for every payout there is and will be. Refusal: `PAYOUT_KIND_MISSING` {type, detail}.
 * @returns the payouts that have such lines
 */
export function teachKind(
  book: Book,
  { platform, type, detail, category }: ParsedInputOf<'payouts.teach'>,
  now: string,
): number[] {
  const kind = book
    .prepare('SELECT id FROM payout_kind WHERE platform = ? AND type = ? AND detail = ?')
    .get(platform, type, detail) as { id: number } | undefined;
  if (kind === undefined) throw new PortbookError('PAYOUT_KIND_MISSING', { type, detail }, 'detail');
  book
    .prepare('UPDATE payout_kind SET category = ?, taught = 1, updated_at = ? WHERE id = ?')
    .run(category, now, kind.id);
  const ids = (
    book
      .prepare(
        `SELECT DISTINCT p.id FROM payout_day d JOIN payout p ON p.id = d.payout_id WHERE d.kind_id = ? AND p.state = 'entered' ORDER BY p.id`,
      )
      .all(kind.id) as { id: number }[]
  ).map(({ id }) => id);
  for (const id of ids) recount(book, id);
  return ids;
}

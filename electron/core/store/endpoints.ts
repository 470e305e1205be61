import { type Health, health } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';

/** A platform the book is or was connected to. Its receipt cursor stays with it. */
export interface Endpoint {
  readonly id: string;
  readonly url: string;
  readonly name: string;
  readonly deviceId: string | undefined;
  readonly enrolled: boolean;
  readonly cursor: string;
  readonly lastContactAt: string | undefined;
  readonly capabilities: Health['capabilities'] | undefined;
}

interface Row {
  id: string;
  url: string;
  name: string;
  device_id: string | null;
  enrolled_at: string | null;
  receipt_cursor: string;
  capabilities: string;
  last_contact_at: string | null;
}

const currentKey = 'sync.endpoint';

/** Every practice platform's data starts anew with a row of its own: `practice`, `practice:2`, … */
const practicePattern = /^practice(:\d+)?$/;

export function isPractice(endpoint: Endpoint): boolean {
  return practicePattern.test(endpoint.id);
}

/** The endpoint that is used; undefined when none is set. */
export function currentEndpoint(book: Book): Endpoint | undefined {
  const id = book.setting(currentKey);
  return id === undefined ? undefined : endpointOf(book, id);
}

/** The endpoint of an id, whether it is used now or not. */
export function endpointOf(book: Book, id: string): Endpoint | undefined {
  const row = book.prepare('SELECT * FROM endpoint WHERE id = ?').get(id) as Row | undefined;
  if (row === undefined) return undefined;
  const parsed = health.shape.capabilities.safeParse(JSON.parse(row.capabilities));
  return {
    id: row.id,
    url: row.url,
    name: row.name,
    deviceId: row.device_id ?? undefined,
    enrolled: row.enrolled_at !== null,
    cursor: row.receipt_cursor,
    lastContactAt: row.last_contact_at ?? undefined,
    capabilities: parsed.success ? parsed.data : undefined,
  };
}

/** A platform that is no practice and knows this book's device; undefined when there is none. */
export function realEnrolment(book: Book): Endpoint | undefined {
  const rows = book
    .prepare('SELECT id FROM endpoint WHERE enrolled_at IS NOT NULL ORDER BY enrolled_at DESC')
    .all() as {
    id: string;
  }[];
  const real = rows.find(({ id }) => !practicePattern.test(id));
  return real === undefined ? undefined : endpointOf(book, real.id);
}

/** Makes an endpoint the current one, new or known. */
export function selectEndpoint(book: Book, endpoint: { id: string; url: string; name: string }): void {
  book
    .prepare(
      `INSERT INTO endpoint (id, url, name) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET url = excluded.url, name = excluded.name`,
    )
    .run(endpoint.id, endpoint.url, endpoint.name);
  book.setSetting(currentKey, endpoint.id);
}

export function leaveEndpoint(book: Book): void {
  book.setSetting(currentKey, undefined);
}

/** The newest practice row's id; `practice` for the first. */
export function practiceId(book: Book): string {
  const rows = book.prepare(`SELECT id FROM endpoint WHERE id = 'practice' OR id LIKE 'practice:%'`).all() as {
    id: string;
  }[];
  const highest = Math.max(1, ...rows.map(({ id }) => Number(id.split(':')[1] ?? '1')));
  return highest === 1 ? 'practice' : `practice:${highest}`;
}

/** A practice platform that does not know this device any more has lost its data: its receipts count from 1 again. */
export function renewPractice(book: Book, endpoint: Endpoint): void {
  const serial = Number(endpoint.id.split(':')[1] ?? '1') + 1;
  selectEndpoint(book, { id: `practice:${serial}`, url: endpoint.url, name: endpoint.name });
}

export function markEnrolled(book: Book, id: string, deviceId: string, at: string): void {
  book.prepare('UPDATE endpoint SET device_id = ?, enrolled_at = ? WHERE id = ?').run(deviceId, at, id);
}

export function markContact(book: Book, id: string, answer: Health, at: string): void {
  book
    .prepare('UPDATE endpoint SET capabilities = ?, last_contact_at = ? WHERE id = ?')
    .run(JSON.stringify(answer.capabilities), at, id);
}

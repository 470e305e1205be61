import { PortbookError } from '../../../shared/errors.ts';
import { type EndpointSettings, endpointSettings, type TransportKind } from '../../../shared/sync/endpoint-settings.ts';
import { type Health, health } from '../../../shared/sync/protocol.ts';
import type { Book } from './book.ts';

/** A way to a platform that the book uses or used. Its messages and its receipt cursor stay with it. */
export interface Endpoint {
  readonly id: string;
  /** Empty for folders and files. */
  readonly url: string;
  readonly name: string;
  readonly transport: TransportKind;
  readonly settings: EndpointSettings;
  /** The password of its own proxy; only the transport reads it. */
  readonly proxyPassword: string | undefined;
  /** Whether nothing has any effect there; undefined before the first contact. */
  readonly practice: boolean | undefined;
  readonly deviceId: string | undefined;
  readonly enrolled: boolean;
  readonly cursor: string;
  readonly lastContactAt: string | undefined;
  readonly capabilities: Health['capabilities'] | undefined;
  /** No longer offered; what it holds still ends there. */
  readonly retired: boolean;
}

interface Row {
  id: string;
  url: string;
  name: string;
  transport: TransportKind;
  settings: string;
  proxy_password: string | null;
  practice: 0 | 1 | null;
  device_id: string | null;
  enrolled_at: string | null;
  receipt_cursor: string;
  capabilities: string;
  last_contact_at: string | null;
  retired_at: string | null;
}

function fromRow(row: Row): Endpoint {
  const capabilities = health.shape.capabilities.safeParse(JSON.parse(row.capabilities));
  return {
    id: row.id,
    url: row.url,
    name: row.name,
    transport: row.transport,
    settings: endpointSettings.parse(JSON.parse(row.settings)),
    proxyPassword: row.proxy_password ?? undefined,
    practice: row.practice === null ? undefined : row.practice === 1,
    deviceId: row.device_id ?? undefined,
    enrolled: row.enrolled_at !== null,
    cursor: row.receipt_cursor,
    lastContactAt: row.last_contact_at ?? undefined,
    capabilities: capabilities.success ? capabilities.data : undefined,
    retired: row.retired_at !== null,
  };
}

const currentKey = 'sync.endpoint';

/** Every practice platform's data starts anew with a row of its own: `practice`, `practice:2`, … */
const practicePattern = /^practice(:\d+)?$/;

/** Whether it is the practice platform (演练平台) of this desk. */
export function isPractice(endpoint: Pick<Endpoint, 'id'>): boolean {
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
  return row === undefined ? undefined : fromRow(row);
}

/** The endpoint of an id. Refusal: `ENDPOINT_UNKNOWN` {id}. */
export function requireEndpoint(book: Book, id: string): Endpoint {
  const endpoint = endpointOf(book, id);
  if (endpoint === undefined) throw new PortbookError('ENDPOINT_UNKNOWN', { id });
  return endpoint;
}

/** Every endpoint by name; of practice platforms only the one in use. */
export function listEndpoints(book: Book): Endpoint[] {
  const rows = book.prepare('SELECT * FROM endpoint ORDER BY name, id').all() as Row[];
  const newest = practiceId(book);
  return rows.map(fromRow).filter((one) => !isPractice(one) || one.id === newest);
}

/**
 * The endpoints an engine has to drive: the one in use, and every other that has messages under way or ever took one. Nothing ever says
 * that the last receipt has come: a list that is released can still be closed, sent back, summed up and taxed.
 * What is carried by hand is driven by a person.
 */
export function workingEndpoints(book: Book): Endpoint[] {
  const rows = book
    .prepare(
      `SELECT e.* FROM endpoint e WHERE e.transport <> 'carry' AND (
         e.id = (SELECT value FROM setting WHERE key = '${currentKey}')
         OR EXISTS (SELECT 1 FROM message m WHERE m.endpoint = e.id AND m.state IN ('queued','sending','unknown','sent')))
       ORDER BY e.id`,
    )
    .all() as Row[];
  return rows.map(fromRow);
}

/** Whether something was filed at a practice platform: a message that left for one. */
export function hasPractised(book: Book): boolean {
  return (
    book
      .prepare(
        `SELECT 1 FROM message m JOIN endpoint e ON e.id = m.endpoint
         WHERE e.practice = 1 AND m.state IN ('sending','unknown','sent','refused') LIMIT 1`,
      )
      .get() !== undefined
  );
}

/** A platform in earnest that knows this book's device, or has been handed a message; undefined when there is none. */
export function realEnrolment(book: Book): Endpoint | undefined {
  const row = book
    .prepare(
      `SELECT e.* FROM endpoint e WHERE e.practice IS NOT 1 AND (e.enrolled_at IS NOT NULL OR EXISTS (
         SELECT 1 FROM message m WHERE m.endpoint = e.id AND m.state IN ('sending','unknown','sent','refused')))
       ORDER BY e.enrolled_at DESC, e.id LIMIT 1`,
    )
    .get() as Row | undefined;
  return row === undefined ? undefined : fromRow(row);
}

/** Adds an endpoint or changes what the user set of it. @param password undefined: as it is; empty: none */
export function saveEndpoint(
  book: Book,
  endpoint: Pick<Endpoint, 'id' | 'url' | 'name' | 'transport' | 'settings' | 'practice'>,
  password: string | undefined,
): void {
  book
    .prepare(
      `INSERT INTO endpoint (id, url, name, transport, settings, practice) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET url = excluded.url, name = excluded.name, settings = excluded.settings, practice = excluded.practice`,
    )
    .run(
      endpoint.id,
      endpoint.url,
      endpoint.name,
      endpoint.transport,
      JSON.stringify(endpoint.settings),
      endpoint.practice === undefined ? null : endpoint.practice ? 1 : 0,
    );
  if (password !== undefined)
    book
      .prepare('UPDATE endpoint SET proxy_password = ? WHERE id = ?')
      .run(password === '' ? null : password, endpoint.id);
}

/** Makes an endpoint the one that drafts without a target of their own go to. */
export function chooseEndpoint(book: Book, id: string): void {
  book.prepare('UPDATE endpoint SET retired_at = NULL WHERE id = ?').run(id);
  book.setSetting(currentKey, id);
}

const routeKey = (kind: string): string => `sync.route:${kind}`;

/** Where documents of a kind go that have no target of their own; undefined: to the endpoint in use. */
export function routeOf(book: Book, kind: string): string | undefined {
  return book.setting(routeKey(kind));
}

export function setRoute(book: Book, kind: string, endpoint: string | undefined): void {
  book.setSetting(routeKey(kind), endpoint);
}

/** The target chosen for a document; undefined: where its kind goes. */
export function chosenTarget(book: Book, documentId: number): string | undefined {
  const row = book.prepare('SELECT endpoint FROM document WHERE id = ?').get(documentId) as
    | { endpoint: string | null }
    | undefined;
  return row?.endpoint ?? undefined;
}

/** Where a document goes: its own target, else that of its kind, else the endpoint in use; undefined when there is none. */
export function targetOf(book: Book, document: { readonly id: number; readonly kind: string }): Endpoint | undefined {
  for (const id of [chosenTarget(book, document.id), routeOf(book, document.kind)]) {
    const endpoint = id === undefined ? undefined : endpointOf(book, id);
    if (endpoint !== undefined && !endpoint.retired) return endpoint;
  }
  return currentEndpoint(book);
}

/** Sets the target of a draft; undefined: where its kind goes. */
export function setTarget(book: Book, documentId: number, endpoint: string | undefined): void {
  book
    .prepare(`UPDATE document SET endpoint = ? WHERE id = ? AND state IN ('draft','checked')`)
    .run(endpoint ?? null, documentId);
}

/** Messages of an endpoint that are not over, by state. */
export function openMessages(book: Book, id: string): { queued: number; unknown: number } {
  const rows = book
    .prepare(
      `SELECT state, count(*) AS n FROM message WHERE endpoint = ? AND state IN ('queued','sending','unknown') GROUP BY state`,
    )
    .all(id) as { state: string; n: number }[];
  const count = (...states: string[]) =>
    rows.filter(({ state }) => states.includes(state)).reduce((sum, { n }) => sum + n, 0);
  return { queued: count('queued'), unknown: count('sending', 'unknown') };
}

/** Takes an endpoint out of what is offered; one that never held anything is forgotten. */
export function retireEndpoint(book: Book, id: string, at: string): void {
  if (book.setting(currentKey) === id) leaveEndpoint(book);
  book.prepare(`DELETE FROM setting WHERE key LIKE 'sync.route:%' AND value = ?`).run(id);
  book.prepare('UPDATE document SET endpoint = NULL WHERE endpoint = ? AND message_guid IS NULL').run(id);
  book.prepare('UPDATE endpoint SET retired_at = ? WHERE id = ?').run(at, id);
  book
    .prepare(
      `DELETE FROM endpoint WHERE id = ? AND enrolled_at IS NULL
         AND NOT EXISTS (SELECT 1 FROM message m WHERE m.endpoint = endpoint.id)
         AND NOT EXISTS (SELECT 1 FROM document d WHERE d.endpoint = endpoint.id)`,
    )
    .run(id);
}

/** Notes on which side an endpoint is, the first time it says so. */
export function markPractice(book: Book, id: string, practice: boolean): void {
  book.prepare('UPDATE endpoint SET practice = ? WHERE id = ? AND practice IS NULL').run(practice ? 1 : 0, id);
}

/** Makes an endpoint the current one, new or known. */
export function selectEndpoint(book: Book, endpoint: { id: string; url: string; name: string }): void {
  book
    .prepare(
      `INSERT INTO endpoint (id, url, name, practice) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET url = excluded.url, name = excluded.name`,
    )
    .run(endpoint.id, endpoint.url, endpoint.name, practicePattern.test(endpoint.id) ? 1 : null);
  chooseEndpoint(book, endpoint.id);
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
  const id = `practice:${serial}`;
  selectEndpoint(book, { id, url: endpoint.url, name: endpoint.name });
  book
    .prepare(`UPDATE message SET endpoint = ? WHERE endpoint = ? AND state IN ('queued','sending','unknown')`)
    .run(id, endpoint.id);
  book.prepare('UPDATE document SET endpoint = ? WHERE endpoint = ? AND message_guid IS NULL').run(id, endpoint.id);
}

export function markEnrolled(book: Book, id: string, deviceId: string, at: string): void {
  book.prepare('UPDATE endpoint SET device_id = ?, enrolled_at = ? WHERE id = ?').run(deviceId, at, id);
}

export function markContact(book: Book, id: string, answer: Health, at: string): void {
  book
    .prepare('UPDATE endpoint SET capabilities = ?, last_contact_at = ? WHERE id = ?')
    .run(JSON.stringify(answer.capabilities), at, id);
}

import { specOf } from '../../shared/documents/catalogue.ts';
import type { AnyDocument } from '../../shared/documents/spec.ts';
import { amountOf } from '../../shared/drafting/edit.ts';
import type {
  Behaviour,
  CountedDocument,
  DataRequestPage,
  EnrolmentRequest,
  EnterpriseStatistics,
  MilestonePage,
  ProductRevision,
  RatePage,
  Statistics,
  TransportReceipt,
} from '../../shared/sync/protocol.ts';
import type { KnownRequest } from '../data-requests.ts';

/**
 * What the platform keeps, behind one interface with two engines: SQLite, embedded, for one process; PostgreSQL for several that share the
 * work. SQL stands in this folder only. What is stored is stored for ever: nothing but work that is done is ever deleted.
 */

export interface Enterprise {
  readonly id: number;
  readonly uscc: string;
  readonly customsCode: string;
  readonly name: string;
}

export interface Device {
  readonly id: string;
  readonly publicKey: string;
  readonly enterprise: Enterprise;
  /** Its key is not taken any more, for ever. */
  readonly isRevoked: boolean;
}

/** A device that asked to be enrolled and waits for somebody who knows the enterprise. */
export type PendingEnrolment = EnrolmentRequest & {
  /** ISO 8601, UTC. */
  readonly askedAt: string;
};

/** A document as it arrives, with what the checks look it up by. */
export interface ArrivedDocument {
  readonly businessKey: string;
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly appType: string;
  /** The document as JSON. */
  readonly body: string;
  readonly bodySha256: string;
  /** Its form, its codes and its sums were found right, by the tables of this very process. */
  readonly isSound?: boolean;
}

export interface ArrivedMessage {
  readonly guid: string;
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly documents: readonly ArrivedDocument[];
}

/** When a message came, and the id of its transport receipt. */
export interface Arrived {
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly ms: number;
  readonly receiptId: string;
}

/**
 * No document is put off for longer. One that is due later than this from now got its time from a clock that has been put back since.
 */
export const LONGEST_WAIT_MS = 60_000;

export type DocumentState = 'pending' | 'accepted' | 'rejected' | 'released' | 'replaced';

/** A stored document with its place in the work queue. */
export interface StoredDocument {
  readonly id: number;
  readonly messageSeq: number;
  readonly messageGuid: string;
  readonly enterpriseId: number;
  readonly kind: string;
  readonly businessKey: string;
  readonly orderNo: string;
  readonly logisticsNo: string;
  readonly appType: string;
  readonly body: AnyDocument;
  readonly bodySha256: string;
  /** As {@link ArrivedDocument.isSound}; of what was read from the engine nobody knows. */
  readonly isSound?: boolean;
  /** First day of the month it came in, `yyyy-MM-01`: where PostgreSQL keeps it. */
  readonly month: string;
  readonly state: DocumentState;
  /** What its next receipt will say; undefined when customs is done with it. */
  readonly nextStep: string | undefined;
  readonly dueAtMs: number;
  readonly waitsSinceMs: number | undefined;
  readonly preNo: string | undefined;
  readonly invtNo: string | undefined;
  readonly duplicate: boolean;
}

/** The documents of a kind that agree in one thing: what customs must know before it can decide. */
export interface Lookup {
  readonly by: 'key' | 'order' | 'logistics' | 'number';
  readonly enterpriseId: number;
  readonly kind: string;
  readonly value: string;
}

/**
 * Running numbers an authority gives out, each with the last there can be. The scope (a day, an office and a year) stands in the number
 * itself.
 */
export const series = {
  preNo: 999_999_999,
  seqNo: 999_999_999,
  entry: 999_999_999,
  invtNo: 99_999_999_999,
  'invtNo I': 999_999_999,
  sumNo: 999_999_999,
  // 9,999 of each of a bank's 99 branches.
  declarationNo: 99 * 9999,
  filingNo: 999_999,
} as const;
export type Series = keyof typeof series;

/** The last times told to an enterprise: the next is later, whatever the clock says. */
export interface Clocks {
  /** Milliseconds since 1970, of `returnTime`. */
  readonly returnMs: number;
  /** Seconds since 1970, of notices about a 报关单. */
  readonly noticeS: number;
}

export interface OutgoingReceipt {
  readonly enterpriseId: number;
  readonly messageGuid: string;
  readonly kind: string;
  readonly xml: string;
}

/** What one turn changed; written whole, or not at all. */
export interface TurnResult {
  readonly documents: readonly StoredDocument[];
  readonly receipts: readonly OutgoingReceipt[];
  readonly clocks: ReadonlyMap<number, Clocks>;
  /** Versions for the product library, each later than what it holds. */
  readonly products: readonly FiledProduct[];
}

/** A version of a product that was filed by a message and accepted. */
export interface FiledProduct {
  readonly enterpriseId: number;
  readonly revision: ProductRevision;
}

/**
 * One turn of customs' work: the due documents of some enterprises. Until it ends nobody else works on anything of these enterprises, and
 * everything two documents can have to do with each other lies within one of them. So each document is moved once, whoever dies.
 */
export interface Turn {
  /** In the order they came. */
  readonly documents: readonly StoredDocument[];
  readonly enterprises: ReadonlyMap<number, Enterprise>;
  readonly clocks: ReadonlyMap<number, Clocks>;
  /** What the look-ups find beside the documents of the turn. */
  related(lookups: readonly Lookup[]): Promise<StoredDocument[]>;
  /** Which of the enterprises ever sent a message of the kind. */
  /** The newest version of a product in the library; 0 where there is none. */
  productVersion(enterpriseId: number, itemNo: string): Promise<number>;
  everSent(enterpriseIds: readonly number[], kind: string): Promise<ReadonlySet<number>>;
  /** A number of the series that nobody has had within the scope. */
  next(name: Series, scope: string): number | Promise<number>;
}

/** What becomes of the documents of a turn. It reads, and writes nothing itself. */
export type Decide = (turn: Turn) => Promise<TurnResult>;

export type PutOutcome =
  /** Done: nothing is left for {@link Storage.work} to do with it. */
  | { readonly kind: 'stored'; readonly receipt: TransportReceipt; readonly isDone: boolean }
  | { readonly kind: 'known'; readonly receipt: TransportReceipt }
  | { readonly kind: 'reused' };

export type EnrolOutcome =
  | { readonly kind: 'new' | 'known'; readonly enterpriseId: number }
  | { readonly kind: 'enterprise-conflict' | 'device-conflict' | 'revoked' };

export interface AskOutcome {
  readonly kind: 'asked' | 'pending' | 'full';
}

/** Whether a wish to be enrolled is over; with a conflict it waits on. */
export function isDecided({ kind }: { readonly kind: EnrolOutcome['kind'] | 'rejected' }): boolean {
  return kind === 'new' || kind === 'known' || kind === 'rejected';
}

/** A {@link PendingEnrolment} as it is read from its table. */
export const pendingColumns =
  'device_id AS "deviceId", uscc, customs_code AS "customsCode", name, public_key AS "publicKey", asked_at AS "askedAt"';

/** Enrolments that wait at most: whoever asks has not been vouched for. */
export const MOST_PENDING = 10_000;

export type ProductOutcome =
  | { readonly kind: 'stored' | 'known'; readonly revision: ProductRevision }
  /** The library holds this version with other content, or a later one. */
  | { readonly kind: 'conflict'; readonly version: number };

/** The engine cannot be reached and nothing was done: worth another try. */
export class StorageUnavailable extends Error {}

/** Why data is not opened: an earlier version of the program would write into tables that it does not know. */
export const OF_LATER_VERSION = 'the data belongs to a later version of the platform';

/** What a stored document amounts to; `0` for a kind without an amount. */
export function amountIn(kind: string, body: string): string {
  const spec = specOf(kind);
  return spec === undefined ? '0' : amountOf(spec, JSON.parse(body) as AnyDocument);
}

export interface Storage {
  /** Whether other processes may be working on the same data. */
  readonly isShared: boolean;
  device(id: string): Promise<Device | undefined>;
  /** Enrols a device at once. */
  enrol(request: EnrolmentRequest, now: string): Promise<EnrolOutcome>;
  /**
   * Keeps what a device asks for until somebody decides; one that is enrolled stays so. Asked: it did not wait before. Full: `most` wait, or more.
   */
  askEnrolment(request: EnrolmentRequest, now: string, most?: number): Promise<EnrolOutcome | AskOutcome>;
  /** Oldest first. */
  pendingEnrolments(): Promise<PendingEnrolment[]>;
  /** Enrols a device that waits, or forgets its wish; undefined when none with this id waits. A conflict leaves it waiting. */
  decideEnrolment(
    deviceId: string,
    decision: 'approve' | 'reject',
    now: string,
  ): Promise<EnrolOutcome | { readonly kind: 'rejected' } | undefined>;
  /** From now on nothing is taken from the device; false when there is none. */
  revokeDevice(deviceId: string, now: string): Promise<boolean>;
  /** The transport receipt of a GUID, when this enterprise stored it. */
  transportReceipt(guid: string, enterpriseId: number): Promise<TransportReceipt | undefined>;
  /** The bytes of a GUID, when this enterprise stored them. */
  content(guid: string, enterpriseId: number): Promise<Uint8Array | undefined>;
  /**
   * At most so many GUIDs of an enterprise's messages, in the order they came, after one of them, from the first where `after` is empty; undefined
   * when the enterprise sent none of that GUID. Whatever is sent once a message has been answered for comes after it.
   */
  messagesAfter(enterpriseId: number, after: string, limit: number): Promise<string[] | undefined>;
  /** What a GUID was used for, by whomever; counts a resend when it was for the same bytes of the same enterprise. */
  resend(guid: string, sha256: string, enterpriseId: number): Promise<PutOutcome | undefined>;
  /**
   * Stores the exact bytes and queues their documents, in one durable transaction. With `decide` an engine may take the first turn of the
   * documents in the same transaction, before they are queued; what cannot be decided then is queued as it came.
   */
  putMessage(
    message: ArrivedMessage,
    device: Device,
    firstStep: string,
    at: Arrived,
    decide?: Decide,
  ): Promise<PutOutcome>;
  /** Takes one turn, in one transaction; returns whose documents were in it, none when nothing is due or others are at it. */
  work(nowMs: number, decide: Decide): Promise<readonly number[]>;
  /** When the next document is due; undefined when nothing is left to do. */
  nextDueMs(): Promise<number | undefined>;
  /** Makes due now what is due later than anything can be: see {@link LONGEST_WAIT_MS}. */
  bringForward(nowMs: number): Promise<void>;
  /**
   * At most so many receipts after a cursor, as the JSON of a {@link ReceiptPage}; undefined when there are none. In bytes, since they are the
   * most of what is ever answered: from bytes to a text, to JSON and to bytes again costs more than to read them.
   */
  receiptsAfter(enterpriseId: number, after: number, limit: number): Promise<Uint8Array | undefined>;
  /** Of the enterprises, those that have a receipt after their cursor. */
  withReceipts(cursors: ReadonlyMap<number, number>): Promise<readonly number[]>;
  addRates(rates: RatePage['rates']): Promise<void>;
  /** At most 500 rates after a cursor, in the order they came. */
  ratesAfter(after: number): Promise<RatePage>;
  putProduct(enterpriseId: number, revision: ProductRevision): Promise<ProductOutcome>;
  /** A version of a product, the newest when none is named. */
  product(enterpriseId: number, itemNo: string, version?: number): Promise<ProductRevision | undefined>;
  /** The newest versions, by item number, after one. */
  productsAfter(enterpriseId: number, after: string, limit: number): Promise<ProductRevision[]>;
  /** Puts requests of customs before an enterprise; a session that is known stays. False: no such enterprise. */
  addDataRequests(uscc: string, requests: DataRequestPage['requests']): Promise<boolean>;
  /** At most 500 requests after a cursor, in the order they came, answered or not. */
  dataRequestsAfter(enterpriseId: number, after: number): Promise<DataRequestPage>;
  dataRequest(enterpriseId: number, sessionID: string): Promise<KnownRequest | undefined>;
  /** Keeps the exact text of the answer, once. False: there is one already. */
  answerDataRequest(enterpriseId: number, sessionID: string, text: string): Promise<boolean>;
  /** Keeps what carriers say of an enterprise's goods; an id that is known stays. False: no such enterprise. */
  addMilestones(uscc: string, told: MilestonePage['milestones']): Promise<boolean>;
  /** At most 500 milestones after a cursor, in the order they were told. */
  milestonesAfter(enterpriseId: number, after: number): Promise<MilestonePage>;
  behaviour(): Promise<Behaviour>;
  setBehaviour(value: Behaviour): Promise<void>;
  statistics(): Promise<Statistics>;
  /** What an enterprise sent in a month (`yyyy-MM`, Chinese time) and what became of it, by kind. */
  enterpriseStatistics(enterpriseId: number, month: string): Promise<EnterpriseStatistics['kinds']>;
  /** Its documents of a kind in a month with what they amount to, in the order they came, after a document's id. */
  enterpriseDocuments(
    enterpriseId: number,
    of: { readonly month: string; readonly kind: string; readonly after: number; readonly limit: number },
  ): Promise<(CountedDocument & { readonly id: number })[]>;
  /** Answers when the engine does; throws when it does not. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** First day of the month of an instant, in Chinese time: `yyyy-MM-01`. */
export function monthOf(ms: number): string {
  return `${new Date(ms + 8 * 3600_000).toISOString().slice(0, 7)}-01`;
}

export function transportReceiptOf(
  row: { readonly guid: string; readonly sha256: string },
  at: Omit<Arrived, 'ms'>,
): TransportReceipt {
  return { guid: row.guid, sha256: row.sha256, status: 'stored', receivedAt: at.now, receiptId: at.receiptId };
}

import type {
  DataReply,
  DataRequestPage,
  Enrolment,
  EnrolmentRequest,
  EnterpriseStatistics,
  Health,
  MessagePage,
  MilestonePage,
  Outcome,
  PackList,
  PackManifest,
  RatePage,
  ReceiptPage,
  TransportReceipt,
} from '../../../shared/sync/protocol.ts';

/** What an enquiry by GUID came to; `refused`: it was there and will never be taken. */
export type Enquiry =
  | { readonly found: true; readonly receipt: TransportReceipt }
  | { readonly found: false; readonly refused?: { readonly code: string; readonly detail: string } };

/**
 * A way to a platform. Adapters classify every answer themselves: the engine knows outcomes, never HTTP. An aborted
 * signal counts as silence: what was under way may have been stored.
 */
export interface Transport {
  /** Whether our platform is there at all, and not somebody's log-in page. */
  health(signal: AbortSignal): Promise<Outcome<Health>>;
  /** Makes this device known. Idempotent. */
  enrol(request: Omit<EnrolmentRequest, 'deviceId' | 'publicKey'>, signal: AbortSignal): Promise<Outcome<Enrolment>>;
  /** Hands over exact bytes under their GUID; `accepted` only for a receipt that names both. */
  send(guid: string, bytes: Uint8Array, signal: AbortSignal): Promise<Outcome<TransportReceipt>>;
  enquire(guid: string, signal: AbortSignal): Promise<Outcome<Enquiry>>;
  /** The bytes the platform has under a GUID; only of one that says that it hands them back. */
  content?(guid: string, signal: AbortSignal): Promise<Outcome<Uint8Array>>;
  /**
   * GUIDs of what lies there as taken, for a book that may have lost them, in pages: after the `next` of the page before, or any message that
   * lies there; empty: from the beginning. An empty `next` or no GUID: that was all. Rejected as `MESSAGE_UNKNOWN`: nothing lies there under
   * that one. Only where it can be seen.
   */
  filed?(after: string, signal: AbortSignal): Promise<Outcome<MessagePage>>;
  receipts(after: string, signal: AbortSignal): Promise<Outcome<ReceiptPage>>;
  /** Asks to be answered as soon as there is a receipt after a cursor, `seconds` at the latest. Whether there is one; nothing of it is taken. */
  listen?(after: string, seconds: number, signal: AbortSignal): Promise<Outcome<boolean>>;
  /** Exchange rates after a cursor; only of a platform whose health says that it has some. */
  rates(after: string, signal: AbortSignal): Promise<Outcome<RatePage>>;
  /** What customs asks about orders after a cursor, and the exact text of an answer; only of a platform that passes them on. */
  readonly dataRequests?: {
    list(after: string, signal: AbortSignal): Promise<Outcome<DataRequestPage>>;
    answer(sessionId: string, text: string, signal: AbortSignal): Promise<Outcome<DataReply>>;
  };
  /** What carriers say of goods under way, after a cursor; only of a platform that passes it on. */
  milestones?(after: string, signal: AbortSignal): Promise<Outcome<MilestonePage>>;
  /** Signed packs of code tables and rules, and the bytes of one, unverified; only of a platform that hands them out. */
  readonly packs?: {
    list(signal: AbortSignal): Promise<Outcome<PackList>>;
    fetch(pack: Pick<PackManifest, 'id' | 'version'>, signal: AbortSignal): Promise<Outcome<Uint8Array>>;
  };
  /** What the platform counted of this firm's documents in a month, `yyyy-mm`; only where it says that it does. */
  statistics?(
    month: string,
    signal: AbortSignal,
    /** Names each document of a kind beside the counts, a page of them; a platform may not. */
    of?: { readonly kind: string; readonly after: string },
  ): Promise<Outcome<EnterpriseStatistics>>;
}

/** Signs requests with the device's key. */
export interface RequestSigner {
  readonly id: string;
  /** Base64 of the SubjectPublicKeyInfo. */
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

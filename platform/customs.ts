import { createHash, randomUUID } from 'node:crypto';
import { chinaMessageTime } from '../shared/calendar/china-time.ts';
import { specOf } from '../shared/documents/catalogue.ts';
import { headOf, type MessageSpec, type Values } from '../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../shared/documents/write.ts';
import type { Behaviour } from '../shared/sync/protocol.ts';
import type { TableSet } from '../shared/tables/table.ts';
import { check, reason } from './checks.ts';
import type { OutgoingReceipt, PlatformStore, StoredDocument } from './store.ts';

/**
 * Customs' side: turns stored documents into business receipts, step by step. Each step of up to {@link BATCH} documents is
 * one transaction, so that a kill loses nothing and repeats nothing.
 */

/** The statuses a document runs through when nothing is wrong with it; `decide` becomes 120 or 100. */
const chain: Readonly<Record<string, string>> = { '2': '3', '3': 'decide', '399': '800', '800': '899' };
export const firstStep = '2';

const BATCH = 1000;
/** How often a list looks again whether its order has been stored. */
const LOOK_AGAIN_MS = 100;

const infoOf: Readonly<Record<string, string>> = {
  '2': reason('1000', '电子口岸申报中'),
  '3': reason('1001', '发送海关成功'),
  '120': reason('1800', '逻辑校验通过'),
  '399': reason('2300', '审核通过'),
  '800': reason('2600', '放行'),
  '899': reason('2700', '结关'),
};

/** What one step gave a document. */
interface Return {
  readonly document: StoredDocument;
  readonly status: string;
  readonly info: string;
  readonly preNo: string | undefined;
  readonly invtNo: string | undefined;
}

export interface CustomsOptions {
  readonly store: PlatformStore;
  readonly tables: TableSet;
  readonly nowMs: () => number;
  /** How long a list may wait for its order and waybill before it is sent back. */
  readonly orderWaitMs: number;
  readonly behaviour: () => Behaviour;
}

/** A share of all texts, the same ones for the same seed, whatever happens in between. */
export function isDrawn(seed: number, text: string, share: number): boolean {
  if (share <= 0) return false;
  return createHash('sha256').update(`${seed} ${text}`).digest().readUIntBE(0, 6) / 2 ** 48 < share;
}

/** Takes the next step of what is due. @returns how many documents moved */
export function work(options: CustomsOptions): number {
  const { store, behaviour } = options;
  return store.transaction(() => {
    const { duplicateReceipts, reorderReceipts } = behaviour();
    let returns = step(options);
    const moved = returns.length;
    // To come out of order the receipts of several steps have to be there at once.
    if (reorderReceipts) {
      for (let next = step(options); next.length > 0; next = step(options)) returns = [...returns, ...next];
    }
    let receipts = write(options, returns);
    if (duplicateReceipts) receipts = receipts.flatMap((receipt) => [receipt, receipt]);
    if (reorderReceipts) receipts = shuffled(receipts, behaviour().seed + moved);
    store.addReceipts(receipts);
    return moved;
  });
}

function step(options: CustomsOptions): Return[] {
  const now = options.nowMs();
  const returns: Return[] = [];
  for (const document of options.store.dueDocuments(now, BATCH)) {
    const one = document.nextStep === 'decide' ? decide(options, document, now) : routine(options, document, now);
    if (one !== undefined) returns.push(one);
  }
  return returns;
}

function routine({ store, nowMs }: CustomsOptions, document: StoredDocument, now: number): Return {
  const status = document.nextStep ?? firstStep;
  const isList = document.kind === 'CEB603Message';
  const preNo = isList && status === '2' ? newPreNo(store, nowMs()) : undefined;
  store.advance(document.id, {
    state: status === '800' || status === '899' ? 'released' : document.state,
    nextStep: chain[status],
    dueAtMs: now,
    preNo,
  });
  return { document, status, info: infoOf[status] ?? '', preNo: preNo ?? document.preNo, invtNo: document.invtNo };
}

function decide(options: CustomsOptions, document: StoredDocument, now: number): Return | undefined {
  const { store, tables, orderWaitMs } = options;
  const spec = requireSpec(document.kind);
  const enterprise = store.enterprise(document.enterpriseId);
  if (enterprise === undefined) throw new Error(`document ${document.id} has no enterprise`);
  const drawn = isDrawn(options.behaviour().seed, document.bodySha256, options.behaviour().rejectShare);
  const verdict = drawn
    ? ({ kind: 'reject', info: reason('1300', '人工退单（演练抽中）') } as const)
    : check(spec, document, { store, tables, enterprise });
  switch (verdict.kind) {
    case 'wait': {
      const since = document.waitsSinceMs ?? now;
      if (now - since < orderWaitMs) {
        store.postpone(document.id, now + LOOK_AGAIN_MS, since);
        return undefined;
      }
      return refuse(store, document, now, verdict.info, false);
    }
    case 'reject':
      return refuse(store, document, now, verdict.info, 'duplicate' in verdict && verdict.duplicate === true);
    case 'accept': {
      if (verdict.replaces !== undefined) store.replace(verdict.replaces);
      const isList = document.kind === 'CEB603Message';
      const invtNo = newNumber(store, document, headOf(spec, document.body), now);
      store.advance(document.id, { state: 'accepted', nextStep: isList ? '399' : undefined, dueAtMs: now, invtNo });
      return { document, status: '120', info: infoOf['120'] ?? '', preNo: document.preNo, invtNo };
    }
  }
}

function refuse(store: PlatformStore, document: StoredDocument, now: number, info: string, duplicate: boolean): Return {
  store.advance(document.id, { state: 'rejected', nextStep: undefined, dueAtMs: now, duplicate });
  return { document, status: '100', info, preNo: document.preNo, invtNo: undefined };
}

/** 电子口岸编号: B, date, nine digits. */
function newPreNo(store: PlatformStore, ms: number): string {
  const day = chinaMessageTime(new Date(ms).toISOString()).slice(0, 8);
  return `B${day}${String(store.next(`preNo ${day}`)).padStart(9, '0')}`;
}

/** The number an accepted document is known by; undefined for those that get none. */
function newNumber(store: PlatformStore, { kind }: StoredDocument, head: Values, ms: number): string | undefined {
  switch (kind) {
    case 'CEB603Message':
      return newInvtNo(store, head['customsCode'] ?? '', ms);
    case 'FX101Message':
      // What the bank has given with the credit stays.
      return head['declarationNo'] ?? newDeclarationNo(store, ms);
    case 'FX201Message': {
      const day = chinaMessageTime(new Date(ms).toISOString()).slice(0, 8);
      return `TC${day}${String(store.next(`filingNo ${day}`)).padStart(6, '0')}`;
    }
    default:
      return undefined;
  }
}

/** 申报号码: region (6), bank (4), branch (2), date (6), running number (4). The practice bank is in Haikou. */
function newDeclarationNo(store: PlatformStore, ms: number): string {
  const day = chinaMessageTime(new Date(ms).toISOString()).slice(2, 8);
  return `460100000001${day}${String(store.next(`declarationNo ${day}`)).padStart(4, '0')}`;
}

/** 清单编号: customs, year, E, eleven digits. */
function newInvtNo(store: PlatformStore, customsCode: string, ms: number): string {
  const year = chinaMessageTime(new Date(ms).toISOString()).slice(0, 4);
  return `${customsCode}${year}E${String(store.next(`invtNo ${customsCode} ${year}`)).padStart(11, '0')}`;
}

/** returnTime: 17 digits of Chinese time, a millisecond of its own for every receipt, never going back. */
function newReturnTime(store: PlatformStore, ms: number): string {
  const at = store.next('returnTime', ms);
  return chinaMessageTime(new Date(at).toISOString()) + String(at % 1000).padStart(3, '0');
}

/** Writes the returns as receipt messages: those of one message and one status together, at most a hundred each. */
function write({ store, nowMs }: CustomsOptions, returns: readonly Return[]): OutgoingReceipt[] {
  const groups = new Map<string, Return[]>();
  for (const one of returns) {
    const key = `${one.document.messageSeq} ${one.status}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  const receipts: OutgoingReceipt[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const { document } = first;
    const spec = requireSpec(requireSpec(document.kind).receipt ?? '');
    const time = newReturnTime(store, nowMs());
    const nodes = group.map((one) => writeAny(spec, returnOf(one, time)));
    for (let from = 0; from < nodes.length; from += spec.maxNodes) {
      const frame = { guid: randomUUID().toUpperCase() };
      const xml = assembleMessage(spec, frame, nodes.slice(from, from + spec.maxNodes));
      receipts.push({
        enterpriseId: document.enterpriseId,
        messageGuid: document.messageGuid,
        kind: spec.message,
        xml,
      });
    }
  }
  return receipts;
}

/** A return node: what the request said, echoed, and what became of it. */
function returnOf(one: Return, time: string): Record<string, string | undefined> {
  const request = requireSpec(one.document.kind);
  const answer = requireSpec(request.receipt ?? '');
  const head = headOf(request, one.document.body);
  const echoed = Object.fromEntries(answer.head.fields.map(({ name }) => [name, head[name]]));
  const numbers = numbersOf(one);
  return { ...echoed, ...numbers, returnStatus: one.status, returnTime: time, returnInfo: one.info };
}

/** Numbers the authority gives, under the names that the kind of receipt has for them. */
function numbersOf({ document, preNo, invtNo }: Return): Record<string, string | undefined> {
  switch (document.kind) {
    case 'CEB603Message':
      return { preNo, invtNo };
    case 'FX101Message':
      return invtNo === undefined ? {} : { declarationNo: invtNo };
    case 'FX201Message':
      return { filingNo: invtNo };
    default:
      return {};
  }
}

function requireSpec(name: string): MessageSpec {
  const spec = specOf(name);
  if (spec === undefined) throw new Error(`no message table ${name}`);
  return spec;
}

/** Fisher-Yates over a small linear congruential generator: the same seed shuffles alike. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const out = [...items];
  let state = (seed * 2654435761 + 1) >>> 0;
  for (let i = out.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const j = state % (i + 1);
    const a = out[i];
    const b = out[j];
    if (a === undefined || b === undefined) continue;
    out[i] = b;
    out[j] = a;
  }
  return out;
}

import { createHash, randomUUID } from 'node:crypto';
import { chinaMessageTime } from '../shared/calendar/china-time.ts';
import { specOf } from '../shared/documents/catalogue.ts';
import { businessKeyOf, headOf, type MessageSpec, type Values } from '../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../shared/documents/write.ts';
import type { Behaviour } from '../shared/sync/protocol.ts';
import type { TableSet } from '../shared/tables/table.ts';
import { check, reason } from './checks.ts';
import { declarationChain, declarationInfo, declarationReceipt } from './declaration.ts';
import type { OutgoingReceipt, PlatformStore, StoredDocument } from './store.ts';
import { summarise } from './summary.ts';

/**
 * Customs' side: turns stored documents into business receipts, step by step. Each step of up to {@link BATCH} documents is
 * one transaction, so that a kill loses nothing and repeats nothing.
 */

/** The statuses a document runs through when nothing is wrong with it; `decide` becomes 120 or 100. */
const chain: Readonly<Record<string, string>> = { '2': '3', '3': 'decide', '399': '800', '800': '899' };
/** Lists go on to their release, applications until customs has agreed; of everything else it is enough that it is stored. */
const lists: ReadonlySet<string> = new Set(['CEB603Message', 'CEB621Message']);
const applications: ReadonlySet<string> = new Set([
  'CEB213Message',
  'CEB605Message',
  'CEB623Message',
  'CEB625Message',
  'CEB701Message',
]);
const withdrawals: Readonly<Record<string, string>> = {
  CEB605Message: 'CEB603Message',
  CEB623Message: 'CEB621Message',
};
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
  if (document.kind === 'DecMessage') return declarationStep(store, document, status, now, nowMs());
  const hasPreNo = requireSpec(requireSpec(document.kind).receipt ?? '').head.fields.some(
    ({ name }) => name === 'preNo',
  );
  const preNo = hasPreNo && status === '2' && document.preNo === undefined ? newPreNo(store, nowMs()) : undefined;
  const isConcluded = applications.has(document.kind) && status === '399';
  if (isConcluded) withdraw(store, document);
  store.advance(document.id, {
    state: status === '800' || status === '899' ? 'released' : document.state,
    nextStep: isConcluded ? undefined : chain[status],
    dueAtMs: now,
    preNo,
  });
  return { document, status, info: infoOf[status] ?? '', preNo: preNo ?? document.preNo, invtNo: document.invtNo };
}

/** A step of a 报关单: stored with its 统一编号, declared, concluded, released, closed. */
function declarationStep(
  store: PlatformStore,
  document: StoredDocument,
  status: string,
  now: number,
  ms: number,
): Return {
  // A declaration that was sent back comes again under the number it had.
  const known = headOf(requireSpec(document.kind), document.body)['SeqNo'];
  const preNo = status === '2' && document.preNo === undefined ? (known ?? newSeqNo(store, ms)) : undefined;
  store.advance(document.id, {
    state: status === 'P' || status === 'R' ? 'released' : document.state,
    nextStep: declarationChain[status],
    dueAtMs: now,
    preNo,
  });
  const info = declarationInfo[status] ?? '';
  return { document, status, info, preNo: preNo ?? document.preNo, invtNo: document.invtNo };
}

/** The list that an agreed withdrawal is about is out of force. */
function withdraw(store: PlatformStore, { kind, enterpriseId, body }: StoredDocument): void {
  const listKind = withdrawals[kind];
  if (listKind === undefined) return;
  const list = store.byNumber(enterpriseId, listKind, headOf(requireSpec(kind), body)['invtNo'] ?? '');
  if (list !== undefined) store.replace(list.id);
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
      const goesOn = lists.has(document.kind) || applications.has(document.kind);
      const isDeletion = document.appType === '3' && spec.family === 'ceb';
      const isDeclaration = document.kind === 'DecMessage';
      const invtNo = newNumber(store, document, headOf(spec, document.body), now);
      store.advance(document.id, {
        // What deletes another stands for nothing itself.
        state: isDeletion ? 'replaced' : 'accepted',
        nextStep: isDeclaration ? 'J' : goesOn && !isDeletion ? '399' : undefined,
        dueAtMs: now,
        invtNo,
      });
      const status = isDeclaration ? 'L' : '120';
      const info = (isDeclaration ? declarationInfo : infoOf)[status] ?? '';
      return { document, status, info, preNo: document.preNo, invtNo };
    }
  }
}

function refuse(store: PlatformStore, document: StoredDocument, now: number, info: string, duplicate: boolean): Return {
  store.advance(document.id, { state: 'rejected', nextStep: undefined, dueAtMs: now, duplicate });
  return {
    document,
    status: document.kind === 'DecMessage' ? 'E' : '100',
    info,
    preNo: document.preNo,
    invtNo: undefined,
  };
}

/** 电子口岸编号: B, date, nine digits. */
function newPreNo(store: PlatformStore, ms: number): string {
  const day = chinaMessageTime(new Date(ms).toISOString()).slice(0, 8);
  return `B${day}${String(store.next(`preNo ${day}`)).padStart(9, '0')}`;
}

/** 统一编号 of the Single Window: E, year, office, nine digits. */
function newSeqNo(store: PlatformStore, ms: number): string {
  const year = chinaMessageTime(new Date(ms).toISOString()).slice(0, 4);
  return `E${year}0000${String(store.next(`seqNo ${year}`)).padStart(9, '0')}`;
}

/** 报关单号: customs, year, 0, nine digits. */
function newEntryId(store: PlatformStore, customsCode: string, ms: number): string {
  const year = chinaMessageTime(new Date(ms).toISOString()).slice(0, 4);
  return `${customsCode}${year}0${String(store.next(`entry ${customsCode} ${year}`)).padStart(9, '0')}`;
}

/** The number an accepted document is known by; undefined for those that get none. */
function newNumber(store: PlatformStore, { kind }: StoredDocument, head: Values, ms: number): string | undefined {
  switch (kind) {
    case 'CEB603Message':
    case 'CEB621Message':
      // A change keeps the number.
      return head['invtNo'] ?? newInvtNo(store, head['customsCode'] ?? '', kind === 'CEB603Message' ? 'E' : 'I', ms);
    case 'CEB701Message': {
      const year = chinaMessageTime(new Date(ms).toISOString()).slice(0, 4);
      const customs = head['customsCode'] ?? '';
      return head['sumNo'] ?? `${customs}${year}S${String(store.next(`sumNo ${customs} ${year}`)).padStart(9, '0')}`;
    }
    case 'DecMessage':
      return newEntryId(store, head['CustomMaster'] ?? '', ms);
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

/** 清单编号: customs, year, E or I, eleven digits for exports and nine for imports, which have eighteen characters. */
function newInvtNo(store: PlatformStore, customsCode: string, flag: 'E' | 'I', ms: number): string {
  const year = chinaMessageTime(new Date(ms).toISOString()).slice(0, 4);
  const serial = store.next(flag === 'E' ? `invtNo ${customsCode} ${year}` : `invtNo I ${customsCode} ${year}`);
  return `${customsCode}${year}${flag}${String(serial).padStart(flag === 'E' ? 11 : 9, '0')}`;
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
    if (document.kind === 'DecMessage') {
      receipts.push(...group.map((one) => answerDeclaration(store, one, nowMs())));
      continue;
    }
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
    if (document.kind === 'CEB701Message' && first.status === '399')
      receipts.push(...group.flatMap((one) => resultsOf(store, one.document, nowMs())));
  }
  return receipts;
}

/** The receipt of one step of a 报关单; each has a second of its own, since its time says no less. */
function answerDeclaration(store: PlatformStore, one: Return, ms: number): OutgoingReceipt {
  const { document, status, info, preNo = '', invtNo } = one;
  const request = requireSpec(document.kind);
  const head = headOf(request, document.body);
  const { kind, body } = declarationReceipt({
    ...{ status, info, clientSeqNo: businessKeyOf(request, document.body), seqNo: preNo, entryId: invtNo },
    ...{ customs: head['CustomMaster'] ?? '', exportDate: head['IEDate'] ?? '' },
    at: store.next('noticeTime', Math.floor(ms / 1000)),
  });
  const spec = requireSpec(kind);
  const xml = assembleMessage(spec, { guid: '' }, [writeAny(spec, body)]);
  return { enterpriseId: document.enterpriseId, messageGuid: document.messageGuid, kind, xml };
}

/** The 汇总结果单 of an application that was agreed to, one message. */
function resultsOf(store: PlatformStore, application: StoredDocument, ms: number): OutgoingReceipt[] {
  const spec = requireSpec('CEB792Message');
  const results = summarise(store, application, {
    opDate: newReturnTime(store, ms),
    next: (customsCode) => {
      const entryId = newEntryId(store, customsCode, ms);
      return { declSeqNo: `E${entryId.slice(4, 8)}0000${entryId.slice(-9)}`, entryId };
    },
  });
  if (results.length === 0) return [];
  const nodes = results.map(({ head, lines }) =>
    writeAny(spec, {
      [spec.head.name]: { ...head, guid: randomUUID().toUpperCase() },
      [spec.lines?.name ?? '']: lines,
    }),
  );
  const xml = assembleMessage(spec, { guid: randomUUID().toUpperCase() }, nodes);
  return [{ enterpriseId: application.enterpriseId, messageGuid: application.messageGuid, kind: spec.message, xml }];
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
    case 'CEB621Message':
      return { preNo, invtNo };
    case 'CEB701Message':
      return { preNo, sumNo: invtNo };
    case 'FX101Message':
      return invtNo === undefined ? {} : { declarationNo: invtNo };
    case 'FX201Message':
      return { filingNo: invtNo };
    default:
      return preNo === undefined ? {} : { preNo };
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

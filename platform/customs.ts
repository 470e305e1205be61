import { randomUUID } from 'node:crypto';
import { chinaMessageTime } from '../shared/calendar/china-time.ts';
import { specOf } from '../shared/documents/catalogue.ts';
import { businessKeyOf, headOf, type MessageSpec, type Values } from '../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../shared/documents/write.ts';
import type { Behaviour } from '../shared/sync/protocol.ts';
import type { TableSet } from '../shared/tables/table.ts';
import { check, reason } from './checks.ts';
import { declarationChain, declarationInfo, declarationReceipt } from './declaration.ts';
import { Docket } from './docket.ts';
import { acceptanceScope, productOf } from './filings.ts';
import { isDrawn, type Return, strangeGuid, strangeNumber, withWrong } from './returns.ts';
import {
  type Clocks,
  type Enterprise,
  type FiledProduct,
  LONGEST_WAIT_MS,
  type OutgoingReceipt,
  type Storage,
  type StoredDocument,
  type Turn,
  type TurnResult,
} from './storage/storage.ts';
import { summarise } from './summary.ts';

/**
 * Customs' side: turns stored documents into business receipts, step by step. All steps that are due of the documents of a turn are one
 * transaction, so that a kill loses nothing and repeats nothing.
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

/** How often a list looks again whether its order has been stored. */
const LOOK_AGAIN_MS = 100;
const AFTER_FAILURE_MS = LONGEST_WAIT_MS;

const infoOf: Readonly<Record<string, string>> = {
  '2': reason('1000', '电子口岸申报中'),
  '3': reason('1001', '发送海关成功'),
  '120': reason('1800', '逻辑校验通过'),
  '399': reason('2300', '审核通过'),
  '800': reason('2600', '放行'),
  '899': reason('2700', '结关'),
};

export interface CustomsOptions {
  readonly storage: Storage;
  readonly tables: TableSet;
  readonly nowMs: () => number;
  /** How long a list may wait for its order and waybill before it is sent back. */
  readonly orderWaitMs: number;
  readonly behaviour: () => Behaviour;
  /** Told of a document that could not be worked on. */
  readonly onFailure: (error: unknown) => void;
}

/** Takes every step that is due of the documents of one turn. @returns the enterprises whose documents were in it */
export function work(options: CustomsOptions): Promise<readonly number[]> {
  const now = options.nowMs();
  return options.storage.work(now, (turn) => decideTurn(options, turn, now));
}

/** What becomes of the documents of a turn by all steps that are due of them at `now`. */
export async function decideTurn(options: CustomsOptions, turn: Turn, now: number): Promise<TurnResult> {
  const session = await Session.open(options, turn, now);
  const returns: Return[] = [];
  for (let next = await step(session); next.length > 0; next = await step(session)) returns.push(...next);
  const wanted = options.behaviour();
  let receipts = await write(session, withWrong(wanted, returns));
  if (wanted.duplicateReceipts) receipts = receipts.flatMap((receipt) => [receipt, receipt]);
  if (wanted.reorderReceipts) receipts = shuffled(receipts, wanted.seed + returns.length);
  return { documents: session.docket.changed, receipts, clocks: session.clocks, products: session.products };
}

/** One turn's documents, with the numbers and times that are given out in it. */
class Session {
  readonly options: CustomsOptions;
  readonly docket: Docket;
  readonly now: number;
  readonly clocks: Map<number, Clocks>;
  /** Versions that go into the product library. */
  readonly products: FiledProduct[] = [];
  readonly #turn: Turn;
  /** Time of the turn in China: `yyyyMMddHHmmss`. */
  readonly #chinaTime: string;

  private constructor(options: CustomsOptions, turn: Turn, docket: Docket, now: number) {
    this.options = options;
    this.docket = docket;
    this.now = now;
    this.clocks = new Map(turn.clocks);
    this.#turn = turn;
    this.#chinaTime = chinaMessageTime(new Date(now).toISOString());
  }

  static async open(options: CustomsOptions, turn: Turn, now: number): Promise<Session> {
    return new Session(options, turn, await Docket.open(turn), now);
  }

  /** The newest version of a product in the library, this turn's included. */
  async productVersion(enterpriseId: number, itemNo: string): Promise<number> {
    const own = this.products.findLast((one) => one.enterpriseId === enterpriseId && one.revision.itemNo === itemNo);
    return own?.revision.version ?? this.#turn.productVersion(enterpriseId, itemNo);
  }

  get next(): Turn['next'] {
    return this.#turn.next;
  }

  /** Year, or date, in Chinese time. */
  date(length: 4 | 8): string {
    return this.#chinaTime.slice(0, length);
  }

  enterprise(id: number): Enterprise {
    const enterprise = this.#turn.enterprises.get(id);
    if (enterprise === undefined) throw new Error(`enterprise ${id} is not in this turn`);
    return enterprise;
  }

  /** returnTime: 17 digits of Chinese time, a millisecond of its own for every receipt of an enterprise, never going back. */
  returnTime(enterpriseId: number): string {
    const clocks = this.#clocksOf(enterpriseId);
    const at = Math.max(clocks.returnMs + 1, this.now);
    this.clocks.set(enterpriseId, { ...clocks, returnMs: at });
    return chinaMessageTime(new Date(at).toISOString()) + String(at % 1000).padStart(3, '0');
  }

  /** The time of a notice about a 报关单, seconds since 1970; each has a second of its own. */
  noticeTime(enterpriseId: number): number {
    const clocks = this.#clocksOf(enterpriseId);
    const at = Math.max(clocks.noticeS + 1, Math.floor(this.now / 1000));
    this.clocks.set(enterpriseId, { ...clocks, noticeS: at });
    return at;
  }

  #clocksOf(enterpriseId: number): Clocks {
    return this.clocks.get(enterpriseId) ?? { returnMs: 0, noticeS: 0 };
  }
}

async function step(session: Session): Promise<Return[]> {
  const returns: Return[] = [];
  for (const document of session.docket.due(session.now)) {
    try {
      const one = await (document.nextStep === 'decide' ? decide : routine)(session, document);
      if (one !== undefined) returns.push(one);
    } catch (error) {
      // A mistake of ours about one document must not stop the others'; it is looked at again when it may be mended.
      session.options.onFailure(error);
      session.docket.advance(document, { dueAtMs: session.now + AFTER_FAILURE_MS, nextStep: document.nextStep });
    }
  }
  return returns;
}

async function routine(session: Session, document: StoredDocument): Promise<Return> {
  const status = document.nextStep ?? firstStep;
  if (document.kind === 'DecMessage') return declarationStep(session, document, status);
  const isNew = status === '2' && document.preNo === undefined;
  const preNo = isNew && hasPreNo(document.kind) ? await newPreNo(session) : document.preNo;
  // An application and a deletion are concluded; only a list that stands goes on to its release.
  const isConcluded = (applications.has(document.kind) || document.appType === '3') && status === '399';
  if (isConcluded) withdraw(session.docket, document);
  session.docket.advance(document, {
    state: status === '800' || status === '899' ? 'released' : document.state,
    nextStep: isConcluded ? undefined : chain[status],
    preNo,
  });
  return { document, status, info: infoOf[status] ?? '', preNo, invtNo: document.invtNo };
}

const hasPreNo = (kind: string): boolean =>
  requireSpec(requireSpec(kind).receipt ?? '').head.fields.some(({ name }) => name === 'preNo');

/** A step of a 报关单: stored with its 统一编号, declared, concluded, released, closed. */
async function declarationStep(session: Session, document: StoredDocument, status: string): Promise<Return> {
  // A declaration that was sent back comes again under the number it had.
  const known = headOf(requireSpec(document.kind), document.body)['SeqNo'];
  const isNew = status === '2' && document.preNo === undefined;
  const preNo = isNew ? (known ?? (await newSeqNo(session))) : document.preNo;
  session.docket.advance(document, {
    state: status === 'P' || status === 'R' ? 'released' : document.state,
    nextStep: declarationChain[status],
    preNo,
  });
  return { document, status, info: declarationInfo[status] ?? '', preNo, invtNo: document.invtNo };
}

/** The list that an agreed withdrawal is about is out of force. */
function withdraw(docket: Docket, { kind, enterpriseId, body }: StoredDocument): void {
  const listKind = withdrawals[kind];
  if (listKind === undefined) return;
  const list = docket.byNumber(enterpriseId, listKind, headOf(requireSpec(kind), body)['invtNo'] ?? '');
  if (list !== undefined) docket.replace(list);
}

async function decide(session: Session, document: StoredDocument): Promise<Return | undefined> {
  const { docket, now } = session;
  const { tables, orderWaitMs, behaviour } = session.options;
  const spec = requireSpec(document.kind);
  const enterprise = session.enterprise(document.enterpriseId);
  const { seed, rejectShare } = behaviour();
  const verdict = isDrawn(seed, document.bodySha256, rejectShare)
    ? ({ kind: 'reject', info: reason('1300', '人工退单（演练抽中）') } as const)
    : check(spec, document, { docket, tables, enterprise });
  switch (verdict.kind) {
    case 'wait': {
      // Not later than now: the clock may have been put back.
      const since = Math.min(document.waitsSinceMs ?? now, now);
      if (now - since < orderWaitMs) {
        docket.advance(document, { dueAtMs: now + LOOK_AGAIN_MS, waitsSinceMs: since, nextStep: 'decide' });
        return undefined;
      }
      return refuse(docket, document, verdict.info, false);
    }
    case 'reject':
      return refuse(docket, document, verdict.info, 'duplicate' in verdict && verdict.duplicate === true);
    case 'accept': {
      const revision = document.kind === 'PLAT201Message' ? productOf(spec, document.body) : undefined;
      if (revision !== undefined) {
        // The library is written to by other ways as well, and no version of it ever changes.
        const newest = await session.productVersion(document.enterpriseId, revision.itemNo);
        if (revision.version <= newest)
          return refuse(docket, document, reason('-802001', `产品[${revision.itemNo}]版本须大于 ${newest}`), false);
      }
      // First what may not be had: without a number nothing else has happened.
      const invtNo = await newNumber(session, document, headOf(spec, document.body));
      if (revision !== undefined) session.products.push({ enterpriseId: document.enterpriseId, revision });
      if (verdict.replaces !== undefined) docket.replace(verdict.replaces);
      const goesOn = lists.has(document.kind) || applications.has(document.kind);
      const isDeletion = document.appType === '3' && spec.family === 'ceb';
      const isDeclaration = document.kind === 'DecMessage';
      docket.advance(document, {
        // What deletes another stands for nothing itself.
        state: isDeletion ? 'replaced' : 'accepted',
        nextStep: isDeclaration ? 'J' : goesOn ? '399' : undefined,
        invtNo,
      });
      const status = isDeclaration ? 'L' : '120';
      const info = (isDeclaration ? declarationInfo : infoOf)[status] ?? '';
      return { document, status, info, preNo: document.preNo, invtNo };
    }
  }
}

function refuse(docket: Docket, document: StoredDocument, info: string, duplicate: boolean): Return {
  docket.advance(document, { state: 'rejected', nextStep: undefined, duplicate: duplicate || document.duplicate });
  return {
    document,
    status: document.kind === 'DecMessage' ? 'E' : '100',
    info,
    preNo: document.preNo,
    invtNo: undefined,
  };
}

/** Throws when there are no more numbers of so many digits: the document waits for the day, or year, that has some. */
function padded(serial: number, digits: number): string {
  if (serial >= 10 ** digits) throw new Error(`a number of ${digits} digits is used up`);
  return String(serial).padStart(digits, '0');
}

/** 电子口岸编号: B, date, nine digits. */
async function newPreNo(session: Session): Promise<string> {
  const day = session.date(8);
  return `B${day}${padded(await session.next('preNo', day), 9)}`;
}

/** 统一编号 of the Single Window: E, year, office, nine digits. */
async function newSeqNo(session: Session): Promise<string> {
  const year = session.date(4);
  return `E${year}0000${padded(await session.next('seqNo', year), 9)}`;
}

/** 报关单号: customs, year, 0, nine digits. */
async function newEntryId(session: Session, customsCode: string): Promise<string> {
  const year = session.date(4);
  return `${customsCode}${year}0${padded(await session.next('entry', `${customsCode} ${year}`), 9)}`;
}

/** The number an accepted document is known by; undefined for those that get none. */
async function newNumber(session: Session, { kind }: StoredDocument, head: Values): Promise<string | undefined> {
  switch (kind) {
    case 'CEB603Message':
    case 'CEB621Message':
      // A change keeps the number.
      return head['invtNo'] ?? newInvtNo(session, head['customsCode'] ?? '', kind === 'CEB603Message' ? 'E' : 'I');
    case 'CEB701Message': {
      const [customs, year] = [head['customsCode'] ?? '', session.date(4)];
      return head['sumNo'] ?? `${customs}${year}S${padded(await session.next('sumNo', `${customs} ${year}`), 9)}`;
    }
    case 'DecMessage':
      return newEntryId(session, head['CustomMaster'] ?? '');
    case 'FX101Message':
      // What the bank has given with the credit stays.
      return head['declarationNo'] ?? newDeclarationNo(session);
    case 'FX201Message': {
      const day = session.date(8);
      return `TC${day}${padded(await session.next('filingNo', day), 6)}`;
    }
    default: {
      const scope = acceptanceScope(kind, session.date(8));
      if (scope === undefined) return undefined;
      return head['acceptNo'] ?? `${scope}${padded(await session.next('filingNo', scope), 6)}`;
    }
  }
}

/**
 * 申报号码: region (6), bank (4), branch (2), date (6), running number (4). The practice bank is in Haikou; when a branch has given out its
 * 9,999 of the day, the next branch goes on.
 * @param day `yyMMdd`
 * @param serial of the day, from 1
 */
export function declarationNoOf(day: string, serial: number): string {
  const branch = Math.ceil(serial / 9999);
  return `4601000000${padded(branch, 2)}${day}${padded(serial - (branch - 1) * 9999, 4)}`;
}

async function newDeclarationNo(session: Session): Promise<string> {
  const day = session.date(8).slice(2);
  return declarationNoOf(day, await session.next('declarationNo', day));
}

/** 清单编号: customs, year, E or I, eleven digits for exports and nine for imports, which have eighteen characters. */
async function newInvtNo(session: Session, customsCode: string, flag: 'E' | 'I'): Promise<string> {
  const year = session.date(4);
  const serial = await session.next(flag === 'E' ? 'invtNo' : 'invtNo I', `${customsCode} ${year}`);
  return `${customsCode}${year}${flag}${padded(serial, flag === 'E' ? 11 : 9)}`;
}

/** Writes the returns as receipt messages: those of one message and one status together, at most a hundred each. */
async function write(session: Session, returns: readonly Return[]): Promise<OutgoingReceipt[]> {
  const groups = new Map<string, Return[]>();
  for (const one of returns) {
    const key = `${one.document.messageSeq} ${one.status} ${one.wrong ?? ''}`;
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
      receipts.push(...group.map((one) => answerDeclaration(session, one)));
      continue;
    }
    const spec = requireSpec(requireSpec(document.kind).receipt ?? '');
    const time = session.returnTime(document.enterpriseId);
    const nodes = group.map((one) => writeAny(spec, returnOf(one, time)));
    for (let from = 0; from < nodes.length; from += spec.maxNodes) {
      const frame = { guid: randomUUID().toUpperCase() };
      const xml = assembleMessage(spec, frame, nodes.slice(from, from + spec.maxNodes));
      receipts.push({
        enterpriseId: document.enterpriseId,
        messageGuid: guidOf(first),
        kind: spec.message,
        xml,
      });
    }
    if (document.kind === 'CEB701Message' && first.status === '399' && first.wrong === undefined)
      for (const one of group) receipts.push(...(await resultsOf(session, one.document)));
  }
  return receipts;
}

/** The receipt of one step of a 报关单; each has a second of its own, since its time says no less. */
function answerDeclaration(session: Session, one: Return): OutgoingReceipt {
  const { document, status, info, preNo = '', invtNo } = one;
  const request = requireSpec(document.kind);
  const head = headOf(request, document.body);
  const key = businessKeyOf(request, document.body);
  const { kind, body } = declarationReceipt({
    ...{ status, info, seqNo: preNo, entryId: invtNo },
    clientSeqNo: one.wrong === 'stranger' ? strangeNumber(key) : key,
    ...{ customs: head['CustomMaster'] ?? '', exportDate: head['IEDate'] ?? '' },
    at: session.noticeTime(document.enterpriseId),
  });
  const spec = requireSpec(kind);
  const xml = assembleMessage(spec, { guid: '' }, [writeAny(spec, body)]);
  return { enterpriseId: document.enterpriseId, messageGuid: guidOf(one), kind, xml };
}

/** The 汇总结果单 of an application that was agreed to, one message. */
async function resultsOf(session: Session, application: StoredDocument): Promise<OutgoingReceipt[]> {
  const spec = requireSpec('CEB792Message');
  const results = await summarise(session.docket, application, {
    opDate: session.returnTime(application.enterpriseId),
    next: async (customsCode) => {
      const entryId = await newEntryId(session, customsCode);
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

function guidOf({ document, wrong }: Return): string {
  return wrong === 'stranger' ? strangeGuid(document.messageGuid) : document.messageGuid;
}

/** A return node: what the request said, echoed, and what became of it. In the order of the table, which is quickest to write. */
function returnOf(one: Return, time: string): Values {
  const request = requireSpec(one.document.kind);
  const answer = requireSpec(request.receipt ?? '');
  const head = headOf(request, one.document.body);
  const { number } = request;
  const own: Record<string, string | undefined> = numbersOf(one);
  own['returnStatus'] = one.status;
  own['returnTime'] = time;
  own['returnInfo'] = one.info;
  if (one.wrong === 'stranger' && number !== undefined) own[number] = strangeNumber(head[number] ?? '');
  const values: Record<string, string> = {};
  for (const { name } of answer.head.fields) {
    const value = Object.hasOwn(own, name) ? own[name] : head[name];
    if (value !== undefined) values[name] = value;
  }
  return values;
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
    case 'PLAT101Message':
    case 'PLAT201Message':
    case 'PLAT301Message':
    case 'PLAT401Message':
      return invtNo === undefined ? {} : { acceptNo: invtNo };
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

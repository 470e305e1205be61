import { type DocumentEvent, type DocumentState, documentMachine } from './document-states.ts';

/** One return (回执) about one document, as its receipt message has it. */
export interface DocumentReturn {
  /** `returnStatus`: digits, or a negative number. */
  readonly statusCode: string;
  /** `returnTime`: yyyyMMddHHmmssSSS, 17 digits. */
  readonly statusTime: string;
  readonly info: string;
}

/** The return that counts among all that were received; `undefined` before the first. */
export type Standing = DocumentReturn | undefined;

type Rank = 0 | 1 | 2 | 3;

/** What a status amounts to for the document. */
const meanings: Readonly<Record<string, { rank: Rank; event: DocumentEvent | undefined }>> = {
  // 电子口岸已暂存, 申报中, 发送海关成功, 发送海关失败: on the way. 4 is the platform's to repeat.
  '1': { rank: 0, event: undefined },
  '2': { rank: 0, event: undefined },
  '3': { rank: 0, event: undefined },
  '4': { rank: 0, event: undefined },
  // 海关退单.
  '100': { rank: 1, event: 'reject' },
  // 海关入库, 人工审核, 审结, 查验.
  '120': { rank: 1, event: 'accept' },
  '300': { rank: 1, event: 'accept' },
  '399': { rank: 1, event: 'accept' },
  '500': { rank: 1, event: 'accept' },
  // 放行, 结关.
  '800': { rank: 2, event: 'release' },
  '899': { rank: 3, event: 'close' },
};

/** The meaning of a status; undefined for one that this version does not know (the receipt is then parked). */
function meaningOf(statusCode: string): { rank: Rank; event: DocumentEvent | undefined } | undefined {
  // Any negative number is an exception while processing (处理异常): the document did not get in.
  if (/^-\d+$/.test(statusCode)) return { rank: 1, event: 'reject' };
  return meanings[statusCode];
}

/** Whether this version knows what the status means. */
export function isKnownStatus(statusCode: string): boolean {
  return meaningOf(statusCode) !== undefined;
}

/** The event a status amounts to; undefined for one on the way or unknown. */
export function eventOf(statusCode: string): DocumentEvent | undefined {
  return meaningOf(statusCode)?.event;
}

/**
 * Whether `a` counts more than `b`: by rank, then by `returnTime`, then by number. This is a total order, so what stands
 * after any number of returns does not depend on the order they came in, nor on how often each came.
 */
function outranks(a: DocumentReturn, b: DocumentReturn): boolean {
  const rankA = meaningOf(a.statusCode)?.rank ?? -1;
  const rankB = meaningOf(b.statusCode)?.rank ?? -1;
  if (rankA !== rankB) return rankA > rankB;
  if (a.statusTime !== b.statusTime) return a.statusTime > b.statusTime;
  const codeA = Number(a.statusCode);
  const codeB = Number(b.statusCode);
  // In one millisecond a refusal counts more: the user must see it rather than miss it.
  const refusedA = eventOf(a.statusCode) === 'reject';
  const refusedB = eventOf(b.statusCode) === 'reject';
  if (refusedA !== refusedB) return refusedA;
  if (codeA !== codeB) return codeA > codeB;
  return a.info > b.info;
}

/** What a return does to a document. */
export interface Applied {
  readonly state: DocumentState;
  readonly standing: Standing;
  /** The move made, when the state changed. */
  readonly event: DocumentEvent | undefined;
  /** It refuses what another return accepted, or the other way round: shown to the user, decided by time. */
  readonly contradicts: boolean;
}

/** States in which a document can be at the platform at all. */
const reachable: readonly DocumentState[] = [
  'queued',
  'sending',
  'unknown',
  'sent',
  'accepted',
  'rejected',
  'released',
  'closed',
];

/**
 * Applies one return. Late, repeated and reordered returns never take a document back: 2 and 3 never overwrite 100, 120,
 * 800 or 899; of 100 and 120 the later holds; a release is final.
 *
 * A superseded or withdrawn version only records what stands: its state belongs to the user's decision.
 */
export function applyReturn(state: DocumentState, standing: Standing, incoming: DocumentReturn): Applied {
  const meaning = meaningOf(incoming.statusCode);
  if (meaning === undefined) return { state, standing, event: undefined, contradicts: false };
  const before = standing === undefined ? undefined : eventOf(standing.statusCode);
  const contradicts =
    before !== undefined && meaning.event !== undefined && (before === 'reject') !== (meaning.event === 'reject');
  if (standing !== undefined && !outranks(incoming, standing))
    return { state, standing, event: undefined, contradicts };
  if (!reachable.includes(state)) return { state, standing: incoming, event: undefined, contradicts };
  // A return of any kind proves that the message was stored, whatever became of the reply to it.
  const event = meaning.event ?? (documentMachine.can(state, 'hear') ? 'hear' : undefined);
  if (event === undefined) return { state, standing: incoming, event: undefined, contradicts };
  const to = documentMachine.next(state, event);
  return { state: to, standing: incoming, event: to === state ? undefined : event, contradicts };
}

/** The reasons in a `returnInfo`: `[Code:1322;Desc:…]`, several may follow each other. */
export function reasonsOf(info: string): { code: string; text: string }[] {
  return [...info.matchAll(/\[Code:(-?\d+);Desc:(.*?)\]/g)].map((match) => ({
    code: match[1] ?? '',
    text: match[2] ?? '',
  }));
}

/** Whether a `returnTime` has the form in which times can be compared: 17 digits. */
export function isReturnTime(statusTime: string): boolean {
  return /^\d{17}$/.test(statusTime);
}

/** The business date (`yyyy-mm-dd`) of a `returnTime`. */
export function dateOfReturn(statusTime: string): string {
  return `${statusTime.slice(0, 4)}-${statusTime.slice(4, 6)}-${statusTime.slice(6, 8)}`;
}

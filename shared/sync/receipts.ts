import { chinaMessageTime } from '../calendar/china-time.ts';
import { parseCompactDate } from '../calendar/dates.ts';
import type { MessageSpec, Values } from '../documents/spec.ts';
import { type DocumentEvent, type DocumentState, documentMachine } from './document-states.ts';

/** One return (回执) about one document, as its receipt message has it. */
export interface DocumentReturn {
  /**
   * `returnStatus`: digits, or a negative number. Of a 报关单 `SW-` and the CHANNEL of the Single Window, `SWI-` and the code of the technical
   * receipt: their own codes mean other things than customs' of the same look.
   */
  readonly statusCode: string;
  /** `returnTime`: yyyyMMddHHmmssSSS, 17 digits. */
  readonly statusTime: string;
  readonly info: string;
}

/** The return that counts among all that were received; `undefined` before the first. */
export type Standing = DocumentReturn | undefined;

type Rank = 0 | 1 | 2 | 3 | 4;

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
  // 扣留移送通关、缉私、法规, 移交, 其它扣留, 挂起: customs holds the goods, and has decided nothing yet.
  '501': { rank: 1, event: 'accept' },
  '502': { rank: 1, event: 'accept' },
  '503': { rank: 1, event: 'accept' },
  '505': { rank: 1, event: 'accept' },
  '599': { rank: 1, event: 'accept' },
  '600': { rank: 1, event: 'accept' },
  // 放行, 结关.
  '800': { rank: 2, event: 'release' },
  '899': { rank: 3, event: 'close' },
  // 退运: the goods go back, whatever else arrives late; nothing of the list counts any longer.
  '700': { rank: 4, event: 'revoke' },
};

const declarationStates: readonly { rank: Rank; event: DocumentEvent | undefined; channels: readonly string[] }[] = [
  // Uploaded, on the way, declared, not declared for want of the right; inspection's own news; what a person at customs still has to do.
  { rank: 0, event: undefined, channels: ['2', '3', '6', '7', '8', 'A', 'H', 'N', 'a', 'b', 'c', 'd'] },
  // Upload or declaration failed, sent back.
  { rank: 1, event: 'reject', channels: ['4', '9', 'E', 'SpE', 'Y', 'Z'] },
  // Received, concluded or looked at again, inspected, duty to be paid.
  {
    rank: 1,
    event: 'accept',
    channels: ['C', 'G', 'J', 'L', 'M', 'S', 'Sp1', 'SpC', 'SpJ', 'SpL', 'T', 'W', 'X'],
  },
  { rank: 2, event: 'release', channels: ['B', 'F', 'I', 'K', 'P', 'SpK'] },
  { rank: 3, event: 'close', channels: ['R'] },
  // Deleted by customs (删单): the last word on a declaration, whatever else arrives late.
  { rank: 4, event: 'revoke', channels: ['D'] },
];
const declarationMeanings = new Map(
  declarationStates.flatMap(({ rank, event, channels }) => channels.map((one) => [one, { rank, event }] as const)),
);

/**
 * What a receipt says about a document, under the names its table has for it. A receipt without a time of its own (the technical one of a
 * declaration) is of the instant it was received at.
 */
export function returnOf({ says }: MessageSpec, values: Values, receivedAt: string): DocumentReturn {
  if (says === undefined)
    return {
      statusCode: values['returnStatus'] ?? '',
      statusTime: values['returnTime'] ?? '',
      info: values['returnInfo'] ?? '',
    };
  const code = values[says.status] ?? '';
  const info = values[says.info] ?? '';
  if (says.time === undefined)
    return { statusCode: `SWI-${code}`, statusTime: `${chinaMessageTime(receivedAt)}000`, info };
  // yyyy-MM-ddTHH:mm:ss, seconds and no more.
  const time = (values[says.time] ?? '').replace(/\D/g, '');
  return { statusCode: `SW-${code}`, statusTime: time.length === 14 ? `${time}000` : time, info };
}

/** The meaning of a status; undefined for one that this version does not know (the receipt is then parked). */
function meaningOf(statusCode: string): { rank: Rank; event: DocumentEvent | undefined } | undefined {
  // Any negative number is an exception while processing (处理异常): the document did not get in.
  if (/^-\d+$/.test(statusCode)) return { rank: 1, event: 'reject' };
  if (statusCode.startsWith('SW-')) return declarationMeanings.get(statusCode.slice(3));
  // The technical receipt: nought says that the declaration lies there, anything else that it does not.
  if (statusCode.startsWith('SWI-'))
    return { rank: statusCode === 'SWI-0' ? 0 : 1, event: statusCode === 'SWI-0' ? undefined : 'reject' };
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

/** 审结 and what comes behind it: customs has decided, where 入库 only says that the application lies there. */
const concluded: ReadonlySet<string> = new Set(['399', '800', '899']);

/** Whether the status says that customs agreed to an application (撤销申请单, 退货申请单, 汇总申请单). */
export function isConcluded(statusCode: string): boolean {
  return concluded.has(statusCode);
}

/**
 * Messages of which customs says nothing beyond 入库 as a rule: order, receipt, payment, waybill, arrival, departure, master waybill. Of a
 * list and of an application 审结 or a release follows (2022-05 specification, status tables of the receipts and their usual chains).
 */
const storedIsAll: ReadonlySet<string> = new Set([
  ...['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB507Message', 'CEB509Message', 'CEB607Message'],
  ...['CEB311Message', 'CEB411Message', 'CEB511Message', 'CEB513Message'],
]);

/** Whether the status says that customs has granted the deletion that a message of the kind asks for (appType 3). */
export function isDeletionGranted(message: string, statusCode: string): boolean {
  return isConcluded(statusCode) || (storedIsAll.has(message) && eventOf(statusCode) === 'accept');
}

const withdrawals: ReadonlySet<string> = new Set(['CEB605Message', 'CEB623Message']);

/**
 * Whether customs has an application to withdraw a list, or a deletion (appType 3), and has yet to say whether it agrees: 入库 alone ends
 * nothing, and the specification knows no other end than 审结 and 退单.
 */
export function awaitsConclusion(message: string, appType: string | undefined, statusCode: string): boolean {
  const asks = appType === '3' || withdrawals.has(message);
  return asks && eventOf(statusCode) === 'accept' && !isDeletionGranted(message, statusCode);
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
  if (!Number.isNaN(codeA) && !Number.isNaN(codeB) && codeA !== codeB) return codeA > codeB;
  if (a.statusCode !== b.statusCode) return a.statusCode > b.statusCode;
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
 * Applies one return. A deletion at customs ends a declaration in whatever state it is, goods sent back (退运) their list. Late, repeated and reordered returns never take a document back: 2 and 3 never overwrite 100, 120,
 * 800 or 899; of 100 and 120 the later holds; a release is final.
 *
 * A superseded or withdrawn version only records what stands: its state belongs to the user's decision.
 * @param refusedAt `returnTime` of a refusal that a person let stand over a release: what was said no later than that is over, whatever
 *   its rank
 */
export function applyReturn(
  state: DocumentState,
  standing: Standing,
  incoming: DocumentReturn,
  refusedAt?: string,
): Applied {
  const meaning = meaningOf(incoming.statusCode);
  if (meaning === undefined) return { state, standing, event: undefined, contradicts: false };
  const before = standing === undefined ? undefined : eventOf(standing.statusCode);
  const contradicts =
    before !== undefined && meaning.event !== undefined && (before === 'reject') !== (meaning.event === 'reject');
  const isOver = refusedAt !== undefined && incoming.statusTime <= refusedAt;
  if (standing !== undefined && (isOver || !outranks(incoming, standing)))
    return { state, standing, event: undefined, contradicts };
  if (!reachable.includes(state)) return { state, standing: incoming, event: undefined, contradicts };
  // A return of any kind proves that the message was stored, whatever became of the reply to it.
  const event = meaning.event ?? (documentMachine.can(state, 'hear') ? 'hear' : undefined);
  if (event === undefined) return { state, standing: incoming, event: undefined, contradicts };
  const to = documentMachine.next(state, event);
  return { state: to, standing: incoming, event: to === state ? undefined : event, contradicts };
}

/** Whether a `returnTime` is an instant of the calendar in 17 digits, the form in which times can be compared and vouchers dated. */
export function isReturnTime(statusTime: string): boolean {
  return (
    /^\d{8}([01]\d|2[0-3])[0-5]\d[0-5]\d{4}$/.test(statusTime) && parseCompactDate(statusTime.slice(0, 8)) !== undefined
  );
}

/** The business date (`yyyy-mm-dd`) of a `returnTime`. */
export function dateOfReturn(statusTime: string): string {
  return `${statusTime.slice(0, 4)}-${statusTime.slice(4, 6)}-${statusTime.slice(6, 8)}`;
}

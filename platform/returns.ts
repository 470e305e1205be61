import { createHash } from 'node:crypto';
import type { Behaviour } from '../shared/sync/protocol.ts';
import type { StoredDocument } from './storage/storage.ts';

/** What customs says of a document after a step; and, on command, what it should never say. */
export interface Return {
  readonly document: StoredDocument;
  readonly status: string;
  readonly info: string;
  readonly preNo: string | undefined;
  readonly invtNo: string | undefined;
  /** Said on command: of a document that nobody sent, with a status that nobody knows, against what was said before. */
  readonly wrong?: 'stranger' | 'status' | 'contradiction';
}

/** A share of all texts, the same ones for the same seed, whatever happens in between. */
export function isDrawn(seed: number, text: string, share: number): boolean {
  if (share <= 0) return false;
  return createHash('sha256').update(`${seed} ${text}`).digest().readUIntBE(0, 6) / 2 ** 48 < share;
}

/** A GUID that no message has, the same one for the same text. */
export function strangeGuid(text: string): string {
  const hex = createHash('sha256').update(`stranger ${text}`).digest('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** A number like this one that nobody gave. */
export const strangeNumber = (number: string): string => `X${number.slice(1)}`;

/** Statuses that no table has, for receipts of customs and for those of a 报关单, which have one character. */
const unknownStatus = (kind: string): string => (kind === 'DecMessage' ? 'Z' : '987');

function contradiction({ document }: Return): string {
  const isDeclaration = document.kind === 'DecMessage';
  if (document.state === 'rejected') return isDeclaration ? 'L' : '120';
  return isDeclaration ? 'E' : '100';
}

/** The returns, and among them the wrong ones that were ordered. What customs holds is none the worse for them. */
export function withWrong(behaviour: Behaviour, returns: readonly Return[]): Return[] {
  const { seed, unknownGuidReceipts, unknownStatusReceipts, contradictingReceipts } = behaviour;
  if (unknownGuidReceipts + unknownStatusReceipts + contradictingReceipts === 0) return [...returns];
  const last = new Map(returns.map((one) => [one.document.id, one]));
  const contradictions: Return[] = [];
  const all = returns.flatMap((one) => {
    const { document, status } = one;
    const isWanted = (what: string, share: number) => isDrawn(seed, `${what} ${document.bodySha256} ${status}`, share);
    const told: Return[] = [one];
    if (isWanted('guid', unknownGuidReceipts))
      told.push({ ...one, preNo: undefined, invtNo: undefined, wrong: 'stranger' });
    if (isWanted('status', unknownStatusReceipts))
      told.push({ ...one, status: unknownStatus(document.kind), info: '（演练：未知状态）', wrong: 'status' });
    const isFinal = document.nextStep === undefined && last.get(document.id) === one;
    if (isFinal && isWanted('contradiction', contradictingReceipts))
      contradictions.push({ ...one, status: contradiction(one), info: '（演练：前后矛盾）', wrong: 'contradiction' });
    return told;
  });
  return [...all, ...contradictions];
}

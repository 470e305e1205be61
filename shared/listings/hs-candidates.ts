import type { ListingTemplate } from '../rules/listings/pack.ts';
import type { CodeEntry } from '../tables/table.ts';

/** Why a code is offered: it is the product's own, the template names it, or the names have words in common. */
export type CandidateReason =
  | { readonly kind: 'product' }
  | { readonly kind: 'template'; readonly zh: string; readonly en: string }
  | { readonly kind: 'name'; readonly zh: string; readonly en: string };

export interface HsCandidate {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly reasons: readonly CandidateReason[];
}

const hanRun = /\p{Script=Han}{2,}/gu;
/** What a name leaves out is no likeness to it. */
const excepted = /[（(][^（()）]*除外[^（()）]*[)）]/g;

/** Pieces of at least two Chinese characters of a text, the longest first. */
function piecesOf(text: string): string[] {
  const pieces = new Set<string>();
  for (const [run] of text.matchAll(hanRun))
    for (let length = Math.min(run.length, 8); length >= 2; length--)
      for (let at = 0; at + length <= run.length; at++) pieces.add(run.slice(at, at + length));
  return [...pieces].sort((a, b) => b.length - a.length);
}

/**
 * Commodity codes that may fit, the likeliest first; a choice is for the person. Pure.
 * @param entries the offline table, ten digits
 * @param about Chinese words of the goods: name, variety
 */
export function hsCandidates(
  entries: readonly CodeEntry[],
  {
    about,
    own,
    template,
  }: { readonly about: string; readonly own: string; readonly template: ListingTemplate | undefined },
  limit = 12,
): HsCandidate[] {
  const pieces = piecesOf(about);
  const found: { readonly candidate: HsCandidate; readonly weight: number }[] = [];
  for (const { code, zh, en } of entries) {
    const reasons: CandidateReason[] = [];
    let weight = 0;
    if (code === own) {
      reasons.push({ kind: 'product' });
      weight += 1000;
    }
    const at = template?.hs.findIndex((one) => code.startsWith(one.code)) ?? -1;
    const named = template?.hs[at];
    if (named !== undefined) {
      reasons.push({ kind: 'template', ...named.when });
      weight += 100 + 10 * named.code.length - at;
    }
    const name = zh.replace(excepted, '');
    const shared = pieces.find((piece) => name.includes(piece));
    if (shared !== undefined) {
      reasons.push({ kind: 'name', zh: shared, en: shared });
      // Of two names with the same words the shorter one says less beside them.
      weight += 20 * shared.length - Math.min(name.length, 30) / 10;
    }
    if (reasons.length > 0) found.push({ candidate: { code, zh, en, reasons }, weight });
  }
  return found
    .sort((a, b) => b.weight - a.weight || a.candidate.code.localeCompare(b.candidate.code))
    .slice(0, limit)
    .map(({ candidate }) => candidate);
}

import { specOf } from '../documents/catalogue.ts';
import type { MessageSpec, Values } from '../documents/spec.ts';
import type { AnsweredState, DocumentState } from './document-states.ts';
import { type DocumentReturn, eventOf, type Standing } from './receipts.ts';

const claims: Readonly<Record<string, AnsweredState>> = {
  accept: 'accepted',
  reject: 'rejected',
  release: 'released',
  close: 'closed',
};

/** The state that a status amounts to; undefined for one on the way, unknown, or of another kind. */
export function answeredState(statusCode: string): AnsweredState | undefined {
  const event = eventOf(statusCode);
  return event === undefined ? undefined : claims[event];
}

/**
 * The state that a return claims for a document which the book has brought to another by a person's or customs' decision, so
 * that no rule may follow it: a list that was withdrawn or is a draft again and that the platform has nevertheless, a version
 * that was sent back and replaced and is accepted after all, a released one that is refused later. Undefined where the two do
 * not disagree: what the platform said before the document ended is late, not different.
 * @param endedAt `returnTime` at which the document was withdrawn; undefined when it was not
 */
export function claimedState(
  state: DocumentState,
  standing: Standing,
  said: DocumentReturn,
  endedAt: string | undefined,
): AnsweredState | undefined {
  const claimed = answeredState(said.statusCode);
  if (claimed === undefined) return undefined;
  switch (state) {
    case 'draft':
    case 'checked':
      return claimed === 'rejected' ? undefined : claimed;
    case 'withdrawn':
      return claimed === 'rejected' || (endedAt !== undefined && said.statusTime <= endedAt) ? undefined : claimed;
    case 'superseded': {
      const wasRejected = standing !== undefined && eventOf(standing.statusCode) === 'reject';
      return claimed === 'rejected' || !wasRejected || said.statusTime <= standing.statusTime ? undefined : claimed;
    }
    case 'released':
    case 'closed':
      return claimed === 'rejected' && standing !== undefined && said.statusTime > standing.statusTime
        ? claimed
        : undefined;
    default:
      return undefined;
  }
}

/** A value that a receipt brings back. */
export interface Echo {
  /** Of the receipt. */
  readonly field: string;
  readonly value: string;
  /** The field of the answered document's head that it goes back to, where it has one of that name. */
  readonly of: string;
}

/**
 * What a receipt brings back beside its state, time and remark: numbers an authority gave, and what was sent to it. The number by which its
 * document was found is not among them.
 */
export function echoesIn(spec: MessageSpec, values: Values): Echo[] {
  const { answers, says } = spec;
  const own = new Set(
    says === undefined
      ? ['returnStatus', 'returnTime', 'returnInfo']
      : [says.status, says.info, ...(says.time === undefined ? [] : [says.time])],
  );
  const answered = answers === undefined ? undefined : specOf(answers.message);
  const number = answered?.number;
  const sent = new Set(answered?.head.fields.map((field) => field.name));
  return spec.head.fields.flatMap(({ name }) => {
    const value = values[name];
    if (value === undefined || value === '' || own.has(name) || name === 'guid' || name === number) return [];
    const of = answers?.match[name] ?? name;
    // Days and names that are only told may change as a matter of course: nothing is agreed about them.
    return sent.has(of) || spec.platformNo?.includes(name) === true ? [{ field: name, value, of }] : [];
  });
}

/** A number an authority gave, and the field of the receipt it came in. */
export interface GivenNumber {
  readonly value: string;
  readonly field: string;
}

/**
 * What a number in a receipt is to the one the book has: the first or a better one is taken, the same or a lesser one changes
 * nothing, another in the same field is a conflict.
 * @param fields the receipt's fields with numbers, the best first
 * @param known its field is undefined where it is not known
 */
export function compareNumbers(
  known: { readonly value: string; readonly field: string | undefined } | undefined,
  given: GivenNumber | undefined,
  fields: readonly string[],
): 'take' | 'keep' | 'conflict' {
  if (given === undefined || known?.value === given.value) return 'keep';
  if (known === undefined) return 'take';
  if (known.field === given.field) return 'conflict';
  // From before fields were noted: only where a receipt has no other number is it known to be the same field.
  if (known.field === undefined) return fields.length === 1 ? 'conflict' : 'take';
  const before = fields.indexOf(known.field);
  return before >= 0 && before < fields.indexOf(given.field) ? 'keep' : 'take';
}

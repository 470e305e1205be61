/**
 * `resources/rules/policies.json`: what is law where, as cards (政策卡片): the document, from when to when, what it means in plain words, and the
 * fields, checks and packs it concerns. Cards tell, they decide nothing: figures stand in the packs they name.
 */
import { z } from 'zod';
import { parseIsoDate } from '../../calendar/dates.ts';
import { packSchema, reliabilities } from '../pack.ts';

export const policiesPackId = 'policies';

export const policyAreas = ['customs', 'import', 'tax', 'forex', 'credit', 'trade'] as const;

const text = z.object({ zh: z.string().min(1), en: z.string().min(1) });
const day = z.string().refine((one) => parseIsoDate(one) !== undefined);

export const policyCard = z.object({
  id: z.string().min(1),
  area: z.enum(policyAreas),
  /** Number of the document, as the packs and checks cite it. */
  document: z.string().min(1),
  article: z.string().min(1).nullable(),
  /** First day in force; null: not known. */
  from: day.nullable(),
  /** Last day in force; null: still in force. */
  to: day.nullable(),
  title: text,
  means: text,
  /** What we do not know and who is to be asked. */
  unknown: text.nullable(),
  /** Card of the document that came after it. */
  replacedBy: z.string().min(1).nullable(),
  /** Ids of fields of forms (`shipment-ieDate`), and of messages with theirs (`CEB603Message/tradeMode`). */
  fields: z.array(z.string().min(1)),
  /** Ids of checks. */
  checks: z.array(z.string().min(1)),
  /** Ids of rule packs that hold its figures. */
  packs: z.array(z.string().min(1)),
  reliability: z.enum(reliabilities),
});
export type PolicyCard = z.output<typeof policyCard>;

export const policiesPack = packSchema(z.object({ cards: z.array(policyCard) }));

/** Whether a card is law on a day; one whose first day is not known counts as if it were. */
export function isInForce({ from, to }: Pick<PolicyCard, 'from' | 'to'>, on: string): boolean {
  return (from === null || from <= on) && (to === null || on <= to);
}

/** What happened to a card between a day and today, both included: it came into force, or its last day passed. */
export function changeSince(
  { from, to }: Pick<PolicyCard, 'from' | 'to'>,
  since: string,
  today: string,
): 'new' | 'ended' | undefined {
  if (to !== null && since <= to && to < today) return 'ended';
  return from !== null && since <= from && from <= today ? 'new' : undefined;
}

/** The cards of a field, those in force on the day first, the latest before the others. */
export function cardsOfField<C extends Pick<PolicyCard, 'fields' | 'from' | 'to'>>(
  cards: readonly C[],
  field: string,
  on: string,
): readonly C[] {
  return cards
    .filter(({ fields }) => fields.includes(field))
    .sort((a, b) => Number(isInForce(b, on)) - Number(isInForce(a, on)) || (b.from ?? '').localeCompare(a.from ?? ''));
}

/** Which fields of a message nobody has to fill in under a kind of filing, dated: the shape of resources/rules/entry-fields.json. */
import { z } from 'zod';
import type { Values } from '../../documents/spec.ts';
import { packSchema, reliabilities } from '../pack.ts';

export const fieldSetPackId = 'entry-fields';

export const fieldSet = z.object({
  id: z.string(),
  /** Root element of the message. */
  message: z.string(),
  /** It holds where the head field has one of these values. */
  when: z.object({ field: z.string(), in: z.array(z.string()).min(1) }),
  /** Head fields that are left out of the form; none that the message needs. */
  hide: z.array(z.string()).min(1),
  why: z.object({ zh: z.string().min(1), en: z.string().min(1) }),
  source: z.string().min(1),
  reliability: z.enum(reliabilities),
});
export type FieldSet = z.output<typeof fieldSet>;

export const fieldSetPack = packSchema(z.object({ sets: z.array(fieldSet) }));

/**
 * The sets that hold for a head, each with the fields it hides. A field with a value is never hidden, nor one that is `asked` for: by the
 * book's own arrangement, or by a finding.
 */
export function hiddenBySets(
  sets: readonly FieldSet[],
  head: Values,
  asked: ReadonlySet<string>,
): readonly (FieldSet & { readonly fields: readonly string[] })[] {
  return sets.flatMap((set) => {
    if (!set.when.in.includes(head[set.when.field] ?? '')) return [];
    const fields = set.hide.filter((field) => (head[field] ?? '') === '' && !asked.has(field));
    return fields.length === 0 ? [] : [{ ...set, fields }];
  });
}

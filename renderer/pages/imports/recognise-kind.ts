import { type ImportKind, importKinds } from '../../../shared/contract/imports.ts';
import { eitherOf } from '../../../shared/import/fields.ts';

/** What the reader made of the file when it took it for one kind. */
export interface KindReading {
  readonly kind: ImportKind;
  readonly mappingFrom: 'remembered' | 'recognised' | 'guess';
  readonly fields: readonly { readonly id: string; readonly required: boolean }[];
  readonly mapping: Readonly<Record<string, number>>;
}

const trust = { remembered: 2, recognised: 1, guess: 0 } as const;

/** Required fields of the reading without a column; of fields that stand for each other the first is named. */
export function missingRequired({ kind, fields, mapping }: Pick<KindReading, 'kind' | 'fields' | 'mapping'>): string[] {
  const missing = fields.filter(({ id, required }) => required && mapping[id] === undefined).map(({ id }) => id);
  for (const group of eitherOf[kind] ?? []) {
    const [first] = group;
    if (first !== undefined && group.every((id) => mapping[id] === undefined) && !missing.includes(first))
      missing.push(first);
  }
  return missing;
}

function mappedFields({ fields, mapping }: Pick<KindReading, 'fields' | 'mapping'>): number {
  return fields.filter(({ id }) => mapping[id] !== undefined).length;
}

/** @param most the most columns that any kind could name: a kind that names few of them speaks for itself alone */
function score(reading: KindReading, most: number): readonly number[] {
  const missing = missingRequired(reading).length;
  const required = reading.fields.filter(({ required }) => required).length;
  const mapped = mappedFields(reading);
  // A kind whose required fields are all there beats one that was only half recognised, whatever else matched.
  return [missing === 0 && 2 * mapped >= most ? 1 : 0, trust[reading.mappingFrom], required - missing, mapped];
}

/**
 * The kind the headers speak for, or undefined when none fits: a mapping that is only a guess with required fields
 * missing is no recognition, and the user is asked instead.
 */
export function recogniseKind<R extends KindReading>(readings: readonly R[]): R | undefined {
  const most = Math.max(0, ...readings.map(mappedFields));
  const ranked = [...readings].sort((a, b) => {
    const [left, right] = [score(a, most), score(b, most)];
    for (const [index, value] of left.entries()) {
      const difference = (right[index] ?? 0) - value;
      if (difference !== 0) return difference;
    }
    return importKinds.indexOf(a.kind) - importKinds.indexOf(b.kind);
  });
  const best = ranked[0];
  if (best === undefined) return undefined;
  if (missingRequired(best).length > 0 && best.mappingFrom === 'guess') return undefined;
  return best;
}

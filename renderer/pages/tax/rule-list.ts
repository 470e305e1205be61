/** Finding a rule by its number or by a part of its name in either language. */
import type { Bilingual } from '../../../shared/contract/tax.ts';

export const ruleAreas = ['tax', 'forex', 'customs'] as const;

const fold = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, '');

export function matchesRule(
  row: { readonly id: string; readonly rule: string; readonly title: Bilingual; readonly source: string },
  text: string,
): boolean {
  const wanted = text.split(/\s+/).map(fold);
  const all = fold(`${row.id} ${row.rule} ${row.title.zh} ${row.title.en} ${row.source}`);
  return wanted.every((one) => all.includes(one));
}

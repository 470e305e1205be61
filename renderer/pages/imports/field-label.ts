import type { ImportKind } from '../../../shared/contract/imports.ts';
import { importFields } from '../../../shared/import/fields.ts';

/** The name of a field of a kind as our own templates write it; an id this version does not know stands for itself. */
export function importFieldLabel(kind: ImportKind, id: string, language: string): string {
  const field = importFields[kind].find((one) => one.id === id);
  if (field === undefined) return id;
  return language === 'en' ? `${field.en} (${field.zh})` : field.zh;
}

import type { ImportKind } from '../../../shared/contract/imports.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { columnSetOf, columnsOf } from '../../../shared/import/document-fields.ts';

/** The name of a field of a kind as our own templates write it; an id this version does not know stands for itself. */
export function importFieldLabel(
  kind: ImportKind,
  message: RequestName | undefined,
  id: string,
  language: string,
): string {
  const set = columnSetOf(kind, message);
  const field = set === undefined ? undefined : columnsOf(set).find((one) => one.id === id);
  if (field === undefined) return id;
  return language === 'en' ? `${field.en} (${field.zh})` : field.zh;
}

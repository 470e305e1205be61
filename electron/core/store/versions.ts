import type { DocumentState } from '../../../shared/sync/document-states.ts';

const appType = (of: string): string =>
  ['InventoryHead', 'WayBillHead'].map((head) => `json_extract(${of}.body, '$.${head}.appType')`).join(', ');

/**
 * SQL: whether the row `of` of `document` is the newest version of its number that stands, so that a number counts once however many
 * versions there are. Of a list under change that is the change, which is filed next; the asking for a deletion is no version: until
 * customs grants it, what it is about stands.
 * @param without states that are passed over besides: the newest of the others counts then
 */
export function isNewestVersion(of: string, ...without: readonly DocumentState[]): string {
  const over: readonly DocumentState[] = ['superseded', 'withdrawn', ...without];
  const stands = (one: string): string =>
    `${one}.state NOT IN ('${over.join(`','`)}') AND coalesce(${appType(one)}, '') <> '3'`;
  return `(${stands(of)} AND NOT EXISTS (SELECT 1 FROM document newer WHERE newer.kind = ${of}.kind
    AND newer.business_key = ${of}.business_key AND newer.version > ${of}.version AND ${stands('newer')}))`;
}

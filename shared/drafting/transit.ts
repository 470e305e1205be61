/**
 * Transit between offices (转关) put into many lists and declarations at once: which field of each message bears what is typed once. A list
 * (清单) has no group for transit; it bears office, port, vehicle, voyage and bill, a declaration (报关单) also the transit document of its own.
 */
import type { RequestName } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, type MessageSpec, rowsOf } from '../documents/spec.ts';

export const transitFields = [
  'office',
  'exitOffice',
  'trafMode',
  'vehicle',
  'voyage',
  'bill',
  'transitKind',
  'manifest',
  'inlandMode',
  'inlandNumber',
  'inlandVehicle',
  'inlandVoyage',
  'arrival',
  'seal',
] as const;
export type TransitField = (typeof transitFields)[number];
export type TransitValues = Readonly<Partial<Record<TransitField, string>>>;

export const transitKinds = ['CEB603Message', 'DecMessage'] as const satisfies readonly RequestName[];
export type TransitKind = (typeof transitKinds)[number];

export function isTransitKind(kind: RequestName): kind is TransitKind {
  return transitKinds.some((one) => one === kind);
}

/** Path of each field; the seal stands at every container of the transit document. */
const paths: Readonly<Record<TransitKind, Readonly<Partial<Record<TransitField, string>>>>> = {
  CEB603Message: {
    office: 'InventoryHead/customsCode',
    exitOffice: 'InventoryHead/portCode',
    trafMode: 'InventoryHead/trafMode',
    vehicle: 'InventoryHead/trafName',
    voyage: 'InventoryHead/voyageNo',
    bill: 'InventoryHead/billNo',
  },
  DecMessage: {
    office: 'DecHead/CustomMaster',
    exitOffice: 'DecHead/IEPort',
    trafMode: 'DecHead/TrafMode',
    vehicle: 'DecHead/TrafName',
    voyage: 'DecFreeTxt/VoyNo',
    bill: 'DecHead/BillNo',
    transitKind: 'TrnHead/TransFlag',
    manifest: 'TrnHead/TransNo',
    inlandMode: 'TrnHead/NativeTrafMode',
    inlandNumber: 'TrnHead/TrafCustomsNo',
    inlandVehicle: 'TrnHead/NativeShipName',
    inlandVoyage: 'TrnHead/NativeVoyageNo',
    arrival: 'TrnHead/ValidTime',
  },
};

export interface TransitChange {
  readonly field: TransitField;
  readonly path: string;
  readonly from: string;
  readonly to: string;
}

/** What `values` change in a document, and which of them it has no place for. Empty values leave a field as it is. */
export function transitChanges(
  spec: MessageSpec,
  kind: TransitKind,
  body: AnyDocument,
  values: TransitValues,
): { readonly changes: readonly TransitChange[]; readonly without: readonly TransitField[] } {
  const changes: TransitChange[] = [];
  const without: TransitField[] = [];
  const partOf = (name: string) => spec.parts?.find((part) => part.name === name);
  for (const field of transitFields) {
    const to = values[field]?.trim() ?? '';
    if (to === '') continue;
    const path = paths[kind][field];
    if (field === 'seal') {
      const containers = partOf('TrnContainer');
      const rows = containers === undefined ? [] : rowsOf(containers, body);
      if (rows.length === 0) without.push(field);
      for (const [at, row] of rows.entries()) {
        const from = typeof row['SealNo'] === 'string' ? row['SealNo'] : '';
        if (from !== to) changes.push({ field, path: `TrnContainer[${at + 1}]/SealNo`, from, to });
      }
      continue;
    }
    if (path === undefined) {
      without.push(field);
      continue;
    }
    const [group = '', name = ''] = path.split('/');
    const part = partOf(group);
    const stated = part === undefined ? headOf(spec, body) : (rowsOf(part, body)[0] ?? {});
    const found = stated[name];
    const from = typeof found === 'string' ? found : '';
    if (from !== to) changes.push({ field, path, from, to });
  }
  return { changes, without };
}

import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ShipmentBody } from '../../../shared/contract/trade.ts';

/** A new shipment: what is the same for nearly everyone is filled in, the rest waits for the user. */
export function emptyShipment(): ShipmentBody {
  return {
    customsCode: '',
    portCode: '',
    ieDate: '',
    trafMode: '',
    trafName: '',
    voyageNo: '',
    billNo: '',
    totalPackageNo: '',
    loctNo: '',
    logisticsCode: '',
    logisticsName: '',
    pod: '',
    wrapType: '',
    ownerCode: 'NO',
    ownerName: 'NO',
    payName: '现金支付',
    note: '',
    filter: { from: '', to: '', country: '' },
  };
}

export type Prefilled = OutputOf<'places.defaults'>['fields'];

/** A new shipment with what the firm's park or county fills in, which stands before what an earlier shipment had. */
export function prefilled(body: ShipmentBody, fields: Prefilled): ShipmentBody {
  return { ...body, ...Object.fromEntries(fields.map(({ field, value }) => [field, value])) };
}

/** Fields without which no list can be drafted; the rest may come later or stays empty by rule. */
export const requiredFields = [
  'customsCode',
  'portCode',
  'ieDate',
  'trafMode',
  'logisticsCode',
  'logisticsName',
  'wrapType',
] as const;

/** Facts of one export run: never taken over from an earlier shipment. */
export const perRunFields = ['ieDate', 'trafName', 'voyageNo', 'billNo', 'totalPackageNo'] as const;

export function missingFields(body: ShipmentBody): (typeof requiredFields)[number][] {
  return requiredFields.filter((field) => body[field].trim() === '');
}

/** A new shipment after an earlier one: office, carrier and firms stay, whatever belongs to one run is left empty. */
export function copyOfShipment(body: ShipmentBody): ShipmentBody {
  const { extra: _, ...kept } = body;
  const copy: ShipmentBody = { ...kept, note: '', filter: { from: '', to: '', country: '' } };
  for (const field of perRunFields) copy[field] = '';
  return copy;
}

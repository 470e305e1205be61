import { describe, expect, it } from 'vitest';
import { type KindReading, missingRequired, recogniseKind } from './recognise-kind.ts';

const orders: KindReading = {
  kind: 'orders',
  mappingFrom: 'recognised',
  fields: [
    { id: 'orderNo', required: true },
    { id: 'sku', required: true },
    { id: 'qty', required: true },
    { id: 'customer', required: false },
  ],
  mapping: { orderNo: 0, sku: 1, qty: 3 },
};
const waybills: KindReading = {
  kind: 'waybills',
  mappingFrom: 'guess',
  fields: [
    { id: 'orderNo', required: true },
    { id: 'logisticsNo', required: true },
  ],
  mapping: { orderNo: 0 },
};

describe('the kind of a file', () => {
  it('is the one whose required fields all have a column', () => {
    expect(recogniseKind([waybills, orders])?.kind).toBe('orders');
  });

  it('prefers what the user mapped before among complete readings', () => {
    const remembered: KindReading = { ...waybills, mappingFrom: 'remembered', mapping: { orderNo: 0, logisticsNo: 1 } };
    expect(recogniseKind([orders, remembered])?.kind).toBe('waybills');
  });

  it('is asked for when the headers fit nothing', () => {
    expect(recogniseKind([waybills])).toBeUndefined();
    expect(recogniseKind([])).toBeUndefined();
  });

  it('names the required fields without a column', () => {
    expect(missingRequired(waybills)).toEqual(['logisticsNo']);
  });
});

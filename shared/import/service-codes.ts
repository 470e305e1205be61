import type { lineKinds } from '../contract/trade.ts';

export type LineKind = (typeof lineKinds)[number];

/**
 * Stock codes that are no goods: postage, discounts, fees, corrections that sales systems book as order lines. Data, to
 * begin with; the user may change the kind of any product later.
 */
const codes: Readonly<Record<string, { readonly kind: LineKind; readonly name: string }>> = {
  POST: { kind: 'freight', name: 'Postage 邮费' },
  DOT: { kind: 'freight', name: 'Dotcom postage 邮费' },
  C2: { kind: 'freight', name: 'Carriage 运费' },
  CARRIAGE: { kind: 'freight', name: 'Carriage 运费' },
  SHIPPING: { kind: 'freight', name: 'Shipping 运费' },
  FREIGHT: { kind: 'freight', name: 'Freight 运费' },
  D: { kind: 'discount', name: 'Discount 折扣' },
  DISCOUNT: { kind: 'discount', name: 'Discount 折扣' },
  'BANK CHARGES': { kind: 'fee', name: 'Bank charges 银行手续费' },
  AMAZONFEE: { kind: 'fee', name: 'Amazon fee 平台费' },
  CRUK: { kind: 'fee', name: 'CRUK commission 慈善佣金' },
  M: { kind: 'adjustment', name: 'Manual 手工调整' },
  MANUAL: { kind: 'adjustment', name: 'Manual 手工调整' },
  B: { kind: 'adjustment', name: 'Adjust bad debt 坏账调整' },
  S: { kind: 'adjustment', name: 'Samples 样品' },
  PADS: { kind: 'adjustment', name: 'Pads to match cushions 垫片' },
  ADJUST: { kind: 'adjustment', name: 'Adjustment 调整' },
  ADJUST2: { kind: 'adjustment', name: 'Adjustment 调整' },
};

/** Gift vouchers are money, not goods. */
const voucher = /^gift_\d+(?:_\d+)?$/i;

/** The kind of line a stock code stands for. */
export function lineKindOf(sku: string): LineKind {
  if (sku.length > 20) return 'goods';
  const upper = sku.toUpperCase();
  if (Object.hasOwn(codes, upper)) return codes[upper]?.kind ?? 'goods';
  return voucher.test(sku) ? 'adjustment' : 'goods';
}

/** Our name for a service code, where the source gives none. */
export function serviceName(sku: string): string | undefined {
  const upper = sku.toUpperCase();
  return Object.hasOwn(codes, upper) ? codes[upper]?.name : undefined;
}

import { createHash } from 'node:crypto';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import type { AnyDocument, MessageName } from '../../../shared/documents/spec.ts';
import { assembleMessage, writeAny } from '../../../shared/documents/write.ts';

/** Papers of made-up orders, right by every rule of the platform: order, waybill and list of order number n agree. */

export const enterprise = { uscc: '91469002MA5T0TE5TR', customsCode: '4603960TST', name: '琼海测试贸易有限公司' };

export type PaperKind = 'CEB303Message' | 'CEB403Message' | 'CEB505Message' | 'CEB603Message';

/** A GUID that depends on the text only, so that a failing run can be told again. */
export function guidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export const orderNoOf = (n: number): string => `T${String(n).padStart(6, '0')}`;
export const logisticsNoOf = (n: number): string => `YT${String(n).padStart(9, '0')}`;
export const copNoOf = (n: number): string => `${enterprise.customsCode}20261121${String(n).padStart(8, '0')}`;

/** What is different from the right paper, for tests of refusals. */
export type Change = Readonly<Record<string, string>>;

const filed = (kind: string, n: number, salt: string) => ({
  guid: guidOf(`${kind} ${n} ${salt}`),
  appType: '1',
  appTime: '20261121090000',
  appStatus: '2',
});
const firm = { ebcCode: enterprise.uscc, ebcName: enterprise.name };
const platform = { ebpCode: '无', ebpName: 'Test Market' };
const carrier = (n: number) => ({
  logisticsCode: enterprise.uscc,
  logisticsName: '测试物流有限公司',
  logisticsNo: logisticsNoOf(n),
});

/** A paper of order `n`; `salt` makes another document of the same business key. */
export function paper(kind: PaperKind, n: number, change: Change = {}, salt = ''): AnyDocument {
  const lines = [
    { gnum: '1', itemNo: `SKU${n % 7}`, qty: '2', price: '3.25', totalPrice: '6.5' },
    { gnum: '2', itemNo: 'MUG', qty: '1', price: '0.85', totalPrice: '0.85' },
  ];
  switch (kind) {
    case 'CEB303Message':
      return {
        OrderHead: {
          ...filed(kind, n, salt),
          orderType: 'E',
          orderNo: orderNoOf(n),
          ...platform,
          ...firm,
          goodsValue: '7.35',
          freight: '0',
          currency: '303',
          ...change,
        },
        OrderList: lines.map((line) => ({ ...line, itemName: '马克杯', unit: '007', currency: '303' })),
      };
    case 'CEB403Message':
      return {
        ...filed(kind, n, salt),
        ...platform,
        ...firm,
        orderNo: orderNoOf(n),
        payName: '现金支付',
        charge: '7.35',
        currency: '303',
        accountingDate: '20261120090000',
        ...change,
      };
    case 'CEB505Message':
      return {
        ...filed(kind, n, salt),
        ...carrier(n),
        freight: '1.2',
        insuredFee: '0',
        currency: '303',
        grossWeight: '1.25',
        packNo: '1',
        goodsInfo: '马克杯',
        ...firm,
        ...change,
      };
    case 'CEB603Message':
      return {
        InventoryHead: {
          ...filed(kind, n, salt),
          customsCode: '6407',
          ...platform,
          orderNo: orderNoOf(n),
          ...carrier(n),
          copNo: copNoOf(n),
          ieFlag: 'E',
          portCode: '6407',
          ieDate: '20261124',
          statisticsFlag: 'A',
          agentCode: enterprise.uscc,
          agentName: enterprise.name,
          ...firm,
          ownerCode: 'NO',
          ownerName: 'NO',
          tradeMode: '9610',
          trafMode: '5',
          country: '303',
          POD: '303',
          freight: '1.2',
          fCurrency: '303',
          fFlag: '3',
          insuredFee: '0',
          iCurrency: '303',
          iFlag: '3',
          wrapType: '2',
          packNo: '1',
          grossWeight: '1.25',
          netWeight: '1',
          ...change,
        },
        InventoryList: lines.map((line) => ({
          ...line,
          gcode: '6912001000',
          gname: '马克杯',
          gmodel: '陶瓷|无品牌',
          barCode: '无',
          country: '303',
          currency: '303',
          qty1: line.qty,
          unit: '007',
          unit1: '007',
        })),
      };
  }
}

/** The number by which the book and the receipts know the paper. */
export function keyOf(kind: PaperKind, n: number): string {
  if (kind === 'CEB603Message') return copNoOf(n);
  return kind === 'CEB505Message' ? logisticsNoOf(n) : orderNoOf(n);
}

export function message(kind: MessageName, guid: string, documents: readonly AnyDocument[]): Uint8Array {
  const spec = catalogue[kind];
  const transfer = {
    copCode: enterprise.customsCode,
    copName: enterprise.name,
    dxpMode: 'DXP',
    dxpId: 'DXPENT4603960TST',
  };
  return new TextEncoder().encode(
    assembleMessage(
      spec,
      { guid, transfer },
      documents.map((one) => writeAny(spec, one)),
    ),
  );
}

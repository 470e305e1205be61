import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../shared/documents/spec.ts';
import { remedyFamilies, remedyFamilyOf } from '../../../shared/sync/rejections.ts';
import { textsOf } from '../../i18n/i18n.ts';
import { fieldAt, linePath, requireSpec } from './document-model.ts';
import { pathOfReason, reasonsOfDeclarations, reasonsOfLists } from './rejection.ts';

describe('a rejection', () => {
  it('leads to the field it speaks about', () => {
    expect(pathOfReason('CEB603Message', '清单第 2 项商品项数量与订单不一致')).toBe('InventoryList[2]/qty');
    expect(pathOfReason('CEB603Message', '毛重大于舱单毛重')).toBe('InventoryHead/grossWeight');
    expect(pathOfReason('CEB403Message', '支付企业不一致')).toBe('payName');
    expect(pathOfReason('CEB303Message', '人工退单')).toBeUndefined();
  });

  it('takes a bill of lading (提运单, 总运单) for one, and a parcel’s waybill for a waybill', () => {
    for (const text of ['提运单号不存在', '总运单与舱单不符', '提单号有误'])
      expect(pathOfReason('CEB603Message', text), text).toBe('InventoryHead/billNo');
    expect(pathOfReason('CEB603Message', '物流运单编号不存在')).toBe('InventoryHead/logisticsNo');
  });

  it('of a goods declaration leads to its boxes, groups among them', () => {
    for (const [text, path] of [
      ['毛重小于净重', 'DecHead/GrossWet'],
      ['提运单号与舱单不符', 'DecHead/BillNo'],
      ['监管方式 0130 不在受理范围', 'DecHead/TradeMode'],
      ['征免性质与监管方式不符', 'DecHead/TradeMode'],
      ['航次号错误', 'DecFreeTxt/VoyNo'],
      ['第2项商品编号不存在', 'DecList[2]/CodeTS'],
      ['第3项单价过低', 'DecList[3]/DeclPrice'],
      ['第[2]项法定第一数量有误', 'DecList[2]/FirstQty'],
      ['集装箱号校验位错误', 'Container[1]/ContainerId'],
    ] as const)
      expect(pathOfReason('DecMessage', text), text).toBe(path);
    // On export the element of origin carries the destination, on import what its name says.
    expect(pathOfReason('DecMessage', '第1项原产国错误')).toBe('DecList[1]/DestinationCountry');
    expect(pathOfReason('DecMessage', '第1项原产国错误', '', true)).toBe('DecList[1]/OriginCountry');
  });

  it('leads by its code where its words name nothing', () => {
    expect(pathOfReason('CEB625Message', '退货申请单A1,在关联的清单中未找到', '-625209')).toBe(
      'InvtRefundList[1]/gnum',
    );
    expect(pathOfReason('CEB303Message', '已存在', '-301010')).toBe('OrderHead/orderNo');
    expect(pathOfReason('CEB303Message', '校验', '-301008')).toBeUndefined();
  });

  it('names only fields that the messages have', () => {
    const declaration = requireSpec('DecMessage');
    for (const { pattern, head, line, path } of reasonsOfDeclarations) {
      const at = path ?? (head === undefined ? linePath('DecMessage', line ?? '', 1) : pathOf(declaration, head));
      expect(fieldAt('DecMessage', at), `${pattern} ${at}`).toBeDefined();
    }
    const kinds = ['CEB603Message', 'CEB403Message', 'CEB303Message', 'CEB505Message'] as const;
    for (const { pattern, head, line } of reasonsOfLists)
      expect(
        kinds.some((kind) => {
          const { head: of, lines } = requireSpec(kind);
          return (head === undefined ? lines?.fields : of.fields)?.some(({ name }) => name === (head ?? line));
        }),
        String(pattern),
      ).toBe(true);
  });
});

describe('the official error codes', () => {
  const table = JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, '../../../resources/tables/error_code.json'), 'utf8'),
  ) as { rows: string[][] };
  /** A range that is kept free: it says nothing that one could act on. */
  const speechless = ['4000-9999'];

  it('have a remedy each, but for those that say nothing', () => {
    expect(table.rows.length).toBe(179);
    expect(table.rows.map(([code = '']) => code).filter((code) => remedyFamilyOf(code) === undefined)).toEqual(
      expect.arrayContaining(speechless),
    );
    for (const [code = ''] of table.rows)
      expect(remedyFamilyOf(code) !== undefined, code).toBe(!speechless.includes(code));
  });

  it('have one text for every family and no text for none, in both languages', () => {
    for (const language of ['zh-CN', 'en'] as const) {
      const declarations = textsOf(language)['declarations'] as { rejected: { remedyOf: Record<string, string> } };
      expect(Object.keys(declarations.rejected.remedyOf).sort()).toEqual(
        [...Object.keys(remedyFamilies), 'notImported'].sort(),
      );
    }
  });
});

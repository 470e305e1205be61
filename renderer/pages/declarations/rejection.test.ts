import { describe, expect, it } from 'vitest';
import { pathOfReason, rejectionParts } from './rejection.ts';

describe('a rejection', () => {
  it('is taken apart into code and cause', () => {
    expect(rejectionParts('[Code:1322;Desc:订单与清单商品项不一致]')).toEqual([
      { code: '1322', text: '订单与清单商品项不一致' },
    ]);
    expect(rejectionParts('[Code:1300 人工退单]')).toEqual([{ code: '1300', text: '人工退单' }]);
    expect(rejectionParts('[Code:1313;Desc:超年度限额][Code:1322;Desc:x]').map(({ code }) => code)).toEqual([
      '1313',
      '1322',
    ]);
  });

  it('keeps a text without a code whole', () => {
    expect(rejectionParts('处理异常：报文格式错误')).toEqual([{ code: '', text: '处理异常：报文格式错误' }]);
  });

  it('leads to the field it speaks about', () => {
    expect(pathOfReason('CEB603Message', '清单第 2 项商品项数量与订单不一致')).toBe('InventoryList[2]/qty');
    expect(pathOfReason('CEB603Message', '毛重大于舱单毛重')).toBe('InventoryHead/grossWeight');
    expect(pathOfReason('CEB403Message', '支付企业不一致')).toBe('payName');
    expect(pathOfReason('CEB303Message', '人工退单')).toBeUndefined();
  });
});

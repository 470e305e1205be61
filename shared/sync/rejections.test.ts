import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../documents/catalogue.ts';
import type { MessageSpec } from '../documents/spec.ts';
import { rejectionReasons, remedyFamilies, remedyFamilyOf, remedyFieldsOf } from './rejections.ts';

describe('the reasons of a rejection', () => {
  it('are its coded remarks, as many as there are', () => {
    expect(rejectionReasons('100', '[Code:1322;Desc:订单与清单商品项不一致]')).toEqual([
      { code: '1322', text: '订单与清单商品项不一致' },
    ]);
    expect(rejectionReasons('100', '[Code:1300 人工退单]')).toEqual([{ code: '1300', text: '人工退单' }]);
    expect(rejectionReasons('100', '[Code:1313;Desc:超年度限额][Code:-621004;Desc:x]').map(({ code }) => code)).toEqual(
      ['1313', '-621004'],
    );
  });

  it('are the status where that is a code of its own, else the text whole', () => {
    expect(rejectionReasons('-621004', '清单已经申报过')).toEqual([{ code: '-621004', text: '清单已经申报过' }]);
    expect(rejectionReasons('SW-E', '毛重有误')).toEqual([{ code: 'SW-E', text: '毛重有误' }]);
    expect(rejectionReasons('SWI-7', '无此企业')).toEqual([{ code: 'SWI-7', text: '无此企业' }]);
    expect(rejectionReasons('100', '处理异常：报文格式错误 ')).toEqual([{ code: '', text: '处理异常：报文格式错误' }]);
  });
});

describe('remedies', () => {
  it('belong to one family each, and name fields of the catalogue', () => {
    const codes = Object.values(remedyFamilies).flatMap((family) => [...family.codes]);
    expect(codes.length).toBe(new Set(codes).size);
    const specs: readonly MessageSpec[] = Object.values(catalogue);
    const known = new Set(
      specs.flatMap(({ head, lines }) => [...head.fields, ...(lines?.fields ?? [])].map(({ name }) => name)),
    );
    for (const code of codes)
      for (const field of remedyFieldsOf(code)) expect(known.has(field), `${code} ${field}`).toBe(true);
  });

  it('are there for every code of the official table but the range that platforms give out themselves', () => {
    const { rows } = JSON.parse(
      readFileSync(new URL('../../resources/tables/error_code.json', import.meta.url), 'utf8'),
    ) as { rows: string[][] };
    const without = rows.flatMap(([code = '']) => (remedyFamilyOf(code) === undefined ? [code] : []));
    expect(without).toEqual(['4000-9999']);
  });

  it('of the technical receipt of a declaration are the same for every code; a code nobody knows has none', () => {
    expect(remedyFamilyOf('SWI-99')).toBe('notImported');
    expect(remedyFamilyOf('SW-E')).toBe('customsReturned');
    expect(remedyFamilyOf('77777')).toBeUndefined();
    expect(remedyFieldsOf('77777')).toEqual([]);
  });
});

import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { buildCountryMatcher, buildTable, elementsOf, hasHeading, initialsOf, search, TableError } from './index.ts';

const path = (name: string): URL => new URL(`../../resources/${name}`, import.meta.url);
const json = (name: string): unknown => JSON.parse(readFileSync(path(name), 'utf8'));
const table = (id: string) => buildTable(json(`tables/${id}.json`));
interface Index {
  readonly tables: readonly {
    readonly id: string;
    readonly path: string;
    readonly rows: number;
    readonly sha256: string;
    readonly source: string;
    readonly asOf: string;
  }[];
}
const index = json('tables/index.json') as Index;

describe('generated tables', () => {
  it('are what the index says', () => {
    expect(index.tables.length).toBeGreaterThanOrEqual(20);
    for (const entry of index.tables) {
      const text = readFileSync(path(entry.path), 'utf8');
      expect(createHash('sha256').update(text).digest('hex'), entry.id).toBe(entry.sha256);
      expect((JSON.parse(text) as { rows: unknown[] }).rows.length, entry.id).toBe(entry.rows);
      expect(entry.source).not.toBe('');
      expect(entry.asOf).not.toBe('');
    }
  });
  it('hold the codes we rely on', () => {
    expect(table('currency').lookup('502')).toMatchObject({ zh: '美元', more: { alpha3: 'USD', decimals: '2' } });
    expect(table('currency').lookup('116')?.more['decimals']).toBe('0');
    expect(table('country').lookup('502')).toMatchObject({ zh: '美国', en: 'United States' });
    expect(table('customs_district').lookup('6400')?.more['level']).toBe('region');
    expect(table('customs_district').lookup('6407')?.more['level']).toBe('office');
    expect(table('port').lookup('3154')).toMatchObject({ zh: '洛杉矶', more: { country: '502', alpha: 'USA264' } });
    expect(table('port').lookup('502')?.zh).toBe('美国');
    expect(table('wrap_type_old').lookup('2')?.zh).toBe('纸箱');
    expect(table('return_status').lookup('800')?.zh).toBe('放行');
    expect(table('error_code').entries.length).toBe(179);
    expect(table('country').lookup('nowhere')).toBeUndefined();
  });
  it('refuse what is no table', () => {
    expect(() => buildTable({})).toThrow(TableError);
    expect(() => buildTable({ header: {}, columns: ['code'], rows: [] })).toThrow(TableError);
    const header = { id: 'x', titleZh: '', titleEn: '', source: '', asOf: '', note: '' };
    expect(() => buildTable({ header, columns: ['code', 'zh'], rows: [['1']] })).toThrow(TableError);
    expect(() => buildTable({ header, columns: ['zh'], rows: [] })).toThrow(TableError);
  });
  it('spell heteronyms as people say them', () => {
    const districts = table('customs_district');
    expect(initialsOf(districts.entries.find((e) => e.zh === '重庆关区')?.pinyin ?? '')).toBe('cqgq');
    expect(initialsOf(districts.entries.find((e) => e.zh.startsWith('厦门'))?.pinyin ?? '').slice(0, 2)).toBe('xm');
    const wrong = districts.entries.filter(
      (e) =>
        (e.zh.includes('重庆') && !e.pinyin.includes('chong qing')) ||
        (e.zh.includes('厦门') && !e.pinyin.includes('xia men')),
    );
    expect(wrong.map((e) => e.zh)).toEqual([]);
    expect(
      table('hs')
        .entries.filter((e) => e.zh.includes('银行') && !e.pinyin.includes('yin hang'))
        .map((e) => e.zh),
    ).toEqual([]);
    expect(table('region').entries.find((e) => e.zh === '重庆市')?.pinyin).toBe('chong qing shi');
  });
});

describe('search', () => {
  const country = table('country');
  const hs = table('hs');
  const first = (query: string, from = country) => search(query, from, 5)[0]?.entry.code;
  it('takes code, Chinese, pinyin, initials and English', () => {
    expect(first('502')).toBe('502');
    expect(first('美国')).toBe('502');
    expect(first('meiguo')).toBe('502');
    expect(first('mg')).toBe('502');
    expect(first('zg')).toBe('142');
    expect(first('United States')).toBe('502');
    expect(first('states united')).toBe('502');
    expect(first('usa')).toBe('502');
    expect(first('ＵＳＡ')).toBe('502');
    expect(first('台澎金马')).toBe('143');
    expect(first('cq', table('region'))).toBe('50');
    expect(first('xm', table('region'))).toBe('3502');
    const bank = table('license_doc').entries.find(({ zh }) => zh.includes('银行'));
    const initials = bank?.pinyin.replaceAll(/(\w)\w* ?/g, '$1') ?? '';
    expect(initials).toContain('yh');
    expect(first(initials, table('license_doc'))).toBe(bank?.code);
    expect(search('qqqq', country, 5)).toEqual([]);
    expect(search(' ', country, 3).length).toBe(3);
  });
  it('takes several words in any order, mixed', () => {
    const a = search('针织 汗衫 棉制', hs, 5).map((h) => h.entry.code);
    const b = search('棉制 针织 汗衫', hs, 5).map((h) => h.entry.code);
    expect(a.length).toBeGreaterThan(2);
    expect(a).toEqual(b);
    expect(a.every((code) => code.startsWith('61'))).toBe(true);
    expect(first('mian 6109', hs)?.slice(0, 4)).toBe('6109');
  });
});

describe('commodity table', () => {
  it('knows headings and elements', () => {
    const hs = table('hs');
    expect(hasHeading(hs, '6109')).toBe(true);
    expect(hasHeading(hs, '0000')).toBe(false);
    expect(elementsOf(hs, '6109100010')).toContain('成分含量');
    expect(elementsOf(hs, '0000000000')).toBeUndefined();
  });
});

describe('country names of marketplaces', () => {
  const matcher = buildCountryMatcher(table('country'), table('country_alpha3'), json('tables/country_alias.json'));
  it.each([
    ['United Kingdom', '303'],
    ['EIRE', '306'],
    ['USA', '502'],
    ['US', '502'],
    ['Channel Islands', '399'],
    ['RSA', '244'],
    ['Israel', '115'],
    ['Hong Kong', '110'],
    ['Netherlands', '309'],
    ['Czech Republic', '352'],
    ['Germany', '304'],
    ['France', '305'],
    ['Japan', '116'],
    ['Australia', '601'],
    ['Iceland', '322'],
    ['Saudi Arabia', '131'],
    ['United Arab Emirates', '138'],
    ['Singapore', '132'],
    ['美国', '502'],
    [' united  kingdom ', '303'],
    ['GB', '303'],
    ['DEU', '304'],
    ['Jersey', '399'],
    ['Taiwan', '143'],
    ['South Korea', '133'],
    ['Vietnam', '141'],
    ['Brazil', '410'],
    ['Bahrain', '102'],
    ['Lebanon', '120'],
    ['Malta', '324'],
    ['Cyprus', '108'],
    ['Greece', '310'],
    ['Lithuania', '336'],
    ['Poland', '327'],
    ['Canada', '501'],
  ])('%s is %s', (name, code) => {
    expect(matcher.match(name)).toBe(code);
  });
  it.each(['European Community', 'Unspecified', 'Korea', 'Atlantis', '', 'Congo'])(
    '%s is no single country',
    (name) => {
      expect(matcher.match(name)).toBeUndefined();
    },
  );
  it('tells unknown from ambiguous', () => {
    expect(matcher.isAmbiguous('Korea')).toBe(true);
    expect(matcher.isAmbiguous('Atlantis')).toBe(false);
  });
});

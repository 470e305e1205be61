import { expect, it } from 'vitest';
import { matchesRule } from './rule-list.ts';

it('finds a rule by number, by name in either language, by several words, by the number of its source', () => {
  const row = {
    id: 'T03avg',
    rule: 'T03',
    title: { zh: '季度平均值（从业人数、资产总额）', en: 'Average of the quarters' },
    source: '公告2019年第36号',
  };
  expect(
    ['', 't03', 'T03AVG', '季度 资产', 'average', '第36号', '（从业'].every((text) => matchesRule(row, text)),
  ).toBe(true);
  expect(matchesRule(row, '退税')).toBe(false);
});

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { worksheetNames } from '../../shared/contract/tax.ts';

/** What the READMEs count and name is there. What they tell of the sample book is gone through by the tests of the desk. */
const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const scripts = Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts);
const calculators = [...read('docs/rules.md').matchAll(/^## [A-Z][A-Za-z0-9]* /gm)].length;

it.each([
  ['README.md', `${worksheetNames.length} tax worksheets and ${calculators} calculators`],
  ['README.zh-CN.md', `${worksheetNames.length} 张税务底稿和 ${calculators} 个计算器`],
])('%s counts rightly, and names commands and files that are there', (file, counted) => {
  const text = read(file);
  expect(text).toContain(counted);
  const links = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
  expect(links.filter((target) => !existsSync(path.join(root, target)))).toEqual([]);
  const named = [...text.matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !scripts.includes(name))).toEqual([]);
  // Every command a person may want is in the table.
  const unnamed = scripts.filter((name) => !['start', 'test', 'portbook'].includes(name) && !named.includes(name));
  expect(unnamed).toEqual([]);
});

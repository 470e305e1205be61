import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/features.md'), 'utf8');
const states = ['there', 'in part', 'not there', 'nothing asked'];

/** The rows of the tables by section: number, priority and the word that the state begins with. */
const rows = [...page.matchAll(/^\| ([A-O]\d+) \| (P\d|–) \| .* \| ([^|:]+)(?:: [^|]+)? \|$/gm)].map(
  ([, number = '', priority = '', state = '']) => ({ number, priority, state }),
);

/** The product's feature list, where it lies beside the project. */
const list = path.resolve(root, '../shared/FEATURES.md');
const isThere = existsSync(list);
if (!isThere)
  console.warn('the feature list is not beside the project: whether docs/features.md has all of its rows is skipped');

it('every file and folder that the page of features names is there', () => {
  const named = [...page.matchAll(/`((?:build|docs|electron|platform|renderer|resources|shared|tests)\/[^`]+)`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(200);
  expect(named.filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
});

it('every row has one of the four states, and the counts are those of the rows', () => {
  expect(rows.filter(({ state }) => !states.includes(state))).toEqual([]);
  expect(rows.length).toBe(page.match(/^\| [A-O]\d+ \|/gm)?.length);
  for (const priority of ['P0', 'P1', 'P2', '–', 'all']) {
    const of = rows.filter((row) => priority === 'all' || row.priority === priority);
    const counts = [...states.map((state) => of.filter((row) => row.state === state).length), of.length];
    expect(page).toContain(`\n| ${priority} | ${counts.join(' | ')} |\n`);
  }
});

it.skipIf(!isThere)('every row of the feature list has its row, with its priority', () => {
  const wanted = [...readFileSync(list, 'utf8').matchAll(/^\| ([A-O]\d+) \|.*\| (P\d|-) \|$/gm)].map(
    ([, number = '', priority = '']) => ({ number, priority: priority.replace('-', '–') }),
  );
  expect(wanted.length).toBeGreaterThan(150);
  expect(rows.map(({ number, priority }) => ({ number, priority }))).toEqual(wanted);
});

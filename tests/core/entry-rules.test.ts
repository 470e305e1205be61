import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

it('every rule of entry names a test that is there', () => {
  const rows = readFileSync(path.join(root, 'docs/entry-rules.md'), 'utf8').matchAll(
    /^\| (\S+) \| .+ \| `(\S+)` (.+) \|$/gm,
  );
  const named = [...rows].map(([, number = '', file = '', title = '']) => ({ number, file, title }));
  expect(named.length).toBeGreaterThan(60);
  const numbers = [2, 3].flatMap((section) =>
    Array.from({ length: section === 2 ? 8 : 5 }, (_, at) => `${section}.${at + 1}`),
  );
  expect([...new Set(named.map(({ number }) => number))]).toEqual(expect.arrayContaining([...numbers, '4', '5']));
  const missing = named.filter(({ file, title }) => !readFileSync(path.join(root, file), 'utf8').includes(title));
  expect(missing).toEqual([]);
});

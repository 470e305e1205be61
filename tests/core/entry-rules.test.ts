import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

it('every rule of entry names a test that is there', () => {
  const rows = readFileSync(path.join(root, 'docs/entry-rules.md'), 'utf8').matchAll(/^\| .+ \| `(\S+)` (.+) \|$/gm);
  const named = [...rows].map(([, file = '', title = '']) => ({ file, title }));
  expect(named.length).toBeGreaterThan(25);
  const missing = named.filter(({ file, title }) => !readFileSync(path.join(root, file), 'utf8').includes(title));
  expect(missing).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import { checkModule, findCircles, importsOf } from './check-imports.mjs';

describe('reading imports', () => {
  it('sees every form, and none in a comment', () => {
    const text = [
      "import { a } from './a.ts';",
      "import type { B } from './b.ts';",
      "export * from './c.ts';",
      "import './d.css';",
      "import {\n  e,\n  f,\n} from './e.ts';",
      "const g = await import('./g.ts');",
      "// import { h } from './h.ts';",
      "/** import { i } from './i.ts'; */",
    ].join('\n');
    expect(importsOf(text).map((one) => one.from)).toEqual([
      './a.ts',
      './b.ts',
      './c.ts',
      './d.css',
      './e.ts',
      './g.ts',
    ]);
    expect(
      importsOf(text)
        .filter((one) => one.isType)
        .map((one) => one.from),
    ).toEqual(['./b.ts']);
    expect(
      importsOf(text)
        .filter((one) => one.isLazy)
        .map((one) => one.from),
    ).toEqual(['./g.ts']);
  });
});

describe('the layers', () => {
  it.each([
    ['shared/money/rate.ts', "import { x } from '../../electron/core/store/open.ts';"],
    ['shared/money/rate.ts', "import { readFileSync } from 'node:fs';"],
    ['renderer/app.tsx', "import { x } from '../electron/core/store/open.ts';"],
    ['renderer/app.tsx', "import { ipcRenderer } from 'electron';"],
    ['platform/main.ts', "import { app } from 'electron';"],
    ['platform/main.ts', "import { x } from '../electron/core/store/open.ts';"],
    ['electron/main.ts', "import { x } from './core/main.ts';"],
    ['electron/preload.ts', "import { x } from './window.ts';"],
    ['electron/core/store/open.ts', "import { x } from '../operations/books.ts';"],
    ['electron/core/store/open.ts', "import { x } from '../importers/orders.ts';"],
    ['electron/core/operations/books.ts', "import { safeStorage } from 'electron';"],
  ])('%s may not say %s', (file, text) => {
    expect(checkModule(file, text)).toHaveLength(1);
  });

  it.each([
    ['shared/money/rate.ts', "import { x } from './minor.ts'; "],
    ['renderer/app.tsx', "import { x } from '../shared/money/rate.ts';"],
    ['electron/core/operations/books.ts', "import { x } from '../store/open.ts';"],
    ['electron/core/operations/books.ts', "import { x } from '../context.ts';"],
    ['electron/core/store/open.ts', "import { x } from '../keys/wrap.ts';"],
    ['electron/main.ts', "import type { MainToCore } from '../shared/contract/host.ts';"],
    ['electron/cli.ts', "import { x } from './core/core.ts';"],
  ])('%s may say %s', (file, text) => {
    expect(checkModule(file, text)).toEqual([]);
  });
});

describe('circles', () => {
  it('are found however long', () => {
    expect(
      findCircles(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['circle: a -> b -> c -> a']);
    expect(
      findCircles(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toEqual([]);
  });
});

// npm run faults: the storms, damaged files and kills of tests/faults at length. `npm run faults -- storm --seed 7 --submissions 500`
// runs one of them, of another size.
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root, runMain } from './lib/base.mjs';
import { runForeground } from './lib/launch.mjs';
import { ensureAddon, ensurePackages } from './prepare.mjs';

const parts = ['storm', 'fuzz', 'sigkill', 'month-end'];

await runMain(async () => {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '20261121' },
      submissions: { type: 'string', default: '10000' },
      faults: { type: 'string', default: '1000' },
      files: { type: 'string', default: '100000' },
    },
  });
  for (const part of positionals) if (!parts.includes(part)) throw new Error(`${part} is none of ${parts.join(', ')}`);
  await ensurePackages();
  await ensureAddon(undefined);
  const size = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Number(value)]));
  process.env.PORTBOOK_FAULTS = JSON.stringify({ ...size, isLong: true });
  const chosen = positionals.length > 0 ? positionals : parts;
  return runForeground(process.execPath, [
    path.join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--project',
    'faults',
    ...chosen.map((part) => `tests/faults/${part}.test.ts`),
    // Behind the files, which it would take for its own.
    '--disable-console-intercept',
  ]);
});

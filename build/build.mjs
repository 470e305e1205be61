// npm run build: compiles what has changed into dist/.
import { runMain } from './lib/base.mjs';
import { ensureBuilt, ensurePackages } from './prepare.mjs';

await runMain(async () => {
  await ensurePackages();
  await ensureBuilt();
  return 0;
});

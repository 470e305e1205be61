// npm run bench: the measurements of tests/bench.
import { runMain } from './lib/base.mjs';
import { runTool } from './lib/tool.mjs';

await runMain(() => runTool('bench', 'tests/bench/run.ts'));

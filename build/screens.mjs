// npm run screens: pictures of every screen, in out/screens/.
import { runMain } from './lib/base.mjs';
import { runTool } from './lib/tool.mjs';

await runMain(() => runTool('screens', 'tests/desk/screens.ts'));

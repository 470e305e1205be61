import { bareHost, type Core, createCore, pathGrants } from '../../../electron/core/core.ts';
import { findResources } from '../../../electron/core/resources.ts';
import type { InputOf, OperationName, OutputOf } from '../../../shared/contract/contract.ts';

/** The program that is killed at month end: it closes a month, reopens it, and so on for ever, telling what it begins. */

async function must<N extends OperationName>(core: Core, name: N, input: InputOf<N>): Promise<OutputOf<N>> {
  const result = await core.call(name, input);
  if (!result.ok) throw new Error(`${name}: ${JSON.stringify(result.error)}`);
  return result.data;
}

const [home = '', bookId = '', recoveryKey = '', period = ''] = process.argv.slice(2);
const core = createCore({ home, resourcesFolder: findResources(), host: bareHost, files: pathGrants });
await must(core, 'books.open', { bookId, secret: { recoveryKey } });
for (;;) {
  const { firstOpen } = await must(core, 'periods.list', {});
  const phase = firstOpen <= period ? 'close' : 'reopen';
  process.stdout.write(`${phase}\n`);
  if (phase === 'close') await must(core, 'periods.close', { period });
  else await must(core, 'periods.reopen', { period, reason: 'again' });
  // The next turn of the loop: the line above must get out before the kill that it triggers.
  await new Promise((resolve) => setImmediate(resolve));
}

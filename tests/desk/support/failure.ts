import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'vitest';
import { type Desk, root } from '../launch.ts';

/** What the screen showed when a test failed, in out/desk-failures: a selector's time-out alone tells nothing. */
export async function pictureOfFailure(desk: Desk, { task }: TestContext): Promise<void> {
  if (task.result?.state !== 'fail') return;
  const folder = path.join(root, 'out', 'desk-failures');
  mkdirSync(folder, { recursive: true });
  const name = task.name.replace(/[^\w]+/g, '-').slice(0, 60);
  await desk.page.screenshot({ path: path.join(folder, `${name}.png`) });
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Desk, root } from '../launch.ts';

/** Takes a picture of each place a story comes by: `out/stories/<story>/01-<place>.png`. */
export function album(desk: Desk, story: string): (place: string) => Promise<void> {
  const folder = path.join(root, 'out', 'stories', story);
  mkdirSync(folder, { recursive: true });
  let taken = 0;
  return async (place) => {
    taken += 1;
    await desk.page.screenshot({ path: path.join(folder, `${String(taken).padStart(2, '0')}-${place}.png`) });
  };
}

import path from 'node:path';
import { launchDesk } from '../desk/launch.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';
import { type Figure, inFolder } from './harness.ts';

/** As many as a listing takes, on each of some listings. */
const EACH = 50;
const LISTINGS = 4;
const PHOTOS = EACH * LISTINGS;
const PASSPHRASE = 'bench-passphrase';
/** Longer than this a person feels that the window does not answer. */
const LONGEST_TASK_MS = 200;
const LIMIT_RATIO = 4;

interface Measured {
  ours: number;
  readonly floor: number;
  /** Longest time for which the window's own thread answered nothing, ms. */
  longest: number;
  kept: number;
}

/**
 * 200 photos of a phone, of 12 megapixels each, dropped on four listings, beside decoding the same pictures alone; and how long the
 * window stood still meanwhile.
 */
export function photoFigures(): Promise<Figure[]> {
  return inFolder(async (folder) => {
    const home = path.join(folder, 'home');
    const core = coreAt(home);
    await must(core, 'books.create', { profile: firm, passphrase: PASSPHRASE });
    const listings: { id: number; number: string }[] = [];
    for (const nameZh of ['荔枝', '龙眼', '芒果', '柚子'].slice(0, LISTINGS)) {
      const { id } = await must(core, 'listings.open', { nameZh });
      listings.push({ id, number: (await must(core, 'listings.get', { id })).number });
    }
    await core.close();
    const desk = await launchDesk({ home });
    try {
      const { page } = desk;
      await page.fill('input[type=password]', PASSPHRASE);
      await page.keyboard.press('Enter');
      await page.waitForSelector('[data-page="today"]');
      await page.keyboard.press('Control+k');
      await page.keyboard.type('产品资源库');
      await page.getByRole('option').first().click();
      await page.waitForSelector('[data-page="listings"]');
      const floor = await page.evaluate(makePhotos, PHOTOS);
      const measured: Measured = { ours: 0, floor, longest: 0, kept: 0 };
      for (const [at, { id, number }] of listings.entries()) {
        await page.locator('.ant-table-row').filter({ hasText: number }).click();
        await page.waitForFunction(
          () => document.querySelector('.listing-drop') !== null && document.querySelector('.listing-photo') === null,
        );
        const one = await page.evaluate(dropPhotos, { from: at * EACH, to: (at + 1) * EACH, id });
        measured.ours += one.ours;
        measured.kept += one.kept;
        measured.longest = Math.max(measured.longest, one.longest);
      }
      return [
        {
          name: `${PHOTOS} photos of 12 megapixels taken in`,
          unit: 'ms',
          ours: measured.ours,
          floor: measured.floor,
          floorName: 'decoding them alone',
          goal: `at most ${LIMIT_RATIO} times`,
          isMet: measured.kept === PHOTOS && measured.ours <= measured.floor * LIMIT_RATIO,
        },
        {
          name: 'longest time the window stood still meanwhile',
          unit: 'ms',
          ours: measured.longest,
          goal: `at most ${LONGEST_TASK_MS} ms`,
          isMet: measured.longest <= LONGEST_TASK_MS,
        },
      ];
    } finally {
      await desk.close();
    }
  });
}

/** Runs in the page: makes the photos and answers how long it takes to decode them alone. */
async function makePhotos(count: number): Promise<number> {
  const files: File[] = [];
  for (let at = 0; at < count; at += 1) {
    const canvas = new OffscreenCanvas(4000, 3000);
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('no canvas');
    // No two alike: the same bytes are refused as there already.
    for (let n = 0; n < 60; n += 1) {
      pen.fillStyle = `hsl(${(at * 37 + n * 6) % 360} 60% ${20 + n}%)`;
      pen.fillRect((n * 331 + at * 17) % 4000, (n * 197) % 3000, 700, 500);
    }
    files.push(new File([await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 })], `IMG_${at}.jpg`));
  }
  const began = performance.now();
  for (const file of files) (await createImageBitmap(file)).close();
  const floor = performance.now() - began;
  Reflect.set(window, 'benchPhotos', files);
  return floor;
}

/** Runs in the page: drops some of the photos on the listing that is open, as a hand would. */
async function dropPhotos({ from, to, id }: { readonly from: number; readonly to: number; readonly id: number }) {
  const files: File[] = Reflect.get(window, 'benchPhotos').slice(from, to);
  const drop = document.querySelector('.listing-drop');
  if (drop === null) throw new Error('no place to drop photos');
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  // A message to oneself comes back when the thread is free: the gap between two is how long it was not.
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) port2.postMessage(undefined);
  };
  port2.postMessage(undefined);
  const data = new DataTransfer();
  for (const file of files) data.items.add(file);
  const began = performance.now();
  drop.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
  const bridge: { call(op: string, input: object): Promise<unknown> } = Reflect.get(window, 'portbook');
  let kept = 0;
  let before = -1;
  let still = 0;
  // As many as there were, or no more for some seconds: then some were refused, and the figure says so.
  while (kept < files.length && still < 40) {
    await new Promise((resolve) => setTimeout(resolve, 250));
    const answer = (await bridge.call('listings.get', { id })) as { data: { photoRows: unknown[] } };
    kept = answer.data.photoRows.length;
    still = kept === before ? still + 1 : 0;
    before = kept;
  }
  const ours = performance.now() - began;
  isOver = true;
  return { ours, longest, kept };
}

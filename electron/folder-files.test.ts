import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesBelow } from './folder-files.ts';

/** A camera's card, with what does not belong there. */
let card = '';
const bounds = { mostFiles: 100, mostEntries: 1000, deepest: 3 };

beforeAll(() => {
  card = path.join(mkdtempSync(path.join(os.tmpdir(), 'portbook-folder-')), 'DCIM');
  mkdirSync(path.join(card, '100', 'a', 'b'), { recursive: true });
  mkdirSync(path.join(card, 'locked'));
  const files = [
    '100/IMG_1.JPG',
    '100/IMG_2.jpg',
    '100/price.txt',
    '100/a/IMG_3.png',
    '100/a/b/IMG_4.jpg',
    '.thumb.jpg',
  ];
  for (const file of files) writeFileSync(path.join(card, file), 'x'.repeat(7));
  writeFileSync(path.join(card, 'locked', 'IMG_5.jpg'), 'x');
  symlinkSync(card, path.join(card, 'again'));
});
afterAll(() => {
  chmodSync(path.join(card, 'locked'), 0o755);
  rmSync(path.dirname(card), { recursive: true, force: true });
});
const names = (files: readonly { readonly path: string }[]): string[] =>
  files.map((file) => path.relative(card, file.path).split(path.sep).join('/'));

/** The link is named as what was left out. */
const link = { code: 'link', name: path.join('DCIM', 'again') };

describe('files below a folder', () => {
  it('are those of the kinds asked for, in order, with their sizes; hidden ones and links are left', async () => {
    const { files, findings } = await filesBelow(card, ['jpg', 'png'], { ...bounds, deepest: 9 });
    expect(names(files)).toEqual([
      '100/IMG_1.JPG',
      '100/IMG_2.jpg',
      '100/a/IMG_3.png',
      '100/a/b/IMG_4.jpg',
      'locked/IMG_5.jpg',
    ]);
    expect(files[0]?.size).toBe(7);
    expect(findings).toEqual([link]);
    expect(names((await filesBelow(card, [], { ...bounds, deepest: 9 })).files)).toContain('100/price.txt');
  });

  it('end where the bounds end, and say so', async () => {
    const few = await filesBelow(card, ['jpg'], { ...bounds, mostFiles: 2 });
    expect(names(few.files)).toEqual(['100/IMG_1.JPG', '100/IMG_2.jpg']);
    expect(few.findings).toContainEqual({ code: 'full', most: 2, taken: 2 });
    const deep = await filesBelow(card, ['jpg'], { ...bounds, deepest: 2 });
    expect(deep.findings).toEqual([{ code: 'deep', name: path.join('DCIM', '100', 'a'), most: 2 }, link]);
    const wide = await filesBelow(card, ['jpg'], { ...bounds, mostEntries: 3 });
    expect(wide.findings).toEqual([{ code: 'full', most: 3, taken: 2 }]);
  });

  it('are still given where a folder among them cannot be read', async () => {
    chmodSync(path.join(card, 'locked'), 0o000);
    const { files, findings } = await filesBelow(path.join(card), ['jpg', 'png'], { ...bounds, deepest: 9 });
    // A superuser reads everything; a folder that is not there is unreadable for everybody.
    if (process.getuid?.() !== 0) {
      expect(names(files)).not.toContain('locked/IMG_5.jpg');
      expect(findings).toEqual([link, { code: 'unreadable', name: path.join('DCIM', 'locked') }]);
    }
    expect(names(files)).toContain('100/IMG_1.JPG');
    expect(await filesBelow(path.join(card, 'gone'), [], bounds)).toEqual({
      files: [],
      findings: [{ code: 'unreadable', name: 'gone' }],
    });
  });
});

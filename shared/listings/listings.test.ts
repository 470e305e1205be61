import { describe, expect, it } from 'vitest';
import { hsCandidates } from './hs-candidates.ts';
import { plainJpeg } from './jpeg.ts';
import { claimedSize } from './picture-size.ts';

const entry = (code: string, zh: string) => ({ code, zh, en: '', pinyin: '', more: {} });

describe('commodity codes that may fit', () => {
  const entries = [
    entry('0804502001', '鲜芒果'),
    entry('0804502090', '干芒果'),
    entry('0304510090', '鲜罗非鱼(芒果鱼除外)'),
    entry('0902101000', '花茶'),
  ];
  it('puts the longest words in common first, and leaves out what a name leaves out', () => {
    const found = hsCandidates(entries, { about: '干芒果片', own: '', template: undefined });
    expect(found.map(({ code }) => code)).toEqual(['0804502090', '0804502001']);
    expect(found[0]?.reasons).toEqual([{ kind: 'name', zh: '干芒果', en: '干芒果' }]);
  });
  it('keeps the product’s own code first', () => {
    const found = hsCandidates(entries, { about: '芒果', own: '0902101000', template: undefined });
    expect(found[0]).toMatchObject({ code: '0902101000', reasons: [{ kind: 'product' }] });
  });
});

describe('a photo without metadata', () => {
  const frame = [0xff, 0xc0, 0, 11, 8, 0, 30, 0, 40, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 7, 0xff, 0xd9];
  const bytes = (...parts: number[][]): Uint8Array => Uint8Array.from([0xff, 0xd8, ...parts.flat()]);
  it('keeps how it is coded and drops camera, place and comments', () => {
    const coded = [0xff, 0xe0, 0, 4, 1, 1];
    const full = bytes(coded, [0xff, 0xe1, 0, 4, 9, 9], [0xff, 0xed, 0, 3, 9], [0xff, 0xfe, 0, 3, 9], frame, scan);
    expect(plainJpeg(full)).toEqual({ bytes: bytes(coded, frame, scan), width: 40, height: 30 });
  });
  it('ends with the picture: what a telephone writes behind it, a smaller one with its place, goes', () => {
    // Within a scan, 0xff is followed by nought or a restart mark.
    const stuffed = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 7, 0xff, 0, 0xd9, 0xff, 0xd0, 8, 0xff, 0xd9];
    const behind = [0xff, 0xd8, 0xff, 0xe1, 0, 8, 71, 80, 83, 0, 1, 2, ...frame, ...scan];
    expect(plainJpeg(bytes(frame, stuffed, behind))?.bytes).toEqual(bytes(frame, stuffed));
  });
  it('is none where the bytes do not hold together', () => {
    const whole = bytes(frame, scan);
    for (let length = 0; length < whole.length; length++) expect(plainJpeg(whole.subarray(0, length))).toBeUndefined();
    expect(plainJpeg(bytes([0xff, 0xe1, 0xff, 0xff], scan))).toBeUndefined();
    expect(plainJpeg(bytes(scan))).toBeUndefined();
  });
});

describe('the size that a picture claims', () => {
  const padded = (...parts: (number[] | string)[]): Uint8Array => {
    const bytes = parts.flatMap((part) =>
      typeof part === 'string' ? [...part].map((one) => one.charCodeAt(0)) : part,
    );
    return Uint8Array.from([...bytes, ...Array<number>(32).fill(0)]);
  };
  it('is read from the head of each format that is taken', () => {
    const camera = [0xff, 0xe1, 0, 8, 69, 120, 105, 102, 0, 0];
    const frame = [0xff, 0xc2, 0, 11, 8, 0x2e, 0xe0, 0x3e, 0x80, 1, 1, 0x11, 0];
    const heads: readonly Uint8Array[] = [
      padded('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', [0, 0, 0x3e, 0x80, 0, 0, 0x2e, 0xe0]),
      padded([0xff, 0xd8], camera, [0xff, ...frame]),
      padded('GIF89a', [0x80, 0x3e, 0xe0, 0x2e]),
      padded('BM', Array<number>(16).fill(0), [0x80, 0x3e, 0, 0, 0x20, 0xd1, 0xff, 0xff]),
      padded('RIFF', [0, 0, 0, 0], 'WEBPVP8X', Array<number>(8).fill(0), [0x7f, 0x3e, 0, 0xdf, 0x2e, 0]),
      padded('RIFF', [0, 0, 0, 0], 'WEBPVP8 ', Array<number>(10).fill(0), [0x80, 0x3e, 0xe0, 0x2e]),
      padded('RIFF', [0, 0, 0, 0], 'WEBPVP8L', [0, 0, 0, 0, 0x2f, 0x7f, 0xfe, 0xb7, 0x0b]),
    ];
    expect(heads.map(claimedSize)).toEqual(heads.map(() => ({ width: 16_000, height: 12_000 })));
  });
  it('is unknown of what breaks off or is another format', () => {
    for (const head of [padded('not a picture'), padded([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff]), new Uint8Array()])
      expect(claimedSize(head)).toBeUndefined();
  });
});

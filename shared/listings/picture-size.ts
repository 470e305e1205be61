/** The size that the head of a picture claims, read before anything decodes it: a file of a few kilobytes may claim gigabytes. */
export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** How much of a file is looked at: what a camera writes before the frame of a JPEG, thumbnail and all, fits. */
export const HEAD_BYTES = 1 << 20;

/** Frames of a JPEG (SOF); the others of the range are tables. */
const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(view: DataView): PictureSize | undefined {
  for (let at = 2; at + 9 <= view.byteLength; ) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    // Any number of these may stand before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

function webpSize(view: DataView, form: string): PictureSize | undefined {
  const threeBytes = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536;
  if (form === 'VP8X') return { width: threeBytes(24) + 1, height: threeBytes(27) + 1 };
  if (form === 'VP8 ') return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (form !== 'VP8L') return undefined;
  const packed = view.getUint32(21, true);
  return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
}

/**
 * Of PNG, JPEG, GIF, BMP and WebP by their first bytes, whatever the name of the file says.
 * @param head the first {@link HEAD_BYTES} of the file, or all of it
 * @returns undefined for another format and for a head that breaks off
 */
export function claimedSize(head: Uint8Array): PictureSize | undefined {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const letters = (at: number, count: number): string => String.fromCharCode(...head.subarray(at, at + count));
  if (view.byteLength < 30) return undefined;
  if (letters(0, 8) === '\x89PNG\r\n\x1a\n') return { width: view.getUint32(16), height: view.getUint32(20) };
  if (view.getUint16(0) === 0xffd8) return jpegSize(view);
  if (letters(0, 4) === 'GIF8') return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  // A BMP may be stored from the top, which its height says by a minus.
  if (letters(0, 2) === 'BM') return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
  if (letters(0, 4) === 'RIFF' && letters(8, 4) === 'WEBP') return webpSize(view, letters(12, 4));
  return undefined;
}

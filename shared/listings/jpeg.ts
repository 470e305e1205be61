/** A picture with what it shows and nothing else. */
export interface PlainJpeg {
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
}

const isFrame = (marker: number): boolean => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** APP1 to APP13, APP15 and comments: camera, place, thumbnails. APP0 and APP14 say how the picture is coded. */
const isMetadata = (marker: number): boolean =>
  (marker >= 0xe1 && marker <= 0xef && marker !== 0xee) || marker === 0xfe;

/** A JPEG without metadata; undefined for bytes that are no whole JPEG. ITU-T T.81, annex B. */
export function plainJpeg(bytes: Uint8Array): PlainJpeg | undefined {
  const at = (index: number): number => bytes[index] ?? 0;
  if (at(0) !== 0xff || at(1) !== 0xd8 || at(bytes.length - 2) !== 0xff || at(bytes.length - 1) !== 0xd9)
    return undefined;
  const kept: Uint8Array[] = [bytes.subarray(0, 2)];
  let size: { width: number; height: number } | undefined;
  for (let from = 2; from + 4 <= bytes.length; ) {
    if (at(from) !== 0xff) return undefined;
    const marker = at(from + 1);
    const length = at(from + 2) * 256 + at(from + 3);
    const to = from + 2 + length;
    if (length < 2 || to > bytes.length) return undefined;
    if (isFrame(marker)) size = { height: at(from + 5) * 256 + at(from + 6), width: at(from + 7) * 256 + at(from + 8) };
    if (marker === 0xda) {
      if (size === undefined || size.width === 0 || size.height === 0) return undefined;
      // Within a scan, 0xff is followed by nought or a mark of its own: this is where the picture ends, whatever was put behind it.
      let end = to;
      while (!(at(end) === 0xff && at(end + 1) === 0xd9)) end += 1;
      kept.push(bytes.subarray(from, end + 2));
      const plain = new Uint8Array(kept.reduce((sum, part) => sum + part.length, 0));
      let filled = 0;
      for (const part of kept) {
        plain.set(part, filled);
        filled += part.length;
      }
      return { bytes: plain, ...size };
    }
    if (!isMetadata(marker)) kept.push(bytes.subarray(from, to));
    from = to;
  }
  return undefined;
}

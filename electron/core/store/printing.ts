import type { z } from 'zod';
import { type PrinterSetup, printingSettings } from '../../../shared/contract/printing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { sha256Of } from './archive.ts';
import type { Book } from './book.ts';

/** Printers as the firm has adjusted them, and the picture of its seal (印章), sealed with the book. */

export type PrintingSettings = z.output<typeof printingSettings>;

const key = 'printing';
const unset: PrintingSettings = { printers: [], current: '', isSealOn: false, sealWidthMm: 40 };

export function printingOf(book: Book): PrintingSettings {
  const stored = book.setting(key);
  return stored === undefined ? unset : printingSettings.parse(JSON.parse(stored));
}

/** A printer by its name. Refusal: `PRINTER_UNKNOWN` {name}. */
export function requirePrinter({ printers }: PrintingSettings, name: string): PrinterSetup {
  const found = printers.find((one) => one.name === name);
  if (found === undefined) throw new PortbookError('PRINTER_UNKNOWN', { name }, 'printer');
  return found;
}

/** Refusals: see `printing.save`. */
export function savePrinting(book: Book, settings: PrintingSettings): void {
  const names = settings.printers.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw new PortbookError('PRINTER_TWICE', { name: twice }, 'printers');
  if (settings.current !== '') requirePrinter(settings, settings.current);
  if (settings.isSealOn && sealPicture(book) === undefined) throw new PortbookError('SEAL_MISSING', {}, 'isSealOn');
  book.setSetting(key, JSON.stringify(settings));
}

export interface SealPicture {
  readonly mediaType: 'image/png' | 'image/jpeg';
  readonly content: Uint8Array;
  readonly fileName: string;
  readonly sha256: string;
  readonly addedAt: string;
}

export function sealPicture(book: Book): SealPicture | undefined {
  return book
    .prepare(
      'SELECT media_type AS mediaType, content, file_name AS fileName, sha256, added_at AS addedAt FROM seal_picture WHERE id = 1',
    )
    .get() as SealPicture | undefined;
}

/** Puts a picture in the place of the one before. @returns its digest */
export function saveSeal(
  book: Book,
  { mediaType, content, fileName }: Pick<SealPicture, 'mediaType' | 'content' | 'fileName'>,
  now: string,
): string {
  const sha256 = sha256Of(content);
  book
    .prepare(
      `INSERT OR REPLACE INTO seal_picture (id, media_type, content, file_name, sha256, added_at) VALUES (1, ?, ?, ?, ?, ?)`,
    )
    .run(mediaType, content, fileName, sha256, now);
  return sha256;
}

/** Takes the picture out of the book; it is printed no more. */
export function removeSeal(book: Book): void {
  book.prepare('DELETE FROM seal_picture').run();
  book.setSetting(key, JSON.stringify({ ...printingOf(book), isSealOn: false }));
}

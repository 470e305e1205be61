import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { printing } from '../../../shared/contract/printing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { calibrationPage } from '../printing/papers/paper.ts';
import { type PaperSetup, plainSetup } from '../printing/papers/sheet.ts';
import type { Book } from '../store/book.ts';
import {
  printingOf,
  removeSeal,
  requirePrinter,
  type SealPicture,
  savePrinting,
  saveSeal,
  sealPicture,
} from '../store/printing.ts';

/** A scanned seal is small; a page of a camera is not one. */
const SEAL_LIMIT_KB = 1024;

const urlOf = ({ mediaType, content }: SealPicture): string =>
  `data:${mediaType};base64,${Buffer.from(content).toString('base64')}`;

/** How papers are put on the sheet for a printer (left out: the current one), with the seal where the firm prints it. */
export function paperSetup(
  book: Book,
  of: { readonly printer?: string | undefined; readonly overlay: boolean },
): PaperSetup {
  const settings = printingOf(book);
  const name = of.printer ?? settings.current;
  const printer = name === '' ? undefined : requirePrinter(settings, name);
  const seal = settings.isSealOn ? sealPicture(book) : undefined;
  const { uscc, customsCode } = book.profile();
  return {
    ...plainSetup,
    ...(printer === undefined
      ? {}
      : { marginMm: printer.marginMm, offsetXMm: printer.offsetXMm, offsetYMm: printer.offsetYMm }),
    isOverlay: of.overlay,
    ...(seal === undefined
      ? {}
      : {
          seal: {
            picture: urlOf(seal),
            widthMm: settings.sealWidthMm,
            codes: [uscc, customsCode].filter((code) => code !== ''),
          },
        }),
  };
}

/** PNG or JPEG by its first bytes, whatever the file is called. */
function mediaTypeOf(content: Uint8Array): SealPicture['mediaType'] | undefined {
  const starts = (...bytes: readonly number[]): boolean => bytes.every((byte, at) => content[at] === byte);
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png';
  return starts(0xff, 0xd8, 0xff) ? 'image/jpeg' : undefined;
}

function pictureAt(path: string): Pick<SealPicture, 'mediaType' | 'content' | 'fileName'> {
  const fileName = basename(path);
  try {
    if (statSync(path).size > SEAL_LIMIT_KB * 1024)
      throw new PortbookError('SEAL_TOO_LARGE', { name: fileName, limitKb: SEAL_LIMIT_KB }, 'file');
    const content = readFileSync(path);
    const mediaType = mediaTypeOf(content);
    if (mediaType === undefined) throw new PortbookError('SEAL_NOT_PICTURE', { name: fileName }, 'file');
    return { mediaType, content, fileName };
  } catch (error) {
    if (error instanceof PortbookError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new PortbookError(error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', {
      name: fileName,
      detail: String(error.code),
    });
  }
}

function calibrationOf(book: Book, name: string) {
  const { marginMm, offsetXMm, offsetYMm } = requirePrinter(printingOf(book), name);
  return calibrationPage(name, { ...plainSetup, marginMm, offsetXMm, offsetYMm });
}

export const printingHandlers: Handlers<keyof typeof printing> = {
  'printing.get': (_input, { book }) => {
    const seal = sealPicture(book);
    return {
      ...printingOf(book),
      ...(seal === undefined ? {} : { seal: { fileName: seal.fileName, addedAt: seal.addedAt, url: urlOf(seal) } }),
    };
  },

  'printing.save': (settings, { book, now, emit }) => {
    book.transaction(() => {
      const before = printingOf(book);
      savePrinting(book, settings);
      if (before.isSealOn !== settings.isSealOn)
        book.audit('printing.seal', settings.isSealOn ? 'on' : 'off', {}, now());
    });
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'printing.setSeal': ({ file }, { book, files, now, emit }) => {
    const picture = pictureAt(files.pathOf(file, 'read'));
    book.transaction(() => {
      const sha256 = saveSeal(book, picture, now());
      book.audit('printing.sealPicture', picture.fileName, { sha256 }, now());
    });
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'printing.removeSeal': (_input, { book, now, emit }) => {
    book.transaction(() => {
      removeSeal(book);
      book.audit('printing.sealRemoved', 'seal', {}, now());
    });
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'printing.calibration': ({ printer }, { book }) => ({ html: calibrationOf(book, printer).html }),

  'printing.printCalibration': async ({ printer, to }, { book, files, host }) => {
    const path = files.pathOf(to, 'write');
    const pdf = await host.printPdf(calibrationOf(book, printer).html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { bytes: pdf.length };
  },
};

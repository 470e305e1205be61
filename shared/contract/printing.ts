import { z } from 'zod';
import { fileToken } from './common.ts';
import { command, job, query } from './operation.ts';

/** How papers are put on paper: adjustment of each printer, the seal picture (印章), the page to calibrate by. */

/** Millimetres, to a tenth. */
const millimetres = (min: number, max: number) => z.number().min(min).max(max).multipleOf(0.1);

/** One printer as the firm calls it. */
export const printerSetup = z.object({
  name: z.string().trim().min(1).max(60),
  /** More margin on every side: the sheet becomes smaller. */
  marginMm: millimetres(0, 20),
  /** To the right and down; to the left and up where negative. */
  offsetXMm: millimetres(-10, 10),
  offsetYMm: millimetres(-10, 10),
  copies: z.number().int().min(1).max(9),
});
export type PrinterSetup = z.infer<typeof printerSetup>;

export const printingSettings = z.object({
  printers: z.array(printerSetup).max(20),
  /** The one that papers are printed for; empty: none is adjusted. */
  current: z.string(),
  /** The seal picture is printed at its place; off until the firm says so. */
  isSealOn: z.boolean(),
  sealWidthMm: millimetres(10, 60),
});

export const printing = {
  'printing.get': query(
    z.object({}),
    printingSettings.extend({
      /** `url`: the picture as a `data:` URL. */
      seal: z.object({ fileName: z.string(), addedAt: z.string(), url: z.string() }).optional(),
    }),
  ),
  /** Refusals: `PRINTER_TWICE` {name}, `PRINTER_UNKNOWN` {name}, `SEAL_MISSING` when it is to be printed and there is none. */
  'printing.save': command(printingSettings, z.object({})),
  /** Keeps a picture of the seal in the book. Refusals: `FILE_MISSING`, `FILE_UNREADABLE`, `SEAL_NOT_PICTURE` {name}, `SEAL_TOO_LARGE` {name, limitKb}. */
  'printing.setSeal': command(z.object({ file: fileToken }), z.object({})),
  'printing.removeSeal': command(z.object({}), z.object({})),
  /** The calibration page (校准页) of a printer as it is set. Refusal: `PRINTER_UNKNOWN` {name}. */
  'printing.calibration': query(z.object({ printer: z.string() }), z.object({ html: z.string() })),
  /** Refusals: those of the page, `PRINT_NEEDS_WINDOW`, `FILE_NOT_WRITTEN`. */
  'printing.printCalibration': job(
    z.object({ printer: z.string(), to: fileToken }),
    z.object({ bytes: z.number().int() }),
  ),
} as const;

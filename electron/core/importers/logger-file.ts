import { PortbookError } from '../../../shared/errors.ts';
import {
  type DateOrder,
  type LoggerMapping,
  type LoggerReadings,
  type LoggerRow,
  loggerMapping,
  possibleOrders,
  readLogger,
  saysFahrenheit,
} from '../../../shared/lots/logger-file.ts';
import { openSource } from './source.ts';

/** How a logger's file is read; what is left out is found. */
export interface LoggerLayout {
  readonly headerRow: number;
  readonly mapping: LoggerMapping;
  readonly order: DateOrder;
  readonly isFahrenheit: boolean;
  readonly offsetMinutes: number;
}

export interface OpenLogger {
  readonly name: string;
  readonly sha256: string;
  /** 0: there is none. */
  readonly headerRow: number;
  /** Empty texts where there is no header. */
  readonly headers: readonly string[];
  /** The first rows of the file. */
  readonly top: readonly LoggerRow[];
  /** Below the header. */
  readonly rows: readonly LoggerRow[];
  /** What the headers say of their columns. */
  readonly mapping: Partial<LoggerMapping>;
  readonly isFahrenheit: boolean;
}

/** Loggers write up to a page about themselves above the readings. */
const HEADER_ROWS = 120;
const TOP_ROWS = 40;
const CHINA_MINUTES = 480;

/**
 * Opens a logger's file, a text file or workbook, and finds the header above its readings. Refusals: those of opening a file,
 * `LOGGER_COLUMNS` where no row names a time and a temperature and none was given.
 */
export async function openLogger(
  path: string,
  layout: { readonly headerRow?: number | undefined } | undefined,
  signal?: AbortSignal,
): Promise<OpenLogger> {
  const file = await openSource(path);
  const [sheet] = file.rows.sheets;
  if (sheet === undefined) throw new PortbookError('FILE_NO_SHEET', {});
  const all: LoggerRow[] = [];
  await file.rows.read(
    sheet,
    ({ no, texts }) => {
      all.push({ no, texts });
      return true;
    },
    signal,
  );
  const filled = all.filter(({ texts }) => texts.some((text) => text.trim() !== ''));
  const top = filled.slice(0, TOP_ROWS);
  if (layout?.headerRow === 0 && filled.length > 0) {
    const width = filled.reduce((most, { texts }) => Math.max(most, texts.length), 0);
    return {
      name: file.name,
      sha256: file.sha256,
      headerRow: 0,
      headers: Array.from({ length: width }, () => ''),
      top,
      rows: filled,
      mapping: {},
      isFahrenheit: false,
    };
  }
  const header =
    layout?.headerRow === undefined
      ? all.find(({ no, texts }) => {
          const { at, temperature } = loggerMapping(texts);
          return no <= HEADER_ROWS && at !== undefined && temperature !== undefined && at !== temperature;
        })
      : all.find(({ no }) => no === layout.headerRow);
  const chosen = header ?? all.find(({ texts }) => texts.filter((text) => text.trim() !== '').length >= 2);
  if (chosen === undefined) throw new PortbookError('LOGGER_COLUMNS', { name: file.name }, 'file');
  const mapping = loggerMapping(chosen.texts);
  return {
    name: file.name,
    sha256: file.sha256,
    headerRow: chosen.no,
    headers: chosen.texts,
    top,
    rows: all.filter(({ no }) => no > chosen.no),
    mapping,
    isFahrenheit: mapping.temperature !== undefined && saysFahrenheit(chosen.texts[mapping.temperature] ?? ''),
  };
}

/** The readings by a mapping; none while a column is missing. Where several orders of date fit, the first is taken until one is given. */
export function readingsIn(
  opened: OpenLogger,
  mapping: { readonly [K in keyof LoggerMapping]?: LoggerMapping[K] | undefined },
  layout:
    | {
        readonly order?: DateOrder | undefined;
        readonly isFahrenheit?: boolean | undefined;
        readonly offsetMinutes?: number | undefined;
      }
    | undefined,
): LoggerReadings & { readonly orders: DateOrder[]; readonly offsetMinutes: number } {
  const { at, temperature, time } = mapping;
  const offsetMinutes = layout?.offsetMinutes ?? CHINA_MINUTES;
  if (at === undefined || temperature === undefined) return { readings: [], failed: [], orders: [], offsetMinutes };
  const orders = possibleOrders(opened.rows.map(({ texts }) => texts[at] ?? ''));
  const order = layout?.order ?? orders[0] ?? 'ymd';
  const read = readLogger(opened.rows, {
    mapping: { at, temperature, ...(time === undefined ? {} : { time }) },
    order,
    isFahrenheit: layout?.isFahrenheit ?? opened.isFahrenheit,
    offsetMinutes,
  });
  return { ...read, orders, offsetMinutes };
}

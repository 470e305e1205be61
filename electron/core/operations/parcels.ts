import type { parcels } from '../../../shared/contract/parcels.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { fenText } from '../../../shared/stock/index.ts';
import type { Context, Handlers } from '../context.ts';
import { parcelReport } from '../exporters/parcel-report.ts';
import { writeReportWorkbook } from '../exporters/report-workbook.ts';
import {
  excludedParcels,
  listParcels,
  type ParcelSums,
  parcelCells,
  removeParcel,
  saveParcel,
} from '../store/parcels.ts';

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['shipments', 'documents'] });

/** The name of a code in a table; the code itself where it has none. */
function naming({ resources }: Context, table: 'country' | 'hs_chapter') {
  const entries = resources.table(table);
  return (code: string): { zh: string; en: string } => {
    const found = entries.lookup(code);
    return { zh: found?.zh ?? code, en: found?.en ?? found?.zh ?? code };
  };
}

const sumsOf = ({ parcels: n, lines, fen, unrated }: ParcelSums) => ({
  ...{ parcels: n, lines, unrated },
  amountCny: fenText(fen),
});
const none: ParcelSums = { parcels: 0, lines: 0, fen: 0, unrated: 0 };

/** Register of courier and mail parcels and personal articles (快件、邮件、个人物品). */
export const parcelHandlers: Handlers<keyof typeof parcels> = {
  'parcels.list': (filter, context) => {
    const country = naming(context, 'country');
    const { rows, ...rest } = listParcels(context.book, filter);
    return { ...rest, rows: rows.map((one) => ({ ...one, countryName: country(one.country) })) };
  },

  'parcels.save': (input, context) => {
    const { book, resources } = context;
    const { country, waybillNo, lineNo, kind } = input;
    if (country !== '' && !resources.table('country').has(country))
      throw new PortbookError('COUNTRY_UNKNOWN', { country }, 'country');
    const now = context.now();
    const id = book.transaction(() => {
      const saved = saveParcel(book, input, now);
      book.audit('parcel.saved', waybillNo, { line: lineNo, kind }, now);
      return saved;
    });
    changed(context);
    return { id };
  },

  'parcels.remove': ({ id }, context) => {
    const { book } = context;
    const now = context.now();
    book.transaction(() => book.audit('parcel.removed', removeParcel(book, id), {}, now));
    changed(context);
    return {};
  },

  'parcels.month': ({ period, by }, context) => {
    const { book } = context;
    const [country, hs2] = [naming(context, 'country'), naming(context, 'hs_chapter')];
    const total = parcelCells(book, period, []);
    const of = (direction: 'out' | 'in') => sumsOf(total.find((cell) => cell.direction === direction) ?? none);
    return {
      period,
      total: { out: of('out'), in: of('in') },
      excluded: excludedParcels(book, period),
      rows: parcelCells(book, period, by).map((cell) => ({
        ...{ direction: cell.direction, kind: cell.kind, country: cell.country, hs2: cell.hs2 },
        ...{ countryName: country(cell.country), hs2Name: hs2(cell.hs2) },
        ...sumsOf(cell),
      })),
    };
  },

  'parcels.export': async ({ period, to }, context) => {
    const { book, files, signal, progress } = context;
    const [country, hs2] = [naming(context, 'country'), naming(context, 'hs_chapter')];
    const rows = await writeReportWorkbook(
      files.pathOf(to, 'write'),
      parcelReport(book, period, { country: (code) => country(code).zh, hs2: (code) => hs2(code).zh }),
      { signal, progress: (done) => progress({ phase: 'write', done, total: 0 }) },
    );
    return { rows };
  },
};

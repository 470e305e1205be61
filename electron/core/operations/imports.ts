import { importFields } from '../../../shared/import/fields.ts';
import type { Handlers } from '../context.ts';
import { writeFailedRows } from '../exporters/failed-rows.ts';
import { writeTemplate } from '../exporters/template.ts';
import { mendRows } from '../importers/mend.ts';
import { planImport } from '../importers/plan.ts';
import { commitRun, dryRun, importAtOnce } from '../importers/run.ts';
import { openSource } from '../importers/source.ts';
import type { Book } from '../store/book.ts';
import { committedBefore, countFailures, type Failure, listFailures, requireRun } from '../store/imports.ts';
import { productsToClassify, productView } from '../store/products.ts';

/** How many failed rows an answer carries; the rest is in the run and in the failed-rows file. */
const namedFailures = 500;

type FailureView = { rowNo: number; cells: string[]; reasons: Failure['reasons'][number][] };

function failureView({ rowNo, cells, reasons }: Failure): FailureView {
  return { rowNo, cells: [...cells], reasons: [...reasons] };
}

/** All failed rows of a run, a page at a time. */
function* allFailures(book: Book, runId: number): Generator<Failure> {
  let after = 0;
  for (;;) {
    const page = listFailures(book, runId, after, 1000);
    yield* page;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.rowNo;
  }
}

const before = (at: string | undefined): { importedBefore?: string } =>
  at === undefined ? {} : { importedBefore: at };

export const importHandlers: Handlers<
  | 'imports.inspect'
  | 'imports.dryRun'
  | 'imports.failures'
  | 'imports.mend'
  | 'imports.commit'
  | 'imports.run'
  | 'imports.writeFailed'
  | 'imports.writeTemplate'
> = {
  'imports.inspect': async (input, { book, files }) => {
    const file = await openSource(files.pathOf(input.file, 'read'));
    const { plan, preview } = await planImport(book, file, input);
    return {
      fileName: file.name,
      sheets: [...file.rows.sheets],
      sheet: plan.sheet,
      headerRow: plan.headerRow,
      headers: [...plan.headers],
      preview,
      fields: importFields[plan.kind].map(({ id, required }) => ({ id, required })),
      mapping: { ...plan.mapping },
      mappingFrom: plan.mappingFrom,
      ...before(committedBefore(book, plan.kind, file.sha256)),
      ...(plan.accountId === undefined ? {} : { accountId: plan.accountId }),
    };
  },

  'imports.dryRun': async (input, context) => {
    const file = await openSource(context.files.pathOf(input.file, 'read'));
    const { plan } = await planImport(context.book, file, input);
    const { runId, counts, findings } = await dryRun(context, file, plan);
    return { runId, counts, headers: [...plan.headers], mapping: { ...plan.mapping }, findings: [...findings] };
  },

  'imports.failures': (input, { book }) => {
    const run = requireRun(book, input.runId);
    return {
      kind: run.kind,
      rows: listFailures(book, run.id, input.afterRow, input.limit).map(failureView),
      total: countFailures(book, run.id),
      headers: [...run.options.headers],
      mapping: { ...run.options.mapping },
    };
  },

  'imports.mend': (input, { book, resources }) => {
    const { mended, rows, failed } = mendRows(book, resources, input.runId, input.rows);
    return { mended, rows: rows.map(failureView), failed };
  },

  'imports.commit': async (input, context) => {
    const file = await openSource(context.files.pathOf(input.file, 'read'));
    const { counts, findings } = await commitRun(context, input.runId, file);
    return { counts, findings: [...findings] };
  },

  'imports.run': async (input, context) => {
    const { book, files } = context;
    const file = await openSource(files.pathOf(input.file, 'read'));
    const { plan } = await planImport(book, file, input);
    const earlier = committedBefore(book, plan.kind, file.sha256);
    const { runId, counts, failures, findings } = await (input.dryRun ? dryRun : importAtOnce)(context, file, plan);
    if (input.failedTo !== undefined && failures.length > 0) {
      await writeFailedRows(files.pathOf(input.failedTo, 'write'), plan.headers, failures);
    }
    return {
      runId,
      counts,
      ...before(earlier),
      findings: [...findings],
      failures: failures.slice(0, namedFailures).map(failureView),
    };
  },

  'imports.writeFailed': async (input, { book, files }) => {
    const run = requireRun(book, input.runId);
    const rows = await writeFailedRows(files.pathOf(input.to, 'write'), run.options.headers, allFailures(book, run.id));
    return { rows };
  },

  'imports.writeTemplate': async (input, { book, files }) => {
    const products = input.kind === 'products' ? productsToClassify(book).map(productView) : [];
    return { rows: await writeTemplate(files.pathOf(input.to, 'write'), input.kind, products) };
  },
};

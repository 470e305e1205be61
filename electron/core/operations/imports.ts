import type { DuplicateDocument } from '../../../shared/contract/imports.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { columnsOf } from '../../../shared/import/document-fields.ts';
import { keyNamed } from '../../../shared/import/duplicates.ts';
import type { Handlers } from '../context.ts';
import { writeFailedRows } from '../exporters/failed-rows.ts';
import { writeMessageTemplate, writeTemplate } from '../exporters/template.ts';
import { mendRows } from '../importers/mend.ts';
import { columnsOfPlan, planImport } from '../importers/plan.ts';
import { receiptView, takeReceipt } from '../importers/receipt-file.ts';
import { recogniseFile } from '../importers/recognise.ts';
import { commitRun, dryRun, importAtOnce, type RunResult } from '../importers/run.ts';
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

/** Duplicates as an answer carries them. */
function duplicatesOf({ duplicates, duplicatesTotal }: RunResult): {
  duplicates: DuplicateDocument[];
  duplicatesTotal: number;
} {
  return { duplicates: [...duplicates], duplicatesTotal };
}

const before = (at: string | undefined): { importedBefore?: string } =>
  at === undefined ? {} : { importedBefore: at };

export const importHandlers: Handlers<
  | 'imports.recognise'
  | 'imports.receipts'
  | 'imports.inspect'
  | 'imports.dryRun'
  | 'imports.failures'
  | 'imports.mend'
  | 'imports.commit'
  | 'imports.run'
  | 'imports.writeFailed'
  | 'imports.writeTemplate'
> = {
  'imports.recognise': (input, { book, files }) => recogniseFile(book, files.pathOf(input.file, 'read')),

  'imports.receipts': async (input, context) => {
    const { files, book, emit } = context;
    const taken = await takeReceipt(context, files.pathOf(input.file, 'read'));
    if (taken.isNew) {
      emit({ name: 'book.changed', areas: ['documents', 'orders', 'ledger', 'money'] });
      emit({ name: 'sync.changed' });
    }
    const { spec, state, problem, isNew } = taken;
    return {
      message: spec.message,
      isNew,
      state,
      ...(problem === undefined ? {} : { problem }),
      ...receiptView(book, taken),
    };
  },

  'imports.inspect': async (input, { book, files }) => {
    const file = await openSource(files.pathOf(input.file, 'read'));
    const { plan, preview } = await planImport(book, file, input);
    const key = keyNamed(columnsOfPlan(plan), plan.key);
    return {
      fileName: file.name,
      sheets: [...file.rows.sheets],
      sheet: plan.sheet,
      headerRow: plan.headerRow,
      headers: [...plan.headers],
      preview,
      fields: columnsOf(columnsOfPlan(plan))
        .filter(({ id, isExtra }) => isExtra !== true || plan.mapping[id] !== undefined)
        .map(({ id, required }) => ({ id, required })),
      mapping: { ...plan.mapping },
      mappingFrom: plan.mappingFrom,
      ...before(committedBefore(book, plan.kind, file.sha256)),
      ...(plan.accountId === undefined ? {} : { accountId: plan.accountId }),
      ...(plan.message === undefined ? {} : { message: plan.message }),
      ...(key === undefined ? {} : { key: key[0] }),
    };
  },

  'imports.dryRun': async (input, context) => {
    const file = await openSource(context.files.pathOf(input.file, 'read'));
    const { plan } = await planImport(context.book, file, input);
    const run = await dryRun(context, file, plan);
    return {
      runId: run.runId,
      counts: run.counts,
      headers: [...plan.headers],
      mapping: { ...plan.mapping },
      findings: [...run.findings],
      ...duplicatesOf(run),
      ...(run.rowPlans === undefined ? {} : { rowPlans: run.rowPlans }),
    };
  },

  'imports.failures': (input, { book }) => {
    const run = requireRun(book, input.runId);
    return {
      kind: run.kind,
      ...(run.options.message === undefined ? {} : { message: run.options.message }),
      rows: listFailures(book, run.id, input.afterRow, input.limit).map(failureView),
      total: countFailures(book, run.id),
      headers: [...run.options.headers],
      mapping: { ...run.options.mapping },
    };
  },

  'imports.mend': (input, { book, resources, now }) => {
    const { mended, rows, failed, freed } = mendRows(book, resources, now(), input.runId, input.rows);
    return { mended, rows: rows.map(failureView), failed, freed: [...freed] };
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
    const run = await (input.dryRun ? dryRun : importAtOnce)(context, file, plan);
    const { runId, counts, failures, findings } = run;
    if (input.failedTo !== undefined && failures.length > 0) {
      await writeFailedRows(files.pathOf(input.failedTo, 'write'), plan.headers, failures);
    }
    return {
      runId,
      counts,
      ...before(earlier),
      findings: [...findings],
      failures: failures.slice(0, namedFailures).map(failureView),
      ...(plan.message === undefined ? {} : { message: plan.message }),
      ...duplicatesOf(run),
    };
  },

  'imports.writeFailed': async (input, { book, files }) => {
    const run = requireRun(book, input.runId);
    const rows = await writeFailedRows(files.pathOf(input.to, 'write'), run.options.headers, allFailures(book, run.id));
    return { rows };
  },

  'imports.writeTemplate': async (input, { book, files }) => {
    const path = files.pathOf(input.to, 'write');
    if (input.kind === 'documents') {
      if (input.message === undefined) throw new PortbookError('IMPORT_MESSAGE_MISSING', {}, 'message');
      return { rows: await writeMessageTemplate(path, catalogue[input.message]) };
    }
    const products = input.kind === 'products' ? productsToClassify(book).map(productView) : [];
    return { rows: await writeTemplate(path, input.kind, products) };
  },
};

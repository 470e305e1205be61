/** Electronic transaction data (交易电子信息) as files for the bank: CSV, the same as a workbook, what was left out, a cover sheet. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { chinaDate, chinaMessageTime } from '../../../shared/calendar/china-time.ts';
import { PortbookError } from '../../../shared/errors.ts';
import {
  electronicInformationPackId,
  electronicInformationPackSchema,
} from '../../../shared/rules/forex/electronic-information.ts';
import type { Context } from '../context.ts';
import { csvText } from '../exporters/csv-text.ts';
import { packPage } from '../exporters/paper-pack.ts';
import { writeTextSheet } from '../exporters/text-sheet.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { fileSha256 } from '../files/hash.ts';
import { packVersion } from '../obligations.ts';
import { electronicCover } from '../printing/electronic-cover.ts';
import { requireRecord } from '../store/money/records.ts';
import { type ElectronicData, type ElectronicScope, electronicColumns, leftOutRow } from './electronic-data.ts';

/** What the file covers, in words. */
function scopeText({ book }: Pick<Context, 'book'>, { recordId, from, to }: ElectronicScope): string {
  const days = from === undefined && to === undefined ? '' : `${from ?? ''} 至 ${to ?? ''}`;
  if (recordId === undefined) return `订单日期 ${days}`;
  const { number, date } = requireRecord(book, recordId);
  return `收款 ${number}（${date}）${days === '' ? '' : `，订单日期 ${days}`}`;
}

/**
 * Writes the files into a folder of their own below `parent`, so that nothing of an earlier delivery is overwritten. Refusals:
 * `FILE_NOT_WRITTEN`, `CANCELLED`.
 * @returns SHA-256 of the CSV, names of the files below `parent`
 */
export async function writeElectronicData(
  context: Context,
  scope: ElectronicScope,
  data: ElectronicData,
  parent: string,
): Promise<{ sha256: string; files: string[]; cover: 'pdf' | 'html' }> {
  const { book } = context;
  const now = context.now();
  const name = `交易电子信息-${chinaMessageTime(now)}`;
  const folder = path.join(parent, name);
  const steps = 4;
  const step = (done: number): void => {
    if (context.signal.aborted) throw new PortbookError('CANCELLED');
    context.progress({ phase: 'electronicData.export', done, total: steps });
  };
  try {
    step(0);
    mkdirSync(folder, { recursive: true });
    const header = electronicColumns.map((column) => column.header);
    const cells = data.rows.map((row) => electronicColumns.map(({ of }) => of(row)));
    writeFileAtomically(path.join(folder, 'transactions.csv'), csvText(header, cells));
    step(1);
    const columns = electronicColumns.map((column) => ({ header: column.header, width: 20 }));
    await writeTextSheet(path.join(folder, 'transactions.xlsx'), '交易电子信息', columns, cells);
    step(2);
    const files = ['transactions.csv', 'transactions.xlsx'];
    if (data.out.length > 0) {
      writeFileAtomically(
        path.join(folder, 'left-out.csv'),
        csvText(['订单编号', '未列入的原因'], data.out.map(leftOutRow)),
      );
      files.push('left-out.csv');
    }
    const named = await Promise.all(
      files.map(async (file) => ({
        name: file,
        size: statSync(path.join(folder, file)).size,
        sha256: await fileSha256(path.join(folder, file)),
      })),
    );
    const profile = book.profile();
    const { source } = packVersion(
      context,
      electronicInformationPackId,
      electronicInformationPackSchema,
      chinaDate(now),
    );
    const { transactions, totals, totalUsd, unrated, limitUsd, rows, leftOut } = data;
    step(3);
    const cover = await packPage(
      context,
      'cover',
      electronicCover({
        firm: profile.name,
        uscc: profile.uscc,
        madeOn: chinaDate(now),
        scope: scopeText(context, scope),
        ...{ transactions, totals, totalUsd, unrated, limitUsd, leftOut, source },
        overLimit: rows.filter(({ overLimit }) => overLimit),
        excepted: rows.filter(({ exception }) => exception !== '').length,
        fields: header,
        files: named,
      }),
    );
    writeFileAtomically(path.join(folder, cover.path), cover.bytes());
    step(steps);
    return {
      sha256: named[0]?.sha256 ?? '',
      files: [...files, cover.path].map((file) => path.join(name, file)),
      cover: cover.isPdf ? 'pdf' : 'html',
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'syscall' in error)
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: String(error.code) });
    throw error;
  }
}

import { once } from 'node:events';
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Worksheet } from 'exceljs';
import { PortbookError } from '../../../shared/errors.ts';
import { exponentOf } from '../../../shared/money/index.ts';
import { categoryTexts, groupTexts, type PayoutText, proofTexts, sheetTexts } from '../../../shared/payouts/index.ts';
import { syncFolder } from '../files/atomic.ts';
import type { Book } from '../store/book.ts';
import { payoutLinePages, requirePayout } from '../store/money/payouts.ts';
import { exactCell, harmlessText } from './text-sheet.ts';
import type { WorksheetPaper } from './worksheet-workbook.ts';

/**
 * The explosion of a payout as a workbook: from gross to net, by month, by description, every line. Amounts are numbers. The file appears
 * whole or not at all. Refusals: `PAYOUT_UNKNOWN` {id}, `FILE_NOT_WRITTEN`.
 * @returns how many lines
 */
export async function writePayoutWorkbook(
  path: string,
  book: Book,
  id: number,
  paper: WorksheetPaper,
): Promise<number> {
  const payout = requirePayout(book, id);
  const { default: ExcelJS } = await import('exceljs');
  const word = (text: PayoutText): string => (paper.locale === 'zh-CN' ? text.zh : text.en);
  const digits = exponentOf(payout.currency);
  const money = digits === 0 ? '#,##0' : `#,##0.${'0'.repeat(digits)}`;
  const partial = `${path}.${process.pid}.partial`;
  try {
    const stream = createWriteStream(partial, { mode: 0o600 });
    await once(stream, 'open');
    const workbook = new ExcelJS.stream.xlsx.WorkbookWriter({ stream, useStyles: true, useSharedStrings: true });
    const add = (
      title: PayoutText,
      columns: readonly (readonly [PayoutText, number])[],
      amounts: readonly number[],
    ): Worksheet => {
      const sheet = workbook.addWorksheet(word(title), { views: [{ state: 'frozen', ySplit: 1 }] });
      sheet.columns = columns.map(([name, width], at) => ({
        header: word(name),
        width,
        ...(amounts.includes(at) ? { style: { numFmt: `${money};-${money}` } } : {}),
      }));
      sheet.getRow(1).font = { bold: true };
      return sheet;
    };
    const steps = add(
      sheetTexts.summary,
      [
        [sheetTexts.step, 20],
        [sheetTexts.category, 24],
        [sheetTexts.count, 10],
        [sheetTexts.amount, 18],
      ],
      [3],
    );
    for (const { group, amount, lines, categories } of payout.steps) {
      steps.addRow([word(groupTexts[group]), '', lines, exactCell(amount)]).font = { bold: true };
      for (const one of categories)
        steps.addRow(['', word(categoryTexts[one.category]), one.lines, exactCell(one.amount)]);
    }
    steps.addRow([word(sheetTexts.total), payout.currency, payout.lines, exactCell(payout.total)]).font = {
      bold: true,
    };
    steps.addRow([]);
    const facts: readonly (readonly [PayoutText, string])[] = [
      [sheetTexts.firm, paper.firm],
      [sheetTexts.report, paper.locale === 'zh-CN' ? payout.layoutZh : payout.layoutEn],
      [sheetTexts.store, payout.store],
      [sheetTexts.number, payout.number],
      [sheetTexts.days, `${payout.fromOn} — ${payout.toOn}`],
      [sheetTexts.zone, payout.zone],
      [sheetTexts.depositOn, payout.depositOn ?? ''],
      [sheetTexts.deposit, payout.deposit ?? ''],
      [sheetTexts.proof, word(proofTexts[payout.proof])],
      [sheetTexts.reserves, `${payout.reserveOpening} / ${payout.reserveClosing}`],
      [sheetTexts.file, payout.fileName],
      [sheetTexts.madeOn, paper.madeOn],
    ];
    for (const [name, value] of facts) steps.addRow([word(name), harmlessText(value)]);
    steps.commit();

    const months = add(
      sheetTexts.months,
      [
        [sheetTexts.month, 12],
        [sheetTexts.category, 24],
        [sheetTexts.count, 10],
        [sheetTexts.amount, 18],
        [sheetTexts.document, 18],
      ],
      [3],
    );
    for (const { month, categories, document, amount } of payout.months) {
      for (const one of categories)
        months.addRow([
          month,
          word(categoryTexts[one.category]),
          one.lines,
          exactCell(one.amount),
          document?.number ?? '',
        ]);
      months.addRow([month, word(sheetTexts.total), '', exactCell(amount), document?.number ?? '']).font = {
        bold: true,
      };
    }
    months.commit();

    const kinds = add(
      sheetTexts.kinds,
      [
        [sheetTexts.type, 24],
        [sheetTexts.detail, 44],
        [sheetTexts.category, 24],
        [sheetTexts.count, 10],
        [sheetTexts.amount, 18],
      ],
      [4],
    );
    for (const { type, detail, category, lines, amount } of payout.kinds)
      kinds.addRow([harmlessText(type), harmlessText(detail), word(categoryTexts[category]), lines, exactCell(amount)]);
    kinds.commit();

    const sheet = add(
      sheetTexts.lineSheet,
      [
        [sheetTexts.row, 10],
        [sheetTexts.postedOn, 14],
        [sheetTexts.ownOn, 14],
        [sheetTexts.orderNo, 24],
        [sheetTexts.sku, 22],
        [sheetTexts.qty, 10],
        [sheetTexts.category, 20],
        [sheetTexts.type, 20],
        [sheetTexts.detail, 40],
        [sheetTexts.amount, 16],
      ],
      [9],
    );
    let rows = 0;
    for (const page of payoutLinePages(book, id)) {
      for (const line of page) {
        rows += 1;
        sheet
          .addRow([
            line.sourceRow,
            line.postedOn,
            line.ownOn,
            harmlessText(line.orderNo ?? ''),
            harmlessText(line.sku ?? ''),
            exactCell(line.qty ?? ''),
            word(categoryTexts[line.category]),
            harmlessText(line.type),
            harmlessText(line.detail),
            exactCell(line.amount),
          ])
          .commit();
      }
      // A report of a season has a hundred thousand lines: others are answered between its pages.
      await setImmediate();
    }
    sheet.commit();
    await workbook.commit();
    renameSync(partial, path);
    syncFolder(dirname(path));
    return rows;
  } catch (error) {
    rmSync(partial, { force: true });
    if (error instanceof Error && 'code' in error && !(error instanceof PortbookError))
      throw new PortbookError('FILE_NOT_WRITTEN', { detail: String(error.code) });
    throw error;
  }
}

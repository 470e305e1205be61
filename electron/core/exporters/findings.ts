import ExcelJS from 'exceljs';
import { textOfFinding } from '../../../shared/rules/customs/index.ts';
import type { Book } from '../store/book.ts';
import { listFindings } from '../store/documents.ts';

const PAGE = 500;

const columns = [
  { header: '级别 Level', key: 'level', width: 12 },
  { header: '单证 Document', key: 'kind', width: 16 },
  { header: '编号 Number', key: 'number', width: 32 },
  { header: '位置 Field', key: 'path', width: 32 },
  { header: '问题 Finding', key: 'message', width: 60 },
  { header: '原因 Why', key: 'why', width: 60 },
  { header: '如何修改 Remedy', key: 'remedy', width: 60 },
  { header: '规则 Rule', key: 'rule', width: 20 },
  { header: '依据 Source', key: 'source', width: 40 },
] as const;

const levels = { reject: '会退单', doubt: '可能退单', note: '提示' } as const;

/** Writes every finding on drafts into a workbook, one row each, all cells text. Returns the rows written. */
export async function writeFindings(book: Book, path: string): Promise<number> {
  const writer = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: path });
  const sheet = writer.addWorksheet('检查结果', { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map((column) => ({ ...column, style: { numFmt: '@' } }));
  let rows = 0;
  let after: string | undefined;
  do {
    const page = listFindings(book, undefined, { after, limit: PAGE });
    for (const { businessKey, kind, ...finding } of page.rows) {
      // A rule without a text is still a finding: its id stands in.
      const text = textOfFinding(finding, 'zh-CN') ?? { message: finding.rule, why: '', remedy: '' };
      const { message, why, remedy } = text;
      const { path: place, rule, source } = finding;
      const level = levels[finding.level];
      sheet.addRow({ level, kind, number: businessKey, path: place, message, why, remedy, rule, source }).commit();
      rows += 1;
    }
    after = page.nextCursor;
  } while (after !== undefined);
  sheet.commit();
  await writer.commit();
  return rows;
}

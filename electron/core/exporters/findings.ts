import type { FindingView } from '../../../shared/contract/common.ts';
import { checkRules, ruleTexts, textOfFinding } from '../../../shared/rules/customs/index.ts';
import type { Book } from '../store/book.ts';
import { rulesOff } from '../store/check-facts.ts';
import { listFindings } from '../store/documents.ts';
import { writeTextSheet } from './text-sheet.ts';

const PAGE = 500;

const columns = [
  { header: '级别 Level', width: 12 },
  { header: '单证 Document', width: 16 },
  { header: '编号 Number', width: 32 },
  { header: '位置 Field', width: 32 },
  { header: '问题 Finding', width: 60 },
  { header: '原因 Why', width: 60 },
  { header: '如何修改 Remedy', width: 60 },
  { header: '规则 Rule', width: 20 },
  { header: '依据 Source', width: 40 },
];

const levels: Readonly<Record<FindingView['level'], string>> = { reject: '会退单', doubt: '可能退单', note: '提示' };

/** Writes every finding on drafts into a workbook, one row each, then the checks switched off. Returns the rows written. Refusal: `FILE_NOT_WRITTEN`. */
export function writeFindings(book: Book, path: string): Promise<number> {
  return writeTextSheet(path, '检查结果', columns, rowsOf(book));
}

function* rowsOf(book: Book): Generator<string[]> {
  let after: string | undefined;
  do {
    const page = listFindings(book, undefined, { after, limit: PAGE });
    for (const finding of page.rows) {
      // A rule without a text is still a finding: its id stands in.
      const text = textOfFinding(finding, 'zh-CN') ?? { message: finding.rule, why: '', remedy: '' };
      const { level, kind, businessKey, path, rule, source } = finding;
      yield [levels[level], kind, businessKey, path, text.message, text.why, text.remedy, rule, source];
    }
    after = page.nextCursor;
  } while (after !== undefined);
  // What was not looked at stands on the report too, with the reason given.
  const names = new Set(checkRules.map(({ id }) => id));
  for (const { rule, reason, changedAt } of rulesOff(book)) {
    if (!names.has(rule)) continue;
    const text = ruleTexts['zh-CN'][rule];
    yield ['已关闭', '', '', '', text?.title ?? rule, reason, '', rule, changedAt.slice(0, 10)];
  }
}

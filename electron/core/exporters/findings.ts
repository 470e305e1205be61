import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { FindingView } from '../../../shared/contract/common.ts';
import { reportColumn } from '../../../shared/reports/sheet.ts';
import { checkRules, ruleTexts, textOfFinding } from '../../../shared/rules/customs/index.ts';
import type { Book } from '../store/book.ts';
import { rulesOff } from '../store/check-facts.ts';
import { listFindings } from '../store/documents.ts';
import type { ReportDocument } from './report-document.ts';
import { writeTextSheet } from './text-sheet.ts';

const PAGE = 500;

/** Columns of the workbook and of the print, in Chinese and in both languages. */
const columns = [
  { id: 'level', zh: '级别', en: 'Level', width: 12 },
  { id: 'kind', zh: '单证', en: 'Document', width: 16 },
  { id: 'number', zh: '编号', en: 'Number', width: 32 },
  { id: 'path', zh: '位置', en: 'Field', width: 32 },
  { id: 'finding', zh: '问题', en: 'Finding', width: 60 },
  { id: 'why', zh: '原因', en: 'Why', width: 60 },
  { id: 'remedy', zh: '如何修改', en: 'Remedy', width: 60 },
  { id: 'reason', zh: '放行理由', en: 'Reason to go on', width: 40 },
  { id: 'rule', zh: '规则', en: 'Rule', width: 20 },
  { id: 'source', zh: '依据', en: 'Source', width: 40 },
] as const;

const levels: Readonly<Record<FindingView['level'], string>> = { reject: '会退单', doubt: '可能退单', note: '提示' };

/**
 * Writes the findings on every draft, or on one document, into a workbook, one row each, then the checks switched off. Returns the rows
 * written. Refusal: `FILE_NOT_WRITTEN`.
 */
export function writeFindings(book: Book, path: string, documentId?: number): Promise<number> {
  const heads = columns.map(({ zh, en, width }) => ({ header: `${zh} ${en}`, width }));
  return writeTextSheet(path, '检查结果', heads, rowsOf(book, documentId));
}

/** 检查报告: the same rows to be printed. @param date the day it is of */
export function findingsReport(book: Book, date: string, documentId?: number): ReportDocument {
  const rows = [...rowsOf(book, documentId)];
  const off = rows.filter(([level]) => level === OFF).length;
  return {
    title: '检查报告',
    form: '',
    firm: book.profile().name,
    period: date,
    unit: `问题 ${rows.length - off} 项；已关闭的检查 ${off} 条`,
    columns: columns.map(({ id, zh, width }) => reportColumn(id, zh, 'text', width)),
    rows: rows.map((cells, at) => ({ key: String(at), cells, ...(cells[0] === OFF ? { tone: 'muted' } : {}) })),
  };
}

const OFF = '已关闭';

/** The reason with who gave it and when; what goes on without one says so. */
function reasonOf({ rule, level, reason }: FindingView): string {
  // Doubts of the match of records (三单) go on by the firm's setting for it; exceptions are accepted there.
  if (reason === undefined && rule.startsWith('MATCH-')) return level === 'doubt' ? '按三单比对的设置放行' : '';
  if (reason === undefined) return level === 'doubt' ? '未写理由' : '';
  return `${reason.text}（${reason.by} ${chinaDate(reason.at)}）`;
}

function* rowsOf(book: Book, documentId: number | undefined): Generator<string[]> {
  let after: string | undefined;
  do {
    const page = listFindings(book, { documentId }, { after, limit: PAGE });
    for (const finding of page.rows) {
      // A rule without a text is still a finding: its id stands in.
      const text = textOfFinding(finding, 'zh-CN') ?? { message: finding.rule, why: '', remedy: '' };
      const { level, kind, businessKey, path, rule, source } = finding;
      yield [
        levels[level],
        kind,
        businessKey,
        path,
        text.message,
        text.why,
        text.remedy,
        reasonOf(finding),
        rule,
        source,
      ];
    }
    after = page.nextCursor;
  } while (after !== undefined);
  // What was not looked at stands on the report too: the reason given, when and by whom.
  const names = new Set(checkRules.map(({ id }) => id));
  for (const { rule, reason, changedAt, by } of rulesOff(book)) {
    if (!names.has(rule)) continue;
    const text = ruleTexts['zh-CN'][rule];
    yield [OFF, '', '', '', text?.title ?? rule, reason, '', '', rule, `${changedAt.slice(0, 10)} ${by}`.trim()];
  }
}

import { escapeHtml, printFont } from './html.ts';

/** What stands on the sheet a firm keeps in its safe. */
export interface RecoverySheet {
  readonly bookName: string;
  /** Empty for a natural person. */
  readonly uscc: string;
  readonly bookId: string;
  /** Groups of four joined by hyphens. */
  readonly recoveryKey: string;
  /** `yyyy-mm-dd`. */
  readonly date: string;
}

const explanation = [
  '忘记口令时，用这串恢复密钥打开账套。It opens the book when the passphrase is forgotten.',
  '任何拿到它和账套文件的人都能打开账套：请装入信封，与公章一起保管。Whoever has it and the files can open the book: keep it in a safe.',
  '没有口令、也没有恢复密钥，谁也打不开这个账套，包括软件作者。Without either, nobody can open the book, its authors included.',
  '最后一组用来发现抄写错误；字母 O 与数字 0、I/L 与 1 输入时不分。The last group only finds typing mistakes; O is 0, I and L are 1.',
];

/** The sheet as one whole page, styles inside, no script, nothing fetched. */
export function recoverySheetHtml(sheet: RecoverySheet): string {
  const groups = sheet.recoveryKey
    .split('-')
    .map((group) => `<span>${escapeHtml(group)}</span>`)
    .join('');
  return `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>恢复密钥 Recovery key</title><style>
@page { size: A4; margin: 20mm; }
body { font-family: ${printFont}; color: #1c1a17; line-height: 1.6; }
h1 { font-size: 20pt; margin: 0 0 6mm; }
dl { display: grid; grid-template-columns: 50mm 1fr; gap: 2mm; }
dt { color: #6b645a; } dd { margin: 0; }
.key { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4mm; margin: 10mm 0; padding: 6mm; border: 1pt solid #1c1a17; }
.key span { font: 22pt ${printFont}; text-align: center; letter-spacing: 0.1em; }
</style></head><body>
<h1>账套恢复密钥 Recovery key</h1>
<dl><dt>账套 Book</dt><dd>${escapeHtml(sheet.bookName)}</dd>
${sheet.uscc === '' ? '' : `<dt>统一社会信用代码 Credit code</dt><dd>${escapeHtml(sheet.uscc)}</dd>`}
<dt>账套编号 Book id</dt><dd>${escapeHtml(sheet.bookId)}</dd>
<dt>打印日期 Printed on</dt><dd>${escapeHtml(sheet.date)}</dd></dl>
<div class="key">${groups}</div>
<ul>${explanation.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>
</body></html>`;
}

/** The same sheet as plain text, for where nothing prints pages. */
export function recoverySheetText(sheet: RecoverySheet): string {
  const lines = [
    '账套恢复密钥 Recovery key',
    '',
    `账套 Book: ${sheet.bookName}`,
    ...(sheet.uscc === '' ? [] : [`统一社会信用代码 Credit code: ${sheet.uscc}`]),
    `账套编号 Book id: ${sheet.bookId}`,
    `打印日期 Printed on: ${sheet.date}`,
    '',
    `    ${sheet.recoveryKey}`,
    '',
    ...explanation.map((line) => `- ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

import { expect, it } from 'vitest';
import { documentRules } from '../../shared/documents/validate.ts';
import { checkRules, type RuleText, ruleTexts } from '../../shared/rules/customs/index.ts';
import { forexFormRules } from '../../shared/rules/forex-forms/rules.ts';
import { personRules } from '../../shared/rules/person/filings.ts';

/** docs/checks.md is what the checks say of themselves; after changing one run `npx vitest run -u tests/core/check-docs.test.ts`. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
function textsOf(id: string): { zh: RuleText; en: RuleText } {
  const [zh, en] = [ruleTexts['zh-CN'][id], ruleTexts.en[id]];
  if (zh === undefined || en === undefined) throw new Error(`no text of ${id}`);
  return { zh, en };
}
const both = (id: string, part: 'title' | 'remedy'): string => {
  const { zh, en } = textsOf(id);
  return `${zh[part]} · ${en[part]}`;
};
const short = (message: string): string => message.replace('Message', '');

it('every check is documented as the program has it', async () => {
  const of = (prefix: string) => checkRules.filter(({ id }) => id.startsWith(prefix));
  const rows = (rules: typeof checkRules) =>
    rules.map(({ id, level, source, messages }) => [
      `\`${id}\``,
      level,
      both(id, 'title'),
      both(id, 'remedy'),
      messages.map(short).join(' '),
      source,
    ]);
  const head = ['Check', 'Level', 'What it finds', 'Remedy', 'Messages', 'Source'];
  const total = checkRules.length + documentRules.length + forexFormRules.length + personRules.length;
  const page = [
    '# Checks (检查规则)',
    '',
    'Made from the program: `npx vitest run -u tests/core/check-docs.test.ts`. Levels: `reject` stops a document from being queued, `doubt`',
    'lets it go on with a reason, `note` is worth knowing. A check of the second and third table can be switched off with a reason, which',
    'stands on the report. Figures are in `resources/rules/customs-9610.json` and `resources/rules/customs-checks.json`.',
    '',
    `${total} checks.`,
    '',
    '## Single fields',
    '',
    table(
      ['Check', 'What it finds', 'Remedy'],
      documentRules.map((id) => [`\`${id}\``, both(id, 'title'), both(id, 'remedy')]),
    ),
    '',
    '## Retail export: order, receipt of payment, waybill and list',
    '',
    table(head, rows(of('C-'))),
    '',
    '## Every message, and what the book knows',
    '',
    table(head, rows(of('M-'))),
    '',
    '## Goods declaration (报关单)',
    '',
    table(head, rows(of('D-'))),
    '',
    '## Forms of foreign exchange',
    '',
    table(
      ['Check', 'Level', 'What it finds', 'Remedy'],
      forexFormRules.map(({ id, level }) => [`\`${id}\``, level, both(id, 'title'), both(id, 'remedy')]),
    ),
    '',
    '## Books of natural persons (个人)',
    '',
    'What of each message is known is in `resources/rules/person-filings.json`.',
    '',
    table(
      ['Check', 'Level', 'What it finds', 'Remedy'],
      personRules.map(({ id, level }) => [`\`${id}\``, level, both(id, 'title'), both(id, 'remedy')]),
    ),
    '',
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/checks.md');
});

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Core } from '../../electron/core/core.ts';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { Bilingual, RuleInput } from '../../shared/contract/tax.ts';
import { coreAt, must } from '../fixtures/trade.ts';

/** docs/rules.md is what the calculators say of themselves; after changing one run `npx vitest run -u tests/core/rule-docs.test.ts`. */
let folder = '';
let core: Core;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'portbook-rule-docs-'));
  core = coreAt(folder);
});
afterAll(async () => {
  await core.close();
  rmSync(folder, { recursive: true, force: true });
});

type Explained = OutputOf<'rules.explain'>;

const both = ({ zh, en }: Bilingual): string => (zh === en ? zh : `${zh} · ${en}`);
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Fields of lists and groups stand under their own, as `lines.qty`. */
function inputRows(inputs: readonly RuleInput[], before = ''): string[][] {
  return inputs.flatMap(({ name, label, kind, required, options, fields }) => [
    [
      `\`${before}${name}\``,
      both(label),
      options === undefined ? kind : `${kind}: ${options.map((option) => `\`${option}\``).join(', ')}`,
      required ? '✓' : '',
    ],
    ...inputRows(fields ?? [], `${before}${name}.`),
  ]);
}

function section(rule: Explained): string {
  const parts = [
    `## ${rule.id} ${both(rule.title)}`,
    `Rule ${rule.rule}. Source: ${rule.source}${rule.inForceFrom === null ? '' : `. In force from ${rule.inForceFrom}`}.`,
  ];
  if (rule.packDetails.length > 0)
    parts.push(
      table(
        ['Pack', 'From', 'To', 'Source', 'Reliability'],
        rule.packDetails.flatMap((pack) =>
          pack.versions.map((version) => [
            `\`${pack.id}\` ${both(pack.title)}`,
            version.inForceFrom,
            version.inForceTo ?? '',
            version.source === '' ? pack.source : version.source,
            version.reliability,
          ]),
        ),
      ),
    );
  parts.push(table(['Input', 'Meaning', 'Kind', 'Required'], inputRows(rule.inputs)));
  if (rule.outputs.length > 0)
    parts.push(
      table(
        ['Output', 'Meaning'],
        rule.outputs.map(({ name, label }) => [`\`${name}\``, both(label)]),
      ),
    );
  if (rule.settingDetails.length > 0)
    parts.push(
      [
        'Unclear points (the first choice is the default):',
        '',
        ...rule.settingDetails.map(
          ({ id, title, options }) =>
            `- \`${id}\` ${both(title)}: ${options.map((option) => `\`${option.id}\` ${both(option.title)}`).join('; ')}`,
        ),
      ].join('\n'),
    );
  return parts.join('\n\n');
}

it('every calculator is documented as the program has it', async () => {
  const { rows } = await must(core, 'rules.list', {});
  const explained = await Promise.all(rows.map(({ id }) => must(core, 'rules.explain', { id })));
  const page = [
    '# Rules (规则)',
    '',
    'Made from the program: `npx vitest run -u tests/core/rule-docs.test.ts`. Every figure is a draft for people to check, never a',
    'filing (草稿，不构成申报). Figures of the packs are in `resources/rules/`; a firm can put its own version in their place.',
    '',
    'Reliability of a pack: V read in a copy of the text, S stated in a zone plan, K known beforehand, U unclear.',
    '',
    table(
      ['Calculator', 'Rule', 'What it computes'],
      explained.map(({ id, rule, title }) => [`\`${id}\``, rule, both(title)]),
    ),
    '',
    ...explained.flatMap((rule) => [section(rule), '']),
  ].join('\n');
  await expect(page).toMatchFileSnapshot('../../docs/rules.md');
});

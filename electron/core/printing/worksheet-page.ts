import type { Bilingual, WorksheetView } from '../../../shared/contract/tax.ts';
import { groupThousands } from '../../../shared/money/index.ts';
import { type WorksheetPaper, wordOf } from '../exporters/worksheet-workbook.ts';
import { ruleMessage, ruleText } from '../worksheets/rules.ts';
import type { Cell, ColumnType } from '../worksheets/sheet.ts';
import { sheetText } from '../worksheets/texts.ts';
import { cssText, escapeHtml, printFont } from './html.ts';

const isFigure = (type: ColumnType): boolean => type !== 'text' && type !== 'date';

/**
 * Black on white, A4; the watermark stands behind every page, tables repeat their head. Every page says whose and what it is (the
 * printer adds which of how many), so that a loose sheet finds its place.
 */
const styles = (head: string, isWide: boolean): string => `
@page { size: A4 ${isWide ? 'landscape' : 'portrait'}; margin: 16mm 12mm 14mm;
  @top-left { content: ${cssText(head)}; font: 7.5pt ${printFont}; } }
body { font-family: ${printFont}; color: #000; background: #fff; font-size: 9pt; line-height: 1.45; margin: 0; }
h1 { font-size: 15pt; margin: 0 0 2mm; } h2 { font-size: 11pt; margin: 6mm 0 2mm; break-after: avoid; }
.draft { font-weight: 700; border: 0.6pt solid #000; padding: 1mm 2mm; margin: 0 0 3mm; }
table { width: 100%; border-collapse: collapse; break-inside: auto; } tr { break-inside: avoid; }
th, td { border: 0.4pt solid #000; padding: 0.8mm 1.2mm; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead { display: table-header-group; } th { font-weight: 700; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.total td { font-weight: 700; border-top: 1.2pt solid #000; }
.wide { font-size: 7pt; } .wide th, .wide td { padding: 0.6mm 0.8mm; } .wide .figure { font-size: 6.5pt; }
td.date, td.code { white-space: nowrap; } pre, code { overflow-wrap: anywhere; }
ol.steps { margin: 0 0 3mm; padding-left: 6mm; } ol.steps li { break-inside: avoid; } code { font-family: ${printFont}; }
.watermark { position: fixed; inset: 0; display: flex; align-items: center; justify-content: center; font-size: 120pt; color: #000; opacity: 0.06; transform: rotate(-30deg); z-index: -1; }
`;

/** From this many columns on a table is set smaller. */
const wideColumns = 9;

/** A worksheet as one whole page, styles inside, no script, nothing fetched: figures, tables, findings, every step, sources. */
export function worksheetPageHtml(view: WorksheetView, paper: WorksheetPaper): string {
  const word = (cell: Cell): string => escapeHtml(wordOf(cell, paper.locale));
  const label = (id: string): string => word(sheetText(`sheet.${id}`));
  const value = (cell: Cell | undefined, type: ColumnType): string => {
    if (cell === undefined || cell === '') return '—';
    return type === 'money' && typeof cell === 'string' && /^-?\d/.test(cell) ? groupThousands(cell) : word(cell);
  };
  const td = (cell: Cell | undefined, type: ColumnType): string =>
    `<td${isFigure(type) ? ' class="figure"' : type === 'date' ? ' class="date"' : ''}>${value(cell, type)}</td>`;
  const pairs = (
    rows: readonly { readonly label: Bilingual; readonly type: ColumnType; readonly value: Cell }[],
  ): string =>
    `<table><tbody>${rows.map((row) => `<tr><th>${word(row.label)}</th>${td(row.value, row.type)}</tr>`).join('')}</tbody></table>`;

  const sections = view.sections.map(({ title, columns, rows, rowCount, totals }) => {
    const head = columns.map((column) => `<th>${word(column.label)}</th>`).join('');
    const body = rows
      .map((row) => `<tr>${columns.map(({ id, type }) => td(row.cells[id], type)).join('')}</tr>`)
      .join('');
    const total = columns.some(({ id }) => totals[id] !== undefined)
      ? `<tr class="total">${columns
          .map(({ id, type }, at) =>
            at === 0 && totals[id] === undefined ? `<td>${label('total')}</td>` : td(totals[id] ?? '', type),
          )
          .join('')}</tr>`
      : '';
    const shown =
      rows.length < rowCount ? ` ${word(sheetText('sheet.shown', { shown: rows.length, count: rowCount }))}` : '';
    return `<h2>${word(title)}${shown}</h2><table${columns.length >= wideColumns ? ' class="wide"' : ''}><thead><tr>${head}</tr></thead><tbody>${body}${total}</tbody></table>`;
  });

  const derivations = view.derivations.map(({ subject, calculation }) => {
    const { calculator } = calculation;
    const term = (name: string): string => {
      for (const key of [`step.${name}`, `input.${name}`, `result.${name}`]) {
        const text = ruleText(key, calculator);
        if (text.zh !== key) return wordOf(text, paper.locale);
      }
      return name;
    };
    const steps = calculation.steps.map((step) => {
      const inputs = Object.entries(step.inputs)
        .map(([name, text]) => `${escapeHtml(term(name))} <code>${escapeHtml(name)}</code> = ${escapeHtml(text)}`)
        .join('；');
      return `<li data-step="${escapeHtml(step.id)}">${escapeHtml(term(step.id))} <code>${escapeHtml(step.id)} = ${escapeHtml(step.formula)}</code> = <b>${escapeHtml(step.result)}</b>${inputs === '' ? '' : `<br>${inputs}`}</li>`;
    });
    const warnings = calculation.warnings.map(
      ({ code, params }) => `<li>⚠ ${word(ruleMessage(`warning.${code}`, params, calculator))}</li>`,
    );
    return `<h3>${word(ruleText(`calculator.${calculator}`, calculator))} ${escapeHtml(calculation.rule)} ${escapeHtml(subject)}</h3><ol class="steps">${[...steps, ...warnings].join('')}</ol>`;
  });

  const findings = view.findings.map(
    ({ level, rule, text, remedy }) =>
      `<tr><td>${word(sheetText(`level.${level}`))}</td><td>${escapeHtml(rule)}</td><td>${word(text)}</td><td>${word(remedy)}</td></tr>`,
  );
  const sources = view.sources.map(
    (one) =>
      `<tr><td>${escapeHtml(one.rule)}</td><td>${word(one.title)}</td><td>${escapeHtml(one.source)}</td><td>${escapeHtml(one.inForceFrom ?? '')} — ${escapeHtml(one.inForceTo ?? '')}</td><td>${one.reliability === null ? '' : word(sheetText(`reliability.${one.reliability}`))}${one.changedByFirm ? ` ${label('changedByFirm')}` : ''}</td></tr>`,
  );
  const table = (heads: readonly string[], rows: readonly string[]): string =>
    `<table><thead><tr>${heads.map((id) => `<th>${label(id)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;

  const isWide = view.sections.some(({ columns }) => columns.length >= wideColumns);
  const head = [
    wordOf(view.title, paper.locale),
    paper.firm,
    view.period,
    wordOf(sheetText('watermark'), paper.locale),
  ].join('　');
  return `<!doctype html>
<html lang="${paper.locale}"><head><meta charset="utf-8"><title>${word(view.title)}</title><style>${styles(head, isWide)}</style></head><body>
<div class="watermark">${word(sheetText('watermark'))}</div>
<h1>${word(view.title)}</h1>
<p class="draft">${word(view.disclaimer)}</p>
<p>${label('book')}：${escapeHtml(paper.firm)}　${label('period')}：${escapeHtml(view.period)}（${view.from} — ${view.to}）　${label('madeOn')}：${escapeHtml(paper.madeOn)}${view.form === undefined ? '' : `<br>${label('form')}：${word(view.form)}`}</p>
<h2>${label('results')}</h2>${pairs(view.results)}
${view.facts.length === 0 ? '' : `<h2>${label('facts')}</h2>${pairs(view.facts)}`}
${findings.length === 0 ? '' : `<h2>${label('findings')}</h2>${table(['level', 'rule', 'what', 'remedy'], findings)}`}
${sections.join('\n')}
${derivations.length === 0 ? '' : `<h2>${label('derivation')}</h2>${derivations.join('\n')}`}
<h2>${label('sources')}</h2>${table(['rule', 'what', 'source', 'inForce', 'reliability'], sources)}
</body></html>`;
}

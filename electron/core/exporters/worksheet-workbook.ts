import type { Worksheet } from 'exceljs';
import type { Bilingual, WorksheetName, WorksheetView } from '../../../shared/contract/tax.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { ruleText } from '../worksheets/rules.ts';
import type { Cell, ColumnType } from '../worksheets/sheet.ts';
import { sheetText } from '../worksheets/texts.ts';
import { harmlessText } from './text-sheet.ts';

export interface WorksheetPaper {
  /** The firm's name. */
  readonly firm: string;
  /** `yyyy-mm-dd`. */
  readonly madeOn: string;
  readonly locale: 'zh-CN' | 'en';
}

type Section = WorksheetView['sections'][number];

/** The word of a locale; a value stays as it is. */
export function wordOf(cell: Cell, locale: WorksheetPaper['locale']): string {
  return typeof cell === 'string' ? cell : locale === 'zh-CN' ? cell.zh : cell.en;
}

const formats: Partial<Record<ColumnType, string>> = {
  money: '#,##0.00',
  quantity: '#,##0.#####',
  count: '0',
  ratio: '0.########',
};
/** Digits a spreadsheet's number holds exactly; longer figures stay text. */
const exactDigits = 15;

/** A cell as a spreadsheet takes it: figures as numbers, all else as text that no program runs. */
function cellValue(cell: Cell | undefined, type: ColumnType, locale: WorksheetPaper['locale']): string | number {
  if (cell === undefined) return '';
  if (typeof cell === 'string' && formats[type] !== undefined && /^-?\d+(\.\d+)?$/.test(cell))
    if (cell.replace(/\D/g, '').length <= exactDigits) return Number(cell);
  return harmlessText(wordOf(cell, locale));
}

/** Writes a whole workbook in one step. Refusal: `FILE_NOT_WRITTEN`. */
async function write(path: string, fill: (add: (title: string) => Worksheet) => number): Promise<number> {
  const { default: ExcelJS } = await import('exceljs');
  const workbook = new ExcelJS.Workbook();
  const used = new Set<string>();
  const rows = fill((title) => {
    // Excel: 31 characters, no []:*?/\, each name once.
    const plain = title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 28);
    let name = plain;
    for (let n = 2; used.has(name); n += 1) name = `${plain} ${n}`;
    used.add(name);
    return workbook.addWorksheet(name);
  });
  const bytes = await workbook.xlsx.writeBuffer();
  writeFileAtomically(path, new Uint8Array(bytes));
  return rows;
}

/** A table with its head and, where there are sums, its total. */
function addTable(sheet: Worksheet, section: Section, paper: WorksheetPaper, columns = section.columns): void {
  const head = sheet.addRow(columns.map(({ label }) => wordOf(label, paper.locale)));
  head.font = { bold: true };
  for (const { cells, emphasis } of section.rows) {
    const row = sheet.addRow(columns.map(({ id, type }) => cellValue(cells[id], type, paper.locale)));
    if (emphasis) row.font = { bold: true };
  }
  if (columns.some(({ id }) => section.totals[id] !== undefined)) {
    const total = sheet.addRow(
      columns.map(({ id, type }, at) =>
        at === 0 && section.totals[id] === undefined
          ? wordOf(sheetText('sheet.total'), paper.locale)
          : cellValue(section.totals[id], type, paper.locale),
      ),
    );
    total.font = { bold: true };
  }
  for (const [at, { type }] of columns.entries()) {
    const column = sheet.getColumn(at + 1);
    column.width = type === 'text' ? 22 : 16;
    const format = formats[type];
    if (format !== undefined) column.numFmt = format;
  }
}

/** The lines every paper begins with: what it is, of whom, of when, and that it is a draft. */
function heading(view: WorksheetView, paper: WorksheetPaper): string[][] {
  const word = (text: Bilingual): string => wordOf(text, paper.locale);
  const label = (id: string): string => word(sheetText(`sheet.${id}`));
  return [
    [`${word(view.title)}（${word(sheetText('watermark'))}）`],
    [word(view.disclaimer)],
    [label('book'), paper.firm],
    [label('period'), `${view.period}（${view.from} — ${view.to}）`],
    ...(view.form === undefined ? [] : [[label('form'), word(view.form)]]),
    [label('madeOn'), paper.madeOn],
  ];
}

/**
 * A worksheet as an .xlsx: figures and findings first, a sheet for each table, then derivation and sources.
 * @returns rows of the tables
 */
export function writeWorksheet(path: string, view: WorksheetView, paper: WorksheetPaper): Promise<number> {
  const word = (text: Bilingual): string => wordOf(text, paper.locale);
  const label = (id: string): string => word(sheetText(`sheet.${id}`));
  return write(path, (add) => {
    const first = add(word(view.title));
    for (const line of heading(view, paper)) first.addRow(line.map(harmlessText));
    first.getRow(1).font = { bold: true, size: 14 };
    const block = (id: string): void => {
      first.addRow([]);
      first.addRow([label(id)]).font = { bold: true };
    };
    block('results');
    for (const { label: name, type, value } of view.results)
      first.addRow([word(name), cellValue(value, type, paper.locale)]);
    block('facts');
    for (const { label: name, type, value } of view.facts)
      first.addRow([word(name), cellValue(value, type, paper.locale)]);
    block('findings');
    for (const { level, rule, text, remedy } of view.findings)
      first.addRow([word(sheetText(`level.${level}`)), rule, word(text), word(remedy)].map(harmlessText));
    first.getColumn(1).width = 34;
    first.getColumn(2).width = 26;
    first.getColumn(3).width = 60;
    first.getColumn(4).width = 60;

    let rows = 0;
    for (const section of view.sections) {
      addTable(add(word(section.title)), section, paper);
      rows += section.rows.length;
    }
    const steps = add(label('derivation'));
    steps.addRow(['subject', 'rule', 'step', 'formula', 'inputs', 'result'].map(label)).font = { bold: true };
    for (const { subject, calculation } of view.derivations) {
      for (const step of calculation.steps) {
        const inputs = Object.entries(step.inputs).map(([name, value]) => `${name} = ${value}`);
        steps.addRow(
          [
            subject,
            step.rule,
            word(ruleText(`step.${step.id}`, calculation.calculator)),
            step.formula,
            inputs.join('; '),
            step.result,
          ].map(harmlessText),
        );
      }
    }
    steps.columns.forEach((column, at) => {
      column.width = at === 4 ? 60 : 24;
    });
    const sources = add(label('sources'));
    sources.addRow(['rule', 'what', 'source', 'inForce', 'reliability', 'changedByFirm'].map(label)).font = {
      bold: true,
    };
    for (const one of view.sources) {
      sources.addRow(
        [
          one.rule,
          word(one.title),
          one.source,
          `${one.inForceFrom ?? ''} — ${one.inForceTo ?? ''}`,
          one.reliability === null ? '' : word(sheetText(`reliability.${one.reliability}`)),
          one.changedByFirm ? word(sheetText('word.yes')) : '',
        ].map(harmlessText),
      );
    }
    sources.columns.forEach((column, at) => {
      column.width = at === 2 ? 60 : 24;
    });
    return rows;
  });
}

/** Tables that stand in the order of an official form, and of them the columns the form has; without: all. */
const forms: Partial<Record<WorksheetName, Readonly<Record<string, readonly string[] | undefined>>>> = {
  'refund-trading': {
    exportDetail: [
      'sequence',
      'associationNo',
      'declarationItem',
      'exportDate',
      'hsCode',
      'goods',
      'unit',
      'quantity',
      'fobUsd',
      'businessType',
    ],
    purchaseDetail: [
      'sequence',
      'associationNo',
      'taxKind',
      'voucherKind',
      'voucherNo',
      'supplierTaxNo',
      'invoiceDate',
      'hsCode',
      'goods',
      'unit',
      'quantity',
      'taxableAmount',
      'levyRate',
      'refundRate',
      'refund',
      'businessType',
    ],
  },
  'refund-producer': { exemptCreditRefund: undefined, rateGroups: undefined },
  'exempt-register': { exemptLines: undefined },
  'agent-export': { agentExports: undefined },
  surcharges: { surcharges: undefined },
  stamp: { contracts: undefined },
  'income-tax': { revenueGross: undefined },
  returns: { certificates: undefined },
};

/** The tables in the order of the official form, each under its draft heading. @returns rows of the tables */
export function writeFormSheet(path: string, view: WorksheetView, paper: WorksheetPaper): Promise<number> {
  const form = forms[view.name] ?? {};
  return write(path, (add) => {
    let rows = 0;
    for (const section of view.sections) {
      if (!Object.hasOwn(form, section.id)) continue;
      const kept = form[section.id];
      const sheet = add(wordOf(section.title, paper.locale));
      for (const line of heading(view, paper)) sheet.addRow(line.map(harmlessText));
      for (const { label, type, value } of view.results)
        sheet.addRow([wordOf(label, paper.locale), cellValue(value, type, paper.locale)]);
      sheet.addRow([]);
      addTable(
        sheet,
        section,
        paper,
        section.columns.filter(({ id }) => kept === undefined || kept.includes(id)),
      );
      rows += section.rows.length;
    }
    return rows;
  });
}

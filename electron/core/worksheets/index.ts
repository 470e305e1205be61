/** The worksheets by name: for which periods, after which rules, and how they are put together. */
import type { PeriodKind, WorksheetName, WorksheetView } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { openExportLines } from '../store/worksheets/export-lines.ts';
import { agentExportSheet, incomeTaxSheet, incomeTotalSheet, platformIncomeSheet } from './income.ts';
import { exportDutySheet, importTaxSheet, stampSheet, surchargesSheet } from './other-taxes.ts';
import { readPeriod } from './period.ts';
import { overseasSheet, refundProducerSheet, refundTradingSheet } from './refund.ts';
import { deemedDomesticSheet, exemptRegisterSheet, regimeSheet } from './regime.ts';
import { returnsSheet } from './returns.ts';
import { Sheet, type SheetContext } from './sheet.ts';
import { hasSheetText, sheetText } from './texts.ts';

interface Definition {
  /** The first is the usual one. */
  readonly periods: readonly PeriodKind[];
  readonly rules: readonly string[];
  readonly assemble: (sheet: Sheet) => void;
  /** The figure it brings into the combined sheet; a refund counts against the taxes. */
  readonly combined?: { readonly result: string; readonly refund?: boolean };
}

const anyPeriod: readonly PeriodKind[] = ['month', 'quarter', 'year'];

const definitions: Readonly<Record<WorksheetName, Definition>> = {
  'income-tax': {
    periods: ['quarter', 'year'],
    rules: ['T01', 'T02', 'T03'],
    assemble: incomeTaxSheet,
    combined: { result: 'dueThisPeriod' },
  },
  'income-total': { periods: ['quarter', 'month', 'year'], rules: ['T01'], assemble: incomeTotalSheet },
  'exempt-register': { periods: anyPeriod, rules: ['T04'], assemble: exemptRegisterSheet },
  regime: { periods: anyPeriod, rules: ['T05', 'T04', 'T11'], assemble: regimeSheet },
  'refund-trading': {
    periods: anyPeriod,
    rules: ['T06', 'T11'],
    assemble: refundTradingSheet,
    combined: { result: 'refund', refund: true },
  },
  'refund-producer': {
    periods: ['month'],
    rules: ['T07', 'T08'],
    assemble: refundProducerSheet,
    combined: { result: 'refund', refund: true },
  },
  'overseas-9810': { periods: ['quarter', 'month', 'year'], rules: ['T10'], assemble: overseasSheet },
  'deemed-domestic': {
    periods: anyPeriod,
    rules: ['T09', 'T11'],
    assemble: (sheet) => deemedDomesticSheet(sheet, openExportLines(sheet.book, sheet.period.to)),
    combined: { result: 'outputVat' },
  },
  'export-duty': {
    periods: anyPeriod,
    rules: ['T19'],
    assemble: exportDutySheet,
    combined: { result: 'duty' },
  },
  'import-tax': {
    periods: anyPeriod,
    rules: ['T14', 'T16', 'T17', 'T18', 'T20', 'T21'],
    assemble: importTaxSheet,
    combined: { result: 'taxesDue' },
  },
  surcharges: {
    periods: ['month', 'quarter'],
    rules: ['T23'],
    assemble: surchargesSheet,
    combined: { result: 'total' },
  },
  stamp: { periods: ['quarter'], rules: ['T24'], assemble: stampSheet, combined: { result: 'stampTax' } },
  'agent-export': { periods: ['quarter', 'month'], rules: ['T27'], assemble: agentExportSheet },
  'platform-income': { periods: ['quarter'], rules: ['T28'], assemble: platformIncomeSheet },
  returns: { periods: anyPeriod, rules: ['T25'], assemble: returnsSheet },
  combined: { periods: ['quarter', 'month'], rules: [], assemble: combinedSheet },
};

const names = Object.keys(definitions) as WorksheetName[];

/** What there is, for the list. */
export function worksheetList() {
  return names.map((name) => ({
    name,
    title: sheetText(`title.${name}`),
    periods: [...definitions[name].periods],
    rules: [...definitions[name].rules],
    ...(hasSheetText(`form.${name}`) ? { form: sheetText(`form.${name}`) } : {}),
  }));
}

/**
 * A worksheet of a period, computed from the book as it stands. Refusals: `TAX_PERIOD` {period}, `WORKSHEET_PERIOD`
 * {name, period}, `RULE_PACK_MISSING` where no rule is known for the period.
 */
export function worksheet(name: WorksheetName, period: string, context: SheetContext): WorksheetView {
  const read = readPeriod(period);
  const definition = definitions[name];
  if (!definition.periods.includes(read.kind))
    throw new PortbookError('WORKSHEET_PERIOD', { name: sheetText(`title.${name}`).zh, period }, 'period');
  const sheet = new Sheet(name, read, context);
  definition.assemble(sheet);
  return sheet.view();
}

/** Taxes and refunds of a period side by side, each from its own worksheet; one that cannot be computed stays empty. */
function combinedSheet(sheet: Sheet): void {
  const { period, profile } = sheet;
  let due: Num | undefined = new Num(0);
  let refund: Num | undefined = new Num(0);
  const skipped = profile.kind === 'producer' ? 'refund-trading' : 'refund-producer';
  const rows = names.flatMap((name) => {
    const { combined, periods } = definitions[name];
    if (combined === undefined || name === skipped) return [];
    if (!periods.includes(period.kind)) {
      const [own] = periods;
      sheet.find(
        'note',
        'otherPeriod',
        '',
        name,
        { period: own ?? '' },
        {
          words: { title: sheetText(`title.${name}`), kind: sheetText(`word.${own ?? 'month'}`) },
        },
      );
      return [];
    }
    const view = worksheet(name, period.key, { ...sheet.context, limit: 1 });
    const value = view.results.find(({ id }) => id === combined.result)?.value ?? '';
    const missing = view.findings.filter(({ level }) => level === 'missing').length;
    if (value === '')
      sheet.find(
        'missing',
        'partMissing',
        view.sources[0]?.rule ?? '',
        name,
        { count: missing },
        {
          words: { title: view.title },
          target: { page: 'worksheet', params: { name, period: period.key } },
        },
      );
    if (combined.refund === true) refund = value === '' ? undefined : refund?.plus(value);
    else due = value === '' ? undefined : due?.plus(value);
    return [
      {
        key: name,
        cells: {
          tax: view.title,
          rule: definitions[name].rules.join(' '),
          taxesDue: combined.refund === true ? undefined : value,
          refund: combined.refund === true ? value : undefined,
          missing: String(missing),
        },
        target: { page: 'worksheet' as const, params: { name, period: period.key } },
      },
    ];
  });
  sheet.result('taxesDue', 'money', due?.toFixed(2));
  sheet.result('refund', 'money', refund?.toFixed(2));
  sheet.section(
    'combined',
    [
      ['tax', 'text'],
      ['rule', 'text'],
      ['taxesDue', 'money', 'sum'],
      ['refund', 'money', 'sum'],
      ['missing', 'count', 'sum'],
    ],
    rows,
  );
}

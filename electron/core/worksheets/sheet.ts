/** Putting a worksheet together: what every one has in common, so that none is without sources, findings or derivation. */
import type { z } from 'zod';
import type {
  Bilingual,
  CalculationView,
  columnTypes,
  drillTarget,
  TaxFactName,
  TaxProfile,
  WorksheetName,
  WorksheetView,
  worksheetCell,
} from '../../../shared/contract/tax.ts';
import { exponentOf, formatScaled } from '../../../shared/money/index.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { Num } from '../../../shared/rules/figures.ts';
import type { Resources } from '../resources.ts';
import type { Book } from '../store/book.ts';
import { firmPack, storedTaxProfile, taxFactsOf } from '../store/worksheets/facts.ts';
import { unitNames } from './matching.ts';
import type { Period } from './period.ts';
import { type Rules, requireCalculator, ruleMessage, ruleText } from './rules.ts';
import { hasSheetText, sheetText } from './texts.ts';

export type ColumnType = (typeof columnTypes)[number];
export type Target = z.infer<typeof drillTarget>;
export type Cell = z.infer<typeof worksheetCell>;
type Finding = WorksheetView['findings'][number];
type Section = WorksheetView['sections'][number];

/** A column: id (its label is `label.<id>`), type, and whether its figures are summed. */
export type Column = readonly [id: string, type: ColumnType, sum?: 'sum'];
export interface SheetRow {
  readonly key: string;
  /** What is undefined stays empty. */
  readonly cells: Readonly<Record<string, Cell | undefined>>;
  readonly target?: Target | undefined;
  readonly derivation?: number | undefined;
  readonly emphasis?: boolean;
}

/** What a worksheet is made from. */
export interface SheetContext {
  readonly book: Book;
  readonly rules: Rules;
  readonly resources: Resources;
  /** Business date of today, for what runs out. */
  readonly today: string;
  /** Rows and derivations shown; all are computed. */
  readonly limit: number;
}

/** Of findings of one kind that many are shown, the rest are counted. */
const findingsOfAKind = 20;

/** Fen to yuan text with two decimals. */
export function yuan(fen: number): string {
  return formatScaled(BigInt(fen), 2, 2);
}
/** Minor units to text in major units with all decimals of the currency. */
export function majorText(minor: number, currency: string): string {
  const digits = exponentOf(currency);
  return formatScaled(BigInt(minor), digits, digits);
}
export const quantity = storedText;

/** A figure as it was typed with the two decimals of money; what has more keeps them. */
function inFen(text: string): string {
  return /^-?\d+(\.\d)?$/.test(text) ? new Num(text).toFixed(2) : text;
}

export class Sheet {
  readonly name: WorksheetName;
  readonly period: Period;
  readonly context: SheetContext;
  readonly profile: TaxProfile;
  readonly #facts: WorksheetView['facts'] = [];
  readonly #results: WorksheetView['results'] = [];
  readonly #sections: Section[] = [];
  readonly #derivations: WorksheetView['derivations'] = [];
  readonly #findings = new Map<string, Finding>();
  readonly #ofAKind = new Map<string, number>();
  readonly #sources = new Map<string, WorksheetView['sources'][number]>();
  #units: ReadonlyMap<string, string> | undefined;

  constructor(name: WorksheetName, period: Period, context: SheetContext) {
    this.name = name;
    this.period = period;
    this.context = context;
    this.profile = storedTaxProfile(context.book).profile;
  }

  get book(): Book {
    return this.context.book;
  }

  /** The name of customs' unit code; what is no code (an invoice's unit) stays as it is. Units have no official English. */
  unit(code: string): string {
    this.#units ??= unitNames(this.context.resources);
    return this.#units.get(code) ?? code;
  }

  fact(id: string, type: ColumnType, value: Cell | undefined, target?: Target): void {
    this.#facts.push({
      id,
      label: sheetText(`label.${id}`),
      type,
      value: type === 'money' && typeof value === 'string' ? inFen(value) : (value ?? ''),
      ...(target === undefined ? {} : { target }),
    });
  }

  /** A figure that counts. Undefined: it cannot be computed, and a finding must say why. */
  result(id: string, type: ColumnType, value: string | undefined, derivation?: number): void {
    this.#results.push({
      id,
      label: sheetText(`label.${id}`),
      type,
      value: value ?? '',
      ...(derivation === undefined ? {} : { derivation }),
    });
  }

  /** Notes what stands against a figure. Text: `finding.<code>`, remedy: `remedy.<code>`. The same is noted once. */
  find(
    level: Finding['level'],
    code: string,
    rule: string,
    field: string,
    params: Readonly<Record<string, string | number>> = {},
    more: { readonly words?: Readonly<Record<string, Bilingual>>; readonly target?: Target | undefined } = {},
  ): void {
    const words = { ...params, ...more.words };
    this.#add({
      code,
      level,
      rule,
      field,
      text: sheetText(`finding.${code}`, words),
      remedy: sheetText(`remedy.${code}`, words),
      params: { ...params },
      ...(more.target === undefined ? {} : { target: more.target }),
    });
  }

  #add(finding: Finding): void {
    const key = JSON.stringify([finding.code, finding.field, finding.params]);
    if (this.#findings.has(key)) return;
    const kind = `${finding.level} ${finding.code}`;
    const count = (this.#ofAKind.get(kind) ?? 0) + 1;
    this.#ofAKind.set(kind, count);
    if (count <= findingsOfAKind) this.#findings.set(key, finding);
  }

  /** A fact of the firm by period; one that is not there is noted as missing. Decimal text. */
  requiredFact(name: TaxFactName, period: string, rule: string): string | undefined {
    const value = this.factValue(name, period);
    if (value === undefined)
      this.find(
        'missing',
        'factMissing',
        rule,
        name,
        { period },
        {
          words: { fact: sheetText(`fact.${name}`) },
          target: { page: 'tax-fact', params: { name, period } },
        },
      );
    return value;
  }

  /** A fact that may be absent: then it counts for nothing, and a note says so. */
  optionalFact(name: TaxFactName, period: string, rule: string): string | undefined {
    const value = this.factValue(name, period);
    if (value === undefined)
      this.find(
        'note',
        'factAbsent',
        rule,
        name,
        { period },
        {
          words: { fact: sheetText(`fact.${name}`) },
          target: { page: 'tax-fact', params: { name, period } },
        },
      );
    return value;
  }

  factValue(name: TaxFactName, period: string, subject = ''): string | undefined {
    return taxFactsOf(this.book, name, period).find((one) => one.subject === subject)?.value;
  }

  /** A choice of the tax profile; one never made is noted as missing. */
  required<K extends keyof TaxProfile>(field: K, rule: string): TaxProfile[K] | undefined {
    const value = this.profile[field];
    if (value === undefined)
      this.find(
        'missing',
        'profileMissing',
        rule,
        field,
        {},
        {
          words: { field: sheetText(`profile.${field}`) },
          target: { page: 'tax-profile', params: { field } },
        },
      );
    return value;
  }

  /** Whether a rule is on; one switched off is noted as missing. */
  isOn(rule: string): boolean {
    const off = this.context.rules.off(rule);
    if (off === undefined) return true;
    this.find('missing', 'ruleOff', rule, rule, { rule, reason: off.reason });
    return false;
  }

  /**
   * Runs a calculator; its packs become sources, its warnings findings (not those of what is only compared). The derivation
   * is shown while there is room.
   * Refusals of {@link Rules.run}.
   */
  run(
    calculator: string,
    input: Readonly<Record<string, unknown>>,
    subject = '',
    warnings: 'shown' | 'in-derivation' = 'shown',
  ): { readonly calculation: CalculationView; readonly derivation: number | undefined } {
    const calculation = this.context.rules.run(calculator, input);
    this.#cite(calculator, calculation);
    for (const { code, rule, params } of warnings === 'shown' ? calculation.warnings : []) {
      this.#add({
        code,
        level: 'warning',
        rule,
        field: subject === '' ? calculator : subject,
        text: ruleMessage(`warning.${code}`, params, calculator),
        remedy: sheetText('remedy.warning'),
        params,
      });
    }
    if (this.#derivations.length >= this.context.limit) return { calculation, derivation: undefined };
    this.#derivations.push({ subject, calculation });
    return { calculation, derivation: this.#derivations.length - 1 };
  }

  /** Names a rule as a source without running it. */
  cite(calculator: string): void {
    this.#cite(calculator, undefined);
  }

  #cite(id: string, calculation: CalculationView | undefined): void {
    const calculator = requireCalculator(id);
    if (!this.#sources.has(id))
      this.#sources.set(id, {
        rule: calculator.rule,
        title: ruleText(`calculator.${id}`, id),
        source: calculator.source,
        inForceFrom: calculator.inForceFrom,
        inForceTo: null,
        reliability: null,
        changedByFirm: false,
      });
    for (const use of calculation?.packs ?? []) {
      const key = `${calculator.rule} ${use.pack} ${use.inForceFrom}`;
      if (this.#sources.has(key)) continue;
      const pack = this.context.rules.pack(use.pack);
      this.#sources.set(key, {
        rule: calculator.rule,
        title: { zh: pack.titleZh, en: pack.titleEn },
        source: use.source === '' ? pack.source : use.source,
        inForceFrom: use.inForceFrom,
        inForceTo: use.inForceTo,
        reliability: use.reliability,
        changedByFirm: firmPack(this.book, use.pack) !== undefined,
      });
    }
  }

  /** A table. Sums are over all rows, exact; of a column with an empty cell too, so that what is known adds up. */
  section(id: string, columns: readonly Column[], rows: Iterable<SheetRow>): void {
    const summed = columns.filter(([, , sum]) => sum === 'sum').map(([column]) => column);
    const totals = new Map(summed.map((column) => [column, new Num(0)]));
    const shown: Section['rows'] = [];
    let rowCount = 0;
    for (const row of rows) {
      rowCount += 1;
      if (row.emphasis !== true)
        for (const [column, sum] of totals) {
          const cell = row.cells[column];
          if (typeof cell === 'string' && cell !== '') totals.set(column, sum.plus(cell));
        }
      if (rowCount > this.context.limit) continue;
      const cells = Object.fromEntries(
        Object.entries(row.cells).filter((entry): entry is [string, Cell] => entry[1] !== undefined),
      );
      shown.push({
        key: row.key,
        cells,
        emphasis: row.emphasis ?? false,
        ...(row.target === undefined ? {} : { target: row.target }),
        ...(row.derivation === undefined ? {} : { derivation: row.derivation }),
      });
    }
    const decimals = new Map(columns.map(([column, type]) => [column, type === 'money' ? 2 : undefined]));
    this.#sections.push({
      id,
      title: sheetText(`section.${id}`),
      columns: columns.map(([column, type]) => ({ id: column, label: sheetText(`label.${column}`), type })),
      rows: shown,
      rowCount,
      totals: Object.fromEntries(
        [...totals].map(([column, sum]) => [column, sum.toFixed(decimals.get(column) ?? sum.decimalPlaces())]),
      ),
    });
  }

  view(): WorksheetView {
    for (const [kind, count] of this.#ofAKind) {
      if (count <= findingsOfAKind) continue;
      const [level, code = ''] = kind.split(' ');
      const more = count - findingsOfAKind;
      const like = [...this.#findings.values()].find((one) => one.code === code && one.level === level);
      if (like !== undefined)
        this.#findings.set(`more ${kind}`, {
          ...like,
          text: sheetText('finding.moreLikeThis', { count: more, text: like.text }),
          params: { count: more },
        });
    }
    const order: readonly Finding['level'][] = ['missing', 'paper', 'warning', 'note'];
    return {
      name: this.name,
      title: sheetText(`title.${this.name}`),
      period: this.period.key,
      from: this.period.from,
      to: this.period.to,
      draft: true,
      disclaimer: sheetText('disclaimer'),
      ...(hasSheetText(`form.${this.name}`) ? { form: sheetText(`form.${this.name}`) } : {}),
      facts: this.#facts,
      results: this.#results,
      sections: this.#sections,
      derivations: this.#derivations,
      findings: [...this.#findings.values()].sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level)),
      sources: [...this.#sources.values()],
    };
  }
}

/** A text of a calculation's result; undefined where it has none. */
export function figureOf(calculation: CalculationView, name: string): string | undefined {
  const value = calculation.result[name];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

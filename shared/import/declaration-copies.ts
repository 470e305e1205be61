import type { OnDuplicate, RowReason } from '../contract/imports.ts';
import type { ExportLineInput } from '../contract/purchasing.ts';
import type { SourceRow } from './cells.ts';
import { outcomeOfKnown } from './duplicates.ts';
import { type ExportLineNames, ExportLineReader } from './export-lines.ts';
import type { Mapping } from './headers.ts';
import { cellText, readId, readText, reason } from './values.ts';

/** A line of a declaration that another firm or another port made, kept as a copy for goods that come back. */
export interface DeclarationCopy extends ExportLineInput {
  readonly exporter: string;
  readonly exporterCode: string;
  /** Four digits; empty: not stated. */
  readonly customsCode: string;
}

export interface DeclarationCopyLookups extends Omit<ExportLineNames, 'hasProduct'> {
  /** What stands against keeping a line; `own`: the firm's own export; `in-use`: goods of it have come back. */
  known(copy: DeclarationCopy): 'new' | 'same' | 'differs' | 'own' | 'in-use';
}

/** Reads copies of declarations: rows of declared goods with the firm they are of. */
export class DeclarationCopySorter {
  readonly #onDuplicate: OnDuplicate;
  readonly #at: (field: string) => number;
  readonly #reader: ExportLineReader;
  readonly #lookups: DeclarationCopyLookups;
  readonly #entries = new Map<string, { readonly copy: DeclarationCopy; readonly row: number }>();
  #updated = 0;

  constructor(
    mapping: Mapping,
    defaultCurrency: string | undefined,
    lookups: DeclarationCopyLookups,
    onDuplicate: OnDuplicate = 'update',
  ) {
    this.#onDuplicate = onDuplicate;
    this.#at = (field) => mapping[field] ?? -1;
    this.#reader = new ExportLineReader(mapping, defaultCurrency, { ...lookups, hasProduct: () => false });
    this.#lookups = lookups;
  }

  get entries(): readonly DeclarationCopy[] {
    return [...this.#entries.values()].map(({ copy }) => copy);
  }

  get updated(): number {
    return this.#updated;
  }

  take(row: SourceRow): 'taken' | 'already' | 'skipped' | RowReason[] {
    const reasons: RowReason[] = [];
    const line = this.#reader.line(row, reasons);
    const exporter = readText(row, this.#at('exporter'), 'exporter', reasons, { required: true, maxLength: 200 });
    const exporterCode = readId(row, this.#at('exporterCode'), 'exporterCode', reasons) ?? '';
    const customsCode = /\d{4}/.exec(cellText(row, this.#at('customsCode')))?.[0] ?? '';
    if (line === undefined || exporter === undefined || reasons.length > 0) return reasons;
    const copy: DeclarationCopy = { ...line, exporter, exporterCode, customsCode };
    const key = `${copy.declarationNo} ${copy.lineNo}`;
    const before = this.#entries.get(key);
    if (before !== undefined) {
      const isSame = JSON.stringify(before.copy) === JSON.stringify(copy);
      return isSame ? 'already' : [reason('ROW_TWICE', 'lineNo', { value: key, row: before.row })];
    }
    const known = this.#lookups.known(copy);
    if (known === 'same') return 'already';
    const params = { declarationNo: copy.declarationNo, line: copy.lineNo };
    if (known === 'own') return [reason('COPY_OF_OWN_EXPORT', 'declarationNo', params)];
    if (known === 'in-use') return [reason('COPY_IN_USE', 'declarationNo', params)];
    const kept = known === 'differs' ? outcomeOfKnown(this.#onDuplicate, 'declarationNo', key) : undefined;
    if (kept !== undefined) return kept;
    if (known === 'differs') this.#updated += 1;
    this.#entries.set(key, { copy, row: row.no });
    return 'taken';
  }
}

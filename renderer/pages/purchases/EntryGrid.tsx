import type { ReactNode } from 'react';
import { type EntryRow, isTable, pasteRows, withBlankLast } from './entry-rows.ts';

export interface EntryColumn<K extends string> {
  readonly key: K;
  readonly title: string;
  readonly isNumber?: boolean;
  /** In rem; left out, the column takes what is left. */
  readonly width?: number;
  /** A field of its own kind in place of plain text, e.g. a lookup. */
  readonly field?: (cell: {
    /** From 0. */
    readonly row: number;
    readonly label: string;
    readonly value: string;
    readonly onChange: (value: string) => void;
  }) => ReactNode;
}

/**
 * A grid that is typed into. Its last row is always blank: typing there makes the next one, so Enter alone walks through any
 * number of rows. Cells copied from a spreadsheet are pasted as a block.
 */
export function EntryGrid<K extends string>({
  label,
  columns,
  rows,
  blank,
  wrong,
  onChange,
}: {
  readonly label: string;
  readonly columns: readonly EntryColumn<K>[];
  readonly rows: readonly EntryRow<K>[];
  readonly blank: EntryRow<K>;
  /** The cell a refusal points to; without a column the whole row. */
  readonly wrong?: { readonly row: number; readonly column: string | undefined } | undefined;
  readonly onChange: (rows: EntryRow<K>[]) => void;
}) {
  const keys = columns.map(({ key }) => key);
  const change = (at: number, key: K, value: string): void =>
    onChange(
      withBlankLast(
        rows.map((row, index): EntryRow<K> => (index === at ? { ...row, [key]: value } : row)),
        blank,
      ),
    );
  const isWrong = (at: number, key: K): boolean =>
    wrong?.row === at && (wrong.column === undefined || wrong.column === key);
  return (
    <table className="purchase-lines is-form" aria-label={label}>
      <thead>
        <tr>
          {columns.map(({ key, title, isNumber, width }) => (
            <th
              key={key}
              className={isNumber === true ? 'is-number' : undefined}
              style={width === undefined ? undefined : { width: `${width}rem` }}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines keep their place, which is their number
          <tr key={at}>
            {columns.map(({ key, title, isNumber, field }) => {
              const name = `${at + 1} ${title}`;
              return (
                <td key={key} className={isWrong(at, key) ? 'is-wrong' : undefined}>
                  {field === undefined ? (
                    <input
                      aria-label={name}
                      aria-invalid={isWrong(at, key)}
                      className={isNumber === true ? 'is-number' : undefined}
                      autoComplete="off"
                      spellCheck={false}
                      value={row[key]}
                      onChange={(event) => change(at, key, event.target.value)}
                      onPaste={(event) => {
                        const text = event.clipboardData.getData('text/plain');
                        if (!isTable(text)) return;
                        event.preventDefault();
                        onChange(pasteRows(rows, at, key, keys, blank, text));
                      }}
                    />
                  ) : (
                    field({ row: at, label: name, value: row[key], onChange: (value) => change(at, key, value) })
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

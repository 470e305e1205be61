import { CheckOutlined, CloseCircleOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ImportKind, RowReason } from '../../../shared/contract/imports.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { RequestName } from '../../../shared/documents/catalogue.ts';
import { textOfReason } from '../../../shared/import/reasons.ts';
import { isComposing } from '../../app/keys.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { importFieldLabel } from './field-label.ts';

type FailedRow = OutputOf<'imports.failures'>['rows'][number];

interface MendedRow extends FailedRow {
  readonly isMended: boolean;
}

interface CellProps {
  readonly value: string;
  readonly label: string;
  readonly isWrong: boolean;
  readonly isReadOnly: boolean;
  readonly row: number;
  readonly column: number;
  readonly onMove: (direction: 'up' | 'down' | 'fault', text: string) => void;
  readonly onCommit: (text: string) => void;
}

function Cell({ value, label, isWrong, isReadOnly, row, column, onMove, onCommit }: CellProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    // What is typed and not yet taken stays.
    if (text === seen) setText(value);
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (isComposing(event)) return;
    if (event.key === 'Escape' && text !== value) {
      // Gives the change up; only a second Esc leaves the grid.
      event.preventDefault();
      setText(value);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp' || event.key === 'Enter') {
      event.preventDefault();
      onMove(event.key === 'ArrowUp' ? 'up' : event.key === 'ArrowDown' ? 'down' : 'fault', text);
    }
  };
  return (
    <input
      value={text}
      aria-label={label}
      aria-invalid={isWrong}
      readOnly={isReadOnly}
      data-row={row}
      data-column={column}
      spellCheck={false}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
      onBlur={() => onCommit(text)}
    />
  );
}

interface Props {
  readonly kind: ImportKind;
  readonly runId: number;
  /** A committed run: to be looked at, mended in its file. */
  readonly isReadOnly?: boolean;
  /** Called with how many rows were put right by a change and how many are left. */
  readonly onMended: (mended: number, failed: number) => void;
}

const PAGE = 100;

function cellKey(rowNo: number, column: number): string {
  return `${rowNo} ${column}`;
}

/** Wide enough for the texts of the page, within reason. */
function columnWidth(rows: readonly FailedRow[], column: number): string {
  const longest = rows.reduce((most, { cells }) => Math.max(most, cells[column]?.length ?? 0), 0);
  return `${Math.min(30, Math.max(9, longest + 2))}ch`;
}

/** What is wrong with a row and what to do, in words, beginning with the field at fault. */
function useReasonText(kind: ImportKind, message: RequestName | undefined): (reason: RowReason) => string {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  return (reason) => {
    const { what, remedy } = textOfReason(reason, language);
    const text = [what, remedy].filter((part) => part !== '').join(' ');
    if (reason.field === undefined) return text;
    return t('imports.failures.ofField', { field: importFieldLabel(kind, message, reason.field, language), text });
  };
}

/**
 * The refused rows as a grid whose cells are mended in place. A changed cell is checked at once by the core; a row that
 * passes stays where it is, marked as mended, until the page is turned, so that nothing moves under the cursor.
 */
export function FailureGrid({ kind, runId, isReadOnly = false, onMended }: Props) {
  const { t } = useTranslation();
  // The last row number of every page before the one shown: keyset paging with a way back.
  const [before, setBefore] = useState<readonly number[]>([]);
  const afterRow = before.at(-1) ?? 0;
  const page = useQuery('imports.failures', { runId, afterRow, limit: PAGE });
  const reasonText = useReasonText(kind, page.data?.message);
  const [rows, setRows] = useState<readonly MendedRow[]>([]);
  const [error, setError] = useState<ContractError>();
  const [checking, setChecking] = useState<ReadonlySet<number>>(new Set());
  const [said, setSaid] = useState('');
  /** Cells whose text the core has not taken; the text stands in the input only, so Enter sends it again. */
  const [unsaved, setUnsaved] = useState<ReadonlySet<string>>(new Set());
  /** Texts on their way to the core, by row and column: a row is sent with all of its own. */
  const sending = useRef(new Map<number, Map<number, string>>());
  const table = useRef<HTMLTableElement>(null);

  useEffect(() => {
    if (page.status !== 'ready') return;
    setRows(page.data.rows.map((row) => ({ ...row, isMended: false })));
  }, [page.status, page.data]);

  const mend = useCallback(
    async (row: FailedRow, column: number, text: string) => {
      const key = cellKey(row.rowNo, column);
      const under = sending.current.get(row.rowNo) ?? new Map<number, string>();
      if ((under.get(column) ?? row.cells[column] ?? '') === text) {
        setUnsaved((all) => new Set([...all].filter((one) => one !== key)));
        return;
      }
      sending.current.set(row.rowNo, under.set(column, text));
      const sent = new Map(under);
      const withSent = (cells: readonly string[]) => cells.map((cell, index) => sent.get(index) ?? cell);
      const cells = withSent(row.cells);
      setChecking((all) => new Set(all).add(row.rowNo));
      setError(undefined);
      try {
        const answer = await call('imports.mend', { runId, rows: [{ rowNo: row.rowNo, cells }] });
        const still = answer.rows.find(({ rowNo }) => rowNo === row.rowNo);
        const freed = new Set(answer.freed);
        setRows((all) =>
          all.map((one) => {
            // The rest of a document passes with the row it waited for.
            if (freed.has(one.rowNo)) return { ...one, reasons: [], isMended: true };
            if (one.rowNo !== row.rowNo) return one;
            // What was typed meanwhile in another cell stays: its own check is under way.
            return { ...one, cells: withSent(one.cells), reasons: still?.reasons ?? [], isMended: still === undefined };
          }),
        );
        const taken = new Set([...sent.keys()].map((index) => cellKey(row.rowNo, index)));
        setUnsaved((all) => new Set([...all].filter((one) => !taken.has(one))));
        setSaid(t(still === undefined ? 'imports.failures.mended' : 'imports.failures.stillWrong', { row: row.rowNo }));
        onMended(answer.mended, answer.failed);
      } catch (thrown) {
        setError(errorOf(thrown));
        setUnsaved((all) => new Set(all).add(key));
      } finally {
        if (under.get(column) === text) under.delete(column);
        if (under.size === 0) sending.current.delete(row.rowNo);
        setChecking((all) => new Set([...all].filter((rowNo) => rowNo !== row.rowNo)));
      }
    },
    [runId, onMended, t],
  );

  const focusCell = (row: number, column: number): boolean => {
    const cell = table.current?.querySelector<HTMLInputElement>(`input[data-row="${row}"][data-column="${column}"]`);
    cell?.focus();
    cell?.select();
    return cell !== null && cell !== undefined;
  };

  /** Moves the focus, which commits the cell that is left; false where there is nowhere to go. */
  const move = (direction: 'up' | 'down' | 'fault', row: number, column: number): boolean => {
    if (direction === 'up') return focusCell(row - 1, column);
    if (direction === 'down') return focusCell(row + 1, column);
    const here = table.current?.querySelector(`input[data-row="${row}"][data-column="${column}"]`);
    const wrong = [...(table.current?.querySelectorAll<HTMLInputElement>('input[aria-invalid=true]') ?? [])];
    const next = wrong.find(
      (cell) =>
        here !== null &&
        here !== undefined &&
        (here.compareDocumentPosition(cell) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0,
    );
    if (next === undefined) return focusCell(row + 1, column);
    next.focus();
    next.select();
    return true;
  };

  if (page.status === 'failed') return <ErrorNote error={page.error} onRetry={page.reload} />;
  if (page.status === 'loading')
    return (
      <div className="skeleton-lines" role="status">
        {t('imports.readingUnnamed')}
      </div>
    );
  const { headers, mapping, total } = page.data;
  const fieldOfColumn = new Map(Object.entries(mapping).map(([field, column]) => [column, field]));
  const last = rows.at(-1)?.rowNo;
  const shownBefore = before.length * PAGE;

  return (
    <section className="failure-grid" aria-label={t('imports.failures.title')}>
      {error === undefined ? null : <ErrorNote error={error} />}
      <div className="failure-scroll">
        <table ref={table}>
          <thead>
            <tr>
              <th className="failure-no">{t('imports.failures.rowNo')}</th>
              <th className="failure-reason">{t('imports.failures.reason')}</th>
              {headers.map((header, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a file may have two columns of the same name
                <th key={column} style={{ minWidth: columnWidth(rows, column) }}>
                  {header === '' ? t('imports.columns.columnN', { n: column + 1 }) : header}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, rowIndex) => {
              const faulty = new Set(row.reasons.map(({ field }) => field));
              return (
                <tr key={row.rowNo} className={row.isMended ? 'is-mended' : undefined}>
                  <td className="failure-no">{row.rowNo}</td>
                  <td className="failure-reason">
                    {row.isMended ? (
                      <span className="tone-accepted">
                        <CheckOutlined aria-hidden /> {t('imports.count.mended')}
                      </span>
                    ) : (
                      row.reasons.map((reason) => (
                        <span key={`${reason.code} ${reason.field ?? ''}`} className="tone-rejected">
                          <CloseCircleOutlined aria-hidden /> {reasonText(reason)}
                        </span>
                      ))
                    )}
                    {checking.has(row.rowNo) ? <span className="muted"> {t('imports.failures.checking')}</span> : null}
                  </td>
                  {headers.map((header, column) => {
                    const field = fieldOfColumn.get(column);
                    const isWrong =
                      unsaved.has(cellKey(row.rowNo, column)) ||
                      (!row.isMended && field !== undefined && faulty.has(field));
                    return (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a file may have two columns of the same name
                      <td key={column} className={isWrong ? 'is-wrong' : undefined}>
                        <Cell
                          value={row.cells[column] ?? ''}
                          label={`${t('imports.failures.rowNo')} ${row.rowNo} ${header}`}
                          isWrong={isWrong}
                          isReadOnly={isReadOnly}
                          row={rowIndex}
                          column={column}
                          onMove={(direction, text) => {
                            if (!move(direction, rowIndex, column)) void mend(row, column, text);
                          }}
                          onCommit={(text) => void mend(row, column, text)}
                        />
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <footer className="failure-foot">
        <span role="status">{said}</span>
        <span className="spacer" />
        <span className="muted">
          {t('imports.failures.page', {
            from: rows.length === 0 ? 0 : shownBefore + 1,
            to: shownBefore + rows.length,
            total: Math.max(total, shownBefore + rows.length),
          })}
        </span>
        <Button size="small" disabled={before.length === 0} onClick={() => setBefore(before.slice(0, -1))}>
          {t('imports.failures.previous')}
        </Button>
        <Button
          size="small"
          disabled={rows.length < PAGE || last === undefined}
          onClick={() => last !== undefined && setBefore([...before, last])}
        >
          {t('imports.failures.next')}
        </Button>
      </footer>
    </section>
  );
}

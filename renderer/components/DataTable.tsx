/**
 * The list of the desk: a virtual table over keyset pages. Rows are 32 px, further pages are read while scrolling, Up, Down,
 * PageUp, PageDown, Home and End move, Enter opens, Space selects where rows can be selected (Shift+arrows: a range, Ctrl+A:
 * all that are loaded). Where the columns need more room than there is, those that may yield do; then the first stands still,
 * Left and Right move the others under it, and a bar says that there are more. Loading, empty and failed never look alike.
 *
 * ```tsx
 * const pages = usePages('orders.list', filter, { areas: ['orders'] });
 * <DataTable label={t('orders.title')} pages={pages} rowKey={(row) => row.id} columns={columns} activeKey={id}
 *   onActivate={(row) => …} onOpen={(row) => navigate('order', { id: row.id })} empty={<EmptyState … />} />
 * ```
 * Plain rows: `pages={plainPages(rows)}`.
 */
import { Table, type TableProps } from 'antd';
import type { TableRef } from 'antd/es/table';
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../shared/contract/operation.ts';
import { isComposing } from '../app/keys.ts';
import { useView } from '../stores/view-store.ts';
import { Skeleton } from './EmptyState.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { useSize } from './use-size.ts';

/** What a table needs of `usePages`; `plainPages` makes one of rows that are all here. */
export interface TablePages<R> {
  readonly status: 'loading' | 'ready' | 'failed';
  readonly rows: readonly R[];
  readonly total: number;
  readonly error: ContractError | undefined;
  readonly isFetching: boolean;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

const nothing = (): void => undefined;

/** Rows that are all here already; `undefined` while they are being read. */
export function plainPages<R>(
  rows: readonly R[] | undefined,
  error?: ContractError,
  reload: () => void = nothing,
): TablePages<R> {
  const status = rows !== undefined ? 'ready' : error !== undefined ? 'failed' : 'loading';
  return {
    status,
    rows: rows ?? [],
    total: rows?.length ?? 0,
    error,
    isFetching: status === 'loading',
    hasMore: false,
    loadMore: nothing,
    reload,
  };
}

export interface Column<R> {
  readonly id: string;
  readonly title: ReactNode;
  /** In px at 100 % text size; columns without one share what is left. */
  readonly width?: number;
  /** Amounts and counts stand at the right. */
  readonly align?: 'left' | 'right' | 'center';
  /** Long text is cut with an ellipsis and shown whole as a title; on unless set to false. */
  readonly ellipsis?: boolean;
  /** Left out where the columns need more than there is: for what stands beside the list as well. */
  readonly yields?: boolean;
  /** What holds something of its own, as a field does, wants its row's key: cells stay as the rows under them change. */
  readonly render: (row: R, index: number) => ReactNode;
}

export type RowKey = string | number;

export interface DataTableProps<R> {
  /** For screen readers: what the table lists. */
  readonly label: string;
  readonly pages: TablePages<R>;
  readonly columns: readonly Column<R>[];
  readonly rowKey: (row: R) => RowKey;
  /** What to show for an empty list: what to do next. */
  readonly empty: ReactNode;
  /** The row with the cursor; left out, the table keeps it itself. */
  readonly activeKey?: RowKey | undefined;
  /** The cursor moved to a row (arrow key or click). */
  readonly onActivate?: (row: R) => void;
  /** Enter or double click. */
  readonly onOpen?: (row: R) => void;
  readonly selectedKeys?: readonly RowKey[];
  readonly onSelect?: (keys: readonly RowKey[]) => void;
  readonly rowTone?: (row: R) => 'muted' | 'rejected' | 'action' | undefined;
  /** Takes the focus when it is first shown, so that the arrows work at once. */
  readonly autoFocus?: boolean;
  /** As tall as its rows instead of filling its place; for short tables only. */
  readonly fit?: boolean;
}

type TableColumn<R> = NonNullable<TableProps<R>['columns']>[number];

interface RowCheckProps {
  readonly label: string;
  readonly isOn: boolean;
  /** Some of what it stands for is on. */
  readonly isPartly?: boolean;
  readonly onPick: (on: boolean, extend: boolean) => void;
}

/** A tick, plain: long lists have one in each row. */
function RowCheck({ label, isOn, isPartly = false, onPick }: RowCheckProps) {
  return (
    <input
      ref={(element) => {
        if (element !== null) element.indeterminate = isPartly;
      }}
      type="checkbox"
      className="row-check"
      aria-label={label}
      checked={isOn}
      onChange={({ target, nativeEvent }) =>
        onPick(target.checked, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
      }
    />
  );
}

const ROW = 32;
const SELECT_WIDTH = 36;
const OVERSCAN_ROWS = 40;
/** Of the place of a wide list: so far Left and Right move its columns. */
const SIDE_STEP = 0.25;

/** What a narrow column cuts, words or figures, is whole as the cell's title. */
function nameCut(target: EventTarget): void {
  const cell = target instanceof Element ? target.closest<HTMLElement>('.ant-table-cell') : null;
  if (cell === null) return;
  const isCut = [cell, ...cell.querySelectorAll('*')].some(
    ({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth,
  );
  if (isCut) cell.title = cell.innerText;
}

export function DataTable<R extends object>(props: DataTableProps<R>) {
  const {
    label,
    pages,
    rowKey,
    empty,
    onActivate,
    onOpen,
    selectedKeys,
    onSelect,
    rowTone,
    autoFocus = false,
    fit = false,
  } = props;
  const { t } = useTranslation();
  const scale = useView((view) => view.textSize) / 100;
  const [boxRef, size] = useSize();
  const table = useRef<TableRef>(null);
  const box = useRef<HTMLDivElement>(null);
  const [ownKey, setOwnKey] = useState<RowKey>();
  const id = useId();
  const rowHeight = Math.round(ROW * scale);
  // A pixel less than the place there is: at exactly its width the list shows a bar to scroll by nothing.
  const room = size.width - 1;
  const widthOf = (some: readonly Column<R>[]): number =>
    some.reduce(
      (sum, column) => sum + Math.round((column.width ?? 100) * scale),
      onSelect === undefined ? 0 : SELECT_WIDTH,
    );
  const isTight = widthOf(props.columns) > room;
  const columns = useMemo(
    () => (isTight ? props.columns.filter(({ yields }) => yields !== true) : props.columns),
    [isTight, props.columns],
  );
  const wanted = widthOf(columns);
  const isWide = size.width > 0 && wanted > room;

  const { rows } = pages;
  const activeKey = props.activeKey ?? ownKey;
  const activeAt = useMemo(
    () => (activeKey === undefined ? -1 : pages.rows.findIndex((row) => rowKey(row) === activeKey)),
    [pages.rows, activeKey, rowKey],
  );
  const selected = useMemo(() => new Set(selectedKeys ?? []), [selectedKeys]);
  /** Where a range of Shift+arrows began. */
  const anchor = useRef(-1);
  /** The row that was last ticked: a click with Shift ticks from there. */
  const picked = useRef(-1);

  // In the same step that shows them, so that no key typed at once finds neither the list nor its first row.
  useLayoutEffect(() => {
    if (autoFocus) box.current?.focus({ preventScroll: true });
  }, [autoFocus]);
  // Where moving the cursor shows nothing beside the list, Enter should work at once on the first row.
  const [first] = pages.rows;
  const startsAtFirst = autoFocus && onActivate === undefined && activeAt < 0;
  useLayoutEffect(() => {
    if (startsAtFirst && first !== undefined) setOwnKey(rowKey(first));
  }, [startsAtFirst, first, rowKey]);

  const activate = (at: number): void => {
    const row = pages.rows[at];
    if (row === undefined) return;
    setOwnKey(rowKey(row));
    onActivate?.(row);
    table.current?.scrollTo({ index: at });
    if (pages.hasMore && at >= pages.rows.length - OVERSCAN_ROWS) pages.loadMore();
  };

  const toggle = (key: RowKey): void => {
    if (onSelect === undefined) return;
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect([...next]);
  };

  const moveTo = (at: number, extend: boolean): void => {
    const to = Math.min(pages.rows.length - 1, Math.max(0, at));
    if (extend && onSelect !== undefined) {
      if (anchor.current < 0) anchor.current = Math.max(0, activeAt);
      const [from, until] = anchor.current < to ? [anchor.current, to] : [to, anchor.current];
      onSelect(pages.rows.slice(from, until + 1).map(rowKey));
    } else {
      anchor.current = to;
    }
    activate(to);
  };

  /** As a wheel turned sideways over the rows does it: the table's own way to scroll to a place knows no columns. */
  const moveColumns = (way: 1 | -1): void => {
    const deltaX = way * Math.round(size.width * SIDE_STEP);
    box.current
      ?.querySelector('.ant-table-tbody-virtual-holder')
      ?.dispatchEvent(new WheelEvent('wheel', { deltaX, bubbles: true, cancelable: true }));
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.target !== event.currentTarget || isComposing(event) || event.altKey) return;
    // With Ctrl they belong to the page, which steps through its periods with them.
    if (event.ctrlKey && (event.key === 'PageUp' || event.key === 'PageDown')) return;
    const jump = Math.max(1, Math.floor(size.height / rowHeight) - 2);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: activeAt + 1,
      ArrowUp: activeAt - 1,
      PageDown: activeAt + jump,
      PageUp: activeAt - jump,
      Home: 0,
      End: pages.rows.length - 1,
    };
    const to = steps[event.key];
    const row = pages.rows[activeAt];
    if (to !== undefined) moveTo(to, event.shiftKey);
    else if (event.key === 'Enter' && !event.ctrlKey && row !== undefined) onOpen?.(row);
    else if (event.key === ' ' && row !== undefined && onSelect !== undefined) toggle(rowKey(row));
    else if (event.key.toLowerCase() === 'a' && event.ctrlKey && onSelect !== undefined)
      onSelect(pages.rows.map(rowKey));
    else if (isWide && !event.ctrlKey && !event.shiftKey && event.key === 'ArrowRight') moveColumns(1);
    else if (isWide && !event.ctrlKey && !event.shiftKey && event.key === 'ArrowLeft') moveColumns(-1);
    else return;
    event.preventDefault();
  };

  const ownColumns = useMemo(
    () =>
      columns.map(
        (column, at): TableColumn<R> => ({
          key: column.id,
          title: column.title,
          align: column.align ?? 'left',
          ellipsis: column.ellipsis ?? true,
          ...(column.width === undefined ? {} : { width: Math.round(column.width * scale) }),
          ...(isWide && at === 0 ? { fixed: 'start' as const } : {}),
          render: (_value: unknown, row: R, index: number) => column.render(row, index),
        }),
      ),
    [columns, scale, isWide],
  );
  const counted = useMemo(
    () => (selected.size === 0 ? 0 : pages.rows.reduce((sum, row) => sum + (selected.has(rowKey(row)) ? 1 : 0), 0)),
    [pages.rows, selected, rowKey],
  );
  const pick = (at: number, on: boolean, extend: boolean): void => {
    const from = extend && picked.current >= 0 ? picked.current : at;
    picked.current = at;
    const next = new Set(selected);
    for (const row of pages.rows.slice(Math.min(from, at), Math.max(from, at) + 1)) {
      if (on) next.add(rowKey(row));
      else next.delete(rowKey(row));
    }
    onSelect?.([...next]);
  };
  const activateByMouse = (row: R, at: number): void => {
    anchor.current = at;
    setOwnKey(rowKey(row));
    onActivate?.(row);
  };
  const readAhead = ({ scrollTop, clientHeight, scrollHeight }: HTMLElement): void => {
    if (pages.hasMore && scrollHeight - scrollTop - clientHeight < OVERSCAN_ROWS * rowHeight) pages.loadMore();
  };
  /** What the drawn table calls, always the newest: it is drawn anew for what it shows only. */
  const latest = useRef({ rowKey, onOpen, onSelect, pick, activateByMouse, readAhead });
  latest.current = { rowKey, onOpen, onSelect, pick, activateByMouse, readAhead };
  // The table's own selection knows every row that is loaded, at each page that is read: too much for long lists.
  const canSelect = onSelect !== undefined;
  const tableColumns = useMemo(() => {
    if (!canSelect) return ownColumns;
    const selectColumn: TableColumn<R> = {
      key: 'select',
      width: SELECT_WIDTH,
      ...(isWide ? { fixed: 'start' as const } : {}),
      align: 'center',
      title: (
        <RowCheck
          label={t('common.selectAll')}
          isOn={counted > 0 && counted === rows.length}
          isPartly={counted > 0 && counted < rows.length}
          onPick={(on) => latest.current.onSelect?.(on ? rows.map(latest.current.rowKey) : [])}
        />
      ),
      render: (_value: unknown, row: R, index: number) => (
        <RowCheck
          label={t('common.selectRow')}
          isOn={selected.has(latest.current.rowKey(row))}
          onPick={(on, extend) => latest.current.pick(index, on, extend)}
        />
      ),
    };
    return [selectColumn, ...ownColumns];
  }, [canSelect, ownColumns, isWide, rows, counted, selected, t]);

  const headHeight = rowHeight + 1;
  const width = Math.max(room, wanted);
  const bodyHeight = Math.max(rowHeight, size.height - headHeight);
  const fitHeight = headHeight + Math.max(1, pages.rows.length) * rowHeight + 2;

  // A row is known to the table by its place: with other rows it changes the words in the cells it has, where by their own
  // keys it would take down every cell and set up another (a key in the search of a long list took twice as long).
  const places = useMemo(() => new Map(rows.map((row, index) => [row, index])), [rows]);
  // Drawn anew only for what it shows: a key in the page's search, or a read that has begun, leaves its cells alone.
  const drawn = useMemo(
    () => (
      <Table<R>
        ref={table}
        virtual
        size="small"
        pagination={false}
        showSorterTooltip={false}
        scroll={{ x: width, y: bodyHeight }}
        dataSource={rows as R[]}
        rowKey={(row) => places.get(row) ?? -1}
        columns={tableColumns}
        rowClassName={(row) => {
          const key = latest.current.rowKey(row);
          const tone = rowTone?.(row);
          const isSelected = selected.has(key) ? ' ant-table-row-selected' : '';
          return `${key === activeKey ? 'is-active' : ''}${tone === undefined ? '' : ` is-${tone}`}${isSelected}`;
        }}
        onRow={(row, index) => {
          const key = latest.current.rowKey(row);
          return {
            id: `${id}-${index ?? 0}`,
            'aria-selected': selected.has(key) || key === activeKey,
            onMouseDown: () => latest.current.activateByMouse(row, index ?? -1),
            onDoubleClick: () => latest.current.onOpen?.(row),
          };
        }}
        onScroll={(event) => latest.current.readAhead(event.currentTarget)}
      />
    ),
    [rows, places, tableColumns, rowTone, selected, activeKey, width, bodyHeight, id],
  );

  const isEmpty = pages.status === 'ready' && pages.rows.length === 0;
  // Chosen by a link or a form, not by hand in the list: it comes into view, also where the list is still finding its height.
  const isGiven = props.activeKey !== undefined && props.activeKey !== ownKey && activeAt >= 0;
  const isDrawn = pages.status === 'ready' && size.width > 0;
  const given = useRef('');
  useEffect(() => {
    const shown = `${props.activeKey} ${bodyHeight}`;
    if (!isGiven || !isDrawn || given.current === shown) return;
    given.current = shown;
    if (activeAt > 0) table.current?.scrollTo({ index: activeAt });
  }, [isGiven, isDrawn, props.activeKey, activeAt, bodyHeight]);
  return (
    <div className={fit ? 'data-table is-fit' : 'data-table'}>
      {pages.status === 'ready' ? <ErrorNote error={pages.error} onRetry={pages.reload} /> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: the rows are virtual, so the grid is made of divs */}
      <div
        ref={(element) => {
          box.current = element;
          boxRef(element);
        }}
        className={isWide ? 'data-table-box is-wide' : 'data-table-box'}
        style={fit && !isEmpty && pages.status === 'ready' ? { height: fitHeight } : undefined}
        role="grid"
        aria-label={label}
        aria-rowcount={pages.total}
        aria-busy={pages.isFetching}
        aria-activedescendant={activeAt < 0 ? undefined : `${id}-${activeAt}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerOver={({ target }) => nameCut(target)}
        onFocus={(event) => {
          if (
            event.target === event.currentTarget &&
            activeAt < 0 &&
            pages.rows.length > 0 &&
            event.currentTarget.matches(':focus-visible')
          )
            activate(0);
        }}
      >
        {pages.status === 'loading' ? <Skeleton /> : null}
        {pages.status === 'failed' ? <ErrorNote error={pages.error} onRetry={pages.reload} /> : null}
        {isEmpty ? empty : null}
        {pages.status === 'ready' && !isEmpty && size.width > 0 ? drawn : null}
      </div>
    </div>
  );
}

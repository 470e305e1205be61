/**
 * The goods of a document as a spreadsheet. Only the cell in use is an input, laid over the grid; all others are text, and only the rows in
 * sight are drawn, so that 1,000 lines are as quick as ten. Keys: arrows walk and with Shift select, Enter goes on and makes a new line at
 * the end, typing replaces, F2 opens what is there. A block from Excel goes into any cell.
 */
import {
  type ClipboardEvent,
  type KeyboardEvent,
  memo,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldSpec, MessageSpec, Values } from '../../../../shared/documents/spec.ts';
import { linesOf, pathOf } from '../../../../shared/documents/spec.ts';
import { enteredValue, parseBlock, writeBlock } from '../../../../shared/drafting/cells.ts';
import {
  lineNumberField,
  MOST_LINES,
  PathError,
  referencesTo,
  TooManyLinesError,
} from '../../../../shared/drafting/edit.ts';
import { remainderFor } from '../../../../shared/drafting/remainder.ts';
import { groupsInLines, present } from '../../../../shared/drafting/undo.ts';
import { isCommandKey, isComposing, useKeys } from '../../../app/keys.ts';
import { nameOfCode, useNamesVersion } from '../../../components/code-names.ts';
import { lookingUp } from '../../../components/lookups.ts';
import { useSize } from '../../../components/use-size.ts';
import { call } from '../../../core-client.ts';
import { formatAmount, formatCount } from '../../../i18n/format.ts';
import { notify } from '../../../stores/notice-store.ts';
import { usePolicyFields } from '../../../stores/policy-store.ts';
import { useView } from '../../../stores/view-store.ts';
import { fieldLabel } from '../field-text.ts';
import { EntryInput, type EntryInputHandle, typeInto } from './EntryInput.tsx';
import {
  type CellRange,
  elementFields,
  fillOperation,
  gestureOf,
  shownValue,
  skuOf,
  takenFrom,
  tariffCodeOf,
} from './entry-model.ts';
import type { EntrySession } from './entry-session.ts';

export interface GridHandle {
  /** Puts the cursor into a cell, with what was being typed there. */
  readonly goTo: (line: number, field: string, typed?: string, caret?: number) => void;
  readonly focus: () => void;
  /** Gives up what is being typed; false when nothing was. */
  readonly giveUp: () => boolean;
  readonly commit: () => void;
}

interface Props {
  readonly session: EntrySession;
  readonly recentFor: string;
  readonly spec: MessageSpec;
  readonly lines: readonly Values[];
  readonly columns: readonly FieldSpec[];
  readonly isOpen: boolean;
  readonly levels: ReadonlyMap<string, 'reject' | 'doubt'>;
  readonly unconfirmed: ReadonlySet<string>;
  /** Text that names no code, and what the checker has marked. */
  readonly unknown: ReadonlySet<string>;
  readonly marked: ReadonlySet<string>;
  readonly amountDue: string | undefined;
  readonly onPath: (path: string) => void;
  /** F2 in the specification of goods: its elements one by one. */
  readonly onElements: () => void;
  readonly handle: Ref<GridHandle>;
}

interface Cell {
  readonly row: number;
  readonly column: number;
}

const ROW = 30;
const NUMBER_WIDTH = 56;
const OVERSCAN = 6;
/** Columns that stay when the others scroll, besides the number of the line. */
const FROZEN = 1;

function widthOf(field: FieldSpec): number {
  if (field.kind !== 'text') return 104;
  // The name of a commodity beside its ten digits.
  if (field.table === 'hs') return 168;
  if (field.values !== undefined || field.table !== undefined) return 112;
  const length = field.length ?? field.max ?? 20;
  return length > 60 ? 200 : Math.max(96, Math.min(150, length * 8));
}

function rangeOf(at: Cell, anchor: Cell): CellRange {
  return {
    top: Math.min(at.row, anchor.row),
    bottom: Math.max(at.row, anchor.row),
    left: Math.min(at.column, anchor.column),
    right: Math.max(at.column, anchor.column),
  };
}

export function GoodsGrid({
  session,
  recentFor,
  spec,
  lines,
  columns,
  isOpen,
  levels,
  unconfirmed,
  unknown,
  marked,
  amountDue,
  onPath,
  onElements,
  handle,
}: Props) {
  const { t, i18n } = useTranslation();
  const policyFields = usePolicyFields(spec.message);
  const scale = useView((view) => view.textSize) / 100;
  const rowHeight = Math.round(ROW * scale);
  const [sizeRef, size] = useSize();
  const box = useRef<HTMLDivElement>(null);
  const editor = useRef<EntryInputHandle>(null);
  const [at, setAt] = useState<Cell>({ row: 0, column: 0 });
  const [anchor, setAnchor] = useState<Cell>({ row: 0, column: 0 });
  const [firstRow, setFirstRow] = useState(0);
  /** Whether the cursor is in the grid: a cell that is drawn anew takes the focus only then. */
  const hasFocus = useRef(false);
  /** F2: the arrows move in the text until Enter or Esc. */
  const isInText = useRef(false);
  const restored = useRef<{ path: string; typed: string; caret: number | undefined }>(undefined);

  const row = Math.min(at.row, Math.max(0, lines.length - 1));
  const column = Math.min(at.column, Math.max(0, columns.length - 1));
  const field = columns[column];
  const path = field === undefined ? '' : pathOf(spec, field.name, row + 1);
  const range = rangeOf({ row, column }, { row: Math.min(anchor.row, lines.length - 1), column: anchor.column });
  const isRange = range.top !== range.bottom || range.left !== range.right;

  const widths = useMemo(() => columns.map((one) => Math.round(widthOf(one) * scale)), [columns, scale]);
  const lefts = useMemo(() => {
    let left = Math.round(NUMBER_WIDTH * scale);
    return widths.map((width) => {
      const mine = left;
      left += width;
      return mine;
    });
  }, [widths, scale]);
  const width = (lefts.at(-1) ?? 0) + (widths.at(-1) ?? 0);
  const visible = Math.ceil(size.height / rowHeight) + 2 * OVERSCAN;
  const from = Math.max(0, firstRow - OVERSCAN);
  const shownLines = lines.slice(from, from + visible);

  const codes: Record<string, string[]> = {};
  for (const one of columns) {
    if (one.kind !== 'text' || one.table === undefined || one.under !== undefined) continue;
    codes[one.table] = [...(codes[one.table] ?? []), ...shownLines.map((line) => line[one.name] ?? '')];
  }
  const namesVersion = useNamesVersion(codes);

  /** Marks by line, made once a check instead of once a cell. */
  const marks = useMemo(() => {
    const found = new Map<number, Record<string, string>>();
    const group = spec.lines?.name ?? '';
    const add = (mark: string, kind: string): void => {
      const match = /^(\w+)\[(\d+)\]\/(\w+)$/.exec(mark);
      if (match === null || match[1] !== group) return;
      const line = Number(match[2]);
      const own = found.get(line) ?? {};
      own[match[3] ?? ''] = `${own[match[3] ?? ''] ?? ''} ${kind}`;
      found.set(line, own);
    };
    for (const [mark, level] of levels) add(mark, `is-${level}`);
    for (const mark of unconfirmed) add(mark, 'is-unconfirmed');
    for (const mark of unknown) add(mark, 'is-unknown');
    for (const mark of marked) add(mark, 'is-marked');
    return found;
  }, [levels, unconfirmed, unknown, marked, spec]);

  const scrollTo = (cell: Cell): void => {
    const element = box.current;
    if (element === null) return;
    const top = cell.row * rowHeight;
    const room = element.clientHeight - rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + room) element.scrollTop = top + rowHeight - room;
    if (cell.column < FROZEN) return;
    const left = lefts[cell.column] ?? 0;
    const frozen = (lefts[FROZEN - 1] ?? 0) + (widths[FROZEN - 1] ?? 0);
    if (left - frozen < element.scrollLeft) element.scrollLeft = left - frozen;
    else if (left + (widths[cell.column] ?? 0) > element.scrollLeft + element.clientWidth)
      element.scrollLeft = left + (widths[cell.column] ?? 0) - element.clientWidth;
  };

  const move = (to: Cell, extend = false, count = lines.length): void => {
    editor.current?.commit();
    isInText.current = false;
    const next = {
      row: Math.max(0, Math.min(count - 1, to.row)),
      column: Math.max(0, Math.min(columns.length - 1, to.column)),
    };
    setAt(next);
    if (!extend) setAnchor(next);
    scrollTo(next);
    const name = columns[next.column]?.name;
    if (name === undefined) return;
    const nextPath = pathOf(spec, name, next.row + 1);
    session.keep({ path: nextPath });
    onPath(nextPath);
  };

  // The cell in use is another input after each move: it takes the focus in the same step, so that no key typed at once is lost.
  useLayoutEffect(() => {
    if (!hasFocus.current) return;
    editor.current?.focus();
    const wanted = restored.current;
    restored.current = undefined;
    const active = document.activeElement;
    if (wanted?.path === path && active instanceof HTMLInputElement) typeInto(active, wanted.typed, wanted.caret);
  }, [path]);

  useImperativeHandle(handle, () => ({
    goTo: (line, name, typed, caret) => {
      const to = {
        row: line - 1,
        column: Math.max(
          0,
          columns.findIndex((one) => one.name === name),
        ),
      };
      hasFocus.current = true;
      if (typed !== undefined) restored.current = { path: pathOf(spec, name, line), typed, caret };
      const isSame = to.row === row && to.column === column;
      move(to, false, linesOf(spec, session.snapshot().body).length);
      if (!isSame) return;
      editor.current?.focus();
      const active = document.activeElement;
      if (typed !== undefined && active instanceof HTMLInputElement) typeInto(active, typed, caret);
    },
    focus: () => {
      hasFocus.current = true;
      scrollTo({ row, column });
      editor.current?.focus();
      onPath(path);
      session.keep({ path });
    },
    giveUp: () => editor.current?.giveUp() ?? false,
    commit: () => editor.current?.commit(),
  }));

  const apply = (operations: Parameters<EntrySession['apply']>[0]): boolean => {
    try {
      session.apply(operations, path);
      return true;
    } catch (error) {
      if (error instanceof TooManyLinesError) notify(t('entry.tooManyLines', { max: formatCount(MOST_LINES) }));
      // What was looked up for a line may come when the line is gone.
      else if (error instanceof PathError) notify(t('entry.lineGone'));
      else throw error;
      return false;
    }
  };
  const number = lineNumberField(spec);

  const takeFrom = (source: number): void => {
    if (field === undefined || !isOpen) return;
    const taken = takenFrom(spec, session.snapshot().body, source, row + 1, field.name);
    if (taken === undefined) {
      notify(t('entry.nothingAbove'));
      return;
    }
    const names = Object.keys(taken);
    apply([{ op: 'block', at: row + 1, fields: names, rows: [names.map((name) => taken[name] ?? '')] }]);
  };
  const fillRest = (): void => {
    if (field === undefined || !isOpen) return;
    const rest = remainderFor(spec, session.snapshot().body, row + 1, field.name, { amount: amountDue });
    if (rest === undefined) notify(t('entry.noRemainder', { field: fieldLabel(field, i18n.language) }));
    else apply([{ op: 'set', path, value: rest }]);
  };
  /** `..`, `//` and `=`: what they stand for is put in, and what was typed is gone. */
  const special = (typed: string): boolean => {
    const gesture = gestureOf(typed);
    if (gesture === undefined) return false;
    if (gesture === '=') fillRest();
    else takeFrom(gesture === '..' ? row : 1);
    return true;
  };

  const addLine = (): void => {
    editor.current?.commit();
    const count = linesOf(spec, session.snapshot().body).length;
    if (apply([{ op: 'insert', at: count + 1, lines: [{}] }])) move({ row: count, column: 0 }, false, count + 1);
  };
  const next = (by: 1 | -1): void => {
    const count = linesOf(spec, session.snapshot().body).length;
    if (by === 1 && column === columns.length - 1) {
      if (row === count - 1) {
        if (isOpen) addLine();
      } else move({ row: row + 1, column: 0 });
    } else if (by === -1 && column === 0) {
      if (row > 0) move({ row: row - 1, column: columns.length - 1 });
    } else move({ row, column: column + by });
  };

  const insertLines = (): void => {
    editor.current?.giveUp();
    const count = range.bottom - range.top + 1;
    apply([
      { op: 'insert', at: lines.length === 0 ? 1 : range.top + 1, lines: Array.from({ length: count }, () => ({})) },
    ]);
  };
  const deleteLines = (): void => {
    if (lines.length === 0) return;
    editor.current?.giveUp();
    const count = range.bottom - range.top + 1;
    const named = referencesTo(spec, session.snapshot().body, range.top + 1, count);
    if (!apply([{ op: 'delete', at: range.top + 1, count }])) return;
    move({ row: range.top, column }, false, Math.max(1, lines.length - count));
    if (named > 0) notify(t('entry.refsDropped', { n: formatCount(named) }));
  };
  const moveLines = (by: 1 | -1): void => {
    const count = range.bottom - range.top + 1;
    const to = range.top + by;
    if (to < 0 || to + count > lines.length) return;
    editor.current?.commit();
    if (!apply([{ op: 'move', at: range.top + 1, count, to: to + 1 }])) return;
    setAt({ row: row + by, column });
    setAnchor({ row: anchor.row + by, column: anchor.column });
    scrollTo({ row: row + by, column });
  };
  const duplicateLines = (): void => {
    if (lines.length === 0) return;
    editor.current?.commit();
    const sources = linesOf(spec, session.snapshot().body).slice(range.top, range.bottom + 1);
    const copies = sources.map((line) =>
      Object.fromEntries(Object.entries(present(line)).filter(([name]) => name !== number)),
    );
    // What stands in a line, as its licences, comes along.
    const parts = groupsInLines(spec, sources, range.bottom + 2);
    if (apply([{ op: 'insert', at: range.bottom + 2, lines: copies, parts }]))
      move({ row: range.bottom + 1, column }, false, lines.length + copies.length);
  };
  const names = (): string[] => columns.slice(range.left, range.right + 1).map((one) => one.name);
  const fillDown = (): void => {
    editor.current?.commit();
    const current = linesOf(spec, session.snapshot().body);
    const [top, first] = isRange && range.bottom > range.top ? [range.top, range.top + 1] : [range.top - 1, range.top];
    const source = current[top];
    if (source === undefined) return;
    const values = names().map((name) => source[name] ?? '');
    const rows = Array.from({ length: range.bottom - first + 1 }, () => values);
    if (rows.length > 0) apply([{ op: 'block', at: first + 1, fields: names(), rows }]);
  };
  const clearRange = (): void => {
    const blank = names().map(() => '');
    apply([
      {
        op: 'block',
        at: range.top + 1,
        fields: names(),
        rows: Array.from({ length: range.bottom - range.top + 1 }, () => blank),
      },
    ]);
  };
  const confirmRange = (): void => {
    const paths: string[] = [];
    for (let line = range.top; line <= range.bottom; line += 1)
      for (const name of names()) paths.push(pathOf(spec, name, line + 1));
    session.confirm(paths);
  };

  const put = async (block: readonly (readonly string[])[]): Promise<void> => {
    const only = block.length === 1 && block[0]?.length === 1 ? block[0][0] : undefined;
    const rows =
      only !== undefined && isRange
        ? Array.from({ length: range.bottom - range.top + 1 }, () => names().map(() => only))
        : block;
    const most = Math.max(...rows.map((one) => one.length));
    const targets = columns.slice(range.left, range.left + most);
    const values = rows.map((one) => targets.map((target, index) => enteredValue(target, one[index] ?? '')));
    // What could not be looked up stands as it was pasted, and the check names it.
    const isLookedUp = await codesOfNames(targets, values);
    const isTaken = apply([{ op: 'block', at: range.top + 1, fields: targets.map(({ name }) => name), rows: values }]);
    if (!isTaken) return;
    notify(
      t(most > targets.length ? 'entry.pastedCut' : 'entry.pasted', {
        rows: formatCount(rows.length),
        columns: targets.length,
        left: most - targets.length,
      }),
    );
    if (!isLookedUp) notify(t('entry.pastedUncoded'));
  };

  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData.getData('text/plain');
    const isBlock = /[\t\r\n]/.test(text.replace(/[\r\n]+$/, ''));
    if (!isOpen || text === '' || (!isBlock && (isInText.current || editor.current?.isTyping() === true))) return;
    event.preventDefault();
    editor.current?.giveUp();
    lookingUp(put(parseBlock(text)));
  };
  const onCopy = (event: ClipboardEvent, isCut: boolean): void => {
    if (isInText.current || editor.current?.isTyping() === true) return;
    event.preventDefault();
    const rows = lines
      .slice(range.top, range.bottom + 1)
      .map((line) => columns.slice(range.left, range.right + 1).map((one) => shownValue(one, line[one.name] ?? '')));
    event.clipboardData.setData('text/plain', writeBlock(rows));
    if (isCut && isOpen) clearRange();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (isComposing(event) || event.defaultPrevented) return;
    const { key, ctrlKey, shiftKey, altKey } = event;
    const isTyping = editor.current?.isTyping() === true;
    if (key === 'Enter' && !ctrlKey && !altKey) {
      event.preventDefault();
      if (!isTyping && !shiftKey) session.confirm([path]);
      next(shiftKey ? -1 : 1);
      return;
    }
    if (key === 'Tab' && !ctrlKey && !altKey) {
      const isEdge = shiftKey ? row === 0 && column === 0 : row === lines.length - 1 && column === columns.length - 1;
      if (isEdge) return;
      event.preventDefault();
      next(shiftKey ? -1 : 1);
      return;
    }
    if (key === 'Escape' && (isTyping || isInText.current)) {
      event.preventDefault();
      event.stopPropagation();
      isInText.current = false;
      editor.current?.giveUp();
      editor.current?.focus();
      return;
    }
    if (isCommandKey(event, 'entry.lookup') && !isTyping) {
      event.preventDefault();
      if (
        field !== undefined &&
        isOpen &&
        elementFields.includes(field.name) &&
        tariffCodeOf(lines[row] ?? {}).length === 10
      ) {
        onElements();
        return;
      }
      isInText.current = true;
      if (event.target instanceof HTMLInputElement) {
        const end = event.target.value.length;
        event.target.setSelectionRange(end, end);
      }
      return;
    }
    if (altKey) return;
    if (isInText.current && !ctrlKey) return;
    const page = Math.max(1, Math.floor(size.height / rowHeight) - 2);
    const last = { row: lines.length - 1, column: columns.length - 1 };
    const steps: Readonly<Record<string, Cell>> = {
      ArrowUp: { row: ctrlKey ? 0 : row - 1, column },
      ArrowDown: { row: ctrlKey ? last.row : row + 1, column },
      ArrowLeft: { row, column: ctrlKey ? 0 : column - 1 },
      ArrowRight: { row, column: ctrlKey ? last.column : column + 1 },
      PageUp: { row: row - page, column },
      PageDown: { row: row + page, column },
      Home: { row: ctrlKey ? 0 : row, column: 0 },
      End: { row: ctrlKey ? last.row : row, column: last.column },
    };
    const to = steps[key];
    if (to !== undefined) {
      event.preventDefault();
      move(to, shiftKey);
    } else if (key.toLowerCase() === 'a' && ctrlKey && !isTyping) {
      event.preventDefault();
      setAnchor({ row: 0, column: 0 });
      setAt(last);
    } else if (key === 'Delete' && !ctrlKey && !isTyping && isOpen) {
      event.preventDefault();
      clearRange();
    }
  };

  // A code box settles Enter by itself; what stands for another cell has to be caught before it.
  const onKeyDownCapture = (event: KeyboardEvent<HTMLDivElement>): void => {
    if ((event.key !== 'Enter' && event.key !== 'Tab') || isComposing(event) || event.ctrlKey) return;
    if (!(event.target instanceof HTMLInputElement) || event.target.role !== 'combobox' || !isOpen) return;
    if (gestureOf(event.target.value) === undefined) return;
    const typed = event.target.value;
    event.preventDefault();
    event.stopPropagation();
    editor.current?.giveUp();
    special(typed);
    next(1);
  };

  const line = (run: () => void) => () => {
    if (isOpen && hasFocus.current) run();
  };
  useKeys([
    { command: 'entry.above', run: line(() => takeFrom(row)), isEnabled: isOpen, isMain: true },
    { command: 'entry.fillDown', run: line(fillDown), isEnabled: isOpen },
    { command: 'entry.insert', run: line(insertLines), isEnabled: isOpen },
    { command: 'entry.delete', run: line(deleteLines), isEnabled: isOpen },
    { command: 'entry.duplicate', run: line(duplicateLines), isEnabled: isOpen },
    { command: 'entry.moveUp', run: line(() => moveLines(-1)), isEnabled: isOpen },
    { command: 'entry.moveDown', run: line(() => moveLines(1)), isEnabled: isOpen },
    {
      command: 'entry.confirm',
      run: () => {
        if (hasFocus.current) confirmRange();
        else session.confirm([session.at]);
      },
      isEnabled: isOpen && session.snapshot().unconfirmed.length > 0,
    },
  ]);

  /** The handle at the corner of the selection is held: where it would fill to. */
  const [fillTo, setFillTo] = useState<Cell>();
  const fill = (to: Cell): void => {
    const operation = fillOperation(linesOf(spec, session.snapshot().body), columns, range, to, number);
    if (operation === undefined || !apply([operation])) return;
    setAnchor({ row: Math.min(range.top, to.row), column: Math.min(range.left, to.column) });
    setAt({ row: Math.max(range.bottom, to.row), column: Math.max(range.right, to.column) });
  };
  const filler = useRef(fill);
  filler.current = fill;
  const isFilling = fillTo !== undefined;
  useEffect(() => {
    if (!isFilling) return;
    // The button may be let go anywhere, outside the window too.
    const end = (event: MouseEvent): void => {
      const to = cellAt(event);
      setFillTo(undefined);
      if (to !== undefined) filler.current(to);
      requestAnimationFrame(() => editor.current?.focus());
    };
    window.addEventListener('mouseup', end, { once: true });
    return () => window.removeEventListener('mouseup', end);
  }, [isFilling]);
  const fills = fillTo === undefined ? undefined : fillOperation(lines, columns, range, fillTo, number);
  const fillRows = fills === undefined ? undefined : { from: fills.at - 1, to: fills.at - 2 + fills.rows.length };
  const fillColumns =
    fills === undefined
      ? undefined
      : {
          from: columns.findIndex(({ name }) => name === fills.fields[0]),
          to: columns.findIndex(({ name }) => name === fills.fields.at(-1)),
        };

  const english = i18n.language === 'en';
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are virtual, so the grid is made of divs
    <div
      className="goods-grid"
      role="grid"
      aria-label={spec.lines?.[english ? 'en' : 'zh'] ?? ''}
      aria-rowcount={lines.length}
      aria-colcount={columns.length}
      tabIndex={-1}
      ref={(element) => {
        box.current = element;
        sizeRef(element);
      }}
      onScroll={(event) => setFirstRow(Math.floor(event.currentTarget.scrollTop / rowHeight / 4) * 4)}
      onFocus={() => {
        hasFocus.current = true;
      }}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget) && event.relatedTarget !== null)
          hasFocus.current = false;
      }}
      onKeyDown={onKeyDown}
      onKeyDownCapture={onKeyDownCapture}
      onPaste={onPaste}
      onCopy={(event) => onCopy(event, false)}
      onCut={(event) => onCopy(event, true)}
      onMouseDown={(event) => {
        const cell = cellOf(event.target);
        if (cell === undefined) return;
        event.preventDefault();
        hasFocus.current = true;
        move(cell, event.shiftKey);
        requestAnimationFrame(() => editor.current?.focus());
      }}
      onMouseMove={(event) => {
        if (isFilling) {
          const to = cellAt(event);
          if (to !== undefined && (to.row !== fillTo.row || to.column !== fillTo.column)) setFillTo(to);
          const edge = event.currentTarget.getBoundingClientRect();
          if (event.clientY > edge.bottom - rowHeight) event.currentTarget.scrollTop += rowHeight;
          return;
        }
        const cell = event.buttons === 1 ? cellOf(event.target) : undefined;
        if (cell !== undefined && (cell.row !== row || cell.column !== column)) move(cell, true);
      }}
      onDoubleClick={() => {
        isInText.current = true;
      }}
    >
      <div className="goods-head" style={{ width, height: rowHeight }}>
        <div className="goods-cell is-frozen is-head" style={{ width: lefts[0], left: 0 }}>
          #
        </div>
        {columns.map((one, index) => (
          <div
            key={one.name}
            className={`goods-cell is-head${index < FROZEN ? ' is-frozen' : ''}${one.kind === 'text' ? '' : ' is-number'}`}
            style={{ width: widths[index], ...(index < FROZEN ? { left: lefts[index] } : {}) }}
            title={fieldLabel(one, i18n.language)}
          >
            {english ? one.en : one.zh}
            {one.required ? <span className="entry-required">*</span> : null}
            {policyFields.has(one.name) ? (
              <span className="entry-policy" aria-hidden="true">
                §
              </span>
            ) : null}
          </div>
        ))}
      </div>
      <div className="goods-body" style={{ width, height: Math.max(1, lines.length) * rowHeight }}>
        {shownLines.map((values, index) => {
          const line0 = from + index;
          const isIn = isRange && line0 >= range.top && line0 <= range.bottom;
          const isFilled = fillRows !== undefined && line0 >= fillRows.from && line0 <= fillRows.to;
          return (
            <GridRow
              key={line0}
              line={line0}
              values={values}
              columns={columns}
              widths={widths}
              lefts={lefts}
              top={line0 * rowHeight}
              height={rowHeight}
              selectedFrom={isIn ? range.left : -1}
              selectedTo={isIn ? range.right : -1}
              filledFrom={isFilled ? (fillColumns?.from ?? -1) : -1}
              filledTo={isFilled ? (fillColumns?.to ?? -1) : -1}
              marks={marks.get(line0 + 1)}
              language={i18n.language}
              namesVersion={namesVersion}
            />
          );
        })}
        {field === undefined || lines.length === 0 ? null : (
          <div className="goods-editor-row" style={{ top: row * rowHeight, height: rowHeight, width }}>
            <div
              className={`goods-editor${marks.get(row + 1)?.[field.name] ?? ''}`}
              data-path={path}
              style={{
                width: widths[column],
                left: lefts[column],
                position: column < FROZEN ? 'sticky' : 'relative',
              }}
            >
              <EntryInput
                key={path}
                ref={editor}
                isCell
                field={field}
                value={lines[row]?.[field.name] ?? ''}
                valuesNow={() => linesOf(spec, session.snapshot().body)[row] ?? {}}
                label={`${fieldLabel(field, i18n.language)} ${row + 1}`}
                isWritable={isOpen && field.name !== number}
                isInvalid={levels.get(path) === 'reject'}
                recentFor={`${recentFor.slice(0, 80)}|${skuOf(lines[row] ?? {}).slice(0, 60)}|${field.name}`}
                onCommit={(value) => apply([{ op: 'set', path, value }])}
                onSpecial={special}
                onTyped={(typed, caret) => session.keep({ path, ...(typed === undefined ? {} : { typed, caret }) })}
              />
            </div>
          </div>
        )}
        {!isOpen || lines.length === 0 || field === undefined ? null : (
          <div className="goods-editor-row" style={{ top: range.bottom * rowHeight, height: rowHeight, width }}>
            <div
              className="goods-corner"
              style={{
                width: widths[range.right],
                left: lefts[range.right],
                position: range.right < FROZEN ? 'sticky' : 'relative',
              }}
            >
              {/* biome-ignore lint/a11y/noStaticElementInteractions: the key for the same is that of filling down */}
              <span
                className="goods-fill"
                title={t('entry.fillHandle')}
                onMouseDown={(event) => {
                  event.preventDefault();
                  event.stopPropagation();
                  editor.current?.commit();
                  setFillTo({ row: range.bottom, column: range.right });
                }}
                onDoubleClick={(event) => {
                  event.stopPropagation();
                  fill({ row: lines.length - 1, column: range.right });
                }}
              />
            </div>
          </div>
        )}
      </div>
      {lines.length === 0 ? (
        <p className="muted goods-empty">
          {t('entry.noLines')}{' '}
          {isOpen ? (
            <button type="button" className="link" onClick={addLine}>
              {t('entry.firstLine')}
            </button>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

/** The cell under the mouse, whatever lies over it. */
function cellAt(event: { readonly clientX: number; readonly clientY: number }): Cell | undefined {
  for (const element of document.elementsFromPoint(event.clientX, event.clientY)) {
    const cell = cellOf(element);
    if (cell !== undefined) return cell;
  }
  return undefined;
}

function cellOf(target: EventTarget): Cell | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[data-cell]') : null;
  const [row, column] = (cell?.dataset['cell'] ?? '').split(' ').map(Number);
  return cell === null || row === undefined || column === undefined ? undefined : { row, column };
}

/**
 * Pasted names of coded cells become their codes where a table has exactly that name; changed in place.
 * @returns whether they could be looked up: a block is not lost with an answer
 */
async function codesOfNames(columns: readonly FieldSpec[], rows: string[][]): Promise<boolean> {
  let isLookedUp = true;
  for (const [index, column] of columns.entries()) {
    if (column.kind !== 'text' || column.table === undefined || column.under !== undefined) continue;
    const { table } = column;
    const words = [...new Set(rows.map((row) => row[index] ?? ''))]
      .filter((text) => /[^\dA-Za-z]/.test(text))
      .slice(0, 100);
    const found = new Map<string, string>();
    for (const text of words) {
      if (!isLookedUp) break;
      const answer = await call('tables.search', { table, text, limit: 3 }).catch(() => undefined);
      isLookedUp = answer !== undefined;
      const exact = answer?.rows.find(({ name }) => name === text);
      if (exact !== undefined) found.set(text, exact.code);
    }
    for (const row of rows) row[index] = found.get(row[index] ?? '') ?? row[index] ?? '';
  }
  return isLookedUp;
}

interface RowProps {
  readonly line: number;
  readonly values: Values;
  readonly columns: readonly FieldSpec[];
  readonly widths: readonly number[];
  readonly lefts: readonly number[];
  readonly top: number;
  readonly height: number;
  readonly selectedFrom: number;
  readonly selectedTo: number;
  /** Columns a fill under way reaches; -1: none. */
  readonly filledFrom: number;
  readonly filledTo: number;
  readonly marks: Readonly<Record<string, string>> | undefined;
  readonly language: string;
  /** Names of codes have come: the row is drawn again. */
  readonly namesVersion: number;
}

const GridRow = memo(function GridRow({
  line,
  values,
  columns,
  widths,
  lefts,
  top,
  height,
  selectedFrom,
  selectedTo,
  filledFrom,
  filledTo,
  marks,
  language,
}: RowProps) {
  return (
    <div className="goods-row" style={{ transform: `translateY(${top}px)`, height }} data-line={line + 1}>
      <div className="goods-cell is-frozen is-line" style={{ width: lefts[0], left: 0 }} data-cell={`${line} 0`}>
        {line + 1}
      </div>
      {columns.map((field, index) => {
        const value = values[field.name] ?? '';
        const name = nameOfCode(field, value, language);
        const text = field.kind === 'text' ? shownValue(field, value) : formatAmount(value);
        const mark = marks?.[field.name] ?? '';
        return (
          <div
            key={field.name}
            data-cell={`${line} ${index}`}
            className={`goods-cell${index < FROZEN ? ' is-frozen' : ''}${field.kind === 'text' ? '' : ' is-number'}${index >= selectedFrom && index <= selectedTo ? ' is-selected' : ''}${index >= filledFrom && index <= filledTo ? ' is-filled' : ''}${mark}`}
            style={{ width: widths[index], ...(index < FROZEN ? { left: lefts[index] } : {}) }}
            title={name === '' ? text : `${text} ${name}`}
          >
            {text}
            {name === '' ? '' : ` ${name}`}
          </div>
        );
      })}
    </div>
  );
});

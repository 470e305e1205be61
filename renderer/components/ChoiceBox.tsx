/**
 * A lookup box over rows its owner searches (codes of a table, accounts in memory, parties of the core): type, arrows move, digits 1-9 pick
 * where the text holds none, Enter takes the marked row and goes on, Esc puts back what was there. What is taken is always a row of the
 * answer to exactly what was typed: a key that comes before it waits for it, and so does what is typed behind that key. Who leaves the field
 * without a key takes a row only by its whole code or name. `isFree` keeps what was typed and only offers; otherwise text that names no row is taken by `onUnknown`, or refused:
 * it stays in sight, marked, until it is mended or given up with Esc.
 *
 * In a cell of a grid (`isCell`) the list opens with the first character or F2, so that the arrows still walk the grid.
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { isCommandKey, isComposing } from '../app/keys.ts';
import { useView } from '../stores/view-store.ts';
import { lookingUp } from './lookups.ts';
import { typeAhead } from './typing-ahead.ts';
import { selectWhenDrawn } from './use-enter-navigation.ts';
import { useListPlace } from './use-list-place.ts';

export interface Choice {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | undefined;
  /** Taken lately for the same thing. */
  readonly recent?: true | undefined;
}

export interface ChoiceBoxProps {
  /** What stands in the field while nothing is typed; for `isFree` the text itself. */
  readonly shown: string;
  /** What stands there by its code, where `shown` adds a name to it; left out: `shown` itself. */
  readonly code?: string;
  readonly search: (text: string) => readonly Choice[] | Promise<readonly Choice[]>;
  /** A row was taken, or undefined: the field was emptied. */
  readonly onTake: (choice: Choice | undefined) => void;
  /** Text that names no row is not refused but taken as it stands. */
  readonly onUnknown?: (text: string) => void;
  /** Text that names no row was refused. */
  readonly onRefused?: (text: string) => void;
  /** Free text, at every key. */
  readonly onText?: (text: string) => void;
  readonly isFree?: boolean;
  readonly isCell?: boolean;
  /** The code says nothing to a person (a row number): only the name is listed. */
  readonly hidesCode?: boolean;
  readonly id?: string;
  /** Id of the code table behind it, which the help of the field names. */
  readonly table?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  /** The field was left and what was typed in it is settled; not while refused text stands in it. */
  readonly onBlur?: () => void;
}

/** How what was typed is settled: a key takes the marked row or the one of its digit, leaving takes only what is meant without doubt. */
type Way = { readonly by: 'key'; readonly row?: number } | { readonly by: 'leaving' };

/** The row that is meant without doubt: by its whole code or name. */
function exactRow(rows: readonly Choice[], text: string): Choice | undefined {
  const wanted = text.normalize('NFKC').toLowerCase();
  const same = (of: string | undefined): boolean => of?.toLowerCase() === wanted;
  return rows.find(({ code }) => same(code)) ?? rows.find(({ name, nameEn }) => same(name) || same(nameEn));
}

interface Found {
  /** Found among rows that the form has at hand. */
  readonly isLocal?: true;
  readonly text: string;
  readonly rows: readonly Choice[];
}

export function ChoiceBox({
  shown,
  code,
  search,
  onTake,
  onUnknown,
  onRefused,
  onText,
  isFree = false,
  isCell = false,
  hidesCode = false,
  id,
  table,
  label,
  placeholder,
  isInvalid = false,
  isDisabled = false,
  autoFocus = false,
  onBlur,
}: ChoiceBoxProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const ownId = useId();
  const inputId = id ?? ownId;
  const listId = `${inputId}-list`;
  /** Typed and not yet taken; undefined: `shown` stands. */
  const [typed, setTyped] = useState<string>();
  const [found, setFound] = useState<Found>();
  const first = isFree ? -1 : 0;
  const [at, setAt] = useState(first);
  const [isOpen, setOpen] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [composing, setComposing] = useState<string>();
  const field = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  /** The list was asked for with its key: a digit then picks before anything is typed. */
  const isAsked = useRef(false);
  /** What was typed is being settled: leaving the field does not ask again. */
  const pending = useRef<{ readonly text: string; readonly answer: Promise<boolean> }>(undefined);
  /** The question under way, so that a key that comes before its answer waits for it instead of asking again. */
  const asked = useRef<{ readonly text: string; readonly answer: Promise<readonly Choice[]> }>(undefined);
  /** As of now: what is taken by a key must not be settled again by the leaving that follows it before anything is drawn. */
  const latest = useRef({ search, typed });
  latest.current = { search, typed };
  const wanted = (isFree ? (isOpen ? shown : '') : (typed ?? '')).trim();

  const ask = (text: string): readonly Choice[] | Promise<readonly Choice[]> => {
    if (asked.current?.text === text) return asked.current.answer;
    const answer = latest.current.search(text);
    if (!(answer instanceof Promise)) return answer;
    const mine = { text, answer };
    asked.current = mine;
    const forget = (): void => {
      if (asked.current === mine) asked.current = undefined;
    };
    answer.then(forget, forget);
    return answer;
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: asks anew for each text, not for each drawing
  useEffect(() => {
    if (!isOpen || composing !== undefined) return;
    const answer = ask(wanted);
    if (!(answer instanceof Promise)) {
      setFound({ text: wanted, rows: answer, isLocal: true });
      setAt(first);
      return;
    }
    let isCurrent = true;
    answer.then(
      (rows) => {
        if (!isCurrent) return;
        setFound({ text: wanted, rows });
        setAt(first);
      },
      () => {
        if (isCurrent) setFound({ text: wanted, rows: [] });
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [wanted, isOpen, composing, first]);
  // Rows that the form has at hand may come after what was typed: they are looked through again.
  useEffect(() => {
    if (!isOpen || composing !== undefined || found?.isLocal !== true || found.text !== wanted) return;
    const again = latest.current.search(wanted);
    if (!(again instanceof Promise) && again.length !== found.rows.length)
      setFound({ text: wanted, rows: again, isLocal: true });
  });

  // Another value has come from outside: what was refused before is not about it. Its name coming later, or in another language, is none.
  const value = code ?? shown;
  const [stood, setStood] = useState(value);
  if (stood !== value) {
    setStood(value);
    setRefused(undefined);
  }

  useEffect(() => {
    if (autoFocus) {
      input.current?.focus({ preventScroll: true });
      input.current?.select();
    }
  }, [autoFocus]);

  const place = useListPlace(field, isOpen);

  const close = (): void => {
    isAsked.current = false;
    latest.current.typed = undefined;
    setOpen(false);
    setTyped(undefined);
    setFound(undefined);
    setAt(first);
  };
  const take = (row: Choice): void => {
    setRefused(undefined);
    onTake(row);
    close();
    // What is typed next replaces the value instead of standing behind it.
    selectWhenDrawn(input.current);
  };
  const refuse = (text: string): void => {
    setRefused(text);
    onRefused?.(text);
    close();
  };
  const finish = (text: string, row: Choice | undefined): boolean => {
    if (row !== undefined) {
      take(row);
      return true;
    }
    if (onUnknown === undefined) {
      refuse(text);
      return false;
    }
    onUnknown(text);
    close();
    return true;
  };
  /** Takes what was typed at once if the list answers exactly it; a promise while its answer is awaited. False: refused. */
  const settle = (way: Way): boolean | Promise<boolean> => {
    const entered = latest.current.typed;
    if (isFree || entered === undefined) {
      close();
      return true;
    }
    const text = entered.trim();
    if (text === '') {
      if (shown !== '') onTake(undefined);
      setRefused(undefined);
      close();
      return true;
    }
    const chosen = (rows: readonly Choice[], marked: number): Choice | undefined =>
      way.by === 'leaving' ? exactRow(rows, text) : way.row === undefined ? (rows[marked] ?? rows[0]) : rows[way.row];
    const end = (rows: readonly Choice[], marked: number): boolean => {
      const row = chosen(rows, marked);
      // A digit behind the last row picks nothing, and refuses nothing either.
      return (row !== undefined || way.by === 'leaving' || way.row === undefined) && finish(text, row);
    };
    if (found !== undefined && found.text === text) return end(found.rows, at);
    if (pending.current?.text === text) return pending.current.answer;
    const rows = ask(text);
    if (!(rows instanceof Promise)) return end(rows, 0);
    const answer = rows
      // Where nobody answers the text is kept as what no code was found for.
      .catch((): readonly Choice[] => [])
      .then((come) => {
        // What was typed or given up meanwhile stands.
        if (latest.current.typed?.trim() !== text) return false;
        let isTaken = false;
        // Drawn at once: the key that goes on after it meets the form with the code in it.
        flushSync(() => {
          isTaken = end(come, 0);
        });
        return isTaken;
      })
      .finally(() => {
        if (pending.current?.answer === answer) pending.current = undefined;
      });
    pending.current = { text, answer };
    lookingUp(answer);
    return answer;
  };
  /** Settles by a key; one that had to wait is pressed again where it was, once the code is in its field. */
  const settleByKey = (event: KeyboardEvent<HTMLInputElement>, row?: number): void => {
    const target = event.currentTarget;
    const { shiftKey } = event;
    const ctrlKey = event.ctrlKey || event.metaKey;
    const done = settle({ by: 'key', ...(row === undefined ? {} : { row }) });
    if (row !== undefined || done === false) event.preventDefault();
    if (done === false) event.stopPropagation();
    const goOn = (): void => {
      target.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', ctrlKey, shiftKey, bubbles: true, cancelable: true }),
      );
    };
    if (done instanceof Promise) {
      // Nothing can be refused here: one goes on at once, and the answer comes into the field that was left.
      if (onUnknown !== undefined && row === undefined && !ctrlKey) return;
      event.preventDefault();
      event.stopPropagation();
      const goesOn = done.then((isTaken) => {
        // Who has gone elsewhere meanwhile is not called back.
        if (document.activeElement !== target) return false;
        if (!isTaken) target.select();
        else if (row === undefined) goOn();
        return isTaken;
      });
      typeAhead(target, goesOn);
    } else if (done && ctrlKey) {
      // The form is to see the code before it is sent.
      event.preventDefault();
      event.stopPropagation();
      requestAnimationFrame(goOn);
    }
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (isComposing(event)) return;
    const rows = found?.rows ?? [];
    if (isCommandKey(event, 'entry.lookup') || (event.key === 'ArrowDown' && !isOpen && !isCell)) {
      event.preventDefault();
      isAsked.current = true;
      setOpen(true);
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      if (!isFree && typed !== undefined) settleByKey(event);
      return;
    }
    if ((event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.altKey) {
      const marked = isOpen && found?.text === wanted ? rows[at] : undefined;
      if (isFree) {
        if (marked !== undefined && event.key === 'Enter') take(marked);
        else close();
        return;
      }
      if (typed === undefined) {
        if (marked !== undefined && at > 0 && event.key === 'Enter' && !event.shiftKey) take(marked);
        else close();
        return;
      }
      settleByKey(event);
      return;
    }
    if (event.key === 'Escape' && (isOpen || refused !== undefined)) {
      event.preventDefault();
      event.stopPropagation();
      setRefused(undefined);
      close();
      return;
    }
    if (!isOpen) return;
    if (event.key === 'ArrowDown' && rows.length > 0) {
      event.preventDefault();
      setAt((now) => Math.min(rows.length - 1, now + 1));
    } else if (event.key === 'ArrowUp' && rows.length > 0) {
      event.preventDefault();
      setAt((now) => Math.max(first, now - 1));
    } else if (/^[1-9]$/.test(event.key) && !isFree && !event.ctrlKey && !event.altKey) {
      const digit = Number(event.key) - 1;
      if (typed === undefined || typed === '') {
        const row = rows[digit];
        if (row === undefined || !isAsked.current || found?.text !== wanted) return;
        event.preventDefault();
        take(row);
      } else if (!/\d/.test(typed) && (rows[digit] !== undefined || found?.text !== wanted)) settleByKey(event, digit);
    }
  };

  const change = (text: string): void => {
    setRefused(undefined);
    setOpen(true);
    if (isFree) onText?.(text);
    // Typed behind a value that stands with its name: the value is replaced, not continued.
    else
      setTyped(
        typed === undefined && refused === undefined && shown !== '' && text.startsWith(shown)
          ? text.slice(shown.length)
          : text,
      );
  };
  const rows = found?.rows ?? [];
  const isListed = isOpen && place !== undefined && !isDisabled && (rows.length > 0 || (!isFree && wanted !== ''));
  return (
    <div
      className={`lookup${isCell ? ' is-cell' : ''}${isInvalid || refused !== undefined ? ' is-invalid' : ''}${refused === undefined ? '' : ' is-refused'}${isDisabled ? ' is-disabled' : ''}`}
      ref={field}
    >
      <input
        ref={input}
        id={inputId}
        type="text"
        role="combobox"
        aria-expanded={isListed}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isListed && at >= 0 && rows.length > 0 ? `${listId}-${at}` : undefined}
        aria-invalid={isInvalid || refused !== undefined}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        disabled={isDisabled}
        placeholder={placeholder}
        data-table={table}
        data-typing={!isFree && typed !== undefined}
        title={refused === undefined ? undefined : t('lookup.refused', { text: refused })}
        value={composing ?? typed ?? refused ?? shown}
        onFocus={(event) => {
          if (!isCell) setOpen(true);
          event.currentTarget.select();
        }}
        onBlur={() => {
          const done = settle({ by: 'leaving' });
          if (done === true) onBlur?.();
          else if (done !== false) void done.then((isTaken) => (isTaken ? onBlur?.() : undefined));
        }}
        onCompositionStart={(event) => setComposing(event.currentTarget.value)}
        onCompositionEnd={(event) => {
          setComposing(undefined);
          change(event.currentTarget.value);
        }}
        onChange={(event) => {
          if (composing === undefined) change(event.target.value);
          else setComposing(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {refused === undefined || isCell ? null : (
        <span className="lookup-refused">{t('lookup.refused', { text: refused })}</span>
      )}
      {isListed && place !== undefined
        ? createPortal(
            <div
              className={place.up ? 'lookup-list is-up' : 'lookup-list'}
              style={place.style}
              id={listId}
              role="listbox"
              aria-label={label ?? ''}
            >
              {rows.map((row, index) => (
                // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, as a combobox does
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
                <div
                  key={row.code}
                  id={`${listId}-${index}`}
                  role="option"
                  aria-selected={index === at}
                  className={index === at ? 'lookup-row is-active' : 'lookup-row'}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => take(row)}
                >
                  {isFree ? null : <span className="lookup-digit">{index < 9 ? index + 1 : ''}</span>}
                  {hidesCode || isFree ? null : <span className="code">{row.code}</span>}
                  <span className="lookup-name">
                    {language === 'en' && row.nameEn ? `${row.nameEn} (${row.name})` : row.name}
                  </span>
                  {row.recent === true ? <span className="muted">{t('lookup.recent')}</span> : null}
                </div>
              ))}
              {rows.length === 0 ? <div className="lookup-hint">{t('lookup.none')}</div> : null}
              {isFree ? null : <div className="lookup-hint">{t('lookup.hint')}</div>}
            </div>,
            document.body,
          )
        : null}
    </div>
  );
}

/**
 * A lookup box over rows its owner searches (accounts in memory, parties of the core, a library of summaries): type, arrows
 * move, digits 1-9 pick where the text holds none, Enter takes the marked row and goes on, Esc puts back what was there.
 * `isFree` keeps what was typed and only offers; otherwise text that names no row is refused and marked, or taken by `onUnknown`.
 *
 * In a cell of a grid (`isCell`) the list opens with the first character or F2, so that the arrows still walk the grid.
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { isCommandKey, isComposing } from '../app/keys.ts';
import { useView } from '../stores/view-store.ts';
import { useListPlace } from './use-list-place.ts';

export interface Choice {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | undefined;
}

export interface ChoiceBoxProps {
  /** What stands in the field while nothing is typed; for `isFree` the text itself. */
  readonly shown: string;
  readonly search: (text: string) => readonly Choice[] | Promise<readonly Choice[]>;
  /** A row was taken, or undefined: the field was emptied. */
  readonly onTake: (choice: Choice | undefined) => void;
  /** Text that names no row is not refused but taken as it stands. */
  readonly onUnknown?: (text: string) => void;
  /** Free text, at every key. */
  readonly onText?: (text: string) => void;
  readonly isFree?: boolean;
  readonly isCell?: boolean;
  /** The code says nothing to a person (a row number): only the name is listed. */
  readonly hidesCode?: boolean;
  readonly id?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly isInvalid?: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  readonly onBlur?: () => void;
}

interface Found {
  readonly text: string;
  readonly rows: readonly Choice[];
}

export function ChoiceBox({
  shown,
  search,
  onTake,
  onUnknown,
  onText,
  isFree = false,
  isCell = false,
  hidesCode = false,
  id,
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
  /** What was typed is being looked up: leaving the field does not ask again. */
  const pending = useRef<Promise<boolean>>(undefined);
  const latest = useRef(search);
  latest.current = search;
  const wanted = (isFree ? (isOpen ? shown : '') : (typed ?? '')).trim();

  useEffect(() => {
    if (!isOpen || composing !== undefined) return;
    const answer = latest.current(wanted);
    if (!(answer instanceof Promise)) {
      setFound({ text: wanted, rows: answer });
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

  useEffect(() => {
    if (autoFocus) {
      input.current?.focus({ preventScroll: true });
      input.current?.select();
    }
  }, [autoFocus]);

  const place = useListPlace(field, isOpen);

  const close = (): void => {
    isAsked.current = false;
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
    requestAnimationFrame(() => {
      if (document.activeElement === input.current) input.current?.select();
    });
  };
  const refuse = (text: string): void => {
    setRefused(text);
    close();
  };
  /** Takes what was typed at once if the list answers exactly it; a promise while it has to be asked for. */
  const settle = (): boolean | Promise<boolean> => {
    if (isFree || typed === undefined) {
      close();
      return true;
    }
    const text = typed.trim();
    if (text === '') {
      if (shown !== '') onTake(undefined);
      setRefused(undefined);
      close();
      return true;
    }
    const finish = (rows: readonly Choice[], index: number): boolean => {
      const row = rows[index] ?? rows[0];
      if (row === undefined) {
        if (onUnknown === undefined) {
          refuse(text);
          return false;
        }
        onUnknown(text);
        close();
        return true;
      }
      take(row);
      return true;
    };
    if (found !== undefined && found.text === text) return finish(found.rows, at);
    if (pending.current !== undefined) return pending.current;
    const answer = search(text);
    if (!(answer instanceof Promise)) return finish(answer, 0);
    pending.current = answer
      .then((rows) => finish(rows, 0))
      .finally(() => {
        pending.current = undefined;
      });
    return pending.current;
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
    if ((event.key === 'Enter' || event.key === 'Tab') && !event.ctrlKey && !event.altKey) {
      const marked = isOpen ? rows[at] : undefined;
      if (isFree) {
        if (marked !== undefined && event.key === 'Enter') take(marked);
        else close();
        return;
      }
      if (typed === undefined) {
        if (marked !== undefined && at > 0 && event.key === 'Enter') take(marked);
        else close();
        return;
      }
      const target = event.currentTarget;
      const done = settle();
      // Nothing can be refused here: one goes on at once, and the answer comes into the field that was left.
      if (done === true || (done !== false && onUnknown !== undefined)) return;
      event.preventDefault();
      if (done !== false)
        void done.then((ok) => {
          // Who has gone elsewhere meanwhile is not called back.
          if (document.activeElement !== target) return;
          // Taken late: the user's Enter still means to go on.
          if (!ok) target.select();
          else
            requestAnimationFrame(() =>
              target.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true })),
            );
        });
      return;
    }
    if (!isOpen) return;
    if (event.key === 'ArrowDown' && rows.length > 0) {
      event.preventDefault();
      setAt((now) => Math.min(rows.length - 1, now + 1));
    } else if (event.key === 'ArrowUp' && rows.length > 0) {
      event.preventDefault();
      setAt((now) => Math.max(first, now - 1));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (/^[1-9]$/.test(event.key) && !isFree && !event.ctrlKey && !event.altKey) {
      const row = rows[Number(event.key) - 1];
      const isPick = typed === undefined || typed === '' ? isAsked.current : !/\d/.test(typed);
      if (row === undefined || !isPick) return;
      event.preventDefault();
      take(row);
    }
  };

  const change = (text: string): void => {
    setRefused(undefined);
    setOpen(true);
    if (isFree) onText?.(text);
    // Typed behind a value that stands with its name: the value is replaced, not continued.
    else setTyped(typed === undefined && shown !== '' && text.startsWith(shown) ? text.slice(shown.length) : text);
  };
  const rows = found?.rows ?? [];
  const isListed = isOpen && place !== undefined && !isDisabled && (rows.length > 0 || (!isFree && wanted !== ''));
  return (
    <div
      className={`lookup${isCell ? ' is-cell' : ''}${isInvalid || refused !== undefined ? ' is-invalid' : ''}${isDisabled ? ' is-disabled' : ''}`}
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
        title={refused === undefined ? undefined : t('lookup.refused', { text: refused })}
        value={composing ?? typed ?? (shown === '' ? (refused ?? '') : shown)}
        onFocus={(event) => {
          if (!isCell) setOpen(true);
          event.currentTarget.select();
        }}
        onBlur={() => {
          // A pending search of a field that is left may still refuse; nothing waits for it here.
          void settle();
          onBlur?.();
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

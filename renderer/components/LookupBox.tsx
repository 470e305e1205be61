/**
 * The lookup box of every code table (UX 2.3): code, Chinese, full pinyin, initials, any word order. Digits 1-9 pick,
 * arrows move, Enter takes the marked (at first the first) row and goes on to the next field, Esc puts back what was there.
 * Text that names no code is refused: the field shows it as wrong and keeps the old code; the book remembers the text (未确认) until
 * somebody says what it means.
 *
 * `recentFor` says what the code is for (client, product, field): codes taken for it lately stand first, and what is taken is noted.
 *
 * `value` is the code; the name beside it is looked up through `tables.names`. A digit picks only when the list is shown and
 * the typed text is not itself a code being typed (letters or Chinese, or nothing yet).
 */
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../shared/contract/contract.ts';
import { isCommandKey, isComposing } from '../app/keys.ts';
import { call, errorOf } from '../core-client.ts';
import { useView } from '../stores/view-store.ts';
import { learnName, useCodeNames } from './code-names.ts';
import { useListPlace } from './use-list-place.ts';

export interface LookupRow {
  readonly code: string;
  readonly name: string;
  readonly nameEn?: string | undefined;
  /** Taken lately for the same thing. */
  readonly recent?: true | undefined;
}

export interface LookupBoxProps {
  /** Id of the code table: `country`, `customs_district`, `unit` … */
  readonly table: string;
  readonly value: string;
  readonly onChange: (code: string, row: LookupRow | undefined) => void;
  readonly onBlur?: () => void;
  readonly id?: string;
  /** For screen readers where no `<label>` points at `id`. */
  readonly label?: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
  /** What the code is for, e.g. `client|product|field`: what was taken for it lately stands first. */
  readonly recentFor?: string;
  readonly autoFocus?: boolean;
}

const LIMIT = 9;

const wantedIn = (table: string, text: string, recentFor: string | undefined) => ({
  table,
  text,
  limit: LIMIT,
  ...(recentFor === undefined ? {} : { recentFor }),
});

/** Notes what was taken or typed. Without an open book there is nowhere to note it, and entry goes on all the same. */
async function note<N extends 'recents.use' | 'recents.unconfirmed'>(op: N, input: InputOf<N>): Promise<void> {
  try {
    await call(op, input);
  } catch (thrown) {
    const { code } = errorOf(thrown);
    if (code !== 'BOOK_NOT_OPEN') throw thrown;
  }
}

export function LookupBox({
  table,
  value,
  onChange,
  onBlur,
  id,
  label,
  placeholder,
  isDisabled = false,
  isInvalid = false,
  recentFor,
  autoFocus = false,
}: LookupBoxProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const ownId = useId();
  const inputId = id ?? ownId;
  const nameOf = useCodeNames(table, [value]);
  const [text, setText] = useState<string>();
  const [rows, setRows] = useState<readonly LookupRow[]>([]);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const [refused, setRefused] = useState<string>();
  const [composing, setComposing] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const latestText = useRef<string>('');

  useEffect(() => {
    if (!isOpen || composing) return;
    const wanted = (text ?? '').trim();
    latestText.current = wanted;
    let isCurrent = true;
    const read = async (): Promise<void> => {
      const answer = await call('tables.search', wantedIn(table, wanted, recentFor));
      if (isCurrent) {
        setRows(answer.rows);
        setAt(0);
      }
    };
    read().catch(() => {
      if (isCurrent) setRows([]);
    });
    return () => {
      isCurrent = false;
    };
  }, [table, text, isOpen, composing, recentFor]);

  const place = useListPlace(field, isOpen);

  const close = (): void => {
    setOpen(false);
    setText(undefined);
    setRows([]);
    setAt(0);
  };

  const take = (row: LookupRow): void => {
    learnName(table, row);
    setRefused(undefined);
    onChange(row.code, row);
    if (recentFor !== undefined) void note('recents.use', { table, for: recentFor, code: row.code });
    close();
    // What is typed next replaces the value instead of standing behind it.
    requestAnimationFrame(() => {
      if (document.activeElement === input.current) input.current?.select();
    });
  };

  /** What was typed becomes a code, is emptied, or is refused. Resolves with false when it is refused. */
  const settle = async (): Promise<boolean> => {
    if (text === undefined) {
      close();
      return true;
    }
    const typed = text.trim();
    if (typed === '') {
      setRefused(undefined);
      if (value !== '') onChange('', undefined);
      close();
      return true;
    }
    // The answer on screen may belong to the text of a key before; ask again for exactly this one.
    const fresh =
      latestText.current === typed && rows.length > 0
        ? rows
        : (await call('tables.search', wantedIn(table, typed, recentFor))).rows;
    const row = fresh[latestText.current === typed ? at : 0] ?? fresh[0];
    if (row === undefined) {
      setRefused(typed);
      void note('recents.unconfirmed', { table, text: typed, for: recentFor ?? '' });
      close();
      return false;
    }
    take(row);
    return true;
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (isComposing(event)) return;
    if (event.key === 'ArrowDown' || isCommandKey(event, 'entry.lookup')) {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else setAt((now) => Math.min(rows.length - 1, now + 1));
      return;
    }
    if (!isOpen) return;
    if (event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((now) => Math.max(0, now - 1));
    } else if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === 'Enter' && !event.ctrlKey) {
      if (text === undefined || event.shiftKey) {
        // Nothing typed: Enter only goes on, and the form's navigation sees it.
        const row = at > 0 ? rows[at] : undefined;
        if (row !== undefined) take(row);
        else close();
        return;
      }
      // The form moves on by itself; what was typed is settled first, or the field is kept.
      const target = event.currentTarget;
      const isReady = latestText.current === text.trim() && rows.length > 0;
      if (isReady) {
        void settle();
      } else {
        event.preventDefault();
        void settle().then((ok) => {
          if (!ok) target.select();
        });
      }
    } else if (/^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && text !== undefined && !/\d/.test(text)) {
      const row = rows[Number(event.key) - 1];
      if (row === undefined) return;
      event.preventDefault();
      take(row);
    }
  };

  const name = nameOf(value);
  const shown = text ?? (value === '' ? (refused ?? '') : name === undefined ? value : `${value} ${name}`);
  const listId = `${inputId}-list`;
  return (
    <div
      className={`lookup${isInvalid || refused !== undefined ? ' is-invalid' : ''}${isDisabled ? ' is-disabled' : ''}`}
      ref={field}
    >
      <input
        ref={input}
        id={inputId}
        data-table={table}
        type="text"
        role="combobox"
        aria-expanded={isOpen}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={isOpen && rows.length > 0 ? `${listId}-${at}` : undefined}
        aria-invalid={isInvalid || refused !== undefined}
        aria-label={label}
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: a form that opens on purpose starts in its first field
        autoFocus={autoFocus}
        disabled={isDisabled}
        placeholder={placeholder}
        value={shown}
        onFocus={(event) => {
          setOpen(true);
          event.currentTarget.select();
        }}
        onBlur={() => {
          void settle();
          onBlur?.();
        }}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onChange={(event) => {
          setRefused(undefined);
          setText(event.target.value);
          setOpen(true);
        }}
        onKeyDown={onKeyDown}
      />
      {refused === undefined ? null : <span className="lookup-refused">{t('lookup.refused', { text: refused })}</span>}
      {isOpen && place !== undefined && !isDisabled
        ? createPortal(
            <div
              className={place.up ? 'lookup-list is-up' : 'lookup-list'}
              style={place.style}
              id={listId}
              role="listbox"
              aria-label={label ?? table}
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
                  <span className="lookup-digit">{index + 1}</span>
                  <span className="code">{row.code}</span>
                  <span className="lookup-name">
                    {language === 'en' && row.nameEn ? `${row.nameEn} (${row.name})` : row.name}
                  </span>
                  {row.recent === true ? <span className="muted">{t('lookup.recent')}</span> : null}
                </div>
              ))}
              {rows.length === 0 && (text ?? '') !== '' && !composing ? (
                <div className="lookup-hint">{t('lookup.none')}</div>
              ) : null}
              <div className="lookup-hint">{t('lookup.hint')}</div>
            </div>,
            document.body,
          )
        : null}
    </div>
  );
}

/**
 * A date typed as text: `2026-11-24`, `20261124`, `2026/11/24` and full-width digits all become `2026-11-24` when the field is
 * left; `11-24` takes this year. What is no date stays and is marked, so nothing typed is lost.
 */
import { Input } from 'antd';
import { useState } from 'react';
import { localDate } from '../i18n/format.ts';

/** The ISO date meant by what was typed; undefined when it is none. */
export function typedDate(text: string, today: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/[年月./]/g, '-')
    .replace(/日$/, '');
  const match = /^(\d{4})-?(\d{1,2})-?(\d{1,2})$/.exec(plain) ?? /^()(\d{1,2})-(\d{1,2})$/.exec(plain);
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const iso = `${year === '' ? today.slice(0, 4) : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(iso) ? iso : undefined;
}

export interface DateInputProps {
  readonly value: string;
  /** Gets an ISO date, the empty text, or what was typed while it is no date yet. */
  readonly onChange: (value: string) => void;
  readonly id?: string;
  readonly label?: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}

export function DateInput({ value, onChange, id, label, placeholder, isDisabled = false }: DateInputProps) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  const meant = (typed: string): string => typedDate(typed, localDate()) ?? typed.trim();
  // Said with every key, so that Ctrl+Enter saves what is seen; the text itself is put in order only when the field is left.
  const type = (typed: string): void => {
    const next = meant(typed);
    setText(typed);
    setSeen(next);
    if (next !== value) onChange(next);
  };
  const isWrong = text !== '' && typedDate(text, localDate()) === undefined;
  return (
    <Input
      className="date-input"
      inputMode="numeric"
      autoComplete="off"
      value={text}
      disabled={isDisabled}
      status={isWrong ? 'error' : ''}
      aria-invalid={isWrong}
      onChange={(event) => type(event.target.value)}
      onBlur={() => setText(meant(text))}
      {...(id === undefined ? {} : { id })}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}

/**
 * A number typed as text: no spinner, deaf to the mouse wheel (P-11), never through floating point. Full-width digits are
 * made plain and thousands commas dropped; anything else that is no number stays and is marked, so nothing typed is lost.
 */
import { Input, type InputRef } from 'antd';
import { type Ref, useState } from 'react';

export interface NumericInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  /** Most decimals; 0 for whole numbers. */
  readonly decimals?: number;
  readonly allowNegative?: boolean;
  readonly id?: string;
  readonly name?: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly isInvalid?: boolean;
  readonly label?: string;
  readonly ref?: Ref<InputRef>;
}

/** What a clerk may type for a number: full-width digits and commas of an Excel cell become plain. */
export function plainNumber(text: string): string {
  return text.normalize('NFKC').replace(/[,\s]/g, '').replace('\u2212', '-');
}

export function isNumberText(text: string, decimals: number, allowNegative: boolean): boolean {
  if (text === '') return true;
  const pattern = new RegExp(
    `^${allowNegative ? '-?' : ''}\\d{1,14}${decimals > 0 ? `(\\.\\d{1,${decimals}})?` : ''}$`,
  );
  return pattern.test(text);
}

export function NumericInput({
  value,
  onChange,
  onBlur,
  decimals = 5,
  allowNegative = false,
  id,
  name,
  unit,
  placeholder,
  isDisabled = false,
  isInvalid = false,
  label,
  ref,
}: NumericInputProps) {
  // While an input method composes, the text is not yet the user's.
  const [draft, setDraft] = useState<string>();
  const isWrong = isInvalid || (draft === undefined && !isNumberText(value, decimals, allowNegative));
  return (
    <Input
      ref={ref ?? null}
      className="numeric-input"
      inputMode="decimal"
      autoComplete="off"
      value={draft ?? value}
      disabled={isDisabled}
      status={isWrong ? 'error' : ''}
      onCompositionStart={() => setDraft(value)}
      onCompositionEnd={(event) => {
        setDraft(undefined);
        onChange(plainNumber(event.currentTarget.value));
      }}
      onChange={(event) => {
        if (draft === undefined) onChange(plainNumber(event.target.value));
        else setDraft(event.target.value);
      }}
      onBlur={() => onBlur?.()}
      {...(id === undefined ? {} : { id })}
      {...(name === undefined ? {} : { name })}
      {...(unit === undefined ? {} : { suffix: unit })}
      {...(placeholder === undefined ? {} : { placeholder })}
      {...(label === undefined ? {} : { 'aria-label': label })}
    />
  );
}

/** A month typed as text: `2026-11`, `202611`, `2026年11月`. What is none is marked and not passed on. */
import { Input } from 'antd';
import { useState } from 'react';
import { typedPeriod } from './report-params.ts';

export function PeriodInput({
  value,
  label,
  onChange,
}: {
  readonly value: string;
  readonly label: string;
  readonly onChange: (period: string) => void;
}) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    setText(value);
  }
  const settle = (): void => {
    const period = typedPeriod(text);
    if (period === undefined) return;
    setText(period);
    if (period !== value) onChange(period);
  };
  const isWrong = typedPeriod(text) === undefined;
  return (
    <Input
      className="report-period"
      inputMode="numeric"
      autoComplete="off"
      aria-label={label}
      aria-invalid={isWrong}
      status={isWrong ? 'error' : ''}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={settle}
      onPressEnter={settle}
    />
  );
}

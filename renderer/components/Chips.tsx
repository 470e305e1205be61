/** Filters as chips (UX 11): one choice out of a few, with counts. Arrow keys move, as in any radio group. */
import { formatCount } from '../i18n/format.ts';

export interface Chip<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly count?: number | undefined;
}

export interface ChipsProps<V extends string> {
  /** What the chips choose, for screen readers. */
  readonly label: string;
  readonly chips: readonly Chip<V>[];
  readonly value: V;
  readonly onChange: (value: V) => void;
}

export function Chips<V extends string>({ label, chips, value, onChange }: ChipsProps<V>) {
  const move = (by: number, from: HTMLElement): void => {
    const at = chips.findIndex((chip) => chip.value === value);
    const next = chips[(at + by + chips.length) % chips.length];
    if (next === undefined) return;
    onChange(next.value);
    const buttons = from.closest('[role=radiogroup]')?.querySelectorAll('button');
    buttons?.[chips.indexOf(next)]?.focus();
  };
  return (
    <div className="chips" role="radiogroup" aria-label={label}>
      {chips.map((chip) => (
        // biome-ignore lint/a11y/useSemanticElements: a native radio cannot hold the count beside its label
        <button
          key={chip.value}
          type="button"
          role="radio"
          aria-checked={chip.value === value}
          tabIndex={chip.value === value ? 0 : -1}
          className="chip"
          onClick={() => onChange(chip.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowRight') move(1, event.currentTarget);
            else if (event.key === 'ArrowLeft') move(-1, event.currentTarget);
          }}
        >
          {chip.label}
          {chip.count === undefined ? null : <span className="chip-count">{formatCount(chip.count)}</span>}
        </button>
      ))}
    </div>
  );
}

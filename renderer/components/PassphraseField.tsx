/** A passphrase, with how strong it is in words. Length counts most: four unrelated words beat one with symbols in it. */
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Tone } from '../theme/palette.ts';
import { Field } from './Field.tsx';
import { ToneTag } from './StateTag.tsx';

export type Strength = 'short' | 'weak' | 'fair' | 'strong';

/** Kinds of characters and how many there are of each to guess from. */
const alphabets: readonly (readonly [RegExp, number])[] = [
  [/[a-z]/, 26],
  [/[A-Z]/, 26],
  [/\d/, 10],
  [/[ -/:-@[-`{-~]/, 30],
  [/[^ -~]/, 500],
];

/** A rough estimate in bits, repeated characters counting half: enough to warn, not a proof. */
export function strengthOf(text: string): Strength {
  if (text.length < 8) return 'short';
  const distinct = new Set(text).size;
  const size = alphabets.reduce((sum, [kind, count]) => sum + (kind.test(text) ? count : 0), 0);
  const bits = (distinct + (text.length - distinct) / 2) * Math.log2(Math.max(2, size));
  if (bits < 45) return 'weak';
  return bits < 65 ? 'fair' : 'strong';
}

const tones: Readonly<Record<Strength, Tone>> = { short: 'action', weak: 'action', fair: 'ready', strong: 'accepted' };

export interface PassphraseFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly hint?: string;
  readonly showStrength?: boolean;
  readonly autoFocus?: boolean;
}

export function PassphraseField({
  id,
  label,
  value,
  onChange,
  error,
  hint,
  showStrength = false,
  autoFocus = false,
}: PassphraseFieldProps) {
  const { t } = useTranslation();
  const strength = strengthOf(value);
  return (
    <Field
      id={id}
      label={label}
      isRequired
      error={error}
      hint={showStrength && value !== '' ? <ToneTag tone={tones[strength]} label={t(`strength.${strength}`)} /> : hint}
    >
      <Input.Password
        id={id}
        autoFocus={autoFocus}
        autoComplete="off"
        value={value}
        status={error === undefined ? '' : 'error'}
        aria-describedby={`${id}-note`}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  );
}

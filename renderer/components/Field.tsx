/**
 * A labelled field with its hint and its error under it; the error says what to do and is tied to the field for readers. F1 opens its help,
 * and a mark beside its label says that policy cards concern it.
 */
import { type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isCommandKey, isComposing, keyName } from '../app/keys.ts';
import { useFieldCards } from '../stores/policy-store.ts';
import { FieldHelp, openPolicies } from './FieldHelp.tsx';
import { ToneMark } from './StateTag.tsx';

export interface FieldProps {
  readonly label: ReactNode;
  /** Id of the input inside. */
  readonly id: string;
  /** The official term in grey, or what the field is for. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly isRequired?: boolean;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

export function Field({ label, id, hint, error, isRequired = false, isWide = false, children }: FieldProps) {
  const { t } = useTranslation();
  const cards = useFieldCards(id);
  const [isHelped, setHelped] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    const isHelp = isCommandKey(event, 'entry.help');
    const isPolicies = keyName(event.nativeEvent) === 'Shift+F1' && cards.length > 0;
    const isEnd = event.key === 'Escape' && isHelped;
    if (!isHelp && !isPolicies && !isEnd) return;
    event.preventDefault();
    event.stopPropagation();
    if (isPolicies) openPolicies(id);
    else setHelped(isHelp && !isHelped);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F1 and Esc of the input inside
    <div
      ref={box}
      className={`field${isWide ? ' is-wide' : ''}${error === undefined ? '' : ' has-error'}`}
      onKeyDownCapture={onKeyDown}
      onBlur={() => setHelped(false)}
    >
      <div className="field-label">
        <label htmlFor={id}>
          {label}
          {isRequired ? (
            <span className="field-required" aria-hidden="true">
              *
            </span>
          ) : null}
        </label>
        {cards.length === 0 || label === '' ? null : (
          <button
            type="button"
            className="field-policy"
            tabIndex={-1}
            aria-label={t('policies.mark', { count: cards.length })}
            title={t('policies.mark', { count: cards.length })}
            // The cursor stays in, or goes into, the field: Esc and leaving it close the help.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => {
              if (box.current?.contains(document.activeElement) !== true) document.getElementById(id)?.focus();
              setHelped(!isHelped);
            }}
          >
            §
          </button>
        )}
      </div>
      {children}
      {error === undefined ? (
        hint === undefined ? null : (
          <span className="field-hint" id={`${id}-note`}>
            {hint}
          </span>
        )
      ) : (
        <span className="field-error" id={`${id}-note`} role="alert">
          <ToneMark tone="rejected" /> {error}
        </span>
      )}
      {isHelped ? <FieldHelp of={box} field={id} label={label} hint={hint} cards={cards} /> : null}
    </div>
  );
}

/** A labelled field with its hint and its error under it; the error says what to do and is tied to the field for readers. */
import type { ReactNode } from 'react';
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
  return (
    <div className={`field${isWide ? ' is-wide' : ''}${error === undefined ? '' : ' has-error'}`}>
      <label htmlFor={id}>
        {label}
        {isRequired ? (
          <span className="field-required" aria-hidden="true">
            *
          </span>
        ) : null}
      </label>
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
    </div>
  );
}

import { Input, Select } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldSpec } from '../../../shared/documents/spec.ts';
import { isComposing } from '../../app/keys.ts';
import { LookupBox } from '../../components/LookupBox.tsx';
import { isNumberText, NumericInput, plainNumber } from '../../components/NumericInput.tsx';
import { fieldLabel, fieldName, fieldText, isCodeField } from './field-text.ts';

interface Props {
  readonly path: string;
  readonly spec: FieldSpec;
  readonly value: string;
  /** May be typed over: an editable document and a field that is not the document's own name. */
  readonly isEditable: boolean;
  /** The worst finding about this field. */
  readonly level: 'reject' | 'doubt' | undefined;
  readonly nameOf: (table: string, code: string) => string | undefined;
  readonly onCommit: (path: string, value: string) => void;
  /** In the line table: the name of a code goes into the title, there is no room beside it. */
  readonly isCompact?: boolean;
}

function decimals(spec: FieldSpec): number {
  return spec.kind === 'decimal' ? spec.fraction : 0;
}

function isAcceptable(spec: FieldSpec, text: string): boolean {
  if (spec.kind !== 'text') return isNumberText(text, decimals(spec), false);
  const longest = spec.length ?? spec.max;
  return longest === undefined || [...text].length <= longest;
}

/**
 * One value of a document: read as text, typed over in place with Enter, F2 or a double click. Enter takes it and stays on the
 * field, Esc gives it up; leaving the field takes it. What cannot be taken stays in the input and is marked.
 */
export function FieldCell({ path, spec, value, isEditable, level, nameOf, onCommit, isCompact = false }: Props) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState<string>();
  const cell = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLSpanElement>(null);
  const returnsFocus = useRef(false);
  const isEditing = typed !== undefined;

  useEffect(() => {
    if (isEditing) {
      const input = box.current?.querySelector<HTMLInputElement>('input');
      input?.focus();
      input?.select();
    } else if (returnsFocus.current) {
      returnsFocus.current = false;
      cell.current?.focus();
    }
  }, [isEditing]);

  const label = fieldLabel(spec, i18n.language);
  const name = fieldName(spec, value, i18n.language, nameOf);
  const shown = fieldText(spec, value);
  const begin = (): void => {
    if (isEditable) setTyped(value);
  };
  const end = (keepFocus: boolean): void => {
    returnsFocus.current = keepFocus;
    setTyped(undefined);
  };
  const take = (text: string, keepFocus: boolean): void => {
    const plain = spec.kind === 'text' ? text.trim() : plainNumber(text);
    if (!isAcceptable(spec, plain)) return;
    end(keepFocus);
    if (plain !== value) onCommit(path, plain);
  };

  if (isEditing) {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (isComposing(event) || event.defaultPrevented) return;
      if (event.key === 'Escape') {
        event.preventDefault();
        event.stopPropagation();
        end(true);
      } else if (event.key === 'Enter') {
        event.preventDefault();
        event.stopPropagation();
        take(typed, true);
      } else if (event.key.startsWith('Arrow')) event.stopPropagation();
    };
    const isWrong = !isAcceptable(spec, spec.kind === 'text' ? typed.trim() : plainNumber(typed));
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the input inside
      <span ref={box} className="value-edit" onKeyDown={onKeyDown}>
        {spec.kind === 'text' && spec.values !== undefined ? (
          <Select
            size="small"
            aria-label={label}
            defaultOpen
            value={typed}
            onBlur={() => end(false)}
            onChange={(code: string) => take(code, true)}
            options={Object.entries(spec.values).map(([code, names]) => ({
              value: code,
              label: `${code} ${i18n.language === 'en' ? names.en : names.zh}`,
            }))}
          />
        ) : spec.kind === 'text' && spec.table !== undefined ? (
          <LookupBox
            table={spec.table}
            label={label}
            value={typed}
            onChange={(code) => take(code, true)}
            onBlur={() => end(false)}
          />
        ) : spec.kind === 'text' ? (
          <Input
            size="small"
            aria-label={label}
            value={typed}
            status={isWrong ? 'error' : ''}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => (isWrong ? undefined : take(typed, false))}
          />
        ) : (
          <NumericInput
            label={label}
            value={typed}
            decimals={decimals(spec)}
            isInvalid={isWrong}
            onChange={setTyped}
            onBlur={() => (isWrong ? undefined : take(typed, false))}
          />
        )}
      </span>
    );
  }

  return (
    <button
      ref={cell}
      type="button"
      data-path={path}
      className={`value${level === undefined ? '' : ` is-${level}`}${isEditable ? ' is-editable' : ''}${spec.kind === 'text' ? '' : ' is-number'}`}
      aria-label={`${label} ${shown === '' ? t('declarations.detail.empty') : shown} ${name ?? ''}`}
      title={isCompact && name !== undefined ? `${value} ${name}` : shown}
      onDoubleClick={begin}
      onKeyDown={(event) => {
        if (event.key === 'Enter' || event.key === 'F2') {
          event.preventDefault();
          begin();
        }
      }}
    >
      {shown === '' ? (
        <span className="muted">–</span>
      ) : (
        <span className={isCodeField(spec) ? 'code' : undefined}>
          {isCompact && name !== undefined && !isCodeShown(spec) ? name : shown}
        </span>
      )}
      {!isCompact && name !== undefined ? ` ${name}` : null}
    </button>
  );
}

// In the narrow line table a unit or currency reads better by name; a commodity code stays a code.
function isCodeShown(spec: FieldSpec): boolean {
  return spec.name === 'gcode';
}

import { Input, Select } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { FieldSpec, TextField } from '../../../shared/documents/spec.ts';
import type { CodeTableId } from '../../../shared/tables/table.ts';
import { isComposing } from '../../app/keys.ts';
import { useErrorText } from '../../components/ErrorNote.tsx';
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
  /** Resolves with false when the core refused the value. */
  readonly onCommit: (path: string, value: string) => Promise<boolean>;
  /** Why the document's last command was refused. */
  readonly error: ContractError | undefined;
  /** In the line table: the name of a code goes into the title, there is no room beside it. */
  readonly isCompact?: boolean;
  /** Of the desk, and its word for a field without a value: a cell among hundreds does not ask for them itself. */
  readonly language: string;
  readonly emptyText: string;
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
 * field, Esc gives it up; leaving the field takes it. What cannot be taken, by this field or by the core, stays in the input
 * and is marked.
 */
export function FieldCell({
  path,
  spec,
  value,
  isEditable,
  level,
  nameOf,
  onCommit,
  error,
  isCompact = false,
  language,
  emptyText,
}: Props) {
  const [typed, setTyped] = useState<string>();
  /** What the core has refused; it is not sent again until it is changed or Enter asks for it. */
  const [refused, setRefused] = useState<string>();
  const latest = useRef(typed);
  latest.current = typed;
  /** The value on its way to the core, and whether the field gets the focus when it has been taken. */
  const taking = useRef<{ plain: string; keepsFocus: boolean }>(undefined);
  const cell = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLSpanElement>(null);
  const returnsFocus = useRef(false);
  const takesFocus = useRef(false);
  const isEditing = typed !== undefined;

  useEffect(() => {
    if (isEditing) {
      if (!takesFocus.current) return;
      takesFocus.current = false;
      const input = box.current?.querySelector<HTMLInputElement>('input');
      input?.focus();
      input?.select();
    } else if (returnsFocus.current) {
      returnsFocus.current = false;
      cell.current?.focus();
    }
  }, [isEditing]);

  const label = fieldLabel(spec, language);
  const name = fieldName(spec, value, language, nameOf);
  const shown = fieldText(spec, value);
  const isList = spec.kind === 'text' && (spec.values !== undefined || hasBox(spec));
  const begin = (): void => {
    if (!isEditable) return;
    takesFocus.current = true;
    setTyped(value);
  };
  const end = (keepFocus: boolean): void => {
    returnsFocus.current = keepFocus;
    setTyped(undefined);
    setRefused(undefined);
  };
  const plainOf = (text: string): string => (spec.kind === 'text' ? text.trim() : plainNumber(text));
  const take = (text: string, keepFocus: boolean): void => {
    const plain = plainOf(text);
    if (taking.current !== undefined) {
      // Asked again while under way, as by leaving the field after Enter.
      taking.current.keepsFocus = keepFocus;
      return;
    }
    if (!isAcceptable(spec, plain)) return;
    if (plain === value) end(keepFocus);
    else void send(plain, keepFocus);
  };
  /** Leaving the field: what the core has refused already stays as it is. */
  const leave = (text: string): void => {
    if (plainOf(text) !== refused) take(text, false);
  };
  /** A list gives its code by itself; only what was refused keeps the list open. */
  const leaveList = (): void => {
    if (taking.current !== undefined) taking.current.keepsFocus = false;
    else if (refused === undefined) end(false);
  };
  const send = async (plain: string, keepsFocus: boolean): Promise<void> => {
    const mine = { plain, keepsFocus };
    taking.current = mine;
    setRefused(undefined);
    const isTaken = await onCommit(path, plain);
    taking.current = undefined;
    const now = latest.current;
    if (!isTaken) {
      // A list may have been left before its code was known: it opens again, without drawing the focus.
      if (now === undefined) setTyped(plain);
      setRefused(plain);
    } else if (now === undefined || plainOf(now) === plain) end(mine.keepsFocus);
    else if ((isList || box.current?.contains(document.activeElement) !== true) && isAcceptable(spec, plainOf(now)))
      await send(plainOf(now), false);
  };
  const choose = (code: string): void => {
    // A code that is looked up when the field is left comes when it is closed already.
    const isOpen = latest.current !== undefined;
    if (isOpen) {
      latest.current = code;
      setTyped(code);
    }
    take(code, isOpen);
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
    const isRefused = refused !== undefined && plainOf(typed) === refused;
    const isWrong = isRefused || !isAcceptable(spec, plainOf(typed));
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the input inside
      <span ref={box} className="value-edit" onKeyDown={onKeyDown}>
        {spec.kind === 'text' && spec.values !== undefined ? (
          <Select
            size="small"
            aria-label={label}
            defaultOpen
            value={typed}
            status={isWrong ? 'error' : ''}
            onBlur={leaveList}
            onChange={choose}
            options={Object.entries(spec.values).map(([code, names]) => ({
              value: code,
              label: `${code} ${language === 'en' ? names.en : names.zh}`,
            }))}
          />
        ) : hasBox(spec) ? (
          <LookupBox
            table={spec.table}
            label={label}
            value={typed}
            isInvalid={isWrong}
            isOpen={spec.open === true}
            onChange={choose}
            onBlur={leaveList}
          />
        ) : spec.kind === 'text' ? (
          <Input
            size="small"
            aria-label={label}
            value={typed}
            status={isWrong ? 'error' : ''}
            onChange={(event) => setTyped(event.target.value)}
            onBlur={() => leave(typed)}
          />
        ) : (
          <NumericInput
            label={label}
            value={typed}
            decimals={decimals(spec)}
            isInvalid={isWrong}
            onChange={setTyped}
            onBlur={() => leave(typed)}
          />
        )}
        {isRefused && error !== undefined ? <Refusal error={error} /> : null}
      </span>
    );
  }

  return (
    <button
      ref={cell}
      type="button"
      data-path={path}
      className={`value${level === undefined ? '' : ` is-${level}`}${isEditable ? ' is-editable' : ''}${spec.kind === 'text' ? '' : ' is-number'}`}
      aria-label={`${label} ${shown === '' ? emptyText : shown} ${name ?? ''}`}
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

function Refusal({ error }: { readonly error: ContractError }) {
  const textOf = useErrorText();
  return <span className="tone-rejected">{textOf(error).what}</span>;
}

// In the narrow line table a unit or currency reads better by name; a commodity code stays a code.
function isCodeShown(spec: FieldSpec): boolean {
  return spec.kind === 'text' && spec.table === 'hs';
}

/** One whole code of a table. */
function hasBox(spec: FieldSpec): spec is TextField & { readonly table: CodeTableId } {
  return spec.kind === 'text' && spec.table !== undefined && spec.several !== true && spec.under === undefined;
}

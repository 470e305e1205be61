/**
 * The input of one field, in the head or in the cell in use: what is typed is its own until the field is left, and is told at every key so
 * that it can be kept. Enter and the arrows belong to the form or the grid around it; while an input method composes, no key is anybody's.
 */
import { type Ref, useEffect, useImperativeHandle, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FieldSpec, TextField, Values } from '../../../../shared/documents/spec.ts';
import { enteredValue } from '../../../../shared/drafting/cells.ts';
import type { CodeTableId } from '../../../../shared/tables/table.ts';
import { isComposing } from '../../../app/keys.ts';
import { type Choice, ChoiceBox } from '../../../components/ChoiceBox.tsx';
import { learnName, nameOfCode } from '../../../components/code-names.ts';
import { searchTable } from '../../../components/LookupBox.tsx';
import { lookupsBefore } from '../../../components/lookups.ts';
import { selectWhenDrawn } from '../../../components/use-enter-navigation.ts';
import { call } from '../../../core-client.ts';
import { shownValue } from './entry-model.ts';

export interface EntryInputHandle {
  readonly focus: () => void;
  /** Takes what is typed into the document. */
  readonly commit: () => void;
  /** Gives up what is typed; false when nothing was. */
  readonly giveUp: () => boolean;
  readonly isTyping: () => boolean;
}

export interface EntryInputProps {
  readonly field: FieldSpec;
  readonly value: string;
  readonly label: string;
  readonly isWritable: boolean;
  /** In a cell of the grid: the list of codes opens with the first key, not by itself. */
  readonly isCell?: boolean;
  readonly isInvalid?: boolean;
  /** For whom and what a code is taken: what was taken for the same lately comes first. */
  readonly recentFor?: string;
  /** Of the group the field is in, for codes that depend on others in it. */
  readonly valuesNow?: () => Values;
  readonly onCommit: (value: string) => void;
  /** A gesture or anything else that is no value: true when it was taken care of. */
  readonly onSpecial?: (typed: string) => boolean;
  readonly onTyped: (typed: string | undefined, caret: number) => void;
  readonly ref?: Ref<EntryInputHandle>;
}

/** Rows of a code table or of the field's own list for a text; `valuesNow` are those of the group the field is in. */
async function searchCodes(
  field: FieldSpec,
  text: string,
  recentFor: string | undefined,
  valuesNow: () => Values,
): Promise<readonly Choice[]> {
  if (field.kind !== 'text') return [];
  if (field.values !== undefined) {
    const wanted = text.toLowerCase();
    return Object.entries(field.values)
      .filter(
        ([code, { zh, en }]) =>
          code.toLowerCase().startsWith(wanted) || zh.includes(text) || en.toLowerCase().includes(wanted),
      )
      .map(([code, { zh, en }]) => ({ code, name: zh, nameEn: en }));
  }
  if (field.table === undefined) return [];
  if (field.several === true) {
    // The last of the codes is being typed; a comma first puts it behind those that stand there.
    const whole = (/^[,，]/.test(text) ? `${valuesNow()[field.name] ?? ''}${text}` : text).replaceAll('，', ',');
    const before = whole.slice(0, whole.lastIndexOf(',') + 1);
    const wanted = whole.slice(before.length).trim();
    if (before !== '' && wanted === '') return [];
    const rows = await searchTable(field.table, wanted, undefined);
    return rows.map((row) => ({ ...row, code: before + row.code }));
  }
  if (field.under !== undefined) {
    await lookupsBefore();
    const above = valuesNow()[field.under] ?? '';
    if (above === '') return [];
    const rows = await searchTable(field.table, /^\d*$/.test(text) ? above + text : `${above} ${text}`, undefined);
    return rows
      .filter(({ code }) => code.startsWith(above))
      .map((row) => ({ ...row, code: row.code.slice(above.length) }));
  }
  return searchTable(field.table, text, recentFor, field.open === true);
}

const noValues = (): Values => ({});

/** A field that holds one whole code of its table: only of such is it remembered which was taken, and by what name. */
const holdsOneCode = (field: FieldSpec): field is TextField & { readonly table: CodeTableId } =>
  field.kind === 'text' && field.table !== undefined && field.several !== true && field.under === undefined;

/** What was taken is known by name from now on, and comes first the next time. */
function remember(table: string, choice: Choice, recentFor: string | undefined): void {
  learnName(table, choice);
  if (recentFor !== undefined) void call('recents.use', { table, for: recentFor, code: choice.code });
}

export const isCoded = (field: FieldSpec): boolean =>
  field.kind === 'text' && (field.values !== undefined || field.table !== undefined);

/** Puts text into an input as a hand would, so that the component that owns it takes note. */
export function typeInto(input: HTMLInputElement, text: string, caret?: number): void {
  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  setter?.call(input, text);
  const at = Math.min(caret ?? text.length, text.length);
  input.setSelectionRange(at, at);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  // Drawing the value anew puts the caret at its end.
  requestAnimationFrame(() => {
    if (document.activeElement === input && input.value === text) input.setSelectionRange(at, at);
  });
}

export function EntryInput(props: EntryInputProps) {
  return isCoded(props.field) && props.isWritable ? <CodeInput {...props} /> : <TextInput {...props} />;
}

function CodeInput({
  field,
  value,
  label,
  isInvalid = false,
  recentFor,
  valuesNow = noValues,
  onCommit,
  onTyped,
  ref,
}: EntryInputProps) {
  const { i18n } = useTranslation();
  const box = useRef<HTMLSpanElement>(null);
  const isTyping = useRef(false);
  /** Another number makes the box forget what is typed in it. */
  const [turn, setTurn] = useState(0);
  const input = (): HTMLInputElement | null => box.current?.querySelector('input') ?? null;
  useImperativeHandle(ref, () => ({
    focus: () => {
      input()?.focus({ preventScroll: true });
      input()?.select();
    },
    // Leaving the box settles what is typed in it: the code may still have to be looked up.
    commit: () => {
      if (isTyping.current) input()?.blur();
    },
    giveUp: () => {
      if (!isTyping.current) return false;
      isTyping.current = false;
      setTurn((now) => now + 1);
      onTyped(undefined, 0);
      return true;
    },
    isTyping: () => isTyping.current,
  }));
  const name = nameOfCode(field, value, i18n.language);
  const shown = name === '' ? value : `${value} ${name}`;
  /** Nothing is being typed here any more; where the cursor has gone on meanwhile is for that field to say. */
  const settled = (): void => {
    isTyping.current = false;
    if (box.current?.contains(document.activeElement) === true) onTyped(undefined, 0);
  };
  return (
    <span
      ref={box}
      className="entry-code"
      onKeyDownCapture={(event) => {
        // The box gives up what was typed in it by itself.
        if (event.key !== 'Escape' || !isTyping.current || isComposing(event)) return;
        isTyping.current = false;
        onTyped(undefined, 0);
      }}
      onInput={(event) => {
        if (!(event.target instanceof HTMLInputElement)) return;
        isTyping.current = true;
        onTyped(event.target.value, event.target.selectionStart ?? 0);
      }}
    >
      <ChoiceBox
        key={turn}
        // In the head as in the grid the list opens with the first key or F2: it would cover the fields one only passes.
        isCell
        label={label}
        isInvalid={isInvalid}
        code={value}
        shown={shown}
        search={(text) => searchCodes(field, text, recentFor, valuesNow)}
        onTake={(choice) => {
          settled();
          if (choice !== undefined && holdsOneCode(field)) remember(field.table, choice, recentFor);
          if ((choice?.code ?? '') !== value) onCommit(choice?.code ?? '');
        }}
        // Kept in the document, where the check names it (未确认), and in the book, until somebody says what it means.
        onUnknown={(text) => {
          settled();
          // What stands there already, shown with its name, is no new text.
          if (text === shown) return;
          // A code that an open table lacks may well be one; a word never is.
          const isWord = field.kind === 'text' && (field.open !== true || /\p{Script=Han}/u.test(text));
          if (isWord && holdsOneCode(field))
            call('recents.unconfirmed', { table: field.table, text, for: recentFor ?? '' }).catch(() => undefined);
          const next = enteredValue(field, text);
          if (next !== value) onCommit(next);
        }}
      />
    </span>
  );
}

function TextInput({
  field,
  value,
  label,
  isWritable,
  isCell = false,
  isInvalid = false,
  onCommit,
  onSpecial,
  onTyped,
  ref,
}: EntryInputProps) {
  const { i18n } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState<string>();
  const latest = useRef(typed);
  const name = nameOfCode(field, value, i18n.language);
  const shown = name === '' ? shownValue(field, value) : `${value} ${name}`;
  const put = (text: string | undefined): void => {
    latest.current = text;
    setTyped(text);
  };
  const commit = (): void => {
    const text = latest.current;
    if (text === undefined) return;
    put(undefined);
    onTyped(undefined, 0);
    if (onSpecial?.(text) === true) return;
    const next = enteredValue(field, text);
    if (next !== value) onCommit(next);
  };
  useImperativeHandle(ref, () => ({
    focus: () => {
      input.current?.focus({ preventScroll: true });
      input.current?.select();
    },
    commit,
    giveUp: () => {
      if (latest.current === undefined) return false;
      put(undefined);
      onTyped(undefined, 0);
      selectWhenDrawn(input.current);
      return true;
    },
    isTyping: () => latest.current !== undefined,
  }));
  // What is typed in a cell that goes away with its line or by a jump is taken, not lost.
  const leave = useRef(commit);
  leave.current = commit;
  useEffect(() => () => leave.current(), []);
  return (
    <input
      ref={input}
      className={`entry-input${field.kind === 'text' ? '' : ' is-number'}${isInvalid ? ' is-invalid' : ''}`}
      type="text"
      inputMode={field.kind === 'text' ? 'text' : 'decimal'}
      autoComplete="off"
      spellCheck={false}
      aria-label={label}
      readOnly={!isWritable}
      tabIndex={isWritable || isCell ? 0 : -1}
      data-typing={typed !== undefined}
      value={typed ?? shown}
      onFocus={(event) => {
        if (!isCell) event.currentTarget.select();
      }}
      onChange={(event) => {
        put(event.target.value);
        onTyped(event.target.value, event.target.selectionStart ?? 0);
      }}
      onBlur={commit}
    />
  );
}

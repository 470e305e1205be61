/**
 * Declaration elements (申报要素) of a commodity code as fields of their own: the last values are offered, the order of output is moved
 * by Alt+Up and Alt+Down, the text they make stands below with its length. What is typed is handed up at every key; the owner decides
 * when to store it.
 *
 * ```tsx
 * <ElementsEditor gcode="6109100010" sku="TEE" text={gmodel} max={255} onChange={({ text, items }) => …} />
 * ```
 */
import { Button, Input } from 'antd';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { listed } from '../../shared/i18n/words.ts';
import { composeElements, type ElementValue, missingElements } from '../../shared/tables/elements.ts';
import { useQuery } from '../core-client.ts';
import { formatCount } from '../i18n/format.ts';
import { ChoiceBox } from './ChoiceBox.tsx';
import { ErrorNote } from './ErrorNote.tsx';
import { LookupBox } from './LookupBox.tsx';
import { ToneMark } from './StateTag.tsx';
import './elements-editor.css';

export interface ElementsChange {
  /** The values joined in their order: the 规格型号. */
  readonly text: string;
  readonly items: readonly ElementValue[];
  readonly isTooLong: boolean;
}

export interface ElementsEditorProps {
  /** Commodity code; elements are known of ten digits. */
  readonly gcode: string;
  /** The product whose values come first. */
  readonly sku?: string;
  /** The text as it stands: its values are taken apart into the fields. Left out: what is stored of the product. */
  readonly text?: string;
  /** Most characters the field of the message takes. */
  readonly max?: number;
  readonly onChange: (change: ElementsChange) => void;
  readonly autoFocus?: boolean;
  readonly isDisabled?: boolean;
}

type View = OutputOf<'elements.of'>;

const stateOf = (view: View): ElementValue[] => view.elements.map(({ name, value }) => ({ name, value }));

export function ElementsEditor(props: ElementsEditorProps) {
  const { gcode, sku, text } = props;
  // Read once for a code: afterwards the fields are the truth, and `text` only follows them.
  const [start] = useState(text);
  const elements = useQuery('elements.of', {
    gcode,
    ...(sku === undefined ? {} : { sku }),
    ...(start === undefined ? {} : { text: start }),
  });
  if (elements.data === undefined) return <ErrorNote error={elements.error} onRetry={elements.reload} />;
  return <Fields key={gcode} {...props} view={elements.data} />;
}

function Fields({
  view,
  max = view.max,
  onChange,
  autoFocus = false,
  isDisabled = false,
}: ElementsEditorProps & { readonly view: View }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [items, setItems] = useState<readonly ElementValue[]>(() => stateOf(view));
  /** An element to take the focus once it stands at its new place. */
  const [moved, setMoved] = useState<number>();
  const { text, length, over } = composeElements(items, { separator: view.separator, max });
  const known = new Map(view.elements.map((one) => [one.name, one]));
  const missing = missingElements(
    items,
    view.elements.filter(({ required }) => required).map(({ name }) => name),
  );
  const change = (next: readonly ElementValue[]): void => {
    setItems(next);
    const made = composeElements(next, { separator: view.separator, max });
    onChange({ text: made.text, items: next, isTooLong: made.over > 0 });
  };
  const set = (at: number, value: string): void =>
    change(items.map((item, n) => (n === at ? { ...item, value } : item)));
  const move = (at: number, by: number): void => {
    const item = items[at];
    if (item === undefined || items[at + by] === undefined) return;
    const rest = items.filter((_, n) => n !== at);
    change([...rest.slice(0, at + by), item, ...rest.slice(at + by)]);
    setMoved(at + by);
  };
  useEffect(() => {
    if (moved === undefined) return;
    document.getElementById(`${id}-${moved}`)?.focus();
    setMoved(undefined);
  }, [moved, id]);
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    move(at, event.key === 'ArrowUp' ? -1 : 1);
  };
  if (!view.known || items.length === 0)
    return (
      <p className="muted elements-none">
        {t(view.known ? 'classification.elements.none' : 'classification.elements.unknown', {
          code: view.gcode,
          asOf: view.asOf,
        })}
      </p>
    );
  return (
    <div className="elements-editor">
      <p className="muted">{t('classification.elements.of', { name: view.codeName, asOf: view.asOf })}</p>
      <ol>
        {items.map(({ name, value }, at) => {
          const element = known.get(name);
          const fieldId = `${id}-${at}`;
          return (
            <li key={name} onKeyDownCapture={(event) => onKeyDown(event, at)}>
              <label htmlFor={fieldId} title={name}>
                {name}
                {element?.required === true ? (
                  <span className="field-required" aria-hidden="true">
                    *
                  </span>
                ) : null}
              </label>
              {element?.table !== undefined ? (
                <LookupBox
                  id={fieldId}
                  table={element.table}
                  value={value}
                  autoFocus={autoFocus && at === 0}
                  isDisabled={isDisabled}
                  onChange={(code) => set(at, code)}
                />
              ) : (element?.lately.length ?? 0) > 0 ? (
                <ChoiceBox
                  id={fieldId}
                  shown={value}
                  isFree
                  hidesCode
                  isDisabled={isDisabled}
                  placeholder={t('classification.elements.lately', { value: element?.lately[0] ?? '' })}
                  search={(typed) =>
                    (element?.lately ?? [])
                      .filter((one) => typed === '' || one.includes(typed))
                      .map((one) => ({ code: one, name: one }))
                  }
                  onText={(typed) => set(at, typed)}
                  onTake={(choice) => set(at, choice?.code ?? '')}
                />
              ) : (
                <Input
                  id={fieldId}
                  autoComplete="off"
                  value={value}
                  disabled={isDisabled}
                  autoFocus={autoFocus && at === 0}
                  onChange={(event) => set(at, event.target.value)}
                />
              )}
              <span className="elements-move">
                <Button
                  size="small"
                  type="text"
                  tabIndex={-1}
                  disabled={isDisabled || at === 0}
                  aria-label={t('classification.elements.up', { name })}
                  title={t('classification.elements.up', { name })}
                  onClick={() => move(at, -1)}
                >
                  ↑
                </Button>
                <Button
                  size="small"
                  type="text"
                  tabIndex={-1}
                  disabled={isDisabled || at === items.length - 1}
                  aria-label={t('classification.elements.down', { name })}
                  title={t('classification.elements.down', { name })}
                  onClick={() => move(at, 1)}
                >
                  ↓
                </Button>
              </span>
            </li>
          );
        })}
      </ol>
      <div className="elements-text">
        <output className="code" htmlFor={items.map((_, at) => `${id}-${at}`).join(' ')}>
          {text === '' ? t('classification.elements.empty') : text}
        </output>
        <span className={over > 0 ? 'elements-count is-over' : 'elements-count'} role={over > 0 ? 'alert' : undefined}>
          {over > 0 ? <ToneMark tone="rejected" /> : null}{' '}
          {over > 0
            ? t('classification.elements.over', {
                length: formatCount(length),
                max: formatCount(max),
                over: formatCount(over),
              })
            : t('classification.elements.length', { length: formatCount(length), max: formatCount(max) })}
        </span>
      </div>
      {missing.length === 0 ? null : (
        <p className="muted">{t('classification.elements.missing', { names: listed(missing, i18n.language) })}</p>
      )}
      {view.rest.length === 0 ? null : (
        <p className="field-error">{t('classification.elements.rest', { parts: view.rest.join(view.separator) })}</p>
      )}
    </div>
  );
}

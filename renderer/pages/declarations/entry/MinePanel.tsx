import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { linesOf, pathOf } from '../../../../shared/documents/spec.ts';
import { type EditOperation, lineNumberField } from '../../../../shared/drafting/edit.ts';
import { isComposing } from '../../../app/keys.ts';
import { nameOfCode, useNamesVersion } from '../../../components/code-names.ts';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import { formatCount } from '../../../i18n/format.ts';
import { type DocumentKind, fieldAt } from '../document-model.ts';
import { fieldLabel } from '../field-text.ts';
import { lineOf, plainPath, shownValue } from './entry-model.ts';
import type { EntrySession } from './entry-session.ts';
import { SidePanel } from './SidePanels.tsx';

interface Row {
  readonly value: string;
  readonly times: number;
  readonly isKept: boolean;
  readonly line?: Readonly<Record<string, string>> | undefined;
}

/**
 * F5, 我的清单: values of the field the cursor is in, those kept at hand first, then what earlier documents had. Enter or a digit takes one, Insert
 * keeps one at hand or lets it go. What names the goods fills a line that is still blank.
 */
export function MinePanel({
  session,
  kind,
  path,
  canTake,
  onClose,
}: {
  readonly session: EntrySession;
  readonly kind: DocumentKind;
  readonly path: string;
  readonly canTake: boolean;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const { spec } = session;
  const field = fieldAt(kind, path);
  const isSecret = field?.kind === 'text' && field.secret === true;
  const plain = plainPath(path);
  const query = useQuery('entry.mine', field === undefined || isSecret ? null : { kind, field: plain });
  const keep = useCommand('entry.keepMine');
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => box.current?.focus(), []);
  const line = lineOf(spec, path);
  const name = path.split('/').at(-1) ?? '';
  const values = line === undefined ? undefined : linesOf(spec, session.snapshot().body)[line - 1];
  const current = values?.[name] ?? '';
  const found: readonly Row[] = query.data?.rows ?? [];
  // What stands in the field now can be kept though it was never filed.
  const known: readonly Row[] =
    current === '' || found.some(({ value }) => value === current)
      ? found
      : [...found, { value: current, times: 0, isKept: false }];
  const table = field?.kind === 'text' ? field.table : undefined;
  useNamesVersion(table === undefined ? {} : { [table]: known.map(({ value }) => value) });
  const nameOf = (value: string): string => (field === undefined ? '' : nameOfCode(field, value, i18n.language));
  const wanted = text.trim().toLowerCase();
  const rows = known.filter(({ value }) => `${value} ${nameOf(value)}`.toLowerCase().includes(wanted));
  const row = rows[Math.min(at, rows.length - 1)];

  const take = (chosen: Row | undefined): void => {
    if (chosen === undefined || !canTake) return;
    const number = lineNumberField(spec);
    const isBlank =
      values !== undefined && Object.entries(values).every(([key, value]) => key === number || (value ?? '') === '');
    const whole: readonly (readonly [string, string])[] =
      line !== undefined && isBlank && chosen.line !== undefined
        ? Object.entries({ ...chosen.line, [name]: chosen.value })
        : [];
    const operations: EditOperation[] =
      line === undefined || whole.length === 0
        ? [{ op: 'set', path, value: chosen.value }]
        : [{ op: 'block', at: line, fields: whole.map(([key]) => key), rows: [whole.map(([, value]) => value)] }];
    session.apply(operations, line === undefined ? path : pathOf(spec, name, line));
    onClose();
  };
  const toggle = async (of: Row | undefined): Promise<void> => {
    if (of === undefined) return;
    if ((await keep.run({ kind, field: plain, value: of.value, isKept: !of.isKept })) !== undefined) query.reload();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event) || event.ctrlKey || event.altKey) return;
    if (event.key === 'ArrowDown') setAt(Math.min(rows.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setAt(Math.max(0, at - 1));
    else if (event.key === 'Enter') take(row);
    else if (event.key === 'Insert') void toggle(row);
    else if (text === '' && /^[1-9]$/.test(event.key) && rows[Number(event.key) - 1] !== undefined)
      take(rows[Number(event.key) - 1]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (field === undefined || isSecret)
    return (
      <SidePanel title={t('entry.mine.title')} onClose={onClose}>
        <p className="muted">{t(isSecret ? 'entry.mine.secret' : 'entry.help.none')}</p>
      </SidePanel>
    );
  return (
    <SidePanel title={`${t('entry.mine.title')} · ${fieldLabel(field, i18n.language)}`} onClose={onClose}>
      <input
        ref={box}
        className="entry-input"
        aria-label={t('entry.mine.filter')}
        placeholder={t('entry.mine.filter')}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <ErrorNote error={query.error ?? keep.error} isInline />
      <div role="listbox" className="entry-choices is-mine" aria-label={t('entry.mine.title')}>
        {rows.map((one, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field above
          // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus
          <div key={one.value} role="option" aria-selected={one === row} onClick={() => take(one)}>
            <span className="lookup-digit">{index < 9 ? index + 1 : ''}</span>
            <span className="entry-mine-value">
              {shownValue(field, one.value)} <span className="muted">{nameOf(one.value)}</span>
            </span>
            <button
              type="button"
              tabIndex={-1}
              className="link"
              aria-pressed={one.isKept}
              onClick={(event) => {
                event.stopPropagation();
                void toggle(one);
              }}
            >
              {one.isKept
                ? t('entry.mine.kept')
                : one.times === 0
                  ? t('entry.mine.keep')
                  : t('entry.mine.times', { n: formatCount(one.times) })}
            </button>
          </div>
        ))}
      </div>
      {query.status === 'ready' && rows.length === 0 ? <p className="muted">{t('entry.mine.none')}</p> : null}
      <p className="muted">{t('entry.mine.hint')}</p>
    </SidePanel>
  );
}

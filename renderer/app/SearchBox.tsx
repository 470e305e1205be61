/** Ctrl+K: one search over everything in the book, and the commands of the desk. */
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { KeyHint } from '../components/KeyHint.tsx';
import { useQuery } from '../core-client.ts';
import { useCommands } from './commands.ts';
import { openTarget } from './route-store.ts';
import { useListKeys } from './use-list-keys.ts';

type Hit = OutputOf<'search.all'>['hits'][number];

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly detail: string;
  readonly keys?: string | undefined;
  readonly run: () => void;
}

export function SearchBox({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState('');
  const [isComposing, setComposing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (isComposing) return;
    // Long enough that a fast typist asks once, short enough not to be felt.
    const timer = window.setTimeout(() => setAsked(text.trim()), 80);
    return () => window.clearTimeout(timer);
  }, [text, isComposing]);
  const found = useQuery('search.all', asked === '' ? null : { text: asked, limit: 20 });
  const commands = useCommands(text.trim());
  // What was found for an earlier text is not what Enter may open.
  const isReading = asked !== text.trim() || found.isFetching;
  const hits: readonly Hit[] = asked === '' || isReading ? [] : (found.data?.hits ?? []);
  // Commands are there at once and come first, so that nothing found later takes the place of the one that is chosen.
  const rows: readonly Row[] = [
    ...commands.map((command) => ({
      id: command.id,
      kind: t('search.kind.command'),
      label: command.label,
      detail: '',
      keys: command.keys,
      run: command.run,
    })),
    ...hits.map((hit) => ({
      id: `${hit.kind} ${hit.id}`,
      kind: t(`search.kind.${hit.kind}`),
      label: hit.label,
      detail: hit.detail,
      run: () => openTarget(hit.target),
    })),
  ];
  const take = (at: number): void => {
    const row = rows[at];
    if (row === undefined) return;
    onClose();
    row.run();
  };
  const { at, setAt, onKeyDown } = useListKeys(rows.length, take, onClose);
  return (
    <search className="search-box">
      <input
        ref={input}
        type="text"
        role="combobox"
        aria-expanded
        aria-controls="search-rows"
        aria-activedescendant={rows.length > 0 ? `search-row-${at}` : undefined}
        aria-label={t('shell.search')}
        placeholder={t('search.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onCompositionStart={() => setComposing(true)}
        onCompositionEnd={() => setComposing(false)}
        onKeyDown={onKeyDown}
        onBlur={onClose}
      />
      <div className="drop-list" id="search-rows" role="listbox" aria-label={t('shell.search')}>
        <ErrorNote error={found.error} />
        {rows.map((row, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, as a combobox does
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={row.id}
            id={`search-row-${index}`}
            role="option"
            aria-selected={index === at}
            className={index === at ? 'drop-row is-active' : 'drop-row'}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(index)}
          >
            <span className="drop-kind">{row.kind}</span>
            <span className="drop-label">{row.label}</span>
            <span className="drop-detail">{row.detail}</span>
            {row.keys === undefined ? null : <KeyHint keys={row.keys} />}
          </div>
        ))}
        {rows.length === 0 ? (
          <div className="drop-hint">{isReading ? t('search.reading') : t('search.none')}</div>
        ) : null}
      </div>
    </search>
  );
}

import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isComposing } from '../../../app/keys.ts';
import type { RouteParams } from '../../../app/route-store.ts';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { useCommand, useQuery } from '../../../core-client.ts';
import './entry.css';

const same = (a: RouteParams, b: RouteParams): boolean => {
  const sorted = (of: RouteParams): string =>
    JSON.stringify(
      Object.entries(of)
        .map(([key, value]) => [key, String(value)])
        .sort(),
    );
  return sorted(a) === sorted(b);
};

/** Filters of the list that were saved by name, and the way to save the one that is set. */
export function SavedViews({
  params,
  onUse,
}: {
  readonly params: RouteParams;
  readonly onUse: (filter: RouteParams) => void;
}) {
  const { t } = useTranslation();
  const views = useQuery('entry.views', {});
  const save = useCommand('entry.saveView');
  const remove = useCommand('entry.deleteView');
  /** The name being typed; undefined: nobody asked to save. */
  const [name, setName] = useState<string>();
  const rows = views.data?.rows ?? [];
  const isKnown = rows.some(({ filter }) => same(filter, params));
  const isFiltered = Object.keys(params).some((key) => key !== 'kind');
  const keep = async (): Promise<void> => {
    if (name === undefined || name.trim() === '') return;
    const answer = await save.run({ name, filter: { ...params } });
    if (answer === undefined) return;
    setName(undefined);
    views.reload();
  };
  if (rows.length === 0 && !isFiltered) return null;
  return (
    <span className="saved-views" role="toolbar" aria-label={t('entry.views.label')}>
      {rows.map((view) => (
        <span key={view.id} className={same(view.filter, params) ? 'saved-view is-active' : 'saved-view'}>
          <button type="button" aria-pressed={same(view.filter, params)} onClick={() => onUse(view.filter)}>
            {view.name}
          </button>
          <button
            type="button"
            className="saved-view-remove"
            aria-label={t('entry.views.remove', { name: view.name })}
            onClick={() => void remove.run({ id: view.id }).then(views.reload)}
          >
            ×
          </button>
        </span>
      ))}
      {!isFiltered || isKnown ? null : name === undefined ? (
        <Button size="small" type="text" onClick={() => setName('')}>
          {t('entry.views.save')}
        </Button>
      ) : (
        <input
          className="entry-input"
          style={{ width: '16rem' }}
          // biome-ignore lint/a11y/noAutofocus: it was asked for
          autoFocus
          aria-label={t('entry.views.name')}
          placeholder={t('entry.views.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => {
            if (isComposing(event)) return;
            if (event.key === 'Enter') void keep();
            else if (event.key === 'Escape') setName(undefined);
            else return;
            event.preventDefault();
            event.stopPropagation();
          }}
        />
      )}
      <ErrorNote error={save.error ?? remove.error} isInline />
    </span>
  );
}

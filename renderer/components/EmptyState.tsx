/** Nothing here, and what to do next. Never shown before the answer is complete. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeysAhead } from '../app/keys.ts';

export function EmptyState({
  title,
  hint,
  actions,
}: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
}) {
  return (
    <div className="empty-state">
      <strong>{title}</strong>
      {hint === undefined ? null : <p>{hint}</p>}
      {actions === undefined ? null : <div className="empty-actions">{actions}</div>}
    </div>
  );
}

/** Something is here, but nothing of what was asked for. */
export function NoMatch({ onClear }: { readonly onClear: () => void }) {
  const { t } = useTranslation();
  return (
    <EmptyState
      title={t('common.noMatch.title')}
      hint={t('common.noMatch.hint')}
      actions={<Button onClick={onClear}>{t('common.noMatch.clear')}</Button>}
    />
  );
}

/** Grey bars where rows will be. Command keys that are typed ahead of them are kept until they are there. */
export function Skeleton({ rows = 12 }: { readonly rows?: number }) {
  useKeysAhead();
  return (
    <div className="skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars have no identity
        <div key={at} className="skeleton-row">
          <span style={{ width: '9%' }} />
          <span style={{ width: `${14 + ((at * 7) % 9)}%` }} />
          <span style={{ width: `${22 + ((at * 11) % 17)}%` }} />
          <span style={{ width: '8%', marginInlineStart: 'auto' }} />
        </div>
      ))}
    </div>
  );
}

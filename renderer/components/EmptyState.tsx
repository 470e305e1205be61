/** Nothing here, and what to do next. Never shown before the answer is complete. */
import type { ReactNode } from 'react';
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

import type { ReactNode } from 'react';

/** A list with a line of filters or notes above it, inside the left half of a page. */
export function ListPane({ head, children }: { readonly head: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="purchase-list">
      <div className="purchase-list-head">{head}</div>
      {children}
    </div>
  );
}

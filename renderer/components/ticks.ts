/** What is ticked in a list. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RowKey } from './DataTable.tsx';

/**
 * The ticked rows among those that are there, in the list's order. What a filter or a change hides is ticked no more, so that nothing is done
 * to what cannot be seen: `const [ticked, setTicked] = useTicks(pages, (row) => row.id)`.
 */
export function useTicks<R, K extends RowKey>(
  { rows, isFetching }: { readonly rows: readonly R[]; readonly isFetching: boolean },
  keyOf: (row: R) => K,
): readonly [ticked: readonly K[], setTicked: (keys: readonly RowKey[]) => void] {
  const [kept, setKept] = useState<ReadonlySet<RowKey>>(none);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a row's key is the same whichever function reads it
  const ticked = useMemo(() => (kept.size === 0 ? [] : rows.map(keyOf).filter((key) => kept.has(key))), [rows, kept]);
  const isHidden = !isFetching && ticked.length < kept.size;
  useEffect(() => {
    if (isHidden) setKept(new Set(ticked));
  }, [isHidden, ticked]);
  return [ticked, useCallback((keys) => setKept(keys.length === 0 ? none : new Set(keys)), [])];
}

const none: ReadonlySet<RowKey> = new Set();

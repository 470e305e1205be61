import { useEffect } from 'react';
import { call, useAreaChanges } from '../core-client.ts';
import { useKeyMap } from './keys.ts';

/** The keys the clerk at the desk has given to commands; another clerk has others. */
export function useBookKeys(): void {
  const load = (): void => {
    call('entry.keys', {}).then(
      ({ keys }) => {
        if (JSON.stringify(keys) !== JSON.stringify(useKeyMap.getState().keys)) useKeyMap.setState({ keys });
      },
      // The book is being closed: the next one has keys of its own.
      () => useKeyMap.setState({ keys: {} }),
    );
  };
  useEffect(load, []);
  useAreaChanges(['documents'], load);
}

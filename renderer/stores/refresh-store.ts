/** What one page did and another part of the desk shows, where the core sends no event of its own. */
import { create } from 'zustand';

export const useRefresh = create<{ readonly health: number }>(() => ({ health: 0 }));

/** The status bar reads the age of the backup again. */
export function refreshHealth(): void {
  useRefresh.setState((state) => ({ health: state.health + 1 }));
}

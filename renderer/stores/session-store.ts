/** Which book is open; `undefined` until the core has answered. */
import { create } from 'zustand';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { call } from '../core-client.ts';
import { loadFormDrafts } from './form-drafts.ts';

export type BookRow = OutputOf<'books.list'>['books'][number];
export type BookProfile = OutputOf<'books.profile'>;

interface SessionState {
  readonly status: 'starting' | 'closed' | 'open';
  readonly profile: BookProfile | undefined;
  /** The recovery key of a new book is on screen: the desk waits until the user says it is kept. */
  readonly isHeld: boolean;
}

export const useSession = create<SessionState>(() => ({ status: 'starting', profile: undefined, isHeld: false }));

/** Asks the core which book is open and takes over its profile. */
export async function refreshSession(): Promise<void> {
  try {
    const profile = await call('books.profile', {});
    await loadFormDrafts(profile.bookId);
    useSession.setState({ status: 'open', profile });
  } catch {
    // BOOK_NOT_OPEN, as a rule; any other trouble shows itself on the welcome page, which asks for the list of books.
    useSession.setState({ status: 'closed', profile: undefined });
  }
}

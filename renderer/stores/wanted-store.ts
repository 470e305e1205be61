/** The book the user chose to switch to, for the welcome page to ask its passphrase at once. */
import { create } from 'zustand';

export const useWanted = create<{ readonly bookId: string | undefined }>(() => ({ bookId: undefined }));

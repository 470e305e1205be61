/** How the desk looks to this user on this computer. Kept in localStorage: it belongs to no book. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { isLanguage, type Language } from '../i18n/i18n.ts';
import type { ThemeName } from '../theme/palette.ts';
import { type BookProfile, useSession } from './session-store.ts';

export const textSizes = [90, 100, 110, 125, 150] as const;
export type TextSize = (typeof textSizes)[number];

interface ViewState {
  readonly language: Language;
  readonly theme: ThemeName;
  readonly textSize: TextSize;
  readonly isRailCollapsed: boolean;
  /** Whether a book's desk is in plain words (简易模式), where somebody has chosen: the clerk of one may be another than that of the next. */
  readonly simpleBooks: Readonly<Record<string, boolean>>;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: ThemeName) => void;
  readonly setTextSize: (textSize: TextSize) => void;
  readonly toggleRail: () => void;
  readonly setSimple: (bookId: string, isSimple: boolean) => void;
}

export const useView = create<ViewState>()(
  persist(
    (set) => ({
      // Chinese unless the user chose otherwise, whatever the computer's own language (UX 1.1).
      language: 'zh-CN',
      theme: 'system',
      textSize: 100,
      isRailCollapsed: false,
      simpleBooks: {},
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
      setTextSize: (textSize) => set({ textSize }),
      toggleRail: () => set((view) => ({ isRailCollapsed: !view.isRailCollapsed })),
      setSimple: (bookId, isSimple) => set((view) => ({ simpleBooks: { ...view.simpleBooks, [bookId]: isSimple } })),
    }),
    {
      name: 'portbook.view',
      version: 1,
      merge: (stored, current) => {
        const from = typeof stored === 'object' && stored !== null ? (stored as Partial<ViewState>) : {};
        return {
          ...current,
          ...from,
          language: isLanguage(String(from.language)) && from.language !== undefined ? from.language : current.language,
        };
      },
    },
  ),
);

/** What was chosen for a book; a cooperative's desk is in plain words until somebody chooses otherwise. */
const isSimpleFor = (profile: BookProfile | undefined, { simpleBooks }: Pick<ViewState, 'simpleBooks'>): boolean =>
  profile !== undefined && (simpleBooks[profile.bookId] ?? profile.role === 'cooperative');

/** Whether the open book's desk is in plain words. */
export function useIsSimple(): boolean {
  const profile = useSession((session) => session.profile);
  return useView((view) => isSimpleFor(profile, view));
}
/** The same, where nothing is drawn. */
export function isSimpleNow(): boolean {
  return isSimpleFor(useSession.getState().profile, useView.getState());
}

/** Changes the desk of the open book; nothing happens while none is open. */
export function setSimple(isSimple: boolean): void {
  const bookId = useSession.getState().profile?.bookId;
  if (bookId !== undefined) useView.getState().setSimple(bookId, isSimple);
}

/** How the desk looks to this user on this computer. Kept in localStorage: it belongs to no book. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { isLanguage, type Language } from '../i18n/i18n.ts';
import type { ThemeName } from '../theme/palette.ts';

export const textSizes = [90, 100, 110, 125, 150] as const;
export type TextSize = (typeof textSizes)[number];

interface ViewState {
  readonly language: Language;
  readonly theme: ThemeName;
  readonly textSize: TextSize;
  readonly isRailCollapsed: boolean;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: ThemeName) => void;
  readonly setTextSize: (textSize: TextSize) => void;
  readonly toggleRail: () => void;
}

export const useView = create<ViewState>()(
  persist(
    (set) => ({
      // Chinese unless the user chose otherwise, whatever the computer's own language (UX 1.1).
      language: 'zh-CN',
      theme: 'system',
      textSize: 100,
      isRailCollapsed: false,
      setLanguage: (language) => set({ language }),
      setTheme: (theme) => set({ theme }),
      setTextSize: (textSize) => set({ textSize }),
      toggleRail: () => set((view) => ({ isRailCollapsed: !view.isRailCollapsed })),
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

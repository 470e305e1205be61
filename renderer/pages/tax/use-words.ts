import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Bilingual } from '../../../shared/contract/tax.ts';
import { useView } from '../../stores/view-store.ts';
import { say, type Words } from './rule-text.ts';

/** The desk's language for texts that the core gives in both. */
export function useWords(): Words & { readonly say: (words: Bilingual) => string } {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  return useMemo(
    () => ({
      language,
      t: (key, options) => (options === undefined ? t(key) : t(key, { ...options })),
      say: (words) => say(words, language),
    }),
    [t, language],
  );
}

import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';

/** The words of a rule in the language of the desk. */
export function useBilingual(): (words: { readonly zh: string; readonly en: string }) => string {
  const { i18n } = useTranslation();
  const isEnglish = i18n.language === 'en';
  return useCallback(({ zh, en }) => (isEnglish ? en : zh), [isEnglish]);
}

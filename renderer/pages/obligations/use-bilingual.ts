import { useTranslation } from 'react-i18next';

/** The words of a rule in the language of the desk. */
export function useBilingual(): (words: { readonly zh: string; readonly en: string }) => string {
  const { i18n } = useTranslation();
  return ({ zh, en }) => (i18n.language === 'en' ? en : zh);
}

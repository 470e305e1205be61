import { useTranslation } from 'react-i18next';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { useView } from '../../stores/view-store.ts';

/** The title of a posting rule in the language of the desk; what no rule posts (typed in, reversed) has a text of its own. */
export function useRuleName(): (rule: string) => string {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const rules = useQuery('postingRules.list', { date: localDate() });
  return (rule) => {
    const found = rules.data?.rows.find((row) => row.id === rule);
    if (found !== undefined) return language === 'en' ? found.titleEn : found.titleZh;
    return t(`ledger.ruleName.${rule.replaceAll('.', '-')}`, { defaultValue: rule });
  };
}

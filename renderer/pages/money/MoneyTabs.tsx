/** The parts of the money area (收付), the first of the filters of each of its pages. */
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';

/** By the name of their page. */
export const moneyTabs = [
  'money',
  'moneyEntries',
  'moneyAccounts',
  'stores',
  'payouts',
  'allocations',
  'netting',
  'monitor',
  'tradeCredit',
  'recordMatch',
  'flows',
  'risk',
] as const;
export type MoneyTab = (typeof moneyTabs)[number];

export function MoneyTabs({ active }: { readonly active: MoneyTab }) {
  const { t } = useTranslation();
  return (
    <Chips
      label={t('money.tabs')}
      value={active}
      onChange={(tab) => navigate(tab)}
      chips={moneyTabs.map((tab) => ({ value: tab, label: t(`money.tab.${tab}`) }))}
    />
  );
}

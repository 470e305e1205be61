/** The parts of the money area (收付), the first of the filters of each of its pages. */
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type MoneyTab, moneyTabs } from './tabs.ts';
import './money.css';

export function MoneyTabs({ active }: { readonly active: MoneyTab }) {
  const { t } = useTranslation();
  return (
    <div className="money-tabs">
      <Chips
        label={t('money.tabs')}
        value={active}
        onChange={(tab) => navigate(tab)}
        chips={moneyTabs.map((tab) => ({ value: tab, label: t(`money.tab.${tab}`) }))}
      />
    </div>
  );
}

import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';

const tabs = ['matters', 'policies', 'contacts'] as const;

/** Matters with authorities, the policies behind them, and whom to ask stand beside each other. */
export function MatterTabs({ active }: { readonly active: (typeof tabs)[number] }) {
  const { t } = useTranslation();
  return (
    <Chips
      label={t('policies.tabs')}
      value={active}
      onChange={(tab) => navigate(tab)}
      chips={tabs.map((tab) => ({ value: tab, label: t(`policies.tab.${tab}`) }))}
    />
  );
}

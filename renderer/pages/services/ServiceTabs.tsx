import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';

const tabs = ['complaints', 'liveSessions'] as const;

/** Complaints and live selling stand beside each other. */
export function ServiceTabs({ active }: { readonly active: (typeof tabs)[number] }) {
  const { t } = useTranslation();
  return (
    <Chips
      label={t('services.tabs')}
      value={active}
      onChange={(tab) => navigate(tab)}
      chips={tabs.map((tab) => ({ value: tab, label: t(`services.tab.${tab}`) }))}
    />
  );
}

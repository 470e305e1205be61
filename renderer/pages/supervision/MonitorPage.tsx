/** What the forex authority watches: the sum of list registration, the class, the total check, the quota of persons. */
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { focusList } from '../../components/DetailPane.tsx';
import { Page } from '../../components/Page.tsx';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { GaugesTab } from './GaugesTab.tsx';
import { IndicatorsTab } from './IndicatorsTab.tsx';
import { PersonsTab } from './PersonsTab.tsx';
import { ProfileTab } from './ProfileTab.tsx';
import './supervision.css';

const tabs = ['gauges', 'indicators', 'persons', 'profile'] as const;

export function MonitorPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'gauges';
  useKeys([
    { key: 'Esc', label: t('common.close'), run: () => focusList() || navigate('money') },
    ...tabs.map((one, at) => ({
      key: `Ctrl+${at + 1}`,
      label: t(`supervision.monitor.tab.${one}`),
      run: () => replaceParams({ tab: one }),
    })),
  ]);
  return (
    <Page
      title={t('supervision.monitor.title')}
      summary={t(`supervision.monitor.summary.${tab}`)}
      filters={
        <>
          <MoneyTabs active="monitor" />
          <Chips
            label={t('supervision.monitor.title')}
            value={tab}
            onChange={(next) => replaceParams({ tab: next })}
            chips={tabs.map((value) => ({ value, label: t(`supervision.monitor.tab.${value}`) }))}
          />
        </>
      }
    >
      {tab === 'gauges' ? (
        <GaugesTab />
      ) : tab === 'indicators' ? (
        <IndicatorsTab month={textParam(params, 'month')} figure={textParam(params, 'figure')} />
      ) : tab === 'persons' ? (
        <PersonsTab person={textParam(params, 'person')} />
      ) : (
        <ProfileTab />
      )}
    </Page>
  );
}

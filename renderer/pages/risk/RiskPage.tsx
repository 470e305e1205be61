/** 风险: flags to work off, the rules that raised them, names that are like those of a list, the lists. */
import { useTranslation } from 'react-i18next';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { useQuery } from '../../core-client.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { FlagsTab } from './FlagsTab.tsx';
import { HitsTab } from './HitsTab.tsx';
import { ListsTab } from './ListsTab.tsx';
import { NoticesTab } from './NoticesTab.tsx';
import { RulesTab } from './RulesTab.tsx';
import { TrendTab } from './TrendTab.tsx';
import './risk.css';

export const riskTabs = ['flags', 'rules', 'hits', 'lists', 'notices', 'trend'] as const;
export type RiskTab = (typeof riskTabs)[number];

export function RiskPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = riskTabs.find((one) => one === textParam(params, 'tab')) ?? 'flags';
  const flags = useQuery('redFlags.list', { limit: 1 }, { areas: ['risk'] });
  const hits = useQuery('screening.list', { limit: 1 }, { areas: ['risk'] });
  const counts: Readonly<Record<RiskTab, number | undefined>> = {
    flags: flags.data === undefined ? undefined : flags.data.counts.open + flags.data.counts.reviewing,
    rules: undefined,
    hits: hits.data?.counts.review,
    lists: undefined,
    notices: undefined,
    trend: undefined,
  };
  const tabs = (
    <>
      <MoneyTabs active="risk" />
      <Chips<RiskTab>
        label={t('risk.title')}
        value={tab}
        onChange={(next) => replaceParams(next === 'flags' ? {} : { tab: next })}
        chips={riskTabs.map((one) => ({ value: one, label: t(`risk.tab.${one}`), count: counts[one] }))}
      />
    </>
  );
  if (tab === 'rules') return <RulesTab tabs={tabs} params={params} />;
  if (tab === 'hits') return <HitsTab tabs={tabs} params={params} />;
  if (tab === 'lists') return <ListsTab tabs={tabs} />;
  if (tab === 'notices') return <NoticesTab tabs={tabs} />;
  if (tab === 'trend') return <TrendTab tabs={tabs} />;
  return <FlagsTab tabs={tabs} params={params} />;
}

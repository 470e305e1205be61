/** 归类与代码表: decisions on classification, the code tables in force, drafts that a change of tables concerns, text nobody has settled. */
import { useTranslation } from 'react-i18next';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { useQuery } from '../../core-client.ts';
import { ChangesTab } from './ChangesTab.tsx';
import { DecisionsTab } from './DecisionsTab.tsx';
import { TablesTab } from './TablesTab.tsx';
import { UnconfirmedTab } from './UnconfirmedTab.tsx';
import '../purchases/purchases.css';
import './classification.css';

const pageTabs = ['decisions', 'tables', 'changes', 'unconfirmed'] as const;
type PageTab = (typeof pageTabs)[number];

export function ClassificationPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = pageTabs.find((one) => one === textParam(params, 'tab')) ?? 'decisions';
  const affected = useQuery('tables.affected', {}, { areas: ['documents'] });
  const unconfirmed = useQuery('recents.listUnconfirmed', {}, { areas: ['products', 'documents'] });
  const counts: Partial<Record<PageTab, number | undefined>> = {
    changes: affected.data?.drafts.length,
    unconfirmed: unconfirmed.data?.rows.length,
  };
  const tabs = (
    <Chips<PageTab>
      label={t('classification.title')}
      value={tab}
      onChange={(next) => replaceParams(next === 'decisions' ? {} : { tab: next })}
      chips={pageTabs.map((one) => ({ value: one, label: t(`classification.tab.${one}`), count: counts[one] }))}
    />
  );
  if (tab === 'tables') return <TablesTab tabs={tabs} params={params} />;
  if (tab === 'changes') return <ChangesTab tabs={tabs} affected={affected} />;
  if (tab === 'unconfirmed') return <UnconfirmedTab tabs={tabs} unconfirmed={unconfirmed} />;
  return <DecisionsTab tabs={tabs} params={params} />;
}

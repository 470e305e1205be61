/** 我的信用: own conduct out of the book, ratings and certificates, pledges, and what classes mean. */
import { useTranslation } from 'react-i18next';
import type { PageProps } from '../../app/page-route.ts';
import { replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { ClassesTab } from './ClassesTab.tsx';
import { ConductTab } from './ConductTab.tsx';
import { PledgesTab } from './PledgesTab.tsx';
import { RecordsTab } from './RecordsTab.tsx';
import './credit.css';

const creditTabs = ['conduct', 'records', 'pledges', 'classes'] as const;
type CreditTab = (typeof creditTabs)[number];

export function CreditPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = creditTabs.find((one) => one === textParam(params, 'tab')) ?? 'conduct';
  const tabs = (
    <>
      <MoneyTabs active="credit" />
      <Chips<CreditTab>
        label={t('credit.title')}
        value={tab}
        onChange={(next) => replaceParams(next === 'conduct' ? {} : { tab: next })}
        chips={creditTabs.map((one) => ({ value: one, label: t(`credit.tab.${one}`) }))}
      />
    </>
  );
  if (tab === 'records') return <RecordsTab tabs={tabs} params={params} />;
  if (tab === 'pledges') return <PledgesTab tabs={tabs} params={params} />;
  if (tab === 'classes') return <ClassesTab tabs={tabs} />;
  return <ConductTab tabs={tabs} params={params} />;
}

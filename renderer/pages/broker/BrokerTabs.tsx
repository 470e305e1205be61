/** The parts of the broker’s desk, the first of the filters of each of its pages. */
import { useTranslation } from 'react-i18next';
import { navigate, type RouteParams } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import './broker.css';

const places = {
  review: { page: 'review', params: {} },
  clerks: { page: 'review', params: { tab: 'clerks' } },
  rates: { page: 'review', params: { tab: 'rates' } },
  delegations: { page: 'delegations', params: {} },
  fees: { page: 'feeNotes', params: {} },
} as const satisfies Readonly<Record<string, { page: string; params: RouteParams }>>;
export type BrokerTab = keyof typeof places;
const tabs = Object.keys(places) as BrokerTab[];

export function BrokerTabs({ active }: { readonly active: BrokerTab }) {
  const { t } = useTranslation();
  return (
    <div className="broker-tabs">
      <Chips<BrokerTab>
        label={t('broker.tabs')}
        value={active}
        onChange={(tab) => navigate(places[tab].page, places[tab].params)}
        chips={tabs.map((tab) => ({ value: tab, label: t(`broker.tab.${tab}`) }))}
      />
    </div>
  );
}

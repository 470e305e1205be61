/** 溯源: lots from the orchard to the buyer, what quarantine asks for, and the temperatures on the way. */
import type { PageProps } from '../../app/page-route.ts';
import { textParam } from '../../app/route-store.ts';
import { ColdTab } from './ColdTab.tsx';
import { DispatchesTab } from './DispatchesTab.tsx';
import { LotsTab } from './LotsTab.tsx';
import { PickupsTab } from './PickupsTab.tsx';
import { ProductsTab } from './ProductsTab.tsx';
import { QueryTab } from './QueryTab.tsx';
import { SitesTab } from './SitesTab.tsx';

const tabs = {
  lots: LotsTab,
  sites: SitesTab,
  dispatches: DispatchesTab,
  query: QueryTab,
  cold: ColdTab,
  products: ProductsTab,
  pickups: PickupsTab,
} as const;

export function TracePage({ params }: PageProps) {
  const wanted = textParam(params, 'tab');
  const Tab = wanted !== undefined && Object.hasOwn(tabs, wanted) ? tabs[wanted as keyof typeof tabs] : LotsTab;
  return <Tab params={params} />;
}

/** 复核: what waits for another clerk, who the clerks are, and how often each errs. */
import type { PageProps } from '../../app/page-route.ts';
import { textParam } from '../../app/route-store.ts';
import { ClerksTab } from './ClerksTab.tsx';
import { RatesTab } from './RatesTab.tsx';
import { WaitingTab } from './WaitingTab.tsx';

export function ReviewPage({ params }: PageProps) {
  const tab = textParam(params, 'tab');
  if (tab === 'clerks') return <ClerksTab params={params} />;
  if (tab === 'rates') return <RatesTab />;
  return <WaitingTab params={params} />;
}

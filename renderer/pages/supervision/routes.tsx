import type { PageRoutes } from '../../app/page-route.ts';
import { MonitorPage } from './MonitorPage.tsx';
import { NettingPage } from './NettingPage.tsx';
import { TradeCreditPage } from './TradeCreditPage.tsx';

export const routes: PageRoutes = {
  netting: { area: 'money', component: NettingPage },
  monitor: { area: 'money', component: MonitorPage },
  tradeCredit: { area: 'money', component: TradeCreditPage },
};

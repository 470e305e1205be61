import type { PageRoutes } from '../../app/page-route.ts';
import { MyGoodsPage } from './MyGoodsPage.tsx';
import { ProgressPage } from './ProgressPage.tsx';
import { ReceivedPage } from './ReceivedPage.tsx';
import { SellPage } from './SellPage.tsx';
import { ShowcasePage } from './ShowcasePage.tsx';
import { SimpleTodayPage } from './SimpleTodayPage.tsx';
import { TogetherPage } from './TogetherPage.tsx';

/** Drawn by the shell in plain words alone. */
export const routes: PageRoutes = {
  simpleToday: { area: 'today', component: SimpleTodayPage },
  sell: { area: 'today', component: SellPage },
  myGoods: { area: 'today', component: MyGoodsPage },
  showcase: { area: 'today', component: ShowcasePage },
  received: { area: 'today', component: ReceivedPage },
  progress: { area: 'today', component: ProgressPage },
  together: { area: 'today', component: TogetherPage },
};

import type { PageRoutes } from '../../app/page-route.ts';
import { AgentCertificatesPage } from './AgentCertificatesPage.tsx';
import { ArchivePage } from './ArchivePage.tsx';
import { DeadlinesPage } from './DeadlinesPage.tsx';
import { GuaranteesPage } from './GuaranteesPage.tsx';
import { ShowGoodsPage } from './ShowGoodsPage.tsx';
import { TaxBillsPage } from './TaxBillsPage.tsx';

export const routes: PageRoutes = {
  deadlines: { area: 'tax', component: DeadlinesPage },
  guarantees: { area: 'tax', component: GuaranteesPage },
  showGoods: { area: 'tax', component: ShowGoodsPage },
  taxBills: { area: 'tax', component: TaxBillsPage },
  agentCertificates: { area: 'tax', component: AgentCertificatesPage },
  archive: { area: 'tax', component: ArchivePage },
};

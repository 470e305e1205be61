import type { PageRoutes } from '../../app/page-route.ts';
import { ElectronicDataPage } from './ElectronicDataPage.tsx';
import { EvidencePage } from './EvidencePage.tsx';

export const routes: PageRoutes = {
  evidence: { area: 'money', component: EvidencePage },
  electronicData: { area: 'money', component: ElectronicDataPage },
};

import type { PageRoutes } from '../../app/page-route.ts';
import { ClassificationPage } from './ClassificationPage.tsx';

export const routes: PageRoutes = { classification: { area: 'products', component: ClassificationPage } };

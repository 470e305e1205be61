import type { PageRoutes } from '../../app/page-route.ts';
import { CalculatorPage } from './CalculatorPage.tsx';
import { CalculatorsPage } from './CalculatorsPage.tsx';
import { RefundsPage } from './RefundsPage.tsx';
import { RulesPage } from './RulesPage.tsx';
import { TaxPage } from './TaxPage.tsx';
import { TaxProfilePage } from './TaxProfilePage.tsx';
import { WorksheetPage } from './WorksheetPage.tsx';

export const routes: PageRoutes = {
  tax: { area: 'tax', component: TaxPage },
  worksheet: { area: 'tax', component: WorksheetPage },
  calculators: { area: 'tax', component: CalculatorsPage },
  calculator: { area: 'tax', component: CalculatorPage },
  rules: { area: 'tax', component: RulesPage },
  taxProfile: { area: 'tax', component: TaxProfilePage },
  refunds: { area: 'tax', component: RefundsPage },
};

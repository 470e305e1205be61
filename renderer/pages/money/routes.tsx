import type { PageRoutes } from '../../app/page-route.ts';
import { AccountsPage } from './AccountsPage.tsx';
import { EntriesPage } from './EntriesPage.tsx';
import { MoneyPage } from './MoneyPage.tsx';

export const routes: PageRoutes = {
  money: { area: 'money', component: MoneyPage },
  moneyEntries: { area: 'money', component: EntriesPage },
  moneyAccounts: { area: 'money', component: AccountsPage },
};

/** The one window: rail, top bar, page, status bar (UX 11). */
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../components/EmptyState.tsx';
import { useQuery } from '../core-client.ts';
import { localDate } from '../i18n/format.ts';
import { lockScreen } from '../stores/lock-store.ts';
import { usePolicies } from '../stores/policy-store.ts';
import { useRefresh } from '../stores/refresh-store.ts';
import { useView } from '../stores/view-store.ts';
import { BookSwitcher } from './BookSwitcher.tsx';
import { useKeys } from './keys.ts';
import { PageGuard } from './PageGuard.tsx';
import { type AreaName, areaDigit, areas } from './page-route.ts';
import { Rail } from './Rail.tsx';
import { goBack, goForward, navigate, useRoute, useRouteStore } from './route-store.ts';
import { pageOf } from './routes.tsx';
import { SearchBox } from './SearchBox.tsx';
import { StatusBar } from './StatusBar.tsx';
import { enterSimple } from './simple-mode.ts';
import { TopBar } from './TopBar.tsx';
import { useBookKeys } from './use-book-keys.ts';

/** Today's date, moved on at midnight while the desk stays open. */
function useToday(): string {
  const [date, setDate] = useState(() => localDate());
  useEffect(() => {
    const timer = window.setInterval(() => setDate(localDate()), 60_000);
    return () => window.clearInterval(timer);
  }, []);
  return date;
}

/** The page of the route, drawn when its parameters change, which the frame around it is not. */
function RoutePage() {
  const { t } = useTranslation();
  const { page, params } = useRoute();
  const Current = pageOf(page)?.component;
  return (
    <PageGuard place={`${page} ${JSON.stringify(params)}`}>
      {Current === undefined ? <EmptyState title={t('shell.noPage', { page })} /> : <Current params={params} />}
    </PageGuard>
  );
}

export function Shell() {
  const { t } = useTranslation();
  useBookKeys();
  const pageName = useRouteStore((state) => state.route.page);
  const page = pageOf(pageName);
  const [isSearching, setSearching] = useState(false);
  const [isSwitching, setSwitching] = useState(false);
  const toggleRail = useView((view) => view.toggleRail);
  const date = useToday();
  const today = useQuery(
    'today.get',
    { date },
    { areas: ['orders', 'products', 'shipments', 'documents', 'ledger', 'imports', 'money', 'sync'] },
  );
  const sync = useQuery('sync.status', {}, { areas: ['sync', 'documents'] });
  const healthTurn = useRefresh((state) => state.health);
  const health = useQuery('books.health', {}, { areas: ['imports', 'tax'] });
  const policies = useQuery('policies.list', {}, { areas: ['tax'] });
  useEffect(() => {
    if (policies.data !== undefined) usePolicies.setState(policies.data);
  }, [policies.data]);
  const { reload: reloadHealth } = health;
  // A backup is no change of the book, so the core has nothing to tell about it.
  useEffect(() => {
    if (healthTurn > 0) reloadHealth();
  }, [healthTurn, reloadHealth]);

  useKeys([
    ...areas.map((area: AreaName, at) => ({
      key: `Alt+${areaDigit(at)}`,
      label: t(`area.${area}`),
      run: () => navigate(area),
    })),
    { key: 'Alt+Left', label: t('shell.back'), run: goBack },
    { key: 'Alt+Right', label: t('shell.forward'), run: goForward },
    { command: 'desk.switchBook', run: () => setSwitching((is) => !is) },
    { key: 'Ctrl+K', label: t('shell.search'), run: () => setSearching(true) },
    { command: 'desk.simple', run: enterSimple },
    { command: 'desk.lock', run: () => void lockScreen() },
    { command: 'desk.search', run: () => setSearching(true) },
    { key: 'Ctrl+I', label: t('shell.import'), run: () => navigate('import') },
    { key: 'Ctrl+N', label: t('shell.newShipment'), run: () => navigate('shipment', { id: 'new' }) },
    { key: 'Ctrl+\\', label: t('shell.toggleRail'), run: toggleRail },
    { command: 'entry.help' },
  ]);

  // What the frame hears (counts, connection) draws the frame alone.
  const content = useMemo(() => <RoutePage />, []);
  return (
    <div className="desk">
      <Rail
        area={page?.area}
        page={pageName}
        attention={today.data?.attention.length ?? 0}
        counts={today.data?.counts}
      />
      <div className="desk-main">
        <TopBar
          sync={sync.data}
          onSearch={() => setSearching(true)}
          onSwitch={() => setSwitching((is) => !is)}
          search={isSearching ? <SearchBox onClose={() => setSearching(false)} /> : undefined}
          switcher={isSwitching ? <BookSwitcher onClose={() => setSwitching(false)} /> : undefined}
        />
        <main className="desk-page" data-page={pageName}>
          {content}
        </main>
      </div>
      <StatusBar sync={sync.data} health={health.data} />
    </div>
  );
}

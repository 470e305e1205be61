import i18next from 'i18next';
import { lazy, Suspense, useEffect, useLayoutEffect } from 'react';
import { call, onDeskEvent } from '../core-client.ts';
import { WelcomePage } from '../pages/welcome/WelcomePage.tsx';
import { followLock, saveTyped } from '../stores/lock-store.ts';
import { useNotice } from '../stores/notice-store.ts';
import { refreshSession, useSession } from '../stores/session-store.ts';
import { isSimpleNow, useIsSimple, useView } from '../stores/view-store.ts';
import { palettes } from '../theme/palette.ts';
import { applyTheme } from '../theme/theme.ts';
import { listenToKeys } from './keys.ts';
import { navigate, resetRoutes } from './route-store.ts';
import { useIdleLock } from './use-idle-lock.ts';
import { useWorn, Worn } from './Worn.tsx';

/** The desk behind the first screen: fetched while the passphrase is being typed, so that neither waits for the other. */
const loadShell = () => import('./Shell.tsx').then(({ Shell }) => ({ default: Shell }));
const Shell = lazy(loadShell);
/** The desk in plain words. */
const SimpleShell = lazy(() => import('./SimpleShell.tsx').then((shell) => ({ default: shell.SimpleShell })));

/**
 * A new window has no book open: its first page is drawn while the core still loads. A page that was reloaded may come
 * back into an open book and waits to be told.
 */
const isFirstLoad = performance
  .getEntriesByType('navigation')
  .every((entry) => entry instanceof PerformanceNavigationTiming && entry.type === 'navigate');

export function App() {
  const { language, theme, textSize } = useView();
  const { status, isHeld } = useSession();
  const isSimple = useIsSimple();
  const worn = useWorn();
  const scale = textSize / 100;

  useLayoutEffect(() => applyTheme(worn, scale), [worn, scale]);
  useEffect(() => {
    void window.portbook.setTheme(theme === 'contrast' ? 'light' : theme);
  }, [theme]);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
    // What was said in the other language would stand there as the only line of it.
    useNotice.setState({ text: '' });
    void i18next.changeLanguage(language);
  }, [language]);
  useEffect(listenToKeys, []);
  // The window closes: what waits for a pause in typing is written.
  useEffect(() => window.portbook.onFlush(saveTyped), []);
  useEffect(followLock, []);
  useIdleLock();
  // Not before the core has answered: on two processors the desk would take the time in which the core loads.
  const isAnswered = status !== 'starting';
  useEffect(() => {
    if (!isAnswered) return undefined;
    const idle = requestIdleCallback(() => void loadShell());
    return () => cancelIdleCallback(idle);
  }, [isAnswered]);
  useEffect(() => {
    void refreshSession().then(async () => {
      if (isFirstLoad || useSession.getState().status !== 'open') return;
      // The window ended in the middle of a document: it opens again where it was.
      const { id, kind } = await call('entry.unfinished', {});
      if (id === undefined) return;
      if (isSimpleNow() && kind === 'DecMessage') navigate('sell', { id });
      else navigate('declarations', { id, kind: kind ?? '', edit: 1 });
    });
    /** The book that was open when the core ended: opened again, it goes on where it was. */
    let interrupted: string | undefined;
    return onDeskEvent((event) => {
      if (event.name === 'core-restarted') interrupted = useSession.getState().profile?.bookId ?? interrupted;
      else if (event.name === 'book.opened' || event.name === 'book.closed') {
        if (event.name !== 'book.opened' || event.bookId !== interrupted) resetRoutes();
        interrupted = undefined;
      } else return;
      void refreshSession();
    });
  }, []);

  const blank = <div className="starting" style={{ background: palettes[worn].page }} />;
  return (
    <Worn>
      {status === 'open' && !isHeld ? (
        <Suspense fallback={blank}>{isSimple ? <SimpleShell /> : <Shell />}</Suspense>
      ) : null}
      {status === 'closed' || isHeld || (status === 'starting' && isFirstLoad) ? <WelcomePage /> : null}
      {status === 'starting' && !isFirstLoad ? blank : null}
    </Worn>
  );
}

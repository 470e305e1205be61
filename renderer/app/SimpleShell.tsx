/** The desk in plain words (简易模式): a few large entries, no codes, one thing at a time. The pages of the clerk's desk are not drawn here. */
import {
  CalendarOutlined,
  CameraOutlined,
  InboxOutlined,
  RocketOutlined,
  TeamOutlined,
  TransactionOutlined,
  TruckOutlined,
} from '@ant-design/icons';
import { Button, ConfigProvider } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../components/KeyHint.tsx';
import { useQuery } from '../core-client.ts';
import { lockScreen } from '../stores/lock-store.ts';
import { useNotice } from '../stores/notice-store.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { BookSwitcher } from './BookSwitcher.tsx';
import { useCommandKey, useKeys } from './keys.ts';
import { LockButton } from './LockButton.tsx';
import { Mark } from './Mark.tsx';
import { PageGuard } from './PageGuard.tsx';
import { areaDigit, isSimpleArea, type SimpleArea, simpleAreas } from './page-route.ts';
import { goBack, navigate, useRoute } from './route-store.ts';
import { pageOf } from './routes.tsx';
import { leaveSimple } from './simple-mode.ts';
import { useBookKeys } from './use-book-keys.ts';

const icons: Readonly<Record<SimpleArea, ReactNode>> = {
  simpleToday: <CalendarOutlined />,
  sell: <TruckOutlined />,
  myGoods: <InboxOutlined />,
  showcase: <CameraOutlined />,
  received: <TransactionOutlined />,
  progress: <RocketOutlined />,
  together: <TeamOutlined />,
};

/** Large enough for a finger: 46 px at 100 %. */
const CONTROL = 46;
const TEXT = 17;

export function SimpleShell() {
  const { t } = useTranslation();
  useBookKeys();
  const { language, setLanguage, textSize } = useView();
  const route = useRoute();
  const isOwn = isSimpleArea(route.page);
  // Whatever else was asked for (the page a book opens with, a link) has no place here.
  const shown: SimpleArea = isSimpleArea(route.page) ? route.page : 'simpleToday';
  const [isSwitching, setSwitching] = useState(false);
  const profile = useSession((session) => session.profile);
  const notice = useNotice((state) => state.text);
  const sync = useQuery('sync.status', {}, { areas: ['sync', 'documents'] });
  const key = useCommandKey()('desk.simple').key;
  useKeys([
    ...simpleAreas.map((area, at) => ({
      key: `Alt+${areaDigit(at)}`,
      label: t(`simple.area.${area}`),
      run: () => navigate(area),
    })),
    { key: 'Alt+Left', label: t('shell.back'), run: goBack },
    { command: 'desk.switchBook', run: () => setSwitching((is) => !is) },
    { command: 'desk.simple', run: () => leaveSimple() },
    { command: 'desk.lock', run: () => void lockScreen() },
  ]);
  const Current = pageOf(shown)?.component;
  const content = useMemo(
    () => (Current === undefined ? undefined : <Current params={isOwn ? route.params : {}} />),
    [Current, isOwn, route.params],
  );
  const px = (n: number): number => Math.round((n * textSize) / 100);
  return (
    <ConfigProvider theme={{ token: { controlHeight: px(CONTROL), controlHeightSM: px(44), fontSize: px(TEXT) } }}>
      <div className="simple-desk">
        <nav className="simple-rail" aria-label={t('shell.areas')}>
          <div className="simple-brand">
            <Mark />
            <span>{t('common.app')}</span>
          </div>
          {simpleAreas.map((area, at) => (
            <button
              key={area}
              type="button"
              className={`simple-entry${area === shown ? ' is-active' : ''}`}
              aria-current={area === shown ? 'page' : undefined}
              aria-keyshortcuts={`Alt+${areaDigit(at)}`}
              onClick={() => navigate(area)}
            >
              <span className="simple-icon">{icons[area]}</span>
              <span>{t(`simple.area.${area}`)}</span>
              <KeyHint keys={areaDigit(at)} whenAltHeld />
            </button>
          ))}
        </nav>
        <div className="desk-main">
          <header className="simple-bar">
            <div className="top-slot">
              <button
                type="button"
                className="simple-book"
                aria-expanded={isSwitching}
                title={profile?.name}
                onClick={() => setSwitching((is) => !is)}
              >
                <span className="book-colour" style={{ background: profile?.colour }} />
                <span className="book-name">{profile?.name}</span>
              </button>
              {isSwitching ? <BookSwitcher onClose={() => setSwitching(false)} /> : null}
            </div>
            <span className="simple-notice" role="status" aria-live="polite">
              {notice !== '' || sync.data === undefined
                ? notice
                : t(`simple.connection.${sync.data.paused ? 'paused' : sync.data.connection}`)}
            </span>
            {/* A language is named in itself, so that whoever needs it can read it. */}
            <Button type="text" onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
              {t('welcome.otherLanguage')}
            </Button>
            <LockButton />
            <Button aria-keyshortcuts={key} onClick={() => leaveSimple()}>
              {t('simple.leave')}
              <KeyHint keys={key} />
            </Button>
          </header>
          <main className="simple-main" data-page={shown}>
            <PageGuard place={`${shown} ${JSON.stringify(route.params)}`}>{content}</PageGuard>
          </main>
        </div>
      </div>
    </ConfigProvider>
  );
}

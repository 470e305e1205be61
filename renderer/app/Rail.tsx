import {
  BookOutlined,
  CalendarOutlined,
  CloudUploadOutlined,
  ClusterOutlined,
  ContainerOutlined,
  FileProtectOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  PercentageOutlined,
  PictureOutlined,
  SettingOutlined,
  ShopOutlined,
  ShoppingOutlined,
  TagsOutlined,
  TransactionOutlined,
} from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { KeyHint } from '../components/KeyHint.tsx';
import { formatCount } from '../i18n/format.ts';
import { useSession } from '../stores/session-store.ts';
import { useView } from '../stores/view-store.ts';
import { Mark } from './Mark.tsx';
import { type AreaName, areaDigit, areas, pagesOfRole } from './page-route.ts';
import { navigate } from './route-store.ts';

const icons: Readonly<Record<AreaName, ReactNode>> = {
  today: <CalendarOutlined />,
  orders: <ShoppingOutlined />,
  products: <TagsOutlined />,
  shipments: <ContainerOutlined />,
  declarations: <FileProtectOutlined />,
  purchases: <ShopOutlined />,
  money: <TransactionOutlined />,
  ledger: <BookOutlined />,
  tax: <PercentageOutlined />,
  outbox: <CloudUploadOutlined />,
  settings: <SettingOutlined />,
};

/** 批次, 上架: what a cooperative works on every day. */
const iconsOfRole: Readonly<Record<string, ReactNode>> = { trace: <ClusterOutlined />, listings: <PictureOutlined /> };

export interface RailProps {
  readonly area: AreaName | undefined;
  /** The page that is shown. */
  readonly page: string;
  /** How many things wait for a person: the red badge. */
  readonly attention: number;
  /** By area name, as `today.get` counts them. */
  readonly counts: Readonly<Record<string, number>> | undefined;
}

export function Rail({ area, page, attention, counts }: RailProps) {
  const { t } = useTranslation();
  const isCollapsed = useView((view) => view.isRailCollapsed);
  const toggleRail = useView((view) => view.toggleRail);
  const role = useSession((session) => session.profile?.role);
  const own: readonly string[] = role === 'cooperative' ? pagesOfRole[role] : [];
  const lit = own.includes(page) ? page : area;
  const ownEntry = (name: string): ReactNode => (
    <button
      key={name}
      type="button"
      className={`rail-entry${name === lit ? ' is-active' : ''}`}
      aria-current={name === lit ? 'page' : undefined}
      title={isCollapsed ? t(`area.${name}`) : undefined}
      onClick={() => navigate(name)}
    >
      <span className="rail-icon">{iconsOfRole[name]}</span>
      <span className="rail-name">{t(`area.${name}`)}</span>
    </button>
  );
  const entry = (name: AreaName, at: number): ReactNode => {
    const count = counts?.[name];
    return (
      <button
        key={name}
        type="button"
        className={`rail-entry${name === lit ? ' is-active' : ''}`}
        aria-current={name === lit ? 'page' : undefined}
        aria-keyshortcuts={`Alt+${areaDigit(at)}`}
        title={isCollapsed ? t(`area.${name}`) : undefined}
        onClick={() => navigate(name)}
      >
        <span className="rail-icon">{icons[name]}</span>
        <span className="rail-name">{t(`area.${name}`)}</span>
        {/* Alt is held already: the digit alone leaves room for the name. */}
        <KeyHint keys={areaDigit(at)} whenAltHeld />
        {name === 'today' ? (
          attention > 0 && <span className="rail-badge">{formatCount(attention)}</span>
        ) : count === undefined || count === 0 ? null : (
          <span className="rail-count">{formatCount(count)}</span>
        )}
      </button>
    );
  };
  return (
    <nav className={isCollapsed ? 'rail is-collapsed' : 'rail'} aria-label={t('shell.areas')}>
      <div className="rail-brand">
        <Mark />
        <span className="rail-name">{t('common.app')}</span>
      </div>
      {areas.slice(0, -1).map(entry)}
      {own.map(ownEntry)}
      <div className="rail-space" />
      {entry('settings', areas.length - 1)}
      <button
        type="button"
        className="rail-entry is-quiet"
        onClick={toggleRail}
        title={t('shell.toggleRail')}
        aria-label={t('shell.toggleRail')}
      >
        <span className="rail-icon">{isCollapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}</span>
        <span className="rail-name">{t('shell.collapse')}</span>
      </button>
    </nav>
  );
}

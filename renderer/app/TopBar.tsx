import { SearchOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SyncStatus } from '../../shared/contract/filing.ts';
import { KeyHint } from '../components/KeyHint.tsx';
import { formatCount, formatRecent } from '../i18n/format.ts';
import { useSession } from '../stores/session-store.ts';
import { ClerkButton } from './ClerkButton.tsx';
import { useCommandKey } from './keys.ts';
import { LockButton } from './LockButton.tsx';
import { navigate } from './route-store.ts';
import { enterSimple } from './simple-mode.ts';

/** The connection in words; the lamp only repeats them (UX 8). */
function ConnectionLight({ sync }: { readonly sync: SyncStatus | undefined }) {
  const { t } = useTranslation();
  if (sync === undefined) return null;
  const state = sync.paused ? 'paused' : sync.connection;
  const details = [
    sync.practice ? t('connection.practice') : '',
    sync.queued > 0 ? t('connection.queued', { count: sync.queued, shown: formatCount(sync.queued) }) : '',
  ].filter((text) => text !== '');
  const title =
    sync.lastContactAt === undefined
      ? t('connection.never')
      : t('connection.last', { at: formatRecent(sync.lastContactAt) });
  return (
    <button type="button" className={`connection is-${state}`} title={title} onClick={() => navigate('outbox')}>
      <span className="lamp" aria-hidden="true" />
      <span>{[t(`connection.${state}`), ...details].join(' · ')}</span>
    </button>
  );
}

export interface TopBarProps {
  readonly sync: SyncStatus | undefined;
  readonly onSearch: () => void;
  readonly onSwitch: () => void;
  /** The search box while it is open; it takes the place of its closed self. */
  readonly search: ReactNode;
  readonly switcher: ReactNode;
}

export function TopBar({ sync, onSearch, onSwitch, search, switcher }: TopBarProps) {
  const { t } = useTranslation();
  const commandKey = useCommandKey();
  const profile = useSession((session) => session.profile);
  return (
    <header className="top-bar">
      <div className="top-slot">
        <button type="button" className="book-button" aria-expanded={switcher !== undefined} onClick={onSwitch}>
          <span className="book-colour" style={{ background: profile?.colour }} />
          <span className="book-name" title={profile?.name}>
            {profile?.name}
          </span>
          {profile?.isSample === true ? <span className="book-sample">{t('shell.sample')}</span> : null}
          <KeyHint keys={commandKey('desk.switchBook').key} />
        </button>
        {switcher}
      </div>
      <div className="top-slot is-search">
        {search ?? (
          <button type="button" className="search-button" onClick={onSearch}>
            <SearchOutlined />
            <span>{t('search.placeholder')}</span>
            <KeyHint keys="Ctrl+K" />
          </button>
        )}
      </div>
      <div className="top-space" />
      <ConnectionLight sync={sync} />
      <ClerkButton />
      {profile?.role === 'cooperative' ? (
        <button
          type="button"
          className="link"
          aria-keyshortcuts={commandKey('desk.simple').key}
          title={commandKey('desk.simple').key}
          onClick={enterSimple}
        >
          {commandKey('desk.simple').label}
        </button>
      ) : null}
      <LockButton />
      <span className="top-user">{profile === undefined ? '' : t(`role.${profile.role}`)}</span>
    </header>
  );
}

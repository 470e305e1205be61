import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../shared/contract/contract.ts';
import type { SyncStatus } from '../../shared/contract/filing.ts';
import { KeyHint } from '../components/KeyHint.tsx';
import { formatCount, formatRecent } from '../i18n/format.ts';
import { useNotice } from '../stores/notice-store.ts';
import { useKeyState } from './keys.ts';
import { navigate } from './route-store.ts';

/** Whole months from `yyyy-mm` to now; undefined for text that is no month. */
function monthsOld(asOf: string): number | undefined {
  const match = /(\d{4})-(\d{2})/.exec(asOf);
  if (match === null) return undefined;
  const now = new Date();
  return Math.max(0, (now.getFullYear() - Number(match[1])) * 12 + now.getMonth() + 1 - Number(match[2]));
}

function isOlderThanDays(instant: string, days: number): boolean {
  return Date.now() - new Date(instant).getTime() > days * 86_400_000;
}

export interface StatusBarProps {
  readonly sync: SyncStatus | undefined;
  readonly health: OutputOf<'books.health'> | undefined;
}

export function StatusBar({ sync, health }: StatusBarProps) {
  const { t } = useTranslation();
  const notice = useNotice((state) => state.text);
  const { layers, isAltHeld } = useKeyState();
  const bindings = layers.flatMap((layer) => layer.bindings);
  const isOn = (one: (typeof bindings)[number]): boolean => !('run' in one) || one.isEnabled !== false;
  const main = bindings.filter((one) => one.isMain === true && isOn(one)).slice(-5);
  const every = [...new Map(bindings.filter(isOn).map((one) => [one.key, one])).values()];
  const age = health === undefined ? undefined : monthsOld(health.tables);
  const backup = health?.lastBackupAt;
  return (
    <footer className="status-bar">
      {isAltHeld ? (
        <div className="all-keys" role="note">
          {every.map((one) => (
            <span key={one.key}>
              <KeyHint keys={one.key} />
              {one.label}
            </span>
          ))}
        </div>
      ) : null}
      {sync === undefined ? null : (
        <button type="button" className="status-item" onClick={() => navigate('outbox')}>
          {t('status.queue', {
            queued: formatCount(sync.queued),
            awaiting: formatCount(sync.awaitingReceipt),
            rejected: formatCount(sync.rejected),
          })}
        </button>
      )}
      {health === undefined ? null : (
        <>
          <button type="button" className="status-item" onClick={() => navigate('classification', { tab: 'tables' })}>
            {t('status.tables', { version: health.tables })}
            {age === undefined || age === 0 ? '' : t('status.age', { count: age })}
          </button>
          <span className="status-item">{t('status.rules', { version: health.rules })}</span>
          <span className={`status-item${backup === undefined || isOlderThanDays(backup, 7) ? ' is-warning' : ''}`}>
            {backup === undefined ? t('status.noBackup') : t('status.backup', { at: formatRecent(backup) })}
          </span>
          {health.auditIntact ? null : <span className="status-item is-warning">{t('status.auditBroken')}</span>}
        </>
      )}
      <span className="status-notice" role="status" aria-live="polite">
        {notice}
      </span>
      <span className="status-keys">
        {/* The last first: where they do not all fit, the oldest give way. */}
        {[...main].reverse().map((one) => (
          <span key={one.key}>
            <KeyHint keys={one.key} />
            {one.label}
          </span>
        ))}
      </span>
      <span className="status-all">
        <KeyHint keys="Alt" />
        {t('status.allKeys')}
      </span>
    </footer>
  );
}

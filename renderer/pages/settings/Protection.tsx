import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { idleChoices } from '../../../shared/contract/screen.ts';
import { useCommandKey } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { PassphraseField } from '../../components/PassphraseField.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { lockScreen, refreshLock, useLock } from '../../stores/lock-store.ts';
import { notify } from '../../stores/notice-store.ts';
import { refreshHealth } from '../../stores/refresh-store.ts';
import { IdentityNumbers } from './IdentityNumbers.tsx';

function ChangePassphrase() {
  const { t } = useTranslation();
  const change = useCommand('books.changePassphrase');
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const isShort = next.length < 8;
  const isDifferent = next !== again;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (current === '' || isShort || isDifferent) return;
    const done = await change.run({ current, next });
    if (done === undefined) return;
    setCurrent('');
    setNext('');
    setAgain('');
    setTried(false);
    notify(t('settings.passphrase.changed'));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <Panel isPlain title={t('settings.passphrase.title')}>
      <form
        className="panel-pad"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="muted form-note">{t('settings.passphrase.hint')}</p>
        <div className="form-grid">
          <Field
            id="pass-current"
            label={t('settings.passphrase.current')}
            hint={t('settings.passphrase.currentHint')}
            isRequired
            error={isTried && current === '' ? t('profile.required') : undefined}
          >
            <Input.Password
              id="pass-current"
              autoComplete="off"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          </Field>
          <span />
          <PassphraseField
            id="pass-next"
            label={t('settings.passphrase.next')}
            value={next}
            onChange={setNext}
            showStrength
            hint={t('welcome.passphraseHint')}
            error={isTried && isShort ? t('strength.short') : undefined}
          />
          <PassphraseField
            id="pass-again"
            label={t('welcome.again')}
            value={again}
            onChange={setAgain}
            error={isTried && isDifferent ? t('welcome.different') : undefined}
          />
        </div>
        <ErrorNote error={change.error} />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={change.isRunning}>
            {t('settings.passphrase.change')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** After how many minutes without a hand on the desk the screen locks. */
function ScreenLock() {
  const { t } = useTranslation();
  const key = useCommandKey()('desk.lock').key;
  const minutes = useLock((lock) => lock.screen?.idleMinutes);
  const set = useCommand('screen.setIdle');
  const change = async (next: number): Promise<void> => {
    if ((await set.run({ minutes: next })) === undefined) return;
    await refreshLock();
    notify(t('settings.lock.changed'));
  };
  return (
    <Panel isPlain title={t('settings.lock.title')}>
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.lock.hint', { key })}</p>
        <Field id="lock-idle" label={t('settings.lock.idle')}>
          <Select
            id="lock-idle"
            style={{ width: 220 }}
            value={minutes ?? null}
            onChange={(next: number) => void change(next)}
            options={[...new Set([...idleChoices, ...(minutes === undefined ? [] : [minutes])])].map((value) => ({
              value,
              label: value === 0 ? t('settings.lock.never') : t('settings.lock.minutes', { count: value }),
            }))}
          />
        </Field>
        <ErrorNote error={set.error} />
        <div className="card-actions">
          <Button onClick={() => void lockScreen()}>{t('settings.lock.now')}</Button>
        </div>
      </div>
    </Panel>
  );
}

export function Protection() {
  const { t } = useTranslation();
  const health = useQuery('books.health', {});
  const backup = useCommand('books.backup');
  const automatic = useCommand('books.setBackups');
  const [made, setMade] = useState<{ readonly path: string; readonly verifiedAt: string }>();
  const run = async (): Promise<void> => {
    const done = await backup.run({});
    if (done === undefined) return;
    setMade(done);
    health.reload();
    refreshHealth();
    notify(t('settings.backup.done'));
  };
  const last = health.data?.lastBackupAt;
  return (
    <>
      <Panel isPlain title={t('settings.backup.title')}>
        <div className="panel-pad">
          <p className="muted form-note">{t('settings.backup.hint')}</p>
          <ErrorNote error={health.error ?? backup.error ?? automatic.error} />
          <Facts
            columns={1}
            rows={[
              [t('settings.backup.last'), last === undefined ? t('status.noBackup') : formatInstant(last)],
              ...(made === undefined
                ? []
                : [[t('settings.backup.file'), <Code key="path">{made.path}</Code>] as const]),
              [
                t('settings.audit.title'),
                health.data === undefined ? (
                  ''
                ) : (
                  <ToneTag
                    key="audit"
                    tone={health.data.auditIntact ? 'accepted' : 'rejected'}
                    label={t(health.data.auditIntact ? 'settings.audit.intact' : 'settings.audit.broken', {
                      count: health.data.auditRows,
                      shown: formatCount(health.data.auditRows),
                    })}
                  />
                ),
              ],
            ]}
          />
          <Checkbox
            checked={health.data?.backsUpByItself ?? false}
            disabled={health.data === undefined}
            onChange={async (event) => {
              await automatic.run({ isAutomatic: event.target.checked });
              health.reload();
            }}
          >
            {t('settings.backup.automatic')}
          </Checkbox>
          <div className="card-actions">
            <Button type="primary" loading={backup.isRunning} onClick={() => void run()}>
              {t('settings.backup.now')}
            </Button>
          </div>
        </div>
      </Panel>
      <ScreenLock />
      <ChangePassphrase />
      <IdentityNumbers />
    </>
  );
}

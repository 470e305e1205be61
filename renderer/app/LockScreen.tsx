/** What stands in the window while the screen is locked: whose passphrase is asked for, and nothing of the book. */
import { LockOutlined } from '@ant-design/icons';
import { Button, Input, type InputRef } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { ConfirmInline } from '../components/ConfirmInline.tsx';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { Field } from '../components/Field.tsx';
import { call, useCommand } from '../core-client.ts';
import { refreshLock, useLock } from '../stores/lock-store.ts';
import { Worn } from './Worn.tsx';

/** Counts down to the next try. */
function useWait(seconds: number): number {
  const [left, setLeft] = useState(seconds);
  useEffect(() => {
    setLeft(seconds);
    if (seconds === 0) return undefined;
    const until = Date.now() + seconds * 1000;
    const timer = window.setInterval(() => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1000))), 500);
    return () => window.clearInterval(timer);
  }, [seconds]);
  return left;
}

function LockForm() {
  const { t } = useTranslation();
  const screen = useLock((lock) => lock.screen);
  const unlock = useCommand('screen.unlock');
  const [passphrase, setPassphrase] = useState('');
  const field = useRef<InputRef>(null);
  const wait = useWait(screen?.waitSeconds ?? 0);
  const submit = async (): Promise<void> => {
    if (passphrase === '' || unlock.isRunning || wait > 0) return;
    if ((await unlock.run({ passphrase })) !== undefined) return;
    setPassphrase('');
    await refreshLock();
    field.current?.focus();
  };
  return (
    <main className="lock" data-page="lock">
      <form
        className="lock-card panel"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h1>
          <LockOutlined /> {t('lock.title')}
        </h1>
        <p className="lock-book">
          <span className="book-colour" style={{ background: screen?.colour }} />
          <span>{screen?.name}</span>
        </p>
        <p className="muted">{t('lock.hint')}</p>
        <Field
          id="lock-passphrase"
          label={t('welcome.passphrase')}
          hint={screen?.isSample === true ? t('lock.sample', { passphrase: samplePassphrase }) : undefined}
        >
          <Input.Password
            id="lock-passphrase"
            ref={field}
            autoFocus
            autoComplete="off"
            readOnly={unlock.isRunning}
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
          />
        </Field>
        <ErrorNote error={unlock.error} isInline />
        <div className="lock-actions">
          <Button type="primary" htmlType="submit" loading={unlock.isRunning} disabled={passphrase === '' || wait > 0}>
            {wait > 0 ? t('lock.wait', { seconds: wait }) : t('lock.unlock')}
          </Button>
          <ConfirmInline
            isLink
            isDanger={false}
            label={t('lock.close')}
            question={t('lock.closeHint')}
            confirmLabel={t('lock.close')}
            onConfirm={async () => void (await call('books.close', {}))}
          />
        </div>
      </form>
    </main>
  );
}

/** Drawn beside the desk, in an element of its own: the desk is out of the document meanwhile. */
export function LockScreen() {
  const isLocked = useLock((lock) => lock.isLocked);
  return isLocked ? (
    <Worn>
      <LockForm />
    </Worn>
  ) : null;
}

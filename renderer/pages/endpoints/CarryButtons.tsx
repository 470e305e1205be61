import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen, chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

const files = [{ name: 'Portbook', extensions: ['pbcarry'] }];
const receipts = [{ name: 'Portbook, XML', extensions: ['pbcarry', 'xml'] }];

/** Out to a USB stick and back: the same messages by another way (UX 8), beside the button that sends. */
export function useCarry(): { readonly buttons: React.ReactNode; readonly notice: React.ReactNode } {
  const { t } = useTranslation();
  const out = useCommand('carry.export');
  const back = useCommand('carry.import');
  /** Where to write, while a passphrase is asked for. */
  const [waiting, setWaiting] = useState<GrantedFile | undefined>();
  const [passphrase, setPassphrase] = useState('');

  const write = async (to: GrantedFile, secret?: string): Promise<void> => {
    const done = await out.run({ to: to.token, ...(secret === undefined ? {} : { passphrase: secret }) });
    if (done === undefined) return;
    setWaiting(undefined);
    setPassphrase('');
    notify(
      [
        t('endpoints.carry.done', { count: done.messages, again: formatCount(done.again), file: to.name }),
        ...(done.unfit === 0 ? [] : [t('outbox.leftOut', { count: done.unfit })]),
      ].join('；'),
    );
  };
  const carryOut = async (): Promise<void> => {
    out.clear();
    const to = await chooseSave(
      t('endpoints.carry.purpose'),
      `portbook-${new Date().toISOString().slice(0, 10)}.pbcarry`,
      files,
    );
    if (to === null) return;
    setWaiting(to);
    await write(to);
  };
  const carryIn = async (): Promise<void> => {
    const file = await chooseOpen(t('endpoints.carry.importPurpose'), receipts);
    if (file === null) return;
    const done = await back.run({ file: file.token });
    if (done !== undefined)
      notify(
        [
          t('endpoints.carry.imported', {
            stored: formatCount(done.stored),
            refused: formatCount(done.refused),
            receipts: formatCount(done.receipts),
          }),
          ...(done.disputed === 0 ? [] : [t('endpoints.carry.disputed', { count: done.disputed })]),
        ].join('；'),
      );
  };
  const wantsPassphrase = waiting !== undefined && out.error?.code === 'CARRY_PASSPHRASE_NEEDED';
  return {
    buttons: (
      <>
        <KeyButton label={t('endpoints.carry.export')} isBusy={out.isRunning} onPress={() => void carryOut()} />
        <KeyButton label={t('endpoints.carry.import')} isBusy={back.isRunning} onPress={() => void carryIn()} />
      </>
    ),
    notice: (
      <>
        {wantsPassphrase ? (
          <form
            className="carry-passphrase"
            onSubmit={(event) => {
              event.preventDefault();
              if (passphrase.length >= 10) void write(waiting, passphrase);
            }}
          >
            <label htmlFor="carry-passphrase">{t('endpoints.carry.passphrase')}</label>
            <Input.Password
              id="carry-passphrase"
              autoFocus
              autoComplete="new-password"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
            />
            <Button htmlType="submit" type="primary" loading={out.isRunning} disabled={passphrase.length < 10}>
              {t('endpoints.carry.seal')}
            </Button>
            <Button
              onClick={() => {
                setWaiting(undefined);
                out.clear();
              }}
            >
              {t('common.cancel')}
            </Button>
          </form>
        ) : (
          <ErrorNote error={out.error} onClose={out.clear} />
        )}
        <ErrorNote error={back.error} onClose={back.clear} />
      </>
    ),
  };
}

/** Back from a backup: which one, by date; whose passphrase; what becomes of the book as it is now. */
import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Panel } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatBytes, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

export interface RestoreSource {
  readonly from: InputOf<'books.backups'>['from'];
  /** The book it is of, where that still opens: its name has to be typed. */
  readonly book?: string | undefined;
}

export function RestoreBook({ from, book, onBack }: RestoreSource & { readonly onBack: () => void }) {
  const { t } = useTranslation();
  const list = useQuery('books.backups', { from });
  const restore = useCommand('books.restore');
  const [file, setFile] = useState<string>();
  const [way, setWay] = useState<'passphrase' | 'recoveryKey'>('passphrase');
  const [secret, setSecret] = useState('');
  const [name, setName] = useState('');
  // A chosen folder may hold a book of this computer: the core says so.
  const wanted = restore.error?.code === 'CONFIRM_NAME' ? String(restore.error.params['name']) : book;
  const isReady = file !== undefined && secret !== '' && (wanted === undefined || name === wanted);
  const submit = async (): Promise<void> => {
    if (!isReady || file === undefined || restore.isRunning) return;
    const done = await restore.run({
      ...{ from, file },
      secret: way === 'passphrase' ? { passphrase: secret } : { recoveryKey: secret },
      ...(wanted === undefined ? {} : { confirmName: name }),
    });
    if (done === undefined) return;
    notify(done.keptAt === undefined ? t('restore.done') : t('restore.doneKept', { path: done.keptAt }));
  };
  const field = {
    id: 'restore-secret',
    autoComplete: 'off',
    value: secret,
    onChange: (event: { target: { value: string } }) => setSecret(event.target.value),
  };
  const rows = list.data?.rows ?? [];
  return (
    <form
      className="welcome-form restore"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Panel isPlain title={t('restore.title')}>
        <div className="panel-pad">
          <p className="muted form-note">{t('restore.hint')}</p>
          <ErrorNote error={list.error} />
          {list.data !== undefined && rows.length === 0 ? (
            <EmptyState title={t('restore.none')} hint={t('restore.noneHint')} />
          ) : null}
          <Radio.Group
            className="restore-list"
            aria-label={t('restore.which')}
            value={file}
            onChange={(event) => setFile(String(event.target.value))}
          >
            {rows.map((row) => (
              <Radio key={row.file} value={row.file}>
                {formatInstant(row.at)} <span className="muted">{formatBytes(row.bytes)}</span>
              </Radio>
            ))}
          </Radio.Group>
          {rows.length === 0 || wanted === undefined ? null : (
            <Field id="restore-name" label={t('restore.name')} hint={t('restore.nameHint', { name: wanted })}>
              <Input id="restore-name" value={name} onChange={(event) => setName(event.target.value)} />
            </Field>
          )}
          {rows.length === 0 ? null : (
            <>
              <Field id="restore-secret" label={t(`welcome.${way}`)} hint={t('restore.secretHint')}>
                {way === 'passphrase' ? (
                  <Input.Password key="passphrase" {...field} />
                ) : (
                  <Input key="recovery" className="code" {...field} />
                )}
              </Field>
              <button
                type="button"
                className="link"
                onClick={() => {
                  setWay(way === 'passphrase' ? 'recoveryKey' : 'passphrase');
                  setSecret('');
                }}
              >
                {t(way === 'passphrase' ? 'welcome.useRecovery' : 'welcome.usePassphrase')}
              </button>
            </>
          )}
          <ErrorNote error={restore.error?.code === 'CONFIRM_NAME' ? undefined : restore.error} />
          <div className="card-actions">
            <Button onClick={onBack}>{t('common.back')}</Button>
            <Button type="primary" htmlType="submit" disabled={!isReady} loading={restore.isRunning}>
              {t('restore.now')}
            </Button>
          </div>
        </div>
      </Panel>
    </form>
  );
}

/** The recovery key, shown this once: the only way into the book when the passphrase is forgotten. */
import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';

export function RecoveryKey({
  recoveryKey,
  bookName,
  onKept,
}: {
  readonly recoveryKey: string;
  readonly bookName: string;
  readonly onKept: () => void;
}) {
  const { t } = useTranslation();
  const sheet = useCommand('books.recoverySheet');
  const [isKept, setKept] = useState(false);
  const [savedAs, setSavedAs] = useState<string>();
  const groups = recoveryKey.split('-');
  const save = async (): Promise<void> => {
    const to = await chooseSave(t('recovery.purpose'), t('recovery.fileName', { book: bookName }), [
      { name: 'PDF', extensions: ['pdf'] },
    ]);
    if (to === null) return;
    const done = await sheet.run({ recoveryKey, to: to.token });
    if (done !== undefined) setSavedAs(to.name);
  };
  return (
    <section className="panel welcome-form recovery">
      <header className="panel-head">
        <h2>{t('recovery.title')}</h2>
        <div className="panel-extra">{bookName}</div>
      </header>
      <div className="panel-body panel-pad">
        <p>{t('recovery.what')}</p>
        <p className="muted">{t('recovery.where')}</p>
        <ol className="recovery-groups" aria-label={t('recovery.title')}>
          {groups.map((group, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the groups of one key never change
            <li key={at} className="code">
              {group}
            </li>
          ))}
        </ol>
        <div className="recovery-actions">
          <Button
            type={savedAs === undefined ? 'primary' : 'default'}
            loading={sheet.isRunning}
            onClick={() => void save()}
          >
            {t('recovery.save')}
          </Button>
          <Button onClick={() => window.print()}>{t('common.print')}</Button>
          {savedAs === undefined ? null : <ToneTag tone="accepted" label={t('recovery.saved', { name: savedAs })} />}
        </div>
        <ErrorNote error={sheet.error} />
      </div>
      <footer className="panel-foot form-foot">
        <Checkbox checked={isKept} onChange={(event) => setKept(event.target.checked)}>
          {t('recovery.kept')}
        </Checkbox>
        <Button type="primary" disabled={!isKept} onClick={onKept}>
          {t('recovery.enter')}
        </Button>
      </footer>
    </section>
  );
}

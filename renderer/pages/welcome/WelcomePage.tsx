/** Before a book is open: choose one, make one, or look round in the sample. */
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProfileInput } from '../../../shared/contract/books.ts';
import { samplePassphrase } from '../../../shared/sample-book.ts';
import { useKeys } from '../../app/keys.ts';
import { Mark } from '../../app/Mark.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { useSession } from '../../stores/session-store.ts';
import { useView } from '../../stores/view-store.ts';
import { BookList } from './BookList.tsx';
import { RecoveryKey } from './RecoveryKey.tsx';
import { RestoreBook, type RestoreSource } from './RestoreBook.tsx';

/** Only a new book needs the form and its checks: the list of books must not wait for them. */
const CreateBook = lazy(() => import('./CreateBook.tsx').then((page) => ({ default: page.CreateBook })));

type Step =
  | { readonly name: 'list' }
  | { readonly name: 'create'; readonly role: ProfileInput['role'] }
  | ({ readonly name: 'restore' } & RestoreSource)
  | { readonly name: 'recovery'; readonly key: string; readonly bookName: string };

const roles = ['exporter', 'soleTrader', 'person', 'cooperative', 'broker'] as const;

export function WelcomePage() {
  const { t } = useTranslation();
  const { language, setLanguage } = useView();
  const [step, setStep] = useState<Step>({ name: 'list' });
  const books = useQuery('books.list', {});
  const create = useCommand('books.createSample');
  const open = useCommand('books.open');
  const isPreparing = create.isRunning;
  const openSample = async (): Promise<void> => {
    const there = books.data?.books.find((book) => book.isSample && book.reachable);
    if (there === undefined) await create.run({});
    else await open.run({ bookId: there.id, secret: { passphrase: samplePassphrase } });
  };
  const chooseBackups = async (): Promise<void> => {
    const folder = await window.portbook.chooseDirectory({ purpose: t('restore.fromFolder') });
    if (folder !== null) setStep({ name: 'restore', from: { folder: folder.token } });
  };
  useKeys(
    step.name === 'create' || step.name === 'restore'
      ? [{ key: 'Esc', label: t('common.back'), run: () => setStep({ name: 'list' }), isMain: true }]
      : [],
  );

  return (
    <div className="welcome" data-page="welcome" data-step={step.name}>
      <header className="welcome-head">
        <Mark size={32} />
        <div>
          <h1>{t('common.app')}</h1>
          <p className="muted">{t('welcome.tagline')}</p>
        </div>
        <Button type="text" onClick={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}>
          {t('welcome.otherLanguage')}
        </Button>
      </header>
      {step.name === 'list' ? (
        <div className="welcome-columns">
          <section className="panel">
            <header className="panel-head">
              <h2>{t('welcome.books')}</h2>
            </header>
            <div className="panel-body">
              <BookList
                onRestore={(book) =>
                  setStep({
                    name: 'restore',
                    from: { bookId: book.id },
                    ...(book.reachable ? { book: book.name } : {}),
                  })
                }
              />
              <div className="welcome-restore">
                <Button type="link" onClick={() => void chooseBackups()}>
                  {t('restore.fromFolder')}
                </Button>
              </div>
            </div>
          </section>
          <section className="panel">
            <header className="panel-head">
              <h2>{t('welcome.newBook')}</h2>
            </header>
            <div className="panel-body panel-pad">
              <p className="muted">{t('welcome.whoAreYou')}</p>
              <div className="role-list">
                {roles.map((role) => (
                  <button
                    key={role}
                    type="button"
                    className="role-card"
                    onClick={() => setStep({ name: 'create', role })}
                  >
                    <strong>{t(`role.${role}`)}</strong>
                    <span>{t(`welcome.role.${role}`)}</span>
                  </button>
                ))}
              </div>
              <div className="welcome-sample">
                <div>
                  <strong>{t('welcome.sample')}</strong>
                  <p className="muted">{isPreparing ? t('welcome.sampleRunning') : t('welcome.sampleHint')}</p>
                </div>
                <Button loading={isPreparing || open.isRunning} onClick={() => void openSample()}>
                  {t('welcome.openSample')}
                </Button>
              </div>
              <ErrorNote error={create.error ?? open.error} />
            </div>
          </section>
        </div>
      ) : null}
      {step.name === 'create' ? (
        <Suspense fallback={null}>
          <CreateBook
            role={step.role}
            onRole={(role) => setStep({ name: 'create', role })}
            onBack={() => setStep({ name: 'list' })}
            onCreated={(key, bookName) => setStep({ name: 'recovery', key, bookName })}
          />
        </Suspense>
      ) : null}
      {step.name === 'restore' ? (
        <RestoreBook from={step.from} book={step.book} onBack={() => setStep({ name: 'list' })} />
      ) : null}
      {step.name === 'recovery' ? (
        <RecoveryKey
          recoveryKey={step.key}
          bookName={step.bookName}
          onKept={() => useSession.setState({ isHeld: false })}
        />
      ) : null}
      <footer className="welcome-foot muted">
        <span>{t('welcome.offline')}</span>
        {step.name === 'create' ? (
          <span>
            <KeyHint keys="Enter" /> {t('welcome.keyNext')} <KeyHint keys="Ctrl+Enter" /> {t('welcome.keySubmit')}
          </span>
        ) : null}
      </footer>
    </div>
  );
}

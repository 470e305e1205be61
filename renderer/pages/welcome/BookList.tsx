import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { samplePassphrase } from '../../../shared/sample-book.ts';
import { useWaits } from '../../app/use-waits.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant, formatRecent } from '../../i18n/format.ts';
import type { BookRow } from '../../stores/session-store.ts';
import { useWanted } from '../../stores/wanted-store.ts';

/** Opens a book by passphrase, or by the recovery key when the passphrase is lost. */
function OpenForm({ book }: { readonly book: BookRow }) {
  const { t } = useTranslation();
  const [way, setWay] = useState<'passphrase' | 'recoveryKey'>('passphrase');
  const [secret, setSecret] = useState('');
  const open = useCommand('books.open');
  const submit = async (): Promise<void> => {
    if (secret === '' || open.isRunning) return;
    await open.run({
      bookId: book.id,
      secret: way === 'passphrase' ? { passphrase: secret } : { recoveryKey: secret },
    });
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const id = `open-${book.id}`;
  const field = {
    id,
    autoFocus: true,
    autoComplete: 'off',
    value: secret,
    onChange: (event: { target: { value: string } }) => setSecret(event.target.value),
  };
  return (
    <form
      className="open-form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Field id={id} label={t(`welcome.${way}`)} hint={way === 'recoveryKey' ? t('welcome.recoveryHint') : undefined}>
        {way === 'passphrase' ? (
          <Input.Password key="passphrase" {...field} />
        ) : (
          <Input key="recovery" className="code" {...field} />
        )}
      </Field>
      <ErrorNote error={open.error} isInline />
      <div className="open-actions">
        <Button type="primary" htmlType="submit" loading={open.isRunning} disabled={secret === ''}>
          {t('common.open')}
        </Button>
        <button
          type="button"
          className="link"
          onClick={() => {
            setWay(way === 'passphrase' ? 'recoveryKey' : 'passphrase');
            setSecret('');
            open.clear();
          }}
        >
          {way === 'passphrase' ? t('welcome.useRecovery') : t('welcome.usePassphrase')}
        </button>
      </div>
    </form>
  );
}

/** What waited in a book when it was last closed, and how long ago that was. */
function BookBadges({ book, text }: { readonly book: BookRow; readonly text: string }) {
  const { t } = useTranslation();
  const { summary } = book;
  if (summary === undefined) return null;
  return (
    <p className="book-waits">
      {text === '' ? (
        <span className="muted">{t('welcome.nothingWaits')}</span>
      ) : (
        <ToneTag tone={summary.rejected > 0 ? 'rejected' : 'action'} label={text} />
      )}
      <span className="muted">{t('welcome.waitsAt', { at: formatRecent(summary.at) })}</span>
    </p>
  );
}

export function BookList({ onRestore }: { readonly onRestore: (book: BookRow) => void }) {
  const { t } = useTranslation();
  const list = useQuery('books.list', {});
  const remove = useCommand('books.delete');
  const openSample = useCommand('books.open');
  const switchTo = useCommand('books.switch');
  const waits = useWaits();
  const wanted = useWanted((state) => state.bookId);
  const [chosen, setChosen] = useState<string>();
  const books = list.data?.books ?? [];
  useEffect(() => {
    if (wanted === undefined) return;
    setChosen(wanted);
    useWanted.setState({ bookId: undefined });
  }, [wanted]);
  const only = books.length === 1 ? books[0] : undefined;
  const shown = chosen ?? (only?.reachable === true && !only.isSample ? only.id : undefined);
  const choose = async (book: BookRow): Promise<void> => {
    if (book.isSample) {
      // Its passphrase may have been changed: then it is asked for like any other.
      const opened = await openSample.run({ bookId: book.id, secret: { passphrase: samplePassphrase } });
      if (opened !== undefined) return;
    }
    if (book.isHeld) {
      const opened = await switchTo.run({ bookId: book.id });
      if (opened !== undefined) return;
    }
    setChosen(book.id === shown ? '' : book.id);
  };

  if (list.status === 'loading') return <Skeleton rows={3} />;
  if (list.status === 'failed') return <ErrorNote error={list.error} onRetry={list.reload} />;
  if (books.length === 0) return <EmptyState title={t('welcome.noBooks')} hint={t('welcome.noBooksHint')} />;
  return (
    <>
      <ErrorNote error={remove.error} onClose={remove.clear} />
      <ErrorNote error={switchTo.error} onClose={switchTo.clear} />
      <ul className="book-list">
        {books.map((book) => (
          <li key={book.id} className={book.id === shown ? 'is-open' : undefined}>
            <span className="book-colour" style={{ background: book.colour }} />
            <div className="book-entry">
              <button
                type="button"
                className="book-title"
                disabled={!book.reachable}
                aria-expanded={book.id === shown}
                onClick={() => void choose(book)}
              >
                <strong>{book.name}</strong>
                {book.isSample ? <span className="book-sample">{t('shell.sample')}</span> : null}
                <span className={book.uscc === '' ? 'muted' : 'code muted'}>
                  {book.uscc === '' ? t(`role.${book.role}`) : book.uscc}
                </span>
                <span className="muted">
                  {book.lastOpenedAt === undefined
                    ? t('welcome.neverOpened')
                    : t('welcome.lastOpened', { at: formatInstant(book.lastOpenedAt) })}
                </span>
              </button>
              <BookBadges book={book} text={waits(book.summary)} />
              {book.reachable ? null : (
                <div className="book-missing">
                  <ToneTag tone="action" label={t('welcome.unreachable')} />
                  <span className="code">{book.path}</span>
                </div>
              )}
              {book.id === shown && book.reachable ? <OpenForm book={book} /> : null}
            </div>
            <Button size="small" type="text" onClick={() => onRestore(book)}>
              {t('restore.fromBook')}
            </Button>
            <ConfirmInline
              isSmall
              isLink
              label={t('common.delete')}
              question={book.isSample ? t('welcome.deleteSample') : t('welcome.deleteBook')}
              confirmLabel={t('welcome.deleteNow')}
              {...(book.isSample ? {} : { typeToConfirm: book.name })}
              onConfirm={async () => {
                await remove.run({ bookId: book.id, ...(book.isSample ? {} : { confirmName: book.name }) });
                list.reload();
              }}
            />
          </li>
        ))}
      </ul>
    </>
  );
}

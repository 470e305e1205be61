/** Ctrl+B: the books of this computer. A book other than the open one is opened on the welcome page, which asks for its passphrase. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { call, useQuery } from '../core-client.ts';
import { useSession } from '../stores/session-store.ts';
import { useWanted } from '../stores/wanted-store.ts';
import { useListKeys } from './use-list-keys.ts';

export function BookSwitcher({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const list = useQuery('books.list', {});
  const openId = useSession((session) => session.profile?.bookId);
  const books = list.data?.books ?? [];
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const rows = [
    ...books.map((book) => ({ id: book.id, label: book.name, detail: book.uscc, colour: book.colour })),
    { id: '', label: t('shell.otherBook'), detail: '', colour: 'transparent' },
  ];
  const take = (at: number): void => {
    const row = rows[at];
    onClose();
    if (row === undefined || row.id === openId) return;
    useWanted.setState({ bookId: row.id === '' ? undefined : row.id });
    void call('books.close', {});
  };
  const { at, onKeyDown } = useListKeys(rows.length, take, onClose);
  return (
    <div
      ref={box}
      className="drop-list is-books"
      role="listbox"
      tabIndex={0}
      aria-label={t('shell.switchBook')}
      aria-activedescendant={`book-row-${at}`}
      onKeyDown={onKeyDown}
      onBlur={onClose}
    >
      <ErrorNote error={list.error} />
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the list keeps the focus
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the list's
        <div
          key={row.id}
          id={`book-row-${index}`}
          role="option"
          aria-selected={index === at}
          className={index === at ? 'drop-row is-active' : 'drop-row'}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => take(index)}
        >
          <span className="book-colour" style={{ background: row.colour }} />
          <span className="drop-label">{row.label}</span>
          <span className="drop-detail">{row.id === openId ? t('shell.openNow') : row.detail}</span>
        </div>
      ))}
    </div>
  );
}

/**
 * Ctrl+B: the books of this computer with what waits in each. One that was open before opens at once; another on the welcome page, which
 * asks for its passphrase.
 */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { call, useQuery } from '../core-client.ts';
import { useSession } from '../stores/session-store.ts';
import { useWanted } from '../stores/wanted-store.ts';
import { useListKeys } from './use-list-keys.ts';
import { useWaits } from './use-waits.ts';

export function BookSwitcher({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const list = useQuery('books.list', {});
  const openId = useSession((session) => session.profile?.bookId);
  const books = list.data?.books ?? [];
  const waits = useWaits();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  const rows = [
    ...books.map(({ id, name, uscc, colour, isHeld, summary }) => ({
      ...{ id, label: name, colour, isHeld },
      detail: [waits(summary), uscc].filter((text) => text !== '').join(' · '),
    })),
    { id: '', label: t('shell.otherBook'), detail: '', colour: 'transparent', isHeld: false },
  ];
  const take = (at: number): void => {
    const row = rows[at];
    onClose();
    if (row === undefined || row.id === openId) return;
    useWanted.setState({ bookId: row.id === '' ? undefined : row.id });
    // A key that fails (the file was moved) leaves the open book as it is; the welcome page then says why.
    if (row.isHeld)
      call('books.switch', { bookId: row.id }).then(
        () => useWanted.setState({ bookId: undefined }),
        () => call('books.close', { keepKeys: true }),
      );
    else void call('books.close', { keepKeys: true });
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

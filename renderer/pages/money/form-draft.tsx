/**
 * What was typed into a form and is not saved yet: still there when the page was left, when the core ended, when the book was
 * opened again. Kept in memory alone, as names, amounts and account numbers must not lie outside the sealed book.
 */
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ToneMark } from '../../components/StateTag.tsx';
import { useSession } from '../../stores/session-store.ts';

interface Kept {
  readonly base: string;
  readonly value: unknown;
}
const kept = new Map<string, Kept>();

export interface FormDraft<T extends object> {
  readonly value: T;
  readonly change: (patch: Partial<T>) => void;
  /** It stands as it was typed some time before. */
  readonly isRestored: boolean;
  /** As it was before anything was typed. */
  readonly reset: () => void;
  /** It is saved: nothing is left to keep. */
  readonly done: () => void;
}

/**
 * The state of a form, a flat object, that outlives it.
 *
 * @param form its name within the book; of a stored thing with its id
 * @param start what stands in it before anything is typed
 * @param base what was typed counts for this state of the stored thing only; a new thing has none
 */
export function useFormDraft<T extends object>(form: string, start: T, base = ''): FormDraft<T> {
  const bookId = useSession((session) => session.profile?.bookId ?? '');
  const key = `${bookId} ${form}`;
  const [first] = useState(() => {
    const found = kept.get(key);
    return found?.base === base ? (found.value as T) : undefined;
  });
  const [value, setValue] = useState(first ?? start);
  const [isRestored, setRestored] = useState(first !== undefined);
  const latest = useRef(value);
  const put = (next: T): void => {
    latest.current = next;
    setValue(next);
  };
  return {
    value,
    change: (patch) => {
      put({ ...latest.current, ...patch });
      kept.set(key, { base, value: latest.current });
    },
    isRestored,
    reset: () => {
      kept.delete(key);
      setRestored(false);
      put(start);
    },
    done: () => {
      kept.delete(key);
      setRestored(false);
    },
  };
}

/** Says that the form holds what was typed before, and lets it go. */
export function RestoredNote({ draft }: { readonly draft: Pick<FormDraft<object>, 'isRestored' | 'reset'> }) {
  const { t } = useTranslation();
  if (!draft.isRestored) return null;
  return (
    <div className="restored-note" role="status">
      <ToneMark tone="waiting" /> {t('money.draft.restored')}
      <Button size="small" onClick={draft.reset}>
        {t('money.draft.discard')}
      </Button>
    </div>
  );
}

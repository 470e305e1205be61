/**
 * What was typed into a form and is not saved yet: still there when the form was closed, the page left, the window killed, the book
 * opened again. It is kept in the sealed book, as names, amounts and account numbers must not lie outside it.
 */
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type { DefaultValues, FieldValues, UseFormReturn } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { formDraftOf, keepFormDraft } from '../stores/form-drafts.ts';
import { useSession } from '../stores/session-store.ts';
import { ToneMark } from './StateTag.tsx';
import './form-draft.css';

export interface FormDraft<T extends object> {
  readonly value: T;
  /** Changes fields; a function is given what stands there when it runs, for what comes in later. */
  readonly change: (patch: Partial<T> | ((before: T) => Partial<T>)) => void;
  /** It stands as it was typed some time before. */
  readonly isRestored: boolean;
  /** As it was before anything was typed. */
  readonly reset: () => void;
  /** It is saved: nothing is left to keep. */
  readonly done: () => void;
}

const kindOf = (value: unknown): string => (Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value);

/** The fields that are of the kind the form has now: another version of the desk may have kept others. */
function fitting<T extends object>(start: T, found: object | undefined): Partial<T> | undefined {
  if (found === undefined) return undefined;
  const fits = Object.entries(found).filter(([name, value]) => {
    const now: unknown = Reflect.get(start, name);
    return now === undefined || now === null || kindOf(now) === kindOf(value);
  });
  return fits.length === 0 ? undefined : (Object.fromEntries(fits) as Partial<T>);
}

/** What of it may lie in the book. */
const keptOf = <T extends object>(value: T, unkept: readonly string[]): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !unkept.includes(name))) as Partial<T>;

/** Field by field, in whatever order they stand. */
const isSame = (a: object, b: object): boolean =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].every(
    (name) => JSON.stringify(Reflect.get(a, name)) === JSON.stringify(Reflect.get(b, name)),
  );

/**
 * The state of a form, a flat object of JSON, that outlives it: it lies in the sealed book, and an account somebody typed is as dear as the rest.
 * A password, and what means nothing later, such as the token of a chosen file, belongs into `unkept`.
 *
 * @param form its name within the book; of a stored thing with its id
 * @param start what stands in it before anything is typed
 * @param base what was typed counts for this state of the stored thing only; a new thing has none
 * @param unkept fields that end with the form
 */
export function useFormDraft<T extends object>(
  form: string,
  start: T,
  base = '',
  unkept: readonly (keyof T & string)[] = [],
): FormDraft<T> {
  const bookId = useSession((session) => session.profile?.bookId ?? '');
  const [first] = useState(() => {
    const found = fitting(start, keptOf(formDraftOf(bookId, form, base) ?? {}, unkept));
    return found === undefined ? undefined : { ...start, ...found };
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
      put({ ...latest.current, ...(typeof patch === 'function' ? patch(latest.current) : patch) });
      // Typed and taken back again is nothing to keep.
      const now = keptOf(latest.current, unkept);
      keepFormDraft(bookId, form, isSame(now, keptOf(start, unkept)) ? undefined : { base, value: now });
    },
    isRestored,
    reset: () => {
      keepFormDraft(bookId, form, undefined);
      setRestored(false);
      put(start);
    },
    done: () => {
      keepFormDraft(bookId, form, undefined);
      setRestored(false);
    },
  };
}

/**
 * The same for a form whose state is react-hook-form's: what was typed is put back once, and kept with every change.
 *
 * @param start what stands in it before anything is typed; the form's default values
 */
export function useHookFormDraft<T extends FieldValues>(
  { reset, subscribe }: Pick<UseFormReturn<T>, 'reset' | 'subscribe'>,
  form: string,
  start: T,
  base = '',
): Pick<FormDraft<T>, 'isRestored' | 'reset' | 'done'> {
  const bookId = useSession((session) => session.profile?.bookId ?? '');
  const [found] = useState(() => fitting(start, formDraftOf(bookId, form, base) ?? {}));
  const [isRestored, setRestored] = useState(found !== undefined);
  const given = useRef({ start, base });
  given.current = { start, base };
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was kept is put back once, when the form opens
  useEffect(() => {
    if (found !== undefined) reset({ ...start, ...found }, { keepDefaultValues: true });
  }, []);
  useEffect(
    () =>
      subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          const now = given.current;
          keepFormDraft(bookId, form, isSame(values, now.start) ? undefined : { base: now.base, value: values });
        },
      }),
    [subscribe, bookId, form],
  );
  return {
    isRestored,
    reset: () => {
      reset(start as unknown as DefaultValues<T>);
      keepFormDraft(bookId, form, undefined);
      setRestored(false);
    },
    done: () => {
      keepFormDraft(bookId, form, undefined);
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
      <ToneMark tone="waiting" /> {t('common.draft.restored')}
      <Button size="small" onClick={draft.reset}>
        {t('common.draft.discard')}
      </Button>
    </div>
  );
}

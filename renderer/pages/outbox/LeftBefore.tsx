/** A book brought back from a backup: what is not known of its drafts, and what a person says of each. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { DocumentDetail } from '../declarations/use-document.ts';

type Said = InputOf<'documents.sayLeft'>;

const bothWords = ['left', 'never'] as const;

/** Says so of one document or of all of a filter, and tells of how many. */
function useSayLeft(onSaid?: () => void) {
  const { t } = useTranslation();
  const say = useCommand('documents.sayLeft');
  return {
    error: <ErrorNote error={say.error} onClose={say.clear} />,
    run: async (input: Said): Promise<void> => {
      const done = await say.run(input);
      if (done === undefined) return;
      notify(t(`leftBefore.said.${input.word}`, { count: done.documents }));
      onSaid?.();
    },
  };
}

/** The answers, each asked for once more. */
function Answers({
  words,
  what,
  count,
  onSay,
}: {
  readonly words: readonly Said['word'][];
  readonly what: 'one' | 'all';
  readonly count: number;
  readonly onSay: (word: Said['word']) => Promise<void>;
}) {
  const { t } = useTranslation();
  return words.map((word) => (
    <ConfirmInline
      key={word}
      isSmall
      isDanger={false}
      label={t(`leftBefore.${word}.${what}`, { count })}
      question={t(`leftBefore.${word}.ask`, { count })}
      confirmLabel={t('common.confirm')}
      onConfirm={() => onSay(word)}
    />
  ));
}

/**
 * That the book was brought back, which endpoints have yet to tell what left for them, and how many drafts only a person can say of.
 * @param shown the documents that the list beside it shows, where it shows nothing but those asked about
 */
export function RestoredNotice({
  shown,
}: {
  readonly shown?: { readonly filter: Omit<Said, 'word'>; readonly total: number };
}) {
  const { t } = useTranslation();
  const { restored } = useQuery('sync.status', {}, { areas: ['sync', 'documents'] }).data ?? {};
  const say = useSayLeft();
  if (restored === undefined || (restored.unheard.length === 0 && restored.asked.length === 0)) return null;
  // Who has yet to tell may spare its user the question.
  const open = restored.unheard.length === 0 || shown !== undefined ? restored.asked : [];
  const asked = open.reduce((sum, { documents }) => sum + documents, 0);
  return (
    <>
      <div className="page-note" role="status">
        <ToneMark tone="action" />
        <span className="note-text">
          {t('leftBefore.book', { at: formatInstant(restored.at), copiedAt: formatInstant(restored.copiedAt) })}
          {restored.unheard.length === 0
            ? ''
            : ` ${t('leftBefore.unheard', { names: restored.unheard.join(t('leftBefore.comma')) })}`}
          {asked === 0 ? '' : ` ${t('leftBefore.asked', { count: asked })}`}
        </span>
        <span className="note-buttons">
          {open.map(({ kind, documents }) => (
            <Button key={kind} size="small" onClick={() => navigate('declarations', { kind, asked: 1 })}>
              {t(`messageKind.${kind}`, { defaultValue: kind })} {formatCount(documents)}
            </Button>
          ))}
          {shown === undefined || shown.total === 0 ? null : (
            <Answers
              words={bothWords}
              what="all"
              count={shown.total}
              onSay={(word) => say.run({ ...shown.filter, word })}
            />
          )}
        </span>
      </div>
      {say.error}
    </>
  );
}

/** Of one document: whether it left before the book was brought back, or that a person said it did. */
export function LeftBeforeNote({
  document,
  onSaid,
}: {
  readonly document: DocumentDetail;
  readonly onSaid: () => void;
}) {
  const { t } = useTranslation();
  const say = useSayLeft(onSaid);
  const { id, leftBefore, state } = document;
  if (leftBefore === undefined) return null;
  // What was said to have left may be taken back while no receipt has spoken of it.
  const open = leftBefore === 'asked' ? bothWords : state === 'sent' ? (['never'] as const) : [];
  return (
    <>
      <p className="document-note is-action">
        <ToneMark tone="action" />
        <span className="note-text">{t(`leftBefore.note.${leftBefore}`)}</span>
        <Answers words={open} what="one" count={1} onSay={(word) => say.run({ id, word })} />
      </p>
      {say.error}
    </>
  );
}

/** 复核 of one document: its maker, what the checker found at which field, approval, reopening with the reason. */
import { Button, Input, Select } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import './broker.css';

type Mark = OutputOf<'review.get'>['marks'][number];

interface Props {
  readonly id: number;
  readonly isOpen: boolean;
  /** Every field of the document, for a mark; asked for when one is about to be put. */
  readonly paths: () => readonly string[];
  readonly labelOf: (path: string) => string;
  readonly onJump: (path: string) => void;
}

export function ReviewSection({ id, isOpen, paths, labelOf, onJump }: Props) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const review = useQuery('review.get', { id }, { areas: ['documents', 'sync'] });
  const approve = useCommand('review.approve');
  const reopen = useCommand('review.reopen');
  const mark = useCommand('review.mark');
  const resolve = useCommand('review.resolve');
  const claim = useCommand('review.claim');
  const [form, setForm] = useState<{ kind: 'mark'; path: string } | { kind: 'reopen' }>();
  const lastPath = useLastPath();
  const data = review.data;
  const canMark = isOpen && data !== undefined && data.approval === undefined && data.current !== undefined;
  const canApprove = isOpen && data !== undefined && data.obstacle === undefined;
  /** Whether it was done. */
  const run = async (work: Promise<unknown>, said: string): Promise<boolean> => {
    if ((await work) === undefined) return false;
    setForm(undefined);
    notify(said);
    review.reload();
    return true;
  };
  const placeOf = (path: string): string => (path === '' ? t('broker.review.whole') : labelOf(path));
  const pass = (): void => void run(approve.run({ ids: [id] }), t('broker.review.approvedDone', { n: 1 }));
  const startMark = (): void => setForm({ kind: 'mark', path: lastPath.current });
  const isShown = data !== undefined && (data.isRequired || data.marks.length > 0 || data.approval !== undefined);
  useKeys(
    isShown
      ? [
          { key: 'Ctrl+Alt+M', label: t('broker.review.mark'), run: startMark, isEnabled: canMark },
          { key: 'Ctrl+Alt+Enter', label: t('broker.review.approve'), run: pass, isEnabled: canApprove },
        ]
      : [],
  );
  if (data === undefined) return <ErrorNote error={review.error} onRetry={review.reload} isInline />;
  if (!isShown) return null;
  const { approval, obstacle, maker, marks } = data;
  const why = obstacle === undefined || obstacle.code === 'DOCUMENT_APPROVED' ? undefined : textOf(obstacle);
  const error = [approve, reopen, mark, resolve, claim].find((command) => command.error !== undefined)?.error;
  return (
    <DetailSection title={t('broker.review.title')}>
      <p className="review-bar">
        <span>{t('broker.review.makerIs', { name: maker || t('broker.nobody') })}</span>
        {approval === undefined ? null : (
          <ToneTag
            tone="accepted"
            label={t('broker.review.approvedBy', { name: approval.by, at: formatInstant(approval.at) })}
          />
        )}
        {approval !== undefined && isOpen ? (
          <Button size="small" onClick={() => setForm({ kind: 'reopen' })}>
            {t('broker.review.reopen')}
          </Button>
        ) : null}
        {canApprove ? (
          <Button size="small" type="primary" loading={approve.isRunning} onClick={pass}>
            {t('broker.review.approve')}
          </Button>
        ) : null}
        {canMark ? (
          <Button size="small" onClick={startMark}>
            {t('broker.review.mark')}
          </Button>
        ) : null}
        {isOpen && obstacle?.code === 'REVIEW_MAKER_UNKNOWN' ? (
          <Button
            size="small"
            loading={claim.isRunning}
            onClick={() => void run(claim.run({ ids: [id] }), t('broker.review.claimedDone', { n: 1 }))}
          >
            {t('broker.review.claim')}
          </Button>
        ) : null}
        {isOpen && why !== undefined ? <span className="muted">{`${why.why} ${why.remedy}`}</span> : null}
      </p>
      <ErrorNote error={error} isInline />
      {form?.kind === 'reopen' ? (
        <TextForm
          name={`review reopen ${id}`}
          label={t('broker.reason')}
          action={t('broker.review.reopen')}
          onClose={() => setForm(undefined)}
          onDone={(reason) => run(reopen.run({ id, reason }), t('broker.review.reopened'))}
        />
      ) : null}
      {form?.kind === 'mark' ? (
        <TextForm
          name={`review mark ${id}`}
          label={t('broker.review.comment')}
          action={t('broker.review.mark')}
          onClose={() => setForm(undefined)}
          onDone={(comment) =>
            run(mark.run({ id, path: form.path, comment }), t('broker.review.marked', { field: placeOf(form.path) }))
          }
        >
          <Field id="review-path" label={t('broker.review.place')}>
            <Select
              id="review-path"
              showSearch
              optionFilterProp="label"
              value={form.path}
              onChange={(path: string) => setForm({ kind: 'mark', path })}
              options={[
                { value: '', label: t('broker.review.whole') },
                ...paths().map((path) => ({ value: path, label: labelOf(path) })),
              ]}
            />
          </Field>
        </TextForm>
      ) : null}
      <ul className="review-marks">
        {marks.map((one) => (
          <MarkRow
            key={one.id}
            mark={one}
            label={placeOf(one.path)}
            canResolve={isOpen && approval === undefined && data.current !== undefined}
            onJump={onJump}
            onResolve={(isResolved, answer) =>
              run(
                resolve.run({ markId: one.id, isResolved, answer }),
                t(isResolved ? 'broker.review.settled' : 'broker.review.unsettled'),
              )
            }
          />
        ))}
      </ul>
    </DetailSection>
  );
}

/** The field of the document that had the cursor last, so that a mark goes where one was looking. */
function useLastPath(): { readonly current: string } {
  const path = useRef('');
  useEffect(() => {
    const look = (event: FocusEvent): void => {
      const found = event.target instanceof HTMLElement ? event.target.closest('[data-path]') : null;
      path.current = found instanceof HTMLElement ? (found.dataset['path'] ?? path.current) : path.current;
    };
    document.addEventListener('focusin', look);
    return () => document.removeEventListener('focusin', look);
  }, []);
  return path;
}

interface TextFormProps {
  /** Of what was typed and not sent. */
  readonly name: string;
  readonly label: string;
  readonly action: string;
  readonly onDone: (text: string) => Promise<boolean>;
  readonly onClose: () => void;
  readonly children?: React.ReactNode;
}

function TextForm({ name, label, action, onDone, onClose, children }: TextFormProps) {
  const { t } = useTranslation();
  const form = useFormDraft(name, { text: '' });
  const { text } = form.value;
  const done = async (): Promise<void> => {
    if (text.trim() !== '' && (await onDone(text.trim()))) form.done();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.target instanceof HTMLInputElement)) void done();
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the form inside
    <div className="review-form" onKeyDown={onKeyDown}>
      <RestoredNote draft={form} />
      {children}
      <Field id="review-text" label={label} isRequired>
        <Input
          id="review-text"
          autoFocus
          value={text}
          maxLength={500}
          onChange={(event) => form.change({ text: event.target.value })}
        />
      </Field>
      <div className="review-form-foot">
        <Button size="small" type="primary" disabled={text.trim() === ''} onClick={() => void done()}>
          {action}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  );
}

interface MarkRowProps {
  readonly mark: Mark;
  readonly label: string;
  readonly canResolve: boolean;
  readonly onJump: (path: string) => void;
  readonly onResolve: (isResolved: boolean, answer: string) => Promise<boolean>;
}

function MarkRow({ mark, label, canResolve, onJump, onResolve }: MarkRowProps) {
  const { t } = useTranslation();
  const form = useFormDraft(`review answer ${mark.id}`, { answer: '' });
  const { answer } = form.value;
  const isSettled = mark.resolvedAt !== undefined;
  return (
    <li className={isSettled ? 'review-mark is-settled' : 'review-mark'}>
      <ToneTag
        tone={isSettled ? 'accepted' : 'rejected'}
        label={t(isSettled ? 'broker.review.isSettled' : 'broker.review.isMarked')}
      />
      {mark.path === '' ? (
        <span>{label}</span>
      ) : (
        <button type="button" className="link" onClick={() => onJump(mark.path)}>
          {label}
        </button>
      )}
      <span className="review-comment">
        {mark.comment} <span className="muted">{`${mark.by} ${formatRecent(mark.at)}`}</span>
        {isSettled ? (
          <span className="muted">
            {' '}
            → {mark.answer} {mark.resolvedBy} {formatRecent(mark.resolvedAt ?? '')}
          </span>
        ) : null}
      </span>
      {canResolve && !isSettled ? (
        <>
          <Input
            size="small"
            style={{ width: 160 }}
            aria-label={t('broker.review.answer')}
            placeholder={t('broker.review.answer')}
            value={answer}
            maxLength={500}
            onChange={(event) => form.change({ answer: event.target.value })}
          />
          <Button
            size="small"
            onClick={async () => {
              if (await onResolve(true, answer)) form.done();
            }}
          >
            {t('broker.review.settle')}
          </Button>
        </>
      ) : null}
      {canResolve && isSettled ? (
        <Button size="small" type="link" onClick={() => void onResolve(false, '')}>
          {t('broker.review.unsettle')}
        </Button>
      ) : null}
    </li>
  );
}

/** Forms of a record or report: which there are and how far, and the next one to draft. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Subject = InputOf<'filings.list'>['subject'];

export function FormActions({
  subject,
  isDraftedElsewhere = false,
  children,
}: {
  readonly subject: Subject;
  /** The page has a button of its own for drafting. */
  readonly isDraftedElsewhere?: boolean;
  readonly children?: ReactNode;
}) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const forms = useQuery('filings.list', { subject }, { areas: ['documents', 'money', 'sync'] });
  const draft = useCommand('filings.draft');
  const live = (forms.data?.rows ?? []).filter(({ state }) => state !== 'superseded' && state !== 'withdrawn');
  const last = live.at(-1);
  const isOpen = last?.state === 'draft' || last?.state === 'checked';
  const isAccepted = last?.state === 'accepted';
  const canDraft =
    last === undefined || (isOpen && last.stale) || (isAccepted && last.stale) || last.state === 'rejected';
  const make = async (): Promise<void> => {
    const answer = await draft.run({ subjects: [subject] });
    if (answer === undefined) return;
    const [made] = answer.documents;
    const [refused] = answer.refused;
    if (made !== undefined) {
      notify(t('evidence.actions.drafted', { number: made.businessKey }));
      navigate('document', { id: made.id, kind: made.kind });
    } else if (refused !== undefined) notify(errorText(refused).what);
  };
  const label = isAccepted
    ? t('evidence.actions.change')
    : isOpen
      ? t('evidence.actions.redraw')
      : t(subject.kind === 'money-record' ? 'evidence.actions.declare' : 'evidence.actions.report');
  return (
    <DetailSection title={t('evidence.actions.title')}>
      <ul className="detail-list is-row">
        {last === undefined ? <li className="muted">{t('evidence.actions.none')}</li> : null}
        {live.map((form) => (
          <li key={form.id}>
            <button
              type="button"
              className="link"
              onClick={() => navigate('document', { id: form.id, kind: form.kind })}
            >
              {t(`messageKind.${form.kind}`)} {t('evidence.actions.version', { n: form.version })}
            </button>{' '}
            <StateTag kind="document" state={form.state} />
            {form.stale ? <ToneTag tone="action" label={t('evidence.actions.stale')} /> : null}
          </li>
        ))}
      </ul>
      <p className="form-actions">
        {canDraft && !isDraftedElsewhere ? (
          <Button size="small" loading={draft.isRunning} onClick={() => void make()}>
            {label}
          </Button>
        ) : null}
        {children}
      </p>
      <ErrorNote error={draft.error ?? forms.error} isInline />
    </DetailSection>
  );
}

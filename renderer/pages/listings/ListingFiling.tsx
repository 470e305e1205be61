/** What is made of a listing: its product sheet, its filing, what was filed before. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, useJob, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Listing = OutputOf<'listings.get'>;

/** Product sheet, filing and what was filed before. */
export function ListingFiling({
  listing,
  onSave,
}: {
  readonly listing: Listing;
  readonly onSave: () => Promise<boolean>;
}) {
  const { t, i18n } = useTranslation();
  const errorText = useErrorText();
  const { id, number, acceptNo, acceptedOn, filing } = listing;
  const subject = { kind: 'listing', id } as const;
  const history = useQuery('filings.list', { subject }, { areas: ['documents', 'sync'] });
  const draft = useCommand('filings.draft');
  const queue = useCommand('documents.queue');
  const withdraw = useCommand('listings.withdraw');
  const print = useJob('listings.print');
  const workbook = useJob('listings.export');
  const [problems, setProblems] = useState(0);
  const rows = history.data?.rows ?? [];
  const last = rows.at(-1);
  const make = async (): Promise<void> => {
    if (!(await onSave())) return;
    const answer = await draft.run({ subjects: [subject] });
    const [refused] = answer?.refused ?? [];
    if (refused !== undefined) notify(errorText(refused).what);
    const [made] = answer?.documents ?? [];
    if (made === undefined) return;
    const { findings } = await call('documents.get', { id: made.id });
    setProblems(findings.filter(({ level }) => level === 'reject').length);
    notify(t('listings.drafted', { number: made.businessKey }));
  };
  const send = async (documentId: number): Promise<void> => {
    if ((await queue.run({ kind: 'PLAT201Message', caseOf: documentId })) !== undefined) notify(t('listings.queued'));
  };
  const write = async (kind: 'pdf' | 'xlsx'): Promise<void> => {
    // What stands on the screen is what the sheet shows.
    if (!(await onSave())) return;
    const to = await chooseSave(t('listings.sheet'), `${number}.${kind}`, [
      { name: kind.toUpperCase(), extensions: [kind] },
    ]);
    if (to === null) return;
    const done =
      kind === 'pdf'
        ? await print.start({ id, to: to.token, language: 'both' })
        : await workbook.start({ id, to: to.token });
    if (done !== undefined) notify(t('listings.written', { name: to.name }));
  };
  const isWritable = filing === null || filing.stale || ['draft', 'checked', 'rejected'].includes(filing.state);
  return (
    <>
      <DetailSection title={t('listings.sheet')}>
        <p className="form-actions panel-pad">
          <Button id="listing-print" loading={print.status === 'running'} onClick={() => void write('pdf')}>
            {t('listings.print')}
          </Button>
          <Button id="listing-export" loading={workbook.status === 'running'} onClick={() => void write('xlsx')}>
            {t('listings.export')}
          </Button>
        </p>
        <ErrorNote error={print.error ?? workbook.error} isInline />
      </DetailSection>
      <DetailSection title={t('listings.step.filing')}>
        {acceptNo === null ? null : (
          <p className="panel-pad">{t('listings.accepted', { date: acceptedOn ?? '', number: acceptNo })}</p>
        )}
        {problems === 0 ? null : (
          <p className="panel-pad">
            <ToneTag tone="rejected" label={t('listings.problems', { n: problems })} />
          </p>
        )}
        <p className="form-actions panel-pad">
          {listing.state === 'open' && isWritable ? (
            <Button id="listing-draft" loading={draft.isRunning} onClick={() => void make()}>
              {t('listings.draft')}
            </Button>
          ) : null}
          {last?.state === 'checked' && !last.stale ? (
            <Button id="listing-queue" type="primary" loading={queue.isRunning} onClick={() => void send(last.id)}>
              {t('listings.queue')}
            </Button>
          ) : null}
          {listing.state === 'open' ? (
            <ConfirmInline
              isSmall
              label={t('listings.withdraw')}
              question={t('listings.withdrawAsk')}
              confirmLabel={t('listings.withdraw')}
              onConfirm={async () => {
                const done = await withdraw.run({ id, reason: t('listings.withdrawReason') });
                if (done !== undefined) notify(t(done.filed ? 'listings.withdrawFiled' : 'listings.withdrawDone'));
              }}
            />
          ) : null}
        </p>
        <ErrorNote error={draft.error ?? queue.error ?? withdraw.error ?? history.error} isInline />
        <ul className="plain-list listing-list">
          {rows.map((row) => (
            <li key={row.id} lang={i18n.language}>
              <button
                type="button"
                className="link"
                onClick={() => navigate('document', { id: row.id, kind: row.kind })}
              >
                {t('listings.version', { n: row.version })} {t(`listings.appType.${row.appType}`)}
              </button>{' '}
              <StateTag kind="document" state={row.state} /> {row.platformNo ?? ''}{' '}
              <span className="muted">{row.statusInfo ?? ''}</span>
            </li>
          ))}
          {rows.length === 0 ? <li className="muted">{t('listings.noHistory')}</li> : null}
        </ul>
      </DetailSection>
    </>
  );
}

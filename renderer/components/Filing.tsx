/** What is filed with the platform without an order (registration, statistics, pledge): made, looked at, printed, queued; what was filed before. */
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../shared/contract/contract.ts';
import type { ContractError } from '../../shared/contract/operation.ts';
import { navigate } from '../app/route-store.ts';
import { call, useCommand, useQuery } from '../core-client.ts';
import { notify } from '../stores/notice-store.ts';
import { ErrorNote, useErrorText } from './ErrorNote.tsx';
import { chooseSave } from './FilePicker.tsx';
import { StateTag, ToneTag } from './StateTag.tsx';

type Subject = InputOf<'filings.draft'>['subjects'][number];
type Filed = OutputOf<'filings.list'>['rows'][number];

/** The filings of a subject, the latest last. */
export function useFilings(subject: Subject) {
  return useQuery('filings.list', { subject }, { areas: ['documents', 'sync', 'tax'] });
}

export interface FilingActionsProps {
  readonly subject: Subject;
  /** The message that files it. */
  readonly message: InputOf<'documents.queue'>['kind'];
  readonly filings: ReturnType<typeof useFilings>;
  /** Where its own words for these actions stand. */
  readonly words: 'registrations' | 'statistics.report' | 'credit.pledge';
  /** Id of the button that makes the form. */
  readonly buttonId: string;
  readonly accepted: { readonly no: string | null; readonly on: string | null };
  readonly canDraft: boolean;
  /** Its number, the name of the printed file; left out: printed elsewhere. */
  readonly printAs?: string;
  /** What has to be done before the form is made; false: it could not be. */
  readonly before?: () => Promise<boolean>;
  /** Taking it back. */
  readonly children?: ReactNode;
  /** What else went wrong. */
  readonly error: ContractError | undefined;
}

export function FilingActions({
  subject,
  message,
  filings,
  words,
  buttonId,
  accepted,
  canDraft,
  printAs,
  before,
  children,
  error,
}: FilingActionsProps) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const draft = useCommand('filings.draft');
  const print = useCommand('filings.print');
  const queue = useCommand('documents.queue');
  const [problems, setProblems] = useState(0);
  const last = filings.data?.rows.at(-1);
  const make = async (): Promise<void> => {
    if (before !== undefined && !(await before())) return;
    const answer = await draft.run({ subjects: [subject] });
    const [made] = answer?.documents ?? [];
    const [refused] = answer?.refused ?? [];
    if (refused !== undefined) notify(errorText(refused).what);
    if (made === undefined) return;
    notify(t(`${words}.drafted`, { number: made.businessKey }));
    const { findings } = await call('documents.get', { id: made.id });
    setProblems(findings.filter(({ level }) => level === 'reject').length);
  };
  const write = async (documentId: number, name: string): Promise<void> => {
    const to = await chooseSave(t(`${words}.print`), `${name}.pdf`, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (to === null) return;
    if ((await print.run({ documentId, out: to.token })) !== undefined)
      notify(t(`${words}.printed`, { name: to.name }));
  };
  const send = async (documentId: number): Promise<void> => {
    if ((await queue.run({ kind: message, caseOf: documentId })) !== undefined) notify(t(`${words}.queued`));
  };
  return (
    <div className="panel-pad">
      {accepted.no === null ? null : <p>{t(`${words}.accepted`, { date: accepted.on ?? '', number: accepted.no })}</p>}
      {problems === 0 ? null : (
        <p>
          <ToneTag tone="rejected" label={t(`${words}.problems`, { n: problems })} />
        </p>
      )}
      <p className="form-actions">
        {canDraft ? (
          <Button id={buttonId} loading={draft.isRunning} onClick={() => void make()}>
            {t(`${words}.draft`)}
          </Button>
        ) : null}
        {last === undefined ? null : (
          <Button onClick={() => navigate('document', { id: last.id, kind: last.kind })}>{t(`${words}.look`)}</Button>
        )}
        {last === undefined || printAs === undefined ? null : (
          <Button loading={print.isRunning} onClick={() => void write(last.id, printAs)}>
            {t(`${words}.print`)}
          </Button>
        )}
        {last?.state === 'checked' && !last.stale ? (
          <Button type="primary" loading={queue.isRunning} onClick={() => void send(last.id)}>
            {t(`${words}.queue`)}
          </Button>
        ) : null}
        {children}
      </p>
      <ErrorNote error={draft.error ?? print.error ?? queue.error ?? error ?? filings.error} isInline />
    </div>
  );
}

/** Every form that was filed, each a way to its document. */
export function FilingHistory({ rows }: { readonly rows: readonly Filed[] }) {
  const { t } = useTranslation();
  return (
    <ul className="plain-list panel-pad">
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" className="link" onClick={() => navigate('document', { id: row.id, kind: row.kind })}>
            {t('registrations.version', { n: row.version })} {t(`registrations.appType.${row.appType}`)}
          </button>{' '}
          <StateTag kind="document" state={row.state} /> {row.platformNo ?? ''}{' '}
          <span className="muted">{row.statusInfo ?? ''}</span>
        </li>
      ))}
    </ul>
  );
}

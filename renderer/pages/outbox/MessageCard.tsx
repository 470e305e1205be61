/** One message: why it is where it is, what it waits for, what happened, and the receipts as they came. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { findingText } from '../../components/FindingList.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatBytes, formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { SignatureFacts } from './SignCard.tsx';
import { type Message, troubleText, whyText } from './why.ts';

type Detail = OutputOf<'outbox.get'>;
const SHOWN = 12;

function Timeline({ entries }: { readonly entries: Detail['timeline'] }) {
  const { t } = useTranslation();
  return (
    <table className="outbox-table">
      <caption>{t('outbox.timeline')}</caption>
      <tbody>
        {entries.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
          <tr key={index}>
            <td>{formatInstant(one.at, true)}</td>
            <td>{t(`outbox.event.${one.event}`, { defaultValue: one.event })}</td>
            <td className="is-wide">
              {typeof one.detail['error'] === 'string' ? troubleText(t, one.detail['error']) : ''}
              {typeof one.detail['messages'] === 'number'
                ? t('outbox.intoMessages', { count: one.detail['messages'] })
                : ''}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The text of a receipt, read only when it is asked for. */
function RawReceipt({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const raw = useQuery('outbox.receipt', { id });
  if (raw.data === undefined) return <ErrorNote error={raw.error} isInline />;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reachable by keyboard */}
      <section className="outbox-raw" tabIndex={0} aria-label={t('outbox.raw')}>
        <pre>{raw.data.text}</pre>
      </section>
      {raw.data.isWhole ? null : <p className="muted">{t('outbox.rawCut')}</p>}
    </>
  );
}

function Receipts({ detail }: { readonly detail: Detail }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<number>();
  if (detail.receiptCount === 0) return <p className="muted">{t('outbox.noReceipts')}</p>;
  return (
    <table className="outbox-table">
      <caption>{t('outbox.receipts', { count: detail.receiptCount, shown: formatCount(detail.receiptCount) })}</caption>
      <tbody>
        {detail.receipts.map((one) => (
          <tr key={one.id}>
            <td>{formatInstant(one.receivedAt, true)}</td>
            <td className={one.state === 'parked' ? 'tone-action' : undefined}>
              {t(`outbox.receiptState.${one.state}`)}
              {one.problem === undefined ? '' : `${t('entry.colon')}${troubleText(t, one.problem)}`}
            </td>
            <td className="is-wide">
              <button
                type="button"
                className="link"
                aria-expanded={open === one.id}
                onClick={() => setOpen(open === one.id ? undefined : one.id)}
              >
                {t(open === one.id ? 'outbox.hideRaw' : 'outbox.showRaw')} {formatBytes(one.bytes)}
              </button>
              {open === one.id ? <RawReceipt id={one.id} /> : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Documents({
  title,
  documents,
}: {
  readonly title: string;
  readonly documents: readonly (Detail['contents'][number] & { readonly seq?: number | undefined })[];
}) {
  const { t } = useTranslation();
  const [isAll, setAll] = useState(false);
  if (documents.length === 0) return null;
  const shown = isAll ? documents : documents.slice(0, SHOWN);
  return (
    <table className="outbox-table">
      <caption>{title}</caption>
      <tbody>
        {shown.map((one) => (
          <tr key={one.id}>
            <td className="outbox-kind">{t(`messageKind.${one.kind}`, { defaultValue: one.kind })}</td>
            <td>
              <button type="button" className="link code" onClick={() => navigate('declaration', { id: one.id })}>
                {one.businessKey}
              </button>
            </td>
            <td className="is-wide">
              <StateTag kind="document" state={one.state} />
              {one.seq === undefined ? '' : ` ${t('outbox.messageNo', { seq: one.seq })}`}
            </td>
          </tr>
        ))}
        {documents.length > shown.length ? (
          <tr>
            <td colSpan={3}>
              <button type="button" className="link" onClick={() => setAll(true)}>
                {t('outbox.showAll', { count: documents.length, shown: formatCount(documents.length) })}
              </button>
            </td>
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

/** Why a message no longer passes the check, by document. */
function Findings({ findings }: { readonly findings: Detail['findings'] }) {
  const { t } = useTranslation();
  if (findings.length === 0) return null;
  return (
    <>
      <p>{t('outbox.unfit')}</p>
      <table className="outbox-table">
        <tbody>
          {findings.map((finding) => {
            const { documentId, businessKey, rule, path } = finding;
            const { what, remedy } = findingText(finding);
            return (
              <tr key={`${documentId} ${rule} ${path}`}>
                <td>
                  <button
                    type="button"
                    className="link code"
                    onClick={() => navigate('declaration', { id: documentId })}
                  >
                    {businessKey}
                  </button>
                </td>
                <td className="is-wide">
                  {what}
                  {remedy === '' ? null : (
                    <>
                      <br />
                      <span className="muted">{remedy}</span>
                    </>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </>
  );
}

export function MessageCard({
  message,
  onChanged,
  onConflicts,
}: {
  readonly message: Message;
  readonly onChanged: () => void;
  readonly onConflicts: () => void;
}) {
  const { t } = useTranslation();
  const detail = useQuery('outbox.get', { guid: message.guid }, { areas: ['sync', 'documents'] });
  const withdraw = useCommand('outbox.withdraw');
  const { lastError } = message;
  const open = detail.data?.conflicts.filter(({ choice }) => choice === undefined).length ?? 0;
  return (
    <Panel
      isPlain
      title={t('outbox.messageNo', { seq: message.seq })}
      extra={<StateTag kind="message" state={message.state} />}
    >
      <div className="panel-pad">
        <Facts
          columns={1}
          rows={[
            [t('outbox.column.kind'), t(`messageKind.${message.kind}`, { defaultValue: message.kind })],
            [t('outbox.column.why'), whyText(t, message)],
            ...(message.endpoint === undefined ? [] : [[t('outbox.endpoint'), message.endpoint.name] as const]),
            [t('outbox.priority'), t(`outbox.priorityOf.${message.priority}`)],
            [t('outbox.guid'), <Code key="guid">{message.guid}</Code>],
            [t('outbox.queuedAt'), formatInstant(message.queuedAt, true)],
            [t('outbox.sentAt'), message.sentAt === undefined ? '–' : formatInstant(message.sentAt, true)],
            ...(lastError === undefined || lastError === ''
              ? []
              : [[t('outbox.lastError'), troubleText(t, lastError)] as const]),
            ...(detail.data === undefined
              ? []
              : [['SHA-256', <Code key="sha">{detail.data.sha256.slice(0, 16)}</Code>] as const]),
          ]}
        />
        <SignatureFacts guid={message.guid} state={message.state} />
        <ErrorNote error={withdraw.error ?? detail.error} />
        <div className="card-actions">
          {open > 0 ? <Button onClick={onConflicts}>{t('outbox.toConflicts', { count: open })}</Button> : null}
          {message.state === 'queued' || message.state === 'unsigned' ? (
            <ConfirmInline
              isDanger={false}
              label={t('outbox.withdraw')}
              question={t('outbox.withdrawAsk', { count: message.documents })}
              confirmLabel={t('outbox.withdraw')}
              onConfirm={async () => {
                const done = await withdraw.run({ guid: message.guid });
                if (done === undefined) return;
                notify(t('outbox.withdrawn', { count: done.documents }));
                onChanged();
              }}
            />
          ) : null}
        </div>
      </div>
      {detail.data === undefined ? null : (
        <div className="outbox-detail">
          <Findings findings={detail.data.findings} />
          <Documents title={t('outbox.waitsFor')} documents={detail.data.waitsFor} />
          <Timeline entries={detail.data.timeline} />
          <Receipts detail={detail.data} />
          <Documents title={t('outbox.contents')} documents={detail.data.contents} />
        </div>
      )}
    </Panel>
  );
}

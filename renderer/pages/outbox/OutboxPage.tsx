/** 待发: what waits to be sent, why, and when it will be tried again; the connection and the practice platform beside it. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageStates } from '../../../shared/contract/filing.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Panel, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, useJob, usePages, useQuery } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatBytes, formatCount, formatInstant, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { useCarry } from '../endpoints/CarryButtons.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { PracticeCard } from './PracticeCard.tsx';
import { SignatureFacts, SignCard } from './SignCard.tsx';

type Message = RowOf<'outbox.list'>;
/** Why a message is where it is; a dependency without a number waits for several. */
function useWhy(): (message: Message) => string {
  const { t } = useTranslation();
  return ({ why, dependsOn }) =>
    why === 'dependency' && dependsOn === undefined
      ? t('waiting.dependencies')
      : t(`waiting.${why}`, { defaultValue: why, seq: dependsOn });
}

type Filter = 'all' | (typeof messageStates)[number];

function MessageCard({ message, onWithdrawn }: { readonly message: Message; readonly onWithdrawn: () => void }) {
  const { t } = useTranslation();
  const whyOf = useWhy();
  const withdraw = useCommand('outbox.withdraw');
  const lastError =
    message.lastError === undefined ? '' : (codeText('error', message.lastError, {})?.what ?? message.lastError);
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
            [t('outbox.guid'), <Code key="guid">{message.guid}</Code>],
            [t('outbox.column.why'), whyOf(message)],
            [t('outbox.queuedAt'), formatInstant(message.queuedAt, true)],
            [t('outbox.sentAt'), message.sentAt === undefined ? '–' : formatInstant(message.sentAt, true)],
            ...(lastError === '' ? [] : [[t('outbox.lastError'), lastError] as const]),
          ]}
        />
        <SignatureFacts guid={message.guid} state={message.state} />
        <ErrorNote error={withdraw.error} />
        {message.state === 'queued' || message.state === 'unsigned' ? (
          <div className="card-actions">
            <ConfirmInline
              label={t('outbox.withdraw')}
              question={t('outbox.withdrawAsk', { count: message.documents })}
              confirmLabel={t('outbox.withdraw')}
              onConfirm={async () => {
                const done = await withdraw.run({ guid: message.guid });
                if (done === undefined) return;
                notify(t('outbox.withdrawn', { count: done.documents }));
                onWithdrawn();
              }}
            />
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

export function OutboxPage({ params }: PageProps) {
  const { t } = useTranslation();
  const filter: Filter = messageStates.find((state) => state === textParam(params, 'state')) ?? 'all';
  const setFilter = (next: Filter): void => replaceParams(next === 'all' ? {} : { state: next });
  const [activeGuid, setActiveGuid] = useState(textParam(params, 'id'));
  const sync = useQuery('sync.status', {}, { areas: ['sync', 'documents'] });
  const pages = usePages('outbox.list', filter === 'all' ? {} : { state: filter }, { areas: ['sync', 'documents'] });
  const send = useJob('sync.now');
  const pause = useCommand('sync.pause');
  const exporting = useCommand('outbox.export');
  const carry = useCarry();
  const isPaused = sync.data?.paused === true;
  const hasEndpoint = sync.data?.endpoint !== undefined;

  const clearErrors = (): void => {
    pause.clear();
    exporting.clear();
  };

  const sendNow = async (): Promise<void> => {
    const done = await send.start({});
    if (done !== undefined)
      notify(
        t('outbox.sentSummary', {
          sent: formatCount(done.sent),
          receipts: formatCount(done.receipts),
          rejected: formatCount(done.rejected),
          queued: formatCount(done.queued),
        }),
      );
  };
  const exportAll = async (): Promise<void> => {
    const to = await window.portbook.chooseDirectory({ purpose: t('outbox.exportPurpose') });
    if (to === null) return;
    const done = await exporting.run({ to: to.token });
    if (done !== undefined) notify(t('outbox.exported', { count: done.files, folder: to.name }));
  };

  const isEnglish = useView((view) => view.language) === 'en';
  const whyOf = useWhy();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whyOf changes with t only
  const columns = useMemo(
    (): readonly Column<Message>[] => [
      { id: 'seq', title: t('outbox.column.seq'), width: 56, align: 'right', render: (row) => row.seq },
      {
        id: 'state',
        title: t('outbox.column.state'),
        width: isEnglish ? 144 : 112,
        render: (row) => <StateTag kind="message" state={row.state} />,
      },
      {
        id: 'kind',
        title: t('outbox.column.kind'),
        width: isEnglish ? 160 : 100,
        render: (row) => t(`messageKind.${row.kind}`, { defaultValue: row.kind }),
      },
      {
        id: 'documents',
        title: t('outbox.column.documents'),
        width: 56,
        align: 'right',
        render: (row) => formatCount(row.documents),
      },
      { id: 'why', title: t('outbox.column.why'), render: (row) => <span title={whyOf(row)}>{whyOf(row)}</span> },
      {
        id: 'next',
        title: t('outbox.column.next'),
        width: 84,
        render: (row) => (row.state === 'queued' || row.state === 'unknown' ? formatRecent(row.nextAttemptAt) : ''),
      },
      { id: 'attempts', title: t('outbox.column.attempts'), width: 52, align: 'right', render: (row) => row.attempts },
      {
        id: 'bytes',
        title: t('outbox.column.bytes'),
        width: 80,
        align: 'right',
        render: (row) => formatBytes(row.bytes),
      },
    ],
    [t, isEnglish],
  );
  const active = pages.rows.find((row) => row.guid === activeGuid);
  return (
    <Page
      title={t('area.outbox')}
      summary={
        sync.data === undefined
          ? ''
          : t('status.queue', {
              queued: formatCount(sync.data.queued),
              awaiting: formatCount(sync.data.awaitingReceipt),
              rejected: formatCount(sync.data.rejected),
            })
      }
      actions={
        <>
          {carry.buttons}
          <KeyButton label={t('outbox.export')} isBusy={exporting.isRunning} onPress={() => void exportAll()} />
          <KeyButton
            label={isPaused ? t('outbox.resume') : t('outbox.pause')}
            keys="F4"
            bind
            isBusy={pause.isRunning}
            onPress={() => void pause.run({ paused: !isPaused })}
          />
          <KeyButton
            label={t('outbox.sendNow')}
            keys="F8"
            bind
            isMain
            kind="primary"
            isDisabled={!hasEndpoint || isPaused}
            isBusy={send.status === 'running'}
            onPress={() => void sendNow()}
          />
        </>
      }
      filters={
        <Chips
          label={t('outbox.column.state')}
          value={filter}
          onChange={setFilter}
          chips={[
            { value: 'all' as const, label: t('common.all') },
            ...messageStates.map((state) => ({ value: state, label: t(`state.message.${state}`) })),
          ]}
        />
      }
      notice={
        <>
          {send.status === 'running' ? (
            <ProgressBar title={t('outbox.sending')} progress={send.progress} onCancel={send.cancel} />
          ) : null}
          <ErrorNote error={send.error} onClose={send.clear} />
          <ErrorNote error={pause.error ?? exporting.error} onClose={clearErrors} />
          {carry.notice}
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('area.outbox')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.guid}
            activeKey={activeGuid}
            onActivate={(row) => setActiveGuid(row.guid)}
            empty={
              <EmptyState
                title={t('outbox.empty.title')}
                hint={t('outbox.empty.hint')}
                actions={<KeyButton label={t('outbox.empty.go')} onPress={() => navigate('declarations')} />}
              />
            }
          />
        }
        detail={
          <div className="card-stack">
            {active === undefined ? null : <MessageCard message={active} onWithdrawn={pages.reload} />}
            <SignCard />
            <ConnectionCard sync={sync} />
            <PracticeCard sync={sync.data} />
          </div>
        }
      />
    </Page>
  );
}

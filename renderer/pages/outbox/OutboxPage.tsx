/** 待发: what waits to be sent, why, and when it will be tried again; the connection and the practice platform beside it. */
import { Select } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { messageStates } from '../../../shared/contract/filing.ts';
import type { QueueFilter } from '../../../shared/contract/outbox.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type QueryState, useCommand, useJob, usePages, useQuery } from '../../core-client.ts';
import { formatBytes, formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { useCarry } from '../endpoints/CarryButtons.tsx';
import { BulkBar } from './BulkBar.tsx';
import { ConflictsView } from './ConflictsView.tsx';
import { ConnectionCard } from './ConnectionCard.tsx';
import { LanesCard } from './LanesCard.tsx';
import { RestoredNotice } from './LeftBefore.tsx';
import { MessageCard } from './MessageCard.tsx';
import { PracticeCard } from './PracticeCard.tsx';
import { SignCard } from './SignCard.tsx';
import { type Message, whyText } from './why.ts';
import './outbox.css';

type Filter = 'all' | (typeof messageStates)[number];
type Waiting = NonNullable<QueueFilter['waiting']>;
const waitings: readonly Waiting[] = ['due', 'dependency', 'backoff', 'held', 'unfit', 'disputed'];
type Tab = 'queue' | 'conflicts';

/** The two parts of the page, the first of its filters, and the way to receipts that could not be applied. */
function OutboxTabs({ active, conflicts }: { readonly active: Tab; readonly conflicts: number }) {
  const { t } = useTranslation();
  const parked = useQuery('receipts.parked', { limit: 1 }, { areas: ['sync', 'documents'] }).data?.total ?? 0;
  return (
    <>
      <Chips
        label={t('outbox.tabs')}
        value={active}
        onChange={(tab: Tab) => replaceParams(tab === 'queue' ? {} : { tab })}
        chips={[
          { value: 'queue', label: t('outbox.tab.queue') },
          { value: 'conflicts', label: t('outbox.tab.conflicts'), ...(conflicts > 0 ? { count: conflicts } : {}) },
        ]}
      />
      <button type="button" className="link" onClick={() => navigate('parkedReceipts')}>
        {parked === 0 ? t('outbox.parked') : t('outbox.parkedSome', { shown: formatCount(parked) })}
      </button>
    </>
  );
}

export function OutboxPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab: Tab = textParam(params, 'tab') === 'conflicts' ? 'conflicts' : 'queue';
  const sync = useQuery('sync.status', {}, { areas: ['sync', 'documents'] });
  const tabs = <OutboxTabs active={tab} conflicts={sync.data?.conflicts ?? 0} />;
  if (tab === 'queue') return <QueueView params={params} sync={sync} tabs={tabs} />;
  return (
    <Page
      title={t('area.outbox')}
      summary={t('outbox.conflict.summary', { count: sync.data?.conflicts ?? 0 })}
      filters={<div className="outbox-filters">{tabs}</div>}
    >
      <ConflictsView />
    </Page>
  );
}

function QueueView({
  params,
  sync,
  tabs,
}: Pick<PageProps, 'params'> & {
  readonly sync: QueryState<OutputOf<'sync.status'>>;
  readonly tabs: ReactNode;
}) {
  const { t } = useTranslation();
  const state: Filter = messageStates.find((one) => one === textParam(params, 'state')) ?? 'all';
  const waiting = waitings.find((one) => one === textParam(params, 'waiting'));
  const text = textParam(params, 'text') ?? '';
  const filter: QueueFilter = {
    ...(state === 'all' ? {} : { state }),
    ...(waiting === undefined ? {} : { waiting }),
    ...(text === '' ? {} : { text }),
  };
  const setFilter = (next: QueueFilter): void => {
    setSelected([]);
    setAll(false);
    replaceParams(
      Object.fromEntries(Object.entries(next).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]))),
    );
  };
  const [activeGuid, setActiveGuid] = useState(textParam(params, 'id'));
  const [isAll, setAll] = useState(false);
  const pages = usePages('outbox.list', filter, { areas: ['sync', 'documents'] });
  const [selected, setSelected] = useTicks(pages, (row) => row.guid);
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

  const tellSent = (done: OutputOf<'sync.now'>): void =>
    notify(
      t('outbox.sentSummary', {
        sent: formatCount(done.sent),
        receipts: formatCount(done.receipts),
        rejected: formatCount(done.rejected),
        queued: formatCount(done.queued),
      }),
    );
  const sendNow = async (): Promise<void> => {
    const done = await send.start({});
    if (done !== undefined) tellSent(done);
  };
  const exportAll = async (): Promise<void> => {
    const to = await window.portbook.chooseDirectory({ purpose: t('outbox.exportPurpose') });
    if (to === null) return;
    const done = await exporting.run({ to: to.token });
    if (done !== undefined)
      notify(
        [
          t('outbox.exported', { count: done.files, folder: to.name }),
          ...(done.unfit === 0 ? [] : [t('outbox.leftOut', { count: done.unfit })]),
        ].join(t('money.semicolon')),
      );
  };

  const isEnglish = useView((view) => view.language) === 'en';
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
        width: isEnglish ? 132 : 100,
        render: (row) => t(`messageKind.${row.kind}`, { defaultValue: row.kind }),
      },
      {
        id: 'documents',
        title: t('outbox.column.documents'),
        width: 56,
        align: 'right',
        render: (row) => formatCount(row.documents),
      },
      {
        id: 'priority',
        title: t('outbox.column.priority'),
        width: isEnglish ? 64 : 56,
        render: (row) => (row.priority === 0 ? '' : t(`outbox.priorityOf.${row.priority}`)),
      },
      {
        id: 'why',
        title: t('outbox.column.why'),
        // What the list is read for: rather the tries and sizes are scrolled to.
        ...(isEnglish ? { width: 180 } : {}),
        render: (row) => {
          const why = whyText(t, row);
          return <span title={why}>{why}</span>;
        },
      },
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
  const which: InputOf<'outbox.steer'>['which'] | undefined = isAll
    ? { filter }
    : selected.length > 0
      ? { guids: [...selected] }
      : active === undefined
        ? undefined
        : { guids: [active.guid] };
  const clear = (): void => {
    setSelected([]);
    setAll(false);
  };
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
        <div className="outbox-filters">
          {tabs}
          <Chips
            label={t('outbox.column.state')}
            value={state}
            onChange={(next: Filter) => {
              const { state: _, ...rest } = filter;
              setFilter(next === 'all' ? rest : { ...rest, state: next });
            }}
            chips={[
              { value: 'all' as const, label: t('common.all') },
              ...messageStates.map((one) => ({ value: one, label: t(`state.message.${one}`) })),
            ]}
          />
          <Select
            aria-label={t('outbox.waitingFilter')}
            value={waiting ?? ''}
            onChange={(next: Waiting | '') => {
              const { waiting: _, ...rest } = filter;
              setFilter(next === '' ? rest : { ...rest, waiting: next });
            }}
            options={[
              { value: '', label: t('outbox.waitingAny') },
              ...waitings.map((one) => ({ value: one, label: t(`outbox.waitingOf.${one}`) })),
            ]}
          />
          <SearchInput
            value={text}
            placeholder={t('outbox.find')}
            keyLabel={t('outbox.find')}
            onChange={(next) => {
              const { text: _, ...rest } = filter;
              setFilter(next === '' ? rest : { ...rest, text: next });
            }}
          />
        </div>
      }
      notice={
        <>
          <RestoredNotice />
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
          <div className="outbox-list">
            <BulkBar
              which={which}
              count={isAll ? pages.total : selected.length > 0 ? selected.length : active === undefined ? 0 : 1}
              total={pages.total}
              isAll={isAll}
              onAll={() => setAll(true)}
              onClear={clear}
              onSent={tellSent}
            />
            <DataTable
              label={t('area.outbox')}
              autoFocus
              selectedKeys={isAll ? pages.rows.map((row) => row.guid) : selected}
              onSelect={(keys) => {
                setAll(false);
                setSelected(keys);
              }}
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
          </div>
        }
        detail={
          <div className="card-stack">
            {/* Only shown while something waits for a person, and then not far below what happened to a message. */}
            <SignCard />
            {active === undefined ? null : (
              <MessageCard
                key={active.guid}
                message={active}
                onChanged={pages.reload}
                onConflicts={() => replaceParams({ tab: 'conflicts' })}
              />
            )}
            <LanesCard status={sync.data} />
            <ConnectionCard sync={sync} />
            <PracticeCard sync={sync.data} />
          </div>
        }
      />
    </Page>
  );
}

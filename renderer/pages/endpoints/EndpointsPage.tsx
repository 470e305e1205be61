/** 通道: the ways to platforms, which one drafts go to, and a test of each, step by step. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, formatRecent } from '../../i18n/format.ts';
import { EndpointForm } from './EndpointForm.tsx';
import { RoutesPanel } from './RoutesPanel.tsx';
import './endpoints.css';

type Tab = 'ways' | 'routes';
type Endpoint = OutputOf<'endpoints.list'>['endpoints'][number];

/** Whether it is the one in use, for practice, known to the platform. */
export function SideTag({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useTranslation();
  if (endpoint.practice === undefined) return <ToneTag tone="draft" label={t('endpoints.side.unknown')} />;
  return endpoint.practice ? (
    <ToneTag tone="action" label={t('endpoints.side.practice')} />
  ) : (
    <ToneTag tone="accepted" label={t('endpoints.side.real')} />
  );
}

export function EndpointsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('endpoints.list', {}, { areas: ['sync'] });
  const [isAdding, setAdding] = useState(false);
  const tab: Tab = textParam(params, 'tab') === 'routes' ? 'routes' : 'ways';
  const activeId = textParam(params, 'id');
  const rows = list.data?.endpoints ?? [];
  const active = isAdding ? undefined : rows.find(({ id }) => id === activeId);
  const choose = (id: string | undefined): void => {
    setAdding(false);
    replaceParams(id === undefined ? {} : { id });
  };
  const columns: readonly Column<Endpoint>[] = [
    { id: 'name', title: t('endpoints.name'), render: (row) => row.name },
    {
      id: 'transport',
      title: t('endpoints.transport'),
      width: 80,
      render: (row) => t(`endpoints.kind.${row.transport}`),
    },
    { id: 'side', title: t('endpoints.side.title'), width: 108, render: (row) => <SideTag endpoint={row} /> },
    {
      id: 'current',
      title: t('endpoints.current'),
      width: 92,
      render: (row) => (row.isCurrent ? <ToneTag tone="accepted" label={t('endpoints.inUse')} /> : ''),
    },
    { id: 'queued', title: t('endpoints.queued'), width: 68, align: 'right', render: (row) => formatCount(row.queued) },
    {
      id: 'unknown',
      title: t('endpoints.unknown'),
      width: 84,
      align: 'right',
      render: (row) => formatCount(row.unknown),
    },
    {
      id: 'contact',
      title: t('outbox.lastContact'),
      width: 100,
      render: (row) => (row.lastContactAt === undefined ? '–' : formatRecent(row.lastContactAt)),
    },
  ];
  return (
    <Page
      title={t('endpoints.title')}
      summary={t('endpoints.summary', { count: rows.length })}
      actions={
        <>
          <Button onClick={() => navigate('outbox')}>{t('endpoints.toOutbox')}</Button>
          <KeyButton
            label={t('endpoints.add')}
            keys="Ctrl+N"
            bind
            kind="primary"
            onPress={() => {
              replaceParams({});
              setAdding(true);
              focusDetail('#endpoint-name');
            }}
          />
        </>
      }
      filters={
        <Chips
          label={t('endpoints.tabs')}
          value={tab}
          onChange={(next: Tab) => replaceParams(next === 'ways' ? {} : { tab: next })}
          chips={[
            { value: 'ways', label: t('endpoints.tab.ways') },
            { value: 'routes', label: t('endpoints.tab.routes'), count: list.data?.routes.length },
          ]}
        />
      }
      notice={<ErrorNote error={list.error} onRetry={list.reload} />}
    >
      {tab === 'routes' && list.data !== undefined ? <RoutesPanel list={list.data} onChanged={list.reload} /> : null}
      {tab === 'ways' ? (
        <Split
          list={
            <DataTable
              label={t('endpoints.title')}
              autoFocus
              pages={plainPages(rows)}
              columns={columns}
              rowKey={(row) => row.id}
              activeKey={active?.id}
              onActivate={({ id }) => choose(id)}
              onOpen={({ id }) => {
                choose(id);
                focusDetail('#endpoint-name');
              }}
              empty={
                <EmptyState
                  title={t('endpoints.empty')}
                  hint={t('endpoints.emptyHint')}
                  actions={<KeyButton label={t('endpoints.add')} onPress={() => setAdding(true)} />}
                />
              }
            />
          }
          detail={
            !isAdding && active === undefined ? (
              <DetailPlaceholder text={t('endpoints.choose')} />
            ) : (
              <EndpointForm
                key={active?.id ?? 'new'}
                endpoint={active}
                profiles={list.data?.profiles ?? []}
                onSaved={(id) => {
                  list.reload();
                  choose(id);
                }}
                onClose={() => choose(undefined)}
              />
            )
          }
        />
      ) : null}
    </Page>
  );
}

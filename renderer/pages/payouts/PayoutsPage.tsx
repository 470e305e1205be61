import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { PayoutDetail, type View, views } from './PayoutDetail.tsx';
import './payouts.css';

type Row = RowOf<'payouts.list'>;

const filters = ['all', 'proof', 'unknown', 'deposit', 'void'] as const;
type Filter = (typeof filters)[number];

const matchTone = { open: 'action', part: 'waiting', matched: 'accepted', none: 'draft' } as const;

/** Payouts of marketplaces, the latest first, and beside them the one under the cursor. */
export function PayoutsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const filter: Filter = filters.find((one) => one === textParam(params, 'filter')) ?? 'all';
  const text = textParam(params, 'text') ?? '';
  const view: View = views.find((one) => one === textParam(params, 'view')) ?? 'overview';
  const pages = usePages(
    'payouts.list',
    {
      ...(text === '' ? {} : { text }),
      ...(filter === 'void' ? { state: 'void' as const } : filter === 'all' ? {} : { open: filter }),
    },
    { areas: ['money', 'matching'] },
  );
  const id = numberParam(params, 'id') ?? pages.rows[0]?.id;
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const openImport = (): void => navigate('payoutImport');
  useKeys([
    { key: 'Ctrl+I', label: t('payouts.import'), run: openImport, isMain: true },
    { key: 'Enter', label: t('common.open'), isMain: true },
  ]);
  // Tables in the pane need the room that the list can do without.
  const isWide = view === 'kinds' || view === 'lines';
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'to', title: t('payouts.column.to'), width: 92, render: (row) => row.toOn },
      ...(isWide
        ? []
        : [
            {
              id: 'platform',
              title: t('payouts.column.platform'),
              width: 148,
              render: (row: Row) =>
                [t(`payouts.platform.${row.platform}`, { defaultValue: row.platform }), row.store]
                  .filter(Boolean)
                  .join(' · '),
            },
          ]),
      { id: 'number', title: t('payouts.column.number'), render: (row) => <Code>{row.number}</Code> },
      {
        id: 'total',
        title: t('payouts.column.deposit'),
        width: 132,
        align: 'right',
        render: (row) => <Amount value={row.deposit ?? row.total} currency={row.currency} />,
      },
      {
        id: 'match',
        title: t('payouts.column.state'),
        width: 104,
        render: (row) =>
          row.unknown > 0 ? (
            <ToneTag tone="action" label={t('payouts.rowUnknown')} />
          ) : row.proof === 'none' ? (
            <ToneTag tone="action" label={t('payouts.rowUnproved')} />
          ) : (
            <ToneTag tone={matchTone[row.matchState]} label={t(`payouts.match.${row.matchState}`)} />
          ),
      },
    ],
    [t, isWide],
  );
  return (
    <Page
      title={t('payouts.title')}
      summary={pages.first === undefined ? undefined : t('payouts.summary', { n: formatCount(pages.total) })}
      actions={<KeyButton kind="primary" label={t('payouts.import')} keys="Ctrl+I" onPress={openImport} />}
      filters={
        <>
          <MoneyTabs active="payouts" />
          <Chips
            label={t('payouts.filters')}
            value={filter}
            onChange={(value) => set({ filter: value === 'all' ? '' : value, id: '' })}
            chips={filters.map((value) => ({ value, label: t(`payouts.filter.${value}`) }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, id: '' })}
            placeholder={t('payouts.search')}
            keyLabel={t('payouts.key.search')}
          />
        </>
      }
    >
      <Split
        ratio={isWide ? 'detail' : 'even'}
        list={
          <DataTable
            label={t('payouts.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={id}
            onActivate={(row) => set({ id: row.id })}
            onOpen={(row) => {
              set({ id: row.id });
              focusDetail();
            }}
            rowTone={(row) =>
              row.state === 'void' ? 'muted' : row.unknown > 0 || row.proof === 'none' ? 'action' : undefined
            }
            empty={
              text !== '' || filter !== 'all' ? (
                <EmptyState title={t('payouts.noMatch')} hint={t('payouts.noMatchHint')} />
              ) : (
                <EmptyState
                  title={t('payouts.empty')}
                  hint={t('payouts.emptyHint')}
                  actions={<KeyButton kind="primary" label={t('payouts.import')} keys="Ctrl+I" onPress={openImport} />}
                />
              )
            }
          />
        }
        detail={
          id === undefined ? (
            pages.status === 'ready' && pages.rows.length === 0 ? undefined : (
              <DetailPlaceholder text={t('payouts.choose')} />
            )
          ) : (
            <PayoutDetail
              key={id}
              id={id}
              view={view}
              onView={(value) => set({ view: value, id })}
              onClose={() => set({ id: '' })}
            />
          )
        }
      />
    </Page>
  );
}

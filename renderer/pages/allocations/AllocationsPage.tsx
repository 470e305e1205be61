/** 核对分摊: open receipts or open claims at the left, what fits them at the right; the many that need no person; their age. */
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { targetKinds } from '../../../shared/matching/allocation.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code, Totals } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { AgeingView } from './AgeingView.tsx';
import { AutomaticView } from './AutomaticView.tsx';
import { BarterView } from './BarterView.tsx';
import { targetKey } from './draft.ts';
import { ReceiptBench, TargetBench } from './Workbench.tsx';
import './allocations.css';

const views = ['receipts', 'targets', 'automatic', 'ageing', 'barter'] as const;
type View = (typeof views)[number];
const areas = ['money', 'matching', 'orders', 'tax'] as const;

export function AllocationsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const view = views.find((one) => one === textParam(params, 'view')) ?? 'receipts';
  const text = textParam(params, 'text') ?? '';
  const isAll = textParam(params, 'all') === '1';
  const set = (change: Readonly<Record<string, string | number>>): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const isList = view === 'receipts' || view === 'targets';
  return (
    <Page
      title={t('allocations.title')}
      filters={
        <>
          <MoneyTabs active="allocations" />
          <Chips
            label={t('allocations.title')}
            value={view}
            onChange={(value: View) => set({ view: value, id: '', at: '', text: '', ...nothingOnly })}
            chips={views.map((value) => ({ value, label: t(`allocations.view.${value}`) }))}
          />
          {isList ? (
            <>
              <Chips
                label={t('allocations.shown')}
                value={isAll ? 'all' : 'open'}
                onChange={(value) => set({ all: value === 'all' ? '1' : '' })}
                chips={(['open', 'all'] as const).map((value) => ({ value, label: t(`allocations.show.${value}`) }))}
              />
              <SearchInput
                value={text}
                onChange={(value) => set({ text: value })}
                placeholder={t(`allocations.search.${view}`)}
                keyLabel={t('allocations.key.filter')}
              />
            </>
          ) : null}
        </>
      }
      notice={<Findings />}
    >
      {view === 'receipts' ? (
        <Receipts id={numberParam(params, 'id')} text={text} isAll={isAll} set={set} />
      ) : view === 'targets' ? (
        <Targets at={textParam(params, 'at')} text={text} isAll={isAll} set={set} only={onlyOf(params)} />
      ) : view === 'automatic' ? (
        <AutomaticView onShow={(id) => set({ view: 'receipts', id, all: '1' })} />
      ) : view === 'ageing' ? (
        <AgeingView />
      ) : (
        <BarterView />
      )}
    </Page>
  );
}

interface ListProps {
  readonly text: string;
  readonly isAll: boolean;
  readonly set: (change: Readonly<Record<string, string | number>>) => void;
}

/** The keys of both lists: F10 to the next row, Enter to what fits it, Esc back. */
function useBenchKeys(onNext: () => void): void {
  const { t } = useTranslation();
  useKeys([
    { key: 'F10', label: t('allocations.key.next'), run: onNext, isMain: true },
    { key: 'Enter', label: t('allocations.key.open'), isMain: true },
    { key: 'Esc', label: t('allocations.key.back'), run: () => void focusList() },
  ]);
}

const offers = '.allocation-offers [role=grid]';

type ReceiptRow = RowOf<'allocations.openReceipts'>;

function Receipts({ id, text, isAll, set }: ListProps & { readonly id: number | undefined }) {
  const { t } = useTranslation();
  const pages = usePages('allocations.openReceipts', { open: !isAll, ...(text === '' ? {} : { text }) }, { areas });
  // Whoever leads here names a receipt, which need not be among the rows that are shown.
  const chosen = pages.rows.find((row) => row.id === id) ?? (id === undefined ? pages.rows[0] : undefined);
  const chosenId = chosen?.id ?? id;
  const [hasMoved, setMoved] = useState(false);
  const goNext = (): void => {
    // The one that is done leaves the list when it is read again: the next is the one after it.
    const from = chosen === undefined ? -1 : pages.rows.indexOf(chosen);
    const isOpen = (row: ReceiptRow): boolean => row.state !== 'FULLY' && row !== chosen;
    const next = pages.rows.slice(from + 1).find(isOpen) ?? pages.rows.find(isOpen);
    setMoved(true);
    set({ id: next?.id ?? '' });
  };
  useBenchKeys(goNext);
  const columns = useMemo(
    (): Column<ReceiptRow>[] => [
      { id: 'number', title: t('allocations.column.receipt'), width: 112, render: (row) => <Code>{row.number}</Code> },
      { id: 'date', title: t('allocations.column.date'), width: 96, render: (row) => row.date },
      { id: 'payer', title: t('allocations.column.payer'), render: (row) => row.payer || row.text },
      {
        id: 'open',
        title: t('allocations.column.left'),
        width: 130,
        align: 'right',
        render: (row) => <Amount value={row.open} currency={row.currency} />,
      },
    ],
    [t],
  );
  return (
    <Split
      ratio="detail"
      list={
        <div className="allocation-list">
          <DataTable
            label={t('allocations.view.receipts')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={chosenId}
            onActivate={(row) => {
              setMoved(false);
              set({ id: row.id });
            }}
            onOpen={() => focusDetail(offers)}
            rowTone={(row) => (row.state === 'FULLY' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t('allocations.empty.receipts')}
                hint={t('allocations.empty.receiptsHint')}
                actions={
                  <>
                    <KeyButton
                      label={t('money.importStatement')}
                      keys="Ctrl+I"
                      onPress={() => navigate('import', { kind: 'statement' })}
                    />
                    <Button onClick={() => navigate('money', { add: '1' })}>{t('money.add')}</Button>
                  </>
                }
              />
            }
          />
          <ListFoot total={pages.total} totals={pages.first?.totals} />
        </div>
      }
      detail={
        chosenId === undefined ? (
          <DetailPlaceholder text={t('allocations.choose.receipt')} />
        ) : (
          <ReceiptBench key={chosenId} id={chosenId} row={chosen} takesFocus={hasMoved} onNext={goNext} />
        )
      }
    />
  );
}

type TargetRow = RowOf<'allocations.openTargets'>;

/** What a figure that leads here is the sum of: targets of a kind, in a currency, of some days. */
interface Only {
  readonly kind?: TargetRow['kind'];
  readonly currency?: string;
  readonly from?: string;
  readonly to?: string;
}
const nothingOnly = { kind: '', currency: '', from: '', to: '' } as const;

function onlyOf(params: PageProps['params']): Only {
  const kind = targetKinds.find((one) => one === textParam(params, 'kind'));
  const texts = (['currency', 'from', 'to'] as const).flatMap((name) => {
    const value = textParam(params, name);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...(kind === undefined ? {} : { kind }), ...Object.fromEntries(texts) };
}

function Targets({ at, text, isAll, set, only }: ListProps & { readonly at: string | undefined; readonly only: Only }) {
  const { t } = useTranslation();
  const pages = usePages(
    'allocations.openTargets',
    { open: !isAll, ...(text === '' ? {} : { text }), ...only },
    { areas },
  );
  const chosen = at === undefined ? pages.rows[0] : pages.rows.find((row) => targetKey(row) === at);
  const [hasMoved, setMoved] = useState(false);
  const goNext = (): void => {
    const from = chosen === undefined ? -1 : pages.rows.indexOf(chosen);
    const next = pages.rows[from + 1] ?? pages.rows.find((row) => row !== chosen);
    setMoved(true);
    set({ at: next === undefined ? '' : targetKey(next) });
  };
  useBenchKeys(goNext);
  const columns = useMemo(
    (): Column<TargetRow>[] => [
      {
        id: 'kind',
        title: t('allocations.column.kind'),
        width: 64,
        render: (row) => t(`allocations.kind.${row.kind}`),
      },
      { id: 'no', title: t('allocations.column.no'), render: (row) => <Code>{row.no}</Code> },
      { id: 'date', title: t('allocations.column.date'), width: 96, render: (row) => row.date },
      {
        id: 'open',
        title: t('allocations.column.open'),
        width: 130,
        align: 'right',
        render: (row) => <Amount value={row.open} currency={row.currency} />,
      },
      {
        id: 'age',
        title: t('allocations.column.age'),
        width: 46,
        align: 'right',
        render: (row) => formatCount(row.age),
      },
    ],
    [t],
  );
  return (
    <Split
      ratio="detail"
      list={
        <div className="allocation-list">
          {Object.keys(only).length === 0 ? null : (
            <p className="allocation-only">
              {t('allocations.only.kind', {
                kind: only.kind === undefined ? '' : t(`allocations.kind.${only.kind}`),
                currency: only.currency ?? '',
                from: only.from ?? t('allocations.only.start'),
                to: only.to ?? '',
              })}{' '}
              <Button type="link" size="small" onClick={() => set(nothingOnly)}>
                {t('allocations.only.all')}
              </Button>
            </p>
          )}
          <DataTable
            label={t('allocations.view.targets')}
            pages={pages}
            rowKey={targetKey}
            columns={columns}
            autoFocus
            activeKey={chosen === undefined ? undefined : targetKey(chosen)}
            onActivate={(row) => {
              setMoved(false);
              set({ at: targetKey(row) });
            }}
            onOpen={() => focusDetail(offers)}
            rowTone={(row) => (row.state === 'FULLY' || row.state === 'OVER' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t('allocations.empty.targets')}
                hint={t('allocations.empty.targetsHint')}
                actions={
                  <Button onClick={() => navigate('import', { kind: 'orders' })}>
                    {t('allocations.empty.orders')}
                  </Button>
                }
              />
            }
          />
          <ListFoot total={pages.total} totals={pages.first?.totals} />
        </div>
      }
      detail={
        chosen === undefined ? (
          <DetailPlaceholder text={t('allocations.choose.target')} />
        ) : (
          <TargetBench key={targetKey(chosen)} target={chosen} takesFocus={hasMoved} onNext={goNext} />
        )
      }
    />
  );
}

/** What is left of all, by currency: stays in view below the list. */
function ListFoot({
  total,
  totals,
}: {
  readonly total: number;
  readonly totals: readonly { readonly currency: string; readonly amount: string }[] | undefined;
}) {
  const { t } = useTranslation();
  return (
    <footer className="allocation-list-foot">
      <span className="muted">{t('allocations.left', { rows: formatCount(total) })}</span>
      <Totals totals={totals ?? []} />
    </footer>
  );
}

/** What does not fit any more: an order cancelled after it was paid, a record voided. */
function Findings() {
  const { t } = useTranslation();
  const { data } = useQuery('allocations.findings', {}, { areas });
  const withdraw = useCommand('allocations.withdraw');
  const [isOpen, setOpen] = useState(false);
  const rows = data?.rows ?? [];
  const [first] = rows;
  if (first === undefined) return null;
  const line = (row: typeof first) => (
    <li key={`${row.code} ${row.allocationIds.join(' ')}`}>
      <span>{t(`allocations.finding.${row.code}`, row.params)}</span>
      {/* What was settled by goods alone is taken back with its contract. */}
      {row.allocationIds.length === 0 ? null : (
        <Button
          size="small"
          disabled={withdraw.isRunning}
          onClick={() =>
            void withdraw.run({ ids: row.allocationIds }).then((done) => {
              if (done !== undefined) notify(t('allocations.withdrawn', { count: done.withdrawn }));
            })
          }
        >
          {t('allocations.withdraw')}
        </Button>
      )}
    </li>
  );
  return (
    <div className="allocation-findings" role="status">
      <ToneMark tone="action" />
      <ul>{(isOpen ? rows : [first]).map(line)}</ul>
      {rows.length > 1 ? (
        <Button type="link" size="small" onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('allocations.less') : t('allocations.more', { count: rows.length - 1 })}
        </Button>
      ) : null}
      <ErrorNote error={withdraw.error} isInline />
    </div>
  );
}

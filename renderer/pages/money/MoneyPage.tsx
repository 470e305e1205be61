/** 收付记录: receipts, settlements, payments, exchanges, transfers, refunds, charges; beside the list the one under the cursor or a form. */
import { Button, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MoneyRecordKind, moneyRecordKinds } from '../../../shared/contract/money.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { MoneyTabs } from './MoneyTabs.tsx';
import { ReceiptsChart } from './ReceiptsChart.tsx';
import { DeclarationTag, RecordDetail } from './RecordDetail.tsx';
import { RecordForm } from './RecordForm.tsx';
import '../purchases/purchases.css';
import './money.css';

type Row = RowOf<'moneyRecords.list'>;
const shown = ['all', 'open', 'undeclared', 'void'] as const;
type Shown = (typeof shown)[number];

export function MoneyPage({ params }: PageProps) {
  const { t } = useTranslation();
  const kind = moneyRecordKinds.find((one) => one === textParam(params, 'kind'));
  const show = shown.find((one) => one === textParam(params, 'show')) ?? 'all';
  const year = textParam(params, 'year') ?? '';
  const text = textParam(params, 'text') ?? '';
  const isChart = textParam(params, 'chart') === '1';
  const id = numberParam(params, 'at');
  const [editing, setEditing] = useState<'new' | number | undefined>(
    textParam(params, 'add') === '1' ? 'new' : undefined,
  );
  const set = (change: Readonly<Record<string, string | number>>): void =>
    replaceParams(
      Object.fromEntries(Object.entries({ ...params, add: '', ...change }).filter(([, value]) => value !== '')),
    );
  const accountId = numberParam(params, 'accountId');
  const pages = usePages(
    'moneyRecords.list',
    {
      ...(kind === undefined ? {} : { kind }),
      ...(text === '' ? {} : { text }),
      ...(year === '' ? {} : { from: `${year}-01-01`, to: `${year}-12-31` }),
      ...(accountId === undefined ? {} : { accountId }),
      open: show === 'open',
      undeclared: show === 'undeclared',
      state: show === 'void' ? 'void' : 'entered',
    },
    { areas: ['money', 'ledger'] },
  );
  const add = (): void => {
    set({ at: '', chart: '' });
    setEditing('new');
    focusDetail('input');
  };
  const toggleChart = (): void => set({ chart: isChart ? '' : '1' });
  useKeys([
    { key: 'Ctrl+N', label: t('money.add'), run: add, isMain: true },
    { key: 'F6', label: t(isChart ? 'money.chart.list' : 'money.chart.show'), run: toggleChart },
    { key: 'Ctrl+I', label: t('money.importStatement'), run: () => navigate('import', { kind: 'statement' }) },
  ]);
  const isNarrow = editing !== undefined;
  const columns = useMemo((): Column<Row>[] => {
    const residual: Column<Row> = {
      id: 'residual',
      title: t('money.column.residual'),
      width: 100,
      align: 'right',
      render: (row) => (row.kind === 'receipt' ? <Amount value={row.residual} currency={row.currency} bare /> : null),
    };
    const list: Column<Row>[] = [
      { id: 'date', title: t('money.column.date'), width: 94, render: (row) => row.date },
      { id: 'number', title: t('money.column.number'), width: 114, render: (row) => <Code>{row.number}</Code> },
      { id: 'kind', title: t('money.column.kind'), width: 74, render: (row) => t(`money.kindShort.${row.kind}`) },
      {
        id: 'counterparty',
        title: t('money.column.counterparty'),
        render: (row) => row.counterparty || row.to?.name || row.text,
      },
      {
        id: 'amount',
        title: t('money.column.amount'),
        width: 132,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={row.currency} />,
      },
      {
        id: 'declaration',
        title: t('money.column.declaration'),
        width: 112,
        render: (row) => <DeclarationTag row={row} isShort />,
      },
    ];
    // Beside a form there is room for what tells records apart.
    if (isNarrow) return list.filter(({ id: column }) => column !== 'kind' && column !== 'declaration');
    // What is left of a receipt takes the place of its declaration where that is what is looked for.
    if (show === 'open') list.splice(-1, 1, residual);
    return list;
  }, [t, show, isNarrow]);
  const closeForm = (): void => setEditing(undefined);
  const totals = pages.first?.totals ?? [];
  const thisYear = Number(localDate().slice(0, 4));
  return (
    <Page
      title={t('money.title')}
      summary={pages.first === undefined ? undefined : t('money.summary', { n: formatCount(pages.total) })}
      actions={
        <>
          <KeyButton label={t(isChart ? 'money.chart.list' : 'money.chart.show')} keys="F6" onPress={toggleChart} />
          <KeyButton
            label={t('money.importStatement')}
            keys="Ctrl+I"
            onPress={() => navigate('import', { kind: 'statement' })}
          />
          <KeyButton kind="primary" label={t('money.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
      filters={
        <>
          <MoneyTabs active="money" />
          <Select
            className="money-kind"
            aria-label={t('money.column.kind')}
            value={kind ?? 'all'}
            onChange={(value) => set({ kind: value === 'all' ? '' : value, at: '' })}
            options={(['all', ...moneyRecordKinds] as const).map((value) => ({
              value,
              label: value === 'all' ? t('money.allKinds') : t(`money.kind.${value}`),
            }))}
          />
          <Chips
            label={t('money.shown')}
            value={show}
            onChange={(value: Shown) => set({ show: value === 'all' ? '' : value, at: '' })}
            chips={shown.map((value) => ({ value, label: t(`money.show.${value}`) }))}
          />
          <Chips
            label={t('money.year')}
            value={year === '' ? 'all' : year}
            onChange={(value) => set({ year: value === 'all' ? '' : value, at: '' })}
            chips={['all', String(thisYear), String(thisYear - 1)].map((value) => ({
              value,
              label: value === 'all' ? t('money.allYears') : value,
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('money.search')}
            keyLabel={t('money.searchKey')}
          />
          {accountId === undefined ? null : (
            <Button size="small" onClick={() => set({ accountId: '' })}>
              {t('money.ofAccount')} ×
            </Button>
          )}
        </>
      }
      dock={totals.length === 0 ? undefined : <TotalsLine totals={totals} />}
    >
      {isChart ? (
        <ReceiptsChart kind={kind ?? 'receipt'} to={year === '' ? localDate() : `${year}-12-31`} />
      ) : (
        <Split
          ratio={editing === undefined ? 'even' : 'detail'}
          list={
            <DataTable
              label={t('money.title')}
              pages={pages}
              rowKey={(row) => row.id}
              columns={columns}
              autoFocus
              activeKey={id}
              onActivate={(row) => {
                closeForm();
                set({ at: row.id });
              }}
              onOpen={(row) => {
                closeForm();
                set({ at: row.id });
                focusDetail();
              }}
              rowTone={(row) => (row.state === 'void' ? 'muted' : row.ledger === 'waiting' ? 'action' : undefined)}
              empty={
                <EmptyState
                  title={t('money.empty')}
                  hint={t('money.emptyHint')}
                  actions={
                    <>
                      <KeyButton label={t('money.add')} keys="Ctrl+N" onPress={add} />
                      <Button onClick={() => navigate('moneyAccounts')}>{t('money.toAccounts')}</Button>
                    </>
                  }
                />
              }
            />
          }
          detail={
            editing !== undefined ? (
              <RecordForm
                key={editing}
                kind={kind ?? 'receipt'}
                {...(editing === 'new' ? {} : { id: editing })}
                onSaved={(saved) => {
                  closeForm();
                  set({ at: saved.id });
                }}
                onClose={closeForm}
              />
            ) : id !== undefined ? (
              <RecordDetail key={id} id={id} onEdit={() => setEditing(id)} onClose={() => set({ at: '' })} />
            ) : (
              <DetailPlaceholder text={t('money.choose')} />
            )
          }
        />
      )}
    </Page>
  );
}

type Total = NonNullable<ReturnType<typeof usePages<'moneyRecords.list'>>['first']>['totals'][number];

/** What all the records of the list come to, by kind and currency; RMB from abroad (跨境人民币) apart from RMB at home. */
function TotalsLine({ totals }: { readonly totals: readonly Total[] }) {
  const { t } = useTranslation();
  const word = ({ kind, currency, crossBorder }: Total): string => {
    const short = t(`money.kindShort.${kind as MoneyRecordKind}`);
    return currency === 'CNY' && crossBorder ? t('money.crossBorderCny', { kind: short }) : short;
  };
  return (
    <div className="money-totals" data-testid="money-totals">
      {totals.map((total) => (
        <span key={`${total.kind} ${total.currency} ${total.crossBorder}`}>
          <span className="muted">{word(total)}</span> <Amount value={total.amount} currency={total.currency} />{' '}
          <span className="muted">{t('money.times', { n: formatCount(total.records) })}</span>
          {total.kind === 'receipt' && !/^0(\.0*)?$/.test(total.residual) ? (
            <>
              {' '}
              <ToneMark tone="action" /> <span className="muted">{t('money.column.residual')}</span>{' '}
              <Amount value={total.residual} currency={total.currency} bare />
            </>
          ) : null}
        </span>
      ))}
    </div>
  );
}

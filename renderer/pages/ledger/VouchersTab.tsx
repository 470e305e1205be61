/** The vouchers of a period: search, filter by where they come from, Enter opens one. */
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { amountColumn, countColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { useRuleName } from './rule-name.ts';
import { usePrint } from './use-print.tsx';

type Row = RowOf<'vouchers.list'>;
const ALL = 'all';

export function VouchersTab({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const ruleName = useRuleName();
  const periods = useQuery('periods.list', {}, { areas: ['ledger'] });
  const rules = useQuery('postingRules.list', { date: localDate() });
  const period = textParam(params, 'period') ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const rule = textParam(params, 'rule') ?? ALL;
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages(
    'vouchers.list',
    {
      ...(period === ALL ? {} : { period }),
      ...(text === '' ? {} : { text }),
      ...(rule === ALL ? {} : { rule }),
    },
    { areas: ['ledger'] },
  );
  const print = usePrint();
  const isMonth = period !== ALL;
  const printMonth = (): void => {
    if (isMonth) void print.start({ period }, period);
  };
  useKeys([
    { key: 'Enter', label: t('ledger.key.open'), isMain: true },
    { key: 'F9', label: t('ledger.printMonth'), run: printMonth, isEnabled: isMonth },
    { key: 'Ctrl+P', label: t('ledger.printMonth'), run: printMonth, isEnabled: isMonth },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'date', title: t('ledger.column.date'), width: 100, render: (row) => row.date },
      {
        id: 'label',
        title: t('ledger.column.voucher'),
        width: 156,
        render: (row) => (
          <button type="button" className="link" tabIndex={-1} onClick={() => navigate('voucher', { id: row.id })}>
            <Code>{row.label}</Code>
          </button>
        ),
      },
      { id: 'text', title: t('ledger.column.text'), render: (row) => <span title={row.text}>{row.text}</span> },
      { id: 'rule', title: t('ledger.rule'), width: 200, render: (row) => ruleName(row.rule) },
      countColumn('lines', t('ledger.column.lines'), 70, (row) => row.lines),
      amountColumn('amount', t('ledger.column.amountCny'), 140, (row) => row.debitCny),
      {
        id: 'reversal',
        title: t('ledger.column.reversal'),
        width: 128,
        render: (row) =>
          row.reversedBy !== undefined ? (
            <ToneTag tone="action" label={t('ledger.reversedBy')} />
          ) : row.reverses !== undefined ? (
            <ToneTag tone="action" label={t('ledger.reverses')} />
          ) : null,
      },
    ],
    [t, ruleName],
  );
  const months = periods.data?.rows ?? [];
  const latestMonths = [...months].sort((a, b) => (a.period < b.period ? 1 : -1)).slice(0, 4);
  const isFiltered = period !== ALL || text !== '' || rule !== ALL;
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <Chips
          label={t('ledger.period')}
          value={period}
          onChange={(value) => set({ period: value === ALL ? '' : value })}
          chips={[
            { value: ALL, label: t('common.all'), count: period === ALL ? pages.first?.total : undefined },
            ...latestMonths.map((one) => ({ value: one.period, label: one.period, count: one.vouchers })),
          ]}
        />
        {months.length > latestMonths.length || !latestMonths.some((one) => one.period === period) ? (
          <Select
            className="ledger-period"
            aria-label={t('ledger.period')}
            value={period}
            onChange={(value) => set({ period: value === ALL ? '' : value })}
            options={[
              { value: ALL, label: t('ledger.allPeriods') },
              ...months.map((one) => ({ value: one.period, label: one.period })),
            ]}
          />
        ) : null}
        <Select
          className="ledger-rule"
          aria-label={t('ledger.rule')}
          value={rule}
          onChange={(value) => set({ rule: value === ALL ? '' : value })}
          options={[
            { value: ALL, label: t('ledger.allRules') },
            { value: 'manual', label: ruleName('manual') },
            ...(rules.data?.rows ?? []).map((one) => ({ value: one.id, label: ruleName(one.id) })),
          ]}
        />
        <SearchInput
          value={text}
          onChange={(value) => set({ text: value })}
          placeholder={t('ledger.searchVouchers')}
          keyLabel={t('ledger.key.search')}
        />
        <span className="muted ledger-count">
          {pages.status === 'ready'
            ? t('ledger.vouchers', { count: pages.total, shown: formatCount(pages.total) })
            : ''}
        </span>
        <span className="spacer" />
        <KeyButton
          label={isMonth ? t('ledger.printOf', { period }) : t('ledger.printMonth')}
          keys="Ctrl+P"
          isBusy={print.isRunning}
          isDisabled={!isMonth}
          onPress={printMonth}
        />
      </div>
      {print.notice}
      <ErrorNote error={periods.error} onRetry={periods.reload} />
      <DataTable
        label={t('ledger.tab.vouchers')}
        autoFocus
        pages={pages}
        columns={columns}
        rowKey={(row) => row.id}
        rowTone={(row) => (row.reversedBy === undefined ? undefined : 'muted')}
        onOpen={(row) => navigate('voucher', { id: row.id })}
        empty={
          isFiltered ? (
            <EmptyState title={t('ledger.noMatch')} hint={t('ledger.noMatchHint')} />
          ) : (
            <EmptyState
              title={t('ledger.empty')}
              hint={t('ledger.emptyHint')}
              actions={
                <>
                  <KeyButton label={t('ledger.goDeclarations')} onPress={() => navigate('declarations')} />
                  <KeyButton
                    kind="primary"
                    label={t('ledger.tab.entry')}
                    onPress={() => navigate('ledger', { tab: 'entry' })}
                  />
                </>
              }
            />
          )
        }
      />
    </div>
  );
}

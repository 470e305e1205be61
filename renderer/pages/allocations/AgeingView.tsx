/** 账龄: how long receipts wait for their orders and orders for their money, as bars and as figures. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ageBuckets } from '../../../shared/contract/allocations.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { Chips } from '../../components/Chips.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';

type Row = OutputOf<'allocations.ageing'>['rows'][number];

interface BucketRow {
  readonly at: number;
  readonly label: string;
  readonly receipts: string;
  readonly receiptCount: number;
  readonly targets: string;
  readonly targetCount: number;
}

export function AgeingView() {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('allocations.ageing', {}, { areas: ['money', 'matching', 'orders', 'tax'] });
  const currencies = [...new Set(data?.rows.map(({ currency }) => currency))].sort();
  const [wanted, setWanted] = useState<string>();
  const currency = currencies.find((one) => one === wanted) ?? busiest(data?.rows) ?? '';
  const labels = useMemo(
    () =>
      [...ageBuckets, undefined].map((to, at) => {
        const from = (ageBuckets[at - 1] ?? -1) + 1;
        return to === undefined ? t('allocations.ageing.over', { from }) : t('allocations.ageing.days', { from, to });
      }),
    [t],
  );
  const rows = useMemo((): BucketRow[] => {
    const of = (side: Row['side']) => data?.rows.find((row) => row.side === side && row.currency === currency);
    const [receipts, targets] = [of('receipts'), of('targets')];
    return labels.map((label, at) => ({
      at,
      label,
      receipts: receipts?.amounts[at] ?? '0',
      receiptCount: receipts?.counts[at] ?? 0,
      targets: targets?.amounts[at] ?? '0',
      targetCount: targets?.counts[at] ?? 0,
    }));
  }, [data, currency, labels]);
  const columns = useMemo((): Column<BucketRow>[] => {
    const amount = (id: 'receipts' | 'targets'): Column<BucketRow> => ({
      id,
      title: t(`allocations.ageing.${id}`),
      width: 160,
      align: 'right',
      render: (row) => <Amount value={row[id]} currency={currency} bare />,
    });
    const count = (id: 'receiptCount' | 'targetCount'): Column<BucketRow> => ({
      id,
      title: t('allocations.ageing.count'),
      width: 80,
      align: 'right',
      render: (row) => formatCount(row[id]),
    });
    return [
      { id: 'label', title: t('allocations.ageing.age'), render: (row) => row.label },
      amount('receipts'),
      count('receiptCount'),
      amount('targets'),
      count('targetCount'),
    ];
  }, [t, currency]);
  if (data === undefined) return error === undefined ? <Skeleton /> : <ErrorNote error={error} onRetry={reload} />;
  if (currencies.length === 0)
    return (
      <Panel isPlain>
        <EmptyState title={t('allocations.ageing.empty')} hint={t('allocations.ageing.emptyHint')} />
      </Panel>
    );
  return (
    <div className="allocation-ageing">
      <Chips
        label={t('allocations.ageing.currency')}
        value={currency}
        onChange={setWanted}
        chips={currencies.map((value) => ({ value, label: value }))}
      />
      <Panel
        title={t('allocations.ageing.title', { currency })}
        extra={t('allocations.ageing.asOf', { date: data.asOf })}
      >
        <AgeBars rows={rows} currency={currency} />
      </Panel>
      <DataTable
        label={t('allocations.view.ageing')}
        pages={plainPages(rows)}
        rowKey={(row) => row.at}
        columns={columns}
        empty={null}
        fit
      />
    </div>
  );
}

/** The currency with most open items. */
function busiest(rows: readonly Row[] | undefined): string | undefined {
  const counts = new Map<string, number>();
  for (const { currency, counts: each } of rows ?? [])
    counts.set(currency, (counts.get(currency) ?? 0) + each.reduce((sum, one) => sum + one, 0));
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0];
}

function AgeBars({ rows, currency }: { readonly rows: readonly BucketRow[]; readonly currency: string }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const option = useMemo((): ChartOption => {
    const { categoryAxis, frame, valueAxis } = chartLook(palette, scale);
    const bars = (name: string, color: string, values: readonly string[]) => ({
      type: 'bar' as const,
      name,
      barMaxWidth: 28,
      itemStyle: { color },
      // A picture needs no cents: the table below has them.
      data: values.map((value) => (Number(value) === 0 ? '-' : Number(value))),
    });
    return {
      ...frame,
      grid: { ...frame.grid, bottom: 8 * scale },
      xAxis: { ...categoryAxis, data: rows.map(({ label }) => label) },
      yAxis: valueAxis,
      series: [
        bars(
          t('allocations.ageing.receipts'),
          palette.tone.waiting.mark,
          rows.map(({ receipts }) => receipts),
        ),
        bars(
          t('allocations.ageing.targets'),
          palette.tone.action.mark,
          rows.map(({ targets }) => targets),
        ),
      ],
    };
  }, [rows, palette, scale, t]);
  const words = rows
    .filter(({ receiptCount, targetCount }) => receiptCount + targetCount > 0)
    .map(({ label, receipts, targets }) => t('allocations.ageing.words', { label, receipts, targets, currency }))
    .join(t('money.semicolon'));
  return <Chart option={option} summary={words} />;
}

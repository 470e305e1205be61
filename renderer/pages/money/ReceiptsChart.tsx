import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MoneyRecordKind } from '../../../shared/contract/money.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';

/** The months of a year to a month, as the axis shows them. */
function monthsTo(last: string, count: number): string[] {
  const [year = 0, month = 0] = last.split('-').map(Number);
  return Array.from({ length: count }, (_, at) => {
    const index = year * 12 + month - count + at;
    return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  });
}

/** Money by month, stacked by currency, in USD at the rates of its days: what counts against the thresholds. */
export function ReceiptsChart({ kind, to }: { readonly kind: MoneyRecordKind; readonly to: string }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const months = useMemo(() => monthsTo(to.slice(0, 7), 12), [to]);
  const from = `${months[0] ?? to.slice(0, 7)}-01`;
  const answer = useQuery('moneyRecords.byMonth', { from, to, kind }, { areas: ['money', 'ledger'] });
  const rows = answer.data?.rows;
  const currencies = useMemo(() => [...new Set((rows ?? []).map(({ currency }) => currency))], [rows]);
  const option = useMemo((): ChartOption => {
    const { categoryAxis, frame, text } = chartLook(palette, scale);
    const tones = [
      palette.tone.ready.mark,
      palette.tone.waiting.mark,
      palette.tone.accepted.mark,
      palette.tone.action.mark,
      palette.tone.draft.mark,
    ];
    return {
      ...frame,
      tooltip: {
        ...frame.tooltip,
        valueFormatter: (value) =>
          value === '-' || value === undefined ? '–' : `USD ${formatAmount(String(value), 2)}`,
      },
      xAxis: { ...categoryAxis, data: months },
      yAxis: {
        type: 'value',
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: { ...text, formatter: (value: number) => formatAmount(String(value)) },
      },
      series: currencies.map((currency, at) => ({
        type: 'bar' as const,
        name: currency,
        stack: 'all',
        barMaxWidth: 36,
        itemStyle: { color: tones[at % tones.length] ?? palette.muted, borderColor: palette.panel, borderWidth: 1 },
        // A picture needs no cents exactly: the list has them.
        data: months.map((month) => {
          const usd = rows?.find((row) => row.month === month && row.currency === currency)?.usd ?? '0';
          return Number(usd) === 0 ? '-' : Number(usd);
        }),
      })),
    };
  }, [months, currencies, rows, palette, scale]);
  const withoutRate = (rows ?? []).reduce((sum, row) => sum + row.withoutRate, 0);
  const words = (rows ?? [])
    .map(({ month, currency, amount, usd }) => t('money.chart.words', { month, currency, amount, usd }))
    .join(t('money.semicolon'));
  return (
    <Panel
      title={t('money.chart.title', { kind: t(`money.kind.${kind}`) })}
      extra={withoutRate === 0 ? t('money.chart.unit') : t('money.chart.withoutRate', { n: withoutRate })}
    >
      <ErrorNote error={answer.error} onRetry={answer.reload} />
      {rows !== undefined && rows.length === 0 ? (
        <p className="panel-pad muted">{t('money.chart.none')}</p>
      ) : (
        <div className="money-chart">
          <Chart option={option} summary={words} />
        </div>
      )}
    </Panel>
  );
}

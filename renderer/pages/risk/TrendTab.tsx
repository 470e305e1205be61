/** 趋势: flags found and closed by month over a year. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { fontFamily } from '../../theme/palette.ts';

type Month = OutputOf<'redFlags.trend'>['rows'][number];

/** What is counted of a month, in the order of its bars. */
const figures = ['seen', 'high', 'closed'] as const;

/** The flags behind a figure of a month. */
const toFlags = (figure: (typeof figures)[number], month: string): void =>
  navigate(
    'risk',
    figure === 'closed' ? { closedIn: month } : { seenIn: month, ...(figure === 'high' ? { severity: 'high' } : {}) },
  );

export function TrendTab({ tabs }: { readonly tabs: ReactNode }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const trend = useQuery('redFlags.trend', { to: localDate() }, { areas: ['risk'] });
  const rows = trend.data?.rows;
  useKeys([{ key: 'Enter', label: t('risk.trend.flags'), isMain: true }]);
  const option = useMemo((): ChartOption => {
    const text = { color: palette.muted, fontFamily, fontSize: Math.round(12 * scale) };
    const bar = (name: string, color: string, of: (row: Month) => number) => ({
      ...{ type: 'bar' as const, name, barMaxWidth: 22, itemStyle: { color } },
      data: (rows ?? []).map(of),
    });
    return {
      animation: false,
      textStyle: { fontFamily },
      grid: { left: 4, right: 4, top: 34 * scale, bottom: 0, containLabel: true },
      legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, textStyle: text, selectedMode: false },
      tooltip: {
        ...{ trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'none' } },
        ...{ backgroundColor: palette.panel, borderColor: palette.lineStrong },
        textStyle: { color: palette.text, fontFamily, fontSize: Math.round(12 * scale) },
      },
      xAxis: {
        type: 'category',
        data: (rows ?? []).map(({ month }) => month),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette.lineStrong } },
        axisLabel: { ...text, hideOverlap: true },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: text,
      },
      series: [
        bar(t('risk.trend.seen'), palette.tone.action.mark, ({ seen }) => seen),
        bar(t('risk.trend.high'), palette.tone.rejected.mark, ({ high }) => high),
        bar(t('risk.trend.closed'), palette.tone.accepted.mark, ({ closed }) => closed),
      ],
    };
  }, [rows, palette, scale, t]);
  const columns = useMemo(
    (): readonly Column<Month>[] => [
      { id: 'month', title: t('risk.trend.month'), render: (row) => row.month },
      ...figures.map(
        (id): Column<Month> => ({
          ...{ id, title: t(`risk.trend.${id}`), width: 160, align: 'right' },
          render: (row) =>
            row[id] === 0 ? (
              formatCount(0)
            ) : (
              <button type="button" className="link" onClick={() => toFlags(id, row.month)}>
                {formatCount(row[id])}
              </button>
            ),
        }),
      ),
    ],
    [t],
  );
  const shown = [...(rows ?? [])].reverse();
  return (
    <Page title={t('risk.title')} summary={t('risk.trend.summary')} filters={tabs}>
      <Panel title={t('risk.trend.title')}>
        <div className="risk-trend">
          <Chart
            option={option}
            onPress={({ series, at }) => {
              const [figure, row] = [figures[series], rows?.[at]];
              if (figure !== undefined && row !== undefined) toFlags(figure, row.month);
            }}
            summary={(rows ?? [])
              .map(({ month, seen, closed }) => t('risk.trend.words', { month, seen, closed }))
              .join(t('risk.trend.apart'))}
          />
        </div>
      </Panel>
      <DataTable<Month>
        label={t('risk.tab.trend')}
        pages={plainPages(shown, trend.error, trend.reload)}
        columns={columns}
        rowKey={(row) => row.month}
        autoFocus
        onOpen={({ month, seen, closed }) => toFlags(seen === 0 && closed > 0 ? 'closed' : 'seen', month)}
        empty={<EmptyState title={t('risk.emptyFilter')} hint={t('risk.emptyHint')} />}
      />
    </Page>
  );
}

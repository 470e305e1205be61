/** 趋势: flags found and closed by month over a year. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';

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
    const { categoryAxis, frame, valueAxis } = chartLook(palette, scale);
    const bar = (name: string, color: string, of: (row: Month) => number) => ({
      ...{ type: 'bar' as const, name, barMaxWidth: 22, itemStyle: { color } },
      data: (rows ?? []).map(of),
    });
    return {
      ...frame,
      xAxis: { ...categoryAxis, data: (rows ?? []).map(({ month }) => month) },
      yAxis: { ...valueAxis, minInterval: 1 },
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

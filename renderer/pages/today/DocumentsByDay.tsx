import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { Panel } from '../../components/Page.tsx';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';

/** No bar at all for nothing: the border of an empty one would draw a dash on the axis. */
function bar(count: number): number | '-' {
  return count === 0 ? '-' : count;
}

/** Declarations by day of their receipt: accepted below, rejected above. Told apart by place and legend, not by colour alone. */
export function DocumentsByDay({ days }: { readonly days: OutputOf<'today.get'>['days'] }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const accepted = days.reduce((sum, day) => sum + day.accepted, 0);
  const rejected = days.reduce((sum, day) => sum + day.rejected, 0);
  const option = useMemo((): ChartOption => {
    const { categoryAxis, frame, valueAxis } = chartLook(palette, scale);
    return {
      ...frame,
      xAxis: { ...categoryAxis, data: days.map((day) => day.date.slice(5).replace(/^0/, '')) },
      yAxis: { ...valueAxis, minInterval: 1 },
      series: [
        {
          type: 'bar',
          name: t('today.chart.accepted'),
          stack: 'all',
          barMaxWidth: 20,
          itemStyle: { color: palette.tone.accepted.mark },
          data: days.map((day) => bar(day.accepted)),
        },
        {
          type: 'bar',
          name: t('today.chart.rejected'),
          stack: 'all',
          barMaxWidth: 20,
          itemStyle: { color: palette.tone.rejected.mark, borderColor: palette.panel, borderWidth: 1 },
          data: days.map((day) => bar(day.rejected)),
        },
      ],
    };
  }, [days, palette, scale, t]);
  return (
    <Panel isPlain={accepted + rejected === 0} title={t('today.chart.title')} extra={t('today.chart.range')}>
      {accepted + rejected === 0 ? (
        <p className="panel-pad muted">{t('today.chart.none')}</p>
      ) : (
        <Chart option={option} summary={t('today.chart.summary', { accepted, rejected })} />
      )}
    </Panel>
  );
}

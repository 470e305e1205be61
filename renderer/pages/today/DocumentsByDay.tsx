import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { Panel } from '../../components/Page.tsx';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { fontFamily } from '../../theme/palette.ts';

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
    const text = { color: palette.muted, fontFamily, fontSize: Math.round(12 * scale) };
    return {
      animation: false,
      textStyle: { fontFamily },
      grid: { left: 4, right: 4, top: 34 * scale, bottom: 0, containLabel: true },
      legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, textStyle: text, selectedMode: false },
      // Rich text: the page's policy lets no style attribute of an HTML tooltip through.
      tooltip: {
        trigger: 'axis',
        renderMode: 'richText',
        axisPointer: { type: 'none' },
        backgroundColor: palette.panel,
        borderColor: palette.lineStrong,
        textStyle: { color: palette.text, fontFamily, fontSize: Math.round(12 * scale) },
      },
      xAxis: {
        type: 'category',
        data: days.map((day) => day.date.slice(5).replace(/^0/, '')),
        axisTick: { show: false },
        axisLine: { lineStyle: { color: palette.lineStrong } },
        axisLabel: { ...text, hideOverlap: true },
      },
      yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: palette.line } }, axisLabel: text },
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

/**
 * One ECharts picture, tree-shaken to bars and lines on a grid, gauges, pies and treemaps, drawn as SVG so that it prints and scales with the text. `summary` says
 * in words what it shows: the picture alone is nothing to a screen reader.
 */
import {
  BarChart,
  type BarSeriesOption,
  GaugeChart,
  type GaugeSeriesOption,
  LineChart,
  type LineSeriesOption,
  PieChart,
  type PieSeriesOption,
  TreemapChart,
  type TreemapSeriesOption,
} from 'echarts/charts';
import {
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  MarkAreaComponent,
  type MarkAreaComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useSize } from './use-size.ts';

use([
  BarChart,
  GaugeChart,
  LineChart,
  PieChart,
  TreemapChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  SVGRenderer,
]);

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | GaugeSeriesOption
  | LineSeriesOption
  | PieSeriesOption
  | TreemapSeriesOption
  | GridComponentOption
  | LegendComponentOption
  | MarkAreaComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
>;

/** What was pressed: which series, and which of its data, both from 0. */
export interface ChartPress {
  readonly series: number;
  readonly at: number;
}

/** @param onPress a bar or a part was pressed; what it does can be done without the picture too, which no key reaches */
export function Chart({
  option,
  summary,
  onPress,
}: {
  readonly option: ChartOption;
  readonly summary: string;
  readonly onPress?: (pressed: ChartPress) => void;
}) {
  const [boxRef, size] = useSize();
  const element = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | undefined>(undefined);
  const press = useRef(onPress);
  press.current = onPress;
  const isLaidOut = size.width > 0 && size.height > 0;
  useEffect(() => {
    if (!isLaidOut || element.current === null) return;
    const made = init(element.current, undefined, { renderer: 'svg' });
    chart.current = made;
    made.on('click', ({ componentType, seriesIndex, dataIndex }) => {
      if (componentType === 'series' && seriesIndex !== undefined)
        press.current?.({ series: seriesIndex, at: dataIndex });
    });
    return () => {
      made.dispose();
      chart.current = undefined;
    };
  }, [isLaidOut]);
  useEffect(() => {
    if (isLaidOut) chart.current?.setOption(option, { notMerge: true });
  }, [option, isLaidOut]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size is what asks for the resize
  useEffect(() => chart.current?.resize(), [size]);
  return (
    <div
      className="chart"
      role="img"
      aria-label={summary}
      ref={(box) => {
        element.current = box;
        boxRef(box);
      }}
    />
  );
}

/** Three bars of one currency: what orders owe, what was declared, what was received, each filled up with what explains the rest. */

import type { FlowView } from '../../../shared/contract/risk.ts';
import type { ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { formatAmount } from '../../i18n/format.ts';
import type { Palette } from '../../theme/palette.ts';

type CurrencyFlow = FlowView['currencies'][number];
/** Money as a number for drawing alone; figures on screen stay text. */
const drawn = (text: string | undefined): number => Number(text ?? '0');

export interface FlowBar {
  readonly name: string;
  readonly solid: number;
  readonly explained: number;
  readonly unexplained: number;
}

/** The bars, the orders' first. What goes the other way (too much declared, too much received) is in the solid part already. */
export function flowBars(
  flow: CurrencyFlow,
  names: Readonly<Record<'orders' | 'declared' | 'received', string>>,
): FlowBar[] {
  const leg = (name: string): { explained: number; unexplained: number } => {
    const found = flow.legs.find((one) => one.leg === name);
    const explained = (found?.reasons ?? []).reduce((sum, { amount }) => sum + drawn(amount), 0);
    return { explained: Math.max(0, explained), unexplained: Math.max(0, drawn(found?.short)) };
  };
  const net = drawn(flow.money.received) - drawn(flow.money.refunded);
  return [
    { name: names.orders, solid: drawn(flow.information.orders), explained: 0, unexplained: 0 },
    { name: names.declared, solid: drawn(flow.goods.declared), ...leg('orders-goods') },
    { name: names.received, solid: Math.max(0, net), ...leg('orders-money') },
  ];
}

export function flowOption(
  bars: readonly FlowBar[],
  words: Readonly<Record<'amount' | 'explained' | 'unexplained', string>>,
  look: { readonly palette: Palette; readonly scale: number },
): ChartOption {
  const { palette, scale } = look;
  const { frame, text, valueAxis } = chartLook(palette, scale);
  const rows = [...bars].reverse();
  const series = (name: string, color: string, of: (bar: FlowBar) => number) => ({
    type: 'bar' as const,
    name,
    stack: 'all',
    barMaxWidth: 22,
    itemStyle: { color, borderColor: palette.panel, borderWidth: 1 },
    // No bar at all for nothing: the border of an empty one would draw a dash.
    data: rows.map((bar) => (of(bar) === 0 ? '-' : of(bar))),
  });
  return {
    ...frame,
    grid: { ...frame.grid, right: 24, top: 30 * scale },
    tooltip: {
      ...frame.tooltip,
      valueFormatter: (value) => (typeof value === 'number' ? formatAmount(value.toFixed(2), 2) : ''),
    },
    xAxis: {
      ...valueAxis,
      axisLabel: { ...text, hideOverlap: true, formatter: (value: number) => formatAmount(String(value)) },
    },
    yAxis: {
      type: 'category',
      data: rows.map(({ name }) => name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.lineStrong } },
      axisLabel: { ...text, color: palette.text },
    },
    series: [
      series(words.amount, palette.accent, ({ solid }) => solid),
      series(words.explained, palette.tone.draft.mark, ({ explained }) => explained),
      series(words.unexplained, palette.tone.rejected.mark, ({ unexplained }) => unexplained),
    ],
  };
}

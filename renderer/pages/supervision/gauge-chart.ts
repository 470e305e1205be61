/** The pictures of the monitor: a gauge with its zones, the course of the year, the trend of indicators. */
import type { GaugesView } from '../../../shared/contract/supervision.ts';
import type { ChartOption } from '../../components/Chart.tsx';
import { formatAmount } from '../../i18n/format.ts';
import { fontFamily, type Palette } from '../../theme/palette.ts';

/** Money as a number for drawing alone; figures on screen stay text. */
const drawn = (text: string): number => Number(text);
/** Of the scale that a gauge shows, so that what is over the limit is still on it. */
const beyond = 1.25;

export interface Look {
  readonly palette: Palette;
  /** Text size of the desk, 1 at 100 %. */
  readonly scale: number;
  /** An amount on an axis: `20万`, `200k`. */
  readonly short: (amount: number) => string;
}

const textOf = ({ palette, scale }: Look, size = 12) => ({
  color: palette.muted,
  fontFamily,
  fontSize: Math.round(size * scale),
});

/** Year to date on a half circle: green, amber from the warning, red from the limit. */
export function gaugeOption(
  usd: string,
  limits: { readonly limit: string; readonly warnFrom: string },
  look: Look,
): ChartOption {
  const { palette, scale } = look;
  const [limit, warn, value] = [drawn(limits.limit), drawn(limits.warnFrom), drawn(usd)];
  const max = Math.max(limit * beyond, 1);
  const zone = (upTo: number, color: string): [number, string] => [Math.min(1, upTo / max), color];
  const tone = value >= limit ? palette.tone.rejected : value >= warn ? palette.tone.action : palette.tone.accepted;
  return {
    animation: false,
    textStyle: { fontFamily },
    series: [
      {
        type: 'gauge',
        startAngle: 200,
        endAngle: -20,
        min: 0,
        max,
        radius: '98%',
        center: ['50%', '62%'],
        axisLine: {
          lineStyle: {
            width: 14 * scale,
            color: [
              zone(warn, palette.tone.accepted.mark),
              zone(limit, palette.tone.action.mark),
              [1, palette.tone.rejected.mark],
            ],
          },
        },
        splitNumber: 5,
        axisTick: { show: false },
        splitLine: { length: 8 * scale, lineStyle: { color: palette.panel, width: 1 } },
        axisLabel: {
          ...textOf(look, 10),
          distance: 18 * scale,
          formatter: look.short,
        },
        pointer: { length: '72%', width: 5 * scale, itemStyle: { color: palette.text } },
        anchor: { show: true, size: 8 * scale, itemStyle: { color: palette.text } },
        title: { show: false },
        detail: {
          offsetCenter: [0, '38%'],
          formatter: () => formatAmount(usd, 2),
          color: tone.text,
          fontFamily,
          fontSize: Math.round(18 * scale),
          fontWeight: 600,
        },
        data: [{ value: Math.min(value, max) }],
      },
    ],
  };
}

/** Receipts and payments by month as bars, what they have come to as lines, with the warning and the limit across. */
export function courseOption(
  view: Pick<GaugesView, 'receipts' | 'payments' | 'limitUsd' | 'warnFromUsd'>,
  words: {
    readonly receipts: string;
    readonly payments: string;
    readonly receiptsSum: string;
    readonly paymentsSum: string;
    readonly warn: string;
    readonly limit: string;
  },
  look: Look,
): ChartOption {
  const { palette, scale } = look;
  const text = textOf(look);
  const [limit, warn] = [drawn(view.limitUsd), drawn(view.warnFromUsd)];
  const sides = [
    ['receipts', palette.tone.ready.mark, words.receipts, words.receiptsSum],
    ['payments', palette.tone.waiting.mark, words.payments, words.paymentsSum],
  ] as const;
  const top = Math.max(
    ...sides.flatMap(([side]) => view[side].months.map(({ cumulativeUsd }) => drawn(cumulativeUsd))),
  );
  // Far above the limit both lines lie on each other: one name is enough.
  const isFarAbove = top > limit * 4;
  const line = (at: number, name: string, color: string, position: 'insideStartTop' | 'insideStartBottom') => ({
    yAxis: at,
    name,
    lineStyle: { color, type: 'dashed' as const, width: 1 },
    label: { show: !isFarAbove || at === limit, formatter: name, position, ...text, color },
  });
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 8, right: 12, top: 34 * scale, bottom: 4, containLabel: true },
    legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, textStyle: text, selectedMode: false },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: palette.panel,
      borderColor: palette.lineStrong,
      textStyle: { ...text, color: palette.text },
      valueFormatter: (value) => formatAmount(typeof value === 'number' ? value.toFixed(2) : '', 2),
    },
    xAxis: {
      type: 'category',
      data: view.receipts.months.map(({ month }) => month.slice(5)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.lineStrong } },
      axisLabel: text,
    },
    yAxis: {
      type: 'value',
      // The limit stays in the picture while the year is young.
      ...(top < limit * 1.1 ? { max: limit * 1.1 } : {}),
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { ...text, formatter: look.short },
    },
    series: sides.flatMap(([side, color, bar, sum], at) => [
      {
        type: 'bar' as const,
        name: bar,
        barMaxWidth: 18,
        itemStyle: { color },
        data: view[side].months.map(({ usd }) => (drawn(usd) === 0 ? '-' : drawn(usd))),
      },
      {
        type: 'line' as const,
        name: sum,
        symbolSize: 5,
        lineStyle: { color, width: 2 },
        itemStyle: { color },
        data: view[side].months.map(({ cumulativeUsd }) => drawn(cumulativeUsd)),
        ...(at === 0 && limit > 0
          ? {
              markLine: {
                silent: true,
                symbol: 'none',
                data: [
                  line(warn, words.warn, palette.tone.action.text, 'insideStartBottom'),
                  line(limit, words.limit, palette.tone.rejected.text, 'insideStartTop'),
                ],
              },
            }
          : {}),
      },
    ]),
  };
}

/** 1, 2 or 5 times a power of ten, so that a range has at most six steps. */
function niceStep(range: number): number {
  const rough = Math.max(range, 1) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? power * 10;
}

/** An indicator over its periods, with the band it should keep. */
export function trendOption(
  periods: readonly { readonly month: string; readonly value: string | null }[],
  band: { readonly low: number; readonly high: number; readonly word: string },
  look: Look,
): ChartOption {
  const { palette, scale } = look;
  const text = textOf(look);
  const values = periods.flatMap(({ value }) => (value === null ? [] : [Number(value)]));
  const step = niceStep(Math.max(...values, band.high) - Math.min(...values, band.low));
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 8, right: 12, top: 14 * scale, bottom: 4, containLabel: true },
    tooltip: {
      trigger: 'axis',
      renderMode: 'richText',
      backgroundColor: palette.panel,
      borderColor: palette.lineStrong,
      textStyle: { ...text, color: palette.text },
      valueFormatter: (value) => (typeof value === 'number' ? `${value.toFixed(2)} %` : '–'),
    },
    xAxis: {
      type: 'category',
      data: periods.map(({ month }) => month.slice(2)),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.lineStrong }, onZero: false },
      axisLabel: { ...text, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: (Math.floor(Math.min(...values, band.low) / step) - 1) * step,
      max: (Math.ceil(Math.max(...values, band.high) / step) + 1) * step,
      interval: step,
      splitLine: { lineStyle: { color: palette.line } },
      axisLabel: { ...text, formatter: (at: number) => `${Math.round(at)}%` },
    },
    series: [
      {
        type: 'line',
        symbolSize: 6,
        lineStyle: { color: palette.tone.ready.mark, width: 2 },
        itemStyle: { color: palette.tone.ready.mark },
        data: periods.map(({ value }) => (value === null ? '-' : Number(value))),
        markArea: {
          silent: true,
          itemStyle: { color: palette.tone.accepted.mark, opacity: 0.1 },
          label: { ...text, position: 'insideTopLeft' },
          data: [[{ yAxis: band.low, name: band.word }, { yAxis: band.high }]],
        },
      },
    ],
  };
}

import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { groupTexts } from '../../../shared/payouts/index.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { formatAmount } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { fontFamily } from '../../theme/palette.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { waterfallBars } from './waterfall.ts';

/** Height of a bar and its gap in px at 100 % text size. */
const rowHeight = 26;

/** From gross to net: what comes in, what goes off, where it ends; every bar with its figure. */
export function Waterfall({ payout }: { readonly payout: PayoutView }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const steps = useMemo(
    () => [
      ...payout.steps.map(({ group, amount }) => ({ label: word(groupTexts[group]), amount })),
      { label: t('payouts.net'), amount: payout.total, isNet: true },
    ],
    [payout, t, word],
  );
  const option = useMemo((): ChartOption => {
    const bars = waterfallBars(steps);
    const size = Math.round(12 * scale);
    const colours = { in: palette.accent, out: palette.tone.action.mark, net: palette.tone.accepted.mark };
    const empty = { color: 'transparent' };
    const text = { color: palette.text, fontFamily, fontSize: size };
    // The figure stands at the end of the whole bar: right of what is above nought, or of what only is below it.
    const label = (at: number) => formatAmount(steps[at]?.amount ?? '');
    const drawn = (part: 'above' | 'below') =>
      bars.map((bar, at) => {
        const isLabelled =
          part === 'above' ? bar.above[1] > 0 || bar.below[1] === 0 : bar.above[1] === 0 && bar.below[1] < 0;
        return {
          value: bar[part][1],
          itemStyle: { color: colours[bar.direction] },
          label: isLabelled
            ? { show: true, position: 'right' as const, formatter: () => label(at), ...text }
            : { show: false },
        };
      });
    return {
      animation: false,
      textStyle: { fontFamily },
      grid: { left: 4, right: 92 * scale, top: 4, bottom: 0, containLabel: true },
      yAxis: {
        type: 'category',
        inverse: true,
        data: steps.map((step) => step.label),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { ...text, interval: 0 },
      },
      xAxis: {
        type: 'value',
        splitLine: { lineStyle: { color: palette.line } },
        axisLabel: { show: false },
      },
      series: [
        { type: 'bar', stack: 'all', silent: true, itemStyle: empty, data: bars.map(({ above }) => above[0]) },
        { type: 'bar', stack: 'all', silent: true, barMaxWidth: 16 * scale, data: drawn('above') },
        { type: 'bar', stack: 'all', silent: true, itemStyle: empty, data: bars.map(({ below }) => below[0]) },
        { type: 'bar', stack: 'all', silent: true, barMaxWidth: 16 * scale, data: drawn('below') },
      ],
    };
  }, [steps, palette, scale]);
  const summary = steps.map(({ label, amount }) => `${label} ${formatAmount(amount)}`).join(', ');
  return (
    <div className="payout-waterfall" style={{ height: `${steps.length * rowHeight * scale + 12}px` }}>
      <Chart option={option} summary={t('payouts.waterfallSummary', { steps: summary })} />
    </div>
  );
}

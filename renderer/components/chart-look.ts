import { fontFamily, type Palette } from '../theme/palette.ts';

/**
 * What pictures share: letters, tooltip, and the frame of bars or lines by category: a grid below its legend. Tooltips are rich text, as the
 * page's policy lets no style attribute of an HTML one through.
 *
 * @param scale of the text, 1 at 100 %
 */
export function chartLook(palette: Palette, scale: number) {
  const fontSize = Math.round(12 * scale);
  const text = { color: palette.muted, fontFamily, fontSize };
  const tooltip = {
    renderMode: 'richText' as const,
    backgroundColor: palette.panel,
    borderColor: palette.lineStrong,
    textStyle: { color: palette.text, fontFamily, fontSize },
  };
  return {
    text,
    tooltip,
    frame: {
      animation: false,
      textStyle: { fontFamily },
      grid: { left: 4, right: 4, top: 34 * scale, bottom: 0, containLabel: true },
      legend: { top: 0, right: 0, itemWidth: 10, itemHeight: 10, textStyle: text, selectedMode: false },
      tooltip: { ...tooltip, trigger: 'axis' as const, axisPointer: { type: 'none' as const } },
    },
    categoryAxis: {
      type: 'category' as const,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.lineStrong } },
      axisLabel: { ...text, hideOverlap: true },
    },
    valueAxis: { type: 'value' as const, splitLine: { lineStyle: { color: palette.line } }, axisLabel: text },
  };
}

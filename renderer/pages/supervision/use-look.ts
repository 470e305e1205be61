import { useMemo } from 'react';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import type { Look } from './gauge-chart.ts';

/** How charts are drawn on this desk: its colours, text size and way of shortening amounts. */
export function useLook(): Look {
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const language = useView((view) => view.language);
  return useMemo(
    () => ({
      palette,
      scale,
      short: (amount) => {
        if (amount === 0) return '0';
        return language === 'en'
          ? `${Number((amount / 1000).toFixed(1))}k`
          : `${Number((amount / 10_000).toFixed(2))}万`;
      },
    }),
    [palette, scale, language],
  );
}

/** Pictures of a month: thirteen months' trend, markets as a treemap, the share of each supervision mode. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { formatScaled, parseScaled } from '../../../shared/money/decimal.ts';
import { sharesBp } from '../../../shared/statistics/figures.ts';
import { navigate } from '../../app/route-store.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { fontFamily, inkOn } from '../../theme/palette.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { figureAreas, WHOLE } from './FiguresView.tsx';
import { share } from './percent.ts';

/** Markets drawn one by one; the picture of more cannot be read. */
const MOST_MARKETS = 40;

interface Part {
  readonly name: string;
  readonly amount: string;
  /** Its row among the figures; undefined of the rest that is drawn as one. */
  readonly at?: string;
}

export function PicturesView({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const options = { areas: [...figureAreas] };
  const trend = useQuery('statistics.trend', { period }, options);
  const countries = useQuery('statistics.month', { period, by: ['country'] }, options);
  const modes = useQuery('statistics.month', { period, by: ['mode'] }, options);
  const look = useMemo(() => chartLook(palette, scale), [palette, scale]);
  const tooltip = useMemo(
    () => ({ ...look.tooltip, valueFormatter: (value: unknown) => `CNY ${formatAmount(String(value), 2)}` }),
    [look],
  );
  const tones = useMemo(
    () => (['ready', 'accepted', 'waiting', 'action', 'draft'] as const).map((tone) => palette.tone[tone].mark),
    [palette],
  );
  const months = trend.data?.rows ?? [];
  const trendOption = useMemo(
    (): ChartOption => ({
      ...look.frame,
      grid: { ...look.frame.grid, top: 16 * scale },
      tooltip: { ...look.frame.tooltip, ...tooltip },
      xAxis: { ...look.categoryAxis, data: months.map((row) => row.period) },
      yAxis: {
        ...look.valueAxis,
        axisLabel: { ...look.text, formatter: (value: number) => formatAmount(String(value)) },
      },
      series: [
        {
          type: 'bar',
          barMaxWidth: 36,
          itemStyle: { color: palette.tone.ready.mark },
          data: months.map(({ amountCny }) => (Number(amountCny) === 0 ? '-' : Number(amountCny))),
        },
      ],
    }),
    [months, palette, scale, look, tooltip],
  );
  const sold = (countries.data?.rows ?? []).filter(({ amountCny }) => Number(amountCny) > 0);
  const rest = sold.slice(MOST_MARKETS);
  const markets: readonly Part[] = [
    ...sold.slice(0, MOST_MARKETS).map((row) => ({
      name: row.country === '' ? '–' : words(row.countryName),
      amount: row.amountCny,
      at: row.country,
    })),
    // What is too small to draw is drawn as one, so that shares are of the whole.
    ...(rest.length === 0
      ? []
      : [
          {
            name: t('statistics.otherMarkets', { n: formatCount(rest.length) }),
            amount: formatScaled(
              rest.reduce((sum, { amountCny }) => sum + parseScaled(amountCny, 2), 0n),
              2,
              2,
            ),
          },
        ]),
  ];
  const shares: readonly Part[] = (modes.data?.rows ?? [])
    .filter(({ amountCny }) => Number(amountCny) > 0)
    .map((row) => ({ name: `${row.mode} ${words(row.modeName)}`, amount: row.amountCny, at: row.mode }));
  const parts = (of: readonly Part[]) => {
    const bps = sharesBp(of.map(({ amount }) => Number(amount.replace('.', ''))));
    return of.map((one, at) => ({ ...one, share: share(bps[at] ?? 0) }));
  };
  const inWords = (of: readonly Part[]): string =>
    parts(of)
      .map((one) => t('statistics.shareWords', { name: one.name, share: one.share }))
      .join(' · ');
  const marketOption: ChartOption = {
    animation: false,
    textStyle: { fontFamily },
    tooltip,
    series: [
      {
        type: 'treemap',
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        left: 0,
        right: 0,
        top: 0,
        bottom: 0,
        itemStyle: { borderColor: palette.panel, gapWidth: 2 },
        label: { fontFamily, fontSize: Math.round(12 * scale) },
        data: parts(markets).map((one, at) => {
          const color = tones[at % tones.length] ?? palette.accent;
          const name = `${one.name} ${one.share}`;
          return { name, value: Number(one.amount), itemStyle: { color }, label: { color: inkOn(color) } };
        }),
      },
    ],
  };
  const shareOption: ChartOption = {
    animation: false,
    textStyle: { fontFamily },
    color: tones,
    tooltip,
    series: [
      {
        type: 'pie',
        radius: ['35%', '65%'],
        itemStyle: { borderColor: palette.panel, borderWidth: 2 },
        label: { ...look.text, overflow: 'break' },
        data: parts(shares).map((one) => ({ name: `${one.name} ${one.share}`, value: Number(one.amount) })),
      },
    ],
  };
  const toFigures = (by: 'country' | 'mode', part: Part | undefined): void => {
    if (part === undefined) return;
    navigate('statistics', { period, view: 'figures', by, ...(part.at === undefined ? {} : { at: part.at }) });
  };
  const isEmpty = months.every(({ amountCny }) => Number(amountCny) === 0);
  /** In the place of a picture: that there is nothing to draw is said once it is known. */
  const instead = ({ data, error }: { readonly data?: object | undefined; readonly error?: object | undefined }) =>
    data !== undefined ? (
      <p className="panel-pad muted">{t('statistics.noPicture')}</p>
    ) : error === undefined ? (
      <Skeleton rows={4} />
    ) : null;
  return (
    <div className="statistics-pictures">
      <Panel isPlain title={t('statistics.trend')}>
        <ErrorNote error={trend.error} onRetry={trend.reload} />
        {isEmpty ? (
          instead(trend)
        ) : (
          <div className="statistics-chart">
            <Chart
              option={trendOption}
              summary={months
                .map((row) => t('statistics.trendWords', { period: row.period, cny: formatAmount(row.amountCny, 2) }))
                .join(' · ')}
              onPress={({ at }) => {
                const month = months[at]?.period;
                if (month !== undefined)
                  navigate('statistics', { period: month, view: 'figures', by: 'all', at: WHOLE });
              }}
            />
          </div>
        )}
      </Panel>
      <Panel isPlain title={t('statistics.market')}>
        <ErrorNote error={countries.error} onRetry={countries.reload} />
        {markets.length === 0 ? (
          instead(countries)
        ) : (
          <div className="statistics-chart">
            <Chart
              option={marketOption}
              summary={inWords(markets)}
              // A treemap counts the whole as its first node.
              onPress={({ at }) => toFigures('country', markets[at - 1])}
            />
          </div>
        )}
      </Panel>
      <Panel isPlain title={t('statistics.share')}>
        <ErrorNote error={modes.error} onRetry={modes.reload} />
        {shares.length === 0 ? (
          instead(modes)
        ) : (
          <div className="statistics-chart">
            <Chart option={shareOption} summary={inWords(shares)} onPress={({ at }) => toFigures('mode', shares[at])} />
          </div>
        )}
      </Panel>
    </div>
  );
}

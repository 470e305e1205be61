/** Figures of a month in rows of their dimensions; beside them the lines of the row under the cursor. */
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { monthBefore, type StatisticsDimension, statisticsDimensions } from '../../../shared/statistics/figures.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { amountColumn, countColumn } from '../../components/columns.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { ParcelLine } from './ParcelLine.tsx';
import { growth } from './percent.ts';

export const bys = ['all', ...statisticsDimensions] as const;
type Row = OutputOf<'statistics.month'>['rows'][number];
type Line = RowOf<'statistics.lines'>;
const measures = ['amount', 'returns', 'newBuyers'] as const;

/** In the place of a row: all lines of the month. */
export const WHOLE = '*';

/** Whatever a figure is made of may have changed. */
export const figureAreas = ['orders', 'purchases', 'documents', 'ledger', 'imports'] as const;

export type Origin = NonNullable<InputOf<'statistics.lines'>['origin']>;
/** A row's key among the rows of its dimensions. */
export const rowKeyOf = (
  row: Readonly<Record<StatisticsDimension, string>>,
  dimensions: readonly StatisticsDimension[],
): string => dimensions.map((name) => row[name]).join(' ');

/** @param at the row that is shown first, or `WHOLE`; @param origin only lines that came into the book so, of the whole month */
export function FiguresView({
  period,
  by,
  at,
  origin,
}: {
  readonly period: string;
  readonly by: (typeof bys)[number];
  readonly at?: string;
  readonly origin?: Origin;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const dimensions: readonly StatisticsDimension[] = by === 'all' ? statisticsDimensions : [by];
  const view = useQuery('statistics.month', { period, by: [...dimensions] }, { areas: [...figureAreas] });
  const [key, setKey] = useState(at);
  const [isWhole, setWhole] = useState(origin !== undefined || at === WHOLE);
  const rows = view.data?.rows;
  const keyOf = (row: Row): string => rowKeyOf(row, dimensions);
  const chosen = rows?.find((row) => keyOf(row) === key) ?? rows?.[0];
  // Beside four dimensions there is place for short headings only; whole they are the headings' titles.
  const isNarrow = by === 'all';
  const heading = (id: 'mode' | 'hs2' | 'newBuyers'): ReactNode =>
    isNarrow ? (
      <span title={t(`statistics.column.${id}`)}>{t(`statistics.short.${id}`)}</span>
    ) : (
      t(`statistics.column.${id}`)
    );
  const names: Readonly<Record<StatisticsDimension, Column<Row>>> = {
    mode: {
      id: 'mode',
      title: heading('mode'),
      ...(isNarrow ? { width: 52 } : {}),
      render: (row) =>
        isNarrow ? (
          <span title={words(row.modeName)}>
            <Code>{row.mode}</Code>
          </span>
        ) : (
          <>
            <Code>{row.mode}</Code> {words(row.modeName)}
            {row.isB2b ? <ToneTag tone="ready" label={t('statistics.b2bMark')} /> : null}
          </>
        ),
    },
    country: {
      id: 'country',
      title: t('statistics.column.country'),
      ...(isNarrow ? { width: 108 } : {}),
      render: (row) => (row.country === '' ? <Code>{undefined}</Code> : words(row.countryName)),
    },
    hs2: {
      id: 'hs2',
      title: heading('hs2'),
      ...(isNarrow ? { width: 40 } : {}),
      render: (row) =>
        isNarrow ? <span title={words(row.hs2Name)}>{row.hs2}</span> : `${row.hs2} ${words(row.hs2Name)}`,
    },
    platform: {
      id: 'platform',
      title: t('statistics.column.platform'),
      ...(isNarrow ? { width: 100 } : {}),
      render: (row) => (row.platform === '' ? <Code>{undefined}</Code> : row.platform),
    },
  };
  const count = (id: 'orders' | 'returns' | 'newBuyers', width: number): Column<Row> =>
    countColumn(id, id === 'newBuyers' ? heading(id) : t(`statistics.column.${id}`), width, (row) => row[id]);
  const columns: readonly Column<Row>[] = [
    ...dimensions.map((name) => names[name]),
    count('orders', isNarrow ? 60 : 64),
    amountColumn('cny', t('statistics.column.cny'), 108, (row) => row.amountCny),
    {
      id: 'usd',
      title: t('statistics.column.usd'),
      width: 100,
      // Beside the list it stands with the row's lines.
      yields: true,
      align: 'right',
      render: (row) => <Amount value={row.amountUsd ?? undefined} currency="USD" bare />,
    },
    {
      id: 'month',
      title: t('statistics.column.month'),
      width: 84,
      align: 'right',
      render: (row) => growth(row.monthBp),
    },
    {
      id: 'year',
      title: t('statistics.column.year'),
      width: 84,
      align: 'right',
      render: (row) => growth(row.yearBp),
    },
    count('returns', 64),
    count('newBuyers', isNarrow ? 56 : 90),
  ];
  const { total, usdRate } = view.data ?? {};
  const titleOf = ({ mode, country, countryName, hs2, platform }: Row): string => {
    const parts = [mode, country === '' ? '' : words(countryName), hs2, platform].filter((text) => text !== '');
    return parts.length === 0 ? period : parts.join(' · ');
  };
  return (
    <div className="statistics-figures">
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('statistics.title')}
            autoFocus
            pages={plainPages(rows, view.error, view.reload)}
            columns={columns}
            rowKey={keyOf}
            activeKey={chosen === undefined || isWhole ? undefined : keyOf(chosen)}
            rowTone={(row) => (row.lines === 0 ? 'muted' : row.unrated > 0 ? 'action' : undefined)}
            onActivate={(row) => {
              setKey(keyOf(row));
              setWhole(false);
            }}
            onOpen={(row) => {
              setKey(keyOf(row));
              setWhole(false);
              focusDetail();
            }}
            empty={
              <EmptyState
                title={t('statistics.empty')}
                hint={t('statistics.emptyHint')}
                actions={
                  <>
                    <Button onClick={() => navigate('declarations')}>{t('area.declarations')}</Button>
                    <Button onClick={() => navigate('import', { kind: 'exportLines' })}>{t('shell.import')}</Button>
                  </>
                }
              />
            }
          />
        }
        detail={
          isWhole && total !== undefined ? (
            <Lines
              key={`${period} whole`}
              period={period}
              filter={origin === undefined ? {} : { origin }}
              title={origin === undefined ? t('statistics.whole', { period }) : t(`statistics.origin.${origin}`)}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('statistics.choose')} />
          ) : (
            <Lines
              key={`${period} ${by} ${keyOf(chosen)}`}
              period={period}
              filter={Object.fromEntries(dimensions.map((name) => [name, chosen[name]]))}
              title={titleOf(chosen)}
            />
          )
        }
      />
      <ParcelLine period={period} />
      {total === undefined ? null : (
        <p className="statistics-total">
          <button
            type="button"
            className="link"
            aria-pressed={isWhole}
            onClick={() => {
              setWhole(true);
              focusDetail();
            }}
          >
            {t('statistics.wholeLines')}
          </button>{' '}
          {t('statistics.total', {
            orders: formatCount(total.orders),
            cny: formatAmount(total.amountCny, 2),
            usd: total.amountUsd === null ? '–' : formatAmount(total.amountUsd, 2),
            returns: formatCount(total.returns),
            newBuyers: formatCount(total.newBuyers),
            month: growth(total.monthBp),
            year: growth(total.yearBp),
          })}{' '}
          <span className="muted">
            {usdRate === null ? t('statistics.noUsdRate') : t('statistics.usdRate', { rate: usdRate })}
          </span>{' '}
          {total.unrated === 0 ? null : <ToneTag tone="action" label={t('statistics.unrated', { n: total.unrated })} />}
        </p>
      )}
    </div>
  );
}

/** The months a figure is of: its own, and those it is compared with. */
const monthsOf = ['month', 'before', 'yearAgo'] as const;
const back = { month: 0, before: 1, yearAgo: 12 } as const satisfies Record<(typeof monthsOf)[number], number>;

/** The lines a figure is made of, of its month or of one it is compared with; Enter opens the paper, return or order behind one. */
function Lines({
  period,
  filter,
  title,
}: {
  readonly period: string;
  readonly filter: Readonly<Partial<Record<StatisticsDimension, string>>> & { readonly origin?: Origin };
  readonly title: string;
}) {
  const { t } = useTranslation();
  const [of, setOf] = useState<(typeof measures)[number]>('amount');
  const [when, setWhen] = useState<(typeof monthsOf)[number]>('month');
  const month = monthBefore(period, back[when]);
  const pages = usePages('statistics.lines', { period: month, of, ...filter }, { areas: [...figureAreas] });
  const columns: readonly Column<Line>[] = [
    {
      id: 'number',
      title: t('statistics.column.number'),
      render: (row) => (
        <span title={row.name}>
          <Code>{row.number}</Code>
        </span>
      ),
    },
    { id: 'date', title: t('statistics.column.date'), width: 92, render: (row) => row.date },
    amountColumn('amount', t('statistics.column.amount'), 104, (row) => row.amountCny ?? undefined),
  ];
  const open = (row: Line): void => {
    if (row.exportLineId !== undefined) navigate('purchases', { tab: 'exports', id: row.exportLineId });
    else if (row.returnId !== undefined) navigate('returns', { at: row.returnId });
    else if (row.orderId !== undefined) navigate('orders', { id: row.orderId });
  };
  const { first } = pages;
  return (
    <DetailPane title={title}>
      <div className="panel-pad">
        <Chips
          label={t('statistics.linesWhen.label')}
          value={when}
          onChange={setWhen}
          chips={monthsOf.map((value) => ({
            value,
            label: t(`statistics.linesWhen.${value}`, { period: monthBefore(period, back[value]) }),
          }))}
        />
        {filter.origin === undefined ? (
          <Chips
            label={t('statistics.linesOf.label')}
            value={of}
            onChange={setOf}
            chips={measures.map((value) => ({ value, label: t(`statistics.linesOf.${value}`) }))}
          />
        ) : null}
        {first === undefined ? null : (
          <p className="muted">
            {t('statistics.linesSum', {
              n: formatCount(first.total),
              cny: formatAmount(first.amountCny, 2),
              usd: first.amountUsd === null ? '–' : formatAmount(first.amountUsd, 2),
            })}
          </p>
        )}
      </div>
      <div className="statistics-lines">
        <DataTable
          label={t('statistics.linesOf.label')}
          pages={pages}
          columns={columns}
          rowKey={(row) => row.key}
          onOpen={open}
          empty={<EmptyState title={t('statistics.noLines')} />}
        />
      </div>
    </DetailPane>
  );
}

/** 统计月报: the month's figures and their lines, pictures, three sources side by side, B2B, and the filing. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { nextPeriod } from '../../../shared/reports/periods.ts';
import { monthBefore } from '../../../shared/statistics/figures.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { focusDetail, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { PeriodInput } from '../reports/PeriodInput.tsx';
import { B2bView } from './B2bView.tsx';
import { bys, FiguresView, type Origin } from './FiguresView.tsx';
import { PicturesView } from './PicturesView.tsx';
import { ReportView } from './ReportView.tsx';
import { SourcesView } from './SourcesView.tsx';
import './statistics.css';

const views = ['figures', 'pictures', 'sources', 'b2b', 'report'] as const;

const origins: readonly Origin[] = ['list', 'declaration', 'import'];

export function StatisticsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('statistics.list', {}, { areas: ['documents', 'sync'] });
  const asked = list.data?.rows.find(({ id }) => id === numberParam(params, 'id'));
  // A report is filed for a month that is over.
  const period = textParam(params, 'period') ?? asked?.period ?? monthBefore(localDate().slice(0, 7));
  const view = views.find((one) => one === textParam(params, 'view')) ?? (asked === undefined ? 'figures' : 'report');
  const by = bys.find((one) => one === textParam(params, 'by')) ?? 'all';
  const at = textParam(params, 'at');
  const origin = origins.find((one) => one === textParam(params, 'origin'));
  const report = list.data?.rows.find((one) => one.period === period && one.state === 'open');
  const set = (change: RouteParams): void => replaceParams({ period, view, by, ...change });
  const move = (step: 1 | -1): void => set({ period: step === 1 ? nextPeriod(period) : monthBefore(period) });
  const zone = useQuery('statistics.month', { period, by: [] }, { areas: ['orders', 'purchases', 'ledger'] }).data
    ?.zone;
  useKeys([
    { key: 'Alt+PageUp', label: t('statistics.previous'), run: () => move(-1), isMain: true },
    { key: 'Alt+PageDown', label: t('statistics.next'), run: () => move(1), isMain: true },
    {
      key: 'Ctrl+Enter',
      label: t('statistics.key.file'),
      run: () => {
        set({ view: 'report' });
        focusDetail('#statistics-file button');
      },
      isMain: true,
    },
    { key: 'Esc', label: t('statistics.key.back'), run: () => focusList() },
  ]);
  const state = report === undefined ? 'none' : report.acceptNo === null ? 'open' : 'filed';
  return (
    <Page
      title={t('statistics.title')}
      summary={[
        period,
        ...(zone === undefined ? [] : [zone === '' ? t('statistics.noZone') : zone]),
        ...(list.data === undefined ? [] : [t(`statistics.state.${state}`)]),
      ].join(' · ')}
      actions={
        <>
          <Button onClick={() => navigate('parcels', { period })}>{t('parcels.title')}</Button>
          <KeyButton label={t('statistics.previous')} keys="Alt+PageUp" onPress={() => move(-1)} />
          <PeriodInput value={period} label={t('statistics.period')} onChange={(value) => set({ period: value })} />
          <KeyButton label={t('statistics.next')} keys="Alt+PageDown" onPress={() => move(1)} />
        </>
      }
      filters={
        <>
          <Chips
            label={t('statistics.view.label')}
            value={view}
            onChange={(value) => set({ view: value })}
            chips={views.map((value) => ({ value, label: t(`statistics.view.${value}`) }))}
          />
          {view === 'figures' ? (
            <Chips
              label={t('statistics.by.label')}
              value={by}
              onChange={(value) => set({ by: value })}
              chips={bys.map((value) => ({ value, label: t(`statistics.by.${value}`) }))}
            />
          ) : null}
        </>
      }
      notice={<ErrorNote error={list.error} onRetry={list.reload} />}
    >
      {view === 'figures' ? (
        <FiguresView
          key={`${period} ${by} ${at ?? ''} ${origin ?? ''}`}
          period={period}
          by={by}
          {...(at === undefined ? {} : { at })}
          {...(origin === undefined ? {} : { origin })}
        />
      ) : null}
      {view === 'pictures' ? <PicturesView period={period} /> : null}
      {view === 'sources' ? <SourcesView period={period} /> : null}
      {view === 'b2b' ? <B2bView period={period} /> : null}
      {view === 'report' && list.data !== undefined ? (
        <ReportView key={`${period} ${report?.id}`} period={period} report={report} onChange={list.reload} />
      ) : null}
    </Page>
  );
}

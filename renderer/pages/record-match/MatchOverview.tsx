import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type MatchSettings, matchEffects } from '../../../shared/contract/record-match.ts';
import { matchDirections } from '../../../shared/matching/record-match.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Chart, type ChartOption } from '../../components/Chart.tsx';
import { chartLook } from '../../components/chart-look.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts } from '../../components/Page.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import { useCertificate } from './use-certificate.ts';

type Summary = OutputOf<'match.summary'>;

/** Beside the bucket while nothing is chosen: how much agrees by day, the certificate, and what the match does before the queue. */
export function MatchOverview({ summary }: { readonly summary: Summary }) {
  const { t } = useTranslation();
  const { orders, passed, excepted, payments, orphans, lastRun, days } = summary;
  const rate = (count: number): string => (orders === 0 ? '–' : `${((count / orders) * 100).toFixed(1)} %`);
  return (
    <DetailPane title={t('recordMatch.overview')}>
      <Facts
        columns={2}
        rows={[
          [t('recordMatch.figure.passed'), `${formatCount(passed)} · ${rate(passed)}`],
          [t('recordMatch.figure.excepted'), formatCount(excepted)],
          [t('recordMatch.figure.payments'), formatCount(payments)],
          [t('recordMatch.figure.orphans'), formatCount(orphans)],
        ]}
      />
      <DetailSection title={t('recordMatch.chart.title')}>
        <div className="match-overview">
          {days.length === 0 ? <p className="muted">{t('recordMatch.chart.none')}</p> : <RateByDay days={days} />}
        </div>
      </DetailSection>
      <Certificate days={days} />
      <Settings key={JSON.stringify(summary.settings)} settings={summary.settings} />
      <p className="muted match-last">
        {lastRun === undefined
          ? t('recordMatch.never')
          : t('recordMatch.lastRun', { at: formatInstant(lastRun.at), from: lastRun.rulesFrom })}{' '}
        <Button size="small" type="text" onClick={() => navigate('rules', { pack: 'record-match' })}>
          {t('recordMatch.toRules')}
        </Button>
      </p>
    </DetailPane>
  );
}

const none = (count: number): number | '-' => (count === 0 ? '-' : count);

/** Orders by day, stacked by verdict, and the share that agrees as a line. */
function RateByDay({ days }: { readonly days: Summary['days'] }) {
  const { t } = useTranslation();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const orders = days.reduce((sum, day) => sum + day.orders, 0);
  const open = days.reduce((sum, day) => sum + day.open, 0);
  const option = useMemo((): ChartOption => {
    const { categoryAxis, frame, text, valueAxis } = chartLook(palette, scale);
    const bar = (name: string, color: string, data: (number | '-')[]) => ({
      type: 'bar' as const,
      name,
      stack: 'all',
      barMaxWidth: 18,
      itemStyle: { color },
      data,
    });
    return {
      ...frame,
      xAxis: {
        ...categoryAxis,
        data: days.map((day) => day.date),
        axisLabel: { ...categoryAxis.axisLabel, formatter: (date: string) => date.slice(2) },
      },
      yAxis: [
        { ...valueAxis, minInterval: 1 },
        { type: 'value', min: 0, max: 100, splitLine: { show: false }, axisLabel: { ...text, formatter: '{value} %' } },
      ],
      series: [
        bar(
          t('recordMatch.chart.passed'),
          palette.tone.accepted.mark,
          days.map((day) => none(day.orders - day.open - day.excepted)),
        ),
        bar(
          t('recordMatch.chart.excepted'),
          palette.tone.action.mark,
          days.map((day) => none(day.excepted)),
        ),
        bar(
          t('recordMatch.chart.open'),
          palette.tone.rejected.mark,
          days.map((day) => none(day.open)),
        ),
        {
          type: 'line',
          name: t('recordMatch.chart.rate'),
          yAxisIndex: 1,
          symbol: 'none',
          lineStyle: { color: palette.tone.ready.mark, width: 2 },
          itemStyle: { color: palette.tone.ready.mark },
          data: days.map((day) => Math.round(((day.orders - day.open) / day.orders) * 1000) / 10),
        },
      ],
    };
  }, [days, palette, scale, t]);
  return (
    <div className="match-chart">
      <Chart
        option={option}
        summary={t('recordMatch.chart.summary', {
          days: days.length,
          orders: formatCount(orders),
          open: formatCount(open),
        })}
      />
    </div>
  );
}

function Certificate({ days }: { readonly days: Summary['days'] }) {
  const { t } = useTranslation();
  const certificate = useCertificate();
  const [from, setFrom] = useState(days[0]?.date ?? '');
  const [to, setTo] = useState(days.at(-1)?.date ?? '');
  const [order, setOrder] = useState('');
  const [record, setRecord] = useState('');
  const orderNo = order.trim();
  const isReady = orderNo !== '' || (from !== '' && to !== '');
  const start = (): void => {
    const number = record.trim();
    void certificate.print(
      {
        of: orderNo === '' ? { kind: 'days', from, to } : { kind: 'order', orderNo },
        ...(number === '' ? {} : { keepWith: { kind: 'record', number } }),
      },
      orderNo === '' ? t('recordMatch.certificateDays', { from, to }) : orderNo,
    );
  };
  useKeys([
    {
      key: 'F9',
      label: t('recordMatch.certificate'),
      run: start,
      isEnabled: isReady && !certificate.isRunning,
      isMain: true,
    },
  ]);
  return (
    <DetailSection title={t('recordMatch.certificate')}>
      <div className="form-grid match-overview">
        <Field id="match-from" label={t('recordMatch.from')}>
          <DateInput id="match-from" value={from} onChange={setFrom} />
        </Field>
        <Field id="match-to-day" label={t('recordMatch.to')}>
          <DateInput id="match-to-day" value={to} onChange={setTo} />
        </Field>
        <Field id="match-order" label={t('recordMatch.certificateOrder')}>
          <Input id="match-order" value={order} maxLength={100} onChange={(event) => setOrder(event.target.value)} />
        </Field>
        <Field id="match-keep" label={t('recordMatch.certificateKeep')}>
          <Input id="match-keep" value={record} maxLength={60} onChange={(event) => setRecord(event.target.value)} />
        </Field>
      </div>
      <div className="match-line match-overview">
        <KeyButton
          label={t('recordMatch.print')}
          keys="F9"
          isDisabled={!isReady}
          isBusy={certificate.isRunning}
          onPress={start}
        />
        <span className="muted">{t('recordMatch.certificateHint')}</span>
      </div>
      <ErrorNote error={certificate.error} isInline />
    </DetailSection>
  );
}

function Settings({ settings }: { readonly settings: MatchSettings }) {
  const { t } = useTranslation();
  const save = useCommand('match.saveSettings');
  const change = async (to: Partial<MatchSettings>): Promise<void> => {
    if ((await save.run({ ...settings, ...to })) !== undefined) notify(t('recordMatch.settings.saved'));
  };
  const effects = matchEffects.map((value) => ({ value, label: t(`recordMatch.effect.${value}`) }));
  return (
    <DetailSection title={t('recordMatch.settings.title')}>
      <div className="form-grid match-settings match-overview">
        <Field id="match-direction" label={t('recordMatch.settings.direction')}>
          <Select
            id="match-direction"
            value={settings.direction}
            options={matchDirections.map((value) => ({ value, label: t(`recordMatch.direction.${value}`) }))}
            onChange={(direction) => void change({ direction })}
          />
        </Field>
        <Field id="match-missing" label={t('recordMatch.settings.missing')}>
          <Select
            id="match-missing"
            value={settings.missing}
            options={effects}
            onChange={(missing) => void change({ missing })}
          />
        </Field>
        <Field id="match-contradiction" label={t('recordMatch.settings.contradiction')}>
          <Select
            id="match-contradiction"
            value={settings.contradiction}
            options={effects}
            onChange={(contradiction) => void change({ contradiction })}
          />
        </Field>
      </div>
      <p className="muted match-last">{t('recordMatch.settings.directionHelp')}</p>
      <ErrorNote error={save.error} isInline />
    </DetailSection>
  );
}

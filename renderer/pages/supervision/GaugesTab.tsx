import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type flowDirections, type GaugesView, plannedFlow } from '../../../shared/contract/supervision.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chart } from '../../components/Chart.tsx';
import { Chips } from '../../components/Chips.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { usePages, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import type { Tone } from '../../theme/palette.ts';
import { CurrencyBox } from '../money/boxes.tsx';
import { Reliability } from '../tax/Reliability.tsx';
import { useWords } from '../tax/use-words.ts';
import { FlowTable } from './FlowTable.tsx';
import { courseOption, gaugeOption } from './gauge-chart.ts';
import { Unrated } from './Unrated.tsx';
import { useLook } from './use-look.ts';

type Direction = (typeof flowDirections)[number];
const directions = ['receipts', 'payments'] as const satisfies readonly Direction[];

/** The year against list registration: a gauge a side, the course by month, and what a planned amount would do. */
export function GaugesTab() {
  const { t } = useTranslation();
  const [planned, setPlanned] = useState({
    direction: 'receipts' as Direction,
    date: localDate(),
    currency: 'USD',
    amount: '',
  });
  const wanted = plannedFlow.safeParse(planned);
  const gauges = useQuery(
    'forex.gauges',
    { asOf: localDate(), ...(wanted.success ? { planned: wanted.data } : {}) },
    { areas: ['money', 'tax', 'ledger'] },
  );
  const look = useLook();
  const onKeyDown = useEnterNavigation();
  const { data } = gauges;
  const course = useMemo(
    () =>
      data === undefined
        ? undefined
        : courseOption(
            data,
            {
              receipts: t('supervision.gauge.receiptsShort'),
              payments: t('supervision.gauge.paymentsShort'),
              receiptsSum: t('supervision.gauge.receiptsSum'),
              paymentsSum: t('supervision.gauge.paymentsSum'),
              warn: t('supervision.gauge.warnLine'),
              limit: t('supervision.gauge.limitLine'),
            },
            look,
          ),
    [data, t, look],
  );
  if (data === undefined)
    return gauges.status === 'failed' ? <ErrorNote error={gauges.error} onRetry={gauges.reload} /> : <Skeleton />;
  const unrated = directions.flatMap((direction) => data[direction].unrated);
  return (
    <div className="monitor" data-testid="gauges">
      {directions.map((direction) => (
        <div key={direction} className="is-third">
          <Panel title={t(`supervision.gauge.${direction}`)} extra={t('supervision.gauge.year', { year: data.year })}>
            <Gauge view={data} direction={direction} />
          </Panel>
        </div>
      ))}
      <div className="is-two-thirds">
        <Panel title={t('supervision.gauge.course')} extra="USD">
          {course === undefined ? null : (
            <Chart
              option={course}
              summary={t('supervision.gauge.courseSummary', {
                receipts: formatAmount(data.receipts.usd, 2),
                payments: formatAmount(data.payments.usd, 2),
              })}
            />
          )}
        </Panel>
      </div>
      <div className="is-whole">
        <Panel title={t('supervision.gauge.whatIf')} extra={<Verdict view={data} />}>
          <form className="what-if" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
            <Field id="planned-direction" label={t('supervision.gauge.direction')}>
              <Chips
                label={t('supervision.gauge.direction')}
                value={planned.direction}
                onChange={(direction) => setPlanned({ ...planned, direction })}
                chips={directions.map((value) => ({ value, label: t(`supervision.gauge.${value}Short`) }))}
              />
            </Field>
            <Field id="planned-date" label={t('supervision.gauge.plannedDate')}>
              <DateInput id="planned-date" value={planned.date} onChange={(date) => setPlanned({ ...planned, date })} />
            </Field>
            <Field id="planned-currency" label={t('supervision.netting.currency')}>
              <CurrencyBox
                id="planned-currency"
                value={planned.currency}
                onChange={(currency) => setPlanned({ ...planned, currency })}
              />
            </Field>
            <Field id="planned-amount" label={t('supervision.gauge.plannedAmount')}>
              <NumericInput
                id="planned-amount"
                decimals={isCurrency(planned.currency) ? exponentOf(planned.currency) : 2}
                value={planned.amount}
                onChange={(amount) => setPlanned({ ...planned, amount })}
              />
            </Field>
            <div className="what-if-answer" data-testid="what-if">
              <Planned view={wanted.success ? data.planned : undefined} />
            </div>
          </form>
          <Unrated amounts={unrated} />
        </Panel>
      </div>
      <div className="is-whole">
        <FlowsPanel year={data.year} asOf={data.asOf} />
      </div>
      <div className="is-whole">
        <Checklist checklist={data.checklist} />
      </div>
    </div>
  );
}

/** The records that the gauges add up, one side at a time. */
function FlowsPanel({ year, asOf }: { readonly year: string; readonly asOf: string }) {
  const { t } = useTranslation();
  const [direction, setDirection] = useState<Direction>('receipts');
  const pages = usePages(
    'forex.flows',
    { direction, from: `${year}-01-01`, to: asOf },
    { areas: ['money', 'tax', 'ledger'] },
  );
  const label = t('supervision.gauge.rowsOf', { direction: t(`supervision.gauge.${direction}`) });
  return (
    <Panel
      title={label}
      extra={
        <Chips
          label={t('supervision.gauge.direction')}
          value={direction}
          onChange={setDirection}
          chips={directions.map((value) => ({ value, label: t(`supervision.gauge.${value}Short`) }))}
        />
      }
    >
      <FlowTable label={label} pages={pages} emptyHint={t(`supervision.indicator.noRowsHint.${direction}`)} />
    </Panel>
  );
}

function toneOf(side: GaugesView['receipts'], listed: boolean): Tone {
  if (listed) return 'accepted';
  if (side.crossedOn !== undefined) return 'rejected';
  if (side.status === 'REGISTER_REQUIRED') return side.count > 0 ? 'rejected' : 'action';
  return side.warnedOn !== undefined ? 'action' : 'accepted';
}

export function Gauge({ view, direction }: { readonly view: GaugesView; readonly direction: Direction }) {
  const { t } = useTranslation();
  const look = useLook();
  const side = view[direction];
  const { limitUsd, warnFromUsd } = view;
  const option = useMemo(
    () => gaugeOption(side.usd, { limit: limitUsd, warnFrom: warnFromUsd }, look),
    [side.usd, limitUsd, warnFromUsd, look],
  );
  const state =
    side.crossedOn !== undefined
      ? 'crossed'
      : side.status === 'REGISTER_REQUIRED'
        ? 'needed'
        : side.warnedOn !== undefined
          ? 'near'
          : 'far';
  return (
    <>
      <Chart
        option={option}
        summary={t('supervision.gauge.summary', { usd: formatAmount(side.usd, 2), limit: formatAmount(limitUsd, 0) })}
      />
      <div className="gauge-foot">
        <ToneTag
          tone={toneOf(side, view.listed)}
          label={t(`supervision.gauge.state.${view.listed ? 'listed' : state}`, {
            date: side.crossedOn ?? side.warnedOn ?? '',
            left: formatAmount(side.leftUsd, 2),
          })}
        />
        {side.cny.count === 0 ? null : (
          <span className="muted">
            {t('supervision.gauge.cny', { count: side.cny.count })} <Amount value={side.cny.amount} currency="CNY" />
          </span>
        )}
      </div>
    </>
  );
}

/** What F03 says of the firm today, in words. */
function Verdict({ view }: { readonly view: GaugesView }) {
  const { t } = useTranslation();
  const isRequired = view.status === 'REGISTER_REQUIRED';
  // Nothing has come or gone yet: something to do, and nothing wrong.
  const isIdle = view.receipts.count + view.payments.count === 0;
  const tone: Tone =
    view.status === 'REGISTERED'
      ? 'accepted'
      : isRequired
        ? isIdle
          ? 'action'
          : 'rejected'
        : view.warn
          ? 'action'
          : 'accepted';
  return (
    <>
      <ToneTag
        tone={tone}
        label={`${t(`supervision.gauge.status.${view.status}`)} · ${t(`supervision.gauge.agency.${view.agency}`)}`}
      />
      {isRequired ? (
        <Button type="link" size="small" onClick={() => navigate('monitor', { tab: 'profile' })}>
          {t('supervision.gauge.toProfile')}
        </Button>
      ) : null}
    </>
  );
}

function Planned({ view }: { readonly view: GaugesView['planned'] }) {
  const { t } = useTranslation();
  if (view === undefined) return <span className="muted">{t('supervision.gauge.whatIfHint')}</span>;
  if (view.totalUsd === undefined) return <ToneTag tone="action" label={t('supervision.gauge.plannedUnrated')} />;
  const values = { total: formatAmount(view.totalUsd, 2), left: formatAmount(view.leftUsd ?? '0', 2) };
  if (view.status === 'REGISTER_REQUIRED')
    return (
      <ToneTag
        tone="rejected"
        label={t(view.crosses ? 'supervision.gauge.plannedCrosses' : 'supervision.gauge.plannedOver', values)}
      />
    );
  return (
    <ToneTag
      tone={view.warn ? 'action' : 'accepted'}
      label={t(view.warn ? 'supervision.gauge.plannedNear' : 'supervision.gauge.plannedWithin', values)}
    />
  );
}

/** Consequences of the class and the papers a bank asks for, with where that comes from. */
export function Checklist({ checklist }: { readonly checklist: GaugesView['checklist'] }) {
  const { t, say } = useWords();
  return (
    <Panel
      title={t('supervision.class.title', { class: checklist.class })}
      extra={
        checklist.since === undefined
          ? t('supervision.class.assumed')
          : t('supervision.class.since', { date: checklist.since })
      }
    >
      <div className="checklist" data-testid="checklist">
        <div>
          <strong>{t('supervision.class.consequences')}</strong>
          <ul>
            {checklist.consequences.map((one) => (
              <li key={one.zh}>{say(one)}</li>
            ))}
          </ul>
        </div>
        {checklist.papers.map(({ operation, papers, note }) => (
          <div key={operation}>
            <strong>{t(`supervision.class.operation.${operation}`)}</strong>
            <ul>
              {papers.map((one) => (
                <li key={one.zh}>{say(one)}</li>
              ))}
            </ul>
            {note === undefined ? null : <span className="field-hint">{say(note)}</span>}
          </div>
        ))}
        <p className="field-hint">
          <Reliability level={checklist.reliability} /> {checklist.source} · {t('supervision.authorityPrevails')}
        </p>
      </div>
    </Panel>
  );
}

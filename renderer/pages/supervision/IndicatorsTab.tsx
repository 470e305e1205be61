import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { indicatorFigures, indicatorNames } from '../../../shared/contract/supervision.ts';
import { useKeys } from '../../app/keys.ts';
import { replaceParams } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chart } from '../../components/Chart.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { focusFirst } from '../money/field-errors.ts';
import { Reliability } from '../tax/Reliability.tsx';
import { FlowTable } from './FlowTable.tsx';
import { trendOption } from './gauge-chart.ts';
import { ReasonLine } from './ReasonLine.tsx';
import { Unrated } from './Unrated.tsx';
import { useLook } from './use-look.ts';

type View = OutputOf<'indicators.get'>;
type Figure = (typeof indicatorFigures)[number];
const areas = ['money', 'purchases', 'tax', 'ledger'] as const;

/** The month before the present one: the newest that is whole. */
function lastMonth(): string {
  const [year = 0, month = 0] = localDate().split('-').map(Number);
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}
function monthBy(month: string, by: number): string {
  const [year = 0, of = 0] = month.split('-').map(Number);
  const at = year * 12 + of - 1 + by;
  return `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, '0')}`;
}
const codeOf: Readonly<Record<(typeof indicatorNames)[number], string>> = {
  differenceRate: 'DIFFERENCE_RATE',
  totalDifference: 'TOTAL_DIFFERENCE',
  fundsGoodsRatio: 'FUNDS_GOODS_RATIO',
  creditRatio: 'CREDIT_RATIO',
};

/** The total check on twelve months: figures that drill to their rows, indicators with their bands, the trend, adjustments. */
export function IndicatorsTab({
  month: typed,
  figure: chosen,
}: {
  readonly month: string | undefined;
  readonly figure: string | undefined;
}) {
  const { t } = useTranslation();
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(typed ?? '') ? (typed ?? '') : lastMonth();
  const figure = indicatorFigures.find((one) => one === chosen) ?? 'receipts';
  const view = useQuery('indicators.get', { month }, { areas });
  const put = (next: { month?: string; figure?: Figure }): void =>
    replaceParams({ tab: 'indicators', month: next.month ?? month, figure: next.figure ?? figure });
  useKeys([
    { key: 'Ctrl+PageUp', label: t('supervision.indicator.before'), run: () => put({ month: monthBy(month, -1) }) },
    { key: 'Ctrl+PageDown', label: t('supervision.indicator.after'), run: () => put({ month: monthBy(month, 1) }) },
  ]);
  const { data } = view;
  if (data === undefined)
    return view.status === 'failed' ? <ErrorNote error={view.error} onRetry={view.reload} /> : <Skeleton />;
  return (
    <div className="monitor" data-testid="indicators">
      <div className="is-two-thirds">
        <Panel
          title={t('supervision.indicator.figures')}
          extra={
            <span className="month-steps">
              <Button
                size="small"
                aria-label={t('supervision.indicator.before')}
                onClick={() => put({ month: monthBy(month, -1) })}
              >
                ‹
              </Button>{' '}
              {data.from} – {data.to}{' '}
              <Button
                size="small"
                aria-label={t('supervision.indicator.after')}
                onClick={() => put({ month: monthBy(month, 1) })}
              >
                ›
              </Button>
            </span>
          }
        >
          <Figures view={data} figure={figure} onFigure={(next) => put({ figure: next })} />
          <Unrated amounts={indicatorFigures.flatMap((one) => data.figures[one].unrated)} />
        </Panel>
      </div>
      <div className="is-two-thirds">
        <Panel title={t('supervision.indicator.title')} extra={<Risk view={data} />}>
          <Bands view={data} />
        </Panel>
      </div>
      {(['differenceRate', 'fundsGoodsRatio'] as const).map((name) => (
        <div key={name} className="is-two-thirds">
          <Panel title={t(`supervision.indicator.${name}`)} extra={t('supervision.indicator.trend')}>
            <Trend view={data} name={name} />
          </Panel>
        </div>
      ))}
      <div className="is-two-thirds">
        <Panel title={t('supervision.indicator.rowsOf', { figure: t(`supervision.figure.${figure}`) })}>
          <Rows month={month} figure={figure} />
        </Panel>
      </div>
      <div className="is-two-thirds">
        <Panel title={t('supervision.indicator.adjustments')}>
          <Adjustments view={data} />
        </Panel>
      </div>
    </div>
  );
}

function Figures({
  view,
  figure,
  onFigure,
}: {
  readonly view: View;
  readonly figure: Figure;
  readonly onFigure: (figure: Figure) => void;
}) {
  const { t } = useTranslation();
  return (
    <table className="leg-table">
      <thead>
        <tr>
          <th>{t('supervision.indicator.figure')}</th>
          <th className="is-number">{t('supervision.indicator.book')}</th>
          <th className="is-number">{t('supervision.indicator.adjusted')}</th>
          <th className="is-number">{t('supervision.indicator.together')}</th>
        </tr>
      </thead>
      <tbody>
        {indicatorFigures.map((name) => {
          const one = view.figures[name];
          return (
            <tr key={name} className={name === figure ? 'is-active' : undefined}>
              <td>
                <Button type="link" onClick={() => onFigure(name)} data-figure={name}>
                  {t(`supervision.figure.${name}`)}
                </Button>{' '}
                <span className="muted">{t('supervision.indicator.rows', { count: one.count })}</span>
              </td>
              <td className="is-number">
                <Amount value={one.bookUsd} currency="USD" bare />
              </td>
              <td className="is-number">
                <Amount value={one.adjustedUsd} currency="USD" bare />
              </td>
              <td className="is-number">
                <strong>
                  <Amount value={one.usd} currency="USD" bare />
                </strong>
              </td>
            </tr>
          );
        })}
        <tr>
          <td colSpan={3}>
            {t('supervision.indicator.credit')}{' '}
            <span className="muted">
              {(['advanceReceipts', 'advancePayments', 'deferredReceipts', 'deferredPayments'] as const)
                .map((name) => `${t(`supervision.balance.${name}`)} ${formatAmount(view.balances[name], 2)}`)
                .join(' · ')}
            </span>
          </td>
          <td />
        </tr>
      </tbody>
    </table>
  );
}

function Risk({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  if (!view.onSiteCheckRisk)
    return (
      <ToneTag
        tone={view.breached.length === 0 ? 'accepted' : 'action'}
        label={t(view.breached.length === 0 ? 'supervision.indicator.within' : 'supervision.indicator.outside')}
      />
    );
  return (
    <ToneTag
      tone="rejected"
      label={t('supervision.indicator.riskFor', {
        reasons: view.riskReasons.map((code) => t(`supervision.risk.${code}`)).join(t('money.comma')),
      })}
    />
  );
}

function Bands({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const { bands, now } = view;
  const percent = (value: string | null): string => (value === null ? '–' : `${formatAmount(value, 2)} %`);
  const rows = {
    differenceRate: [percent(now.differenceRate), `±${bands.differenceRateLimit} %`],
    totalDifference: [formatAmount(now.totalDifference, 2), `±${formatAmount(bands.differenceLimitUsd, 0)}`],
    fundsGoodsRatio: [percent(now.fundsGoodsRatio), `${bands.fundsGoodsLow}–${bands.fundsGoodsHigh} %`],
    creditRatio: [percent(now.creditRatio), `≤${bands.creditRatioLimit} %`],
  } as const;
  return (
    <>
      <table className="leg-table">
        <thead>
          <tr>
            <th>{t('supervision.indicator.indicator')}</th>
            <th className="is-number">{t('supervision.indicator.value')}</th>
            <th className="is-number">{t('supervision.indicator.band')}</th>
            <th>{t('supervision.column.state')}</th>
          </tr>
        </thead>
        <tbody>
          {indicatorNames.map((name) => {
            const [value, band] = rows[name];
            const isOut = view.breached.includes(codeOf[name]);
            const isFar = view.farBeyond.includes(codeOf[name]) || view.onEnd.includes(codeOf[name]);
            return (
              <tr key={name} data-indicator={name}>
                <td>{t(`supervision.indicator.${name}`)}</td>
                <td className="is-number">{value}</td>
                <td className="is-number">{band}</td>
                <td>
                  <ToneTag
                    tone={isFar ? 'rejected' : isOut ? 'action' : value === '–' ? 'draft' : 'accepted'}
                    label={t(
                      isFar
                        ? 'supervision.indicator.far'
                        : isOut
                          ? 'supervision.indicator.out'
                          : value === '–'
                            ? 'supervision.indicator.none'
                            : 'supervision.indicator.in',
                    )}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="field-hint leg-note">
        <Reliability level={bands.reliability} /> {bands.source}
      </p>
    </>
  );
}

function Trend({ view, name }: { readonly view: View; readonly name: 'differenceRate' | 'fundsGoodsRatio' }) {
  const { t } = useTranslation();
  const look = useLook();
  const { bands, history } = view;
  const option = useMemo(() => {
    const [low, high] =
      name === 'differenceRate'
        ? [-Number(bands.differenceRateLimit), Number(bands.differenceRateLimit)]
        : [Number(bands.fundsGoodsLow), Number(bands.fundsGoodsHigh)];
    return trendOption(
      history.map((one) => ({ month: one.month, value: one[name] })),
      { low, high, word: t('supervision.indicator.bandWord') },
      look,
    );
  }, [history, bands, name, look, t]);
  return (
    <Chart
      option={option}
      summary={history.map((one) => `${one.month} ${one[name] ?? '–'}`).join(t('money.semicolon'))}
    />
  );
}

function Rows({ month, figure }: { readonly month: string; readonly figure: Figure }) {
  const { t } = useTranslation();
  const pages = usePages('indicators.rows', { month, figure }, { areas });
  return (
    <FlowTable
      label={t('supervision.indicator.rowsOf', { figure: t(`supervision.figure.${figure}`) })}
      pages={pages}
      emptyHint={t(`supervision.indicator.noRowsHint.${figure}`)}
    />
  );
}

function Adjustments({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const adjust = useCommand('indicators.adjust');
  const remove = useCommand('indicators.removeAdjustment');
  const empty = { month: view.month, figure: 'exports' as Figure, usd: '', reason: '' };
  const form = useFormDraft('adjustment', empty);
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const [removing, setRemoving] = useState<number>();
  const wrongOf = {
    month: !/^\d{4}-(0[1-9]|1[0-2])$/.test(draft.month),
    usd: !/^-?\d+(\.\d{1,2})?$/.test(draft.usd) || !/[1-9]/.test(draft.usd),
    reason: draft.reason.trim() === '',
  };
  const errorOf = (field: keyof typeof wrongOf): string | undefined =>
    isTried && wrongOf[field] ? t(`supervision.indicator.rule.${field}`) : undefined;
  const submit = async (): Promise<void> => {
    const wrong = (['month', 'usd', 'reason'] as const).filter((field) => wrongOf[field]);
    setTried(true);
    if (wrong.length > 0) {
      focusFirst(wrong.map((field) => `adjust-${field}`));
      return;
    }
    const done = await adjust.run(draft);
    if (done === undefined) return;
    notify(t('supervision.indicator.adjustedNotice'));
    form.reset();
    setTried(false);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <>
      <RestoredNote draft={form} />
      <form className="adjust-line" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        <Field id="adjust-month" label={t('supervision.indicator.month')} error={errorOf('month')}>
          <Input id="adjust-month" value={draft.month} onChange={(event) => change({ month: event.target.value })} />
        </Field>
        <Field id="adjust-figure" label={t('supervision.indicator.figure')}>
          <Select
            id="adjust-figure"
            value={draft.figure}
            options={indicatorFigures.map((value) => ({ value, label: t(`supervision.figure.${value}`) }))}
            onChange={(figure) => change({ figure })}
          />
        </Field>
        <Field id="adjust-usd" label={t('supervision.indicator.adjustUsd')} error={errorOf('usd')}>
          <NumericInput
            id="adjust-usd"
            decimals={2}
            allowNegative
            value={draft.usd}
            onChange={(usd) => change({ usd })}
          />
        </Field>
        <Field id="adjust-reason" label={t('supervision.reason')} error={errorOf('reason')}>
          <Input id="adjust-reason" value={draft.reason} onChange={(event) => change({ reason: event.target.value })} />
        </Field>
        <Button type="primary" loading={adjust.isRunning} onClick={() => void submit()}>
          {t('supervision.indicator.add')}
        </Button>
      </form>
      <ErrorNote error={adjust.error ?? remove.error} />
      {removing === undefined ? null : (
        <ReasonLine
          placeholder={t('supervision.indicator.removeReason')}
          action={t('supervision.indicator.remove')}
          onCancel={() => setRemoving(undefined)}
          onDone={async (reason) => {
            if ((await remove.run({ id: removing, reason })) !== undefined) setRemoving(undefined);
          }}
        />
      )}
      {view.adjustments.length === 0 ? (
        <p className="leg-note muted">{t('supervision.indicator.noAdjustments')}</p>
      ) : (
        <table className="leg-table">
          <tbody>
            {view.adjustments.map((one) => (
              <tr key={one.id}>
                <td>{one.month}</td>
                <td>{t(`supervision.figure.${one.figure}`)}</td>
                <td className="is-number">
                  <Amount value={one.usd} currency="USD" />
                </td>
                <td>{one.reason}</td>
                <td>
                  <Button type="link" onClick={() => setRemoving(one.id)}>
                    {t('supervision.indicator.remove')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

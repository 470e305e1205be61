/** Three flows of one shipment, declaration or period: amounts, a picture, each difference with its reasons and what is left in red. */
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type FlowScope, type FlowView, flowCodes, flowLegs } from '../../../shared/contract/risk.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chart } from '../../components/Chart.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { usePalette } from '../../stores/use-palette.ts';
import { useView } from '../../stores/view-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { flowBars, flowOption } from './flow-chart.ts';
import { RowList } from './RowList.tsx';
import { useFile } from './use-file.tsx';
import { useRiskText } from './use-risk-text.ts';

type CurrencyFlow = FlowView['currencies'][number];
type Leg = CurrencyFlow['legs'][number];
export const flowTone: Readonly<Record<FlowView['state'], Tone>> = {
  agreed: 'accepted',
  open: 'rejected',
  empty: 'draft',
};
/** Areas whose change may change a flow. */
export const flowAreas = [
  'risk',
  'orders',
  'documents',
  'shipments',
  'purchases',
  'money',
  'matching',
  'ledger',
  'sync',
] as const;
/** A reason as it is being typed. */
interface StatedDraft {
  readonly code: (typeof flowCodes)[number];
  readonly text: string;
  readonly chosen?: { readonly currency: string; readonly leg: (typeof flowLegs)[number] };
  readonly typed?: string | undefined;
}
const isZero = (text: string): boolean => /^-?0*(\.0*)?$/.test(text);

export function FlowDetail({ scope }: { readonly scope: FlowScope }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const view = useQuery('flows.get', { scope }, { areas: flowAreas });
  const pdf = useFile('flows.print');
  const xlsx = useFile('flows.export');
  const title = (label: string): string => `${t('risk.flow.sheet')} ${label}`;
  const label = view.data?.label ?? '';
  const [isStating, setStating] = useState(false);
  useKeys([
    {
      key: 'Ctrl+N',
      label: t('risk.flow.state'),
      run: () => setStating(true),
      isEnabled: view.data?.state === 'open',
      isMain: true,
    },
    {
      key: 'F9',
      label: t('risk.print'),
      run: () => void pdf.write(title(label), { scope }),
      isEnabled: view.data !== undefined,
      isMain: true,
    },
    {
      key: 'Ctrl+E',
      label: t('risk.workbook'),
      run: () => void xlsx.write(title(label), { scope }),
      isEnabled: view.data !== undefined,
    },
  ]);
  if (view.data === undefined)
    return (
      <DetailPane title={t('risk.flow.sheet')}>
        {view.status === 'failed' ? <ErrorNote error={view.error} onRetry={view.reload} /> : <Skeleton rows={8} />}
      </DetailPane>
    );
  const { state, currencies, quantities, purchases, counts, ratesMissing } = view.data;
  return (
    <DetailPane
      title={label}
      isCode={scope.kind !== 'period'}
      tags={<ToneTag tone={flowTone[state]} label={say(`flow.${state}`)} />}
      extra={
        <>
          <Button
            size="small"
            aria-keyshortcuts="F9"
            loading={pdf.isRunning}
            onClick={() => void pdf.write(title(label), { scope })}
          >
            {t('risk.print')}
          </Button>{' '}
          <Button
            size="small"
            aria-keyshortcuts="Control+E"
            loading={xlsx.isRunning}
            onClick={() => void xlsx.write(title(label), { scope })}
          >
            {t('risk.workbook')}
          </Button>
        </>
      }
    >
      <ErrorNote error={view.error} onRetry={view.reload} />
      {pdf.notice}
      {xlsx.notice}
      {ratesMissing.length === 0 ? null : (
        <p className="risk-note">
          <ToneTag
            tone="action"
            label={t('risk.flow.ratesMissing', {
              rates: ratesMissing
                .slice(0, 5)
                .map(({ currency, date }) => `${currency} ${date}`)
                .join(t('money.comma')),
            })}
          />
        </p>
      )}
      {currencies.length === 0 ? <p className="panel-pad muted">{t('risk.flow.nothing')}</p> : null}
      {currencies.map((one) => (
        <CurrencyView key={one.currency} flow={one} />
      ))}
      {isStating && currencies.length > 0 ? (
        <StateForm scope={scope} currencies={currencies} onClose={() => setStating(false)} />
      ) : state === 'open' ? (
        <div className="panel-pad">
          <KeyButton kind="primary" label={t('risk.flow.state')} keys="Ctrl+N" onPress={() => setStating(true)} />
        </div>
      ) : null}
      {scope.kind === 'declaration' && counts.orders === 0 ? (
        <DealForm declarationNo={scope.declarationNo} currency={currencies[0]?.currency ?? 'USD'} />
      ) : null}
      <DetailSection title={t('risk.flow.goodsFlow')}>
        <Facts
          columns={2}
          rows={[
            [t('risk.flow.qtyDeclared'), quantities.declared],
            [t('risk.flow.qtyIssued'), quantities.issued],
            [t('risk.flow.qtyOrdered'), quantities.ordered],
            [t('risk.flow.qtyInvoiced'), quantities.invoiced],
            [t('risk.flow.issuedCost'), <Amount key="cost" value={purchases.issuedCost} currency="CNY" bare />],
            [t('risk.flow.invoiced'), <Amount key="invoiced" value={purchases.invoicedCny} currency="CNY" bare />],
            [t('risk.flow.invoicedVat'), <Amount key="vat" value={purchases.invoicedVat} currency="CNY" bare />],
            [
              t('risk.flow.papers'),
              t('risk.flow.counts', {
                declarations: formatCount(counts.declarations),
                orders: formatCount(counts.orders),
                receipts: formatCount(counts.receipts),
                payouts: formatCount(counts.payouts),
              }),
            ],
          ]}
        />
      </DetailSection>
    </DetailPane>
  );
}

function CurrencyView({ flow }: { readonly flow: CurrencyFlow }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const palette = usePalette();
  const scale = useView((view) => view.textSize) / 100;
  const { currency, goods, information, money } = flow;
  const bars = useMemo(
    () =>
      flowBars(flow, { orders: say('flow.orders'), declared: say('flow.declared'), received: say('flow.received') }),
    [flow, say],
  );
  const option = useMemo(
    () =>
      flowOption(
        bars,
        { amount: t('risk.flow.amount'), explained: t('risk.flow.explained'), unexplained: say('flow.unexplained') },
        { palette, scale },
      ),
    [bars, palette, scale, say, t],
  );
  const line = (label: string, value: string, cny?: string) => (
    <tr key={label}>
      <td>{label}</td>
      <td className="is-number">
        <Amount value={value} currency={currency} bare />
      </td>
      <td className="is-number">{cny === undefined ? '' : <Amount value={cny} currency="CNY" bare />}</td>
    </tr>
  );
  return (
    <DetailSection title={currency}>
      <div className="flow-chart">
        <Chart
          option={option}
          summary={t('risk.flow.chart', {
            orders: information.orders,
            declared: goods.declared,
            received: money.received,
            currency,
          })}
        />
      </div>
      <table className="risk-table">
        <thead>
          <tr>
            <th>{t('risk.flow.item')}</th>
            <th className="is-number">{currency}</th>
            <th className="is-number">CNY</th>
          </tr>
        </thead>
        <tbody>
          {line(say('flow.orders'), information.orders, information.ordersCny)}
          {line(say('flow.declared'), goods.declared, goods.declaredCny)}
          {line(say('flow.received'), money.received, money.receivedCny)}
          {(['refunded', 'commission', 'netted', 'charges'] as const)
            .filter((name) => !isZero(money[name]))
            .map((name) => line(say(`flow.${name}`), money[name]))}
        </tbody>
      </table>
      {flow.legs.map((leg) => (
        <LegView key={leg.leg} leg={leg} currency={currency} />
      ))}
    </DetailSection>
  );
}

function LegView({ leg, currency }: { readonly leg: Leg; readonly currency: string }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const withdraw = useCommand('flows.withdraw');
  const [shown, setShown] = useState<string>();
  const isAgreed = isZero(leg.short) && isZero(leg.over);
  const rows = leg.reasons.find(({ code, by }) => `${by}${code}` === shown);
  const amount = (value: string | undefined, of = currency) =>
    value === undefined ? '' : <Amount value={value} currency={of} bare />;
  return (
    <>
      <table className="risk-table">
        <thead>
          <tr>
            <th>{say(`leg.${leg.leg}`)}</th>
            <th className="is-number">{currency}</th>
            <th className="is-number">CNY</th>
          </tr>
        </thead>
        <tbody>
          <tr className="is-total">
            <td>{say('flow.difference')}</td>
            <td className="is-number">{amount(leg.difference)}</td>
            <td className="is-number">{amount(leg.differenceCny, 'CNY')}</td>
          </tr>
          {leg.reasons.map((reason) => (
            <tr key={reason.id ?? `${reason.by}${reason.code}`}>
              <td title={say(`codeHelp.${reason.code}`)}>
                <span className="flow-code">{say(`code.${reason.code}`)}</span>{' '}
                {reason.by === 'person' ? (
                  <>
                    <span>{reason.text}</span>{' '}
                    <Button
                      size="small"
                      type="text"
                      loading={withdraw.isRunning}
                      onClick={() => void (reason.id === undefined ? undefined : withdraw.run({ id: reason.id }))}
                    >
                      {t('risk.flow.withdraw')}
                    </Button>
                  </>
                ) : reason.rowCount === 0 ? null : (
                  <button
                    type="button"
                    className="link"
                    aria-expanded={shown === `${reason.by}${reason.code}`}
                    onClick={() =>
                      setShown((now) =>
                        now === `${reason.by}${reason.code}` ? undefined : `${reason.by}${reason.code}`,
                      )
                    }
                  >
                    {t('risk.flow.reasonRows', { shown: formatCount(reason.rowCount) })}
                  </button>
                )}
              </td>
              <td className="is-number">{amount(reason.amount)}</td>
              <td className="is-number">{amount(reason.cny, 'CNY')}</td>
            </tr>
          ))}
          <tr className={isAgreed ? 'is-total' : 'is-total is-unexplained'}>
            <td>
              <ToneTag
                tone={isAgreed ? 'accepted' : 'rejected'}
                label={isAgreed ? t('risk.flow.noRest') : say('flow.unexplained')}
              />{' '}
              {isAgreed ? null : (
                <span>
                  {isZero(leg.short) ? null : `${say('flow.short')} `}
                  {isZero(leg.short) ? null : <Amount value={leg.short} currency={currency} bare />}
                  {isZero(leg.short) || isZero(leg.over) ? null : '，'}
                  {isZero(leg.over) ? null : `${say('flow.over')} `}
                  {isZero(leg.over) ? null : <Amount value={leg.over.replace(/^-/, '')} currency={currency} bare />}
                </span>
              )}
            </td>
            <td className="is-number">{isAgreed ? amount(leg.short) : ''}</td>
            <td className="is-number">{amount(leg.unexplainedCny, 'CNY')}</td>
          </tr>
        </tbody>
      </table>
      <ErrorNote error={withdraw.error} isInline />
      {rows === undefined ? null : <RowList rows={rows.rows} total={rows.rowCount} />}
      {leg.rows.length === 0 || isAgreed ? null : (
        <>
          <p className="risk-note muted">{t('risk.flow.unexplainedRows')}</p>
          <RowList rows={leg.rows} />
        </>
      )}
    </>
  );
}

/** A reason that a person states for a difference, or part of it. */
function StateForm({
  scope,
  currencies,
  onClose,
}: {
  readonly scope: FlowScope;
  readonly currencies: readonly CurrencyFlow[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const explain = useCommand('flows.explain');
  const open = currencies.flatMap(({ currency, legs }) =>
    legs.filter(({ short, over }) => !isZero(short) || !isZero(over)).map((leg) => ({ currency, leg })),
  );
  const [first] = open;
  const restOf = (leg: Leg | undefined): string => (leg === undefined ? '' : isZero(leg.short) ? leg.over : leg.short);
  // What was not chosen or typed follows the flow as it is read again: a reason just stated must not be offered once more.
  const form = useFormDraft<StatedDraft>(`flow reason ${JSON.stringify(scope)}`, { code: 'OTHER', text: '' });
  const { code, text, chosen, typed } = form.value;
  const at = chosen ?? {
    currency: first?.currency ?? currencies[0]?.currency ?? 'USD',
    leg: first?.leg.leg ?? 'orders-money',
  };
  const rest = restOf(
    currencies.find(({ currency }) => currency === at.currency)?.legs.find(({ leg }) => leg === at.leg),
  );
  const draft = { ...at, code, amount: typed ?? rest, text };
  const submit = async (): Promise<void> => {
    if ((await explain.run({ scope, ...draft })) === undefined) return;
    form.done();
    notify(t('risk.flow.stated'));
    onClose();
  };
  const isReady = draft.text.trim().length >= 2 && draft.amount !== '' && !isZero(draft.amount);
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('common.save'),
      run: () => void submit(),
      isEnabled: isReady && !explain.isRunning,
      isMain: true,
    },
    { key: 'Esc', label: t('common.cancel'), run: onClose },
  ]);
  return (
    <DetailSection title={t('risk.flow.state')}>
      <form
        className="panel-pad card-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void submit();
        }}
      >
        <RestoredNote draft={form} />
        <div className="form-grid">
          <Field id="flow-leg" label={t('risk.flow.leg')}>
            <Select
              id="flow-leg"
              autoFocus
              value={`${draft.currency} ${draft.leg}`}
              options={currencies.flatMap(({ currency }) =>
                flowLegs.map((leg) => ({ value: `${currency} ${leg}`, label: `${currency} ${say(`leg.${leg}`)}` })),
              )}
              onChange={(value: string) => {
                const [currency = '', leg = ''] = value.split(' ');
                form.change({
                  chosen: { currency, leg: flowLegs.find((one) => one === leg) ?? 'orders-money' },
                  typed: undefined,
                });
              }}
            />
          </Field>
          <Field id="flow-code" label={t('risk.flow.code')}>
            <Select
              id="flow-code"
              value={draft.code}
              options={flowCodes.map((value) => ({ value, label: say(`code.${value}`) }))}
              onChange={(next) => form.change({ code: next })}
            />
          </Field>
          <Field id="flow-amount" label={t('risk.flow.amount')} hint={t('risk.flow.amountHint')}>
            <NumericInput
              id="flow-amount"
              decimals={4}
              allowNegative
              unit={draft.currency}
              value={draft.amount}
              onChange={(amount) => form.change({ typed: amount })}
            />
          </Field>
          <Field id="flow-text" label={t('risk.flow.text')} isWide>
            <Input
              id="flow-text"
              maxLength={500}
              value={draft.text}
              onChange={(event) => form.change({ text: event.target.value })}
            />
          </Field>
        </div>
        <ErrorNote error={explain.error} isInline />
        <div className="card-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isDisabled={!isReady}
            isBusy={explain.isRunning}
            onPress={() => void submit()}
          />
        </div>
      </form>
    </DetailSection>
  );
}

interface Deal {
  readonly term: 'CIF' | 'CFR' | 'FOB';
  readonly freight: string;
  readonly insurance: string;
}

/** Terms, freight and insurance of a declaration without an order: what its price has besides FOB. */
function DealForm({ declarationNo, currency }: { readonly declarationNo: string; readonly currency: string }) {
  const facts = useQuery('riskFacts.list', { name: 'deal' }, { areas: ['risk'] });
  const known = facts.data?.rows
    .map(({ fact }) => fact)
    .find((fact) => fact.name === 'deal' && fact.subject === declarationNo);
  const stored = known?.name === 'deal' ? known.value : undefined;
  if (facts.data === undefined) return <ErrorNote error={facts.error} onRetry={facts.reload} isInline />;
  return <DealFields key={JSON.stringify(stored)} {...{ declarationNo, currency, stored }} />;
}

function DealFields({
  declarationNo,
  currency,
  stored,
}: {
  readonly declarationNo: string;
  readonly currency: string;
  readonly stored: Deal | undefined;
}) {
  const { t } = useTranslation();
  const put = useCommand('riskFacts.put');
  const start: Deal = stored ?? { term: 'FOB', freight: '0', insurance: '0' };
  const form = useFormDraft(`deal ${declarationNo}`, start, JSON.stringify(start));
  const { value: draft, change } = form;
  const save = async (): Promise<void> => {
    const { term, freight, insurance } = draft;
    const value = { term, freight: freight === '' ? '0' : freight, insurance: insurance === '' ? '0' : insurance };
    if ((await put.run({ fact: { name: 'deal', subject: declarationNo, value } })) === undefined) return;
    form.done();
    notify(t('risk.fact.saved'));
  };
  return (
    <DetailSection title={t('risk.fact.deal')}>
      <form
        className="panel-pad card-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <RestoredNote draft={form} />
        <div className="form-grid">
          <Field id="deal-term" label={t('risk.fact.term')}>
            <Select
              id="deal-term"
              value={draft.term}
              options={(['FOB', 'CFR', 'CIF'] as const).map((value) => ({
                value,
                label: t(`risk.fact.terms.${value}`),
              }))}
              onChange={(term) => change({ term })}
            />
          </Field>
          <Field id="deal-freight" label={t('risk.fact.freight')}>
            <NumericInput
              id="deal-freight"
              decimals={4}
              unit={currency}
              value={draft.freight}
              onChange={(freight) => change({ freight })}
            />
          </Field>
          <Field id="deal-insurance" label={t('risk.fact.insurance')}>
            <NumericInput
              id="deal-insurance"
              decimals={4}
              unit={currency}
              value={draft.insurance}
              onChange={(insurance) => change({ insurance })}
            />
          </Field>
        </div>
        <ErrorNote error={put.error} isInline />
        <div className="card-actions">
          <Button htmlType="submit" disabled={JSON.stringify(draft) === JSON.stringify(stored)} loading={put.isRunning}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </DetailSection>
  );
}

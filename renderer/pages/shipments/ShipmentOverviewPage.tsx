/** 一票总览: one shipment with customs, refund, money, financing and risk side by side, every figure a way to its source. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam, type Route } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { flowAreas } from '../risk/FlowDetail.tsx';
import { FlowIndicator } from '../risk/FlowIndicator.tsx';
import { useRiskText } from '../risk/use-risk-text.ts';
import { ScorePanel } from './ScorePanel.tsx';
import { StagePapers } from './StagePapers.tsx';
import './shipments.css';

type View = OutputOf<'shipments.overview'>;
const areas = ['shipments', 'documents', 'orders', 'imports', 'tax', 'purchases', 'ledger', 'money', 'risk'] as const;
const severityTone = { high: 'rejected', medium: 'action', low: 'draft' } as const;
const limitTone = {
  within: 'accepted',
  beyond: 'action',
  future: 'draft',
  ended: 'rejected',
  rateMissing: 'action',
} as const;

/** `id=ID` of a shipment. */
export function ShipmentOverviewPage({ params }: PageProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const shipment = useQuery('shipments.get', id === undefined ? null : { id }, { areas: ['shipments', 'documents'] });
  const view = useQuery('shipments.overview', id === undefined ? null : { id, date: localDate() }, { areas });
  useKeys([{ key: 'Esc', label: t('shipments.key.back'), run: goBack, isMain: true }]);
  if (id === undefined)
    return (
      <Page title={t('shipments.all.title')}>
        <EmptyState
          title={t('papers.choose')}
          actions={<Button onClick={() => navigate('shipments')}>{t('papers.toShipments')}</Button>}
        />
      </Page>
    );
  return (
    <Page
      title={
        <>
          {t('shipments.all.title')} <span className="code">{shipment.data?.shipmentNo ?? ''}</span>
        </>
      }
      summary={shipment.data === undefined ? undefined : <StateTag kind="shipment" state={shipment.data.state} />}
      actions={
        <>
          <Button onClick={() => navigate('evidence', { shipment: id })}>{t('evidence.title')}</Button>
          <Button type="primary" onClick={() => navigate('shipment', { id })}>
            {t('shipments.all.edit')}
          </Button>
        </>
      }
      notice={
        <ErrorNote
          error={shipment.error ?? view.error}
          onRetry={view.error === undefined ? shipment.reload : view.reload}
        />
      }
    >
      <div className="shipment-all">
        <Panel title={t('shipments.all.customs')}>
          <StagePapers id={id} />
        </Panel>
        <Panel title={t('shipments.all.refund')}>
          {view.data === undefined ? <Skeleton rows={4} /> : <Refund refund={view.data.refund} />}
        </Panel>
        <Panel title={t('shipments.all.money')}>
          <Money id={id} />
        </Panel>
        <Panel title={t('shipments.all.finance')}>
          {view.data === undefined ? <Skeleton rows={4} /> : <Finance finance={view.data.finance} />}
        </Panel>
        <Panel title={t('shipments.all.risk')}>
          {view.data === undefined ? (
            <Skeleton rows={2} />
          ) : (
            <Flags flags={view.data.flags} total={view.data.flagsTotal} />
          )}
        </Panel>
        <ScorePanel of={{ id }} />
      </div>
    </Page>
  );
}

function To({ to, children }: { readonly to: Route; readonly children: ReactNode }) {
  return (
    <button type="button" className="link" onClick={() => navigate(to.page, to.params)}>
      {children}
    </button>
  );
}

function Nothing({ text }: { readonly text: string }) {
  return <p className="panel-pad muted">{text}</p>;
}

function Refund({ refund }: { readonly refund: View['refund'] }) {
  const { t } = useTranslation();
  const [first] = refund.lines;
  if (first === undefined) return <Nothing text={t('shipments.all.noLines')} />;
  const toRefunds: Route = { page: 'refunds', params: { period: first.exportDate.slice(0, 7) } };
  const regime = (one: View['refund']['lines'][number]['regime']): string => t(`shipments.all.regime.${one}`);
  return (
    <>
      <table className="shipment-all-table">
        <thead>
          <tr>
            <th>{t('shipments.all.regimeTitle')}</th>
            <th className="is-number">{t('shipments.all.lines')}</th>
            <th className="is-number">{t('shipments.all.claimedLines')}</th>
            <th className="is-number">{t('shipments.all.unpaid')}</th>
            <th className="is-number">FOB CNY</th>
          </tr>
        </thead>
        <tbody>
          {refund.regimes.map((row) => (
            <tr key={row.regime}>
              <td>{regime(row.regime)}</td>
              <td className="is-number">{formatCount(row.lines)}</td>
              <td className="is-number">{formatCount(row.claimed)}</td>
              <td className="is-number">{formatCount(row.unpaid)}</td>
              <td className="is-number">
                {row.rateMissing === 0 ? (
                  <Amount value={row.fob} currency="CNY" bare />
                ) : (
                  <To to={{ page: 'rates', params: {} }}>
                    {t('shipments.all.rateMissing', { n: formatCount(row.rateMissing) })}
                  </To>
                )}
              </td>
            </tr>
          ))}
          <tr className="is-total">
            <td colSpan={4}>{t('shipments.all.claimed')}</td>
            <td className="is-number">
              <To to={toRefunds}>
                <Amount value={refund.claimed} currency="CNY" bare />
              </To>
            </td>
          </tr>
          <tr className="is-total">
            <td colSpan={4}>{t('shipments.all.unclaimed')}</td>
            <td className="is-number">
              <To to={toRefunds}>
                <Amount value={refund.unclaimed} currency="CNY" bare />
              </To>
            </td>
          </tr>
          {/^0(\.0+)?$/.test(refund.preRefund) ? null : (
            <tr className="is-total">
              <td colSpan={4}>{t('shipments.all.preRefund')}</td>
              <td className="is-number">
                <To to={toRefunds}>
                  <Amount value={refund.preRefund} currency="CNY" bare />
                </To>
              </td>
            </tr>
          )}
        </tbody>
      </table>
      <ul className="plain-list shipment-all-list">
        {refund.lines.map((line) => (
          <li key={line.id}>
            <To to={{ page: 'purchases', params: { tab: 'exports', id: line.id } }}>
              <Code>{line.declarationNo}</Code> / {line.lineNo}
            </To>{' '}
            {line.name} <span className="muted">{regime(line.regime)}</span>{' '}
            {line.claimedPeriod === undefined ? null : (
              <ToneTag tone="accepted" label={t('shipments.all.claimedIn', { period: line.claimedPeriod })} />
            )}
          </li>
        ))}
        {refund.total > refund.lines.length ? (
          <li className="muted">{t('way.more', { n: formatCount(refund.total - refund.lines.length) })}</li>
        ) : null}
      </ul>
    </>
  );
}

function Money({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const view = useQuery('flows.get', { scope: { kind: 'shipment', id } }, { areas: flowAreas });
  if (view.error !== undefined) return <ErrorNote error={view.error} onRetry={view.reload} />;
  if (view.data === undefined) return <Skeleton rows={4} />;
  if (view.data.state === 'empty') return <Nothing text={t('shipments.all.noMoney')} />;
  const toFlows: Route = { page: 'flows', params: { id } };
  return (
    <>
      <p className="panel-pad">
        <FlowIndicator shipmentId={id} />
      </p>
      <table className="shipment-all-table">
        <thead>
          <tr>
            <th>{t('risk.flow.column.currency')}</th>
            <th className="is-number">{say('flow.orders')}</th>
            <th className="is-number">{say('flow.declared')}</th>
            <th className="is-number">{say('flow.received')}</th>
          </tr>
        </thead>
        <tbody>
          {view.data.currencies.map(({ currency, information, goods, money }) => (
            <tr key={currency}>
              <td>{currency}</td>
              {[information.orders, goods.declared, money.received].map((value, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: three columns that never change places
                <td key={at} className="is-number">
                  <To to={toFlows}>
                    <Amount value={value} currency={currency} bare />
                  </To>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function Finance({ finance }: { readonly finance: View['finance'] }) {
  const { t } = useTranslation();
  const { receivables, limits, withoutLimit, pledges, packs } = finance;
  const section = (title: string, nothing: string, rows: readonly ReactNode[]) => (
    <>
      <h3 className="shipment-all-head">{title}</h3>
      {rows.length === 0 ? <Nothing text={nothing} /> : <ul className="plain-list shipment-all-list">{rows}</ul>}
    </>
  );
  return (
    <>
      {section(
        t('shipments.all.receivables'),
        t('shipments.all.noReceivables'),
        receivables.map(({ currency, open, orders, oldest }) => (
          <li key={currency}>
            <To to={{ page: 'allocations', params: { view: 'ageing' } }}>
              <Amount value={open} currency={currency} />
            </To>{' '}
            <span className="muted">{t('shipments.all.owed', { n: formatCount(orders), oldest: oldest })}</span>
          </li>
        )),
      )}
      {section(t('shipments.all.limits'), t('shipments.all.noLimits'), [
        ...limits.map((row) => (
          <li key={row.id}>
            <ToneTag tone={limitTone[row.state]} label={t(`creditInsurance.states.${row.state}`)} />{' '}
            <To to={{ page: 'creditInsurance', params: {} }}>
              {row.buyer} <Code>{row.policyNo}</Code>
            </To>{' '}
            {t('shipments.all.limit')} <Amount value={row.limit} currency={row.currency} /> ·{' '}
            {t('shipments.all.limitOwed')} <Amount value={row.open} currency={row.currency} /> ·{' '}
            {t('shipments.all.limitInsured')} <Amount value={row.insured} currency={row.currency} />
          </li>
        )),
        ...withoutLimit.map(({ currency, open, orders }) => (
          <li key={currency}>
            <ToneTag tone="action" label={t('shipments.all.withoutLimit')} />{' '}
            <To to={{ page: 'creditInsurance', params: {} }}>
              <Amount value={open} currency={currency} />
            </To>{' '}
            <span className="muted">{t('shipments.all.orders', { n: formatCount(orders) })}</span>
          </li>
        )),
      ])}
      {section(
        t('shipments.all.pledges'),
        t('shipments.all.noPledges'),
        pledges.map((row) => (
          <li key={row.id}>
            <To to={{ page: 'credit', params: { tab: 'pledges', id: row.id } }}>
              {row.title} <Code>{row.number}</Code>
            </To>{' '}
            <span className="muted">
              {row.signedOn} – {row.validTo === null ? t('shipments.all.openEnd') : row.validTo}
            </span>
          </li>
        )),
      )}
      {section(
        t('shipments.all.packs'),
        t('shipments.all.noPacks'),
        packs.map((row) => (
          <li key={row.id}>
            <To to={{ page: 'financing', params: { id: row.id } }}>
              <Code>{row.number}</Code> {row.bank}
            </To>{' '}
            <span className="muted">
              {t('shipments.all.inPack', {
                ...{ from: row.from, to: row.to, made: formatInstant(row.madeAt).slice(0, 10) },
                ...{ orders: formatCount(row.orders), declarations: formatCount(row.declarations) },
                given: formatCount(row.given),
              })}
              {row.mayHold.length === 0
                ? null
                : t('shipments.all.mayHold', {
                    sections: row.mayHold.map((one) => t(`financing.section.${one}`)).join(t('financing.join')),
                  })}
            </span>
          </li>
        )),
      )}
    </>
  );
}

function Flags({ flags, total }: { readonly flags: View['flags']; readonly total: number }) {
  const { t } = useTranslation();
  const { sayHit } = useRiskText();
  if (total === 0) return <Nothing text={t('shipments.all.noFlags')} />;
  return (
    <ul className="plain-list shipment-all-list">
      {flags.map(({ id, rule, severity, params }) => (
        <li key={id}>
          <ToneTag tone={severityTone[severity]} label={rule} />{' '}
          <To to={{ page: 'risk', params: { at: id } }}>{sayHit(rule, params)}</To>
        </li>
      ))}
      {total > flags.length ? (
        <li className="muted">{t('way.more', { n: formatCount(total - flags.length) })}</li>
      ) : null}
    </ul>
  );
}

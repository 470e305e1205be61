import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ToneMark } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';

type Blocked = OutputOf<'shipments.candidates'>['sample'][number];
type Reason = Blocked['reasons'][number];

/** Where each kind of obstacle is removed. */
function fixOf(code: string): 'products' | 'waybills' | 'orders' | 'bonded' {
  if (code === 'NO_CLASSIFICATION') return 'products';
  if (code === 'NO_BONDED_ITEM') return 'bonded';
  if (code === 'NO_WAYBILL' || code === 'NO_PART_WAYBILL') return 'waybills';
  return 'orders';
}

function openFix(code: string, order?: string, sku?: string): void {
  const fix = fixOf(code);
  if (fix === 'products') navigate('products', { state: 'to-classify', ...(sku === undefined ? {} : { id: sku }) });
  else if (fix === 'bonded') navigate('bonded');
  else if (fix === 'waybills') navigate('import', { kind: 'waybills' });
  else navigate('orders', order === undefined ? { state: 'open' } : { text: order });
}

/** Which orders the shipment takes: ready, or blocked and by what, each with the way to mend it. */
export function CandidatesPanel({
  id,
  turn,
  isSaving,
}: {
  readonly id: number | undefined;
  readonly turn: number;
  readonly isSaving: boolean;
}) {
  const { t } = useTranslation();
  const found = useQuery('shipments.candidates', id === undefined ? null : { id }, {
    areas: ['orders', 'products', 'imports', 'documents'],
  });
  const { reload } = found;
  // A changed range asks again; the first answer is the query's own.
  useEffect(() => {
    if (turn > 0) reload();
  }, [turn, reload]);

  return (
    <DetailPane
      title={t('shipments.candidates.title')}
      extra={
        id === undefined ? undefined : (
          <>
            {found.isFetching ? <span role="status">{t('shipments.candidates.reading')}</span> : null}
            <Button size="small" disabled={found.isFetching || isSaving} onClick={reload}>
              {t('shipments.candidates.refresh')}
            </Button>
          </>
        )
      }
    >
      {id === undefined ? <p className="muted">{t('shipments.candidates.unsaved')}</p> : null}
      {id !== undefined && found.status === 'loading' ? <Skeleton rows={6} /> : null}
      {found.error === undefined ? null : <ErrorNote error={found.error} onRetry={reload} />}
      {found.data === undefined ? null : <Counted data={found.data} />}
    </DetailPane>
  );
}

function Counted({ data }: { readonly data: OutputOf<'shipments.candidates'> }) {
  const { t } = useTranslation();
  const reasonText = (reason: Reason): string =>
    t(`shipments.reason.${reason.code}`, {
      ...reason.params,
      defaultValue: t('shipments.reason.unknown', { code: reason.code }),
    });
  const isEmpty = data.ready + data.blocked + data.alreadyDrafted === 0;
  return (
    <>
      <dl className="candidate-counts">
        <div>
          <dt>
            <ToneMark tone="accepted" /> {t('shipments.candidates.ready')}
          </dt>
          <dd data-testid="candidates-ready">{formatCount(data.ready)}</dd>
        </div>
        <div>
          <dt>
            <ToneMark tone={data.blocked > 0 ? 'action' : 'draft'} /> {t('shipments.candidates.blocked')}
          </dt>
          <dd data-testid="candidates-blocked">{formatCount(data.blocked)}</dd>
        </div>
        <div>
          <dt>
            <ToneMark tone="draft" /> {t('shipments.candidates.alreadyDrafted')}
          </dt>
          <dd data-testid="candidates-alreadyDrafted">{formatCount(data.alreadyDrafted)}</dd>
        </div>
      </dl>
      {isEmpty ? <p className="muted">{t('shipments.candidates.none')}</p> : null}
      {data.reasons.length === 0 ? null : (
        <DetailSection title={t('shipments.candidates.reasons')}>
          <ul className="detail-list">
            {data.reasons.map(({ code, orders }) => (
              <li key={code} className="candidate-reason">
                <span>
                  {t(`shipments.reasonKind.${code}`, { defaultValue: t('shipments.reasonKind.unknown', { code }) })}
                </span>
                <span className="muted">{t('shipments.candidates.orders', { n: formatCount(orders) })}</span>
                <button type="button" className="link" onClick={() => openFix(code)}>
                  {t(`shipments.candidates.fix.${fixOf(code)}`)}
                </button>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      {data.sample.length === 0 ? null : (
        <DetailSection title={t('shipments.candidates.sample', { n: formatCount(data.sample.length) })}>
          <ul className="candidate-orders">
            {data.sample.map(({ orderNo, reasons }) => (
              <li key={orderNo}>
                <button type="button" className="link code" onClick={() => navigate('orders', { text: orderNo })}>
                  {orderNo}
                </button>
                <ul>
                  {reasons.map((reason) => {
                    const sku = reason.params['sku'];
                    return (
                      <li key={`${reason.code} ${sku ?? ''}`}>
                        <button
                          type="button"
                          className="link"
                          onClick={() => openFix(reason.code, orderNo, sku === undefined ? undefined : String(sku))}
                        >
                          {reasonText(reason)}
                        </button>
                      </li>
                    );
                  })}
                </ul>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
    </>
  );
}

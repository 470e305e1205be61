import { Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { format5, tryParse5 } from '../../../shared/money/decimal.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Facts } from '../../components/Page.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatInstant } from '../../i18n/format.ts';
import { UnknownCountry } from './UnknownCountry.tsx';

type Order = OutputOf<'orders.get'>;
type Line = Order['lineRows'][number];

/** What is left of the goods value after cancellations; undefined when a figure is no decimal. */
function remainingValue(order: Order): string | undefined {
  const goods = tryParse5(order.goodsValue);
  const cancelled = tryParse5(order.cancelledValue);
  return goods === undefined || cancelled === undefined ? undefined : format5(goods - cancelled);
}

/** The pane beside the list: head, lines, and everything that hangs on the order. */
export function OrderDetail({ id, onClose }: { readonly id: number | undefined; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const order = useQuery('orders.get', id === undefined ? null : { id }, {
    areas: ['orders', 'documents', 'products', 'ledger'],
  });
  useKeys(
    id === undefined ? [] : [{ key: 'Esc', label: t('orders.detail.close'), run: () => focusList() || onClose() }],
  );
  if (id === undefined) return <DetailPlaceholder text={t('orders.detail.none')} />;
  if (order.status === 'failed') return <ErrorNote error={order.error} onRetry={order.reload} />;
  if (order.status === 'loading') return <Skeleton rows={8} />;
  return <Shown order={order.data} onClose={onClose} />;
}

function Shown({ order, onClose }: { readonly order: Order; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): Column<Line>[] => [
      {
        id: 'no',
        title: t('orders.line.no'),
        width: 46,
        align: 'right',
        render: (line) => <span title={t('orders.detail.sourceRow', { row: line.sourceRow })}>{line.lineNo}</span>,
      },
      { id: 'sku', title: t('orders.line.sku'), width: 78, render: (line) => <Code>{line.sku}</Code> },
      {
        id: 'description',
        title: t('orders.line.description'),
        render: (line) => (
          <span title={line.description}>
            {line.lineKind !== 'goods' ? (
              <span className="muted">{t(`orders.line.kind.${line.lineKind}`)} · </span>
            ) : line.productState === 'to-classify' ? (
              <>
                <StateTag kind="product" state={line.productState} />{' '}
              </>
            ) : null}
            {line.description}
          </span>
        ),
      },
      {
        id: 'qty',
        title: t('orders.line.qty'),
        width: 66,
        align: 'right',
        render: (line) => (
          <>
            {formatAmount(line.qty)}
            {line.cancelledQty === '0' ? null : (
              <span
                className="cancelled-qty"
                title={t('orders.line.cancelledQty')}
              >{` −${formatAmount(line.cancelledQty)}`}</span>
            )}
          </>
        ),
      },
      {
        id: 'price',
        title: t('orders.line.price'),
        width: 62,
        align: 'right',
        render: (line) => <Amount value={line.price} currency={order.currency} bare />,
      },
      {
        id: 'total',
        title: t('orders.line.total'),
        width: 78,
        align: 'right',
        render: (line) => <Amount value={line.total} currency={order.currency} bare />,
      },
    ],
    [t, order.currency],
  );
  const lines = useMemo(() => plainPages(order.lineRows), [order.lineRows]);
  const open = new Set(order.lineRows.filter((line) => line.productState === 'to-classify').map((line) => line.sku));
  const [firstOpen] = open;
  return (
    <DetailPane
      title={order.orderNo}
      isCode
      tags={<StateTag kind="order" state={order.state} />}
      extra={
        <>
          {firstOpen === undefined ? null : (
            <Button
              size="small"
              onClick={() =>
                navigate('products', { state: 'to-classify', ...(open.size === 1 ? { id: firstOpen } : {}) })
              }
            >
              {t('orders.detail.classify', { n: formatCount(open.size) })}
            </Button>
          )}
          <Button size="small" type="text" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
      foot={
        <>
          <span>
            {t('orders.detail.goodsValue')} <Amount value={order.goodsValue} currency={order.currency} />
          </span>
          {order.cancelledValue === '0' ? null : (
            <span>
              {t('orders.detail.cancelledValue')} <Amount value={order.cancelledValue} currency={order.currency} />
            </span>
          )}
          <span className="spacer" />
          <strong>
            {t('orders.detail.remaining')} <Amount value={remainingValue(order)} currency={order.currency} />
          </strong>
        </>
      }
    >
      <Facts
        rows={[
          [
            t('orders.detail.orderedAt'),
            order.orderedAt === '' ? order.orderDate : order.orderedAt.replace('T', ' ').slice(0, 16),
          ],
          [
            t('orders.detail.country'),
            order.country === undefined ? (
              <UnknownCountry key="country" countryText={order.countryText} />
            ) : (
              order.countryText
            ),
          ],
          [t('orders.detail.customer'), <Code key="customer">{order.customerMasked ?? order.customer}</Code>],
          [
            t('orders.detail.logisticsNo'),
            order.logisticsNo === undefined ? (
              <span key="waybill" className="muted">
                {t('orders.detail.noWaybill')}
              </span>
            ) : (
              <Code key="waybill">{order.logisticsNo}</Code>
            ),
          ],
          ...(order.source === undefined
            ? []
            : [
                [
                  t('orders.detail.source'),
                  t('orders.detail.sourceAt', {
                    file: order.source.fileName,
                    at: formatInstant(order.source.importedAt),
                  }),
                ] as const,
              ]),
        ]}
      />
      <DetailSection title={t('orders.detail.lines')}>
        <DataTable
          label={t('orders.detail.lines')}
          pages={lines}
          rowKey={(line) => line.lineNo}
          columns={columns}
          fit
          empty={null}
          rowTone={(line) => (line.cancelledQty === line.qty ? 'muted' : undefined)}
        />
      </DetailSection>
      {order.cancellations.length === 0 ? null : (
        <DetailSection title={t('orders.detail.cancellations')}>
          <ul className="detail-list">
            {order.cancellations.map((one) => (
              <li key={one.cancelNo}>
                <Code>{one.cancelNo}</Code>
                <span>{one.cancelledAt.replace('T', ' ').slice(0, 16)}</span>
                <Amount value={one.value} currency={order.currency} />
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('orders.detail.documents')}>
        {order.documents.length === 0 ? (
          <p className="muted">{t('orders.detail.noDocuments')}</p>
        ) : (
          <ul className="detail-list">
            {order.documents.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  className="link"
                  onClick={() => navigate('declarations', { kind: one.kind, id: one.id })}
                >
                  {t(`orders.documentKind.${one.kind}`, { defaultValue: one.kind })}
                </button>
                <StateTag kind="document" state={one.state} />
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
      <DetailSection title={t('orders.detail.vouchers')}>
        {order.vouchers.length === 0 ? (
          <p className="muted">{t('orders.detail.noVouchers')}</p>
        ) : (
          <ul className="detail-list">
            {order.vouchers.map((one) => (
              <li key={one.id}>
                <button type="button" className="link" onClick={() => navigate('voucher', { id: one.id })}>
                  {one.label}
                </button>
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
    </DetailPane>
  );
}

import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { invoicePurposes } from '../../../shared/contract/purchasing.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PlaceBox } from './choices.tsx';

/** One invoice: its lines with what was received and claimed of them, its purpose, its vouchers. */
export function InvoiceDetail({
  id,
  onEdit,
  onClose,
}: {
  readonly id: number;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const view = useQuery('invoices.get', { id }, { areas: ['purchases'] });
  const purpose = useCommand('invoices.setPurpose');
  const receive = useCommand('stock.receiveInvoice');
  const [date, setDate] = useState(localDate());
  const [placeId, setPlaceId] = useState<number | undefined>(1);
  const [linking, setLinking] = useState<number>();
  const voiding = useCommand('invoices.void');
  const [reason, setReason] = useState<string>();
  const invoice = view.data;
  const isOpen = invoice?.state === 'entered';
  const isRed = invoice?.state === 'red';
  const canReceive = (isOpen || isRed) && placeId !== undefined && invoice.toReceive > 0;
  const receiveLabel = t(isRed ? 'purchases.invoice.sendBack' : 'purchases.invoice.receive');
  const receiveAll = async (): Promise<void> => {
    if (placeId === undefined) return;
    const done = await receive.run({ invoiceId: id, date, placeId });
    if (done === undefined) return;
    const n = formatCount(done.moveIds.length);
    if (isRed) notify(t('purchases.invoice.sentBack', { n }));
    else
      notify(
        done.withoutSku === 0
          ? t('purchases.invoice.received', { n })
          : t('purchases.invoice.receivedSome', { n, open: formatCount(done.withoutSku) }),
      );
  };
  const voidIt = async (): Promise<void> => {
    if (reason === undefined || reason.trim() === '') return;
    if ((await voiding.run({ id, reason })) !== undefined) setReason(undefined);
  };
  useKeys([
    { key: 'F3', label: t('purchases.invoice.edit'), run: onEdit, isEnabled: isOpen },
    {
      key: 'F4',
      label: receiveLabel,
      run: () => void receiveAll(),
      isEnabled: canReceive,
    },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  if (invoice === undefined)
    return view.error === undefined ? <Skeleton rows={6} /> : <ErrorNote error={view.error} onRetry={view.reload} />;
  return (
    <DetailPane
      title={invoice.number}
      isCode
      tags={<span className="muted">{t(`purchases.state.${invoice.state}`)}</span>}
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        <>
          <span>
            {t('purchases.column.total')} <Amount value={invoice.total} currency="CNY" />
          </span>
          <span className="spacer" />
          {isOpen ? <KeyButton label={t('purchases.invoice.edit')} keys="F3" onPress={onEdit} /> : null}
          {isOpen || isRed ? (
            <KeyButton
              kind="primary"
              label={receiveLabel}
              keys="F4"
              isDisabled={!canReceive}
              isBusy={receive.isRunning}
              onPress={() => void receiveAll()}
            />
          ) : null}
        </>
      }
    >
      <ErrorNote error={purpose.error ?? receive.error ?? voiding.error} />
      <Facts
        rows={[
          [t('purchases.column.supplier'), invoice.supplier.name],
          [t('purchases.column.taxNo'), <Code key="tax">{invoice.supplier.taxNo ?? ''}</Code>],
          [t('purchases.column.date'), invoice.date],
          [t('purchases.column.kind'), t(`purchases.kind.${invoice.kind}`)],
          [
            t('purchases.column.purpose'),
            <Select
              key="purpose"
              size="small"
              aria-label={t('purchases.column.purpose')}
              value={invoice.purpose}
              disabled={!isOpen && !isRed}
              options={invoicePurposes.map((value) => ({ value, label: t(`purchases.purpose.${value}`) }))}
              onChange={(value) => void purpose.run({ ids: [id], purpose: value, date: localDate() })}
            />,
          ],
          [t('purchases.column.note'), invoice.note],
        ]}
      />
      <DetailSection title={t('purchases.invoice.lines')}>
        <table className="purchase-lines">
          <thead>
            <tr>
              <th>{t('purchases.column.goods')}</th>
              <th className="is-number">{t('purchases.column.qty')}</th>
              <th className="is-number">{t('purchases.column.received')}</th>
              <th className="is-number">{t('purchases.column.used')}</th>
              <th className="is-number">{t('purchases.column.amount')}</th>
              <th className="is-number">{t('purchases.column.vat')}</th>
            </tr>
          </thead>
          <tbody>
            {invoice.lineRows.map((line) => (
              <tr key={line.id}>
                <td className="is-text" title={[line.name, line.spec].filter(Boolean).join(' ')}>
                  {line.name}
                  <br />
                  <span className={line.sku === undefined ? 'tone-action' : 'code'}>
                    {line.sku ?? t('purchases.invoice.noSku')}
                  </span>
                  {isOpen && line.sku !== undefined && line.receivedQty !== line.qty ? (
                    <Button
                      type="link"
                      size="small"
                      aria-expanded={linking === line.id}
                      onClick={() => setLinking(linking === line.id ? undefined : line.id)}
                    >
                      {t('purchases.invoice.link')}
                    </Button>
                  ) : null}
                </td>
                <td className="is-number">{`${line.qty} ${line.unit}`}</td>
                <td className="is-number">{line.receivedQty}</td>
                <td className="is-number">{line.usedQty}</td>
                <td className="is-number">
                  <Amount value={line.amount} currency="CNY" bare />
                </td>
                <td className="is-number">
                  <Amount value={line.vat} currency="CNY" bare />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {invoice.lineRows
          .filter((line) => line.id === linking)
          .map((line) => (
            <Estimates
              key={line.id}
              lineId={line.id}
              sku={line.sku ?? ''}
              date={date}
              onDone={() => setLinking(undefined)}
            />
          ))}
        {isRed && canReceive ? <p className="muted">{t('purchases.invoice.sendBackHint')}</p> : null}
        {canReceive || receive.error !== undefined ? (
          <div className="purchase-form">
            <Field
              id="receipt-date"
              label={t(isRed ? 'purchases.invoice.sendBackDate' : 'purchases.invoice.receiptDate')}
            >
              <DateInput id="receipt-date" value={date} onChange={setDate} />
            </Field>
            <Field
              id="receipt-place"
              label={t(isRed ? 'purchases.invoice.sendBackPlace' : 'purchases.invoice.receiptPlace')}
            >
              <PlaceBox id="receipt-place" value={placeId} onChange={setPlaceId} />
            </Field>
          </div>
        ) : null}
      </DetailSection>
      <DetailSection title={t('purchases.vouchers')}>
        {invoice.vouchers.map((voucher) => (
          <Button key={voucher.id} type="link" size="small" onClick={() => navigate('voucher', { id: voucher.id })}>
            {voucher.label}
          </Button>
        ))}
      </DetailSection>
      {!isOpen ? null : (
        <div className="purchase-void">
          {reason === undefined ? (
            <Button size="small" danger onClick={() => setReason('')}>
              {t('purchases.invoice.void')}
            </Button>
          ) : (
            <Input.Search
              autoFocus
              size="small"
              value={reason}
              placeholder={t('purchases.reason')}
              enterButton={t('purchases.invoice.void')}
              onChange={(event) => setReason(event.target.value)}
              onSearch={() => void voidIt()}
            />
          )}
        </div>
      )}
    </DetailPane>
  );
}

/** Receipts at an estimate (暂估) of a line's article: the one chosen gets the line as its invoice. */
function Estimates({
  lineId,
  sku,
  date,
  onDone,
}: {
  readonly lineId: number;
  readonly sku: string;
  readonly date: string;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const estimates = useQuery('stock.moves', { sku, open: 'estimate', limit: 50 }, { areas: ['purchases'] });
  const link = useCommand('stock.linkInvoice');
  const run = async (moveId: number): Promise<void> => {
    const answer = await link.run({ moveId, invoiceLineId: lineId, date });
    if (answer === undefined) return;
    notify(t('purchases.invoice.linked', { difference: answer.difference }));
    onDone();
  };
  const rows = estimates.data?.rows;
  return (
    <div className="purchase-estimates">
      <ErrorNote error={estimates.error ?? link.error} />
      {rows?.length === 0 ? <p className="muted">{t('purchases.invoice.noEstimates', { sku })}</p> : null}
      {rows?.map((move) => (
        <p key={move.id}>
          <span>{move.date}</span>
          <span>{move.place.name}</span>
          <span>{t('purchases.invoice.estimateOf', { qty: move.qty })}</span>
          <Amount value={move.cost} currency="CNY" />
          <Button size="small" loading={link.isRunning} onClick={() => void run(move.id)}>
            {t('purchases.invoice.linkThis')}
          </Button>
        </p>
      ))}
    </div>
  );
}

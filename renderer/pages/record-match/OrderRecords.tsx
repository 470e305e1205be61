import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { matchText } from '../../../shared/rules/matching/texts.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatInstant } from '../../i18n/format.ts';
import type { Tone } from '../../theme/palette.ts';
import { useCertificate } from './use-certificate.ts';

type Detail = OutputOf<'match.get'>;
type Payment = Detail['payments'][number];

const tones: Readonly<Record<Detail['fields'][number]['verdict'], Tone>> = {
  agrees: 'accepted',
  differs: 'rejected',
  missing: 'action',
  single: 'draft',
};

/** The four records of an order side by side, field by field, with what is wrong, how to mend it, and where. */
export function OrderRecords({
  orderNo,
  tags,
  onAccept,
  onReopen,
}: {
  readonly orderNo: string;
  readonly tags: ReactNode;
  readonly onAccept: (() => void) | undefined;
  readonly onReopen: (() => void) | undefined;
}) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const records = useQuery('match.get', { orderNo }, { areas: ['matching', 'orders', 'documents', 'money'] });
  const [taking, setTaking] = useState<{ readonly nth: number; readonly isMove: boolean }>();
  const restore = useCommand('match.voidPayment');
  const certificate = useCertificate();
  const certify = (): void => void certificate.print({ of: { kind: 'order', orderNo } }, orderNo);
  const canCertify = records.data?.order !== undefined && records.data.items.every(({ state }) => state !== 'open');
  useKeys([
    {
      key: 'F9',
      label: t('recordMatch.certificate'),
      run: certify,
      isEnabled: canCertify && !certificate.isRunning,
    },
  ]);
  if (records.status === 'loading') return <Skeleton />;
  if (records.status === 'failed') return <ErrorNote error={records.error} onRetry={records.reload} />;
  const { order, codes, fields, payments, settled, lists, items } = records.data;
  const decided = items.filter(({ state }) => state === 'excepted');
  return (
    <DetailPane
      title={orderNo}
      isCode
      tags={tags}
      extra={
        <>
          {order === undefined ? null : (
            <KeyButton label={t('recordMatch.toOrder')} keys="O" onPress={() => navigate('orders', { id: order.id })} />
          )}
          {lists.map((list) => (
            <Button key={list.id} onClick={() => navigate('declarations', { id: list.id })}>
              {t('recordMatch.toList')}
            </Button>
          ))}
          {canCertify ? (
            <KeyButton
              label={t('recordMatch.certificate')}
              keys="F9"
              isBusy={certificate.isRunning}
              onPress={certify}
            />
          ) : null}
          {onAccept === undefined ? null : <KeyButton label={t('recordMatch.accept')} keys="E" onPress={onAccept} />}
          {onReopen === undefined ? null : <KeyButton label={t('recordMatch.reopen')} keys="R" onPress={onReopen} />}
        </>
      }
    >
      <ErrorNote error={certificate.error} isInline />
      {codes.length === 0 ? null : (
        <ul className="match-codes">
          {codes.map((code) => {
            const { title, message, why, remedy } = matchText(code, orderNo, language);
            return (
              <li key={code}>
                <ToneTag tone="rejected" label={title} />
                <span title={why}>{message}</span>
                <span className="muted">{remedy}</span>
              </li>
            );
          })}
        </ul>
      )}
      {decided.map((item) => (
        <p key={item.id} className="match-decided">
          <ToneTag tone="action" label={t('recordMatch.state.excepted')} /> {item.reason}
          <span className="muted">
            {' '}
            {item.decidedBy} {item.decidedAt === undefined ? '' : formatInstant(item.decidedAt)}
          </span>
        </p>
      ))}
      <table className="match-table">
        <thead>
          <tr>
            {(['field', 'order', 'payment', 'waybill', 'list', 'verdict'] as const).map((name) => (
              <th key={name} scope="col">
                {t(`recordMatch.side.${name}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {fields.map((row) => (
            <tr
              key={row.field}
              className={row.verdict === 'differs' || row.verdict === 'missing' ? 'is-wrong' : undefined}
            >
              <th scope="row">{t(`recordMatch.field.${row.field}`)}</th>
              {(['order', 'payment', 'waybill', 'list'] as const).map((side) => (
                <td key={side}>{row[side] === '' ? <span className="muted">–</span> : row[side]}</td>
              ))}
              <td>
                <ToneTag
                  tone={tones[row.verdict]}
                  label={
                    row.codes.length > 0
                      ? listed(
                          row.codes.map((code) => matchText(code, orderNo, language).title),
                          language,
                        )
                      : t(`recordMatch.verdict.${row.verdict}`)
                  }
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <DetailSection
        title={t('recordMatch.payments')}
        extra={
          <Button size="small" onClick={() => navigate('import', { kind: 'payments' })}>
            {t('recordMatch.importPayments')}
          </Button>
        }
      >
        {payments.length === 0 ? (
          <p className="muted match-overview">
            {settled === ''
              ? t('recordMatch.noPayments')
              : t('recordMatch.settled', { amount: formatAmount(settled, 2) })}
          </p>
        ) : (
          <table className="match-table">
            <tbody>
              {payments.map((one) => (
                <tr key={`${one.orderNo} ${one.nth}`} className={one.voidReason === '' ? undefined : 'is-void'}>
                  <td className="code">{one.payNo}</td>
                  <td className="is-number">
                    {formatAmount(one.amount, 2)} {one.currency}
                  </td>
                  <td>{one.paidOn ?? ''}</td>
                  <td>{[one.institution, one.source?.fileName].filter(Boolean).join(' · ')}</td>
                  <td className="is-number">
                    {one.voidReason !== '' ? (
                      <>
                        {t('recordMatch.voided', { reason: one.voidReason })}{' '}
                        <Button
                          size="small"
                          type="text"
                          loading={restore.isRunning}
                          onClick={() => void restore.run({ orderNo: one.orderNo, nth: one.nth, reason: '' })}
                        >
                          {t('recordMatch.restore')}
                        </Button>
                      </>
                    ) : (
                      <>
                        <Button size="small" type="text" onClick={() => setTaking({ nth: one.nth, isMove: false })}>
                          {t('recordMatch.void')}
                        </Button>
                        <Button size="small" type="text" onClick={() => setTaking({ nth: one.nth, isMove: true })}>
                          {t('recordMatch.move')}
                        </Button>
                      </>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <ErrorNote error={restore.error} isInline />
        {taking === undefined ? null : (
          <PaymentForm
            key={`${taking.nth} ${taking.isMove}`}
            payment={payments.find(({ nth }) => nth === taking.nth)}
            isMove={taking.isMove}
            onClose={() => setTaking(undefined)}
          />
        )}
      </DetailSection>
    </DetailPane>
  );
}

/** Takes a payment out of the match, or puts it under the number it is really of; both with a reason. */
function PaymentForm({
  payment,
  isMove,
  onClose,
}: {
  readonly payment: Payment | undefined;
  readonly isMove: boolean;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const take = useCommand('match.voidPayment');
  const move = useCommand('match.movePayment');
  const form = useFormDraft(`payment ${payment?.orderNo ?? ''} ${payment?.nth ?? 0} ${isMove ? 'move' : 'void'}`, {
    to: '',
    reason: '',
  });
  const { to, reason } = form.value;
  if (payment === undefined) return null;
  const { orderNo, nth } = payment;
  const submit = async (): Promise<void> => {
    const done = isMove ? await move.run({ orderNo, nth, to, reason }) : await take.run({ orderNo, nth, reason });
    if (done === undefined) return;
    form.done();
    onClose();
  };
  return (
    <form
      className="card-form match-overview"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        {isMove ? (
          <Field id="match-to" label={t('recordMatch.moveTo')}>
            <Input id="match-to" autoFocus value={to} onChange={(event) => form.change({ to: event.target.value })} />
          </Field>
        ) : null}
        <Field id="match-why" label={t('recordMatch.reason')}>
          <Input
            id="match-why"
            autoFocus={!isMove}
            value={reason}
            onChange={(event) => form.change({ reason: event.target.value })}
          />
        </Field>
      </div>
      <ErrorNote error={take.error ?? move.error} isInline />
      <div className="card-actions">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={take.isRunning || move.isRunning}
          disabled={reason.trim().length < 2 || (isMove && to.trim() === '')}
        >
          {t(isMove ? 'recordMatch.move' : 'recordMatch.void')} {payment.payNo}
        </Button>
      </div>
    </form>
  );
}

import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MoneyRecordRow } from '../../../shared/contract/money.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailPane, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { RecordActions } from '../evidence/RecordActions.tsx';
import { useCountryName } from './boxes.tsx';
import { RecordFindings } from './RecordPreview.tsx';

const declarationTones: Readonly<Record<MoneyRecordRow['declaration'], Tone>> = {
  none: 'draft',
  due: 'waiting',
  overdue: 'rejected',
  declared: 'accepted',
  'declared-late': 'action',
};

/** Where the declaration of a record stands, with its last day. */
export function DeclarationTag({ row }: { readonly row: Pick<MoneyRecordRow, 'declaration' | 'declareBy'> }) {
  const { t } = useTranslation();
  if (row.declaration === 'none') return <span className="muted">–</span>;
  return (
    <ToneTag
      tone={declarationTones[row.declaration]}
      label={t(`money.declaration.${row.declaration}`, { date: row.declareBy ?? '' })}
    />
  );
}

/** One record: what it says, what it was allotted to, its declaration, its voucher, the lines it was made from. */
export function RecordDetail({
  id,
  onEdit,
  onClose,
}: {
  readonly id: number;
  readonly onEdit: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const nameOf = useCountryName();
  const view = useQuery('moneyRecords.get', { id }, { areas: ['money', 'ledger'] });
  const voiding = useCommand('moneyRecords.void');
  const drafting = useCommand('forexForms.draft');
  const [reason, setReason] = useState('');
  const record = view.data;
  const isOpen = record?.state === 'entered';
  const isReceipt = record?.kind === 'receipt';
  const canDeclare = isOpen && record.crossBorder && (isReceipt || record.kind === 'refund-in');
  const allot = (): void => navigate('allocations', { view: 'receipts', id });
  const draft = async (): Promise<void> => {
    const done = await drafting.run({ recordIds: [id] });
    const [made] = done?.documents ?? [];
    if (made !== undefined) navigate('declarations', { id: made.id });
    else if (done !== undefined) notify(t('money.form.refused', { code: done.refused[0]?.code ?? '' }));
  };
  useKeys([
    { key: 'F3', label: t('money.edit'), run: onEdit, isEnabled: isOpen, isMain: true },
    { key: 'F4', label: t('money.allot'), run: allot, isEnabled: isOpen && isReceipt, isMain: true },
    { key: 'F8', label: t('money.form.draft'), run: () => void draft(), isEnabled: canDeclare },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  if (record === undefined)
    return view.error === undefined ? <Skeleton rows={6} /> : <ErrorNote error={view.error} onRetry={view.reload} />;
  const { detail, to } = record;
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('money.column.kind'), t(`money.kind.${record.kind}`)],
    [t('money.column.date'), record.date],
    [t('money.column.account'), record.account.name],
    [t('money.column.amount'), <Amount key="amount" value={record.amount} currency={record.currency} />],
    [t('money.field.fee'), <Amount key="fee" value={record.fee} currency={record.currency} />],
  ];
  if (to !== undefined)
    facts.push(
      [t('money.field.toAccountId'), to.name],
      [t('money.field.toAmount'), <Amount key="to" value={to.amount} currency={to.currency} />],
    );
  if (record.usd !== undefined && record.currency !== 'USD')
    facts.push([t('money.fact.usd'), <Amount key="usd" value={record.usd} currency="USD" />]);
  if (record.counterparty !== '' || record.counterpartyCountry !== '')
    facts.push([
      t([`money.fieldOf.${record.kind}.counterparty`, 'money.field.counterparty']),
      [record.counterparty, nameOf(record.counterpartyCountry)].filter((part) => part !== '').join(' · '),
    ]);
  if (record.party !== undefined) facts.push([t('money.field.partyId'), record.party]);
  if (record.channel !== 'bank')
    facts.push([
      t('money.field.channel'),
      [t(`money.choice.channel.${record.channel}`), detail.institution, detail.licenceNo].filter(Boolean).join(' · '),
    ]);
  if (record.nature === 'advance')
    facts.push([
      t('money.field.nature'),
      `${t('money.choice.nature.advance')}${record.expectedOn === undefined ? '' : ` · ${record.expectedOn}`}`,
    ]);
  if (record.refunds !== undefined) facts.push([t('money.field.refundsId'), record.refunds.number]);
  if (detail.orderNo !== undefined) facts.push([t('money.field.orderNo'), detail.orderNo]);
  facts.push([t('money.field.reference'), <Code key="reference">{record.reference}</Code>]);
  if (record.text !== '') facts.push([t('money.field.text'), record.text]);
  const declared: (readonly [string, React.ReactNode])[] = [
    [t('money.fact.state'), <DeclarationTag key="state" row={record} />],
    [t('money.field.declarationNo'), <Code key="no">{record.declarationNo}</Code>],
    ...(record.declaredOn === undefined ? [] : [[t('money.field.declaredOn'), record.declaredOn] as const]),
    ...detail.codes.map(
      ({ code, amount, remark }) =>
        [
          t('money.field.code1'),
          <span key={code}>
            <Code>{code}</Code> <Amount value={amount} currency={record.currency} /> {remark}
          </span>,
        ] as const,
    ),
    [t('money.field.settlementMethod'), t(`money.choice.settlementMethod.${detail.settlementMethod}`)],
    ...(detail.bonded ? [[t('money.flag.bonded'), '✓'] as const] : []),
    ...(detail.byElectronicInfo ? [[t('money.flag.byElectronicInfo'), '✓'] as const] : []),
  ];
  return (
    <DetailPane
      title={record.number}
      isCode
      tags={
        <ToneTag
          tone={record.ledger === 'posted' ? 'accepted' : record.ledger === 'void' ? 'draft' : 'action'}
          label={
            record.ledger === 'waiting'
              ? t(`ledger.waiting.${record.reason}`, { defaultValue: record.reason })
              : t(`money.ledger.${record.ledger}`)
          }
        />
      }
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        <>
          {isReceipt ? (
            <span>
              {t('money.column.residual')} <Amount value={record.residual} currency={record.currency} />
            </span>
          ) : null}
          <span className="spacer" />
          {canDeclare ? (
            <KeyButton
              label={t('money.form.draft')}
              keys="F8"
              isBusy={drafting.isRunning}
              onPress={() => void draft()}
            />
          ) : null}
          {isOpen && isReceipt ? <KeyButton label={t('money.allot')} keys="F4" onPress={allot} /> : null}
          {isOpen ? <KeyButton kind="primary" label={t('money.edit')} keys="F3" onPress={onEdit} /> : null}
        </>
      }
    >
      <ErrorNote error={voiding.error ?? drafting.error} />
      <RecordFindings findings={record.findings} />
      <Facts rows={facts} />
      {record.crossBorder ? (
        <DetailSection title={t('money.group.declaration')}>
          <Facts rows={declared} />
        </DetailSection>
      ) : null}
      <RecordActions recordId={id} isDraftedElsewhere />
      {record.allocations.length === 0 ? null : (
        <DetailSection title={t('money.allocations')}>
          <table className="money-lines">
            <tbody>
              {record.allocations.map((one) => (
                <tr key={one.id}>
                  <td>{t(`money.target.${one.target}`)}</td>
                  <td className="is-text">
                    <Code>{one.label}</Code>
                  </td>
                  <td className="is-number">
                    <Amount value={one.amount} currency={record.currency} />
                  </td>
                  <td className="is-number">
                    {one.targetCurrency === record.currency ? null : (
                      <Amount value={one.targetAmount} currency={one.targetCurrency} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </DetailSection>
      )}
      {record.entries.length === 0 ? null : (
        <DetailSection title={t('money.tab.moneyEntries')}>
          <ul className="detail-list">
            {record.entries.map((entry) => (
              <li key={entry.id}>{`${entry.date} ${entry.amount} ${entry.text}`}</li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('money.vouchers')}>
        <p className="detail-links">
          {record.sourceDocument === undefined ? null : (
            <Button
              type="link"
              size="small"
              onClick={() => navigate('ledger', { tab: 'documents', id: record.sourceDocument?.id ?? 0 })}
            >
              {record.sourceDocument.number}
            </Button>
          )}
          {record.vouchers.map((voucher) => (
            <Button key={voucher.id} type="link" size="small" onClick={() => navigate('voucher', { id: voucher.id })}>
              {voucher.label}
            </Button>
          ))}
        </p>
        {isOpen ? (
          <div className="money-void">
            <Input
              aria-label={t('money.voidReason')}
              placeholder={t('money.voidReason')}
              value={reason}
              maxLength={200}
              onChange={(event) => setReason(event.target.value)}
            />
            <ConfirmInline
              label={t('money.void')}
              question={t('money.voidAsk', { number: record.number })}
              confirmLabel={t('money.void')}
              isDisabled={reason.trim() === ''}
              onConfirm={async () => {
                if ((await voiding.run({ id, reason })) !== undefined) setReason('');
              }}
            />
          </div>
        ) : record.reason === '' ? null : (
          <p className="muted">{t('money.voidedFor', { reason: record.reason })}</p>
        )}
      </DetailSection>
    </DetailPane>
  );
}

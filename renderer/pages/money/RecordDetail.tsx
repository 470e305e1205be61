import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
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
import type { Tone } from '../../theme/palette.ts';
import { Declarations, openTarget } from '../allocations/targets.tsx';
import { RecordActions } from '../evidence/RecordActions.tsx';
import { useCountryName, useMoneyCodes } from './boxes.tsx';
import { RecordFindings } from './RecordPreview.tsx';

type Refused = OutputOf<'filings.draft'>['refused'][number];

function Link({ text, onPress }: { readonly text: string; readonly onPress: () => void }) {
  return (
    <Button type="link" size="small" className="money-link" onClick={onPress}>
      {text}
    </Button>
  );
}

/** What a receipt pays for: orders with their lists and declarations, each a way to it. */
function PaysFor({ recordId, currency }: { readonly recordId: number; readonly currency: string }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('allocations.list', { recordId }, { areas: ['money', 'matching'] });
  return (
    <DetailSection title={t('money.allocations')}>
      <ErrorNote error={error} onRetry={reload} isInline />
      <table className="money-lines">
        <tbody>
          {(data?.rows ?? []).map(({ id, target, amount, targetAmount }) => (
            <tr key={id}>
              <td>{t(`money.target.${target.kind}`)}</td>
              <td className="is-text">
                <Link text={target.no} onPress={() => openTarget(target.kind, target.id, target.no)} />
              </td>
              <td className="is-text">
                {target.kind === 'order' ? <Declarations numbers={target.declarations} /> : null}
              </td>
              <td className="is-number">
                <Amount value={amount} currency={currency} />
              </td>
              {target.currency === currency ? null : (
                <td className="is-number">
                  <Amount value={targetAmount} currency={target.currency} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </DetailSection>
  );
}

const declarationTones: Readonly<Record<MoneyRecordRow['declaration'], Tone>> = {
  none: 'draft',
  due: 'waiting',
  overdue: 'rejected',
  declared: 'accepted',
  'declared-late': 'action',
};

/** Where the declaration of a record stands, with its last day; `isShort`: the year of that is plain from the row. */
export function DeclarationTag({
  row,
  isShort = false,
}: {
  readonly row: Pick<MoneyRecordRow, 'declaration' | 'declareBy'>;
  readonly isShort?: boolean;
}) {
  const { t } = useTranslation();
  const { declaration, declareBy = '' } = row;
  if (declaration === 'none') return <span className="muted">–</span>;
  return (
    <ToneTag
      tone={declarationTones[declaration]}
      label={
        isShort
          ? t(`money.declarationShort.${declaration}`, { date: declareBy.slice(5) })
          : t(`money.declaration.${declaration}`, { date: declareBy })
      }
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
  const drafting = useCommand('filings.draft');
  const [reason, setReason] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const codes = useMoneyCodes();
  const record = view.data;
  const isOpen = record?.state === 'entered';
  const isReceipt = record?.kind === 'receipt';
  const canDeclare = isOpen && record.crossBorder && (isReceipt || record.kind === 'refund-in');
  const allot = (): void => navigate('allocations', { view: 'receipts', id });
  const draft = async (): Promise<void> => {
    const done = await drafting.run({ subjects: [{ kind: 'money-record', id }] });
    const [made] = done?.documents ?? [];
    const [refused] = done?.refused ?? [];
    setRefused(refused);
    if (made !== undefined) navigate('document', { id: made.id, kind: made.kind });
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
    [
      t('money.column.account'),
      <Link
        key="account"
        text={record.account.name}
        onPress={() => navigate('moneyAccounts', { id: record.account.id })}
      />,
    ],
    [t('money.column.amount'), <Amount key="amount" value={record.amount} currency={record.currency} />],
    [t('money.field.fee'), <Amount key="fee" value={record.fee} currency={record.currency} />],
  ];
  if (to !== undefined)
    facts.push(
      [
        t('money.field.toAccountId'),
        <Link key="to" text={to.name} onPress={() => navigate('moneyAccounts', { id: to.id })} />,
      ],
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
  const { refunds } = record;
  const { orderNo } = detail;
  if (refunds !== undefined)
    facts.push([
      t([`money.fieldOf.${record.kind}.refundsId`, 'money.field.refundsId']),
      <Link key="refunds" text={refunds.number} onPress={() => navigate('money', { at: refunds.id })} />,
    ]);
  if (record.refundedBy.length > 0)
    facts.push([
      t('money.fact.refundedBy'),
      <span key="refundedBy" className="money-links">
        {record.refundedBy.map((one) => (
          <Link key={one.id} text={one.number} onPress={() => navigate('money', { at: one.id })} />
        ))}
      </span>,
    ]);
  if (orderNo !== undefined)
    facts.push([
      t('money.field.orderNo'),
      <Link key="order" text={orderNo} onPress={() => navigate('orders', { text: orderNo })} />,
    ]);
  if (detail.personProof !== 'none')
    facts.push([
      t('money.field.personProof'),
      [t(`money.choice.personProof.${detail.personProof}`), detail.proofNote].filter(Boolean).join(' · '),
    ]);
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
            <Code>{code}</Code> {codes.nameOf(code)} <Amount value={amount} currency={record.currency} />
            {remark === '' ? '' : ` · ${remark}`}
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
        <>
          {isOpen ? <KeyButton label={t('money.edit')} keys="F3" onPress={onEdit} /> : null}
          <Button size="small" type="text" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
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
          {isOpen && isReceipt ? <KeyButton kind="primary" label={t('money.allot')} keys="F4" onPress={allot} /> : null}
        </>
      }
    >
      <ErrorNote error={voiding.error ?? drafting.error ?? refused} />
      <RecordFindings findings={record.findings} />
      <Facts rows={facts} />
      {record.crossBorder ? (
        <DetailSection title={t('money.group.declaration')}>
          <Facts rows={declared} columns={1} />
        </DetailSection>
      ) : null}
      <RecordActions recordId={id} isDraftedElsewhere />
      {record.allocations.length === 0 ? null : <PaysFor recordId={id} currency={record.currency} />}
      {record.entries.length === 0 ? null : (
        <DetailSection title={t('money.tab.moneyEntries')}>
          <ul className="detail-list money-links">
            {record.entries.map((entry) => (
              <li key={entry.id}>
                <Link
                  text={entry.date}
                  onPress={() => navigate('moneyEntries', { state: 'all', date: entry.date, id: entry.id })}
                />
                <Amount value={entry.amount} currency={record.currency} /> {entry.text}
              </li>
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
                if ((await voiding.run({ id, reason, version: record.version })) !== undefined) setReason('');
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

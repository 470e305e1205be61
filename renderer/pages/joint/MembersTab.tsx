/** 分摊与结算: what each member's share is as things stand, what is due by the last statement, what was paid. */
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { payFromAccount, payMethods } from '../../../shared/contract/joint.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, replaceParams } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { CardForm } from '../../components/CardForm.tsx';
import { amountColumn } from '../../components/columns.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { isNumberText, NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { VoidAsk } from '../../components/VoidAsk.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kg } from '../trace/parts.tsx';
import { usePaper } from './use-paper.tsx';

type Joint = OutputOf<'joint.get'>;
type Balance = Joint['balances'][number];
type Share = Joint['statements']['members'][number];
type Payment = Joint['payments'][number];
/** A member with what is its own in the goods now; no share: it has none any more, and stands here for what was stated or paid. */
interface Row extends Balance {
  readonly share: Share | undefined;
}

export function MembersTab({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const [partyId, setPartyId] = useState<number>();
  const [isPaying, setPaying] = useState(false);
  const rows = useMemo((): readonly Row[] => {
    const shares = new Map(joint.statements.members.map((one) => [one.partyId, one]));
    return joint.balances.map((one) => ({ ...one, share: shares.get(one.partyId) }));
  }, [joint]);
  const active = rows.find((row) => row.partyId === partyId) ?? rows[0];
  const pay = (): void => {
    setPaying(true);
    focusDetail('#pay-amount');
  };
  useKeys([
    { key: 'Enter', label: t('joint.statement'), isMain: true },
    { key: 'Ctrl+N', label: t('joint.pay.add'), run: pay, isEnabled: active !== undefined, isMain: true },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'name', title: t('joint.member'), render: (row) => row.name },
      {
        id: 'mass',
        title: t('joint.massKg'),
        width: 80,
        align: 'right',
        render: ({ share }) => (share === undefined ? '–' : kg(share.weightG)),
      },
      {
        id: 'net',
        title: t('joint.net'),
        width: 102,
        align: 'right',
        render: ({ share }) => <Amount value={share?.net} currency="CNY" bare />,
      },
      amountColumn('due', t('joint.due'), 102, (row) => (joint.version === 0 ? undefined : row.due)),
      amountColumn('paid', t('joint.paid'), 102, (row) => row.paid),
      amountColumn('left', t('joint.left'), 102, (row) => (joint.version === 0 ? undefined : row.left)),
    ],
    [t, joint.version],
  );
  const { totals } = joint.statements;
  return (
    <Split
      list={
        <div className="joint-members">
          <DataTable
            label={t('joint.tab.members')}
            autoFocus
            pages={plainPages(rows)}
            columns={columns}
            rowKey={(row) => row.partyId}
            activeKey={active?.partyId}
            onActivate={(row) => {
              setPartyId(row.partyId);
              setPaying(false);
            }}
            onOpen={(row) => {
              setPartyId(row.partyId);
              focusDetail();
            }}
            empty={<EmptyState title={t('joint.noMembers')} hint={t('joint.noMembersHint')} />}
          />
          <p className="joint-totals">
            {t('joint.totals', {
              proceeds: formatAmount(totals.proceeds, 2),
              costs: formatAmount(totals.costs, 2),
              net: formatAmount(totals.net, 2),
            })}
          </p>
          <p className="joint-totals muted">
            {t(`joint.posting.line.${joint.posting || 'open'}`)}{' '}
            {joint.vouchers.map(({ id, label }) => (
              <button key={id} type="button" className="link" onClick={() => navigate('voucher', { id })}>
                {label}
              </button>
            ))}
            {joint.posting === '' ? (
              <button type="button" className="link" onClick={() => replaceParams({ id: joint.id, tab: 'head' })}>
                {t('joint.posting.choose')}
              </button>
            ) : null}
          </p>
        </div>
      }
      detail={
        active === undefined ? (
          <DetailPlaceholder text={t('joint.chooseMember')} />
        ) : (
          <MemberDetail
            key={active.partyId}
            joint={joint}
            row={active}
            isPaying={isPaying}
            onPay={pay}
            onPaid={() => {
              setPaying(false);
              focusDetail();
            }}
          />
        )
      }
    />
  );
}

function MemberDetail({
  joint,
  row,
  isPaying,
  onPay,
  onPaid,
}: {
  readonly joint: Joint;
  readonly row: Row;
  readonly isPaying: boolean;
  readonly onPay: () => void;
  readonly onPaid: () => void;
}) {
  const { t } = useTranslation();
  const paper = usePaper();
  const { statements, version } = joint;
  const { share } = row;
  const own = joint.payments.filter(({ partyId }) => partyId === row.partyId);
  const write = (format: 'pdf' | 'xlsx'): void =>
    void paper.write(`${t('joint.statement')} ${joint.number} ${row.name}`, format, {
      id: joint.id,
      paper: 'statement',
      partyId: row.partyId,
    });
  const sign = (text: string | undefined): string => (text === undefined ? '–' : `−${formatAmount(text, 2)}`);
  return (
    <DetailPane
      title={row.name}
      foot={
        <>
          <Button disabled={version === 0} loading={paper.isRunning} onClick={() => write('pdf')}>
            {t('joint.printStatement')}
          </Button>
          <Button disabled={version === 0} loading={paper.isRunning} onClick={() => write('xlsx')}>
            {t('joint.exportStatement')}
          </Button>
          <span className="spacer" />
          <KeyButton kind="primary" label={t('joint.pay.add')} keys="Ctrl+N" onPress={onPay} />
        </>
      }
    >
      {paper.notice}
      <Facts
        rows={[
          [t('joint.due'), version === 0 ? t('joint.notIssued') : formatAmount(row.due, 2)],
          [t('joint.paid'), formatAmount(row.paid, 2)],
          [t('joint.left'), version === 0 ? '–' : formatAmount(row.left, 2)],
          [
            t('joint.brought'),
            share === undefined
              ? '–'
              : t('joint.broughtLine', { cartons: formatCount(share.cartons), mass: kg(share.weightG) }),
          ],
          [t('joint.statements'), version === 0 ? '–' : t('joint.versionOf', { version })],
        ]}
      />
      {isPaying ? <PaymentForm joint={joint} row={row} onDone={onPaid} /> : null}
      <DetailSection title={t('joint.shares')}>
        {share === undefined ? (
          <p className="muted">{t('joint.noShare')}</p>
        ) : (
          <table className="joint-grid">
            <thead>
              <tr>
                <th>{t('joint.amount.kind')}</th>
                <th>{t('joint.amount.by')}</th>
                <th className="is-figure">{t('joint.whole')}</th>
                <th className="is-figure">{t('joint.own')}</th>
              </tr>
            </thead>
            <tbody>
              {statements.proceeds.map((one, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two amounts of one kind may be alike
                <tr key={at}>
                  <td>{`${t(`joint.kind.${one.kind}`)} ${one.note}`.trim()}</td>
                  <td>{t(`joint.by.${one.by}`)}</td>
                  <td className="is-figure">{formatAmount(one.amount, 2)}</td>
                  <td className="is-figure">{formatAmount(share.proceeds[at] ?? '0', 2)}</td>
                </tr>
              ))}
              {statements.costs.map((one, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two amounts of one kind may be alike
                <tr key={at}>
                  <td>{`${t(`joint.kind.${one.kind}`)} ${one.note}`.trim()}</td>
                  <td>{t(`joint.by.${one.by}`)}</td>
                  <td className="is-figure">{sign(one.amount)}</td>
                  <td className="is-figure">{sign(share.costs[at])}</td>
                </tr>
              ))}
              <tr className="is-total">
                <td colSpan={2}>{t('joint.net')}</td>
                <td className="is-figure">{formatAmount(statements.totals.net, 2)}</td>
                <td className="is-figure">{formatAmount(share.net, 2)}</td>
              </tr>
            </tbody>
          </table>
        )}
      </DetailSection>
      <DetailSection title={t('joint.pay.title')}>
        {own.length === 0 ? <p className="muted">{t('joint.pay.none')}</p> : null}
        <ul className="detail-list">
          {own.map((one) => (
            <PaymentLine key={one.id} payment={one} />
          ))}
        </ul>
      </DetailSection>
    </DetailPane>
  );
}

function PaymentLine({ payment }: { readonly payment: Payment }) {
  const { t } = useTranslation();
  const command = useCommand('joint.voidPayment');
  const isVoid = payment.voidedAt !== undefined;
  return (
    <li className={isVoid ? 'is-void' : undefined}>
      <span className="code">{payment.on}</span>
      <strong className="amount">{formatAmount(payment.amount, 2)}</strong>
      <span>
        {[t(`joint.method.${payment.method}`), payment.account, payment.note].filter((one) => one !== '').join(' · ')}
      </span>
      {payment.recordId === undefined ? (
        <span className="muted">{t('joint.pay.notRecorded')}</span>
      ) : (
        <button type="button" className="link" onClick={() => navigate('money', { at: payment.recordId ?? 0 })}>
          {payment.record}
        </button>
      )}
      {isVoid ? (
        <>
          <ToneTag tone="draft" label={t('joint.pay.void')} />
          <span>{payment.voidReason}</span>
        </>
      ) : (
        <VoidAsk
          label={t('joint.pay.doVoid')}
          reasonLabel={t('joint.pay.voidReason')}
          className="joint-void"
          error={command.error}
          onVoid={async (reason) => (await command.run({ id: payment.id, reason })) !== undefined}
        />
      )}
    </li>
  );
}

/** Stands for no account in the choice of accounts: the payment is recorded here alone. */
const NO_ACCOUNT = 0;

function PaymentForm({
  joint,
  row,
  onDone,
}: {
  readonly joint: Joint;
  readonly row: Row;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const command = useCommand('joint.pay');
  const form = useFormDraft(
    `joint payment ${joint.id} ${row.partyId}`,
    {
      amount: joint.version === 0 ? '' : row.left,
      on: localDate(),
      method: 'bank' as (typeof payMethods)[number],
      accountId: undefined as number | undefined,
      account: '',
      note: '',
    },
    JSON.stringify(row),
  );
  const { value: draft, change } = form;
  const accounts = useQuery('moneyAccounts.list', {}, { areas: ['money'] });
  const own = (accounts.data?.rows ?? []).filter(({ active, currency }) => active && currency === 'CNY');
  const usual = own.length === 1 ? own[0]?.id : undefined;
  const isWrong = draft.amount === '' || !isNumberText(draft.amount, 2, true) || draft.on === '';
  const submit = async (): Promise<void> => {
    if (isWrong) return;
    const { accountId, ...rest } = draft;
    const from = accountId ?? usual;
    const isMoney = payFromAccount.has(draft.method) && from !== undefined && from > 0;
    const done = await command.run({
      id: joint.id,
      partyId: row.partyId,
      ...rest,
      ...(isMoney ? { accountId: from } : {}),
    });
    if (done === undefined) return;
    form.done();
    notify(t('joint.pay.saved', { name: row.name, amount: formatAmount(draft.amount, 2) }));
    onDone();
  };
  useKeys([{ key: 'Esc', label: t('common.cancel'), run: onDone }]);
  return (
    <DetailSection title={t('joint.pay.add')}>
      <CardForm
        saveLabel={t('joint.pay.save')}
        canSave={!isWrong}
        isBusy={command.isRunning}
        onSave={submit}
        error={command.error}
        actions={<Button onClick={onDone}>{t('common.cancel')}</Button>}
      >
        <RestoredNote draft={form} />
        <div className="form-grid">
          <Field
            id="pay-amount"
            label={t('joint.amount.amount')}
            isRequired
            hint={t(joint.version === 0 ? 'joint.pay.advanceHint' : 'joint.pay.amountHint')}
          >
            <NumericInput
              id="pay-amount"
              decimals={2}
              allowNegative
              unit="CNY"
              value={draft.amount}
              onChange={(amount) => change({ amount })}
            />
          </Field>
          <Field id="pay-on" label={t('joint.pay.on')} isRequired>
            <DateInput id="pay-on" value={draft.on} onChange={(on) => change({ on })} />
          </Field>
          <Field id="pay-method" label={t('joint.pay.method')}>
            <Select
              id="pay-method"
              value={draft.method}
              options={payMethods.map((value) => ({ value, label: t(`joint.method.${value}`) }))}
              onChange={(method) => change({ method })}
            />
          </Field>
          {!payFromAccount.has(draft.method) ? null : (
            <Field id="pay-own" label={t('joint.pay.own')} hint={t('joint.pay.ownHint')}>
              <Select<number>
                id="pay-own"
                value={draft.accountId ?? usual ?? NO_ACCOUNT}
                options={[
                  ...own.map(({ id, name }) => ({ value: id, label: name })),
                  { value: NO_ACCOUNT, label: t('joint.pay.noAccount') },
                ]}
                onChange={(accountId) => change({ accountId })}
              />
            </Field>
          )}
          <Field id="pay-account" label={t('joint.pay.account')} hint={t('joint.pay.accountHint')}>
            <Input
              id="pay-account"
              className="code"
              autoComplete="off"
              value={draft.account}
              maxLength={60}
              onChange={(event) => change({ account: event.target.value })}
            />
          </Field>
          <Field id="pay-note" label={t('joint.note')} isWide>
            <Input
              id="pay-note"
              value={draft.note}
              maxLength={500}
              onChange={(event) => change({ note: event.target.value })}
            />
          </Field>
        </div>
      </CardForm>
    </DetailSection>
  );
}

import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { feeTypes } from '../../../shared/rules/forex/netting.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { type EntryColumn, EntryGrid } from '../purchases/EntryGrid.tsx';
import { cellOfPath } from '../purchases/entry-rows.ts';
import { FormPane } from '../purchases/FormPane.tsx';
import '../purchases/purchases.css';
import {
  blankFee,
  draftOf,
  type FeeField,
  type FeeRow,
  identityOf,
  inputOf,
  type NettingDraft,
  withLastCodes,
} from './netting-draft.ts';
import './supervision.css';

type FeeColumn = Exclude<FeeField, 'id'>;
const columns: readonly { readonly key: FeeColumn; readonly isNumber?: boolean; readonly width?: number }[] = [
  { key: 'type', width: 9 },
  { key: 'code', width: 7 },
  { key: 'payee' },
  { key: 'invoiceNo', width: 11 },
  { key: 'amount', isNumber: true, width: 9.4 },
  { key: 'documentNo', width: 11 },
];

/** Records looked through for an amount, and how many are offered. */
const shownRecords = 500;
const offered = 9;

/** A sheet by keyboard: head, fees row by row, and at every key what gross less fees comes to. */
export function NettingForm({
  id,
  payoutId,
  onSaved,
  onClose,
}: {
  readonly id: number | undefined;
  readonly payoutId: number | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const stored = useQuery('netting.get', id === undefined ? null : { id });
  const prefill = useQuery('netting.prefill', payoutId === undefined ? null : { payoutId });
  const [draft, setDraft] = useState<NettingDraft>({
    date: localDate(),
    counterparty: '',
    counterpartyCountry: '',
    partyId: undefined,
    store: '',
    currency: 'USD',
    goodsCode: '',
    goodsEvidence: '',
    gross: '',
    net: '',
    record: undefined,
    payout: undefined,
    note: '',
    fees: [blankFee],
  });
  const types = useQuery('netting.types', { date: /^\d{4}-\d{2}-\d{2}$/.test(draft.date) ? draft.date : localDate() });
  const save = useCommand('netting.save');
  const { data } = stored;
  const { data: filled } = prefill;
  useEffect(() => {
    if (data !== undefined) setDraft(draftOf(data, { record: data.record?.number, payout: data.payout?.number }));
    else if (filled !== undefined) setDraft(draftOf(filled, { payout: filled.goodsEvidence }));
  }, [data, filled]);
  const isRead = data !== undefined;
  useEffect(() => {
    if (isRead) document.querySelector<HTMLInputElement>('#netting-gross')?.focus();
  }, [isRead]);
  const usualCode = types.data?.goodsCode ?? '';
  useEffect(() => {
    if (id === undefined && usualCode !== '')
      setDraft((before) => (before.goodsCode === '' ? { ...before, goodsCode: usualCode } : before));
  }, [id, usualCode]);
  const change = (patch: Partial<NettingDraft>): void => setDraft((before) => ({ ...before, ...patch }));
  const codeOf = new Map(types.data?.rows.map(({ type, lastCode }) => [type, lastCode]));
  const identity = identityOf(draft);
  const input = inputOf(draft, id);
  const submit = async (): Promise<void> => {
    if (input === undefined) return;
    const saved = await save.run(input);
    if (saved === undefined) return;
    notify(t('supervision.netting.saved', { number: saved.number, net: formatAmount(saved.net, 2) }));
    onSaved(saved.id);
  };
  const fillNet = (): void => change({ net: identity?.net ?? '' });
  useKeys([{ key: 'F7', label: t('supervision.netting.fillNet'), run: fillNet }]);
  const findPayout = async (text: string): Promise<readonly Choice[]> => {
    const { rows } = await call('payouts.list', { ...(text === '' ? {} : { text }), limit: 9 });
    return rows.map((row) => ({ code: String(row.id), name: `${row.platform} ${row.number} ${row.currency}` }));
  };
  const takePayout = async (choice: Choice | undefined): Promise<void> => {
    if (choice === undefined) {
      change({ payout: undefined });
      return;
    }
    const made = await call('netting.prefill', { payoutId: Number(choice.code) });
    setDraft(
      draftOf(
        { ...made, goodsCode: made.goodsCode === '' ? draft.goodsCode : made.goodsCode },
        { payout: choice.name },
      ),
    );
  };
  /** By number, counterparty or amount; those that come to the net stand first. */
  const findRecord = async (text: string): Promise<readonly Choice[]> => {
    const net = identity?.net ?? '';
    const kind = net.startsWith('-') ? 'payment' : 'receipt';
    const isAmount = /^[\d,.]+$/.test(text);
    const { rows } = await call('moneyRecords.list', {
      kind,
      ...(text === '' || isAmount ? {} : { text }),
      limit: shownRecords,
    });
    const wanted = text.replaceAll(',', '');
    const isNet = (row: (typeof rows)[number]): boolean =>
      row.currency === draft.currency && row.amount === net.replace('-', '');
    return rows
      .filter((row) => !isAmount || row.amount.startsWith(wanted))
      .sort((a, b) => Number(isNet(b)) - Number(isNet(a)))
      .slice(0, offered)
      .map((row) => ({
        code: String(row.id),
        name: `${row.number} ${row.date} ${row.currency} ${formatAmount(row.amount, 2)}`,
      }));
  };
  const typeChoices = feeTypes.map((code): Choice => ({ code, name: t(`supervision.fee.${code}`) }));
  const gridColumns = columns.map(
    ({ key, isNumber, width }): EntryColumn<FeeField> => ({
      key,
      title: t(`supervision.netting.column.${key}`),
      ...(isNumber === undefined ? {} : { isNumber }),
      ...(width === undefined ? {} : { width }),
      ...(key === 'type'
        ? {
            field: ({ row, label, value, onChange }) => (
              <ChoiceBox
                key={row}
                isCell
                hidesCode
                label={label}
                shown={value === '' ? '' : t(`supervision.fee.${value}`)}
                search={(text) =>
                  typeChoices.filter(({ name, code }) => name.includes(text.trim()) || code.startsWith(text.trim()))
                }
                onTake={(choice) => onChange(choice?.code ?? '')}
              />
            ),
          }
        : {}),
    }),
  );
  const wrong = cellOfPath(save.error?.path?.replace(/^fees\./, 'lines.'), draft.fees, blankFee);
  const setFees = (fees: readonly FeeRow[]): void =>
    change({ fees: withLastCodes(fees, (type) => codeOf.get(type) ?? '') });
  const field = (
    name: 'counterparty' | 'counterpartyCountry' | 'goodsCode' | 'goodsEvidence' | 'note' | 'currency',
    isRequired = false,
  ) => (
    <Field id={`netting-${name}`} label={t(`supervision.netting.${name}`)} isRequired={isRequired}>
      <Input
        id={`netting-${name}`}
        autoComplete="off"
        value={draft[name]}
        onChange={(event) =>
          change({
            [name]:
              name === 'currency' || name === 'counterpartyCountry'
                ? event.target.value.toUpperCase()
                : event.target.value,
          })
        }
      />
    </Field>
  );
  return (
    <FormPane
      title={t(id === undefined ? 'supervision.netting.new' : 'supervision.netting.change')}
      error={save.error ?? stored.error ?? prefill.error}
      onClearError={save.clear}
      canSave={input !== undefined && identity?.isEven === true}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        <>
          <span className="netting-identity" data-testid="netting-identity">
            {identity === undefined ? (
              <ToneTag tone="action" label={t('supervision.netting.unreadable')} />
            ) : (
              <>
                <Amount value={identity.gross} currency={draft.currency} /> −{' '}
                <Amount value={identity.fees} currency={draft.currency} bare /> ={' '}
                <strong>
                  <Amount value={identity.net} currency={draft.currency} bare />
                </strong>{' '}
                {identity.difference === '' ? null : identity.isEven ? (
                  <ToneTag tone="accepted" label={t('supervision.netting.even')} />
                ) : (
                  <ToneTag
                    tone="rejected"
                    label={t('supervision.netting.uneven', { difference: formatAmount(identity.difference, 2) })}
                  />
                )}
              </>
            )}
          </span>
          <KeyButton label={t('supervision.netting.fillNet')} keys="F7" onPress={fillNet} />
        </>
      }
    >
      <div className="purchase-form">
        <Field id="netting-payout" label={t('supervision.netting.payout')} hint={t('supervision.netting.payoutHint')}>
          <ChoiceBox
            id="netting-payout"
            hidesCode
            autoFocus={id === undefined}
            shown={draft.payout?.label ?? ''}
            search={findPayout}
            onTake={(choice) => void takePayout(choice)}
          />
        </Field>
        <Field id="netting-date" label={t('supervision.netting.date')} isRequired>
          <DateInput id="netting-date" value={draft.date} onChange={(date) => change({ date })} />
        </Field>
        {field('counterparty')}
        {field('counterpartyCountry')}
        {field('currency', true)}
        <Field id="netting-gross" label={t('supervision.netting.gross')} isRequired>
          <NumericInput id="netting-gross" decimals={4} value={draft.gross} onChange={(gross) => change({ gross })} />
        </Field>
        {field('goodsCode', true)}
        {field('goodsEvidence')}
        <Field id="netting-net" label={t('supervision.netting.netGiven')} hint={t('supervision.netting.netHint')}>
          <NumericInput
            id="netting-net"
            decimals={4}
            allowNegative
            value={draft.net}
            onChange={(net) => change({ net })}
          />
        </Field>
        <Field id="netting-record" label={t('supervision.netting.record')} hint={t('supervision.netting.recordHint')}>
          <ChoiceBox
            id="netting-record"
            hidesCode
            shown={draft.record?.label ?? ''}
            search={findRecord}
            onTake={(choice) =>
              change({ record: choice === undefined ? undefined : { id: Number(choice.code), label: choice.name } })
            }
          />
        </Field>
        {field('note')}
      </div>
      <DetailSection title={t('supervision.netting.fees')}>
        <EntryGrid
          label={t('supervision.netting.fees')}
          columns={gridColumns}
          rows={draft.fees}
          blank={blankFee}
          wrong={wrong}
          onChange={setFees}
        />
      </DetailSection>
    </FormPane>
  );
}

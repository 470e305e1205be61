import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { feeTypes } from '../../../shared/rules/forex/netting.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CodeBox, CountryBox, CurrencyBox } from '../money/boxes.tsx';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { usePayoutName } from '../payouts/use-payout-name.ts';
import { type EntryColumn, EntryGrid } from '../purchases/EntryGrid.tsx';
import { cellOfPath } from '../purchases/entry-rows.ts';
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

/** Fields of the head that must be right before the sheet is sent, in the order they stand. */
const checked = ['date', 'counterpartyCountry', 'currency', 'gross', 'goodsCode', 'net'] as const;
type Checked = (typeof checked)[number];
const isAmount = (text: string): boolean => /^\d{1,14}(\.\d{1,4})?$/.test(text.trim());

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
  /** Of a new one: the payout that fills it. */
  readonly payoutId: number | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const stored = useQuery('netting.get', id === undefined ? null : { id });
  const prefill = useQuery('netting.prefill', payoutId === undefined ? null : { payoutId });
  const { payoutName } = usePayoutName();
  const error = stored.status === 'failed' ? stored.error : undefined;
  if (error !== undefined) return <ErrorNote error={error} onRetry={stored.reload} />;
  const isRead = id !== undefined ? stored.data !== undefined : payoutId === undefined || prefill.status !== 'loading';
  if (!isRead) return <Skeleton rows={8} />;
  const { data } = stored;
  const start =
    data !== undefined
      ? draftOf(data, {
          record: data.record?.number,
          payout: data.payout === undefined ? undefined : payoutName(data.payout.number),
        })
      : prefill.data !== undefined
        ? draftOf(prefill.data, { payout: payoutName(prefill.data.goodsEvidence ?? '') })
        : blankDraft();
  const name = id !== undefined ? `netting ${id}` : payoutId !== undefined ? `netting payout ${payoutId}` : 'netting';
  return (
    <Form
      id={id}
      name={name}
      start={start}
      base={data === undefined ? '' : String(data.version)}
      cannotFill={prefill.error}
      onSaved={onSaved}
      onClose={onClose}
    />
  );
}

const blankDraft = (): NettingDraft => ({
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

function Form({
  id,
  name,
  start,
  base,
  cannotFill,
  onSaved,
  onClose,
}: {
  readonly id: number | undefined;
  readonly name: string;
  readonly start: NettingDraft;
  readonly base: string;
  readonly cannotFill: ContractError | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft<NettingDraft>(name, start, base);
  const { value: draft, change } = form;
  const types = useQuery('netting.types', { date: /^\d{4}-\d{2}-\d{2}$/.test(draft.date) ? draft.date : localDate() });
  const { platformOf } = usePayoutName();
  const save = useCommand('netting.save');
  const fill = useCommand('netting.prefill');
  const [isTried, setTried] = useState(false);
  useEffect(() => {
    if (id !== undefined) document.querySelector<HTMLInputElement>('#netting-gross')?.focus();
  }, [id]);
  const usualCode = types.data?.goodsCode ?? '';
  /** Left blank, a new sheet takes the code usual for goods. */
  const goodsCode = draft.goodsCode === '' && id === undefined ? usualCode : draft.goodsCode;
  const codeOf = new Map(types.data?.rows.map(({ type, lastCode }) => [type, lastCode]));
  const identity = identityOf(draft);
  const input = inputOf({ ...draft, goodsCode }, id);
  const refused = useFieldErrors(save.error);
  const wrongOf: Readonly<Record<Checked, boolean>> = {
    date: !/^\d{4}-\d{2}-\d{2}$/.test(draft.date),
    counterpartyCountry: !/^([A-Za-z]{2})?$/.test(draft.counterpartyCountry),
    currency: !isCurrency(draft.currency),
    gross: !isAmount(draft.gross) || !/[1-9]/.test(draft.gross),
    goodsCode: goodsCode.trim() === '',
    net: draft.net.trim() !== '' && !isAmount(draft.net.replace('-', '')),
  };
  const errorOf = (field: Checked): string | undefined =>
    refused(field) ?? (isTried && wrongOf[field] ? t(`supervision.netting.rule.${field}`) : undefined);
  const submit = async (): Promise<void> => {
    if (input === undefined) {
      setTried(true);
      focusFirst(checked.filter((field) => wrongOf[field]).map((field) => `netting-${field}`));
      return;
    }
    const saved = await save.run(input);
    if (saved === undefined) return;
    form.done();
    const digits = isCurrency(draft.currency) ? exponentOf(draft.currency) : 2;
    notify(t('supervision.netting.saved', { number: saved.number, net: formatAmount(saved.net, digits) }));
    onSaved(saved.id);
  };
  const fillNet = (): void => change({ net: identity?.net ?? '' });
  useKeys([{ key: 'F7', label: t('supervision.netting.fillNet'), run: fillNet }]);
  const findPayout = async (text: string): Promise<readonly Choice[]> => {
    const { rows } = await call('payouts.list', { ...(text === '' ? {} : { text }), limit: 9 });
    return rows.map((row) => ({
      code: String(row.id),
      name: `${platformOf(row.platform)} ${row.number} ${row.currency}`,
    }));
  };
  const takePayout = async (choice: Choice | undefined): Promise<void> => {
    if (choice === undefined) {
      change({ payout: undefined });
      return;
    }
    const made = await fill.run({ payoutId: Number(choice.code) });
    if (made === undefined) return;
    change(
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
        name: `${row.number} ${row.date} ${row.currency} ${formatAmount(row.amount)}`,
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
  const field = (of: 'counterparty' | 'goodsEvidence' | 'note') => (
    <Field id={`netting-${of}`} label={t(`supervision.netting.${of}`)}>
      <Input
        id={`netting-${of}`}
        autoComplete="off"
        value={draft[of]}
        onChange={(event) => change({ [of]: event.target.value })}
      />
    </Field>
  );
  const digits = isCurrency(draft.currency) ? exponentOf(draft.currency) : 2;
  return (
    <FormPane
      title={t(id === undefined ? 'supervision.netting.new' : 'supervision.netting.change')}
      error={save.error ?? fill.error ?? cannotFill}
      onClearError={save.clear}
      canSave={identity?.isEven === true}
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
                    label={t('supervision.netting.uneven', { difference: formatAmount(identity.difference) })}
                  />
                )}
              </>
            )}
          </span>
          <KeyButton label={t('supervision.netting.fillNet')} keys="F7" onPress={fillNet} />
        </>
      }
    >
      <RestoredNote draft={form} />
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
        <Field id="netting-date" label={t('supervision.netting.date')} isRequired error={errorOf('date')}>
          <DateInput id="netting-date" value={draft.date} onChange={(date) => change({ date })} />
        </Field>
        {field('counterparty')}
        <Field
          id="netting-counterpartyCountry"
          label={t('supervision.netting.counterpartyCountry')}
          error={errorOf('counterpartyCountry')}
        >
          <CountryBox
            id="netting-counterpartyCountry"
            value={draft.counterpartyCountry}
            onChange={(counterpartyCountry) => change({ counterpartyCountry })}
          />
        </Field>
        <Field id="netting-currency" label={t('supervision.netting.currency')} isRequired error={errorOf('currency')}>
          <CurrencyBox
            id="netting-currency"
            value={draft.currency}
            isInvalid={errorOf('currency') !== undefined}
            onChange={(currency) => change({ currency })}
          />
        </Field>
        <Field id="netting-gross" label={t('supervision.netting.gross')} isRequired error={errorOf('gross')}>
          <NumericInput
            id="netting-gross"
            decimals={digits}
            isInvalid={errorOf('gross') !== undefined}
            unit={draft.currency === '' ? '–' : draft.currency}
            value={draft.gross}
            onChange={(gross) => change({ gross })}
          />
        </Field>
        <Field
          id="netting-goodsCode"
          label={t('supervision.netting.goodsCode')}
          isRequired
          error={errorOf('goodsCode')}
        >
          <CodeBox
            id="netting-goodsCode"
            value={goodsCode}
            isInvalid={errorOf('goodsCode') !== undefined}
            onChange={(code) => change({ goodsCode: code })}
          />
        </Field>
        {field('goodsEvidence')}
        <Field
          id="netting-net"
          label={t('supervision.netting.netGiven')}
          hint={t('supervision.netting.netHint')}
          error={errorOf('net')}
        >
          <NumericInput
            id="netting-net"
            decimals={digits}
            unit={draft.currency === '' ? '–' : draft.currency}
            isInvalid={errorOf('net') !== undefined}
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

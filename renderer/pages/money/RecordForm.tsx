import { Checkbox, Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type MoneyRecordKind, type MoneyRecordView, moneyRecordKinds } from '../../../shared/contract/money.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { searchOrders, searchParties } from '../ledger/lookups.ts';
import { ValueBox } from '../purchases/choices.tsx';
import { FormPane } from '../purchases/FormPane.tsx';
import { AccountBox, CodeBox, CountryBox, type MoneyAccounts, RefundsBox, useMoneyAccounts } from './boxes.tsx';
import { RecordPreview } from './RecordPreview.tsx';
import {
  blankRecord,
  fieldOfPath,
  groupsOfKind,
  inputOfField,
  isRequired,
  type RecordField,
  type RecordValues,
  recordOf,
  valuesOfRecord,
} from './record-fields.ts';

const PAUSE_MS = 300;

/** What stood for a moment: typing asks the core nothing until it pauses. */
function usePaused<T>(value: T): T {
  const [paused, setPaused] = useState(value);
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the value
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(value), PAUSE_MS);
    return () => window.clearTimeout(timer);
  }, [key]);
  return paused;
}

/** A record, new or stored, of any kind: which fields it has is the kind's matter. */
export function RecordForm({
  id,
  kind: wanted,
  onSaved,
  onClose,
}: {
  readonly id?: number;
  readonly kind: MoneyRecordKind;
  readonly onSaved: (record: MoneyRecordView) => void;
  readonly onClose: () => void;
}) {
  const stored = useQuery('moneyRecords.get', id === undefined ? null : { id });
  if (id === undefined) return <Form kind={wanted} onSaved={onSaved} onClose={onClose} />;
  if (stored.data === undefined)
    return stored.error === undefined ? (
      <Skeleton rows={8} />
    ) : (
      <ErrorNote error={stored.error} onRetry={stored.reload} />
    );
  return <Form kind={stored.data.kind} record={stored.data} onSaved={onSaved} onClose={onClose} />;
}

function Form({
  kind: first,
  record,
  onSaved,
  onClose,
}: {
  readonly kind: MoneyRecordKind;
  readonly record?: MoneyRecordView;
  readonly onSaved: (record: MoneyRecordView) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const accounts = useMoneyAccounts();
  const save = useCommand('moneyRecords.save');
  const [kind, setKind] = useState(first);
  const [values, setValues] = useState<RecordValues>(() =>
    record === undefined ? blankRecord(first, localDate()) : valuesOfRecord(record),
  );
  const [touched, setTouched] = useState<ReadonlySet<RecordField>>(new Set());
  const account = accounts.rows.find((one) => String(one.id) === values.accountId);
  const context = { isPersonal: account?.ownerKind === 'person' };
  const change = (patch: Partial<RecordValues>): void => {
    setValues((before) => ({ ...before, ...patch }));
    setTouched((before) => new Set([...before, ...(Object.keys(patch) as RecordField[])]));
  };
  const check = recordOf(kind, values, context, record?.id, record?.store ?? undefined);
  const paused = usePaused(check.record ?? null);
  const preview = useQuery('moneyRecords.preview', paused);
  const shown = check.record === undefined ? undefined : preview.data;
  const refusedField = save.error?.path === undefined ? undefined : fieldOfPath(save.error.path, values);
  const errorOf = (field: RecordField): string | undefined => {
    if (refusedField === field) return t('money.refused');
    if (!touched.has(field) || values[field] === '') return undefined;
    return check.wrong?.includes(field) === true ? t('money.invalid') : undefined;
  };
  const takeCodes = (): void => {
    if (shown === undefined) return;
    const [one, two] = shown.codes;
    change({
      code1: one?.code ?? values.code1,
      amount1: one?.amount ?? values.amount1,
      remark1: one?.remark ?? values.remark1,
      code2: two?.code ?? '',
      amount2: two?.amount ?? '',
      remark2: two?.remark ?? '',
      bonded: one?.bonded ?? values.bonded,
    });
  };
  const canTakeCodes = (shown?.codes.length ?? 0) > 0;
  useKeys([{ key: 'F7', label: t('money.takeCodes'), run: takeCodes, isEnabled: canTakeCodes }]);
  const submit = async (): Promise<void> => {
    if (check.record === undefined) {
      setTouched(new Set(check.wrong));
      return;
    }
    const saved = await save.run(check.record);
    if (saved === undefined) return;
    notify(
      saved.ledger === 'posted'
        ? t('money.saved', { number: saved.number })
        : t('money.savedWaiting', {
            number: saved.number,
            reason: t(`ledger.waiting.${saved.reason}`, { defaultValue: saved.reason }),
          }),
    );
    onSaved(saved);
  };
  return (
    <FormPane
      title={record === undefined ? t('money.new', { kind: t(`money.kind.${kind}`) }) : record.number}
      isCode={record !== undefined}
      error={save.error ?? (check.record === undefined ? undefined : preview.error)}
      onClearError={save.clear}
      canSave={check.record !== undefined}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={canTakeCodes ? <KeyButton label={t('money.takeCodes')} keys="F7" onPress={takeCodes} /> : null}
    >
      {groupsOfKind(kind, values, context).map(({ id: group, fields }) => (
        <Group key={group} title={group === 'main' ? undefined : t(`money.group.${group}`)}>
          {group === 'main' && record === undefined ? (
            <Field id="record-kind" label={t('money.column.kind')} isRequired>
              <ValueBox
                id="record-kind"
                value={kind}
                values={moneyRecordKinds}
                textKey="money.kind"
                onChange={(next) => {
                  setKind(next);
                  change({ crossBorder: blankRecord(next, '').crossBorder });
                }}
              />
            </Field>
          ) : null}
          {fields.map((field) => (
            <RecordFieldRow
              key={field}
              field={field}
              kind={kind}
              values={values}
              accounts={accounts}
              error={errorOf(field)}
              isFirst={field === 'date'}
              onChange={change}
            />
          ))}
        </Group>
      ))}
      {shown === undefined ? null : <RecordPreview preview={shown} />}
    </FormPane>
  );
}

function Group({ title, children }: { readonly title: string | undefined; readonly children: ReactNode }) {
  const grid = <div className="purchase-form">{children}</div>;
  return title === undefined ? grid : <DetailSection title={title}>{grid}</DetailSection>;
}

function RecordFieldRow({
  field,
  kind,
  values,
  accounts,
  error,
  isFirst,
  onChange,
}: {
  readonly field: RecordField;
  readonly kind: MoneyRecordKind;
  readonly values: RecordValues;
  readonly accounts: MoneyAccounts;
  readonly error: string | undefined;
  readonly isFirst: boolean;
  readonly onChange: (patch: Partial<RecordValues>) => void;
}) {
  const { t } = useTranslation();
  const id = `record-${field}`;
  const input = inputOfField(field);
  const label = input.kind === 'flag' ? '' : t([`money.fieldOf.${kind}.${field}`, `money.field.${field}`]);
  const isInvalid = error !== undefined;
  const value = values[field];
  const typed = typeof value === 'string' ? value : '';
  const put = (next: string | boolean): void => onChange({ [field]: next });
  const currencyOf = (accountId: string): string =>
    accounts.rows.find((one) => String(one.id) === accountId)?.currency ?? '';
  const control = (): ReactNode => {
    switch (input.kind) {
      case 'date':
        return <DateInput id={id} value={typed} onChange={put} />;
      case 'amount':
      case 'toAmount': {
        const currency = currencyOf(
          input.kind === 'amount' || kind === 'transfer' ? values.accountId : values.toAccountId,
        );
        return (
          <NumericInput
            id={id}
            decimals={isCurrency(currency) ? exponentOf(currency) : 4}
            value={typed}
            isInvalid={isInvalid}
            // Always one: a unit that comes later would make the field anew and lose the cursor.
            unit={currency === '' ? '–' : currency}
            onChange={put}
          />
        );
      }
      case 'rate':
        return <NumericInput id={id} decimals={8} value={typed} isInvalid={isInvalid} onChange={put} />;
      case 'account':
        return <AccountBox id={id} accounts={accounts} value={typed} isInvalid={isInvalid} onChange={put} />;
      case 'party':
        return (
          <ChoiceBox
            id={id}
            hidesCode
            shown={values.party}
            search={searchParties}
            onTake={(choice) => onChange({ partyId: choice?.code ?? '', party: choice?.name ?? '' })}
          />
        );
      case 'country':
        return <CountryBox id={id} value={typed} onChange={put} />;
      case 'order':
        return (
          <ChoiceBox
            id={id}
            shown={typed}
            isInvalid={isInvalid}
            search={searchOrders}
            onTake={(choice) => put(choice?.code ?? '')}
          />
        );
      case 'refunds':
        return <RefundsBox id={id} kind={kind} value={typed} onChange={put} />;
      case 'code':
        return <CodeBox id={id} value={typed} isInvalid={isInvalid} onChange={put} />;
      case 'flag':
        return (
          <Checkbox id={id} checked={value === true} onChange={(event) => put(event.target.checked)}>
            {t(`money.flag.${field}`)}
          </Checkbox>
        );
      case 'choice':
        return (
          <Select
            id={id}
            aria-label={label}
            value={typed}
            onChange={put}
            options={input.values.map((one) => ({ value: one, label: t(`money.choice.${field}.${one}`) }))}
          />
        );
      case 'text':
        return (
          <Input
            id={id}
            value={typed}
            autoComplete="off"
            maxLength={field === 'text' || field === 'counterparty' ? 200 : 100}
            status={isInvalid ? 'error' : ''}
            onChange={(event) => put(event.target.value)}
          />
        );
    }
  };
  const hint = t(`money.hint.${field}`, { defaultValue: '' });
  return (
    <Field
      id={id}
      label={label}
      error={error}
      isRequired={isRequired(kind, field)}
      isWide={field === 'text'}
      {...(hint === '' || isFirst ? {} : { hint })}
    >
      {control()}
    </Field>
  );
}

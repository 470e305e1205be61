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
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { searchOrders, searchParties } from '../ledger/lookups.ts';
import { ValueBox } from '../purchases/choices.tsx';
import { AccountBox, CodeBox, CountryBox, type MoneyAccounts, RefundsBox, useMoneyAccounts } from './boxes.tsx';
import { focusFirst, useFieldErrors } from './field-errors.ts';
import { RecordPreview } from './RecordPreview.tsx';
import {
  blankRecord,
  brokenRule,
  fieldOfPath,
  groupsOfKind,
  inputOfField,
  isRequired,
  longestOf,
  type RecordField,
  type RecordValues,
  recordOf,
  valuesOfRecord,
} from './record-fields.ts';

const PAUSE_MS = 300;

interface RecordDraft extends RecordValues {
  readonly kind: MoneyRecordKind;
}

/** The way money takes over an account (收付渠道), with the name and licence of who keeps it. */
function channelOf(account: MoneyAccounts['rows'][number]): Partial<RecordValues> {
  const { kind, institution, licenceNo } = account;
  if (kind === 'payment-institution') return { channel: 'payment-institution', institution, licenceNo };
  if (kind === 'wallet') return { channel: 'platform', institution, licenceNo: '' };
  return { channel: 'bank', institution: '', licenceNo: '' };
}

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
  // What was seen when the form opened: a record that somebody changed meanwhile is not overwritten.
  const [version] = useState(record?.version);
  const draft = useFormDraft<RecordDraft>(
    record === undefined ? 'record' : `record ${record.id}`,
    { kind: first, ...(record === undefined ? blankRecord(first, localDate()) : valuesOfRecord(record)) },
    record === undefined ? '' : String(record.version),
  );
  const { value: values } = draft;
  const { kind } = values;
  /** What was typed in, or all of it once it was to be saved. */
  const [touched, setTouched] = useState<ReadonlySet<RecordField>>(new Set());
  const [isTried, setTried] = useState(draft.isRestored);
  const account = accounts.rows.find((one) => String(one.id) === values.accountId);
  const context = { isPersonal: account?.ownerKind === 'person' };
  const change = (patch: Partial<RecordDraft>): void => {
    const taken = accounts.rows.find((one) => String(one.id) === patch.accountId);
    draft.change({ ...(record === undefined && taken !== undefined ? channelOf(taken) : {}), ...patch });
    setTouched((before) => new Set([...before, ...(Object.keys(patch) as RecordField[])]));
  };
  const check = recordOf(kind, values, context, record?.id, record?.store ?? undefined);
  const paused = usePaused(check.record ?? null);
  const preview = useQuery('moneyRecords.preview', paused);
  const shown = check.record === undefined ? undefined : preview.data;
  const refusal = save.error ?? (check.record === undefined ? undefined : preview.error);
  const refusedField = refusal?.path === undefined ? undefined : fieldOfPath(refusal.path, values);
  const refusedText = useFieldErrors(refusal);
  const currencyOf = (id: string): string => accounts.rows.find((one) => String(one.id) === id)?.currency ?? '';
  const errorOf = (field: RecordField): string | undefined => {
    if (refusedField === field && refusal?.path !== undefined) return refusedText(refusal.path);
    if (check.wrong?.includes(field) !== true) return undefined;
    const value = values[field];
    if (!isTried && (!touched.has(field) || value === '')) return undefined;
    const currency = currencyOf(
      inputOfField(field).kind === 'toAmount' && kind !== 'transfer' ? values.toAccountId : values.accountId,
    );
    const digits = isCurrency(currency) ? exponentOf(currency) : 2;
    return t(`money.rule.${brokenRule(field, value)}`, {
      field: t([`money.fieldOf.${kind}.${field}`, `money.field.${field}`]),
      digits,
      example: digits === 0 ? '1200' : `1200.${'5'.padEnd(digits, '0')}`,
      n: typeof value === 'string' ? value.length : 0,
    });
  };
  // The form of a stored record comes when it is read.
  const isStored = record !== undefined;
  useEffect(() => {
    if (isStored) document.getElementById('record-date')?.focus();
  }, [isStored]);
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
      setTried(true);
      focusFirst(check.wrong.map((field) => `record-${field}`));
      return;
    }
    const saved = await save.run({ ...check.record, ...(version === undefined ? {} : { version }) });
    if (saved === undefined) return;
    draft.done();
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
      error={refusal}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={canTakeCodes ? <KeyButton label={t('money.takeCodes')} keys="F7" onPress={takeCodes} /> : null}
    >
      <RestoredNote draft={draft} />
      {groupsOfKind(kind, values, context).map(({ id: group, fields }) => (
        <Group key={group} title={group === 'main' ? undefined : t(`money.group.${group}`)}>
          {group === 'main' && record === undefined ? (
            <Field id="record-kind" label={t('money.column.kind')} isRequired>
              <ValueBox
                id="record-kind"
                value={kind}
                values={moneyRecordKinds}
                textKey="money.kind"
                onChange={(next) => change({ kind: next, crossBorder: blankRecord(next, '').crossBorder })}
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
            maxLength={longestOf(field)}
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

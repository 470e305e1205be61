import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { creditItemInput } from '../../../shared/contract/supervision.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { tradeCreditKinds } from '../../../shared/rules/forex/trade-credit-report.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CountryBox, CurrencyBox } from '../money/boxes.tsx';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { ValueBox } from '../purchases/choices.tsx';
import '../purchases/purchases.css';

/** Fields that can be wrong, in the order they stand. */
const checked = ['baseDate', 'expectedDate', 'currency', 'amount', 'country'] as const;
type Checked = (typeof checked)[number];

/** An item the book cannot find by itself: deferred payment, letter of credit, offshore resale. */
export function CreditItemForm({
  onSaved,
  onClose,
}: {
  readonly onSaved: (key: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('tradeCredit.saveItem');
  const form = useFormDraft('credit item', {
    kind: 'deferOut' as (typeof tradeCreditKinds)[number],
    baseDate: localDate(),
    expectedDate: '',
    currency: 'USD',
    amount: '',
    counterparty: '',
    country: '',
    reference: '',
    note: '',
  });
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  useEffect(() => document.querySelector<HTMLInputElement>('#credit-kind')?.focus(), []);
  const input = creditItemInput.safeParse(draft);
  const refused = useFieldErrors(save.error);
  const wrong = new Set(input.success ? [] : input.error.issues.map(({ path }) => path.join('.')));
  const errorOf = (field: Checked): string | undefined =>
    refused(field) ?? (isTried && wrong.has(field) ? t(`supervision.credit.rule.${field}`) : undefined);
  const submit = async (): Promise<void> => {
    if (!input.success) {
      setTried(true);
      focusFirst(checked.filter((field) => wrong.has(field)).map((field) => `credit-${field}`));
      return;
    }
    const done = await save.run(input.data);
    if (done === undefined) return;
    form.done();
    notify(t('supervision.credit.saved'));
    onSaved(done.key);
  };
  const text = (name: 'counterparty' | 'reference' | 'note', most: number) => (
    <Field id={`credit-${name}`} label={t(`supervision.credit.${name}`)}>
      <Input
        id={`credit-${name}`}
        autoComplete="off"
        maxLength={most}
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={t('supervision.credit.new')}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="credit-kind" label={t('supervision.credit.kind')} isRequired>
          <ValueBox
            id="credit-kind"
            value={draft.kind}
            values={tradeCreditKinds}
            textKey="supervision.creditKind"
            onChange={(kind) => change({ kind })}
          />
        </Field>
        <Field id="credit-baseDate" label={t('supervision.credit.baseDate')} isRequired error={errorOf('baseDate')}>
          <DateInput id="credit-baseDate" value={draft.baseDate} onChange={(baseDate) => change({ baseDate })} />
        </Field>
        <Field
          id="credit-expectedDate"
          label={t('supervision.credit.expectedDate')}
          isRequired
          error={errorOf('expectedDate')}
        >
          <DateInput
            id="credit-expectedDate"
            value={draft.expectedDate}
            onChange={(expectedDate) => change({ expectedDate })}
          />
        </Field>
        <Field id="credit-currency" label={t('supervision.credit.currency')} isRequired error={errorOf('currency')}>
          <CurrencyBox
            id="credit-currency"
            value={draft.currency}
            isInvalid={errorOf('currency') !== undefined}
            onChange={(currency) => change({ currency })}
          />
        </Field>
        <Field id="credit-amount" label={t('supervision.column.amount')} isRequired error={errorOf('amount')}>
          <NumericInput
            id="credit-amount"
            decimals={isCurrency(draft.currency) ? exponentOf(draft.currency) : 2}
            isInvalid={errorOf('amount') !== undefined}
            value={draft.amount}
            onChange={(amount) => change({ amount })}
          />
        </Field>
        {text('counterparty', 100)}
        <Field id="credit-country" label={t('supervision.credit.country')} error={errorOf('country')}>
          <CountryBox id="credit-country" value={draft.country} onChange={(country) => change({ country })} />
        </Field>
        {text('reference', 100)}
        {text('note', 500)}
      </div>
    </FormPane>
  );
}

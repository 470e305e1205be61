import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { creditItemInput } from '../../../shared/contract/supervision.ts';
import { tradeCreditKinds } from '../../../shared/rules/forex/trade-credit-report.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { Field } from '../../components/Field.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ValueBox } from '../purchases/choices.tsx';
import { FormPane } from '../purchases/FormPane.tsx';
import '../purchases/purchases.css';

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
  const [draft, setDraft] = useState({
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
  useEffect(() => document.querySelector<HTMLInputElement>('#credit-kind')?.focus(), []);
  const input = creditItemInput.safeParse(draft);
  const submit = async (): Promise<void> => {
    if (!input.success) return;
    const done = await save.run(input.data);
    if (done === undefined) return;
    notify(t('supervision.credit.saved'));
    onSaved(done.key);
  };
  const change = (patch: Partial<typeof draft>): void => setDraft((before) => ({ ...before, ...patch }));
  const text = (name: 'currency' | 'counterparty' | 'country' | 'reference' | 'note', isRequired = false) => (
    <Field id={`credit-${name}`} label={t(`supervision.credit.${name}`)} isRequired={isRequired}>
      <Input
        id={`credit-${name}`}
        autoComplete="off"
        value={draft[name]}
        onChange={(event) =>
          change({
            [name]: name === 'currency' || name === 'country' ? event.target.value.toUpperCase() : event.target.value,
          })
        }
      />
    </Field>
  );
  return (
    <FormPane
      title={t('supervision.credit.new')}
      error={save.error}
      onClearError={save.clear}
      canSave={input.success}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
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
        <Field id="credit-baseDate" label={t('supervision.credit.baseDate')} isRequired>
          <DateInput id="credit-baseDate" value={draft.baseDate} onChange={(baseDate) => change({ baseDate })} />
        </Field>
        <Field id="credit-expectedDate" label={t('supervision.credit.expectedDate')} isRequired>
          <DateInput
            id="credit-expectedDate"
            value={draft.expectedDate}
            onChange={(expectedDate) => change({ expectedDate })}
          />
        </Field>
        {text('currency', true)}
        <Field id="credit-amount" label={t('supervision.column.amount')} isRequired>
          <NumericInput
            id="credit-amount"
            decimals={4}
            value={draft.amount}
            onChange={(amount) => change({ amount })}
          />
        </Field>
        {text('counterparty')}
        {text('country')}
        {text('reference')}
        {text('note')}
      </div>
    </FormPane>
  );
}

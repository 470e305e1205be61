/** 信用保险: limits by buyer, and how much of what buyers owe today is insured. */
import { Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { useFile } from '../risk/use-file.tsx';
import './credit-insurance.css';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';

type Limit = OutputOf<'insuredLimits.list'>['rows'][number];
type Draft = Readonly<Record<(typeof fields)[number], string>>;
type Chosen = { readonly id: number } | 'new';

const fields = [
  ...(['buyer', 'country', 'insurer', 'policyNo', 'currency', 'limit'] as const),
  ...(['coverPercent', 'termDays', 'fromOn', 'untilOn', 'note'] as const),
] as const;
const tones = {
  within: 'accepted',
  beyond: 'action',
  future: 'draft',
  ended: 'action',
  rateMissing: 'action',
} as const;

/** Amounts of a row as they are read, with thousands marked. */
function shown(of: Pick<Limit, 'currency' | 'open'> & Partial<Pick<Limit, 'insured' | 'uninsured'>>) {
  const amount = (text = '0'): string => formatAmount(text, CURRENCY_EXPONENTS[of.currency] ?? 2);
  return { currency: of.currency, open: amount(of.open), insured: amount(of.insured), uninsured: amount(of.uninsured) };
}

export function CreditInsurancePage() {
  const { t } = useTranslation();
  const date = localDate();
  const list = useQuery('insuredLimits.list', { date }, { areas: ['money', 'orders', 'matching', 'imports'] });
  const pdf = useFile('insuredLimits.print');
  const xlsx = useFile('insuredLimits.export');
  const [chosen, setChosen] = useState<Chosen>();
  const rows = list.data?.rows;
  const limit = typeof chosen === 'object' ? rows?.find(({ id }) => id === chosen.id) : undefined;
  const add = (): void => {
    setChosen('new');
    focusDetail('#insured-buyer');
  };
  const title = t('creditInsurance.report');
  useKeys([
    { key: 'Ctrl+N', label: t('creditInsurance.add'), run: add, isMain: true },
    { key: 'Enter', label: t('creditInsurance.look'), isMain: true },
    { key: 'F9', label: t('creditInsurance.print'), run: () => void pdf.write(title, { date }) },
    { key: 'Ctrl+E', label: t('creditInsurance.export'), run: () => void xlsx.write(title, { date }) },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const amount = (id: 'limit' | 'open' | 'insured' | 'uninsured'): Column<Limit> => ({
    id,
    title: t(`creditInsurance.${id}`),
    width: 108,
    align: 'right',
    render: (row) => <Amount value={row[id]} currency={row.currency} bare />,
  });
  const columns: readonly Column<Limit>[] = [
    {
      id: 'buyer',
      title: t('creditInsurance.buyerShort'),
      render: (row) => <span title={row.buyer}>{row.buyer}</span>,
    },
    { id: 'currency', title: t('creditInsurance.currency'), width: 56, render: (row) => <Code>{row.currency}</Code> },
    amount('limit'),
    amount('open'),
    amount('insured'),
    amount('uninsured'),
    {
      id: 'state',
      title: t('creditInsurance.state'),
      width: 88,
      render: (row) => <ToneTag tone={tones[row.state]} label={t(`creditInsurance.states.${row.state}`)} />,
    },
  ];
  const { totals = [], withoutLimit = [] } = list.data ?? {};
  return (
    <Page
      title={t('creditInsurance.title')}
      summary={rows === undefined ? undefined : t('creditInsurance.summary', { count: rows.length, date })}
      filters={<MoneyTabs active="creditInsurance" />}
      actions={
        <>
          <KeyButton
            label={t('creditInsurance.print')}
            keys="F9"
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(title, { date })}
          />
          <KeyButton
            label={t('creditInsurance.export')}
            keys="Ctrl+E"
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(title, { date })}
          />
          <KeyButton kind="primary" label={t('creditInsurance.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
      dock={
        <div className="insured-sums">
          {totals.map((sum) => (
            <span key={sum.currency}>{t('creditInsurance.sum', shown(sum))}</span>
          ))}
          {withoutLimit.map(({ currency, open, orders, buyers }) => (
            <span key={currency} className="muted">
              {t('creditInsurance.without', {
                ...shown({ currency, open }),
                orders: formatCount(orders),
                buyers: formatCount(buyers),
              })}
            </span>
          ))}
        </div>
      }
    >
      {pdf.notice}
      {xlsx.notice}
      <ListWithForm
        ratio="list"
        label={t('creditInsurance.title')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={limit?.id}
        isOver={(row) => row.state === 'ended'}
        onChoose={(id) => setChosen({ id })}
        formField="#insured-buyer"
        empty={{
          title: t('creditInsurance.empty'),
          hint: t('creditInsurance.emptyHint'),
          add: t('creditInsurance.add'),
        }}
        onAdd={add}
        detail={
          chosen === undefined || (chosen !== 'new' && limit === undefined) ? (
            <DetailPlaceholder text={t('creditInsurance.choose')} />
          ) : (
            <LimitForm
              key={limit?.id ?? 'new'}
              limit={limit}
              onSaved={(id) => {
                setChosen({ id });
                list.reload();
              }}
              onRemoved={() => {
                setChosen(undefined);
                list.reload();
                focusList();
              }}
            />
          )
        }
      />
    </Page>
  );
}

function draftOf(limit: Limit | undefined): Draft {
  return {
    buyer: limit?.buyer ?? '',
    country: limit?.country ?? '',
    insurer: limit?.insurer ?? '',
    policyNo: limit?.policyNo ?? '',
    currency: limit?.currency ?? 'USD',
    limit: limit?.limit ?? '',
    coverPercent: limit?.coverPercent ?? '',
    termDays: limit?.termDays?.toString() ?? '',
    fromOn: limit?.fromOn ?? '',
    untilOn: limit?.untilOn ?? '',
    note: limit?.note ?? '',
  };
}

const optional: ReadonlySet<string> = new Set(['country', 'termDays', 'note']);
const forms: Partial<Record<keyof Draft, RegExp>> = {
  country: /^([A-Z]{2})?$/,
  currency: /^[A-Z]{3}$/,
  coverPercent: /^\d{1,3}(\.\d{1,2})?$/,
  termDays: /^\d{0,4}$/,
  fromOn: /^\d{4}-\d{2}-\d{2}$/,
  untilOn: /^\d{4}-\d{2}-\d{2}$/,
};

interface LimitFormProps {
  readonly limit: Limit | undefined;
  readonly onSaved: (id: number) => void;
  readonly onRemoved: () => void;
}

function LimitForm({ limit, onSaved, onRemoved }: LimitFormProps) {
  const { t } = useTranslation();
  const form = useFormDraft<Draft>(
    `insured limit ${limit?.id ?? 'new'}`,
    draftOf(limit),
    JSON.stringify(limit ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('insuredLimits.save');
  const remove = useCommand('insuredLimits.remove');
  const put = (name: keyof Draft, value: string): void => change({ [name]: value });
  const wrong = (name: keyof Draft): string | undefined => {
    const value = draft[name].trim();
    if (value === '' && !optional.has(name)) return t('creditInsurance.needed');
    return forms[name]?.test(value) === false ? t(`creditInsurance.form.${name}`) : undefined;
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    const first = fields.find((name) => wrong(name) !== undefined);
    if (first !== undefined) {
      document.getElementById(`insured-${first}`)?.focus();
      return;
    }
    const { termDays, ...rest } = draft;
    const done = await save.run({
      ...rest,
      termDays: termDays === '' ? null : Number(termDays),
      ...(limit === undefined ? {} : { id: limit.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('creditInsurance.saved', { buyer: draft.buyer }));
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  useKeys([{ key: 'Ctrl+Enter', label: t('common.save'), run: () => void submit(), isMain: true }]);
  const field = (name: keyof Draft, input: ReactNode, isWide = false) => (
    <Field
      id={`insured-${name}`}
      label={t(`creditInsurance.${name}`)}
      isWide={isWide}
      error={isTried ? wrong(name) : undefined}
    >
      {input}
    </Field>
  );
  const text = (name: 'buyer' | 'insurer' | 'policyNo' | 'note', isWide = false) =>
    field(
      name,
      <Input
        id={`insured-${name}`}
        value={draft[name]}
        maxLength={name === 'note' ? 500 : 200}
        onChange={(event) => put(name, event.target.value)}
      />,
      isWide,
    );
  const code = (name: 'country' | 'currency', length: number) =>
    field(
      name,
      <Input
        id={`insured-${name}`}
        className="code"
        value={draft[name]}
        maxLength={length}
        onChange={(event) => put(name, event.target.value.toUpperCase())}
      />,
    );
  const number = (name: 'limit' | 'coverPercent' | 'termDays', decimals: number, unit?: string) =>
    field(
      name,
      <NumericInput
        id={`insured-${name}`}
        value={draft[name]}
        decimals={decimals}
        {...(unit === undefined ? {} : { unit })}
        onChange={(value) => put(name, value)}
      />,
    );
  const day = (name: 'fromOn' | 'untilOn') =>
    field(name, <DateInput id={`insured-${name}`} value={draft[name]} onChange={(value) => put(name, value)} />);
  return (
    <DetailPane
      title={limit?.buyer ?? t('creditInsurance.add')}
      foot={
        <>
          {limit === undefined ? null : (
            <ConfirmInline
              label={t('common.delete')}
              question={t('creditInsurance.removeQuestion')}
              confirmLabel={t('creditInsurance.removeNow')}
              onConfirm={async () => {
                if ((await remove.run({ id: limit.id })) === undefined) return;
                notify(t('creditInsurance.removed', { buyer: limit.buyer }));
                onRemoved();
              }}
            />
          )}
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('common.save')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            onPress={() => void submit()}
          />
        </>
      }
    >
      <RestoredNote draft={form} />
      <ErrorNote error={save.error ?? remove.error} onClose={save.clear} />
      {limit === undefined ? null : (
        <p className="insured-now">
          {t('creditInsurance.now', { ...shown(limit), orders: formatCount(limit.orders) })}
          {/^0(\.0+)?$/.test(limit.overdue) ? null : (
            <ToneTag
              tone="action"
              label={t('creditInsurance.overdue', {
                amount: formatAmount(limit.overdue, CURRENCY_EXPONENTS[limit.currency] ?? 2),
                days: limit.termDays,
              })}
            />
          )}
        </p>
      )}
      <form className="panel-pad" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
        <div className="form-grid">
          {text('buyer', true)}
          {text('insurer')}
          {text('policyNo')}
          {code('country', 2)}
          {code('currency', 3)}
          {number('limit', 4)}
          {number('coverPercent', 2, '%')}
          {number('termDays', 0, t('creditInsurance.days'))}
          <span />
          {day('fromOn')}
          {day('untilOn')}
          {text('note', true)}
        </div>
      </form>
    </DetailPane>
  );
}

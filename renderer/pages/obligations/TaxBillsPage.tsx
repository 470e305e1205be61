/** 税单: what is to be paid and by when, what it costs to be late, what is paid and posted. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { taxBillKinds, taxBillStates } from '../../../shared/contract/obligations.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DaysLeft } from './DaysLeft.tsx';
import './obligations.css';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';

type Bill = RowOf<'taxBills.list'>;

export function TaxBillsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const today = localDate();
  const [state, setState] = useState<'all' | (typeof taxBillStates)[number]>('all');
  const [text, setText] = useState('');
  const [isNew, setNew] = useState(false);
  const at = numberParam(params, 'at');
  const pages = usePages(
    'taxBills.list',
    { date: today, ...(state === 'all' ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['tax', 'ledger'], sought: at === undefined ? undefined : ({ id }) => id === at },
  );
  const chosen = pages.rows.find(({ id }) => id === at) ?? pages.rows[0];
  const totals = pages.first?.totals;
  useKeys([
    { key: 'Ctrl+N', label: t('obligations.bills.new'), run: () => setNew(true), isMain: true },
    { key: 'Enter', label: t('obligations.deadlines.detail'), isMain: true },
    {
      key: 'Esc',
      label: t('obligations.back'),
      run: () => {
        if (isNew) setNew(false);
        else if (!focusList()) navigate('tax');
      },
    },
  ]);
  const columns: readonly Column<Bill>[] = [
    {
      id: 'state',
      title: t('obligations.deadlines.state'),
      width: 92,
      render: (row) =>
        row.state === 'overdue' ? (
          <ToneTag tone="rejected" label={t('obligations.billState.overdue')} />
        ) : (
          t(`obligations.billState.${row.state}`)
        ),
    },
    { id: 'number', title: t('obligations.number'), render: (row) => <Code>{row.number}</Code> },
    {
      id: 'kind',
      title: t('obligations.bills.kind'),
      width: 128,
      render: (row) => t(`obligations.billKind.${row.kind}`),
    },
    {
      id: 'declaration',
      title: t('obligations.declarationNo'),
      width: 164,
      yields: true,
      render: (row) => <Code>{row.declarationNo}</Code>,
    },
    {
      id: 'amount',
      title: t('obligations.amount'),
      width: 96,
      align: 'right',
      render: (row) => formatAmount(row.amount, 2),
    },
    { id: 'due', title: t('obligations.bills.due'), width: 94, render: (row) => row.dueOn },
    {
      id: 'days',
      title: t('obligations.days'),
      width: 128,
      align: 'right',
      render: (row) => (row.state === 'paid' ? (row.paidOn ?? '') : <DaysLeft days={row.days} />),
    },
  ];
  return (
    <Page
      title={t('obligations.bills.title')}
      summary={
        totals === undefined
          ? undefined
          : t('obligations.bills.summary', {
              due: formatAmount(totals.due, 2),
              overdue: formatAmount(totals.overdue, 2),
              paid: formatAmount(totals.paid, 2),
            })
      }
      actions={
        <KeyButton kind="primary" label={t('obligations.bills.new')} keys="Ctrl+N" onPress={() => setNew(true)} />
      }
      filters={
        <>
          <Chips
            label={t('obligations.deadlines.state')}
            chips={(['all', ...taxBillStates] as const).map((value) => ({
              value,
              label: value === 'all' ? t('obligations.all') : t(`obligations.billState.${value}`),
            }))}
            value={state}
            onChange={setState}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('obligations.bills.search')}
            keyLabel={t('obligations.bills.search')}
          />
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('obligations.bills.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={chosen?.id}
            onActivate={(row) => {
              setNew(false);
              replaceParams({ at: row.id });
            }}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'paid' ? 'muted' : undefined)}
            empty={
              state !== 'all' || text !== '' ? (
                <NoMatch
                  onClear={() => {
                    setState('all');
                    setText('');
                  }}
                />
              ) : (
                <EmptyState
                  title={t('obligations.bills.empty')}
                  hint={t('obligations.bills.emptyHint')}
                  actions={<KeyButton label={t('obligations.bills.new')} keys="Ctrl+N" onPress={() => setNew(true)} />}
                />
              )
            }
          />
        }
        detail={
          isNew ? (
            <DetailPane title={t('obligations.bills.new')}>
              <BillForm onClose={() => setNew(false)} />
            </DetailPane>
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('obligations.bills.choose')} />
          ) : (
            <BillDetail key={`${chosen.id} ${chosen.state}`} row={chosen} today={today} />
          )
        }
      />
    </Page>
  );
}

function BillForm({ row, onClose }: { readonly row?: Bill; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = useCommand('taxBills.save');
  const form = useFormDraft(
    `tax bill ${row?.id ?? 'new'}`,
    {
      number: row?.number ?? '',
      kind: row?.kind ?? ('import-duty' as Bill['kind']),
      declarationNo: row?.declarationNo ?? '',
      authority: row?.authority ?? '',
      amount: row?.amount ?? '',
      issuedOn: row?.issuedOn ?? localDate(),
      dueOn: row?.dueOn ?? '',
      monthlySummary: false,
      note: row?.note ?? '',
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const submit = async (): Promise<void> => {
    const { dueOn, ...rest } = draft;
    const done = await save.run({
      ...rest,
      ...(dueOn === '' ? {} : { dueOn }),
      ...(row === undefined ? {} : { id: row.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('obligations.bills.saved', { date: done.dueOn }));
    onClose();
  };
  const text = (name: 'number' | 'declarationNo' | 'authority' | 'note', label: string) => (
    <Field id={`b-${name}`} label={label}>
      <Input id={`b-${name}`} value={draft[name]} onChange={(event) => change({ [name]: event.target.value })} />
    </Field>
  );
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="form-grid">
        {text('number', t('obligations.number'))}
        <Field id="b-kind" label={t('obligations.bills.kind')}>
          <Select
            id="b-kind"
            value={draft.kind}
            options={taxBillKinds.map((value) => ({ value, label: t(`obligations.billKind.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        {text('declarationNo', t('obligations.declarationNo'))}
        {text('authority', t('obligations.bills.authority'))}
        <Field id="b-amount" label={t('obligations.amount')}>
          <NumericInput
            id="b-amount"
            decimals={2}
            unit="CNY"
            value={draft.amount}
            onChange={(amount) => change({ amount })}
          />
        </Field>
        <Field id="b-issued" label={t('obligations.bills.issued')}>
          <DateInput id="b-issued" value={draft.issuedOn} onChange={(issuedOn) => change({ issuedOn })} />
        </Field>
        <Field id="b-due" label={t('obligations.bills.due')} hint={t('obligations.bills.dueHint')}>
          <DateInput id="b-due" value={draft.dueOn} onChange={(dueOn) => change({ dueOn })} />
        </Field>
        {text('note', t('obligations.note'))}
      </div>
      <Checkbox checked={draft.monthlySummary} onChange={(event) => change({ monthlySummary: event.target.checked })}>
        {t('obligations.bills.combined')}
      </Checkbox>
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
      <div className="card-actions">
        <Button
          type="primary"
          htmlType="submit"
          disabled={draft.number === '' || draft.amount === ''}
          loading={save.isRunning}
        >
          {t('obligations.save')}
        </Button>
      </div>
    </form>
  );
}

function BillDetail({ row, today }: { readonly row: Bill; readonly today: string }) {
  const { t } = useTranslation();
  const pay = useCommand('taxBills.pay');
  const form = useFormDraft(`tax bill payment ${row.id}`, { date: today, account: '1002', reference: '' });
  const { date, account, reference } = form.value;
  const { change } = form;
  const submit = async (): Promise<void> => {
    const done = await pay.run({ id: row.id, date, account, reference });
    if (done === undefined) return;
    form.done();
    notify(t('obligations.bills.paidNotice', { paid: formatAmount(done.paid, 2) }));
  };
  return (
    <DetailPane
      title={row.number}
      isCode
      tags={row.state === 'paid' ? t('obligations.billState.paid') : <DaysLeft days={row.days} />}
    >
      <DetailSection title={t('obligations.bills.term')}>
        <Facts
          columns={1}
          rows={[
            [t('obligations.bills.kind'), t(`obligations.billKind.${row.kind}`)],
            [t('obligations.amount'), formatAmount(row.amount, 2)],
            [t('obligations.declarationNo'), row.declarationNo === '' ? '–' : row.declarationNo],
            ...(row.authority === '' ? [] : ([[t('obligations.bills.authority'), row.authority]] as const)),
            [t('obligations.bills.issued'), row.issuedOn],
            [t('obligations.bills.due'), row.dueOn],
            [
              t('obligations.bills.surcharge'),
              row.surchargeDays === 0
                ? '0.00'
                : t('obligations.bills.surchargeOf', {
                    amount: formatAmount(row.surcharge, 2),
                    count: row.surchargeDays,
                  }),
            ],
            [t('obligations.bills.guarantee'), row.guarantee ?? '–'],
            ...(row.paidOn === null
              ? []
              : ([[t('obligations.billState.paid'), `${row.paidOn} · ${formatAmount(row.paid ?? '', 2)}`]] as const)),
            [t('obligations.deadlines.source'), t('obligations.bills.source')],
          ]}
        />
      </DetailSection>
      {row.state === 'paid' ? null : (
        <>
          <DetailSection title={t('obligations.bills.pay')}>
            <div className="form-grid">
              <RestoredNote draft={form} />
              <Field id="p-date" label={t('obligations.bills.paidOn')}>
                <DateInput id="p-date" value={date} onChange={(value) => change({ date: value })} />
              </Field>
              <Field id="p-account" label={t('obligations.bills.account')}>
                <Input
                  id="p-account"
                  className="code"
                  value={account}
                  onChange={(event) => change({ account: event.target.value })}
                />
              </Field>
              <Field id="p-reference" label={t('obligations.bills.reference')} isWide>
                <Input
                  id="p-reference"
                  value={reference}
                  onChange={(event) => change({ reference: event.target.value })}
                />
              </Field>
            </div>
            <ErrorNote error={pay.error} isInline />
            <div className="card-actions">
              <Button type="primary" loading={pay.isRunning} onClick={() => void submit()}>
                {t('obligations.bills.payAndPost')}
              </Button>
            </div>
          </DetailSection>
          <DetailSection title={t('obligations.bills.edit')}>
            <BillForm row={row} onClose={() => undefined} />
          </DetailSection>
        </>
      )}
      {row.declarationNo === '' ? null : (
        <div className="card-actions">
          <Button onClick={() => navigate('archive', { no: row.declarationNo })}>
            {t('obligations.archive.title')}
          </Button>
        </div>
      )}
    </DetailPane>
  );
}

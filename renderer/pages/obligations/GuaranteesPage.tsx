/** 税款担保: what there is, what is taken, what is free and until when. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { guaranteeKinds, guaranteeSubjects } from '../../../shared/contract/obligations.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DaysLeft } from './DaysLeft.tsx';
import './obligations.css';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';

type Guarantee = OutputOf<'guarantees.list'>['rows'][number];

export function GuaranteesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const today = localDate();
  const list = useQuery('guarantees.list', { date: today }, { areas: ['tax', 'documents', 'sync'] });
  const [isNew, setNew] = useState(false);
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'at')) ?? rows?.[0];
  useKeys([
    { key: 'Ctrl+N', label: t('obligations.guarantees.new'), run: () => setNew(true), isMain: true },
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
  const columns: readonly Column<Guarantee>[] = [
    {
      id: 'kind',
      title: t('obligations.guarantees.kind'),
      width: 104,
      render: (row) => t(`obligations.guaranteeKind.${row.kind}`),
    },
    { id: 'number', title: t('obligations.number'), render: (row) => <Code>{row.number}</Code> },
    {
      id: 'amount',
      title: t('obligations.guarantees.amount'),
      width: 94,
      align: 'right',
      render: (row) => formatAmount(row.amount, 2),
    },
    {
      id: 'used',
      title: t('obligations.guarantees.used'),
      width: 90,
      align: 'right',
      render: (row) => formatAmount(row.used, 2),
    },
    {
      id: 'free',
      title: t('obligations.guarantees.free'),
      width: 94,
      align: 'right',
      render: (row) => formatAmount(row.free, 2),
    },
    {
      id: 'percent',
      title: t('obligations.guarantees.percent'),
      width: 82,
      align: 'right',
      render: (row) =>
        row.warning ? <ToneTag tone="action" label={`${row.usedPercent} %`} /> : `${row.usedPercent} %`,
    },
    { id: 'validTo', title: t('obligations.guarantees.validTo'), width: 92, render: (row) => row.validTo },
    {
      id: 'left',
      title: t('obligations.days'),
      width: 104,
      align: 'right',
      render: (row) => (row.state === 'ended' ? t('obligations.guarantees.ended') : <DaysLeft days={row.daysLeft} />),
    },
  ];
  return (
    <Page
      title={t('obligations.guarantees.title')}
      summary={
        list.data === undefined
          ? undefined
          : t('obligations.guarantees.summary', {
              amount: formatAmount(list.data.totalAmount, 2),
              used: formatAmount(list.data.totalUsed, 2),
              free: formatAmount(list.data.totalFree, 2),
              percent: list.data.warnAbovePercent,
            })
      }
      actions={
        <>
          <Button onClick={() => navigate('showGoods')}>{t('shows.title')}</Button>
          <KeyButton
            kind="primary"
            label={t('obligations.guarantees.new')}
            keys="Ctrl+N"
            onPress={() => setNew(true)}
          />
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('obligations.guarantees.title')}
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={chosen?.id}
            onActivate={(row) => {
              setNew(false);
              replaceParams({ at: row.id });
            }}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'ended' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t('obligations.guarantees.empty')}
                hint={t('obligations.guarantees.emptyHint')}
                actions={
                  <KeyButton label={t('obligations.guarantees.new')} keys="Ctrl+N" onPress={() => setNew(true)} />
                }
              />
            }
          />
        }
        detail={
          isNew ? (
            <GuaranteeForm onClose={() => setNew(false)} />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('obligations.guarantees.choose')} />
          ) : (
            <GuaranteeDetail key={chosen.id} row={chosen} today={today} />
          )
        }
      />
    </Page>
  );
}

function GuaranteeForm({ row, onClose }: { readonly row?: Guarantee; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const save = useCommand('guarantees.save');
  const form = useFormDraft(
    `guarantee ${row?.id ?? 'new'}`,
    {
      kind: row?.kind ?? ('bank-letter' as Guarantee['kind']),
      number: row?.number ?? '',
      issuer: row?.issuer ?? '',
      customs: row?.customs ?? '',
      amount: row?.amount ?? '',
      validFrom: row?.validFrom ?? localDate(),
      validTo: row?.validTo ?? '',
      note: row?.note ?? '',
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const submit = async (state: Guarantee['state']): Promise<void> => {
    const { customs, ...rest } = draft;
    const done = await save.run({
      ...rest,
      state,
      ...(customs === '' ? {} : { customs }),
      ...(row === undefined ? {} : { id: row.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('obligations.saved'));
    onClose();
  };
  const text = (name: 'number' | 'issuer' | 'customs' | 'note', label: string) => (
    <Field id={`g-${name}`} label={label}>
      <Input id={`g-${name}`} value={draft[name]} onChange={(event) => change({ [name]: event.target.value })} />
    </Field>
  );
  const fields = (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(row?.state ?? 'active');
      }}
    >
      <div className="form-grid">
        <Field id="g-kind" label={t('obligations.guarantees.kind')}>
          <Select
            id="g-kind"
            value={draft.kind}
            options={guaranteeKinds.map((value) => ({ value, label: t(`obligations.guaranteeKind.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        {text('number', t('obligations.number'))}
        {text('issuer', t('obligations.guarantees.issuer'))}
        {text('customs', t('obligations.guarantees.customs'))}
        <Field id="g-amount" label={t('obligations.guarantees.amount')}>
          <NumericInput
            id="g-amount"
            decimals={2}
            unit="CNY"
            value={draft.amount}
            onChange={(amount) => change({ amount })}
          />
        </Field>
        <Field id="g-from" label={t('obligations.guarantees.validFrom')}>
          <DateInput id="g-from" value={draft.validFrom} onChange={(validFrom) => change({ validFrom })} />
        </Field>
        <Field id="g-to" label={t('obligations.guarantees.validTo')}>
          <DateInput id="g-to" value={draft.validTo} onChange={(validTo) => change({ validTo })} />
        </Field>
        {text('note', t('obligations.note'))}
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
      <div className="card-actions">
        {row === undefined ? (
          <Button onClick={onClose}>{t('common.cancel')}</Button>
        ) : (
          <Button loading={save.isRunning} onClick={() => void submit(row.state === 'active' ? 'ended' : 'active')}>
            {row.state === 'active' ? t('obligations.guarantees.end') : t('obligations.guarantees.reopen')}
          </Button>
        )}
        <Button
          type="primary"
          htmlType="submit"
          disabled={draft.number === '' || draft.issuer === '' || draft.amount === '' || draft.validTo === ''}
          loading={save.isRunning}
        >
          {t('obligations.save')}
        </Button>
      </div>
    </form>
  );
  return row === undefined ? <DetailPane title={t('obligations.guarantees.new')}>{fields}</DetailPane> : fields;
}

function GuaranteeDetail({ row, today }: { readonly row: Guarantee; readonly today: string }) {
  const { t } = useTranslation();
  const statement = useQuery(
    'guarantees.statement',
    { id: row.id, from: row.validFrom, to: row.validTo > today ? row.validTo : today },
    { areas: ['tax', 'documents', 'sync'] },
  );
  const take = useCommand('guarantees.take');
  const release = useCommand('guarantees.release');
  const form = useFormDraft(`guarantee use ${row.id}`, {
    subjectKind: 'tax-bill' as Exclude<(typeof guaranteeSubjects)[number], 'show'>,
    subjectId: '',
    amount: '',
  });
  const { value: draft, change } = form;
  const submit = async (): Promise<void> => {
    const done = await take.run({ id: row.id, ...draft, date: today });
    if (done === undefined) return;
    notify(t('obligations.guarantees.taken', { free: formatAmount(done.free, 2) }));
    change({ subjectId: '', amount: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
  };
  const uses = statement.data?.uses ?? [];
  return (
    <DetailPane title={row.number} isCode tags={t(`obligations.guaranteeKind.${row.kind}`)}>
      <DetailSection
        title={t('obligations.guarantees.uses', { count: row.openUses, shown: formatCount(row.openUses) })}
      >
        {uses.length === 0 ? <p className="muted">{t('obligations.guarantees.noUses')}</p> : null}
        <ul className="plain-list">
          {uses.map((use) => (
            <li key={use.id}>
              {t(`obligations.subject.${use.subjectKind}`)} <span className="code">{use.label}</span>{' '}
              {formatAmount(use.amount, 2)} · {use.takenOn}
              {use.releasedOn === null && use.subjectKind === 'show' ? (
                <Button size="small" type="text" onClick={() => navigate('showGoods', { at: Number(use.subjectId) })}>
                  {t('obligations.guarantees.toShow')}
                </Button>
              ) : use.releasedOn === null ? (
                <Button
                  size="small"
                  type="text"
                  loading={release.isRunning}
                  onClick={() => void release.run({ useId: use.id, date: today })}
                >
                  {t('obligations.guarantees.release')}
                </Button>
              ) : (
                ` – ${use.releasedOn}`
              )}
            </li>
          ))}
        </ul>
        <form
          className="card-form"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <div className="form-grid">
            <RestoredNote draft={form} />
            <Field id="u-kind" label={t('obligations.guarantees.for')}>
              <Select
                id="u-kind"
                value={draft.subjectKind}
                options={guaranteeSubjects
                  .filter((value) => value !== 'document' && value !== 'show')
                  .map((value) => ({ value, label: t(`obligations.subject.${value}`) }))}
                onChange={(subjectKind) => change({ subjectKind })}
              />
            </Field>
            <Field id="u-id" label={t('obligations.number')}>
              <Input
                id="u-id"
                value={draft.subjectId}
                onChange={(event) => change({ subjectId: event.target.value })}
              />
            </Field>
            <Field id="u-amount" label={t('obligations.amount')}>
              <NumericInput
                id="u-amount"
                decimals={2}
                unit="CNY"
                value={draft.amount}
                onChange={(amount) => change({ amount })}
              />
            </Field>
          </div>
          <ErrorNote error={take.error ?? release.error} isInline />
          <div className="card-actions">
            <Button htmlType="submit" disabled={draft.subjectId === '' || draft.amount === ''} loading={take.isRunning}>
              {t('obligations.guarantees.take')}
            </Button>
          </div>
        </form>
      </DetailSection>
      {(statement.data?.months.length ?? 0) === 0 ? null : (
        <DetailSection title={t('obligations.guarantees.combined')}>
          <ul className="plain-list">
            {statement.data?.months.map((month) => (
              <li key={month.month}>
                {month.month} ·{' '}
                {t('obligations.guarantees.bills', { count: month.bills, shown: formatCount(month.bills) })}{' '}
                {formatAmount(month.amount, 2)} · {t('obligations.guarantees.unpaid')} {formatAmount(month.unpaid, 2)}
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('obligations.guarantees.edit')}>
        <GuaranteeForm row={row} onClose={() => undefined} />
      </DetailSection>
    </DetailPane>
  );
}

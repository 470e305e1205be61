/** 保税展示: goods on show outside the zone, each under a guarantee, until they come back or are sold. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import '../purchases/purchases.css';
import { DaysLeft } from './DaysLeft.tsx';

type Show = OutputOf<'shows.list'>['rows'][number];
const areas = ['tax', 'documents'] as const;

export function ShowGoodsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('shows.list', {}, { areas: [...areas] });
  const [isNew, setNew] = useState(false);
  const at = numberParam(params, 'at');
  const chosen = isNew ? undefined : data?.rows.find(({ id }) => id === at);
  const add = (): void => {
    setNew(true);
    focusDetail('#show-paperNo');
  };
  const choose = (id: number): void => {
    setNew(false);
    replaceParams({ at: id });
  };
  useKeys([
    { key: 'Ctrl+N', label: t('shows.add'), run: add, isMain: true },
    { key: 'Enter', label: t('shows.look'), isMain: true },
    { key: 'Esc', label: t('obligations.back'), run: () => navigate('guarantees') },
  ]);
  const columns: readonly Column<Show>[] = [
    { id: 'paperNo', title: t('shows.columns.paperNo'), width: 148, render: (row) => <Code>{row.paperNo}</Code> },
    { id: 'name', title: t('shows.name'), render: (row) => <span title={row.name}>{row.name}</span> },
    { id: 'qty', title: t('shows.columns.qty'), width: 72, align: 'right', render: (row) => formatAmount(row.qty) },
    {
      id: 'duty',
      title: t('shows.columns.duty'),
      width: 96,
      align: 'right',
      render: (row) => formatAmount(row.duty, 2),
    },
    { id: 'dueOn', title: t('shows.dueOn'), width: 94, render: (row) => row.dueOn },
    {
      id: 'left',
      title: t('obligations.days'),
      width: 92,
      render: (row) =>
        row.endedOn === null ? (
          <DaysLeft days={row.daysLeft} />
        ) : (
          <ToneTag tone="accepted" label={t(row.sold === '0' ? 'shows.returnedTag' : 'shows.soldTag')} />
        ),
    },
  ];
  return (
    <Page
      title={t('shows.title')}
      summary={
        data === undefined
          ? undefined
          : [
              t('shows.summary', { n: formatCount(data.open), duty: formatAmount(data.duty, 2) }),
              ...(data.late === 0 ? [] : [t('shows.late', { n: formatCount(data.late) })]),
            ].join(' · ')
      }
      actions={
        <>
          <Button onClick={() => navigate('guarantees')}>{t('shows.toGuarantees')}</Button>
          <KeyButton kind="primary" label={t('shows.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
    >
      <ListWithForm<Show>
        label={t('shows.title')}
        ratio="list"
        rows={data?.rows}
        error={error}
        onReload={reload}
        columns={columns}
        activeId={chosen?.id}
        isOver={(row) => row.endedOn !== null}
        onChoose={choose}
        empty={{ title: t('shows.empty'), hint: t('shows.emptyHint'), add: t('shows.add') }}
        onAdd={add}
        detail={
          isNew ? (
            <ShowForm key="new" show={undefined} onSaved={choose} onClose={() => setNew(false)} />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('shows.choose')} />
          ) : chosen.endedOn === null ? (
            <ShowForm
              key={JSON.stringify(chosen)}
              show={chosen}
              onSaved={() => undefined}
              onClose={() => replaceParams({})}
            />
          ) : (
            <Ended key={chosen.id} show={chosen} onClose={() => replaceParams({})} />
          )
        }
      />
    </Page>
  );
}

const texts = { paperNo: 60, name: 250, place: 200, note: 500 } as const;

function ShowForm({
  show,
  onSaved,
  onClose,
}: {
  readonly show: Show | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const guarantees = useQuery('guarantees.list', { date: localDate(), state: 'active' }, { areas: [...areas] });
  const start = {
    itemId: show?.itemId ?? null,
    paperNo: show?.paperNo ?? '',
    name: show?.name ?? '',
    unit: show?.unit ?? '',
    qty: show?.qty ?? '',
    value: show?.value ?? '',
    duty: show?.duty ?? '',
    guaranteeId: show?.guaranteeId ?? null,
    place: show?.place ?? '',
    sinceOn: show?.sinceOn ?? localDate(),
    dueOn: show?.dueOn ?? '',
    note: show?.note ?? '',
  };
  const form = useFormDraft(`show ${show?.id ?? 'new'}`, start, show === undefined ? '' : JSON.stringify(start));
  const { value: draft, change } = form;
  const save = useCommand('shows.save');
  const refused = useFieldErrors(save.error);
  const { guaranteeId } = draft;
  const canSave =
    guaranteeId !== null &&
    [draft.paperNo, draft.name, draft.unit, draft.value, draft.place, draft.sinceOn, draft.dueOn].every(
      (one) => one.trim() !== '',
    ) &&
    [draft.qty, draft.duty].every((one) => /[1-9]/.test(one));
  const submit = async (): Promise<void> => {
    if (guaranteeId === null) return;
    const done = await save.run({ ...draft, guaranteeId, ...(show === undefined ? {} : { id: show.id }) });
    if (done === undefined) return;
    form.done();
    notify(t('shows.saved', { no: draft.paperNo, free: formatAmount(done.free, 2) }));
    onSaved(done.id);
  };
  const text = (name: keyof typeof texts, isWide = false) => (
    <Field
      id={`show-${name}`}
      label={t(`shows.${name}`)}
      isRequired={name !== 'note'}
      isWide={isWide}
      error={refused(name)}
      {...(name === 'paperNo' ? { hint: t('shows.paperNoHint') } : {})}
    >
      <Input
        id={`show-${name}`}
        autoComplete="off"
        {...(name === 'paperNo' ? { className: 'code' } : {})}
        value={draft[name]}
        maxLength={texts[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const amount = (name: 'value' | 'duty') => (
    <Field
      id={`show-${name}`}
      label={t(`shows.${name}`)}
      isRequired
      error={refused(name)}
      {...(name === 'duty' ? { hint: t('shows.dutyHint') } : {})}
    >
      <NumericInput
        id={`show-${name}`}
        decimals={2}
        unit="CNY"
        value={draft[name]}
        onChange={(value) => change({ [name]: value })}
      />
    </Field>
  );
  const day = (name: 'sinceOn' | 'dueOn') => (
    <Field
      id={`show-${name}`}
      label={t(`shows.${name}`)}
      isRequired
      error={refused(name)}
      {...(name === 'dueOn' ? { hint: t('shows.dueHint') } : {})}
    >
      <DateInput id={`show-${name}`} value={draft[name]} onChange={(value) => change({ [name]: value })} />
    </Field>
  );
  const known = (guarantees.data?.rows ?? []).map((one) => ({
    value: one.id,
    label: t('shows.free', { number: one.number, free: formatAmount(one.free, 2) }),
  }));
  return (
    <FormPane
      title={show?.paperNo ?? t('shows.add')}
      isCode={show !== undefined}
      tags={show?.isLate === true ? <ToneTag tone="rejected" label={t('shows.lateTag')} /> : null}
      error={save.error}
      onClearError={save.clear}
      canSave={canSave}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      {...(show === undefined ? {} : { below: <EndForm show={show} /> })}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        {text('paperNo')}
        <ItemChoice
          value={draft.itemId}
          onChange={(item) =>
            change(item === undefined ? { itemId: null } : { itemId: item.id, name: item.name, unit: item.unit })
          }
        />
        {text('name')}
        <Field id="show-qty" label={t('shows.qty')} isRequired error={refused('qty')}>
          <NumericInput id="show-qty" value={draft.qty} onChange={(qty) => change({ qty })} />
        </Field>
        <Field id="show-unit" label={t('shows.unit')} isRequired error={refused('unit')}>
          <LookupBox id="show-unit" table="unit" value={draft.unit} onChange={(unit) => change({ unit })} />
        </Field>
        {amount('value')}
        {amount('duty')}
        <Field
          id="show-guaranteeId"
          label={t('shows.guaranteeId')}
          isRequired
          hint={known.length === 0 ? t('shows.noGuarantee') : undefined}
          error={refused('guaranteeId')}
        >
          <Select
            id="show-guaranteeId"
            value={guaranteeId}
            options={known}
            onChange={(value) => change({ guaranteeId: value })}
          />
        </Field>
        {text('place')}
        {day('sinceOn')}
        {day('dueOn')}
        {text('note', true)}
      </div>
    </FormPane>
  );
}

type LedgerItem = OutputOf<'bonded.items'>['rows'][number];

/** The record item the goods are of, which holds them while they are out; nothing is asked of a firm without a ledger. */
function ItemChoice({
  value,
  onChange,
}: {
  readonly value: number | null;
  readonly onChange: (item: LedgerItem | undefined) => void;
}) {
  const { t } = useTranslation();
  const ledgers = useQuery('bonded.books', {}, { areas: ['documents'] }).data?.rows ?? [];
  const [picked, setPicked] = useState<number>();
  const [text, setText] = useState('');
  const known = useQuery('bonded.item', value === null ? null : { id: value }, { areas: [...areas] }).data;
  const bookId = picked ?? known?.bookId ?? ledgers[0]?.id;
  const items = useQuery('bonded.items', bookId === undefined ? null : { bookId, text, limit: 50 }, {
    areas: [...areas],
  }).data?.rows;
  if (ledgers.length === 0) return null;
  const nameOf = (one: Pick<LedgerItem, 'seq' | 'itemNo' | 'name' | 'free'>): string =>
    `${one.itemNo} ${one.name} (${t('bonded.free')} ${formatAmount(one.free)})`;
  const options = (items ?? []).map((one) => ({ value: one.id, label: nameOf(one) }));
  return (
    <>
      {ledgers.length === 1 ? null : (
        <Field id="show-ledger" label={t('bonded.ledger')}>
          <Select
            id="show-ledger"
            value={bookId}
            options={ledgers.map((one) => ({ value: one.id, label: one.recordNo }))}
            onChange={(next) => {
              setPicked(next);
              onChange(undefined);
            }}
          />
        </Field>
      )}
      <Field id="show-itemId" label={t('shows.itemId')} hint={t('shows.itemHint')}>
        <Select
          id="show-itemId"
          allowClear
          value={value}
          showSearch={{ filterOption: false, onSearch: setText }}
          options={
            known === undefined || options.some((one) => one.value === known.id)
              ? options
              : [{ value: known.id, label: nameOf(known) }, ...options]
          }
          onChange={(next?: number) => onChange(items?.find(({ id }) => id === next))}
        />
      </Field>
    </>
  );
}

/** What came back and what was sold, together all of it. */
function EndForm({ show }: { readonly show: Show }) {
  const { t } = useTranslation();
  const unit = useCodeNames('unit', [show.unit])(show.unit) ?? show.unit;
  const form = useFormDraft(`show end ${show.id}`, { on: localDate(), returned: show.qty, sold: '0', paperNo: '' });
  const { value: draft, change } = form;
  const end = useCommand('shows.end');
  const refused = useFieldErrors(end.error);
  const submit = async (): Promise<void> => {
    const done = await end.run({ ...draft, id: show.id });
    if (done === undefined) return;
    form.done();
    notify(t('shows.ended', { no: show.paperNo, free: formatAmount(done.free, 2) }));
  };
  const quantity = (name: 'returned' | 'sold') => (
    <Field id={`show-${name}`} label={t(`shows.${name}`)} isRequired error={refused(name)}>
      <NumericInput
        id={`show-${name}`}
        unit={unit}
        value={draft[name]}
        onChange={(value) => change({ [name]: value })}
      />
    </Field>
  );
  return (
    <DetailSection title={t('shows.end')}>
      <RestoredNote draft={form} />
      <ErrorNote error={end.error} isInline />
      <div className="purchase-form">
        {quantity('returned')}
        {quantity('sold')}
        <Field id="show-endOn" label={t('shows.endOn')} isRequired error={refused('on')}>
          <DateInput id="show-endOn" value={draft.on} onChange={(on) => change({ on })} />
        </Field>
        <Field
          id="show-endPaper"
          label={t('shows.endPaperNo')}
          hint={t('shows.endPaperHint')}
          isRequired={/[1-9]/.test(draft.sold)}
          error={refused('paperNo')}
        >
          <Input
            id="show-endPaper"
            className="code"
            value={draft.paperNo}
            maxLength={60}
            onChange={(event) => change({ paperNo: event.target.value })}
          />
        </Field>
      </div>
      <div className="card-actions panel-pad">
        <Button
          disabled={draft.returned === '' || draft.sold === '' || draft.on === ''}
          loading={end.isRunning}
          onClick={() => void submit()}
        >
          {t('shows.endNow')}
        </Button>
      </div>
    </DetailSection>
  );
}

/** A show that is over. */
function Ended({ show, onClose }: { readonly show: Show; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const unit = useCodeNames('unit', [show.unit])(show.unit) ?? show.unit;
  const reopen = useCommand('shows.reopen');
  const back = async (): Promise<void> => {
    if ((await reopen.run({ id: show.id })) === undefined) return;
    notify(t('shows.reopened', { no: show.paperNo }));
  };
  return (
    <DetailPane
      title={show.paperNo}
      isCode
      tags={<ToneTag tone="accepted" label={t(show.sold === '0' ? 'shows.returnedTag' : 'shows.soldTag')} />}
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        <ConfirmInline
          label={t('shows.reopen')}
          question={t('shows.reopenQuestion')}
          confirmLabel={t('shows.reopen')}
          onConfirm={back}
        />
      }
    >
      <ErrorNote error={reopen.error} onClose={reopen.clear} />
      <Facts
        columns={1}
        rows={[
          [t('shows.name'), show.name],
          [t('shows.qty'), `${formatAmount(show.qty)} ${unit}`],
          ...(show.itemNo === '' ? [] : [[t('shows.itemId'), `${show.recordNo} ${show.itemNo}`] as const]),
          [t('shows.guaranteeId'), <Code key="g">{show.guarantee}</Code>],
          [t('shows.duty'), formatAmount(show.duty, 2)],
          [t('shows.place'), show.place],
          [t('shows.sinceOn'), show.sinceOn],
          [t('shows.endOn'), show.endedOn ?? ''],
          [t('shows.returned'), formatAmount(show.returned)],
          [t('shows.sold'), formatAmount(show.sold)],
          ...(show.endPaperNo === '' ? [] : [[t('shows.endPaperNo'), <Code key="p">{show.endPaperNo}</Code>] as const]),
        ]}
      />
    </DetailPane>
  );
}

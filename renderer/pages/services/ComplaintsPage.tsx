/** 投诉登记: what buyers complained of, until when they want an answer, and every step until it is closed. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  complaintChannels,
  complaintKinds,
  complaintOutcomes,
  complaintStates,
} from '../../../shared/contract/services.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CurrencyBox } from '../money/boxes.tsx';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { useFile } from '../risk/use-file.tsx';
import '../purchases/purchases.css';
import { ServiceTabs } from './ServiceTabs.tsx';
import './services.css';

type Complaint = RowOf<'complaints.list'>;
const ALL = 'all';
const chips = [ALL, ...complaintStates] as const;
const tones = { open: 'action', answered: 'waiting', closed: 'accepted' } as const;

export function ComplaintsPage({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const state = chips.find((one) => one === textParam(params, 'state')) ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages(
    'complaints.list',
    { ...(state === ALL ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['services', 'orders'] },
  );
  const file = useFile('complaints.export');
  const [chosen, setChosen] = useState<number | 'new'>();
  const add = (): void => {
    setChosen('new');
    focusDetail('#complaint-receivedOn');
  };
  const title = t('services.complaint.title');
  useKeys([
    { key: 'Ctrl+N', label: t('services.complaint.add'), run: add, isMain: true },
    { key: 'Enter', label: t('services.complaint.look'), isMain: true },
    { key: 'Ctrl+E', label: t('services.complaint.export'), run: () => void file.write(title, {}) },
  ]);
  const columns: readonly Column<Complaint>[] = [
    { id: 'number', title: t('services.complaint.number'), width: 116, render: (row) => <Code>{row.number}</Code> },
    { id: 'receivedOn', title: t('services.complaint.receivedOn'), width: 96, render: (row) => row.receivedOn },
    { id: 'kind', title: t('services.complaint.kind'), width: 96, render: (row) => t(`services.kinds.${row.kind}`) },
    { id: 'text', title: t('services.complaint.text'), render: (row) => <span title={row.text}>{row.text}</span> },
    { id: 'dueOn', title: t('services.complaint.dueOn'), width: 96, render: (row) => row.dueOn ?? '' },
    {
      id: 'state',
      title: t('services.complaint.state'),
      width: 92,
      render: (row) =>
        row.isLate ? (
          <ToneTag tone="rejected" label={t('services.complaint.overdue')} />
        ) : (
          <ToneTag tone={tones[row.state]} label={t(`services.states.${row.state}`)} />
        ),
    },
  ];
  const counts = pages.first?.counts;
  const summary =
    counts === undefined
      ? undefined
      : [
          t('services.complaint.summary', {
            open: formatCount(counts.open),
            answered: formatCount(counts.answered),
            closed: formatCount(counts.closed),
          }),
          ...(counts.late === 0 ? [] : [t('services.complaint.late', { late: formatCount(counts.late) })]),
        ].join(' · ');
  return (
    <Page
      title={title}
      summary={summary}
      filters={
        <>
          <ServiceTabs active="complaints" />
          <Chips
            label={t('services.complaint.state')}
            value={state}
            onChange={(value) => set({ state: value === ALL ? '' : value })}
            chips={chips.map((value) => ({ value, label: t(`services.states.${value}`) }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('services.complaint.search')}
            keyLabel={t('services.complaint.search')}
          />
        </>
      }
      actions={
        <>
          <KeyButton
            label={t('services.complaint.export')}
            keys="Ctrl+E"
            isBusy={file.isRunning}
            onPress={() => void file.write(title, {})}
          />
          <KeyButton kind="primary" label={t('services.complaint.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
    >
      {file.notice}
      <Split
        ratio="even"
        list={
          <DataTable
            label={title}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen === 'new' ? undefined : chosen}
            rowTone={(row) => (row.state === 'closed' ? 'muted' : undefined)}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail('#complaint-receivedOn');
            }}
            empty={
              text !== '' || state !== ALL ? (
                <EmptyState title={t('services.complaint.noMatch')} hint={t('services.complaint.noMatchHint')} />
              ) : (
                <EmptyState
                  title={t('services.complaint.empty')}
                  hint={t('services.complaint.emptyHint')}
                  actions={<Button onClick={add}>{t('services.complaint.add')}</Button>}
                />
              )
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('services.complaint.choose')} />
          ) : (
            <ComplaintDetail
              key={chosen}
              id={chosen}
              onSaved={(id) => setChosen(id)}
              onClose={() => setChosen(undefined)}
            />
          )
        }
      />
    </Page>
  );
}

/** Reads the complaint before its form is shown; a new one needs nothing read. */
function ComplaintDetail({
  id,
  onSaved,
  onClose,
}: {
  readonly id: number | 'new';
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  if (id === 'new') return <ComplaintForm complaint={undefined} onSaved={onSaved} onClose={onClose} />;
  return <KnownComplaint id={id} onSaved={onSaved} onClose={onClose} />;
}

function KnownComplaint({
  id,
  onSaved,
  onClose,
}: {
  readonly id: number;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('complaints.get', { id }, { areas: ['services'] });
  if (data === undefined)
    return error === undefined ? (
      <DetailPlaceholder text={t('services.complaint.choose')} />
    ) : (
      <ErrorNote error={error} onRetry={reload} />
    );
  return (
    <ComplaintForm
      key={`${data.state} ${data.steps.length}`}
      complaint={data}
      onSaved={(saved) => {
        reload();
        onSaved(saved);
      }}
      onClose={onClose}
    />
  );
}

type Known = NonNullable<ReturnType<typeof useQuery<'complaints.get'>>['data']>;

function ComplaintForm({
  complaint,
  onSaved,
  onClose,
}: {
  readonly complaint: Known | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const start = {
    receivedOn: complaint?.receivedOn ?? localDate(),
    dueOn: complaint?.dueOn ?? '',
    channel: complaint?.channel ?? complaintChannels[0],
    kind: complaint?.kind ?? complaintKinds[0],
    orderNo: complaint?.orderNo ?? '',
    buyer: complaint?.buyer ?? '',
    text: complaint?.text ?? '',
    demand: complaint?.demand ?? '',
    currency: complaint?.currency ?? '',
    amount: complaint?.amount ?? '',
  };
  // A step changes nothing of what is being corrected.
  const form = useFormDraft(
    complaint === undefined ? 'complaint new' : `complaint ${complaint.id}`,
    start,
    complaint === undefined ? '' : JSON.stringify(start),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('complaints.save');
  const refused = useFieldErrors(save.error);
  const isClosed = complaint?.state === 'closed';
  const missing = (field: 'receivedOn' | 'text'): boolean => draft[field].trim() === '';
  const errorOf = (field: keyof typeof draft): string | undefined =>
    refused(field) ??
    (isTried && (field === 'receivedOn' || field === 'text') && missing(field)
      ? t('money.rule.missing', { field: t(`services.complaint.${field}`) })
      : undefined);
  const submit = async (): Promise<void> => {
    const open = (['receivedOn', 'text'] as const).filter(missing);
    if (open.length > 0) {
      setTried(true);
      focusFirst(open.map((field) => `complaint-${field}`));
      return;
    }
    const { dueOn, currency, amount, ...rest } = draft;
    const done = await save.run({
      ...rest,
      dueOn: dueOn === '' ? null : dueOn,
      currency: currency === '' ? null : currency,
      amount: amount === '' ? null : amount,
      ...(complaint === undefined ? {} : { id: complaint.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('services.complaint.saved', { number: done.number }));
    onSaved(done.id);
  };
  const text = (name: 'orderNo' | 'buyer' | 'demand', hint?: string) => (
    <Field
      id={`complaint-${name}`}
      label={t(`services.complaint.${name}`)}
      error={errorOf(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <Input
        id={`complaint-${name}`}
        autoComplete="off"
        value={draft[name]}
        disabled={isClosed}
        maxLength={name === 'demand' ? 500 : name === 'buyer' ? 100 : 60}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={complaint?.number ?? t('services.complaint.add')}
      isCode={complaint !== undefined}
      tags={
        complaint === undefined ? undefined : (
          <ToneTag tone={tones[complaint.state]} label={t(`services.states.${complaint.state}`)} />
        )
      }
      error={save.error}
      onClearError={save.clear}
      canSave={!isClosed}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      {complaint === undefined ? null : <ComplaintFacts complaint={complaint} />}
      <div className="purchase-form">
        <Field
          id="complaint-receivedOn"
          label={t('services.complaint.receivedOn')}
          isRequired
          error={errorOf('receivedOn')}
        >
          <DateInput
            id="complaint-receivedOn"
            value={draft.receivedOn}
            isDisabled={isClosed}
            onChange={(receivedOn) => change({ receivedOn })}
          />
        </Field>
        <Field id="complaint-dueOn" label={t('services.complaint.dueOn')} error={errorOf('dueOn')}>
          <DateInput
            id="complaint-dueOn"
            value={draft.dueOn}
            isDisabled={isClosed}
            onChange={(dueOn) => change({ dueOn })}
          />
        </Field>
        <Field id="complaint-channel" label={t('services.complaint.channel')}>
          <Select
            id="complaint-channel"
            value={draft.channel}
            disabled={isClosed}
            options={complaintChannels.map((value) => ({ value, label: t(`services.channels.${value}`) }))}
            onChange={(channel) => change({ channel })}
          />
        </Field>
        <Field id="complaint-kind" label={t('services.complaint.kind')}>
          <Select
            id="complaint-kind"
            value={draft.kind}
            disabled={isClosed}
            options={complaintKinds.map((value) => ({ value, label: t(`services.kinds.${value}`) }))}
            onChange={(kind) => change({ kind })}
          />
        </Field>
        {text('orderNo', t('services.complaint.orderHint'))}
        {text('buyer')}
        <Field id="complaint-text" label={t('services.complaint.text')} isRequired isWide error={errorOf('text')}>
          <Input.TextArea
            id="complaint-text"
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={draft.text}
            disabled={isClosed}
            maxLength={2000}
            onChange={(event) => change({ text: event.target.value })}
          />
        </Field>
        {text('demand')}
        <Field id="complaint-currency" label={t('services.complaint.currency')} error={errorOf('currency')}>
          <CurrencyBox
            id="complaint-currency"
            isDisabled={isClosed}
            value={draft.currency}
            onChange={(currency) => change({ currency })}
          />
        </Field>
        <Field id="complaint-amount" label={t('services.complaint.amount')} error={errorOf('amount')}>
          <NumericInput
            id="complaint-amount"
            isDisabled={isClosed}
            value={draft.amount}
            decimals={4}
            onChange={(amount) => change({ amount })}
          />
        </Field>
      </div>
      {complaint === undefined ? null : <Steps complaint={complaint} />}
    </FormPane>
  );
}

function ComplaintFacts({ complaint }: { readonly complaint: Known }) {
  const { t } = useTranslation();
  const { order, isLate, outcome, closedOn, orderNo } = complaint;
  if (order === null && !isLate && outcome === null) return null;
  return (
    <div className="service-facts">
      {isLate ? <ToneTag tone="rejected" label={t('services.complaint.overdue')} /> : null}
      {outcome === null ? null : (
        <span>
          {t('services.complaint.closedOn', { date: closedOn ?? '', outcome: t(`services.outcomes.${outcome}`) })}
        </span>
      )}
      {order === null ? null : (
        <>
          <span>
            {t('services.complaint.order', {
              no: orderNo,
              date: order.orderDate,
              amount: formatAmount(order.amount, CURRENCY_EXPONENTS[order.currency] ?? 2),
              currency: order.currency,
            })}
          </span>
          <Button size="small" onClick={() => navigate('orders', { id: String(order.id) })}>
            {t('services.complaint.openOrder')}
          </Button>
        </>
      )}
    </div>
  );
}

interface StepDraft {
  readonly text: string;
  readonly isAnswered: boolean;
  readonly outcome: (typeof complaintOutcomes)[number];
}

/** What was done, and what comes next: a step, the end, or taking it up again. */
function Steps({ complaint }: { readonly complaint: Known }) {
  const { t } = useTranslation();
  const { id, state, steps } = complaint;
  const kept = useFormDraft<StepDraft>(`complaint step ${id}`, { text: '', isAnswered: false, outcome: 'refund' });
  const { text, isAnswered, outcome } = kept.value;
  const [isTried, setTried] = useState(false);
  const step = useCommand('complaints.step');
  const close = useCommand('complaints.close');
  const reopen = useCommand('complaints.reopen');
  const act = async (run: () => Promise<object | undefined>): Promise<void> => {
    if (text.trim() === '') {
      setTried(true);
      focusFirst(['complaint-step']);
      return;
    }
    if ((await run()) === undefined) return;
    kept.done();
    notify(t('services.complaint.saved', { number: complaint.number }));
  };
  const isClosed = state === 'closed';
  const isBusy = step.isRunning || close.isRunning || reopen.isRunning;
  return (
    <DetailSection title={t('services.complaint.steps')}>
      <ErrorNote
        error={step.error ?? close.error ?? reopen.error}
        onClose={() => {
          step.clear();
          close.clear();
          reopen.clear();
        }}
      />
      {steps.length === 0 ? <p className="muted service-facts">{t('services.complaint.noSteps')}</p> : null}
      <ol className="service-steps">
        {steps.map((one) => (
          <li key={one.id}>
            <time className="muted" dateTime={one.at}>
              {formatInstant(one.at)}
            </time>
            <span>{t(`services.states.${one.state}`)}</span>
            <span>{one.text}</span>
          </li>
        ))}
      </ol>
      <div className="service-act">
        <Field
          id="complaint-step"
          label={t('services.complaint.step')}
          isWide
          {...(isClosed ? { hint: t('services.complaint.reopenHint') } : {})}
          error={isTried && text.trim() === '' ? t('services.complaint.needed') : undefined}
        >
          <Input.TextArea
            id="complaint-step"
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={text}
            // What is typed while a step is being kept would go with it: the form comes back empty.
            readOnly={isBusy}
            maxLength={2000}
            onChange={(event) => kept.change({ text: event.target.value })}
          />
        </Field>
        {isClosed ? (
          <div>
            <Button loading={reopen.isRunning} onClick={() => void act(() => reopen.run({ id, text }))}>
              {t('services.complaint.reopen')}
            </Button>
          </div>
        ) : (
          <>
            <div>
              <Checkbox checked={isAnswered} onChange={(event) => kept.change({ isAnswered: event.target.checked })}>
                {t('services.complaint.answered')}
              </Checkbox>
              <Button
                loading={step.isRunning}
                onClick={() => void act(() => step.run({ id, state: isAnswered ? 'answered' : 'open', text }))}
              >
                {t('services.complaint.addStep')}
              </Button>
            </div>
            <div>
              <Select
                aria-label={t('services.complaint.outcome')}
                style={{ minWidth: '12rem' }}
                value={outcome}
                options={complaintOutcomes.map((value) => ({ value, label: t(`services.outcomes.${value}`) }))}
                onChange={(value) => kept.change({ outcome: value })}
              />
              <Button loading={close.isRunning} onClick={() => void act(() => close.run({ id, outcome, text }))}>
                {t('services.complaint.close')}
              </Button>
            </div>
          </>
        )}
      </div>
    </DetailSection>
  );
}

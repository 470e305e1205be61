/** 已补税/未退税证明: the request drafted from a return or an export line, its repayment, its way to customs. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type CertificateState, certificateStates, needsReason } from '../../../shared/returns/certificate.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { useCodeNames } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { moneyAccounts, searchAccounts, useAccountName, useAccounts } from '../ledger/lookups.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useFile } from '../risk/use-file.tsx';
import '../purchases/purchases.css';

type Row = RowOf<'returnCertificates.list'>;
type Known = OutputOf<'returnCertificates.get'>;
type Start = OutputOf<'returnCertificates.start'>;
const tones = {
  draft: 'draft',
  handedIn: 'waiting',
  obtained: 'accepted',
  used: 'accepted',
  void: 'draft',
} as const;
const shownStates = ['all', ...certificateStates] as const;
const reasons = ['returned', 'unsold', 'other'] as const;

export function Certificates({ chips, params }: { readonly chips: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const state = shownStates.find((one) => one === textParam(params, 'state')) ?? 'all';
  const text = textParam(params, 'text') ?? '';
  const returnId = numberParam(params, 'return');
  const lineId = numberParam(params, 'line');
  const pages = usePages(
    'returnCertificates.list',
    { ...(state === 'all' ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['returns', 'tax'] },
  );
  const file = useFile('returnCertificates.export');
  const at = numberParam(params, 'at');
  const isNew = textParam(params, 'new') === '1' || returnId !== undefined || lineId !== undefined;
  const title = t('goodsReturns.certificate.title');
  const add = (): void => {
    set({ new: '1', at: '' });
    focusDetail('#certificate-line');
  };
  const choose = (id: number): void => set({ at: id, new: '', return: '', line: '' });
  useKeys([
    { key: 'Ctrl+N', label: t('goodsReturns.certificate.add'), run: add, isMain: true },
    { key: 'Enter', label: t('goodsReturns.certificate.open'), isMain: true },
    { key: 'Ctrl+E', label: t('goodsReturns.certificate.export'), run: () => void file.write(title, {}) },
  ]);
  const counts = pages.first?.counts;
  const columns: readonly Column<Row>[] = [
    {
      id: 'number',
      title: t('goodsReturns.certificate.number'),
      width: 108,
      render: (row) => <Code>{row.number}</Code>,
    },
    {
      id: 'state',
      title: t('goodsReturns.certificate.state'),
      width: 104,
      render: (row) => <ToneTag tone={tones[row.state]} label={t(`goodsReturns.certificate.states.${row.state}`)} />,
    },
    {
      id: 'kind',
      title: t('goodsReturns.certificate.kind'),
      width: 64,
      render: (row) => t(`goodsReturns.certificate.kinds.${row.kind}`),
    },
    { id: 'name', title: t('goodsReturns.goods'), render: (row) => <span title={row.name}>{row.name}</span> },
    {
      id: 'line',
      title: t('goodsReturns.line'),
      width: 196,
      render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
    },
    { id: 'qty', title: t('goodsReturns.qty'), width: 52, align: 'right', render: (row) => row.qty },
  ];
  return (
    <Page
      title={title}
      summary={t('goodsReturns.certificate.summary')}
      actions={
        <>
          <KeyButton
            label={t('goodsReturns.certificate.export')}
            keys="Ctrl+E"
            isBusy={file.isRunning}
            onPress={() => void file.write(title, {})}
          />
          <KeyButton kind="primary" label={t('goodsReturns.certificate.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
      filters={
        <>
          {chips}
          <Chips<(typeof shownStates)[number]>
            label={t('goodsReturns.certificate.state')}
            value={state}
            onChange={(value) => set({ state: value === 'all' ? '' : value, at: '' })}
            chips={shownStates.map((value) => ({
              value,
              label: value === 'all' ? t('goodsReturns.all') : t(`goodsReturns.certificate.states.${value}`),
              count: value === 'all' ? undefined : counts?.find((one) => one.state === value)?.count,
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('goodsReturns.certificate.search')}
            keyLabel={t('goodsReturns.certificate.search')}
          />
        </>
      }
    >
      {file.notice}
      <Split
        ratio="even"
        list={
          <DataTable<Row>
            label={title}
            autoFocus={!isNew}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={isNew ? undefined : at}
            rowTone={(row) => (row.state === 'void' ? 'muted' : undefined)}
            onActivate={({ id }) => choose(id)}
            onOpen={({ id }) => {
              choose(id);
              focusDetail('#certificate-qty');
            }}
            empty={
              text !== '' || state !== 'all' ? (
                <EmptyState
                  title={t('goodsReturns.certificate.noMatch')}
                  hint={t('goodsReturns.certificate.noMatchHint')}
                />
              ) : (
                <EmptyState
                  title={t('goodsReturns.certificate.empty')}
                  hint={t('goodsReturns.certificate.emptyHint')}
                  actions={<Button onClick={add}>{t('goodsReturns.certificate.add')}</Button>}
                />
              )
            }
          />
        }
        detail={
          isNew ? (
            <NewCertificate
              key={`${returnId ?? ''} ${lineId ?? ''}`}
              from={
                returnId === undefined ? (lineId === undefined ? undefined : { exportLineId: lineId }) : { returnId }
              }
              onSaved={choose}
              onClose={() => set({ new: '', return: '', line: '' })}
            />
          ) : at === undefined ? (
            <DetailPlaceholder text={t('goodsReturns.certificate.choose')} />
          ) : (
            <KnownCertificate key={at} id={at} onClose={() => set({ at: '' })} />
          )
        }
      />
    </Page>
  );
}

/** Chosen by its line first: what is left of it and its figures come from the book. */
function NewCertificate({
  from,
  onSaved,
  onClose,
}: {
  readonly from: { readonly exportLineId: number } | { readonly returnId: number } | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [lineId, setLine] = useState<number>();
  const asked = from ?? (lineId === undefined ? null : { exportLineId: lineId });
  const start = useQuery('returnCertificates.start', asked, { areas: ['returns', 'tax'] });
  if (start.error !== undefined) return <ErrorNote error={start.error} onRetry={start.reload} />;
  if (asked !== null && start.data !== undefined)
    return (
      <CertificateForm
        key={`${start.data.exportLineId} ${start.data.returnId ?? ''}`}
        start={start.data}
        onSaved={onSaved}
        onClose={onClose}
      />
    );
  const search = async (text: string) => {
    const { rows } = await call('exportLines.list', { limit: 9, ...(text === '' ? {} : { text }) });
    return rows.map((row) => ({
      code: String(row.id),
      name: `${row.declarationNo}-${row.lineNo} ${row.name} ${row.exportDate}`,
    }));
  };
  return (
    <FormPane
      title={t('goodsReturns.certificate.add')}
      error={undefined}
      canSave={false}
      isBusy={false}
      onSave={async () => undefined}
      onClose={onClose}
    >
      <div className="purchase-form">
        <Field
          id="certificate-line"
          label={t('goodsReturns.certificate.line')}
          hint={t('goodsReturns.certificate.lineHint')}
          isRequired
          isWide
        >
          <ChoiceBox
            id="certificate-line"
            hidesCode
            shown=""
            search={search}
            onTake={(choice) => setLine(choice === undefined ? undefined : Number(choice.code))}
          />
        </Field>
      </div>
    </FormPane>
  );
}

function KnownCertificate({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('returnCertificates.get', { id }, { areas: ['returns', 'tax'] });
  if (data === undefined)
    return error === undefined ? (
      <DetailPlaceholder text={t('goodsReturns.certificate.choose')} />
    ) : (
      <ErrorNote error={error} onRetry={reload} />
    );
  return <CertificateForm key={data.state} known={data} onSaved={reload} onClose={onClose} />;
}

function CertificateForm({
  known,
  start,
  onSaved,
  onClose,
}: {
  readonly known?: Known;
  readonly start?: Start;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const begin = {
    qty: known?.qty ?? start?.qty ?? '',
    reason: known?.reason ?? start?.reason ?? reasons[0],
    returnedOn: known?.returnedOn ?? start?.returnedOn ?? '',
    repayWay: known?.repayWay ?? ('payment' as const),
    repaidOn: known?.repaidOn ?? '',
    repaidCny: known?.repaidCny ?? '',
    repayPaper: known?.repayPaper ?? '',
    repayAccount: known?.repayAccount ?? '1002',
    importDeclarationNo: known?.importDeclarationNo ?? '',
    note: known?.note ?? '',
  };
  const exportLineId = known?.exportLineId ?? start?.exportLineId ?? 0;
  const returnId = known?.returnId ?? start?.returnId;
  const form = useFormDraft(
    known === undefined ? `certificate of ${exportLineId} ${returnId ?? ''}` : `certificate ${known.id}`,
    begin,
    known === undefined ? '' : JSON.stringify(begin),
  );
  const { value: draft, change } = form;
  const chart = useAccounts();
  const accountName = useAccountName(chart);
  const save = useCommand('returnCertificates.save');
  const refused = useFieldErrors(save.error);
  const file = useFile('returnCertificates.print');
  const figures = known?.figures ?? start?.figures;
  const isOpen = known === undefined || known.state === 'draft';
  const isReady = /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/.test(draft.qty);
  const print = (): void => {
    if (known !== undefined)
      void file.write(`${t('goodsReturns.certificate.title')} ${known.number}`, { id: known.id });
  };
  useKeys([{ key: 'F9', label: t('goodsReturns.certificate.print'), run: print, isEnabled: known !== undefined }]);
  const store = async () => {
    const { returnedOn, repaidOn, repaidCny, ...of } = draft;
    const done = await save.run({
      ...of,
      exportLineId,
      ...(returnId === undefined ? {} : { returnId }),
      ...(known === undefined ? {} : { id: known.id }),
      returnedOn: returnedOn === '' ? null : returnedOn,
      repaidOn: repaidOn === '' ? null : repaidOn,
      repaidCny: repaidCny === '' ? null : repaidCny,
    });
    if (done !== undefined) form.done();
    return done;
  };
  const submit = async (): Promise<void> => {
    const done = await store();
    if (done === undefined) return;
    notify(t('goodsReturns.certificate.saved', { number: done.number }));
    onSaved(done.id);
  };
  /** What is handed in is what stands in the form: saved first where it differs. */
  const isDirty = JSON.stringify(draft) !== JSON.stringify(begin);
  const beforeHandIn = async (): Promise<boolean> => !isOpen || !isDirty || (await store()) !== undefined;
  const text = (name: 'repayPaper' | 'importDeclarationNo' | 'note', length: number, isWide = false) => (
    <Field
      id={`certificate-${name}`}
      label={t(`goodsReturns.certificate.${name}`)}
      isWide={isWide}
      error={refused(name)}
    >
      <Input
        id={`certificate-${name}`}
        autoComplete="off"
        value={draft[name]}
        disabled={!isOpen}
        maxLength={length}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const day = (name: 'returnedOn' | 'repaidOn', hint?: string) => (
    <Field
      id={`certificate-${name}`}
      label={t(`goodsReturns.certificate.${name}`)}
      error={refused(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <DateInput
        id={`certificate-${name}`}
        value={draft[name]}
        isDisabled={!isOpen}
        onChange={(value) => change({ [name]: value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={known?.number ?? t('goodsReturns.certificate.add')}
      isCode={known !== undefined}
      tags={
        known === undefined ? undefined : (
          <ToneTag tone={tones[known.state]} label={t(`goodsReturns.certificate.states.${known.state}`)} />
        )
      }
      error={save.error}
      onClearError={save.clear}
      canSave={isOpen && isReady}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
      foot={
        known === undefined ? undefined : (
          <KeyButton label={t('goodsReturns.certificate.print')} keys="F9" isBusy={file.isRunning} onPress={print} />
        )
      }
    >
      <RestoredNote draft={form} />
      {file.notice}
      <Facts
        columns={1}
        rows={[
          [
            t('goodsReturns.certificate.line'),
            known === undefined ? (start?.label ?? '') : `${known.declarationNo}-${known.lineNo} ${known.name}`,
          ],
        ]}
      />
      {known === undefined ? null : (
        <Course key={`course ${known.state}`} known={known} beforeHandIn={beforeHandIn} onMoved={onSaved} />
      )}
      <div className="purchase-form">
        <Field
          id="certificate-qty"
          label={t('goodsReturns.certificate.qty')}
          isRequired
          error={refused('qty')}
          {...(start === undefined
            ? {}
            : { hint: t('goodsReturns.certificate.leftOf', { out: start.out, left: start.left }) })}
        >
          <NumericInput
            id="certificate-qty"
            value={draft.qty}
            isDisabled={!isOpen}
            onChange={(qty) => change({ qty })}
          />
        </Field>
        <Field id="certificate-reason" label={t('goodsReturns.certificate.reason')}>
          <Select
            id="certificate-reason"
            value={draft.reason}
            disabled={!isOpen}
            options={reasons.map((value) => ({ value, label: t(`returns.reasonOf.${value}`) }))}
            onChange={(reason) => change({ reason })}
          />
        </Field>
        {day('returnedOn', t('goodsReturns.certificate.returnedHint'))}
        {text('importDeclarationNo', 30)}
      </div>
      {figures?.isRefunded === true ? (
        <DetailSection title={t('goodsReturns.certificate.repay')}>
          <p className="panel-pad muted">
            {figures.toRepayCny === undefined
              ? t('goodsReturns.certificate.toRepayUnknown')
              : t('goodsReturns.certificate.toRepay', { amount: formatAmount(figures.toRepayCny, 2) })}
          </p>
          <div className="purchase-form">
            <Field id="certificate-repayWay" label={t('goodsReturns.certificate.repayWay')}>
              <Select
                id="certificate-repayWay"
                value={draft.repayWay}
                disabled={!isOpen}
                options={(['payment', 'offset'] as const).map((value) => ({
                  value,
                  label: t(`goodsReturns.certificate.ways.${value}`),
                }))}
                onChange={(repayWay) => change({ repayWay })}
              />
            </Field>
            {day('repaidOn')}
            <Field
              id="certificate-repaidCny"
              label={t('goodsReturns.certificate.repaidCny')}
              error={refused('repaidCny')}
            >
              <NumericInput
                id="certificate-repaidCny"
                decimals={2}
                value={draft.repaidCny}
                isDisabled={!isOpen}
                onChange={(repaidCny) => change({ repaidCny })}
              />
            </Field>
            {text('repayPaper', 60)}
            {draft.repayWay === 'payment' ? (
              <Field
                id="certificate-repayAccount"
                label={t('goodsReturns.certificate.repayAccount')}
                error={refused('repayAccount')}
              >
                <ChoiceBox
                  id="certificate-repayAccount"
                  shown={accountName(draft.repayAccount)}
                  isDisabled={!isOpen}
                  search={(typed) => searchAccounts(chart, typed, moneyAccounts)}
                  onTake={(choice) => change({ repayAccount: choice?.code ?? '' })}
                />
              </Field>
            ) : null}
          </div>
        </DetailSection>
      ) : null}
      <div className="purchase-form">{text('note', 500, true)}</div>
      {figures === undefined ? null : <FormFigures figures={figures} known={known} />}
      {known === undefined ? null : <PapersOf subjectKind="return-certificate" subjectId={known.number} />}
    </FormPane>
  );
}

/** What the book says for the form, and what is not known of the form. */
function FormFigures({ figures, known }: { readonly figures: Start['figures']; readonly known: Known | undefined }) {
  const { t } = useTranslation();
  const isChinese = useView((view) => view.language) !== 'en';
  const unitName = useCodeNames('unit', known === undefined ? [] : [known.unit]);
  const yuan = (text: string | undefined): string => (text === undefined ? '–' : formatAmount(text, 2));
  return (
    <DetailSection title={t('goodsReturns.certificate.figures')}>
      <Facts
        columns={1}
        rows={[
          ...(known === undefined
            ? []
            : ([
                [
                  t('goodsReturns.certificate.goods'),
                  `${known.hsCode} · ${known.exportDate} · ${known.mode} · ${t('goodsReturns.ofOut', {
                    qty: known.qty,
                    out: known.out,
                    unit: unitName(known.unit) ?? known.unit,
                  })}`,
                ],
              ] as const)),
          [t('goodsReturns.certificate.base'), yuan(figures.baseCny)],
          [t('goodsReturns.certificate.backBase'), yuan(figures.backBaseCny)],
          [t('goodsReturns.certificate.rates'), figures.rates.join(' · ') || '–'],
          [t('goodsReturns.certificate.invoices'), figures.invoices.join(' · ') || '–'],
          ...(figures.isRefunded
            ? ([
                [t('goodsReturns.certificate.claim'), `${figures.claimedPeriod ?? ''} / ${figures.claimBatch ?? ''}`],
                [t('goodsReturns.certificate.refund'), yuan(figures.refundCny)],
                [t('goodsReturns.certificate.toRepayCny'), yuan(figures.toRepayCny)],
              ] as const)
            : ([[t('goodsReturns.certificate.refund'), t('goodsReturns.certificate.notRefunded')]] as const)),
          ...(figures.lastDay === undefined
            ? []
            : ([[t('goodsReturns.certificate.lastDay'), figures.lastDay]] as const)),
        ]}
      />
      {figures.isRefunded ? null : <p className="draft-note">{t('goodsReturns.certificate.claimLess')}</p>}
      {known === undefined ? null : (
        <p className="draft-note">
          {[
            t('goodsReturns.certificate.form', { form: isChinese ? known.form.zh : known.form.en }),
            ...(known.form.isElectronic === true ? [t('goodsReturns.certificate.electronic')] : []),
            isChinese ? known.form.unknownZh : known.form.unknownEn,
            t('goodsReturns.certificate.source', { source: known.form.source }),
          ].join(' · ')}
        </p>
      )}
    </DetailSection>
  );
}

/** Where it stands, what is missing, and its next step. */
function Course({
  known,
  beforeHandIn,
  onMoved,
}: {
  readonly known: Known;
  /** Saves what was changed in the form; false: it was refused. */
  readonly beforeHandIn: () => Promise<boolean>;
  readonly onMoved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const move = useCommand('returnCertificates.move');
  const refused = useFieldErrors(move.error);
  const form = useFormDraft(
    `certificate step ${known.id}`,
    {
      to: (known.next[0] ?? 'void') as CertificateState,
      on: localDate(),
      certificateNo: '',
      usedIn: known.importDeclarationNo,
      reason: '',
    },
    known.state,
  );
  const { to, on, certificateNo, usedIn, reason } = form.value;
  const { change } = form;
  const isBack = needsReason(known.state, to);
  const wantsNumber = to === 'obtained' && known.state === 'handedIn';
  const isReady =
    /^\d{4}-\d{2}-\d{2}$/.test(on) &&
    (!isBack || reason.trim() !== '') &&
    (!wantsNumber || certificateNo.trim() !== '');
  const submit = async (): Promise<void> => {
    if (to === 'handedIn' && !(await beforeHandIn())) return;
    const done = await move.run({
      id: known.id,
      to,
      on,
      reason,
      ...(wantsNumber ? { certificateNo } : {}),
      ...(to === 'used' ? { importDeclarationNo: usedIn } : {}),
    });
    if (done === undefined) return;
    form.done();
    notify(
      t('goodsReturns.certificate.moved', { number: known.number, state: t(`goodsReturns.certificate.states.${to}`) }),
    );
    onMoved(known.id);
  };
  const steps = [
    ...(known.handedOn === null ? [] : [`${t('goodsReturns.certificate.handedOn')} ${known.handedOn}`]),
    ...(known.obtainedOn === null
      ? []
      : [`${t('goodsReturns.certificate.obtainedOn')} ${known.obtainedOn} (${known.certificateNo})`]),
    ...(known.usedOn === null
      ? []
      : [`${t('goodsReturns.certificate.usedOn')} ${known.usedOn} ${known.importDeclarationNo}`.trim()]),
    ...(known.voidReason === '' ? [] : [known.voidReason]),
  ];
  return (
    <DetailSection title={t('goodsReturns.certificate.step')}>
      {steps.length === 0 ? null : (
        <p className="panel-pad" title={t('goodsReturns.certificate.course')}>
          {steps.join(' → ')}
        </p>
      )}
      {known.state !== 'draft' ? null : (
        <p className="panel-pad">
          {known.gaps.length === 0 ? (
            <ToneTag tone="accepted" label={t('goodsReturns.certificate.ready')} />
          ) : (
            <>
              <ToneTag tone="action" label={t('goodsReturns.certificate.missing')} />{' '}
              {known.gaps.map((gap) => t(`goodsReturns.certificate.gaps.${gap}`)).join(' · ')}
            </>
          )}
        </p>
      )}
      {known.next.length === 0 ? null : (
        <>
          <RestoredNote draft={form} />
          <div className="purchase-form">
            <Field id="certificate-to" label={t('goodsReturns.certificate.to')} error={refused('to')}>
              <Select
                id="certificate-to"
                value={to}
                options={known.next.map((value) => ({ value, label: t(`goodsReturns.certificate.states.${value}`) }))}
                onChange={(value) => change({ to: value })}
              />
            </Field>
            <Field id="certificate-on" label={t('goodsReturns.certificate.on')} error={refused('on')}>
              <DateInput id="certificate-on" value={on} onChange={(value) => change({ on: value })} />
            </Field>
            {wantsNumber ? (
              <Field
                id="certificate-certificateNo"
                label={t('goodsReturns.certificate.certificateNo')}
                isRequired
                error={refused('certificateNo')}
              >
                <Input
                  id="certificate-certificateNo"
                  className="code"
                  value={certificateNo}
                  maxLength={60}
                  onChange={(event) => change({ certificateNo: event.target.value })}
                />
              </Field>
            ) : null}
            {to === 'used' ? (
              <Field id="certificate-usedIn" label={t('goodsReturns.certificate.importDeclarationNo')}>
                <Input
                  id="certificate-usedIn"
                  className="code"
                  value={usedIn}
                  maxLength={30}
                  onChange={(event) => change({ usedIn: event.target.value })}
                />
              </Field>
            ) : null}
            {isBack ? (
              <Field
                id="certificate-why"
                label={t('goodsReturns.certificate.why')}
                isRequired
                error={refused('reason')}
              >
                <Input
                  id="certificate-why"
                  value={reason}
                  maxLength={500}
                  onChange={(event) => change({ reason: event.target.value })}
                />
              </Field>
            ) : null}
          </div>
          {move.error === undefined ? null : (
            <div className="panel-pad">
              <ErrorNote error={move.error} isInline />
            </div>
          )}
          <div className="card-actions panel-pad">
            <Button disabled={!isReady} loading={move.isRunning} onClick={() => void submit()}>
              {t('goodsReturns.certificate.move')}
            </Button>
          </div>
        </>
      )}
    </DetailSection>
  );
}

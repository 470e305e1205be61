/** One source document (原始单据): its fields, the rule that posts it, and the vouchers that came of it. */
import { Button, Checkbox, Input, Select } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import { type Control, Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { importTaxKinds, type SourceDocumentInput } from '../../../shared/contract/accounting.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, openTarget } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft, useHookFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import {
  blankDocument,
  type DocumentField,
  type DocumentKind,
  type DocumentValues,
  documentOf,
  type FormKind,
  fieldsOfKind,
  inputOfField,
  valuesOfBody,
} from './document-fields.ts';
import { edited, type History, redone, startHistory, undone } from './history.ts';
import {
  type Chart,
  moneyAccounts,
  searchAccounts,
  searchCurrencies,
  searchOrders,
  searchParties,
  searchShipments,
  useAccountName,
  useAccounts,
} from './lookups.ts';
import { useRuleWords } from './RulesTab.tsx';
import { type GridCell, VoucherGrid } from './VoucherGrid.tsx';
import { blankVoucher, type EntryVoucher, inputOf, isEmpty, totalsOf, voucherOfBody } from './voucher-model.ts';

export type SourceDocument = OutputOf<'sourceDocuments.get'>;

interface Props {
  readonly kind: DocumentKind;
  /** Undefined for a new one. */
  readonly document: SourceDocument | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}

const stateTone = { posted: 'accepted', waiting: 'action', void: 'draft' } as const;

export function DocumentState({ state }: { readonly state: SourceDocument['state'] }) {
  const { t } = useTranslation();
  return <ToneTag tone={stateTone[state]} label={t(`ledger.documentState.${state}`)} />;
}

/** The posting rule that will post the kind, with its accounts. */
function RuleOf({ kind, date }: { readonly kind: DocumentKind; readonly date: string }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const words = useRuleWords();
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const rules = useQuery('postingRules.list', isDate ? { date } : null);
  const found = rules.data?.rows.filter((rule) => rule.event === kind || rule.event.endsWith(`.${kind}`)) ?? [];
  if (kind === 'opening') return null;
  return (
    <DetailSection title={t('ledger.ruleOf')}>
      <ErrorNote error={rules.error} onRetry={rules.reload} isInline />
      {rules.data !== undefined && found.length === 0 ? <p className="muted">{t('ledger.noRuleOf')}</p> : null}
      {found.map((rule) => (
        <div key={rule.id} className="rule-lines">
          <strong>{language === 'en' ? rule.titleEn : rule.titleZh}</strong>
          <ul>
            {rule.lines.map((line) => (
              <li key={`${line.side} ${line.account} ${line.amount} ${line.when ?? ''}`}>
                <span className="rule-side">{t(`ledger.side.${line.side}`)}</span>
                {words.account(line)} <span className="muted">{words.when(line)}</span>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </DetailSection>
  );
}

/** What a stored document has led to: its vouchers, with the reversal and the repost after a change. */
function Outcome({ document }: { readonly document: SourceDocument }) {
  const { t } = useTranslation();
  return (
    <DetailSection title={t('ledger.outcome')}>
      {document.state === 'waiting' ? (
        <p className="rule-waiting">
          <ToneTag tone="action" label={t(`ledger.waiting.${document.reason}`, { defaultValue: document.reason })} />{' '}
          {document.reason === 'rate' ? (
            <button
              type="button"
              className="link"
              onClick={() => navigate('ledger', { tab: 'rates', currency: document.currency })}
            >
              {t('ledger.setRates')}
            </button>
          ) : document.reason === 'period' ? (
            <button
              type="button"
              className="link"
              onClick={() => navigate('ledger', { tab: 'periods', period: document.date.slice(0, 7) })}
            >
              {t('ledger.tab.periods')}
            </button>
          ) : null}
        </p>
      ) : null}
      {document.vouchers.length === 0 ? <p className="muted">{t('ledger.noVoucherYet')}</p> : null}
      <ul className="voucher-sources">
        {document.vouchers.map((voucher) => (
          <li key={voucher.id}>
            <button type="button" className="link" onClick={() => openTarget(`voucher/${voucher.id}`)}>
              <Code>{voucher.label}</Code>
            </button>{' '}
            <Amount value={voucher.debitCny} currency="CNY" />{' '}
            {voucher.reverses !== undefined ? (
              <span className="muted">{t('ledger.reversesLabel', { label: voucher.reverses.label })}</span>
            ) : voucher.reversedBy !== undefined ? (
              <span className="muted">{t('ledger.reversedByLabel', { label: voucher.reversedBy.label })}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </DetailSection>
  );
}

function Void({ document, onDone }: { readonly document: SourceDocument; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const run = useCommand('sourceDocuments.void');
  if (!isAsking)
    return (
      <Button danger onClick={() => setAsking(true)}>
        {t('ledger.void')}
      </Button>
    );
  return (
    <span className="confirm-inline is-danger">
      <Input
        autoFocus
        className="confirm-name"
        aria-label={t('ledger.reason')}
        placeholder={t('ledger.reason')}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <Button
        danger
        size="small"
        type="primary"
        disabled={reason.trim() === ''}
        loading={run.isRunning}
        onClick={() =>
          void run.run({ id: document.id, reason: reason.trim() }).then((done) => {
            if (done !== undefined) onDone();
          })
        }
      >
        {t('ledger.voidNow')}
      </Button>
      <Button size="small" onClick={() => setAsking(false)}>
        {t('common.cancel')}
      </Button>
      <ErrorNote error={run.error} isInline />
    </span>
  );
}

export function DocumentForm(props: Props) {
  const { kind } = props;
  if (kind === 'payout') return <PayoutMonth {...props} />;
  return kind === 'opening' ? <OpeningForm {...props} /> : <FieldsForm {...props} kind={kind} />;
}

/** A month of a payout is made from the payout: it is read here and changed there. */
function PayoutMonth({ document, onClose }: Props) {
  const { t } = useTranslation();
  useKeys([{ key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() }]);
  if (document === undefined) return <EmptyState title={t('ledger.payoutImported')} hint={t('ledger.payoutHint')} />;
  return (
    <DetailPane
      title={document.number}
      isCode
      tags={<DocumentState state={document.state} />}
      foot={
        <>
          <Amount value={document.amount} currency={document.currency} />
          <span className="spacer" />
          <Button type="primary" onClick={() => openTarget(`payouts?id=${String(document.body['payoutId'] ?? '')}`)}>
            {t('ledger.openPayout')}
          </Button>
        </>
      }
    >
      <p className="panel-pad muted">{t('ledger.payoutHint')}</p>
      <Outcome document={document} />
      <RuleOf kind="payout" date={document.date} />
    </DetailPane>
  );
}

/** The frame both forms share: save and void, what the rule is, what came of it. */
function Frame({
  kind,
  document,
  date,
  isSaving,
  onSave,
  onSaved,
  onClose,
  children,
}: {
  readonly kind: DocumentKind;
  readonly document: SourceDocument | undefined;
  readonly date: string;
  readonly isSaving: boolean;
  readonly onSave: () => void;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const { t } = useTranslation();
  const isVoid = document?.state === 'void';
  useKeys([
    { key: 'Ctrl+Enter', label: t('ledger.saveDocument'), run: onSave, isEnabled: !isVoid && !isSaving, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  return (
    <DetailPane
      title={document?.number ?? t('ledger.newDocument', { kind: t(`ledger.kind.${kind}`) })}
      isCode={document !== undefined}
      tags={
        document === undefined ? null : (
          <>
            <span>{t(`ledger.kind.${kind}`)}</span>
            <DocumentState state={document.state} />
          </>
        )
      }
      extra={
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      }
      foot={
        isVoid ? undefined : (
          <>
            {document === undefined ? null : <Void document={document} onDone={() => onSaved(document.id)} />}
            <span className="spacer" />
            <KeyButton
              kind="primary"
              label={t(document === undefined ? 'ledger.saveDocument' : 'ledger.changeDocument')}
              keys="Ctrl+Enter"
              isBusy={isSaving}
              onPress={onSave}
            />
          </>
        )
      }
    >
      {document === undefined ? null : <Outcome document={document} />}
      {document?.state === 'posted' ? <p className="muted ledger-note">{t('ledger.changeHint')}</p> : null}
      {children}
      <RuleOf kind={kind} date={date} />
    </DetailPane>
  );
}

function FieldsForm({ kind, document, onSaved, onClose }: Props & { readonly kind: FormKind }) {
  const { t } = useTranslation();
  const chart = useAccounts();
  const start =
    document === undefined
      ? blankDocument(kind, localDate())
      : valuesOfBody(kind, { date: document.date, ...document.body }, document.party ?? '');
  const form = useForm<DocumentValues>({ defaultValues: start });
  const draft = useHookFormDraft(
    form,
    `source document ${kind} ${document?.id ?? 'new'}`,
    start,
    JSON.stringify(document?.body ?? null),
  );
  const save = useCommand('sourceDocuments.save');
  const values = form.watch();
  const submit = async (): Promise<void> => {
    // A date or lookup still being typed is taken over when its field is left; a key leaves no field.
    if (window.document.activeElement instanceof HTMLElement) window.document.activeElement.blur();
    await new Promise((resolve) => requestAnimationFrame(resolve));
    form.clearErrors();
    const { document: made, wrong } = documentOf(kind, form.getValues());
    if (made === undefined) {
      for (const field of wrong) form.setError(field, { message: t(`ledger.wrong.${inputOfField(field).kind}`) });
      window.document.getElementById(`document-${wrong[0] ?? 'date'}`)?.focus();
      return;
    }
    await store(made);
  };
  const store = async (made: SourceDocumentInput): Promise<void> => {
    const done = await save.run({ ...(document === undefined ? {} : { id: document.id }), document: made });
    if (done === undefined) return;
    draft.done();
    notify(
      done.state === 'posted'
        ? t('ledger.documentPosted', { count: done.voucherIds.length })
        : t('ledger.documentWaits', { reason: t(`ledger.waiting.${done.reason}`, { defaultValue: done.reason }) }),
    );
    onSaved(done.id);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <Frame
      kind={kind}
      document={document}
      date={values.date}
      isSaving={save.isRunning}
      onSave={() => void submit()}
      onSaved={onSaved}
      onClose={onClose}
    >
      <RestoredNote draft={draft} />
      <ErrorNote error={save.error} onClose={save.clear} />
      <form
        className="form-grid ledger-form"
        onKeyDown={onKeyDown}
        onKeyDownCapture={captureCtrlEnter(() => void submit())}
        onSubmit={(event) => event.preventDefault()}
      >
        {fieldsOfKind(kind, values).map((field) => (
          <DocumentFieldRow
            key={field}
            field={field}
            control={form.control}
            chart={chart}
            error={form.formState.errors[field]?.message}
            party={values.party}
            onParty={(name) => form.setValue('party', name)}
          />
        ))}
      </form>
    </Frame>
  );
}

function DocumentFieldRow({
  field,
  control,
  chart,
  error,
  party,
  onParty,
}: {
  readonly field: DocumentField;
  readonly control: Control<DocumentValues>;
  readonly chart: Chart;
  readonly error: string | undefined;
  readonly party: string;
  readonly onParty: (name: string) => void;
}) {
  const { t } = useTranslation();
  const nameOf = useAccountName(chart);
  const id = `document-${field}`;
  const label = t(`ledger.field.${field}`);
  const input = inputOfField(field);
  const isInvalid = error !== undefined;
  return (
    <Controller
      control={control}
      name={field}
      render={({ field: { value, onChange } }) => {
        const text = typeof value === 'string' ? value : '';
        const control = (): ReactNode => {
          switch (input.kind) {
            case 'date':
              return <DateInput id={id} value={text} onChange={onChange} />;
            case 'amount':
              return <NumericInput id={id} decimals={4} value={text} isInvalid={isInvalid} onChange={onChange} />;
            case 'flag':
              return (
                <Checkbox id={id} checked={value === true} onChange={(event) => onChange(event.target.checked)}>
                  {t(`ledger.flag.${field}`)}
                </Checkbox>
              );
            case 'choice':
              return (
                <Select
                  id={id}
                  aria-label={label}
                  value={text}
                  onChange={onChange}
                  options={input.values.map((one) => ({ value: one, label: t(`ledger.choice.${field}.${one}`) }))}
                />
              );
            case 'currency':
              return (
                <ChoiceBox
                  id={id}
                  shown={text}
                  isInvalid={isInvalid}
                  search={searchCurrencies}
                  onTake={(choice) => onChange(choice?.code ?? '')}
                />
              );
            case 'account':
              return (
                <ChoiceBox
                  id={id}
                  shown={text === '' ? '' : nameOf(text)}
                  isInvalid={isInvalid}
                  search={(typed) => searchAccounts(chart, typed, moneyAccounts)}
                  onTake={(choice) => onChange(choice?.code ?? '')}
                />
              );
            case 'party':
              return (
                <ChoiceBox
                  id={id}
                  hidesCode
                  shown={party}
                  search={searchParties}
                  onTake={(choice) => {
                    onChange(choice?.code ?? '');
                    onParty(choice?.name ?? '');
                  }}
                />
              );
            case 'order':
              return (
                <ChoiceBox
                  id={id}
                  shown={text}
                  search={searchOrders}
                  onTake={(choice) => onChange(choice?.code ?? '')}
                />
              );
            case 'shipment':
              return (
                <ChoiceBox
                  id={id}
                  shown={text}
                  search={searchShipments}
                  onTake={(choice) => onChange(choice?.code ?? '')}
                />
              );
            case 'taxes':
              return (
                <TaxRows value={Array.isArray(value) ? (value as DocumentValues['taxes']) : []} onChange={onChange} />
              );
            case 'text':
              return (
                <Input
                  id={id}
                  value={text}
                  autoComplete="off"
                  maxLength={field === 'text' ? 200 : 100}
                  status={isInvalid ? 'error' : ''}
                  onChange={(event) => onChange(event.target.value)}
                />
              );
          }
        };
        return (
          <Field
            id={id}
            label={input.kind === 'flag' ? '' : label}
            error={error}
            isWide={field === 'text' || field === 'taxes'}
            {...(field === 'reference' || field === 'cny' || field === 'invoiceNos'
              ? { hint: t(`ledger.hint.${field}`) }
              : {})}
          >
            {control()}
          </Field>
        );
      }}
    />
  );
}

function TaxRows({
  value,
  onChange,
}: {
  readonly value: DocumentValues['taxes'];
  readonly onChange: (taxes: DocumentValues['taxes']) => void;
}) {
  const { t } = useTranslation();
  const put = (at: number, change: Partial<DocumentValues['taxes'][number]>): void =>
    onChange(value.map((one, index) => (index === at ? { ...one, ...change } : one)));
  return (
    <div className="tax-rows">
      {value.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the paper
        <div key={at} className="tax-row">
          <Select
            aria-label={t('ledger.field.taxes')}
            value={one.tax}
            onChange={(tax) => put(at, { tax })}
            options={importTaxKinds.map((tax) => ({ value: tax, label: t(`ledger.choice.taxes.${tax}`) }))}
          />
          <NumericInput
            id={at === 0 ? 'document-taxes' : `document-taxes-${at}`}
            label={t('ledger.field.amount')}
            decimals={2}
            value={one.amount}
            unit="CNY"
            onChange={(amount) => put(at, { amount })}
          />
          <Button
            type="text"
            size="small"
            disabled={value.length === 1}
            onClick={() => onChange(value.filter((_, index) => index !== at))}
          >
            {t('common.delete')}
          </Button>
        </div>
      ))}
      <Button
        size="small"
        onClick={() =>
          onChange([
            ...value,
            { tax: importTaxKinds.find((tax) => value.every((one) => one.tax !== tax)) ?? 'duty', amount: '' },
          ])
        }
      >
        {t('ledger.addTax')}
      </Button>
    </div>
  );
}

/** 期初余额: debits and credits of the accounts, in the grid of vouchers. */
function OpeningForm({ kind, document, onSaved, onClose }: Props) {
  const { t } = useTranslation();
  const chart = useAccounts();
  const save = useCommand('sourceDocuments.save');
  const start = document === undefined ? blankVoucher(localDate()) : voucherOfOpening(document);
  const form = useFormDraft(
    `source document opening ${document?.id ?? 'new'}`,
    { voucher: start },
    JSON.stringify(document?.body ?? null),
  );
  const [history, setHistory] = useState<History<EntryVoucher>>(() => startHistory(form.value.voucher));
  const [cell, setCell] = useState<GridCell>();
  const voucher = history.now;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands in the grid is kept whenever it changes
  useEffect(() => {
    if (voucher !== form.value.voucher) form.change({ voucher });
  }, [voucher]);
  const change = (edit: (now: EntryVoucher) => EntryVoucher, place?: string): void =>
    setHistory((before) => edited(before, edit(before.now), place));
  const totals = totalsOf(voucher);
  useKeys([
    { key: 'Ctrl+Z', label: t('ledger.entry.key.undo'), run: () => setHistory(undone) },
    { key: 'Ctrl+Y', label: t('ledger.entry.key.redo'), run: () => setHistory(redone) },
  ]);
  const submit = async (): Promise<void> => {
    if (isEmpty(voucher)) {
      setCell({ at: 0, column: 'text' });
      return;
    }
    const { input } = inputOf(voucher);
    const done = await save.run({
      ...(document === undefined ? {} : { id: document.id }),
      document: { kind: 'opening', date: voucher.date, text: input.text ?? '', lines: input.lines },
    });
    if (done === undefined) return;
    form.done();
    onSaved(done.id);
  };
  const discard = (): void => {
    form.reset();
    setHistory(startHistory(start));
  };
  return (
    <Frame
      kind={kind}
      document={document}
      date={voucher.date}
      isSaving={save.isRunning}
      onSave={() => void submit()}
      onSaved={onSaved}
      onClose={onClose}
    >
      <RestoredNote draft={{ isRestored: form.isRestored, reset: discard }} />
      <ErrorNote error={save.error} onClose={save.clear} />
      <div className="ledger-form">
        <Field id="document-date" label={t('ledger.field.date')}>
          <DateInput
            id="document-date"
            value={voucher.date}
            onChange={(date) => change((now) => ({ ...now, date }), 'date')}
          />
        </Field>
      </div>
      <div className="opening-grid">
        <VoucherGrid
          voucher={voucher}
          chart={chart}
          cell={cell}
          onCell={setCell}
          onChange={change}
          problems={[]}
          onLeaveUp={() => setCell(undefined)}
          total={{ note: null, debit: totals.debit, credit: totals.credit }}
        />
      </div>
    </Frame>
  );
}

/** Stored opening lines are contract lines; the grid's own fields follow from them. */
function voucherOfOpening(document: SourceDocument): EntryVoucher {
  const lines = Array.isArray(document.body['lines']) ? document.body['lines'] : [];
  return voucherOfBody(
    {
      date: document.date,
      lines: lines.map((line: unknown) => {
        const of = (name: string): unknown => Reflect.get(Object(line), name);
        const side = of('credit') === undefined ? 'debit' : 'credit';
        const isForeign = of('currency') !== undefined && of('currency') !== 'CNY';
        return {
          ...Object(line),
          side,
          original: isForeign ? of(side) : '',
          cny: isForeign ? of('cny') : of(side),
          isCnyTyped: isForeign && of('cny') !== undefined,
          isRateTyped: of('rate') !== undefined,
        };
      }),
    },
    document.date,
  );
}

/** 汇率: CNY for one unit by kind and day, and the choice of the day's or the month's first rate (记账汇率). */
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type RateBasis, type RateKind, rateBases, rateKinds } from '../../../shared/ledger/postings.ts';
import { isCurrency } from '../../../shared/money/index.ts';
import { type RouteParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel, Split } from '../../components/Page.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Rate = RowOf<'rates.list'>;
const ALL = 'all';

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(new Date(`${text}T00:00:00Z`).getTime());
}

/** @param params `currency`, `date` and `kind` of the rate that something waits for: filled in for the user, and listed */
export function Rates({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const asked = {
    currency: textParam(params, 'currency') ?? '',
    date: textParam(params, 'date') ?? '',
    kind: rateKinds.find((one) => one === textParam(params, 'kind')),
  };
  const [kind, setKind] = useState<RateKind | typeof ALL>(asked.kind ?? ALL);
  const [wanted, setWanted] = useState(asked.currency);
  const pages = usePages(
    'rates.list',
    { ...(kind === ALL ? {} : { kind }), ...(isCurrency(wanted) ? { currency: wanted } : {}) },
    { areas: ['ledger', 'imports'] },
  );
  const columns = useMemo(
    (): readonly Column<Rate>[] => [
      { id: 'date', title: t('rates.column.date'), width: 110, render: (row) => row.date },
      { id: 'currency', title: t('rates.column.currency'), width: 70, render: (row) => <Code>{row.currency}</Code> },
      { id: 'kind', title: t('rates.column.kind'), width: 124, render: (row) => t(`rates.kind.${row.kind}`) },
      {
        id: 'rate',
        title: t('rates.column.rate'),
        width: 130,
        align: 'right',
        render: (row) => formatAmount(row.cnyPerUnit, 4),
      },
      { id: 'source', title: t('rates.column.source'), render: (row) => <span title={row.source}>{row.source}</span> },
    ],
    [t],
  );
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <Chips
          label={t('rates.column.kind')}
          value={kind}
          onChange={setKind}
          chips={([ALL, ...rateKinds] as const).map((value) => ({
            value,
            label: value === ALL ? t('common.all') : t(`rates.kind.${value}`),
          }))}
        />
        <Input
          className="code rate-filter"
          maxLength={3}
          placeholder={t('rates.column.currency')}
          aria-label={t('rates.column.currency')}
          value={wanted}
          onChange={(event) => setWanted(event.target.value.normalize('NFKC').toUpperCase())}
        />
      </div>
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('rates.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => `${row.kind} ${row.currency} ${row.date} ${row.source}`}
            empty={<EmptyState title={t('rates.empty')} hint={t('rates.emptyHint')} />}
          />
        }
        detail={
          <div className="card-stack">
            <RateForm asked={asked} onSaved={pages.reload} />
            <Basis />
          </div>
        }
      />
    </div>
  );
}

interface Asked {
  readonly currency: string;
  readonly date: string;
  readonly kind: RateKind | undefined;
}

function RateForm({ asked, onSaved }: { readonly asked: Asked; readonly onSaved: () => void }) {
  const { t } = useTranslation();
  const set = useCommand('rates.set');
  const form = useFormDraft(
    'rate',
    {
      kind: asked.kind ?? ('parity' as RateKind),
      currency: isCurrency(asked.currency) ? asked.currency : 'USD',
      date: isDate(asked.date) ? asked.date : localDate(),
      cnyPerUnit: '',
      source: '',
    },
    JSON.stringify(asked),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const wrong = {
    currency: isCurrency(draft.currency) && draft.currency !== 'CNY' ? undefined : t('rates.wrongCurrency'),
    date: isDate(draft.date) ? undefined : t('rates.wrongDate'),
    cnyPerUnit:
      /^\d{1,8}(\.\d{1,8})?$/.test(draft.cnyPerUnit) && !/^[0.]+$/.test(draft.cnyPerUnit)
        ? undefined
        : t('rates.wrongRate'),
    source: draft.source.trim() === '' ? t('rates.wrongSource') : undefined,
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    const [first] = Object.entries(wrong).filter(([, text]) => text !== undefined);
    if (first !== undefined) {
      document.getElementById(`rate-${first[0]}`)?.focus();
      return;
    }
    const done = await set.run({ ...draft, source: draft.source.trim() });
    if (done === undefined) return;
    notify(done.posted > 0 ? t('rates.posted', { count: done.posted }) : t('rates.saved'));
    setTried(false);
    change({ cnyPerUnit: '' });
    // Last: what stands in the form from now on is not a draft.
    form.done();
    onSaved();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const shownError = (name: keyof typeof wrong): string | undefined => (isTried ? wrong[name] : undefined);
  return (
    <Panel isPlain title={t('rates.set')}>
      <form
        className="panel-pad card-form"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="form-grid">
          <Field id="rate-currency" label={t('rates.column.currency')} error={shownError('currency')}>
            <Input
              id="rate-currency"
              className="code"
              maxLength={3}
              value={draft.currency}
              onChange={(event) => change({ currency: event.target.value.normalize('NFKC').toUpperCase() })}
            />
          </Field>
          <Field id="rate-date" label={t('rates.column.date')} error={shownError('date')}>
            <DateInput
              id="rate-date"
              value={draft.date}
              placeholder="2026-11-20"
              onChange={(date) => change({ date })}
            />
          </Field>
          <Field id="rate-kind" label={t('rates.column.kind')} hint={t(`rates.kindHint.${draft.kind}`)} isWide>
            <Select
              id="rate-kind"
              value={draft.kind}
              onChange={(kind) => change({ kind })}
              options={rateKinds.map((kind) => ({ value: kind, label: t(`rates.kind.${kind}`) }))}
            />
          </Field>
          <Field
            id="rate-cnyPerUnit"
            label={t('rates.column.rate')}
            hint={t('rates.hint')}
            error={shownError('cnyPerUnit')}
            isWide
          >
            <NumericInput
              id="rate-cnyPerUnit"
              decimals={8}
              value={draft.cnyPerUnit}
              onChange={(cnyPerUnit) => change({ cnyPerUnit })}
              unit="CNY"
            />
          </Field>
          <Field
            id="rate-source"
            label={t('rates.column.source')}
            hint={t('rates.sourceHint')}
            error={shownError('source')}
            isWide
          >
            <Input id="rate-source" value={draft.source} onChange={(event) => change({ source: event.target.value })} />
          </Field>
        </div>
        <RestoredNote draft={form} />
        <ErrorNote error={set.error} isInline />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={set.isRunning}>
            {t('rates.save')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** The choice between the day's rate and that of the month's first day: made for twelve months at least. */
function Basis() {
  const { t } = useTranslation();
  const basis = useQuery('rates.basis', { date: localDate() }, { areas: ['ledger'] });
  const set = useCommand('rates.setBasis');
  const [draft, setDraft] = useState<{ from: string; basis: RateBasis; reason: string }>();
  const submit = async (): Promise<void> => {
    if (draft === undefined || draft.reason.trim() === '' || !isDate(draft.from)) return;
    const done = await set.run({ ...draft, reason: draft.reason.trim() });
    if (done === undefined) return;
    notify(t('rates.basisSaved'));
    setDraft(undefined);
    basis.reload();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <Panel isPlain title={t('rates.basis')}>
      <div className="panel-pad rate-basis">
        <ErrorNote error={basis.error} onRetry={basis.reload} isInline />
        {basis.data === undefined ? null : (
          <p>
            <strong>{t(`rates.basisOf.${basis.data.basis}`)}</strong>{' '}
            <span className="muted">{t('rates.basisHint')}</span>
          </p>
        )}
        <ul className="voucher-sources">
          {basis.data?.choices.map((one) => (
            <li key={one.from}>
              {t('rates.basisFrom', { date: one.from })} {t(`rates.basisOf.${one.basis}`)}{' '}
              <span className="muted">{one.reason}</span>
            </li>
          ))}
        </ul>
        {draft === undefined ? (
          <Button
            onClick={() =>
              setDraft({
                from: `${localDate().slice(0, 7)}-01`,
                basis: basis.data?.basis === 'day' ? 'month-first' : 'day',
                reason: '',
              })
            }
          >
            {t('rates.basisChange')}
          </Button>
        ) : (
          <form
            className="card-form"
            onKeyDown={onKeyDown}
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            <div className="form-grid">
              <Field id="basis-from" label={t('rates.basisFromField')}>
                <DateInput id="basis-from" value={draft.from} onChange={(from) => setDraft({ ...draft, from })} />
              </Field>
              <Field id="basis-basis" label={t('rates.basis')}>
                <Select
                  id="basis-basis"
                  value={draft.basis}
                  onChange={(next) => setDraft({ ...draft, basis: next })}
                  options={rateBases.map((one) => ({ value: one, label: t(`rates.basisOf.${one}`) }))}
                />
              </Field>
              <Field id="basis-reason" label={t('ledger.reason')} isWide isRequired>
                <Input
                  id="basis-reason"
                  value={draft.reason}
                  maxLength={200}
                  onChange={(event) => setDraft({ ...draft, reason: event.target.value })}
                />
              </Field>
            </div>
            <ErrorNote error={set.error} isInline />
            <div className="card-actions">
              <Button onClick={() => setDraft(undefined)}>{t('common.cancel')}</Button>
              <Button
                type="primary"
                htmlType="submit"
                loading={set.isRunning}
                disabled={draft.reason.trim() === '' || !isDate(draft.from)}
              >
                {t('common.save')}
              </Button>
            </div>
          </form>
        )}
      </div>
    </Panel>
  );
}

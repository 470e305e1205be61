import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { reportOperations } from '../../../shared/contract/supervision.ts';
import { exponentOf, isCurrency } from '../../../shared/money/index.ts';
import { useKeys } from '../../app/keys.ts';
import { openTarget } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { FormActions } from '../evidence/FormActions.tsx';
import { DaysLeft } from '../obligations/DaysLeft.tsx';
import { DerivationSteps } from '../tax/Derivation.tsx';
import '../tax/tax.css';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { useCountryName } from '../money/boxes.tsx';
import { useFieldErrors } from '../money/field-errors.ts';
import { ReasonLine } from './ReasonLine.tsx';

type View = OutputOf<'tradeCredit.get'>;
type Report = View['reports'][number];
type Operation = (typeof reportOperations)[number];

const reportTones: Readonly<Record<Report['state'], Tone>> = {
  draft: 'action',
  reported: 'accepted',
  withdrawn: 'draft',
};

/** An item with its term, what the book proposes, the reports made so far, and how the rule comes to it. */
export function CreditDetail({ itemKey }: { readonly itemKey: string }) {
  const { t } = useTranslation();
  const item = useQuery('tradeCredit.get', { key: itemKey }, { areas: ['money', 'purchases'] });
  const draft = useCommand('tradeCreditReports.draft');
  const note = useCommand('tradeCredit.note');
  const [asking, setAsking] = useState<'dismiss'>();
  const countryOf = useCountryName();
  const view = item.data;
  const open = view?.reports.find(({ state }) => state === 'draft');
  /** The report whose form is to be filed: the newest that stands. */
  const declared = view?.reports.findLast(({ state }) => state !== 'withdrawn');
  const canNew = view !== undefined && open === undefined && view.reported === undefined;
  const canChange = view !== undefined && open === undefined && view.reported !== undefined;
  const doDraft = async (operation: Operation): Promise<void> => {
    const made = await draft.run({ key: itemKey, operation, reason: '' });
    if (made !== undefined) notify(t('supervision.credit.drafted', { number: made.number }));
  };
  const proposed = view?.proposed;
  useKeys([
    {
      key: 'F8',
      label: proposed === undefined ? t('supervision.credit.propose') : t(`supervision.operation.${proposed}`),
      run: () => {
        if (proposed !== undefined) void doDraft(proposed);
      },
      isEnabled: proposed !== undefined && !draft.isRunning,
      isMain: true,
    },
    {
      key: 'F4',
      label: t('supervision.credit.show'),
      run: () => {
        if (view !== undefined) openTarget(view.target);
      },
      isEnabled: view !== undefined,
    },
  ]);
  if (view === undefined) return item.status === 'failed' ? <ErrorNote error={item.error} /> : <Skeleton />;
  return (
    <DetailPane
      title={view.label}
      isCode
      tags={view.days === undefined || view.state === 'reported' ? null : <DaysLeft days={view.days} />}
      extra={<KeyButton label={t('supervision.credit.show')} keys="F4" onPress={() => openTarget(view.target)} />}
      foot={
        <>
          {reportOperations.map((operation) => (
            <KeyButton
              key={operation}
              label={t(`supervision.operation.${operation}`)}
              {...(operation === proposed ? { keys: 'F8', kind: 'primary' as const } : {})}
              isDisabled={operation === 'new' ? !canNew : !canChange}
              isBusy={draft.isRunning}
              onPress={() => void doDraft(operation)}
            />
          ))}
          <span className="spacer" />
          {view.state === 'dismissed' ? (
            <Button onClick={() => void note.run({ key: itemKey, dismissed: false, reason: '' })}>
              {t('supervision.credit.undismiss')}
            </Button>
          ) : (
            <Button onClick={() => setAsking('dismiss')}>{t('supervision.credit.dismiss')}</Button>
          )}
        </>
      }
    >
      <ErrorNote error={draft.error ?? note.error} />
      {asking === undefined ? null : (
        <ReasonLine
          placeholder={t('supervision.credit.dismissReason')}
          action={t('supervision.credit.dismiss')}
          onCancel={() => setAsking(undefined)}
          onDone={async (reason) => {
            if ((await note.run({ key: itemKey, dismissed: true, reason })) !== undefined) setAsking(undefined);
          }}
        />
      )}
      <Facts
        rows={[
          [t('supervision.credit.kind'), t(`supervision.creditKind.${view.kind}`)],
          [
            t('supervision.column.counterparty'),
            [view.counterparty, countryOf(view.country)].filter((one) => one !== '').join(' · ') || '–',
          ],
          [t('supervision.credit.baseDate'), view.baseDate],
          [t('supervision.credit.expectedDate'), view.expectedDate ?? t('supervision.credit.noExpected')],
          [t('supervision.column.amount'), <Amount key="amount" value={view.amount} currency={view.currency} />],
          [t('supervision.credit.balance'), <Amount key="balance" value={view.balance} currency={view.currency} />],
          [t('supervision.credit.reportBy'), view.reportBy ?? t('supervision.credit.noReport')],
          [
            t('supervision.credit.reported'),
            view.reported === undefined
              ? '–'
              : `${view.reported.reportedOn} · ${t(`supervision.operation.${view.reported.operation}`)} · ${view.currency} ${formatAmount(view.reported.balance)}`,
          ],
          ...(view.reason === '' ? [] : ([[t('supervision.reason'), view.reason]] as const)),
        ]}
      />
      <DetailSection title={t('supervision.credit.word')}>
        <WordForm key={`${view.expectedDate ?? ''} ${view.balance}`} view={view} />
      </DetailSection>
      <DetailSection title={t('supervision.credit.reports')}>
        {view.reports.length === 0 ? (
          <p className="leg-note muted">{t('supervision.credit.noReports')}</p>
        ) : (
          <table className="leg-table">
            <thead>
              <tr>
                <th>{t('supervision.column.number')}</th>
                <th>{t('supervision.credit.operation')}</th>
                <th>{t('supervision.credit.expectedDate')}</th>
                <th className="is-number">{t('supervision.credit.balance')}</th>
                <th>{t('supervision.column.state')}</th>
              </tr>
            </thead>
            <tbody>
              {view.reports.map((report) => (
                <tr key={report.id}>
                  <td>
                    <Code>{report.number}</Code>
                  </td>
                  <td>{t(`supervision.operation.${report.operation}`)}</td>
                  <td>{report.body.expectedDate}</td>
                  <td className="is-number">
                    <Amount value={report.body.balance} currency={report.body.currency} />
                  </td>
                  <td>
                    <ToneTag
                      tone={reportTones[report.state]}
                      label={t(`supervision.credit.reportState.${report.state}`)}
                    />{' '}
                    {report.reportedOn ?? ''} <span className="muted">{report.reference}</span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {open === undefined ? null : <DraftForm key={open.id} report={open} />}
      </DetailSection>
      {declared === undefined ? null : <FormActions subject={{ kind: 'trade-credit-report', id: declared.id }} />}
      {view.calculation === undefined ? null : (
        <DetailSection title={t('supervision.derivation')}>
          <DerivationSteps calculation={view.calculation} />
        </DetailSection>
      )}
    </DetailPane>
  );
}

/** When the other side is expected, and what came in that the book does not know. */
function WordForm({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const note = useCommand('tradeCredit.note');
  const form = useFormDraft(
    `credit ${view.key}`,
    { expectedDate: view.expectedDate ?? '', settled: '' },
    `${view.expectedDate ?? ''} ${view.balance}`,
  );
  const { expectedDate, settled } = form.value;
  const refused = useFieldErrors(note.error);
  const submit = async (): Promise<void> => {
    const done = await note.run({
      key: view.key,
      ...(expectedDate === '' ? {} : { expectedDate }),
      ...(settled === '' ? {} : { settled }),
      reason: '',
    });
    if (done === undefined) return;
    form.done();
    notify(t('supervision.credit.noted'));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form className="panel-pad card-form" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <div className="form-grid">
        <Field id="word-expected" label={t('supervision.credit.expectedDate')} error={refused('expectedDate')}>
          <DateInput id="word-expected" value={expectedDate} onChange={(next) => form.change({ expectedDate: next })} />
        </Field>
        <Field
          id="word-settled"
          label={t('supervision.credit.settled')}
          hint={t('supervision.credit.settledHint')}
          error={refused('settled')}
        >
          <NumericInput
            id="word-settled"
            decimals={isCurrency(view.currency) ? exponentOf(view.currency) : 2}
            unit={view.currency}
            value={settled}
            onChange={(next) => form.change({ settled: next })}
          />
        </Field>
      </div>
      <ErrorNote error={note.error} isInline />
      <div className="card-actions">
        <Button loading={note.isRunning} onClick={() => void submit()}>
          {t('supervision.save')}
        </Button>
      </div>
    </form>
  );
}

/** A draft goes out on a day with the answer's number, or is taken back. */
function DraftForm({ report }: { readonly report: Report }) {
  const { t } = useTranslation();
  const mark = useCommand('tradeCreditReports.mark');
  const withdraw = useCommand('tradeCreditReports.withdraw');
  const form = useFormDraft(`credit report ${report.id}`, { reportedOn: localDate(), reference: '' });
  const { reportedOn, reference } = form.value;
  const refused = useFieldErrors(mark.error);
  const [isAsking, setAsking] = useState(false);
  const submit = async (): Promise<void> => {
    const done = await mark.run({ id: report.id, reportedOn, reference });
    if (done === undefined) return;
    form.done();
    notify(t('supervision.credit.marked', { number: report.number }));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form className="panel-pad card-form" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <div className="form-grid">
        <Field id="report-on" label={t('supervision.credit.reportedOn')} error={refused('reportedOn')}>
          <DateInput id="report-on" value={reportedOn} onChange={(next) => form.change({ reportedOn: next })} />
        </Field>
        <Field id="report-reference" label={t('supervision.credit.answerNo')}>
          <Input
            id="report-reference"
            maxLength={100}
            value={reference}
            onChange={(event) => form.change({ reference: event.target.value })}
          />
        </Field>
      </div>
      <ErrorNote error={mark.error ?? withdraw.error} isInline />
      {isAsking ? (
        <ReasonLine
          placeholder={t('supervision.credit.withdrawReason')}
          action={t('supervision.credit.withdraw')}
          onCancel={() => setAsking(false)}
          onDone={async (reason) => {
            await withdraw.run({ id: report.id, reason });
          }}
        />
      ) : (
        <div className="card-actions">
          <Button onClick={() => setAsking(true)}>{t('supervision.credit.withdraw')}</Button>
          <Button type="primary" loading={mark.isRunning} onClick={() => void submit()}>
            {t('supervision.credit.mark')}
          </Button>
        </div>
      )}
    </form>
  );
}

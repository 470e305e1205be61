/** Claims (申报): a batch of a month with what it will do, what was claimed before, and taking one back. */
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ClaimFiles } from './ClaimFiles.tsx';
import { ConfirmReason } from './ConfirmReason.tsx';
import { lastMonth, periodKind } from './period.ts';
import { nextBatch, type RefundLine, sumOfFen } from './refund-line.ts';
import { useWords } from './use-words.ts';

export function ClaimPanel({
  period,
  selected,
}: {
  readonly period: string;
  readonly selected: readonly RefundLine[];
}) {
  const { t } = useWords();
  const claims = useQuery('refunds.claims', {}, { areas: ['tax', 'purchases'] });
  const claim = useCommand('refunds.claim');
  const unclaim = useCommand('refunds.unclaim');
  const preRefundDone = useCommand('refunds.preRefundDone');
  const thisMonth = localDate().slice(0, 7);
  const suggested = lastMonth(period) < thisMonth ? lastMonth(period) : thisMonth;
  const [month, setMonth] = useState(suggested);
  const [typedBatch, setBatch] = useState<string>();
  const [date, setDate] = useState(localDate());
  const [isPreRefund, setPreRefund] = useState(false);
  const [filesOf, setFilesOf] = useState<string>();
  const rows = claims.data?.rows ?? [];
  const batch = typedBatch ?? nextBatch(rows, month);
  const whole = useQuery(
    'refunds.matches',
    { period: month.slice(0, 4), state: 'matched', limit: 1 },
    { areas: ['tax', 'purchases'] },
  );
  const claimable = selected.filter(({ state }) => state === 'matched');
  const isReady = periodKind(month) === 'month' && /^\d{1,3}$/.test(batch) && /^\d{4}-\d{2}-\d{2}$/.test(date);
  const onKeyDown = useEnterNavigation();
  return (
    <DetailPane title={t('tax.claim.title')}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter goes from field to field */}
      <div className="panel-pad claim-form" onKeyDown={onKeyDown}>
        <div className="form-grid">
          <Field id="claim-month" label={t('tax.claim.month')} hint={t('tax.claim.monthHint')}>
            <Input
              id="claim-month"
              value={month}
              placeholder="2026-11"
              onChange={(event) => setMonth(event.target.value.trim())}
            />
          </Field>
          <Field id="claim-batch" label={t('tax.claim.batch')}>
            <Input id="claim-batch" value={batch} onChange={(event) => setBatch(event.target.value.trim())} />
          </Field>
          <Field id="claim-date" label={t('tax.claim.date')}>
            <DateInput id="claim-date" value={date} onChange={setDate} placeholder={t('tax.datePlaceholder')} />
          </Field>
          <Field id="claim-pre" label={t('tax.claim.kind')}>
            <Checkbox id="claim-pre" checked={isPreRefund} onChange={(event) => setPreRefund(event.target.checked)}>
              {t('tax.claim.preRefund')}
            </Checkbox>
          </Field>
        </div>
        <p>
          {selected.length === 0
            ? t('tax.claim.summaryAll', { month, year: month.slice(0, 4), shown: formatCount(whole.data?.total ?? 0) })
            : t('tax.claim.summarySelected', {
                shown: formatCount(claimable.length),
                left: formatCount(selected.length - claimable.length),
                refund: formatAmount(sumOfFen(claimable.map(({ refund }) => refund)), 2),
              })}{' '}
          {t('tax.claim.effect')}
        </p>
        <ErrorNote error={claim.error} onClose={claim.clear} />
        <div className="card-actions">
          <ConfirmInline
            label={t('tax.claim.do')}
            question={t('tax.claim.ask', { month, batch })}
            confirmLabel={t('tax.claim.do')}
            isDanger={false}
            isDisabled={!isReady || (selected.length > 0 && claimable.length === 0)}
            onConfirm={async () => {
              const done = await claim.run({
                period: month,
                batch,
                date,
                preRefund: isPreRefund,
                ...(selected.length === 0 ? {} : { lines: claimable.map(({ exportLineId }) => exportLineId) }),
              });
              if (done === undefined) return;
              setBatch(undefined);
              notify(
                t('tax.claim.done', {
                  lines: formatCount(done.lines),
                  refund: formatAmount(done.refund, 2),
                  toCost: formatAmount(done.toCost, 2),
                  state: t(`tax.claim.state.${done.state}`),
                }),
              );
            }}
          />
        </div>
      </div>
      <DetailSection title={t('tax.claim.before')}>
        <ErrorNote
          error={unclaim.error ?? preRefundDone.error}
          onClose={unclaim.error === undefined ? preRefundDone.clear : unclaim.clear}
        />
        {claims.status === 'loading' ? <Skeleton rows={3} /> : null}
        {claims.status === 'failed' ? <ErrorNote error={claims.error} onRetry={claims.reload} /> : null}
        {claims.status === 'ready' && rows.length === 0 ? <p className="muted">{t('tax.claim.none')}</p> : null}
        <ul className="claim-list">
          {rows.map((row) => {
            const key = `${row.period} ${row.batch}`;
            return (
              <li key={key}>
                <div className="basis-head">
                  <strong>{t('tax.refund.claimOf', { period: row.period, batch: row.batch })}</strong>
                  {row.preRefund ? <span className="muted">{t('tax.claim.preRefund')}</span> : null}
                  <span className="spacer" />
                  <span className="amount">{formatAmount(row.refund, 2)}</span>
                </div>
                <div className="muted">
                  {t('tax.claim.line', { lines: formatCount(row.lines), toCost: formatAmount(row.toCost, 2) })}
                </div>
                <div className="claim-actions">
                  {row.documentId === undefined ? null : (
                    <button
                      type="button"
                      className="link"
                      onClick={() => navigate('ledger', { tab: 'documents', id: row.documentId ?? 0 })}
                    >
                      {t('tax.claim.document')}
                    </button>
                  )}
                  <button
                    type="button"
                    className="link"
                    aria-expanded={filesOf === key}
                    onClick={() => setFilesOf(filesOf === key ? undefined : key)}
                  >
                    {t('tax.import.title')}
                  </button>
                  {row.preRefund ? (
                    <button
                      type="button"
                      className="link"
                      onClick={() => void preRefundDone.run({ period: row.period, batch: row.batch, doneOn: date })}
                    >
                      {t('tax.claim.preRefundDone', { date })}
                    </button>
                  ) : null}
                  <ConfirmReason
                    label={t('tax.claim.unclaim')}
                    isRunning={unclaim.isRunning}
                    onConfirm={async (reason) => {
                      const done = await unclaim.run({ period: row.period, batch: row.batch, reason });
                      if (done !== undefined)
                        notify(t('tax.claim.unclaimed', { count: done.lines, shown: formatCount(done.lines) }));
                    }}
                  />
                </div>
                {filesOf === key ? <ClaimFiles period={row.period} batch={row.batch} /> : null}
              </li>
            );
          })}
        </ul>
      </DetailSection>
    </DetailPane>
  );
}

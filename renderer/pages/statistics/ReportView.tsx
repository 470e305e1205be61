/** The filing of a month: its remark, what differs from last month, drafting, print, queue, what was filed. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { parseScaled } from '../../../shared/money/decimal.ts';
import { statisticsDimensions } from '../../../shared/statistics/figures.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FilingActions, FilingHistory, useFilings } from '../../components/Filing.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { figureAreas, rowKeyOf } from './FiguresView.tsx';
import { ParcelLine } from './ParcelLine.tsx';
import { growth } from './percent.ts';

type Report = OutputOf<'statistics.list'>['rows'][number];
type Cell = OutputOf<'statistics.month'>['rows'][number];

/** Changes shown at first. */
const MOST_CHANGES = 20;
const minor = (amount: string): bigint => parseScaled(amount, 2);

export function ReportView({
  period,
  report,
  onChange,
}: {
  readonly period: string;
  readonly report: Report | undefined;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const open = useCommand('statistics.open');
  if (report !== undefined) return <Filing report={report} onChange={onChange} />;
  return (
    <div id="statistics-file">
      <ErrorNote error={open.error} />
      <EmptyState
        title={t('statistics.report.none', { period })}
        actions={
          <Button
            type="primary"
            loading={open.isRunning}
            onClick={async () => {
              if ((await open.run({ period })) !== undefined) onChange();
            }}
          >
            {t('statistics.report.open', { period })}
          </Button>
        }
      />
    </div>
  );
}

function Filing({ report, onChange }: { readonly report: Report; readonly onChange: () => void }) {
  const { t } = useTranslation();
  const { id, number, period, acceptNo, acceptedOn, filing } = report;
  const subject = { kind: 'statistics-report', id } as const;
  const filings = useFilings(subject);
  const open = useCommand('statistics.open');
  const save = useCommand('statistics.save');
  const cancel = useCommand('statistics.cancel');
  const form = useFormDraft(`statistics report ${id}`, { note: report.note }, report.note);
  const { note } = form.value;
  /** What is filed is what stands typed: a remark that was not saved is saved first. */
  const saved = async (): Promise<boolean> => {
    if (note.trim() === report.note) return true;
    if ((await save.run({ id, note })) === undefined) return false;
    form.done();
    onChange();
    return true;
  };
  const rows = filings.data?.rows ?? [];
  return (
    <DetailPane
      title={number}
      isCode
      tags={
        <>
          {filing === null ? (
            <ToneTag tone="draft" label={t('statistics.state.open')} />
          ) : (
            <StateTag kind="document" state={filing.state} />
          )}
          {filing?.stale === true ? <ToneTag tone="action" label={t('statistics.report.stale')} /> : null}
        </>
      }
    >
      <div id="statistics-file">
        <FilingActions
          subject={subject}
          message="PLAT301Message"
          filings={filings}
          words="statistics.report"
          buttonId="statistics-draft"
          accepted={{ no: acceptNo, on: acceptedOn }}
          canDraft
          printAs={number}
          // Marks a filing that says no longer what the book does, whatever changed it.
          before={async () => (await saved()) && (await open.run({ period })) !== undefined}
          error={open.error ?? cancel.error ?? save.error}
        >
          <ConfirmInline
            label={t('statistics.report.cancel')}
            question={t('statistics.report.cancelAsk')}
            confirmLabel={t('statistics.report.cancel')}
            onConfirm={async () => {
              const done = await cancel.run({ id, reason: t('statistics.report.cancelReason') });
              if (done === undefined) return;
              notify(t(done.filed ? 'statistics.report.cancelFiled' : 'statistics.report.cancelled'));
              onChange();
            }}
          />
        </FilingActions>
        <div className="panel-pad">
          <Field id="statistics-note" label={t('statistics.report.note')} hint={t('statistics.report.noteHint')}>
            <Input
              id="statistics-note"
              value={note}
              maxLength={500}
              onChange={(event) => form.change({ note: event.target.value })}
            />
          </Field>
          <RestoredNote draft={form} />
          <Button
            loading={save.isRunning}
            disabled={note.trim() === report.note}
            onClick={async () => {
              if (await saved()) notify(t('statistics.report.saved'));
            }}
          >
            {t('statistics.report.save')}
          </Button>
        </div>
      </div>
      <ParcelLine period={period} />
      <Changes period={period} />
      <DetailSection title={t('statistics.report.history')}>
        {rows.length === 0 ? <p className="muted">{t('statistics.report.noHistory')}</p> : null}
        <FilingHistory rows={rows} />
      </DetailSection>
    </DetailPane>
  );
}

/** What is not as it was last month: what is new, gone, changed, the largest change first; each leads to its lines. */
function Changes({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const [isAll, setAll] = useState(false);
  const view = useQuery('statistics.month', { period }, { areas: [...figureAreas] });
  const rows = view.data?.rows ?? [];
  const isNew = (row: Cell): boolean => row.lines > 0 && row.ordersBefore === 0;
  const isGone = (row: Cell): boolean => row.lines === 0 && row.ordersBefore > 0;
  const moved = (row: Cell): bigint => {
    const by = minor(row.amountCny) - minor(row.amountBefore);
    return by < 0n ? -by : by;
  };
  const changed = rows
    .filter((row) => row.amountCny !== row.amountBefore)
    .sort((a, b) => (moved(a) === moved(b) ? 0 : moved(a) < moved(b) ? 1 : -1));
  const shown = isAll ? changed : changed.slice(0, MOST_CHANGES);
  const fresh = changed.filter(isNew).length;
  const gone = changed.filter(isGone).length;
  return (
    <DetailSection
      title={t('statistics.report.changes')}
      extra={
        view.data === undefined
          ? undefined
          : [
              t('statistics.report.changeNew', { n: formatCount(fresh) }),
              t('statistics.report.changeGone', { n: formatCount(gone) }),
              t('statistics.report.changeMoved', { n: formatCount(changed.length - fresh - gone) }),
            ].join(' · ')
      }
    >
      <ErrorNote error={view.error} onRetry={view.reload} isInline />
      {view.data === undefined && view.error === undefined ? <Skeleton rows={4} /> : null}
      <table className="statistics-table">
        {shown.length === 0 ? null : (
          <thead>
            <tr>
              <th>{t('statistics.column.cell')}</th>
              <th className="is-number">{t('statistics.column.lastMonth')}</th>
              <th className="is-number">{t('statistics.column.thisMonth')}</th>
              <th className="is-number">{t('statistics.column.change')}</th>
            </tr>
          </thead>
        )}
        <tbody>
          {shown.map((row) => (
            <tr key={rowKeyOf(row, statisticsDimensions)}>
              <td>
                <button
                  type="button"
                  className="link"
                  onClick={() =>
                    navigate('statistics', {
                      period,
                      view: 'figures',
                      by: 'all',
                      at: rowKeyOf(row, statisticsDimensions),
                    })
                  }
                >
                  {[row.mode, words(row.countryName), row.hs2, row.platform].filter(Boolean).join(' · ')}
                </button>
              </td>
              <td className="is-number">{formatAmount(row.amountBefore, 2)}</td>
              <td className="is-number">{formatAmount(row.amountCny, 2)}</td>
              <td className="is-number">
                {isNew(row) ? t('statistics.new') : isGone(row) ? t('statistics.gone') : growth(row.monthBp)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length === changed.length ? null : (
        <p className="panel-pad">
          <button type="button" className="link" onClick={() => setAll(true)}>
            {t('statistics.report.allChanges', { n: formatCount(changed.length) })}
          </button>
        </p>
      )}
    </DetailSection>
  );
}

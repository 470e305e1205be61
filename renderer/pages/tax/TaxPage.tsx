/** 税: what is due next, how the year stands, and every worksheet of the taxes. */
import { useMemo, useState } from 'react';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, openTarget } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { cliffGauge } from './cliff-gauge.ts';
import { PeriodPicker } from './PeriodPicker.tsx';
import { lastMonth, periodOf, usualPeriod } from './period.ts';
import { useWords } from './use-words.ts';
import './tax.css';

type Row = OutputOf<'worksheets.list'>['rows'][number];
const areas = ['tax', 'ledger', 'purchases', 'documents'] as const;
const dueShown = 5;

export function TaxPage(_: PageProps) {
  const { t, say } = useWords();
  const list = useQuery('worksheets.list', {}, { areas });
  const [chosen, setChosen] = useState<string>();
  const months = list.data?.months ?? [];
  const month = chosen ?? usualPeriod('month', months, localDate());
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'title', title: t('tax.home.sheet'), width: 250, render: (row) => say(row.title) },
      {
        id: 'period',
        title: t('tax.period.title'),
        width: 92,
        render: (row) => <Code>{periodOf(row.periods[0] ?? 'month', month)}</Code>,
      },
      {
        id: 'form',
        title: t('tax.home.form'),
        render: (row) => (row.form === undefined ? <span className="muted">–</span> : say(row.form)),
      },
      { id: 'rules', title: t('tax.home.rules'), width: 116, render: (row) => <Code>{row.rules.join(' ')}</Code> },
    ],
    [t, say, month],
  );
  return (
    <Page
      title={t('area.tax')}
      summary={t('tax.home.summary')}
      actions={
        <>
          <KeyButton label={t('tax.rules.title')} onPress={() => navigate('rules')} />
          <KeyButton label={t('tax.calculators.title')} keys="Ctrl+J" bind onPress={() => navigate('calculators')} />
          <KeyButton label={t('tax.profile.title')} keys="F5" bind onPress={() => navigate('taxProfile')} />
          <KeyButton
            label={t('tax.refund.title')}
            keys="F7"
            bind
            isMain
            kind="primary"
            onPress={() => navigate('refunds')}
          />
        </>
      }
      filters={
        <>
          <PeriodPicker
            kinds={['month']}
            months={months}
            value={month}
            onChange={(next) => setChosen(lastMonth(next))}
          />
          <span className="spacer" />
          {(['deadlines', 'guarantees', 'taxBills', 'archive', 'agentCertificates'] as const).map((page) => (
            <button key={page} type="button" className="chip" onClick={() => navigate(page)}>
              {t(`tax.home.link.${page}`)}
            </button>
          ))}
          <button type="button" className="chip" onClick={() => navigate('purchases', { tab: 'tariff' })}>
            {t('tax.home.link.tariff')}
          </button>
        </>
      }
    >
      <div className="tax-home">
        <DataTable<Row>
          label={t('tax.home.sheets')}
          pages={plainPages(list.data?.rows, list.error, list.reload)}
          columns={columns}
          rowKey={(row) => row.name}
          onOpen={(row) =>
            navigate('worksheet', { name: row.name, period: periodOf(row.periods[0] ?? 'month', month) })
          }
          autoFocus
          empty={<EmptyState title={t('tax.home.none')} />}
        />
        <div className="tax-home-side">
          <YearFigures />
          <DueNext />
        </div>
      </div>
    </Page>
  );
}

/** The year so far, as the income tax worksheet of the current quarter has it, and how near the relief's limit is. */
function YearFigures() {
  const { t, say } = useWords();
  const period = periodOf('quarter', localDate());
  const sheet = useQuery('worksheets.get', { name: 'income-tax', period, limit: 100 }, { areas });
  const view = sheet.data;
  const gauge = view === undefined ? undefined : cliffGauge(view);
  const missing = view?.findings.filter(({ level }) => level === 'missing').length ?? 0;
  return (
    <Panel
      isPlain
      title={t('tax.home.year', { year: period.slice(0, 4) })}
      extra={
        <button type="button" className="link" onClick={() => navigate('worksheet', { name: 'income-tax', period })}>
          {t('tax.home.openIncome')}
        </button>
      }
    >
      <div className="panel-pad year-figures">
        {view === undefined ? (
          sheet.status === 'failed' ? (
            <ErrorNote error={sheet.error} onRetry={sheet.reload} />
          ) : (
            <Skeleton rows={3} />
          )
        ) : (
          <>
            <dl>
              {view.results.slice(0, 5).map((result) => (
                <div key={result.id}>
                  <dt>{say(result.label)}</dt>
                  <dd>
                    {result.value === '' ? (
                      <span className="muted">{t('tax.sheet.cannot')}</span>
                    ) : result.type === 'money' ? (
                      formatAmount(result.value, 2)
                    ) : (
                      result.value
                    )}
                  </dd>
                </div>
              ))}
            </dl>
            {gauge === undefined ? null : (
              <div className="cliff">
                <div className="cliff-words">
                  <ToneTag tone={gauge.tone} label={t(`tax.cliff.${gauge.state}`)} />
                  <span>
                    {formatAmount(gauge.income)} / {formatAmount(gauge.ceiling)}
                  </span>
                </div>
                <progress
                  className={`cliff-bar is-${gauge.state}`}
                  aria-label={t('tax.cliff.title')}
                  value={gauge.share}
                  max={1}
                />
                <p className="muted">
                  {gauge.revenueCeiling === undefined
                    ? t('tax.cliff.note')
                    : t('tax.cliff.revenueNote', { revenue: formatAmount(gauge.revenueCeiling) })}
                </p>
              </div>
            )}
            {missing > 0 ? (
              <button
                type="button"
                className="link"
                onClick={() => navigate('worksheet', { name: 'income-tax', period })}
              >
                <ToneTag
                  tone="rejected"
                  label={t('tax.home.missing', { count: missing, shown: formatCount(missing) })}
                />
              </button>
            ) : null}
            <p className="draft-note">{say(view.disclaimer)}</p>
          </>
        )}
      </div>
    </Panel>
  );
}

/** The next days to keep, soonest first. */
function DueNext() {
  const { t, say } = useWords();
  const due = useQuery('deadlines.list', { today: localDate(), state: 'open' }, { areas });
  return (
    <Panel
      isPlain
      title={t('tax.home.due')}
      extra={
        <button type="button" className="link" onClick={() => navigate('deadlines')}>
          {t('tax.home.allDue')}
        </button>
      }
    >
      {due.data === undefined ? (
        due.status === 'failed' ? (
          <ErrorNote error={due.error} onRetry={due.reload} />
        ) : (
          <Skeleton rows={3} />
        )
      ) : due.data.rows.length === 0 ? (
        <p className="panel-pad muted">{t('tax.home.nothingDue')}</p>
      ) : (
        <ul className="due-list">
          {due.data.rows.slice(0, dueShown).map((row) => (
            <li key={row.key}>
              <button type="button" className="due-row" onClick={() => openTarget(row.target)}>
                <span className="due-date">{row.date}</span>
                <ToneTag
                  tone={row.days < 0 ? 'rejected' : row.reached === null ? 'draft' : 'action'}
                  label={
                    row.days < 0
                      ? t('tax.home.late', { shown: formatCount(-row.days) })
                      : t('tax.home.daysLeft', { shown: formatCount(row.days) })
                  }
                />
                <span className="due-title">
                  {say(row.title)} {row.period ?? row.subject}
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <p className="panel-pad draft-note">{t('tax.authority')}</p>
    </Panel>
  );
}

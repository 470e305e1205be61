/** 账表: balances, books of account, statements, ageing and margin; on screen, as workbook, on paper, as plain text. */
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { PeriodInput } from './PeriodInput.tsx';
import { ReportBody } from './ReportBody.tsx';
import { accountsOf, dimensionNames, levels, marginChoices, reportNames, requestOf } from './report-params.ts';
import './reports.css';

const ALL = 'all';

export function ReportsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const today = localDate();
  const request = useMemo(() => requestOf(params, today), [params, today]);
  const report = request?.report ?? 'accountLedger';
  const name = t(`reports.name.${report}`);
  const to = textParam(params, 'to') ?? today.slice(0, 7);
  const set = (change: Readonly<Record<string, string>>): void => replaceParams({ ...params, ...change });
  const has = (...names: readonly (typeof report)[]) => names.includes(report);
  const isNarrowed = report === 'accountLedger' && dimensionNames.some((one) => textParam(params, one) !== undefined);

  const exportJob = useJob('reports.export');
  const printJob = useJob('reports.print');
  const textJob = useJob('ledger.exportText');
  const jobs = [exportJob, printJob, textJob];
  const running = jobs.find(({ status }) => status === 'running');
  const failed = jobs.find(({ error }) => error !== undefined);

  const write = async (kind: 'xlsx' | 'pdf'): Promise<void> => {
    if (request === undefined) return;
    const file = await chooseSave(name, `${t(`reports.fileName.${report}`)}-${to}.${kind}`, [
      kind === 'xlsx' ? { name: 'Excel', extensions: ['xlsx'] } : { name: 'PDF', extensions: ['pdf'] },
    ]);
    if (file === null) return;
    for (const one of jobs) one.clear();
    const done = await (kind === 'xlsx' ? exportJob : printJob).start({ request, to: file.token });
    if (done !== undefined) notify(t('reports.written', { rows: formatCount(done.rows) }));
  };
  const writeText = async (): Promise<void> => {
    const file = await chooseSave(t('reports.hledger'), 'portbook.journal', [
      { name: 'hledger', extensions: ['journal', 'ledger'] },
    ]);
    if (file === null) return;
    for (const one of jobs) one.clear();
    const done = await textJob.start({ to: file.token });
    if (done !== undefined) notify(t('reports.writtenText', { n: formatCount(done.transactions) }));
  };

  const balances = useQuery('ledger.trialBalance', {}, { areas: ['ledger'] });
  const currencies = [...new Set((balances.data?.rows ?? []).map(({ currency }) => currency))].sort();
  const chart = useQuery('accounts.list', {}, { areas: ['ledger'] });
  const accounts = accountsOf(params);
  const currency = request !== undefined && 'currency' in request.params ? request.params.currency : undefined;
  const range =
    request === undefined || !('from' in request.params) || request.params.from === undefined
      ? undefined
      : request.params.from;

  return (
    <Page
      title={t('reports.title')}
      summary={isNarrowed ? t('reports.narrowed') : t(`reports.about.${report}`)}
      actions={
        <>
          {report === 'accountLedger' ? <KeyButton label={t('common.back')} keys="Esc" bind onPress={goBack} /> : null}
          <KeyButton label={t('reports.hledger')} isBusy={running !== undefined} onPress={() => void writeText()} />
          <KeyButton
            label={t('common.print')}
            keys="Ctrl+P"
            bind
            isDisabled={request === undefined}
            isBusy={running !== undefined}
            onPress={() => void write('pdf')}
          />
          <KeyButton
            label={t('reports.export')}
            keys="Ctrl+E"
            bind
            isMain
            isDisabled={request === undefined}
            isBusy={running !== undefined}
            onPress={() => void write('xlsx')}
          />
        </>
      }
      filters={
        <>
          <Chips
            label={t('reports.choose')}
            value={report}
            onChange={(next) =>
              navigate('reports', { report: next, to, ...(range === undefined ? {} : { from: range }) })
            }
            chips={reportNames.map((one) => ({ value: one, label: t(`reports.name.${one}`) }))}
          />
          <span className="report-filters">
            {range === undefined ? null : (
              <PeriodInput value={range} label={t('reports.from')} onChange={(from) => set({ from })} />
            )}
            {has('ageing') ? null : (
              <>
                {range === undefined ? null : <span className="muted">–</span>}
                <PeriodInput value={to} label={t('reports.to')} onChange={(next) => set({ to: next })} />
              </>
            )}
            {request?.report === 'ageing' ? (
              <>
                <DateInput value={request.params.date} label={t('reports.date')} onChange={(date) => set({ date })} />
                <Chips
                  label={t('reports.kind')}
                  value={request.params.kind}
                  onChange={(kind) => set({ kind })}
                  chips={(['receivable', 'payable'] as const).map((one) => ({
                    value: one,
                    label: t(`reports.of.${one}`),
                  }))}
                />
                <Chips
                  label={t('reports.by')}
                  value={request.params.by}
                  onChange={(by) => set({ by })}
                  chips={(['order', 'party'] as const).map((one) => ({
                    value: one,
                    label: t(`reports.byWhat.${one}`),
                  }))}
                />
              </>
            ) : null}
            {request?.report === 'margin' ? (
              <Chips
                label={t('reports.by')}
                value={request.params.by}
                onChange={(by) => set({ by })}
                chips={marginChoices.map((one) => ({ value: one, label: t(`reports.byWhat.${one}`) }))}
              />
            ) : null}
            {request?.report === 'quantityLedger' ? (
              <Chips
                label={t('reports.source')}
                value={request.params.source}
                onChange={(source) => set({ source })}
                chips={(['account', 'stock'] as const).map((one) => ({
                  value: one,
                  label: t(`reports.sourceOf.${one}`),
                }))}
              />
            ) : null}
            {request?.report === 'trialBalance' ? (
              <Chips
                label={t('reports.mode')}
                value={request.params.mode}
                onChange={(mode) => set({ mode })}
                chips={(['cny', 'original'] as const).map((one) => ({ value: one, label: t(`reports.modeOf.${one}`) }))}
              />
            ) : null}
            {request?.report === 'trialBalance' || request?.report === 'generalLedger' ? (
              <Select
                className="report-level"
                aria-label={t('reports.level')}
                value={String(request.params.level)}
                onChange={(level: string) => set({ level })}
                options={[...levels].sort().map((one) => ({ value: one, label: t(`reports.levelOf.${one}`) }))}
              />
            ) : null}
            {has('accountLedger', 'generalLedger') ? (
              <>
                <Select
                  className="report-account"
                  aria-label={t('reports.account')}
                  showSearch={{ optionFilterProp: 'label' }}
                  placeholder={t('reports.account')}
                  value={
                    accounts.length > 1
                      ? accounts.join(' ')
                      : (accounts[0] ?? (report === 'generalLedger' ? ALL : null))
                  }
                  onChange={(account: string) => set({ account: account === ALL ? '' : account })}
                  options={[
                    ...(report === 'generalLedger' ? [{ value: ALL, label: t('reports.allAccounts') }] : []),
                    ...(chart.data?.rows ?? []).map(({ code, nameZh, nameEn }) => ({
                      value: code,
                      label: `${code} ${language === 'en' && nameEn !== '' ? nameEn : nameZh}`,
                    })),
                  ]}
                />
                <Select
                  className="report-currency"
                  aria-label={t('reports.currency')}
                  value={currency ?? ALL}
                  onChange={(next: string) => set({ currency: next === ALL ? '' : next })}
                  options={[
                    { value: ALL, label: t('reports.allCurrencies') },
                    ...currencies.map((one) => ({ value: one, label: one })),
                  ]}
                />
              </>
            ) : null}
          </span>
        </>
      }
      notice={
        <>
          {running === undefined ? null : (
            <ProgressBar title={t('reports.writing')} progress={running.progress} onCancel={running.cancel} />
          )}
          {failed === undefined ? null : <ErrorNote error={failed.error} onClose={failed.clear} />}
        </>
      }
    >
      {request === undefined ? (
        <EmptyState title={t('reports.chooseAccount')} hint={t('reports.chooseAccountHint')} />
      ) : (
        <ReportBody key={JSON.stringify(request)} request={request} />
      )}
    </Page>
  );
}

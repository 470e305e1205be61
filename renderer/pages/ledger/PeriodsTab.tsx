/** 期间: the months with their state; closing one (结账) shows first what it will do, and what stands in its way. */
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, openTarget, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';

type Period = OutputOf<'periods.list'>['rows'][number];
type Preview = OutputOf<'periods.preview'>;

function PeriodState({ state }: { readonly state: Period['state'] }) {
  const { t } = useTranslation();
  return <ToneTag tone={state === 'closed' ? 'accepted' : 'draft'} label={t(`ledger.periodState.${state}`)} />;
}

export function PeriodsTab({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const periods = useQuery('periods.list', {}, { areas: ['ledger'] });
  const wanted = textParam(params, 'period') ?? periods.data?.firstOpen;
  const shown = periods.data?.rows.find((row) => row.period === wanted);
  const lastClosed = [...(periods.data?.rows ?? [])]
    .filter((row) => row.state === 'closed')
    .map((row) => row.period)
    .sort()
    .at(-1);
  useKeys([{ key: 'Up/Down', label: t('ledger.key.period'), isMain: true }]);
  const columns = useMemo(
    (): readonly Column<Period>[] => [
      { id: 'period', title: t('ledger.period'), width: 100, render: (row) => <Code>{row.period}</Code> },
      {
        id: 'state',
        title: t('ledger.column.state'),
        width: 110,
        render: (row) => <PeriodState state={row.state} />,
      },
      {
        id: 'vouchers',
        title: t('ledger.tab.vouchers'),
        width: 100,
        align: 'right',
        render: (row) => formatCount(row.vouchers),
      },
      {
        id: 'changedAt',
        title: t('ledger.changedAt'),
        render: (row) => (row.changedAt === undefined ? '' : formatInstant(row.changedAt)),
      },
    ],
    [t],
  );
  return (
    <Split
      ratio="detail"
      list={
        <DataTable
          label={t('ledger.tab.periods')}
          autoFocus
          pages={plainPages(periods.data?.rows, periods.error, periods.reload)}
          columns={columns}
          rowKey={(row) => row.period}
          activeKey={shown?.period}
          onActivate={(row) => replaceParams({ ...params, period: row.period })}
          onOpen={(row) => navigate('ledger', { period: row.period })}
          empty={<EmptyState title={t('ledger.noPeriods')} hint={t('ledger.emptyHint')} />}
        />
      }
      detail={
        shown === undefined ? (
          <DetailPlaceholder text={t('ledger.periodNone')} />
        ) : shown.state === 'open' ? (
          <Closing
            key={shown.period}
            period={shown.period}
            isFirstOpen={shown.period === periods.data?.firstOpen}
            onStart={() => replaceParams({ ...params, period: shown.period })}
          />
        ) : (
          <Closed key={shown.period} period={shown} isLast={shown.period === lastClosed} />
        )
      }
    />
  );
}

function Revaluation({ rows }: { readonly rows: Preview['revaluation'] }) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  return (
    <div className="reval-scroll">
      <table className="voucher-table" data-testid="revaluation">
        <thead>
          <tr>
            <th>{t('ledger.column.account')}</th>
            <th className="is-number">{t('ledger.reval.balance')}</th>
            <th className="is-number">{t('ledger.reval.book')}</th>
            <th className="is-number">{t('ledger.reval.rate')}</th>
            <th className="is-number">{t('ledger.reval.closing')}</th>
            <th className="is-number">{t('ledger.reval.gain')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.account} ${row.currency}`}>
              <td>
                <Code>{row.account}</Code> {language === 'en' && row.nameEn !== '' ? row.nameEn : row.nameZh}
              </td>
              <td className="is-number">
                <Amount value={row.balance} currency={row.currency} />
              </td>
              <td className="is-number">
                <Amount value={row.bookCny} currency="CNY" bare />
              </td>
              <td className="is-number" title={row.rateDate}>
                {row.rate}
              </td>
              <td className="is-number">
                <Amount value={row.closingCny} currency="CNY" bare />
              </td>
              <td className="is-number">
                <Amount value={row.gain} currency="CNY" bare />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Closing({
  period,
  isFirstOpen,
  onStart,
}: {
  readonly period: string;
  readonly isFirstOpen: boolean;
  /** Holds the month in view: closed, another one is the first open. */
  readonly onStart: () => void;
}) {
  const { t } = useTranslation();
  const preview = useQuery('periods.preview', { period }, { areas: ['ledger'] });
  const close = useJob('periods.close');
  const data = preview.data;
  const isBlocked = data === undefined || data.findings.some((one) => one.level === 'reject');
  const isRunning = close.status === 'running';
  const run = async (): Promise<void> => {
    onStart();
    const done = await close.start({ period });
    if (done === undefined) return;
    notify(t('ledger.close.done', { period, count: done.voucherIds.length }));
  };
  useKeys([
    {
      key: 'F8',
      label: t('ledger.close.run'),
      run: () => void run(),
      isEnabled: !isBlocked && !isRunning && isFirstOpen,
      isMain: true,
    },
  ]);
  return (
    <DetailPane
      title={t('ledger.close.title', { period })}
      tags={<PeriodState state="open" />}
      foot={
        <>
          <span className="muted">{isFirstOpen ? t('ledger.close.hint') : t('ledger.close.inOrder')}</span>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            keys="F8"
            label={t('ledger.close.run')}
            isBusy={isRunning}
            isDisabled={isBlocked || !isFirstOpen}
            onPress={() => void run()}
          />
        </>
      }
    >
      {isRunning ? (
        <ProgressBar title={t('ledger.close.running')} progress={close.progress} onCancel={close.cancel} />
      ) : null}
      <ErrorNote error={close.error} onClose={close.clear} />
      <ErrorNote error={preview.error} onRetry={preview.reload} />
      {data === undefined ? (
        preview.status === 'loading' ? (
          <Skeleton rows={6} />
        ) : null
      ) : (
        <>
          <DetailSection title={t('ledger.close.findings')}>
            {data.findings.length === 0 ? (
              <ToneTag tone="accepted" label={t('ledger.close.noFindings')} />
            ) : (
              <ul className="close-findings">
                {data.findings.map((one) => (
                  <li key={`${one.code} ${JSON.stringify(one.params)}`}>
                    <ToneTag
                      tone={one.level === 'reject' ? 'rejected' : 'action'}
                      label={t(`ledger.close.level.${one.level}`)}
                    />
                    <span>{t(`ledger.close.${one.code}`, { defaultValue: one.code, ...one.params })}</span>
                    {one.target === undefined ? null : (
                      <button type="button" className="link" onClick={() => openTarget(one.target ?? '')}>
                        {t('ledger.close.go')}
                      </button>
                    )}
                  </li>
                ))}
              </ul>
            )}
          </DetailSection>
          <DetailSection title={t('ledger.reval.title')}>
            {data.revaluation.length === 0 ? (
              <p className="muted">{t('ledger.reval.none')}</p>
            ) : (
              <Revaluation rows={data.revaluation} />
            )}
          </DetailSection>
          <DetailSection title={t('ledger.close.profitTitle')}>
            <Facts
              columns={3}
              rows={(['revenue', 'expense', 'profit'] as const).map((name) => [
                t(`ledger.close.${name}`),
                <strong key={name}>
                  <Amount value={data[name]} currency="CNY" />
                </strong>,
              ])}
            />
          </DetailSection>
        </>
      )}
    </DetailPane>
  );
}

function Closed({ period, isLast }: { readonly period: Period; readonly isLast: boolean }) {
  const { t } = useTranslation();
  const reopen = useCommand('periods.reopen');
  const [reason, setReason] = useState('');
  const run = async (): Promise<void> => {
    const done = await reopen.run({ period: period.period, reason: reason.trim() });
    if (done !== undefined) notify(t('ledger.close.reopened', { period: period.period }));
  };
  return (
    <DetailPane title={period.period} isCode tags={<PeriodState state="closed" />}>
      <DetailSection title={t('ledger.close.closedTitle')}>
        <Facts
          columns={1}
          rows={[
            [t('ledger.tab.vouchers'), formatCount(period.vouchers)],
            ...(period.changedAt === undefined
              ? []
              : [[t('ledger.changedAt'), formatInstant(period.changedAt)] as const]),
          ]}
        />
        <p>
          <button type="button" className="link" onClick={() => navigate('ledger', { period: period.period })}>
            {t('ledger.seeVouchers')}
          </button>
        </p>
      </DetailSection>
      <DetailSection title={t('ledger.close.reopen')}>
        <p className="muted">{isLast ? t('ledger.close.reopenHint') : t('ledger.close.notLast')}</p>
        {isLast ? (
          <form
            className="ledger-form card-form"
            onSubmit={(event) => {
              event.preventDefault();
              if (reason.trim() !== '') void run();
            }}
          >
            <Field id="reopen-reason" label={t('ledger.reason')} isRequired>
              <Input
                id="reopen-reason"
                maxLength={200}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            <ErrorNote error={reopen.error} onClose={reopen.clear} />
            <div className="card-actions">
              <Button htmlType="submit" danger disabled={reason.trim() === ''} loading={reopen.isRunning}>
                {t('ledger.close.reopenNow')}
              </Button>
            </div>
          </form>
        ) : null}
      </DetailSection>
    </DetailPane>
  );
}

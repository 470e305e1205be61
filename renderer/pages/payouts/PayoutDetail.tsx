import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { DetailPane, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';
import { KindsView } from './KindsView.tsx';
import { LinesView } from './LinesView.tsx';
import { MonthsView } from './MonthsView.tsx';
import { OverviewView } from './OverviewView.tsx';

export const views = ['overview', 'months', 'kinds', 'lines'] as const;
export type View = (typeof views)[number];

/** One payout: overview, months, descriptions, lines; its workbook and print; and taking it back. */
export function PayoutDetail({
  id,
  view,
  onView,
  onClose,
}: {
  readonly id: number;
  readonly view: View;
  readonly onView: (view: View) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const language = useView((one) => one.language);
  const read = useQuery('payouts.get', { id }, { areas: ['money', 'ledger', 'matching'] });
  const exporting = useJob('payouts.export');
  const printing = useJob('payouts.print');
  const voiding = useCommand('payouts.void');
  const [reason, setReason] = useState<string>();
  const payout = read.data;
  const name = t('payouts.fileName', { number: payout?.number ?? '' });
  const locale = language === 'en' ? ('en' as const) : ('zh-CN' as const);
  const exportIt = async (): Promise<void> => {
    const file = await chooseSave(t('payouts.export'), `${name}.xlsx`, [{ name: 'Excel', extensions: ['xlsx'] }]);
    if (file === null) return;
    const done = await exporting.start({ id, to: file.token, locale });
    if (done !== undefined) notify(t('payouts.exported', { file: file.name, n: formatCount(done.rows) }));
  };
  const print = async (): Promise<void> => {
    const file = await chooseSave(t('payouts.print'), `${name}.pdf`, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (file === null) return;
    const done = await printing.start({ id, to: file.token, locale });
    if (done !== undefined) notify(t('payouts.printed', { file: file.name }));
  };
  const voidIt = async (): Promise<void> => {
    if (reason === undefined || reason.trim() === '') return;
    if ((await voiding.run({ id, reason: reason.trim() })) !== undefined) setReason(undefined);
  };
  const turn = (by: number): void =>
    onView(views[(views.indexOf(view) + by + views.length) % views.length] ?? 'overview');
  useKeys([
    { key: 'Ctrl+E', label: t('payouts.export'), run: () => void exportIt(), isEnabled: payout !== undefined },
    { key: 'F9', label: t('payouts.print'), run: () => void print(), isEnabled: payout !== undefined },
    { key: 'F4', label: t('payouts.nextView'), run: () => turn(1), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  if (payout === undefined || payout.id !== id)
    return read.error === undefined ? <Skeleton rows={8} /> : <ErrorNote error={read.error} onRetry={read.reload} />;
  const running = [exporting, printing].find((job) => job.status === 'running');
  const isTable = view === 'kinds' || view === 'lines';
  return (
    <DetailPane
      title={payout.number}
      isCode
      tags={payout.state === 'void' ? <ToneTag tone="draft" label={t('payouts.state.void')} /> : undefined}
      extra={
        <>
          <KeyButton label={t('payouts.export')} keys="Ctrl+E" onPress={() => void exportIt()} />
          <KeyButton label={t('payouts.print')} keys="F9" onPress={() => void print()} />
        </>
      }
      foot={
        <>
          <span>
            {t('payouts.net')} <Amount value={payout.total} currency={payout.currency} />
          </span>
          {payout.state === 'void' ? <span className="muted">{payout.reason}</span> : null}
          <span className="spacer" />
          {payout.state === 'void' ? null : reason === undefined ? (
            <Button danger onClick={() => setReason('')}>
              {t('payouts.void')}
            </Button>
          ) : (
            <span className="confirm-inline is-danger">
              <Input
                autoFocus
                aria-label={t('payouts.reason')}
                placeholder={t('payouts.reason')}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
                onPressEnter={() => void voidIt()}
              />
              <Button
                danger
                type="primary"
                disabled={reason.trim() === ''}
                loading={voiding.isRunning}
                onClick={() => void voidIt()}
              >
                {t('payouts.voidNow')}
              </Button>
              <Button onClick={() => setReason(undefined)}>{t('common.cancel')}</Button>
            </span>
          )}
        </>
      }
    >
      <div className={isTable ? 'payout-body is-table' : 'payout-body'}>
        <div className="payout-views">
          <Chips
            label={t('payouts.views')}
            value={view}
            onChange={onView}
            chips={views.map((value) => ({
              value,
              label: t(`payouts.view.${value}`),
              count:
                value === 'kinds' && payout.unknown > 0
                  ? payout.kinds.filter((one) => one.category === 'unknown').length
                  : undefined,
            }))}
          />
        </div>
        <ErrorNote error={read.error ?? exporting.error ?? printing.error ?? voiding.error} />
        {running === undefined ? null : (
          <ProgressBar title={t('payouts.writing')} progress={running.progress} onCancel={running.cancel} />
        )}
        {view === 'months' ? (
          <MonthsView payout={payout} />
        ) : view === 'kinds' ? (
          <KindsView payout={payout} />
        ) : view === 'lines' ? (
          <LinesView payout={payout} />
        ) : (
          <OverviewView payout={payout} />
        )}
      </div>
    </DetailPane>
  );
}

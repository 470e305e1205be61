/** 退税配单: export lines against the invoices behind them, what is still missing, and the claim of a batch. */
import { useMemo, useRef, useState } from 'react';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { useJob, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ClaimPanel } from './ClaimPanel.tsx';
import { PeriodPicker } from './PeriodPicker.tsx';
import { periodKind, usualPeriod } from './period.ts';
import { RefundLinePane } from './RefundLinePane.tsx';
import { RegimeDecision } from './RegimeActions.tsx';
import { type RefundLine, type RefundState, refundStates, stateTones } from './refund-line.ts';
import { reasonsText } from './rule-text.ts';
import { useWords } from './use-words.ts';
import './tax.css';

const areas = ['tax', 'purchases'] as const;
const kinds = ['month', 'quarter', 'year'] as const;

export function RefundsPage({ params }: PageProps) {
  const words = useWords();
  const { t, say } = words;
  const isEnglish = words.language === 'en';
  const list = useQuery('worksheets.list', {}, { areas });
  const months = list.data?.months ?? [];
  const given = textParam(params, 'period');
  const period =
    given !== undefined && periodKind(given) !== undefined ? given : usualPeriod('quarter', months, localDate());
  const state = refundStates.find((one) => one === textParam(params, 'state'));
  const at = numberParam(params, 'line');
  const [side, setSide] = useState<'line' | 'claim'>('line');
  const pages = usePages('refunds.matches', { period, ...(state === undefined ? {} : { state }) }, { areas });
  const [selected, setSelected] = useTicks(pages, (row) => row.exportLineId);
  const match = useJob('refunds.match');
  const reasons = useRef(new Map<number, string>());
  const put = (next: Readonly<Record<string, string | number | undefined>>): void => {
    const wanted = { period, state, line: at, ...next };
    replaceParams(
      Object.fromEntries(
        Object.entries(wanted).filter((entry): entry is [string, string | number] => entry[1] !== undefined),
      ),
    );
  };
  const active = pages.rows.find((row) => row.exportLineId === at);

  const run = async (): Promise<void> => {
    const done = await match.start({ period });
    if (done === undefined) return;
    reasons.current = new Map(done.unmatched.map((one) => [one.exportLineId, say(one.text)]));
    notify(
      t('tax.refund.runDone', {
        lines: formatCount(done.lines),
        matched: formatCount(done.matched),
        partly: formatCount(done.partly),
        refund: formatAmount(done.refund, 2),
      }),
    );
    pages.reload();
  };
  useKeys([
    {
      key: 'Esc',
      label: t('tax.sheet.back'),
      run: () => {
        if (!focusList()) navigate('tax');
      },
    },
  ]);
  const columns = useMemo(
    (): readonly Column<RefundLine>[] => [
      {
        id: 'state',
        title: t('tax.refund.state'),
        width: isEnglish ? 108 : 92,
        render: (row) => <ToneTag tone={stateTones[row.state]} label={t(`tax.refund.stateOf.${row.state}`)} />,
      },
      { id: 'date', title: t('tax.refund.exportDate'), width: 96, render: (row) => row.exportDate },
      {
        id: 'declaration',
        title: t('tax.refund.declaration'),
        width: isEnglish ? 124 : 140,
        render: (row) => (
          <span className="code code-tail" title={`${row.declarationNo}-${row.lineNo}`}>
            <bdi>{`${row.declarationNo}-${row.lineNo}`}</bdi>
          </span>
        ),
      },
      { id: 'name', title: t('tax.refund.goods'), render: (row) => row.name },
      {
        id: 'quantity',
        title: t('tax.refund.matchedOf'),
        width: isEnglish ? 104 : 116,
        align: 'right',
        render: (row) => `${formatAmount(row.matchedQuantity)} / ${formatAmount(row.quantity)}`,
      },
      {
        id: 'regime',
        title: t('tax.refund.regime'),
        width: isEnglish ? 100 : 80,
        render: (row) => (
          <span title={reasonsText(row.regimeReason, 'T05', words)}>
            {row.regime === undefined ? '–' : t(`tax.regime.short.${row.regime}`)}
            {row.regimeBy === 'person' ? <span className="muted"> {t('tax.regime.byPerson')}</span> : null}
          </span>
        ),
      },
      {
        id: 'refund',
        title: t('tax.refund.refund'),
        width: 92,
        align: 'right',
        render: (row) => <Amount value={row.refund} currency="CNY" bare />,
      },
    ],
    [t, words, isEnglish],
  );
  return (
    <Page
      title={t('tax.refund.title')}
      summary={t('tax.refund.count', { count: pages.total, shown: formatCount(pages.total) })}
      actions={
        <>
          <KeyButton
            label={t('tax.refund.sheet')}
            onPress={() => navigate('worksheet', { name: 'refund-trading', period })}
          />
          <KeyButton
            label={side === 'claim' ? t('tax.refund.backToLines') : t('tax.refund.claims')}
            keys="F8"
            bind
            isMain
            onPress={() => setSide(side === 'claim' ? 'line' : 'claim')}
          />
          <KeyButton
            label={t('tax.refund.run')}
            keys="F7"
            bind
            isMain
            kind="primary"
            isBusy={match.status === 'running'}
            onPress={() => void run()}
          />
        </>
      }
      filters={
        <>
          <PeriodPicker
            kinds={kinds}
            months={months}
            value={period}
            onChange={(next) => {
              setSelected([]);
              put({ period: next, line: undefined });
            }}
          />
          <Chips<RefundState | 'all'>
            label={t('tax.refund.state')}
            value={state ?? 'all'}
            onChange={(next) => put({ state: next === 'all' ? undefined : next, line: undefined })}
            chips={[
              { value: 'all', label: t('common.all') },
              ...refundStates.map((one) => ({ value: one, label: t(`tax.refund.stateOf.${one}`) })),
            ]}
          />
        </>
      }
      notice={
        <>
          {match.status === 'running' ? (
            <ProgressBar title={t('tax.refund.running')} progress={match.progress} onCancel={match.cancel} />
          ) : null}
          <ErrorNote error={match.error} onClose={match.clear} />
          {selected.length > 0 ? <RegimeDecision ids={selected} onDone={() => setSelected([])} /> : null}
        </>
      }
    >
      <Split
        ratio="list"
        list={
          <DataTable<RefundLine>
            label={t('tax.refund.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.exportLineId}
            activeKey={at}
            onActivate={(row) => {
              setSide('line');
              put({ line: row.exportLineId });
            }}
            onOpen={() => focusDetail(`[role=grid][aria-label="${t('tax.refund.candidates')}"]`)}
            selectedKeys={selected}
            onSelect={setSelected}
            autoFocus={at === undefined}
            empty={
              <EmptyState
                title={state === undefined ? t('tax.refund.none') : t('tax.refund.noneInState')}
                hint={t('tax.refund.noneHint')}
                actions={
                  <>
                    <KeyButton
                      label={t('tax.refund.routeFirst')}
                      onPress={() => navigate('worksheet', { name: 'regime', period })}
                    />
                    <KeyButton
                      label={t('tax.refund.exportLines')}
                      onPress={() => navigate('purchases', { tab: 'exports' })}
                    />
                  </>
                }
              />
            }
          />
        }
        detail={
          side === 'claim' ? (
            <ClaimPanel period={period} selected={pages.rows.filter((row) => selected.includes(row.exportLineId))} />
          ) : active === undefined ? (
            <DetailPlaceholder text={t('tax.refund.placeholder')} />
          ) : (
            <RefundLinePane
              key={active.exportLineId}
              line={active}
              whyOpen={reasons.current.get(active.exportLineId)}
            />
          )
        }
      />
    </Page>
  );
}

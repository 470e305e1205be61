import { Button } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { matchStates } from '../../../shared/contract/record-match.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { type MatchCode, matchCodes } from '../../../shared/matching/record-match.ts';
import { matchText } from '../../../shared/rules/matching/texts.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useCommand, useJob, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { ExceptionBar } from './ExceptionBar.tsx';
import { MatchOverview } from './MatchOverview.tsx';
import { OrderRecords } from './OrderRecords.tsx';
import './record-match.css';

type Item = RowOf<'match.items'>;

const ALL = 'all';
const areas = ['matching', 'orders', 'documents', 'money'] as const;

/** The bucket of what does not agree, worked off with the keyboard; beside it the records of the order under the cursor. */
export function RecordMatchPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const state = matchStates.find((one) => one === textParam(params, 'state')) ?? 'open';
  const code = matchCodes.find((one) => one === textParam(params, 'code'));
  const text = textParam(params, 'text') ?? '';
  const at = numberParam(params, 'at');
  const summary = useQuery('match.summary', {}, { areas });
  const pages = usePages(
    'match.items',
    { state, ...(code === undefined ? {} : { code }), ...(text === '' ? {} : { text }) },
    { areas: ['matching'] },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const run = useJob('match.run');
  const write = useJob('match.export');
  const reopen = useCommand('match.reopen');
  const [isExcepting, setExcepting] = useState(false);
  const chosen = pages.rows.find(({ id }) => id === at);
  const ids = selected.length > 0 ? selected : chosen === undefined ? [] : [chosen.id];

  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const filterBy = (change: RouteParams): void => {
    setSelected([]);
    setExcepting(false);
    set({ ...change, at: '' });
  };
  /** The run is over the whole book, not only over what changed. */
  const [isWhole, setWhole] = useState(false);
  /** The whole book was asked for while what changed was being judged: it comes right after. */
  const [isWanted, setWanted] = useState(false);
  const start = async (scope: 'all' | 'changed'): Promise<void> => {
    setWhole(scope === 'all');
    const done = await run.start({ scope });
    if (done === undefined || scope === 'changed') return;
    notify(
      t('recordMatch.done', {
        orders: formatCount(done.orders),
        open: formatCount(done.open),
        settled: formatCount(done.settled),
      }),
    );
  };
  // What changed since the last match is judged as soon as somebody looks.
  const due = summary.data?.due ?? 0;
  const isIdle = run.status !== 'running';
  const latest = useRef(start);
  latest.current = start;
  useEffect(() => {
    if (!isIdle) return;
    if (isWanted) {
      setWanted(false);
      void latest.current('all');
    } else if (due > 0) void latest.current('changed');
  }, [due, isIdle, isWanted]);
  const canRun = isIdle || !isWhole;
  const runAll = (): void => (isIdle ? void start('all') : setWanted(true));

  const next = (): void => {
    const from = pages.rows.findIndex(({ id }) => id === at);
    const row = pages.rows[from + 1] ?? pages.rows[0];
    if (row === undefined) return;
    set({ at: row.id });
    focusDetail();
  };
  const except = (): void => {
    if (state === 'open' && ids.length > 0) setExcepting(true);
  };
  const openAgain = async (): Promise<void> => {
    const done = await reopen.run({ ids: [...ids] });
    if (done === undefined) return;
    setSelected([]);
    notify(t('recordMatch.reopened', { count: done.reopened, shown: formatCount(done.reopened) }));
  };
  const saveBucket = async (): Promise<void> => {
    const to = await chooseSave(t('recordMatch.export'), t('recordMatch.exportFile'), [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to === null) return;
    const done = await write.start({ to: to.token, state, ...(code === undefined ? {} : { code }) });
    if (done !== undefined) notify(t('recordMatch.exported', { count: done.rows, shown: formatCount(done.rows) }));
  };
  const openOrder = (): void => {
    if (chosen?.orderId !== undefined) navigate('orders', { id: chosen.orderId });
  };
  useKeys([
    { key: 'F8', label: t('recordMatch.run'), run: runAll, isEnabled: canRun, isMain: true },
    {
      key: 'Ctrl+E',
      label: t('recordMatch.export'),
      run: () => void saveBucket(),
      isEnabled: pages.total > 0 && write.status !== 'running',
    },
    { key: 'F10', label: t('recordMatch.key.next'), run: next, isEnabled: pages.rows.length > 0, isMain: true },
    { key: 'Enter', label: t('recordMatch.key.open'), isMain: true },
    {
      key: 'E',
      label: t('recordMatch.accept'),
      run: except,
      isEnabled: state === 'open' && ids.length > 0,
      isMain: true,
    },
    {
      key: 'R',
      label: t('recordMatch.reopen'),
      run: () => void openAgain(),
      isEnabled: state === 'excepted' && ids.length > 0,
    },
    {
      key: 'O',
      label: t('recordMatch.toOrder'),
      run: openOrder,
      isEnabled: chosen?.orderId !== undefined,
      isMain: true,
    },
    {
      key: 'Esc',
      label: t('recordMatch.key.back'),
      run: () => {
        if (isExcepting) {
          setExcepting(false);
          document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus({ preventScroll: true });
        } else if (!focusList()) set({ at: '' });
      },
    },
  ]);

  const title = (one: MatchCode): string => matchText(one, '', language).title;
  const columns = useMemo(
    (): Column<Item>[] => [
      {
        id: 'orderNo',
        title: t('recordMatch.column.orderNo'),
        width: 152,
        render: (row) => <Code>{row.orderNo}</Code>,
      },
      { id: 'date', title: t('recordMatch.column.date'), width: 92, render: (row) => row.date },
      {
        id: 'codes',
        title: t('recordMatch.column.codes'),
        render: (row) =>
          listed(
            row.codes.map((one) => matchText(one, '', language).title),
            language,
          ),
      },
      {
        id: 'reason',
        title: t(state === 'open' ? 'recordMatch.column.kind' : 'recordMatch.column.reason'),
        width: state === 'open' ? 66 : 150,
        render: (row) => (state === 'open' ? t(`recordMatch.kind.${row.kind}`) : row.reason),
      },
    ],
    [t, language, state],
  );

  const data = summary.data;
  const counts = { open: data?.open, excepted: data?.excepted, settled: data?.settled };
  const codeChips = (data?.codes ?? [])
    .map((one) => ({ code: one.code, count: state === 'excepted' ? one.excepted : one.open }))
    .filter(({ count }) => count > 0);
  const isFiltered = code !== undefined || text !== '';
  const share = data === undefined || data.orders === 0 ? '' : ((data.passed / data.orders) * 100).toFixed(1);
  return (
    <Page
      title={t('recordMatch.title')}
      summary={
        data === undefined
          ? undefined
          : data.orders === 0
            ? t('recordMatch.summaryNone')
            : t('recordMatch.summary', {
                orders: formatCount(data.orders),
                passed: formatCount(data.passed),
                share,
                open: formatCount(data.open),
              })
      }
      actions={
        <>
          <KeyButton
            label={t('recordMatch.export')}
            keys="Ctrl+E"
            isDisabled={pages.total === 0}
            isBusy={write.status === 'running'}
            onPress={() => void saveBucket()}
          />
          <Button onClick={() => set({ at: '' })} disabled={at === undefined}>
            {t('recordMatch.overview')}
          </Button>
          <KeyButton kind="primary" label={t('recordMatch.run')} keys="F8" isBusy={!canRun} onPress={runAll} />
        </>
      }
      filters={<MoneyTabs active="recordMatch" />}
      notice={
        <>
          <ErrorNote error={run.error} onClose={run.clear} />
          <ErrorNote error={write.error} onClose={write.clear} />
          <ErrorNote error={reopen.error} onClose={reopen.clear} />
          {run.status === 'running' && run.progress !== undefined ? (
            <ProgressBar title={t('recordMatch.running')} progress={run.progress} onCancel={run.cancel} />
          ) : null}
          {isExcepting && ids.length > 0 ? (
            <ExceptionBar
              ids={ids}
              onDone={(count) => {
                setExcepting(false);
                setSelected([]);
                notify(t('recordMatch.accepted', { count, shown: formatCount(count) }));
                document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus({ preventScroll: true });
              }}
              onCancel={() => setExcepting(false)}
            />
          ) : null}
        </>
      }
    >
      <Split
        ratio={chosen === undefined ? 'even' : 'detail'}
        list={
          <div className="match-list">
            <div className="match-list-head">
              <Chips
                label={t('recordMatch.filter.state')}
                value={state}
                onChange={(value) => filterBy({ state: value === 'open' ? '' : value, code: '' })}
                chips={matchStates.map((value) => ({
                  value,
                  label: t(`recordMatch.state.${value}`),
                  count: counts[value],
                }))}
              />
              <SearchInput
                value={text}
                onChange={(value) => filterBy({ text: value })}
                placeholder={t('recordMatch.filter.text')}
                keyLabel={t('recordMatch.key.search')}
              />
            </div>
            {codeChips.length === 0 || state === 'settled' ? null : (
              <Chips
                label={t('recordMatch.filter.code')}
                value={code ?? ALL}
                onChange={(value) => filterBy({ code: value === ALL ? '' : value })}
                chips={[
                  { value: ALL, label: t('recordMatch.filter.all'), count: counts[state] },
                  ...codeChips.map((one) => ({ value: one.code, label: title(one.code), count: one.count })),
                ]}
              />
            )}
            <DataTable
              label={t('recordMatch.title')}
              pages={pages}
              columns={columns}
              rowKey={(row) => row.id}
              autoFocus
              activeKey={at}
              onActivate={(row) => set({ at: row.id })}
              onOpen={() => focusDetail()}
              selectedKeys={selected}
              onSelect={setSelected}
              empty={
                isFiltered ? (
                  <EmptyState
                    title={t('recordMatch.noMatch')}
                    actions={
                      <Button onClick={() => filterBy({ code: '', text: '' })}>{t('recordMatch.filter.clear')}</Button>
                    }
                  />
                ) : state !== 'open' ? (
                  <EmptyState title={t(`recordMatch.empty.${state}`)} />
                ) : data?.orders === 0 ? (
                  <EmptyState
                    title={t('recordMatch.empty.book')}
                    hint={t('recordMatch.empty.bookHint')}
                    actions={
                      <Button type="primary" onClick={() => navigate('import', { kind: 'payments' })}>
                        {t('recordMatch.importPayments')}
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState title={t('recordMatch.empty.open')} hint={t('recordMatch.empty.openHint')} />
                )
              }
            />
          </div>
        }
        detail={
          chosen === undefined ? (
            data === undefined ? undefined : (
              <MatchOverview summary={data} />
            )
          ) : (
            <OrderRecords
              key={chosen.orderNo}
              orderNo={chosen.orderNo}
              tags={
                <ToneTag
                  tone={chosen.state === 'open' ? 'rejected' : chosen.state === 'excepted' ? 'action' : 'accepted'}
                  label={t(`recordMatch.state.${chosen.state}`)}
                />
              }
              onAccept={chosen.state === 'open' ? except : undefined}
              onReopen={chosen.state === 'excepted' ? () => void openAgain() : undefined}
            />
          )
        }
      />
    </Page>
  );
}

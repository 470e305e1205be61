import { Button, Select } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf } from '../../../shared/contract/contract.ts';
import { documentKinds, documentStates } from '../../../shared/contract/filing.ts';
import { isTransitKind } from '../../../shared/drafting/transit.ts';
import { ruleTexts } from '../../../shared/rules/customs/texts.ts';
import { useCommandKey, useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code, Totals } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { FindingLevel, FindingList } from '../../components/FindingList.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { StateTag, ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { call, type RowOf, useCommand, useJob, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { RestoredNotice } from '../outbox/LeftBefore.tsx';
import { useFile } from '../risk/use-file.tsx';
import './declarations.css';
import { DocumentPane, type Jump } from './DocumentPane.tsx';
import { requireSpec } from './document-model.ts';
import { CopyPanel } from './entry/CopyPanel.tsx';
import { EntryPage } from './entry/EntryPage.tsx';
import { SavedViews } from './entry/SavedViews.tsx';
import { kindName, kindNumber } from './field-text.ts';
import { usePlaceLabel } from './place-label.ts';
import { QueueScore } from './QueueScore.tsx';
import { ReasonsPanel, type Reminders } from './ReasonsPanel.tsx';
import { useDocument } from './use-document.ts';

type Row = RowOf<'documents.list'>;
type Filter = Omit<InputOf<'documents.list'>, 'after' | 'limit'>;

const ALL = 'all';
const levels = ['reject', 'doubt'] as const;

const asParams = (params: RouteParams): RouteParams =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== ''));

/** The documents of the book: their list, or one of them in the editor. */
export function DeclarationsPage({ params }: PageProps) {
  const id = numberParam(params, 'id');
  if (id === undefined || textParam(params, 'edit') === undefined) return <DocumentsList params={params} />;
  return (
    <EntryPage
      id={id}
      onOpen={(next) => replaceParams({ ...params, id: next })}
      onClose={() => replaceParams(asParams({ ...params, edit: '' }))}
    />
  );
}

/** Every business document by kind, and beside the list the one under the cursor. */
function DocumentsList({ params }: { readonly params: RouteParams }) {
  const { t, i18n } = useTranslation();
  const commandKey = useCommandKey();
  const id = numberParam(params, 'id');
  const detail = useDocument(id);
  // A link may name only the document; the tab then follows from it.
  const kind =
    documentKinds.find((one) => one === textParam(params, 'kind')) ?? detail.document?.kind ?? 'CEB603Message';
  const state = documentStates.find((one) => one === textParam(params, 'state'));
  const level = levels.find((one) => one === textParam(params, 'level'));
  const shipmentId = numberParam(params, 'shipment');
  const isAsked = textParam(params, 'asked') !== undefined;
  /** What left in a month: where the statistics count it. */
  const sentIn = /^\d{4}-\d{2}$/.exec(textParam(params, 'sentIn') ?? '')?.[0];
  const text = textParam(params, 'text') ?? '';
  /** What checking and queueing work on: every kind of it, since a list is not filed without its order. */
  const scope: Filter = { ...(shipmentId === undefined ? {} : { shipmentId }), ...(text === '' ? {} : { text }) };
  const filter: Filter = {
    ...scope,
    kind,
    ...(state === undefined ? {} : { state }),
    ...(level === undefined ? {} : { level }),
    ...(isAsked ? { asked: true } : {}),
    ...(sentIn === undefined ? {} : { sentIn }),
  };

  const pages = usePages('documents.list', filter, { areas: ['documents', 'money', 'sync'] });
  const counts = useQuery('documents.counts', {}, { areas: ['documents', 'sync'] });
  const shipments = useQuery('shipments.list', { limit: 100 }, { areas: ['shipments'] });
  const countryName = useCodeNames(
    'country',
    pages.rows.flatMap(({ country }) => (country === undefined ? [] : [country])),
  );
  const check = useJob('documents.check');
  const queue = useJob('documents.queue');
  const exportFindings = useCommand('documents.exportFindings');
  const report = useFile('documents.printFindings');
  /** Reminders that want a reason before anything is queued. */
  const [reminders, setReminders] = useState<Reminders>();
  /** How many documents would be queued, while the question stands; undefined when it is not asked. */
  const [asking, setAsking] = useState<number>();
  const [jump, setJump] = useState<Jump>();
  const [problem, setProblem] = useState(0);
  const placeLabel = usePlaceLabel();

  const set = (change: RouteParams): void => {
    const next: RouteParams = { ...params, kind, ...change };
    replaceParams(asParams(next));
  };
  const [isCopying, setCopying] = useState(false);
  const unfinished = useQuery('entry.unfinished', {}, {});
  const current = pages.rows.find((row) => row.id === id);
  const edit = (of: number): void => set({ id: of, edit: 1 });
  const isDraft = (row: Row | undefined): boolean => row?.state === 'draft' || row?.state === 'checked';
  const activate = (next: number): void => {
    if (next !== id) {
      setJump(undefined);
      setProblem(0);
    }
    set({ id: next, tab: '' });
  };
  const jumpTo = (path: string): void => setJump((before) => ({ path, turn: (before?.turn ?? 0) + 1 }));
  const findings = detail.document?.findings ?? [];
  const hasDock = findings.length > 0;
  const nextProblem = (): void => {
    if (findings.length === 0) return;
    const at = jump === undefined ? 0 : (problem + 1) % findings.length;
    setProblem(at);
    const path = findings[at]?.path;
    if (path !== undefined) jumpTo(path);
  };

  const isBusy = check.status === 'running' || queue.status === 'running';
  const runCheck = async (): Promise<void> => {
    setAsking(undefined);
    queue.clear();
    await check.start(scope);
  };
  const askQueue = async (): Promise<void> => {
    const { total } = await call('documents.list', { ...scope, state: 'checked', limit: 1 });
    setAsking(total);
  };
  const runQueue = async (): Promise<void> => {
    setAsking(undefined);
    check.clear();
    const open = await call('documents.reminders', { ...scope, state: 'checked' });
    if (open.total > 0) setReminders(open);
    else await queueAll();
  };
  const queueAll = async (): Promise<void> => {
    setReminders(undefined);
    const result = await queue.start({ ...scope, state: 'checked', unexplained: 'hold' });
    // Checked once more on the way, it may have found what nobody was asked about.
    if (result === undefined || result.reasonHeld + result.riskHeld === 0) return;
    const open = await call('documents.reminders', { ...scope, state: 'checked' });
    if (open.total > 0) setReminders(open);
  };
  const writeFindings = async (): Promise<void> => {
    const to = await chooseSave(t('declarations.exportFindings'), t('declarations.findingsFile'), [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to === null) return;
    const answer = await exportFindings.run({ to: to.token });
    if (answer !== undefined) notify(t('declarations.exportedFindings', { n: formatCount(answer.rows) }));
  };
  const close = (): void => set({ id: '' });
  const leave = (): void => {
    if (reminders !== undefined) setReminders(undefined);
    else if (asking !== undefined) setAsking(undefined);
    else if (!focusList()) close();
  };
  const keys: Parameters<typeof useKeys>[0] = [
    { key: 'Enter', label: t('declarations.key.open'), isMain: true },
    {
      command: 'list.edit',
      run: () => {
        if (current !== undefined && isDraft(current)) edit(current.id);
        else if (current === undefined && unfinished.data?.id !== undefined) edit(unfinished.data.id);
      },
      isEnabled: !isCopying && (isDraft(current) || unfinished.data?.id !== undefined),
      isMain: true,
    },
    { command: 'list.copy', run: () => setCopying(true), isEnabled: !isCopying, isMain: true },
    {
      command: 'list.print',
      run: () => {
        if (current !== undefined) navigate('papers', { documentId: current.id });
      },
      isEnabled: !isCopying && current !== undefined,
    },
    { command: 'list.check', run: () => void runCheck(), isEnabled: !isBusy, isMain: true },
    {
      command: 'list.queue',
      run: () => void (asking === undefined ? askQueue() : asking > 0 ? runQueue() : setAsking(undefined)),
      isEnabled: !isBusy && reminders === undefined,
      isMain: true,
    },
    { command: 'list.problem', run: nextProblem, isEnabled: findings.length > 0, isMain: true },
    {
      command: 'list.reload',
      run: () => {
        pages.reload();
        counts.reload();
        detail.reload();
      },
    },
    { key: 'Esc', label: t('declarations.key.back'), run: leave },
  ];
  // While an earlier document is chosen, F7 and F8 of the list would work on what nobody sees.
  useKeys(isCopying ? [] : keys);

  const columns = useMemo((): Column<Row>[] => {
    const isList = kind === 'CEB603Message';
    const hasWeight = isList || kind === 'CEB505Message';
    const spec = requireSpec(kind);
    return [
      {
        id: 'state',
        title: t('declarations.column.state'),
        width: i18n.language === 'en' ? 148 : 126,
        render: (row) => (
          <span className="state-cell">
            <StateTag kind="document" state={row.state} />
            <Problems row={row} />
          </span>
        ),
      },
      {
        id: 'businessKey',
        title: t('declarations.column.businessKey'),
        render: (row) => (
          <span className="code code-tail" title={row.businessKey}>
            <bdi>{row.businessKey}</bdi>
          </span>
        ),
      },
      ...(spec.party === undefined
        ? []
        : [
            {
              id: 'party',
              title: t('declarations.column.party'),
              width: 168,
              render: (row: Row) => <span title={row.party}>{row.party}</span>,
            },
          ]),
      ...(spec.number === 'orderNo' || spec.family === 'fx' || spec.family === 'plat'
        ? []
        : [
            {
              id: 'orderNo',
              title: t('declarations.column.orderNo'),
              // With the others just what there is beside the pane at 1366 px, in English too.
              width: 76,
              render: (row: Row) => <Code>{row.orderNo}</Code>,
            },
          ]),
      ...(isList
        ? [
            {
              id: 'country',
              title: t('declarations.column.country'),
              width: 78,
              render: (row: Row) => (row.country === undefined ? '' : (countryName(row.country) ?? row.country)),
            },
          ]
        : []),
      ...(hasWeight
        ? ([
            {
              id: 'packages',
              title: t('declarations.column.packages'),
              width: 44,
              align: 'right',
              render: (row) => row.packages ?? '',
            },
            {
              id: 'grossWeight',
              title: t('declarations.column.grossWeight'),
              width: 72,
              align: 'right',
              render: (row) => formatAmount(row.grossWeight ?? '', 3),
            },
          ] satisfies Column<Row>[])
        : []),
      {
        id: 'amount',
        title: t(isList ? 'declarations.column.amount' : 'declarations.column.amountPlain'),
        width: 116,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={row.currency} />,
      },
    ];
  }, [t, i18n.language, kind, countryName]);

  const rows = counts.data?.counts ?? [];
  const kindCount = (one: (typeof documentKinds)[number]): number | undefined =>
    counts.data === undefined
      ? undefined
      : rows
          .filter((row) => row.kind === one && row.state !== 'superseded')
          .reduce((sum, row) => sum + row.documents, 0);
  // Messages there are documents of, and the one that is shown: the others are a choice away.
  const shownKinds = documentKinds.filter((one) => one === kind || (kindCount(one) ?? 0) > 0);
  // The tab of what is shown stands in sight, however many there are.
  const tabs = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: which tabs there are moves the active one as well
  useEffect(() => {
    tabs.current?.querySelector('.is-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [kind, shownKinds.length]);
  const states = documentStates.flatMap((one) => {
    const found = rows.find((row) => row.kind === kind && row.state === one);
    if (found === undefined && one !== state) return [];
    return [
      {
        value: one,
        label: t(`state.document.${one}`),
        ...(shipmentId === undefined && text === '' && sentIn === undefined ? { count: found?.documents ?? 0 } : {}),
      },
    ];
  });
  const isFiltered =
    isAsked ||
    sentIn !== undefined ||
    state !== undefined ||
    level !== undefined ||
    shipmentId !== undefined ||
    text !== '';
  const hasDocuments = rows.some((row) => row.documents > 0);
  const clear = (): void => replaceParams({ kind });

  if (isCopying)
    return (
      <CopyPanel
        kind={kind}
        number={current?.businessKey ?? detail.document?.businessKey ?? ''}
        onMade={(made) => set({ id: made, edit: 1, state: '', level: '' })}
        onClose={() => setCopying(false)}
      />
    );

  return (
    <Page
      title={t('declarations.title')}
      summary={
        pages.status === 'ready' ? (
          <>
            {kindName(kind, i18n.language)} <span className="code">{kind.replace('Message', '')}</span> ·{' '}
            {t('declarations.subtitle', { n: formatCount(pages.total) })} <Totals totals={pages.first?.totals ?? []} />
          </>
        ) : undefined
      }
      actions={
        <>
          {isTransitKind(kind) ? (
            <Button onClick={() => navigate('transit', asParams({ kind, text, shipment: shipmentId ?? '' }))}>
              {t('transit.title')}
            </Button>
          ) : null}
          <KeyButton command="list.copy" onPress={() => setCopying(true)} />
          <KeyButton
            command="list.edit"
            isDisabled={!isDraft(current)}
            onPress={() => {
              if (current !== undefined && isDraft(current)) edit(current.id);
            }}
          />
          <KeyButton command="list.check" isBusy={isBusy} onPress={() => void runCheck()} />
          <KeyButton kind="primary" command="list.queue" isBusy={isBusy} onPress={() => void askQueue()} />
        </>
      }
      filters={
        <>
          <div className="kind-tabs">
            <div className="kind-list" role="tablist" ref={tabs} aria-label={t('declarations.filter.kind')}>
              {shownKinds.map((one) => (
                <button
                  key={one}
                  type="button"
                  role="tab"
                  aria-selected={one === kind}
                  className={one === kind ? 'kind-tab is-active' : 'kind-tab'}
                  onClick={() => set({ kind: one, id: '', state: '' })}
                >
                  <span className="code">{kindNumber(one)}</span> {kindName(one, i18n.language)}{' '}
                  <span className="muted">{kindCount(one) === undefined ? '' : formatCount(kindCount(one) ?? 0)}</span>
                </button>
              ))}
            </div>
            <Select
              className="kind-more"
              variant="borderless"
              size="small"
              showSearch
              optionFilterProp="label"
              popupMatchSelectWidth={false}
              aria-label={t('declarations.filter.otherKind')}
              placeholder={t('declarations.filter.otherKind')}
              value={null}
              onChange={(next: string | null) => set({ kind: next ?? kind, id: '', state: '' })}
              options={documentKinds
                .filter((one) => one !== kind)
                .map((one) => ({ value: one, label: `${kindNumber(one)} ${kindName(one, i18n.language)}` }))}
            />
            <div className="tab-filters">
              <Select
                className="filter-select"
                aria-label={t('declarations.filter.shipment')}
                placeholder={t('declarations.filter.shipment')}
                allowClear
                showSearch
                optionFilterProp="label"
                value={shipmentId ?? null}
                onChange={(value) => set({ shipment: value ?? '' })}
                options={(shipments.data?.rows ?? []).map((row) => ({
                  value: row.id,
                  label: row.body.ieDate === '' ? row.shipmentNo : `${row.shipmentNo} · ${row.body.ieDate}`,
                }))}
              />
              <Select
                className="filter-select"
                aria-label={t('declarations.filter.level')}
                placeholder={t('declarations.filter.level')}
                allowClear
                value={level ?? null}
                onChange={(value) => set({ level: value ?? '' })}
                options={levels.map((one) => ({ value: one, label: t(`declarations.filter.level_${one}`) }))}
              />
              <SearchInput
                value={text}
                onChange={(value) => set({ text: value })}
                placeholder={t('declarations.filter.text')}
                keyLabel={t('declarations.key.search')}
              />
            </div>
          </div>
          <Chips
            label={t('declarations.filter.state')}
            value={state ?? ALL}
            onChange={(value) => set({ state: value === ALL ? '' : value })}
            chips={[{ value: ALL, label: t('declarations.filter.all') }, ...states]}
          />
          {sentIn === undefined ? null : (
            <ToneTag tone="draft" label={t('declarations.filter.sentIn', { month: sentIn })} />
          )}
          {isFiltered ? (
            <Button size="small" type="text" onClick={clear}>
              {t('declarations.filter.clear')}
            </Button>
          ) : null}
          <SavedViews
            params={asParams({ ...params, kind, id: '', edit: '', tab: '' })}
            onUse={(filter) => replaceParams(filter)}
          />
        </>
      }
      notice={
        <>
          {unfinished.data?.id === undefined ? null : (
            <div className="page-note" role="status">
              <ToneMark tone="action" />
              <span>
                {t('entry.unfinished', {
                  kind: kindName(unfinished.data.kind ?? '', i18n.language),
                  number: unfinished.data.businessKey,
                  at: formatRecent(unfinished.data.at ?? ''),
                })}
              </span>
              <span className="spacer" />
              <Button size="small" type="primary" onClick={() => edit(unfinished.data?.id ?? 0)}>
                {t('entry.goOn')}
              </Button>
              <Button
                size="small"
                type="text"
                onClick={() => void call('entry.close', { id: unfinished.data?.id ?? 0 }).then(unfinished.reload)}
              >
                {t('common.close')}
              </Button>
            </div>
          )}
          <RestoredNotice {...(isAsked && pages.status === 'ready' ? { shown: { filter, total: pages.total } } : {})} />
          <ErrorNote error={check.error} onClose={check.clear} />
          <ErrorNote error={queue.error} onClose={queue.clear} />
          <ErrorNote error={exportFindings.error} onClose={exportFindings.clear} />
          {report.notice}
          {check.status === 'running' ? (
            <ProgressBar title={t('declarations.checkRunning')} progress={check.progress} onCancel={check.cancel} />
          ) : null}
          {queue.status === 'running' ? (
            <ProgressBar title={t('declarations.queueRunning')} progress={queue.progress} onCancel={queue.cancel} />
          ) : null}
          {check.status === 'cancelled' || queue.status === 'cancelled' ? (
            <p className="page-note">{t('declarations.stopped')}</p>
          ) : null}
          {asking === undefined ? null : (
            <div className="page-note" role="alert">
              <ToneMark tone="action" />
              <span>
                {asking === 0
                  ? t('declarations.queueNone')
                  : t('declarations.queueConfirm', { n: formatCount(asking) })}
              </span>
              {asking === 0 || shipmentId === undefined ? null : <QueueScore shipmentId={shipmentId} />}
              <span className="spacer" />
              {asking === 0 ? null : (
                <KeyButton
                  kind="primary"
                  label={t('declarations.queueYes')}
                  keys={commandKey('list.queue').key}
                  onPress={() => void runQueue()}
                />
              )}
              <KeyButton label={t('common.close')} keys="Esc" onPress={() => setAsking(undefined)} />
            </div>
          )}
          {reminders === undefined ? null : (
            <ReasonsPanel
              reminders={reminders}
              filter={{ ...scope, state: 'checked' }}
              onDone={queueAll}
              onClose={() => setReminders(undefined)}
            />
          )}
          {check.result === undefined || asking !== undefined ? null : (
            <CheckSummary
              result={check.result}
              onExport={() => void writeFindings()}
              isExporting={exportFindings.isRunning}
              hasDock={hasDock}
              onClose={check.clear}
            />
          )}
          {queue.result === undefined ? null : (
            <div className="page-note" role="status">
              <ToneTag
                tone={queue.result.documents > 0 ? 'accepted' : 'action'}
                label={
                  queue.result.documents > 0
                    ? t('declarations.queueSummary', {
                        documents: formatCount(queue.result.documents),
                        messages: formatCount(queue.result.messages),
                        held: formatCount(queue.result.held),
                      })
                    : t('declarations.queueNone')
                }
              />
              {queue.result.matchHeld + queue.result.matchDoubts > 0 ? (
                <>
                  <ToneTag
                    tone={queue.result.matchHeld > 0 ? 'rejected' : 'action'}
                    label={t('declarations.queueMatch', {
                      held: formatCount(queue.result.matchHeld),
                      doubts: formatCount(queue.result.matchDoubts),
                    })}
                  />
                  <Button size="small" onClick={() => navigate('recordMatch')}>
                    {t('declarations.toMatch')}
                  </Button>
                </>
              ) : null}
              {queue.result.reasonHeld + queue.result.riskHeld > 0 ? (
                <ToneTag
                  tone="action"
                  label={t('declarations.reasons.held', {
                    n: formatCount(queue.result.reasonHeld + queue.result.riskHeld),
                  })}
                />
              ) : null}
              {queue.result.reviewHeld > 0 ? (
                <>
                  <ToneTag tone="action" label={t('broker.review.held', { n: formatCount(queue.result.reviewHeld) })} />
                  <Button size="small" onClick={() => navigate('review')}>
                    {t('broker.review.toReview')}
                  </Button>
                </>
              ) : null}
              <span className="spacer" />
              {queue.result.documents > 0 ? (
                <Button size="small" onClick={() => navigate('outbox')}>
                  {t('declarations.toOutbox')}
                </Button>
              ) : null}
              <Button size="small" type="text" onClick={queue.clear}>
                {t('common.close')}
              </Button>
            </div>
          )}
        </>
      }
      dock={
        !hasDock || detail.document === undefined ? undefined : (
          <>
            <FindingList
              findings={findings}
              activeAt={problem}
              labelOf={(finding) =>
                detail.document === undefined ? '' : placeLabel(detail.document.kind, finding.path)
              }
              onJump={(finding) => {
                setProblem(findings.indexOf(finding));
                jumpTo(finding.path);
              }}
            />
            <p className="finding-foot">
              <button
                type="button"
                className="link"
                onClick={() =>
                  void report.write(
                    t('declarations.reasons.reportName', { number: detail.document?.businessKey ?? '' }),
                    { documentId: detail.document?.id },
                  )
                }
              >
                {t('declarations.reasons.report')}
              </button>
            </p>
          </>
        )
      }
    >
      <Split
        list={
          <DataTable
            label={t('declarations.title')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(row) => activate(row.id)}
            onOpen={(row) => {
              if (isDraft(row)) {
                edit(row.id);
                return;
              }
              activate(row.id);
              focusDetail('[data-path]');
            }}
            empty={
              isFiltered || hasDocuments ? (
                <EmptyState
                  title={t('declarations.noMatch.title')}
                  hint={t('declarations.noMatch.hint')}
                  actions={isFiltered ? <Button onClick={clear}>{t('declarations.filter.clear')}</Button> : undefined}
                />
              ) : (
                <EmptyState
                  title={t('declarations.empty.title')}
                  hint={t('declarations.empty.hint')}
                  actions={
                    <Button type="primary" onClick={() => navigate('shipments')}>
                      {t('declarations.empty.action')}
                    </Button>
                  }
                />
              )
            }
          />
        }
        detail={
          hasDocuments || id !== undefined ? (
            <DocumentPane
              state={detail}
              hasId={id !== undefined}
              startTab={textParam(params, 'tab')}
              jump={jump}
              onJump={jumpTo}
              // A new version or a sibling need not match the state or level that is filtered by.
              onOpen={(next, nextKind) => set({ kind: nextKind, id: next, state: '', level: '' })}
              onClose={close}
            />
          ) : undefined
        }
      />
    </Page>
  );
}

/** What still stands in a draft's way, beside its state: findings by the worst level, or that its sources changed. */
function Problems({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  if (row.rejectFindings > 0)
    return <ToneNumber tone="rejected" n={row.rejectFindings} title={t('declarations.filter.level_reject')} />;
  if (row.doubtFindings > 0)
    return <ToneNumber tone="action" n={row.doubtFindings} title={t('declarations.filter.level_doubt')} />;
  return row.stale ? <span className="tone-action">{t('declarations.stale.tag')}</span> : null;
}

function ToneNumber({
  tone,
  n,
  title,
}: {
  readonly tone: 'rejected' | 'action';
  readonly n: number;
  readonly title: string;
}) {
  return (
    <span className={`finding-count tone-${tone}`} title={`${title}: ${n}`}>
      <ToneMark tone={tone} /> {n}
    </span>
  );
}

interface CheckSummaryProps {
  readonly result: NonNullable<ReturnType<typeof useJob<'documents.check'>>['result']>;
  readonly onExport: () => void;
  readonly isExporting: boolean;
  /** Findings of the chosen document are shown below: the rules fold, so that it keeps its room. */
  readonly hasDock: boolean;
  readonly onClose: () => void;
}

/** What the check of all found, by rule. */
function CheckSummary({ result, onExport, isExporting, hasDock, onClose }: CheckSummaryProps) {
  const { t, i18n } = useTranslation();
  const { documents, clean, reject, doubt, rules } = result;
  const [wanted, setWanted] = useState<boolean>();
  const isOpen = wanted ?? !hasDock;
  return (
    <section className="check-summary" role="status">
      <header>
        <ToneTag
          tone={reject > 0 ? 'rejected' : doubt > 0 ? 'action' : 'accepted'}
          label={
            documents === 0
              ? t('declarations.checkNone')
              : t('declarations.checkSummary', {
                  documents: formatCount(documents),
                  clean: formatCount(clean),
                  reject: formatCount(reject),
                  doubt: formatCount(doubt),
                })
          }
        />
        <span className="spacer" />
        <Button size="small" type="text" onClick={() => navigate('checks')}>
          {t('command.checks')}
        </Button>
        {rules.length === 0 ? null : (
          <>
            <Button size="small" type="text" aria-expanded={isOpen} onClick={() => setWanted(!isOpen)}>
              {t(isOpen ? 'declarations.checkRulesHide' : 'declarations.checkRulesShow', {
                n: formatCount(rules.length),
              })}
            </Button>
            <Button size="small" loading={isExporting} onClick={onExport}>
              {t('declarations.exportFindings')}
            </Button>
          </>
        )}
        <Button size="small" type="text" onClick={onClose}>
          {t('common.close')}
        </Button>
      </header>
      {rules.length === 0 || !isOpen ? null : (
        <ul>
          {rules.map(({ rule, level, documents: n }) => (
            <li key={`${rule} ${level}`}>
              <FindingLevel level={level} />
              <span className="code">{rule}</span>
              <span className="check-rule">
                {ruleTexts[i18n.language === 'en' ? 'en' : 'zh-CN'][rule]?.title ?? ''}
              </span>
              <span className="muted">{t('declarations.checkRuleDocuments', { n: formatCount(n) })}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

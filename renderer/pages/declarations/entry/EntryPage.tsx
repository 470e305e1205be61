import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingView } from '../../../../shared/contract/common.ts';
import type { EntryLayout, EntryPlace } from '../../../../shared/contract/entry.ts';
import type { ContractError } from '../../../../shared/contract/operation.ts';
import { type FieldSpec, headOf, linesOf, type MessageSpec, pathOf } from '../../../../shared/documents/spec.ts';
import { lineNumberField, partAt } from '../../../../shared/drafting/edit.ts';
import { format5, parse5, tryParse5 } from '../../../../shared/money/decimal.ts';
import { hiddenBySets } from '../../../../shared/rules/entry/field-sets.ts';
import { isComposing, useCommandKey, useKeys } from '../../../app/keys.ts';
import { navigate } from '../../../app/route-store.ts';
import { pageOf } from '../../../app/routes.tsx';
import { Amount } from '../../../components/Amount.tsx';
import { Skeleton } from '../../../components/EmptyState.tsx';
import { ErrorNote } from '../../../components/ErrorNote.tsx';
import { chooseSave } from '../../../components/FilePicker.tsx';
import { FindingLevel, FindingList, findingText } from '../../../components/FindingList.tsx';
import { KeyButton } from '../../../components/KeyButton.tsx';
import { lookupsSettled } from '../../../components/lookups.ts';
import { Page } from '../../../components/Page.tsx';
import { ProgressBar } from '../../../components/ProgressBar.tsx';
import { StateTag, ToneMark, ToneTag } from '../../../components/StateTag.tsx';
import { call, errorOf, useAreaChanges, useCommand, useJob } from '../../../core-client.ts';
import { formatAmount, formatCount, formatInstant } from '../../../i18n/format.ts';
import { notify } from '../../../stores/notice-store.ts';
import { useSession } from '../../../stores/session-store.ts';
import { ReviewSection } from '../../broker/ReviewSection.tsx';
import { useFile } from '../../risk/use-file.tsx';
import { documentTotals, fieldAt, requireSpec } from '../document-model.ts';
import { kindName } from '../field-text.ts';
import { usePlaceLabel } from '../place-label.ts';
import { ReasonsPanel, type Reminders } from '../ReasonsPanel.tsx';
import { RejectionReasons } from '../RejectionReasons.tsx';
import './entry.css';
import { typeInto } from './EntryInput.tsx';
import {
  askedFields,
  clientOf,
  gridColumns,
  headSections,
  hiddenRequired,
  isWritable,
  lineOf,
  type SectionCount,
  type SectionName,
  sectionCounts,
  spotOf,
  unknownTexts,
} from './entry-model.ts';
import { EntrySession, type Opened } from './entry-session.ts';
import { EntryClock, type EntryStart, noteEntryTime } from './entry-times.ts';
import { GoodsGrid, type GridHandle } from './GoodsGrid.tsx';
import { HeadSections } from './HeadSections.tsx';
import { MinePanel } from './MinePanel.tsx';
import { PartSections } from './PartSections.tsx';
import { ElementsPanel, HelpPanel, LayoutPanel, SaveTemplatePanel, SidePanel, TemplatePanel } from './SidePanels.tsx';

interface Props {
  readonly id: number;
  /** Back to the list. */
  readonly onClose: () => void;
  readonly onOpen: (id: number) => void;
}

/** A document in the editor: read once, then entered by {@link EntrySession}. */
export function EntryPage({ id, onClose, onOpen }: Props) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState<{ readonly data: Opened; readonly session: EntrySession }>();
  const [error, setError] = useState<ContractError>();
  const [turn, setTurn] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks for another read
  useEffect(() => {
    let isCurrent = true;
    let session: EntrySession | undefined;
    setError(undefined);
    call('entry.open', { id }).then(
      (data) => {
        if (!isCurrent) return;
        session = new EntrySession(data, requireSpec(data.kind), useSession.getState().profile?.bookId ?? '');
        setOpened({ data, session });
      },
      (thrown: unknown) => {
        if (isCurrent) setError(errorOf(thrown));
      },
    );
    return () => {
      isCurrent = false;
      session?.dispose();
    };
  }, [id, turn]);
  useKeys([{ key: 'Esc', label: t('entry.key.back'), run: onClose }]);
  if (opened === undefined || opened.data.id !== id)
    return (
      <Page title={t('entry.title')}>
        {error === undefined ? <Skeleton rows={14} /> : <ErrorNote error={error} onRetry={() => setTurn(turn + 1)} />}
      </Page>
    );
  return <Editor key={id} opened={opened.data} session={opened.session} onClose={onClose} onOpen={onOpen} />;
}

type Panel = 'help' | 'template' | 'save-template' | 'layout' | 'elements' | 'mine' | 'review';

/** Where the cursor is wanted; the turn lets the same place be asked for again. */
interface Wanted extends EntryPlace {
  readonly turn: number;
}

const SHOWN_FINDINGS = 40;

/** Which fields the kind of filing leaves out of the form, why, and by what rule; one press brings them back. */
function LeftOut({
  spec,
  sets,
  onShow,
}: {
  readonly spec: MessageSpec;
  readonly sets: ReturnType<typeof hiddenBySets>;
  readonly onShow: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [isExplained, setExplained] = useState(false);
  if (sets.length === 0) return null;
  const isZh = i18n.language === 'zh-CN';
  const named = (field: string): string => {
    const found = spec.head.fields.find(({ name }) => name === field);
    return (isZh ? found?.zh : found?.en) ?? field;
  };
  const fields = sets.flatMap((set) => set.fields.map(named));
  return (
    <div className="entry-left-out muted" role="note">
      <p>
        {t('entry.leftOut', { n: formatCount(fields.length), fields: fields.join(t('entry.comma')) })}{' '}
        <button
          type="button"
          className="link"
          tabIndex={-1}
          aria-expanded={isExplained}
          onClick={() => setExplained(!isExplained)}
        >
          {t('entry.whyLeftOut')}
        </button>{' '}
        <button type="button" className="link" tabIndex={-1} onClick={onShow}>
          {t('entry.showLeftOut')}
        </button>
      </p>
      {isExplained
        ? sets.map((set) => (
            <p key={set.id}>
              {set.fields.map(named).join(t('entry.comma'))}
              {t('entry.colon')}
              {isZh ? set.why.zh : set.why.en} {t('entry.leftOutSource', { source: set.source })}
            </p>
          ))
        : null}
    </div>
  );
}

function Editor({
  opened,
  session,
  onClose,
  onOpen,
}: {
  readonly opened: Opened;
  readonly session: EntrySession;
  readonly onClose: () => void;
  readonly onOpen: (id: number) => void;
}) {
  const { t, i18n } = useTranslation();
  const { kind, isLoose } = opened;
  const spec: MessageSpec = requireSpec(kind);
  const snapshot = useSyncExternalStore(session.subscribe, session.snapshot);
  const { body, checked } = snapshot;
  const isDraft = checked.state === 'draft' || checked.state === 'checked';
  const { approval } = checked;
  /** What the checker has approved is read like what has left, until it is reopened with a reason. */
  const isOpen = isDraft && approval === undefined;
  const [layout, setLayout] = useState<EntryLayout>(opened.layout);
  const [showsRest, setShowsRest] = useState(false);
  const [showsRuled, setShowsRuled] = useState(false);
  const [forced, setForced] = useState<ReadonlySet<string>>(new Set());
  const [panel, setPanel] = useState<Panel>();
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState(-1);
  /** Reminders that want a reason before the document is queued. */
  const [reminders, setReminders] = useState<Reminders>();
  const [wanted, setWanted] = useState<Wanted>();
  const root = useRef<HTMLDivElement>(null);
  const grid = useRef<GridHandle>(null);
  const queue = useJob('documents.queue');
  const placeLabel = usePlaceLabel();
  const commandKey = useCommandKey();
  const exportFindings = useCommand('documents.exportFindings');
  const report = useFile('documents.printFindings');
  const clock = useRef(new EntryClock());
  const begun = useRef<EntryStart>(opened.unconfirmed.length > 0 ? 'copy' : 'plain');

  /** The line the cursor was in last: its groups are shown. */
  const lineNow = useRef(1);
  lineNow.current = lineOf(spec, path) ?? lineNow.current;
  const head = headOf(spec, body);
  const lines = linesOf(spec, body);
  // What the kind of filing leaves out follows what is typed; a field with a value or a finding stays in sight.
  const ruled = showsRuled ? [] : hiddenBySets(opened.fieldSets, head, askedFields(spec, layout, checked.findings));
  const ruledKeys = ruled.flatMap(({ fields }) => fields.map((field) => `head/${field}`)).join(' ');
  const sections = useMemo(
    () => headSections(spec, { ...layout, hidden: [...layout.hidden, ...ruledKeys.split(' ')] }),
    [spec, layout, ruledKeys],
  );
  // What the lines had when the document was opened decides which optional columns there are: they do not come and go under the hand.
  const columns = useMemo(
    () => gridColumns(spec, layout, linesOf(spec, opened.body), forced),
    [spec, layout, forced, opened],
  );
  const levels = useMemo(() => {
    const found = new Map<string, 'reject' | 'doubt'>();
    for (const { path: at, level, rule } of checked.findings) {
      if (level === 'note' || rule === 'ENTRY-CONFIRM') continue;
      if (level === 'reject' || !found.has(at)) found.set(at, level);
    }
    return found;
  }, [checked.findings]);
  const unconfirmed = useMemo(() => new Set(snapshot.unconfirmed), [snapshot.unconfirmed]);
  const unknown = useMemo(() => unknownTexts(spec, checked.findings), [spec, checked.findings]);
  const marked = useMemo(() => new Set(checked.marked), [checked.marked]);
  const counts = useMemo(() => sectionCounts(spec, sections, checked.findings), [spec, sections, checked.findings]);
  // Approved and marked elsewhere on the desk: looked at again where it matters.
  useAreaChanges(panel === 'review' || (isDraft && !isOpen) ? ['documents'] : [], () => void session.refresh());
  const hidden = hiddenRequired(spec, layout);
  const totals = documentTotals(kind, body);
  /** For whom codes are taken: what this client had last comes first. */
  const recentFor = clientOf(spec, head);

  const isInPart = (at: string): boolean => partAt(spec, at) !== undefined;
  const go = (place: EntryPlace): void => {
    if (isInPart(place.path)) {
      setShowsRest(true);
      setWanted((before) => ({ ...place, turn: (before?.turn ?? 0) + 1 }));
      return;
    }
    const spot = spotOf(place.path);
    if (spot === undefined) return;
    if (spot.line === undefined && !sections.main.some(({ name }) => name === spot.field)) setShowsRest(true);
    if (spot.line !== undefined && !columns.some(({ name }) => name === spot.field))
      setForced(new Set([...forced, spot.field]));
    setWanted((before) => ({ ...place, turn: (before?.turn ?? 0) + 1 }));
  };
  // Where it was left, typed text and caret included; a document never entered begins in its first field.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the document opens
  useEffect(() => {
    const first = sections.main.find((field) => isWritable(spec, field, isLoose));
    go(session.start ?? { path: first === undefined ? '' : pathOf(spec, first.name) });
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs for each wish, after what it needs is drawn
  useEffect(() => {
    if (wanted === undefined) return;
    const spot = isInPart(wanted.path) ? undefined : spotOf(wanted.path);
    if (spot === undefined && !isInPart(wanted.path)) return;
    if (spot?.line !== undefined) {
      grid.current?.goTo(spot.line, spot.field, wanted.typed, wanted.caret);
      return;
    }
    const input = root.current?.querySelector<HTMLInputElement>(`[data-path="${CSS.escape(wanted.path)}"] input`);
    if (input === null || input === undefined) return;
    input.focus();
    input.scrollIntoView({ block: 'nearest' });
    if (wanted.typed !== undefined && !input.readOnly) typeInto(input, wanted.typed, wanted.caret);
  }, [wanted?.turn]);

  const firstHead = (): void => {
    const first = sections.main.find((field) => isWritable(spec, field, isLoose));
    if (first !== undefined) go({ path: pathOf(spec, first.name) });
  };
  const goods = (): void => {
    if (spec.lines === undefined) firstHead();
    else if (lines.length === 0 && isOpen) {
      session.apply([{ op: 'insert', at: 1, lines: [{}] }], session.at);
      go({ path: pathOf(spec, columns[0]?.name ?? '', 1) });
    } else grid.current?.focus();
  };

  /** Lines at the end that were begun by Enter and never filled are not part of the document. */
  const trimLines = (): void => {
    const number = lineNumberField(spec);
    const current = linesOf(spec, session.snapshot().body);
    let count = 0;
    while (count < current.length) {
      const line = current[current.length - 1 - count] ?? {};
      if (Object.entries(line).some(([name, value]) => name !== number && (value ?? '') !== '')) break;
      count += 1;
    }
    if (count > 0 && isOpen) session.apply([{ op: 'delete', at: current.length - count + 1, count }], session.at);
  };
  /** A field gives up what is typed in it when it is left; a code may still have to be looked up. */
  const settle = async (isLeaving = true): Promise<void> => {
    const active = document.activeElement;
    if (active instanceof HTMLElement) active.blur();
    // Staying, the cursor is back at once: what is typed meanwhile belongs to the field.
    if (!isLeaving && active instanceof HTMLElement) active.focus({ preventScroll: true });
    await lookupsSettled();
    trimLines();
    await session.flush();
  };
  const back = async (): Promise<void> => {
    if (panel !== undefined) {
      closePanel();
      return;
    }
    await settle();
    if (session.saving().kind === 'failed') return;
    await call('entry.close', { id: session.id });
    onClose();
  };
  const closePanel = (): void => {
    setPanel(undefined);
    go({ path: session.at });
  };
  const open = (next: Panel): void => {
    if (panel === next) closePanel();
    else setPanel(next);
  };
  /** Leads to the first place that stands in the way. */
  const firstProblem = (): void => {
    const { findings } = session.snapshot().checked;
    const first = findings.findIndex(({ level }) => level === 'reject');
    if (first >= 0) goToFinding(first);
  };
  const check = async (isQueueing = false): Promise<boolean> => {
    const at = session.at;
    await settle(false);
    // Every save was checked; queueing checks once more by itself.
    if (isOpen && !isQueueing) await session.check();
    const { findings } = session.snapshot().checked;
    const rejects = findings.filter(({ level }) => level === 'reject').length;
    // Whoever has gone on meanwhile is not called back.
    if (rejects > 0 && session.at === at) firstProblem();
    if (isQueueing && rejects === 0) return true;
    notify(
      findings.length === 0
        ? t('entry.clean')
        : t('entry.found', { rejects: formatCount(rejects), others: formatCount(findings.length - rejects) }),
    );
    return rejects === 0;
  };
  const nextProblem = (): void => {
    const { findings } = session.snapshot().checked;
    if (findings.length === 0) return;
    // The carried-over facts are one finding over many places: it is left only when none is amber any more.
    const isAmber = findings[problem]?.rule === 'ENTRY-CONFIRM' && session.snapshot().unconfirmed.length > 0;
    goToFinding(isAmber ? problem : (problem + 1) % findings.length);
  };
  const goToFinding = (at: number): void => {
    setProblem(at);
    const finding = session.snapshot().checked.findings[at];
    const target = finding?.rule === 'ENTRY-CONFIRM' ? session.snapshot().unconfirmed[0] : finding?.path;
    if (target !== undefined) go({ path: target });
  };
  const ofCase = { caseOf: session.id, state: 'checked' } as const;
  const file = async (): Promise<void> => {
    if (!(await check(true))) return;
    const open = await call('documents.reminders', ofCase);
    if (open.total > 0) setReminders(open);
    else await send();
  };
  const send = async (): Promise<void> => {
    setReminders(undefined);
    const result = await queue.start({ ...ofCase, unexplained: 'hold' });
    if (result === undefined) return;
    if (result.reasonHeld + result.riskHeld > 0) {
      // Checked once more on the way, it has found what nobody was asked about.
      notify(t('declarations.reasons.again'));
      await session.refresh();
      setReminders(await call('documents.reminders', ofCase));
      return;
    }
    if (result.documents === 0) {
      notify(result.reviewHeld > 0 ? t('broker.review.heldNotice') : t('entry.held', { n: result.held }));
      return;
    }
    await call('entry.close', { id: session.id });
    const { keys, ms } = clock.current;
    noteEntryTime({ kind, start: begun.current, lines: linesOf(spec, session.snapshot().body).length, keys, ms });
    notify(t('entry.queued', { n: formatCount(result.documents), number: checked.businessKey }));
    onClose();
  };
  const print = async (): Promise<void> => {
    await settle();
    navigate('papers', { documentId: session.id });
  };
  const neighbour = async (by: 1 | -1): Promise<void> => {
    let after: string | undefined;
    const ids: number[] = [];
    do {
      const page = await call('documents.list', { kind, limit: 500, ...(after === undefined ? {} : { after }) });
      ids.push(...page.rows.map((row) => row.id));
      after = page.nextCursor;
    } while (after !== undefined && ids.indexOf(session.id) < 0);
    const next = ids[ids.indexOf(session.id) + by];
    if (next === undefined) {
      notify(t('entry.noNeighbour'));
      return;
    }
    await settle();
    await call('entry.close', { id: session.id });
    onOpen(next);
  };
  const undo = (by: -1 | 1): void => {
    // What is being typed goes first: it is not part of the document yet.
    if (by === -1 && grid.current?.giveUp() === true) return;
    const active = document.activeElement;
    if (by === -1 && active instanceof HTMLInputElement && active.dataset['typing'] === 'true') {
      active.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
      return;
    }
    const to = session.step(by);
    if (to === undefined) notify(t(by === -1 ? 'entry.noUndo' : 'entry.noRedo'));
    else go({ path: to });
  };
  const writable = (field: FieldSpec): boolean => isWritable(spec, field, isLoose);
  const noteTemplate = (): void => {
    begun.current = 'template';
  };
  const here = fieldAt(kind, path);
  const canTake = here !== undefined && (isInPart(path) || lineOf(spec, path) !== undefined || writable(here));
  const writeFindings = async (): Promise<void> => {
    const name = `${checked.businessKey} ${t('declarations.findingsFile')}`;
    const to = await chooseSave(t('declarations.exportFindings'), name, [{ name: 'Excel', extensions: ['xlsx'] }]);
    if (to === null) return;
    const answer = await exportFindings.run({ documentId: session.id, to: to.token });
    if (answer !== undefined) notify(t('declarations.exportedFindings', { n: formatCount(answer.rows) }));
  };
  const hasPapers = pageOf('papers') !== undefined;

  useKeys([
    { key: 'Enter', label: t('entry.key.next'), isMain: true },
    { key: 'Ctrl+Enter', label: t('entry.key.section'), isMain: true },
    { command: 'entry.help', run: () => open('help') },
    { command: 'entry.lookup' },
    { command: 'entry.template', run: () => open('template'), isEnabled: isOpen },
    { command: 'entry.mine', run: () => open('mine') },
    { command: 'entry.check', run: () => void check(), isMain: true },
    {
      command: 'entry.queue',
      run: () => void file(),
      isEnabled: isDraft && queue.status !== 'running' && reminders === undefined,
      isMain: true,
    },
    { command: 'entry.print', run: () => void print(), isEnabled: hasPapers },
    {
      command: 'entry.problem',
      run: nextProblem,
      isEnabled: checked.findings.length > 0,
      isMain: true,
    },
    { command: 'entry.previous', run: () => void neighbour(1) },
    { command: 'entry.following', run: () => void neighbour(-1) },
    { command: 'entry.saveTemplate', run: () => open('save-template') },
    { command: 'entry.undo', run: () => undo(-1), isEnabled: isOpen },
    { command: 'entry.redo', run: () => undo(1), isEnabled: isOpen },
    { command: 'entry.layout', run: () => open('layout') },
    { command: 'entry.review', run: () => open('review') },
    { key: 'Esc', label: t('entry.key.back'), run: () => void back(), isMain: true },
  ]);

  const amber = snapshot.unconfirmed.length;
  const findings = checked.findings;
  const max = spec.lines?.max ?? 0;
  const due = opened.amountDue;
  const missing =
    due === undefined || totals.lineTotal === undefined ? 0n : parse5(due) - (tryParse5(totals.lineTotal) ?? 0n);
  return (
    <div ref={root} className="entry-page" data-page="entry">
      <Page
        title={
          <>
            {kindName(kind, i18n.language)} <span className="code">{checked.businessKey}</span>
          </>
        }
        summary={
          <span className="entry-summary">
            <StateTag kind="document" state={checked.state} />
            <Saving session={session} />
            {approval === undefined ? null : (
              <ToneTag tone="accepted" label={t('entry.approvedBy', { name: approval.by })} />
            )}
            {marked.size === 0 ? null : (
              <button type="button" className="link tone-rejected" onClick={() => open('review')}>
                {t('entry.marks', { n: formatCount(marked.size) })}
              </button>
            )}
            {amber === 0 ? null : <ToneTag tone="action" label={t('entry.unconfirmed', { n: formatCount(amber) })} />}
            {hidden.length === 0 ? null : (
              <button type="button" className="link tone-rejected" onClick={() => open('layout')}>
                {t('entry.hiddenRequired', { n: hidden.length })}
              </button>
            )}
          </span>
        }
        actions={
          <>
            <KeyButton command="entry.layout" onPress={() => open('layout')} />
            <KeyButton command="entry.template" isDisabled={!isOpen} onPress={() => open('template')} />
            <KeyButton command="entry.check" onPress={() => void check()} />
            <KeyButton
              kind="primary"
              command="entry.queue"
              isDisabled={!isDraft || reminders !== undefined}
              isBusy={queue.status === 'running'}
              onPress={() => void file()}
            />
          </>
        }
        notice={
          <>
            {isDraft && approval !== undefined ? <Frozen session={session} by={approval.by} at={approval.at} /> : null}
            {isDraft && opened.sentBack !== undefined ? (
              <section className="rejection" role="note" aria-label={t('entry.sentBack')}>
                <p>{t('entry.sentBack')}</p>
                <RejectionReasons {...{ kind, body, ...opened.sentBack }} onJump={(at) => go({ path: at })} />
              </section>
            ) : null}
            <ErrorNote error={snapshot.error} onClose={() => session.clearError()} />
            <SaveTrouble session={session} />
            <ErrorNote error={queue.error} onClose={queue.clear} />
            <ErrorNote error={exportFindings.error} onClose={exportFindings.clear} />
            {report.notice}
            {reminders === undefined ? null : (
              <ReasonsPanel
                reminders={reminders}
                filter={ofCase}
                onDone={send}
                onClose={() => {
                  setReminders(undefined);
                  go({ path: session.at });
                }}
              />
            )}
            {queue.status === 'running' ? (
              <ProgressBar title={t('declarations.queueRunning')} progress={queue.progress} onCancel={queue.cancel} />
            ) : null}
          </>
        }
        dock={
          findings.length === 0 ? undefined : (
            <>
              <FindingList
                findings={findings.slice(0, SHOWN_FINDINGS)}
                activeAt={Math.max(0, problem)}
                labelOf={(finding) => placeLabel(kind, finding.path)}
                onJump={(finding) => goToFinding(findings.indexOf(finding))}
              />
              <p className="muted entry-more">
                {findings.length > SHOWN_FINDINGS
                  ? t('entry.moreFindings', { n: formatCount(findings.length - SHOWN_FINDINGS) })
                  : null}{' '}
                <button type="button" className="link" tabIndex={-1} onClick={() => void writeFindings()}>
                  {t('declarations.exportFindings')}
                </button>{' '}
                <button
                  type="button"
                  className="link"
                  tabIndex={-1}
                  onClick={() =>
                    void report.write(t('declarations.reasons.reportName', { number: checked.businessKey }), {
                      documentId: session.id,
                    })
                  }
                >
                  {t('declarations.reasons.report')}
                </button>
              </p>
            </>
          )
        }
      >
        <div className="entry-body" onKeyDownCapture={() => clock.current.key(performance.now())}>
          <div className="entry-main">
            <SectionBar
              counts={counts}
              now={lineOf(spec, path) === undefined ? 'head' : 'goods'}
              onGo={(name, first) => {
                if (first !== undefined) goToFinding(findings.findIndex((one) => one.path === first));
                else if (name === 'goods') goods();
                else if (name === 'main') firstHead();
                else setShowsRest(true);
              }}
            />
            <HeadSections
              session={session}
              recentFor={recentFor}
              spec={spec}
              sections={sections}
              showsRest={showsRest}
              values={head}
              isOpen={isOpen}
              isLoose={isLoose}
              levels={levels}
              unconfirmed={unconfirmed}
              unknown={unknown}
              marked={marked}
              onPath={setPath}
              onToggleRest={() => setShowsRest(!showsRest)}
              onGoods={goods}
              partCount={(spec.parts ?? []).length}
              parts={
                spec.parts === undefined ? null : (
                  <PartSections
                    session={session}
                    recentFor={recentFor}
                    spec={spec}
                    body={body}
                    line={lineNow.current}
                    wanted={wanted?.path}
                    isOpen={isOpen}
                    isLoose={isLoose}
                    levels={levels}
                    unconfirmed={unconfirmed}
                    unknown={unknown}
                    marked={marked}
                    onPath={setPath}
                  />
                )
              }
            />
            <LeftOut spec={spec} sets={ruled} onShow={() => setShowsRuled(true)} />
            {spec.lines === undefined ? null : (
              // biome-ignore lint/a11y/noStaticElementInteractions: Ctrl+Enter goes on to the head
              <div
                className="entry-goods"
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || !event.ctrlKey || event.nativeEvent.isComposing) return;
                  event.preventDefault();
                  grid.current?.commit();
                  firstHead();
                }}
              >
                <GoodsGrid
                  session={session}
                  recentFor={recentFor}
                  spec={spec}
                  lines={lines}
                  columns={columns}
                  isOpen={isOpen}
                  levels={levels}
                  unconfirmed={unconfirmed}
                  unknown={unknown}
                  marked={marked}
                  amountDue={due}
                  onPath={setPath}
                  onElements={() => setPanel('elements')}
                  handle={grid}
                />
              </div>
            )}
            <FieldNote findings={findings} path={path} isAmber={unconfirmed.has(path)} />
            <footer className="entry-totals">
              {spec.lines === undefined ? null : (
                <span className={totals.lines > max ? 'tone-rejected' : undefined}>
                  {max < Number.MAX_SAFE_INTEGER
                    ? t('entry.lines', { n: formatCount(totals.lines), max: formatCount(max) })
                    : t('declarations.detail.lineCount', { n: formatCount(totals.lines) })}
                </span>
              )}
              {totals.packages === '' ? null : (
                <span>{t('declarations.detail.packages', { n: formatAmount(totals.packages) })}</span>
              )}
              {totals.gross === '' ? null : (
                <span>{t('declarations.detail.gross', { n: formatAmount(totals.gross, 3) })}</span>
              )}
              {totals.net === '' ? null : (
                <span>{t('declarations.detail.net', { n: formatAmount(totals.net, 3) })}</span>
              )}
              <span className="spacer" />
              {missing === 0n ? null : (
                <span className="tone-action">{t('entry.missing', { n: formatAmount(format5(missing, 2)) })}</span>
              )}
              {spec.amount === undefined ? null : (
                <strong>
                  <Amount value={totals.isOfLines ? totals.lineTotal : checked.amount} currency={checked.currency} />
                </strong>
              )}
            </footer>
          </div>
          {panel === 'help' ? <HelpPanel spec={spec} path={path} onClose={closePanel} /> : null}
          {panel === 'template' ? (
            <TemplatePanel
              session={session}
              kind={kind}
              isWritable={writable}
              onUse={noteTemplate}
              onClose={closePanel}
            />
          ) : null}
          {panel === 'mine' ? (
            <MinePanel session={session} kind={kind} path={path} canTake={isOpen && canTake} onClose={closePanel} />
          ) : null}
          {panel === 'review' ? (
            <SidePanel title={commandKey('entry.review').label} onClose={closePanel}>
              <ReviewSection
                id={session.id}
                isOpen={isDraft}
                paths={() => fieldPaths(spec, lines.length)}
                labelOf={(at) => placeLabel(kind, at)}
                onJump={(at) => go({ path: at })}
              />
              {checked.marked.length === 0 && approval === undefined ? (
                <p className="muted">{t('entry.noMarks')}</p>
              ) : null}
            </SidePanel>
          ) : null}
          {panel === 'save-template' ? <SaveTemplatePanel session={session} kind={kind} onClose={closePanel} /> : null}
          {panel === 'elements' ? (
            <ElementsPanel session={session} spec={spec} path={path} onClose={closePanel} />
          ) : null}
          {panel === 'layout' ? (
            <LayoutPanel spec={spec} kind={kind} layout={layout} onChange={setLayout} onClose={closePanel} />
          ) : null}
        </div>
      </Page>
    </div>
  );
}

/** Every place of a document that can be marked. */
function fieldPaths(spec: MessageSpec, lines: number): string[] {
  return [
    ...spec.head.fields.map(({ name }) => pathOf(spec, name)),
    ...Array.from({ length: lines }, (_, index) =>
      (spec.lines?.fields ?? []).map(({ name }) => pathOf(spec, name, index + 1)),
    ).flat(),
  ];
}

const sectionIds = { main: 'head', rest: 'rest', parts: 'parts', goods: 'goods' } as const;

/** The sections of the document, each with what is wrong in it; one leads to the first of it, or into the section. */
function SectionBar({
  counts,
  now,
  onGo,
}: {
  readonly counts: readonly SectionCount[];
  readonly now: 'head' | 'goods';
  readonly onGo: (name: SectionName, first: string | undefined) => void;
}) {
  const { t } = useTranslation();
  return (
    <nav className="entry-sections" aria-label={t('entry.section.label')}>
      {counts.map(({ name, reject, doubt, first }) => (
        <button
          key={name}
          type="button"
          tabIndex={-1}
          data-section={name}
          aria-current={(name === 'goods') === (now === 'goods') && name !== 'rest' && name !== 'parts'}
          onClick={() => onGo(name, first)}
        >
          {t(`entry.section.${sectionIds[name]}`)}
          {reject === 0 ? null : (
            <span className="finding-count tone-rejected" title={t('finding.level.reject')}>
              <ToneMark tone="rejected" /> {reject}
            </span>
          )}
          {doubt === 0 ? null : (
            <span className="finding-count tone-action" title={t('finding.level.doubt')}>
              <ToneMark tone="action" /> {doubt}
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

/** What is wrong with the field the cursor is in, and what to do about it: in words, where one types. */
function FieldNote({
  findings,
  path,
  isAmber,
}: {
  readonly findings: readonly FindingView[];
  readonly path: string;
  readonly isAmber: boolean;
}) {
  const { t } = useTranslation();
  const found = findings.find((one) => one.path === path && one.rule !== 'ENTRY-CONFIRM');
  if (path === '' || (found === undefined && !isAmber)) return null;
  const text = found === undefined ? undefined : findingText(found);
  return (
    <p className="entry-note" role="status">
      {found === undefined || text === undefined ? (
        <ToneTag tone="action" label={t('entry.toConfirm')} />
      ) : (
        <FindingLevel level={found.level} />
      )}
      <span>{text === undefined ? t('entry.confirmHere') : `${text.what} ${text.remedy}`}</span>
    </p>
  );
}

/** An approved draft: who approved it, and the way to open it again. */
function Frozen({ session, by, at }: { readonly session: EntrySession; readonly by: string; readonly at: string }) {
  const { t } = useTranslation();
  const reopen = useCommand('review.reopen');
  const [reason, setReason] = useState<string>();
  const run = async (): Promise<void> => {
    if (reason === undefined || reason.trim() === '') return;
    if ((await reopen.run({ id: session.id, reason: reason.trim() })) === undefined) return;
    notify(t('broker.review.reopened'));
    await session.refresh();
  };
  return (
    <>
      <div className="page-note" role="status">
        <ToneTag tone="accepted" label={t('broker.review.approvedBy', { name: by, at: formatInstant(at) })} />
        <span>{t('entry.frozen')}</span>
        <span className="spacer" />
        {reason === undefined ? (
          <KeyButton label={t('broker.review.reopen')} onPress={() => setReason('')} />
        ) : (
          <>
            <input
              className="entry-input entry-reason"
              aria-label={t('broker.reason')}
              placeholder={t('broker.reason')}
              // biome-ignore lint/a11y/noAutofocus: the field was asked for by its button
              autoFocus
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
              onKeyDown={(event) => {
                if (isComposing(event)) return;
                if (event.key === 'Enter') void run();
                else if (event.key === 'Escape') setReason(undefined);
                else return;
                event.preventDefault();
                event.stopPropagation();
              }}
            />
            <KeyButton
              kind="primary"
              label={t('broker.review.reopen')}
              keys="Enter"
              isDisabled={reason.trim() === ''}
              isBusy={reopen.isRunning}
              onPress={() => void run()}
            />
          </>
        )}
      </div>
      <ErrorNote error={reopen.error} onClose={reopen.clear} />
    </>
  );
}

function Saving({ session }: { readonly session: EntrySession }) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(session.subscribeSaving, session.saving);
  if (state.kind === 'failed') return <span className="tone-rejected">{t('entry.notSaved')}</span>;
  return (
    <span className="muted" role="status">
      {state.kind === 'saved'
        ? t('entry.savedAt', { at: formatInstant(state.at.toISOString(), true).slice(11) })
        : t('entry.saves')}
    </span>
  );
}

/** Why the last save failed: what was entered is kept and saved with the next key, or by hand. */
function SaveTrouble({ session }: { readonly session: EntrySession }) {
  const state = useSyncExternalStore(session.subscribeSaving, session.saving);
  if (state.kind !== 'failed') return null;
  return <ErrorNote error={errorOf(state.error)} onRetry={() => void session.flush()} />;
}

import { Button, Checkbox, Tabs } from 'antd';
import type { TFunction } from 'i18next';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FindingView } from '../../../shared/contract/common.ts';
import type { FieldSpec, PartSpec } from '../../../shared/documents/spec.ts';
import { channelOf } from '../../../shared/sync/rejections.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { useCodeNames, useNames } from '../../components/code-names.ts';
import { DetailPane, DetailPlaceholder, DetailSection } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { Facts } from '../../components/Page.tsx';
import { StateTag, ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, formatInstant, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ReviewSection } from '../broker/ReviewSection.tsx';
import { TargetPicker } from '../endpoints/TargetPicker.tsx';
import { LeftBeforeNote } from '../outbox/LeftBefore.tsx';
import { ScorePanel } from '../shipments/ScorePanel.tsx';
import {
  codesByTable,
  documentTotals,
  filledParts,
  headFields,
  isEditable,
  isHiddenField,
  lineAt,
  lineColumns,
  linePath,
  numberedLines,
  parsePath,
  requireSpec,
} from './document-model.ts';
import { FieldCell } from './FieldCell.tsx';
import { fieldLabel, groupLabel, kindName } from './field-text.ts';
import { LifeSection } from './life/LifeSection.tsx';
import { usePlaceLabel } from './place-label.ts';
import { RejectionReasons } from './RejectionReasons.tsx';
import type { DocumentDetail, useDocument } from './use-document.ts';

const editable: readonly DocumentDetail['state'][] = ['draft', 'checked'];

/** Where the page wants the cursor: a path, and a turn so that the same path can be asked for again. */
export interface Jump {
  readonly path: string;
  readonly turn: number;
}

interface Props {
  readonly state: ReturnType<typeof useDocument>;
  readonly hasId: boolean;
  /** The tab that a link asks for, e.g. from a voucher to its receipt. */
  readonly startTab: string | undefined;
  readonly jump: Jump | undefined;
  readonly onJump: (path: string) => void;
  readonly onOpen: (id: number, kind: DocumentDetail['kind']) => void;
  readonly onClose: () => void;
}

export function DocumentPane({ state, hasId, startTab, jump, onJump, onOpen, onClose }: Props) {
  const { t } = useTranslation();
  const { document, status, readError, reload } = state;
  if (!hasId) return <DetailPlaceholder text={t('declarations.detail.none')} />;
  if (document === undefined) {
    if (status === 'failed') return <ErrorNote error={readError} onRetry={reload} />;
    return <Skeleton rows={8} />;
  }
  return (
    <Shown
      key={document.id}
      state={state}
      document={document}
      startTab={startTab}
      jump={jump}
      onJump={onJump}
      onOpen={onOpen}
      onClose={onClose}
    />
  );
}

/** A frame's worth of cells: of 500 lines at once, the pane would stand still for seconds. */
const LINES_AT_ONCE = 50;

const firstOfPage = (line: number): number => line - ((line - 1) % LINES_AT_ONCE);

function Shown({
  state,
  document,
  startTab,
  jump,
  onJump,
  onOpen,
  onClose,
}: Omit<Props, 'hasId'> & { readonly document: DocumentDetail }) {
  const { t, i18n } = useTranslation();
  const { kind, body } = document;
  const spec = requireSpec(kind);
  const [showsAll, setShowsAll] = useState(false);
  const draft = useCommand('filings.draft');
  // The score of others stands with their shipment.
  const isScored = kind === 'DecMessage' && document.shipmentId === undefined;
  const [tab, setTab] = useState(startTab === 'score' && !isScored ? 'document' : (startTab ?? 'document'));
  const root = useRef<HTMLDivElement>(null);

  const head = headFields(kind, body, showsAll);
  const columns = lineColumns(kind, showsAll);
  const allLines = numberedLines(kind, body);
  /** The first line that is drawn: a long document is read a page at a time. */
  const [firstLine, setFirstLine] = useState(1);
  const lines = allLines.slice(firstLine - 1, firstLine - 1 + LINES_AT_ONCE);
  const parts = filledParts(kind, body);
  /** The group's name, with the line it is of. */
  const partTitle = (path: string, part: PartSpec): string => {
    const label = groupLabel(part, i18n.language);
    const line = lineAt(kind, path);
    return line === undefined ? label : t('declarations.detail.lineField', { line, field: label });
  };
  const lineViews = lines.flatMap(({ line, values }) =>
    columns.map((field) => ({ path: linePath(kind, field.name, line), spec: field, value: values[field.name] ?? '' })),
  );
  const nameOf = useNames(codesByTable([...head, ...lineViews]));
  const isOpen = editable.includes(document.state);
  const levels = useMemo(() => levelsOf(document.findings), [document.findings]);
  const totals = documentTotals(kind, body);
  const placeLabel = usePlaceLabel();
  const emptyText = t('declarations.detail.empty');
  const paths = (): string[] => [
    ...head.map(({ path }) => path),
    ...allLines.flatMap(({ line }) => columns.map(({ name }) => linePath(kind, name, line))),
  ];

  const commit = async (path: string, value: string): Promise<boolean> => {
    const answer = await state.run('documents.edit', { id: document.id, changes: [{ path, value }] });
    if (answer !== undefined) notify(t('declarations.detail.saved'));
    return answer !== undefined;
  };
  useEffect(() => {
    if (jump === undefined || jump.path === '') return;
    setTab('document');
    if (isHiddenField(kind, jump.path)) setShowsAll(true);
    const line = parsePath(jump.path)?.line;
    if (line !== undefined) setFirstLine(firstOfPage(line));
    let frame = 0;
    const look = (turnsLeft: number): void => {
      const field = root.current?.querySelector<HTMLElement>(`[data-path="${CSS.escape(jump.path)}"]`);
      if (field !== null && field !== undefined && field.offsetParent !== null) {
        field.scrollIntoView({ block: 'nearest', inline: 'nearest' });
        field.focus();
      } else if (turnsLeft > 0) {
        // Not drawn yet, or a column that a narrow pane leaves out.
        if (field !== null && field !== undefined) setShowsAll(true);
        frame = requestAnimationFrame(() => look(turnsLeft - 1));
      }
    };
    frame = requestAnimationFrame(() => look(3));
    return () => cancelAnimationFrame(frame);
  }, [jump, kind]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const step = steps[event.key];
    const from = event.target instanceof HTMLElement ? event.target : undefined;
    if (step === undefined || from?.dataset['path'] === undefined || event.altKey) return;
    event.preventDefault();
    moveFocus(root.current, from, step);
  };

  const revise = async (): Promise<void> => {
    const answer = await state.run('documents.revise', { id: document.id });
    if (answer === undefined) return;
    notify(t('declarations.revised', { n: answer.version }));
    onOpen(answer.id, answer.kind);
  };
  const refresh = async (): Promise<void> => {
    const answer = await state.run('documents.refresh', { id: document.id });
    if (answer === undefined) return;
    notify(t('declarations.refreshed'));
    onOpen(answer.id, answer.kind);
  };
  const isBusy = state.running !== undefined;
  const { run: draftForm, isRunning: isDrafting } = draft;
  /** The change or deletion of what was accepted becomes a form of its own. */
  const change = async (): Promise<void> => {
    const { subject } = document;
    if (subject === undefined) return;
    const answer = await draftForm({ subjects: [subject] });
    const [made] = answer?.documents ?? [];
    if (made !== undefined) onOpen(made.id, made.kind);
  };

  const cellProps = (field: {
    readonly path: string;
    readonly spec: (typeof head)[number]['spec'];
    readonly value: string;
  }) => ({
    path: field.path,
    spec: field.spec,
    value: field.value,
    isEditable: isOpen && isEditable(spec, field.spec),
    level: levels.get(field.path),
    nameOf,
    onCommit: commit,
    error: state.error,
    language: i18n.language,
    emptyText,
  });

  return (
    <DetailPane
      title={document.businessKey}
      isCode
      tags={
        <>
          <StateTag kind="document" state={document.state} />
          {document.stale && !isOpen ? <ToneTag tone="action" label={t('declarations.stale.title')} /> : null}
        </>
      }
      extra={
        <>
          <span>{t('declarations.detail.version', { n: document.version })}</span>
          {document.subject === undefined ? null : <FormPrint document={document} />}
          <Button size="small" type="text" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
      foot={
        <>
          {spec.lines === undefined ? null : <span>{t('declarations.detail.lineCount', { n: totals.lines })}</span>}
          {totals.packages === '' ? null : (
            <span>{t('declarations.detail.packages', { n: formatAmount(totals.packages) })}</span>
          )}
          {totals.gross === '' ? null : (
            <span>{t('declarations.detail.gross', { n: formatAmount(totals.gross, 3) })}</span>
          )}
          {totals.net === '' ? null : <span>{t('declarations.detail.net', { n: formatAmount(totals.net, 3) })}</span>}
          <span className="spacer" />
          <strong>
            <Amount value={totals.isOfLines ? totals.lineTotal : document.amount} currency={document.currency} />
          </strong>
        </>
      }
    >
      <Timeline document={document} />
      <ErrorNote error={state.error} onClose={state.clearError} />
      <ErrorNote error={draft.error} onClose={draft.clear} />
      <LeftBeforeNote document={document} onSaid={state.reload} />
      {isOpen ? <TargetPicker id={document.id} onChanged={state.reload} /> : null}
      {document.state === 'rejected' ? (
        <Rejection document={document} onJump={onJump} onRevise={() => void revise()} isBusy={isBusy} />
      ) : null}
      {document.stale && isOpen ? (
        <p className="document-note is-action">
          <ToneMark tone="action" /> {t('declarations.stale.text')}
          <ConfirmInline
            isSmall
            isDanger={false}
            isDisabled={isBusy}
            label={t('declarations.refresh')}
            question={<RefreshPlan id={document.id} />}
            confirmLabel={t('declarations.redraw.confirm')}
            onConfirm={refresh}
          />
        </p>
      ) : null}
      {isOpen || document.state === 'rejected' ? null : (
        <p className="document-note">
          <span className="muted">
            {document.subject !== undefined && document.state === 'accepted'
              ? t('declarations.form.accepted')
              : t(`declarations.locked.${document.state}`)}
            {document.stale ? ` ${t('declarations.stale.frozen')}` : ''}
          </span>
          {document.subject !== undefined && document.state === 'accepted' && document.stale ? (
            <Button size="small" loading={isDrafting} onClick={() => void change()}>
              {t('declarations.form.change')}
            </Button>
          ) : null}
          {document.state === 'queued' ? (
            <Button
              size="small"
              onClick={() => navigate('outbox', document.messageGuid === undefined ? {} : { id: document.messageGuid })}
            >
              {t('declarations.locked.toOutbox')}
            </Button>
          ) : null}
        </p>
      )}
      <LifeSection document={document} onOpen={onOpen} />
      <ReviewSection
        id={document.id}
        isOpen={isOpen}
        paths={paths}
        labelOf={(path) => placeLabel(kind, path)}
        onJump={onJump}
      />
      <Tabs
        size="small"
        className="document-tabs"
        activeKey={tab}
        onChange={setTab}
        items={[
          { key: 'document', label: t('declarations.detail.tab.document') },
          ...(isScored ? [{ key: 'score', label: t('shipments.score.title') }] : []),
          { key: 'receipts', label: t('declarations.detail.tab.receipts', { n: document.receipts.length }) },
          { key: 'history', label: t('declarations.detail.tab.history') },
        ]}
        tabBarExtraContent={
          tab === 'document' ? (
            <Button size="small" type="text" onClick={() => setShowsAll(!showsAll)}>
              {showsAll
                ? t('declarations.detail.fewerFields')
                : t('declarations.detail.moreFields', {
                    n: spec.head.fields.length + (spec.lines?.fields.length ?? 0),
                  })}
            </Button>
          ) : null
        }
      />
      {tab === 'document' ? (
        // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the fields inside
        <div ref={root} onKeyDown={onKeyDown}>
          <div className={i18n.language === 'en' ? 'document-head is-stacked' : 'document-head'}>
            {head.map((field) => (
              <div key={field.path} className="document-field">
                <span className="document-label" title={field.spec.help?.[i18n.language === 'en' ? 'en' : 'zh']}>
                  {fieldLabel(field.spec, i18n.language)}
                </span>
                <FieldCell {...cellProps(field)} />
              </div>
            ))}
          </div>
          {columns.length === 0 ? null : (
            <div className={showsAll ? 'document-lines shows-all' : 'document-lines'}>
              <table>
                <thead>
                  <tr>
                    {columns.map((field) => (
                      <th key={field.name} className={cellClass(field)} title={fieldLabel(field, i18n.language)}>
                        {field.name === 'gnum' ? '#' : i18n.language === 'en' ? field.en : field.zh}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {lines.map(({ line, values }) => (
                    <tr key={line}>
                      {columns.map((field) => (
                        <td key={field.name} className={cellClass(field)}>
                          <FieldCell
                            {...cellProps({
                              path: linePath(kind, field.name, line),
                              spec: field,
                              value: values[field.name] ?? '',
                            })}
                            isCompact
                          />
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
              {allLines.length <= LINES_AT_ONCE ? null : (
                <LinePager first={firstLine} count={allLines.length} onTurn={setFirstLine} />
              )}
            </div>
          )}
          {parts.map(({ path, part, fields, rows }) => (
            <DetailSection key={path} title={partTitle(path, part)}>
              <div className="document-lines">
                <table>
                  <thead>
                    <tr>
                      {fields.map((field) => (
                        <th key={field.name} className={cellClass(field)} title={fieldLabel(field, i18n.language)}>
                          {i18n.language === 'en' ? field.en : field.zh}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {rows.map((row, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
                      <tr key={index}>
                        {fields.map((field) => (
                          <td key={field.name} className={cellClass(field)}>
                            <FieldCell
                              {...cellProps({
                                path: `${part.max === 1 ? path : `${path}[${index + 1}]`}/${field.name}`,
                                spec: field,
                                value: row[field.name] ?? '',
                              })}
                              isCompact
                            />
                          </td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </DetailSection>
          ))}
          {document.orderId === undefined && document.subject === undefined ? null : (
            <DetailSection
              title={t(document.subject === undefined ? 'declarations.detail.siblings' : 'declarations.form.siblings')}
            >
              <ul className="detail-list is-row">
                {document.siblings.map((one) => (
                  <li key={one.id}>
                    <button type="button" className="link" onClick={() => onOpen(one.id, one.kind)}>
                      {kindName(one.kind, i18n.language)}
                    </button>
                    <StateTag kind="document" state={one.state} />
                  </li>
                ))}
                {document.subject === undefined ? null : (
                  <SubjectLink subject={document.subject} number={document.businessKey} />
                )}
                {document.orderId === undefined && document.subject !== undefined ? null : (
                  <li>
                    <button
                      type="button"
                      className="link"
                      onClick={() =>
                        navigate(
                          'orders',
                          document.orderId === undefined
                            ? { text: document.orderNo }
                            : { id: document.orderId, text: document.orderNo },
                        )
                      }
                    >
                      {t('declarations.detail.openOrder')} <span className="code">{document.orderNo}</span>
                    </button>
                  </li>
                )}
                {document.shipmentId === undefined ? null : (
                  <li>
                    <button
                      type="button"
                      className="link"
                      onClick={() => navigate('shipment', { id: document.shipmentId ?? 0 })}
                    >
                      {t('declarations.detail.openShipment')}
                    </button>
                  </li>
                )}
              </ul>
            </DetailSection>
          )}
        </div>
      ) : null}
      {tab === 'score' ? <ScorePanel of={{ documentId: document.id }} /> : null}
      {tab === 'receipts' ? <Receipts document={document} /> : null}
      {tab === 'history' ? <History document={document} /> : null}
    </DetailPane>
  );
}

/** Forms of foreign exchange do not go to customs: what is received is said without it. What customs ends unasked is no withdrawal. */
function eventKey({ subject }: DocumentDetail, { event, detail }: DocumentDetail['timeline'][number]): string {
  if (event === 'revoke' && detail['why'] === undefined) return 'declarations.event.endedByCustoms';
  if (event === 'revoke' && detail['why'] === 'sent-back') return 'declarations.event.endedWithVersion';
  return subject !== undefined && (event === 'accept' || event === 'reject')
    ? `declarations.form.event.${event}`
    : `declarations.event.${event}`;
}

/** Both sides of a contradiction or conflict as they are shown: times of the platform, states by their words. */
function shownDetail(
  t: TFunction,
  detail: DocumentDetail['timeline'][number]['detail'],
): Record<string, string | number> {
  const shown: Record<string, string | number> = { ...detail };
  for (const key of ['time', 'standsTime']) if (typeof detail[key] === 'string') shown[key] = platformTime(detail[key]);
  for (const key of ['ours', 'theirs'])
    if (typeof detail[key] === 'string') shown[key] = t(`state.document.${detail[key]}`, { defaultValue: detail[key] });
  return shown;
}

/** From a form to what it declares. */
function SubjectLink({
  subject,
  number,
}: {
  readonly subject: NonNullable<DocumentDetail['subject']>;
  readonly number: string;
}) {
  const { t } = useTranslation();
  const open = async (): Promise<void> => {
    switch (subject.kind) {
      case 'money-record':
        navigate('money', { at: subject.id });
        break;
      case 'trade-credit-report':
        // A report is shown with the item it is about.
        navigate('tradeCredit', { at: (await call('tradeCreditReports.get', { id: subject.id })).key });
        break;
      case 'registration':
        navigate('registrations', { id: subject.id });
        break;
      case 'statistics-report':
        navigate('statistics', { id: subject.id });
        break;
      case 'listing':
        navigate('listings', { id: subject.id });
        break;
      case 'pledge':
        navigate('credit', { tab: 'pledges', id: subject.id });
    }
  };
  return (
    <li>
      <button type="button" className="link" onClick={() => void open()}>
        {t(`declarations.form.open.${subject.kind}`)} <span className="code">{number}</span>
      </button>
    </li>
  );
}

/** Prints a form; account numbers whole only where that is asked for each time. */
function FormPrint({ document }: { readonly document: DocumentDetail }) {
  const { t, i18n } = useTranslation();
  const print = useCommand('filings.print');
  const [isWhole, setWhole] = useState(false);
  const write = async (): Promise<void> => {
    const name = `${kindName(document.kind, i18n.language)}-${document.businessKey}.pdf`;
    const to = await chooseSave(t('declarations.form.print'), name, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (to === null) return;
    const answer = await print.run({ documentId: document.id, out: to.token, wholeAccounts: isWhole });
    if (answer !== undefined) notify(t('declarations.form.printed', { name: to.name }));
    setWhole(false);
  };
  return (
    <>
      <Checkbox checked={isWhole} onChange={(event) => setWhole(event.target.checked)}>
        {t('declarations.form.wholeAccounts')}
      </Checkbox>
      <Button size="small" loading={print.isRunning} onClick={() => void write()}>
        {t('declarations.form.print')}
      </Button>
      <ErrorNote error={print.error} isInline />
    </>
  );
}

/** Which lines are drawn, and the ones before and after them. */
function LinePager({
  first,
  count,
  onTurn,
}: {
  readonly first: number;
  readonly count: number;
  readonly onTurn: (first: number) => void;
}) {
  const { t } = useTranslation();
  const last = Math.min(count, first + LINES_AT_ONCE - 1);
  return (
    <p className="line-pager">
      <Button size="small" disabled={first === 1} onClick={() => onTurn(first - LINES_AT_ONCE)}>
        {t('declarations.detail.linesBefore')}
      </Button>
      <span>{t('declarations.detail.linesShown', { first, last, n: formatCount(count) })}</span>
      <Button size="small" disabled={last === count} onClick={() => onTurn(last + 1)}>
        {t('declarations.detail.linesAfter')}
      </Button>
    </p>
  );
}

// Left out where the pane is narrow, unless all fields are asked for.
const minorColumns: readonly string[] = ['gmodel', 'unit'];

function cellClass({ name, kind }: FieldSpec): string {
  return `${kind === 'text' ? '' : 'is-number'}${minorColumns.includes(name) ? ' is-minor' : ''}`;
}

/** The worst level of the findings about each path. */
function levelsOf(findings: readonly FindingView[]): ReadonlyMap<string, 'reject' | 'doubt'> {
  const levels = new Map<string, 'reject' | 'doubt'>();
  for (const { path, level } of findings) {
    if (level === 'note') continue;
    if (level === 'reject' || !levels.has(path)) levels.set(path, level);
  }
  return levels;
}

/** Arrow keys: to the nearest field in the direction, by where the fields stand on screen. */
function moveFocus(root: HTMLElement | null, from: HTMLElement, [down, right]: readonly [number, number]): void {
  if (root === null) return;
  const here = from.getBoundingClientRect();
  let best: { field: HTMLElement; distance: number } | undefined;
  for (const field of root.querySelectorAll<HTMLElement>('[data-path]')) {
    if (field === from) continue;
    const there = field.getBoundingClientRect();
    const along = down !== 0 ? (there.top - here.top) * down : (there.left - here.left) * right;
    const across = Math.abs(down !== 0 ? there.left - here.left : there.top - here.top);
    if (along < 4 || (right !== 0 && across > 6)) continue;
    const distance = along + across * 3;
    if (best === undefined || distance < best.distance) best = { field, distance };
  }
  best?.field.focus();
  best?.field.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** What happened so far, in one line: the states with their time. */
function Timeline({ document }: { readonly document: DocumentDetail }) {
  const { t } = useTranslation();
  if (document.timeline.length === 0) return null;
  const shown = document.timeline.filter(({ from, to }) => from !== to).slice(-6);
  return (
    <ol className="timeline">
      {shown.map(({ at, to }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
        <li key={index} className={to === 'rejected' ? 'tone-rejected' : undefined} title={formatInstant(at, true)}>
          {t(`state.document.${to}`, { defaultValue: to })} {formatRecent(at)}
        </li>
      ))}
    </ol>
  );
}

function Rejection({
  document,
  onJump,
  onRevise,
  isBusy,
}: {
  readonly document: DocumentDetail;
  readonly onJump: (path: string) => void;
  readonly onRevise: () => void;
  readonly isBusy: boolean;
}) {
  const { t } = useTranslation();
  return (
    <section className="rejection" role="alert">
      <RejectionReasons
        kind={document.kind}
        body={document.body}
        statusCode={document.statusCode ?? ''}
        statusInfo={document.statusInfo ?? ''}
        onJump={onJump}
      />
      <p className="rejection-next">
        <span>{t('declarations.rejected.remedyText')}</span>
        <Button size="small" type="primary" loading={isBusy} onClick={onRevise}>
          {t('declarations.revise')}
        </Button>
      </p>
    </section>
  );
}

function Receipts({ document }: { readonly document: DocumentDetail }) {
  const { t } = useTranslation();
  const codes = document.receipts.map(({ statusCode }) => statusCode);
  const official = useCodeNames('return_status', codes);
  const channel = useCodeNames(
    'dec_channel',
    codes.flatMap((code) => channelOf(code) ?? []),
  );
  const name = (code: string): string | undefined => {
    const of = channelOf(code);
    return of === undefined ? official(code) : channel(of);
  };
  if (document.receipts.length === 0)
    return <p className="muted document-none">{t('declarations.detail.noReceipts')}</p>;
  return (
    <table className="receipt-table">
      <thead>
        <tr>
          <th>{t('declarations.receipt.code')}</th>
          <th>{t('declarations.receipt.info')}</th>
          <th>{t('declarations.receipt.time')}</th>
        </tr>
      </thead>
      <tbody>
        {document.receipts.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same receipt may have come twice
          <tr key={index}>
            <td>
              <span className="code">{one.statusCode}</span> {name(one.statusCode) ?? ''}
            </td>
            <td className="receipt-info">{one.info}</td>
            <td>
              {platformTime(one.statusTime)}
              <br />
              <span className="muted">
                {t('declarations.receipt.receivedAt', { at: formatInstant(one.receivedAt, true) })}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `yyyyMMddHHmmssSSS` as the platform writes it, in China time. */
function platformTime(text: string): string {
  return text.replace(/^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})\d*$/, '$1-$2-$3 $4:$5:$6');
}

function History({ document }: { readonly document: DocumentDetail }) {
  const { t } = useTranslation();
  const stateText = (state: string): string =>
    state === '' ? '' : t(`state.document.${state}`, { defaultValue: state });
  return (
    <>
      <table className="receipt-table">
        <thead>
          <tr>
            <th>{t('declarations.history.at')}</th>
            <th>{t('declarations.history.change')}</th>
            <th>{t('declarations.history.event')}</th>
          </tr>
        </thead>
        <tbody>
          {document.timeline.map((one, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: entries are only ever added at the end
            <tr key={index}>
              <td>{formatInstant(one.at, true)}</td>
              <td>
                {one.from === '' || one.from === one.to
                  ? stateText(one.to)
                  : `${stateText(one.from)} → ${stateText(one.to)}`}
              </td>
              <td className="receipt-info">
                {t(eventKey(document, one), { ...shownDetail(t, one.detail), defaultValue: one.event })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {document.timeline.length === 0 ? (
        <p className="muted document-none">{t('declarations.detail.noHistory')}</p>
      ) : null}
      <div className="document-ids">
        <Facts
          columns={1}
          rows={[
            [t('declarations.detail.guid'), <Code key="guid">{document.guid}</Code>],
            ...(document.messageGuid === undefined
              ? []
              : [[t('declarations.detail.messageGuid'), <Code key="message">{document.messageGuid}</Code>] as const]),
            ...(document.platformNo === undefined
              ? []
              : [[t('declarations.detail.platformNo'), <Code key="platform">{document.platformNo}</Code>] as const]),
          ]}
        />
      </div>
    </>
  );
}

/** What drawing the order's drafts anew would put in the place of what stands in them, typed by hand or not. */
function RefreshPlan({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const placeLabel = usePlaceLabel();
  const plan = useQuery('documents.refreshPlan', { id }, { areas: ['documents', 'orders', 'products', 'shipments'] });
  if (plan.error !== undefined) return <ErrorNote error={plan.error} onRetry={plan.reload} isInline />;
  if (plan.data === undefined) return null;
  const { rows, total, added, away } = plan.data;
  return (
    <span className="redraw-plan" role="status">
      <span>
        {t(total === 0 ? 'declarations.redraw.same' : 'declarations.redraw.title', { n: formatCount(total) })}
      </span>
      {rows.slice(0, 8).map((row) => (
        <span key={`${row.documentId} ${row.path}`}>
          {row.kind.slice(0, 6)} {placeLabel(row.kind, row.path)}{' '}
          <s>{row.from === '' ? t('declarations.redraw.blank') : row.from}</s> →{' '}
          <strong>{row.to === '' ? t('declarations.redraw.blank') : row.to}</strong>
        </span>
      ))}
      {total > 8 ? <span className="muted">{t('declarations.redraw.more', { n: formatCount(total - 8) })}</span> : null}
      {added + away > 0 ? <span>{t('declarations.redraw.papers', { added, away })}</span> : null}
    </span>
  );
}

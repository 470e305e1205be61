/** A worksheet of a tax: its figures, tables, what stands against them and what they rest on. Always a draft, never a filing. */
import { useCallback, useMemo, useState } from 'react';
import { type WorksheetName, type WorksheetView, worksheetNames } from '../../../shared/contract/tax.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { focusList } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Panel, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DerivationPane } from './Derivation.tsx';
import { SheetFindings } from './Findings.tsx';
import { PeriodPicker } from './PeriodPicker.tsx';
import { usualPeriod } from './period.ts';
import { ClaimProducer, DeclareExempt, RegimeDecision, RouteRegimes } from './RegimeActions.tsx';
import { Reliability } from './Reliability.tsx';
import { inForceText } from './rule-text.ts';
import { cellText, columnWidth, isRight, type Section, type SheetRow } from './sheet-columns.ts';
import { openDrill } from './targets.ts';
import { useWords } from './use-words.ts';
import './tax.css';

const firstRows = 1000;
const allRows = 5000;
/** The tab of what the figures rest on; sections have their own ids. */
const basisTab = 'basis';

const areas = ['tax', 'ledger', 'purchases', 'documents', 'products'] as const;

export function WorksheetPage({ params }: PageProps) {
  const { t } = useWords();
  const name = worksheetNames.find((one) => one === textParam(params, 'name'));
  const list = useQuery('worksheets.list', {}, { areas });
  const row = list.data?.rows.find((one) => one.name === name);
  if (name === undefined)
    return <EmptyState title={t('tax.sheet.unknown', { name: textParam(params, 'name') ?? '' })} />;
  if (list.status === 'failed') return <ErrorNote error={list.error} onRetry={list.reload} />;
  if (list.data === undefined || row === undefined) return <Skeleton />;
  const period = textParam(params, 'period') ?? usualPeriod(row.periods[0] ?? 'month', list.data.months, localDate());
  return (
    <Worksheet
      key={name}
      name={name}
      period={period}
      kinds={row.periods}
      months={list.data.months}
      hasForm={row.form !== undefined}
      tab={textParam(params, 'tab')}
    />
  );
}

interface WorksheetProps {
  readonly name: WorksheetName;
  readonly period: string;
  readonly kinds: readonly ('year' | 'quarter' | 'month')[];
  readonly months: readonly string[];
  readonly hasForm: boolean;
  readonly tab: string | undefined;
}

function Worksheet({ name, period, kinds, months, hasForm, tab }: WorksheetProps) {
  const { t, say } = useWords();
  const [limit, setLimit] = useState(firstRows);
  const sheet = useQuery('worksheets.get', { name, period, limit }, { areas });
  const [shown, setShown] = useState<{ readonly period: string; readonly at: number }>();
  const [active, setActive] = useState<SheetRow>();
  const { data } = sheet;
  // While another period is read the old sheet must not be taken for it.
  const view = data !== undefined && data.name === name && data.period === period ? data : undefined;
  const open = useCallback(
    (at: number | undefined): void => setShown(at === undefined ? undefined : { period, at }),
    [period],
  );
  const derivation = shown === undefined || shown.period !== period ? undefined : view?.derivations[shown.at];
  const put = (next: Readonly<Record<string, string>>): void =>
    replaceParams({ name, period, ...(tab === undefined ? {} : { tab }), ...next });
  useKeys([
    {
      key: 'Esc',
      label: derivation === undefined ? t('tax.sheet.back') : t('tax.derivation.close'),
      run: () => {
        if (derivation !== undefined) {
          open(undefined);
          document.querySelector<HTMLElement>('.split-list [role=grid]')?.focus({ preventScroll: true });
        } else if (!focusList()) navigate('tax');
      },
    },
  ]);
  const section = view?.sections.find((one) => one.id === tab) ?? (tab === basisTab ? undefined : view?.sections[0]);
  // The line that a person may decide about: the one the cursor is on, as long as it is shown.
  const lineId =
    active?.target?.page === 'export-line' && section?.rows.some(({ key }) => key === active.key)
      ? Number(active.target.params['id'])
      : undefined;
  const content = (): React.ReactNode => {
    if (view === undefined)
      return sheet.status === 'failed' || (sheet.error !== undefined && !sheet.isFetching) ? (
        <ErrorNote error={sheet.error} onRetry={sheet.reload} />
      ) : (
        <Panel>
          <Skeleton />
        </Panel>
      );
    return (
      <div className="sheet">
        <Results view={view} shown={shown?.period === period ? shown.at : undefined} onOpen={open} />
        <Chips
          label={t('tax.sheet.parts')}
          value={section?.id ?? basisTab}
          onChange={(next) => put({ tab: next })}
          chips={[
            ...view.sections.map((one) => ({ value: one.id, label: say(one.title), count: one.rowCount })),
            { value: basisTab, label: t('tax.sheet.basis') },
          ]}
        />
        {section === undefined ? (
          <Basis view={view} />
        ) : (
          <SectionTable
            key={section.id}
            section={section}
            onDerivation={open}
            onActivate={setActive}
            onMore={limit < allRows ? () => setLimit(allRows) : undefined}
          />
        )}
      </div>
    );
  };
  return (
    <Page
      title={view === undefined ? t('tax.sheet.title') : say(view.title)}
      summary={
        view === undefined
          ? ''
          : [t('tax.sheet.dates', { from: view.from, to: view.to }), view.form === undefined ? '' : say(view.form)]
              .filter((one) => one !== '')
              .join(' · ')
      }
      actions={
        <SheetFiles name={name} period={period} hasForm={hasForm} title={view === undefined ? name : say(view.title)} />
      }
      filters={
        <>
          <PeriodPicker
            kinds={kinds}
            months={months}
            value={period}
            onChange={(next) => replaceParams({ name, period: next, ...(tab === undefined ? {} : { tab }) })}
          />
          <span className="spacer" />
          <span className="draft-mark">
            <ToneTag tone="action" label={view === undefined ? t('tax.draft') : say(view.disclaimer)} />
          </span>
        </>
      }
      notice={
        <>
          {view === undefined ? null : <ErrorNote error={sheet.error} onRetry={sheet.reload} />}
          {name === 'regime' ? <RouteRegimes period={period} onDone={sheet.reload} /> : null}
          {name === 'regime' && lineId !== undefined ? <RegimeDecision ids={[lineId]} onDone={sheet.reload} /> : null}
          {name === 'exempt-register' && /^\d{4}-\d{2}$/.test(period) ? (
            <DeclareExempt period={period} onDone={sheet.reload} />
          ) : null}
          {name === 'refund-producer' ? <ClaimProducer period={period} onDone={sheet.reload} /> : null}
        </>
      }
      dock={view === undefined || view.findings.length === 0 ? undefined : <SheetFindings findings={view.findings} />}
    >
      <Split
        ratio="list"
        list={content()}
        detail={
          derivation === undefined ? undefined : (
            <DerivationPane
              calculation={derivation.calculation}
              subject={derivation.subject === period ? '' : derivation.subject}
              onClose={() => open(undefined)}
            />
          )
        }
      />
    </Page>
  );
}

/** The figures that count; each opens how it came about. */
function Results({
  view,
  shown,
  onOpen,
}: {
  readonly view: WorksheetView;
  readonly shown: number | undefined;
  readonly onOpen: (at: number | undefined) => void;
}) {
  const { t, say, language } = useWords();
  if (view.results.length === 0) return null;
  return (
    <ul className="results" aria-label={t('tax.sheet.results')}>
      {view.results.map((result) => {
        const text = cellText(result.value, result.type, language);
        const { derivation } = result;
        const body = (
          <>
            <span className="result-label">{say(result.label)}</span>
            <span className="result-value">
              {text === '' ? <ToneTag tone="rejected" label={t('tax.sheet.cannot')} /> : text}
            </span>
          </>
        );
        return (
          <li key={result.id}>
            {derivation === undefined || view.derivations[derivation] === undefined ? (
              <div className="result">{body}</div>
            ) : (
              <button
                type="button"
                className="result"
                aria-expanded={shown === derivation}
                title={t('tax.sheet.openDerivation')}
                data-result={result.id}
                onClick={() => onOpen(shown === derivation ? undefined : derivation)}
              >
                {body}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function SectionTable({
  section,
  onDerivation,
  onActivate,
  onMore,
}: {
  readonly section: Section;
  readonly onDerivation: (at: number) => void;
  readonly onActivate: (row: SheetRow) => void;
  readonly onMore: (() => void) | undefined;
}) {
  const { t, say, language } = useWords();
  const columns = useMemo(
    (): readonly Column<SheetRow>[] => [
      ...section.columns.map((column, at): Column<SheetRow> => {
        const isLastText = at === section.columns.findLastIndex(({ type }) => type === 'text');
        return {
          id: column.id,
          title: say(column.label),
          // One column takes what is left, so that a narrow table does not stand torn apart.
          ...(isLastText && section.columns.length < 7 ? {} : { width: columnWidth(column, section.rows, language) }),
          align: isRight(column.type) ? 'right' : 'left',
          render: (row) => {
            const text = cellText(row.cells[column.id], column.type, language);
            const shown = text === '' ? <span className="muted">–</span> : text;
            return row.emphasis ? <strong>{shown}</strong> : shown;
          },
        };
      }),
      ...(section.rows.some((row) => row.derivation !== undefined)
        ? [
            {
              id: 'why',
              title: '',
              width: 60,
              render: (row) =>
                row.derivation === undefined ? null : (
                  <button
                    type="button"
                    className="link"
                    tabIndex={-1}
                    onClick={() => row.derivation !== undefined && onDerivation(row.derivation)}
                  >
                    {t('tax.sheet.why')}
                  </button>
                ),
            } satisfies Column<SheetRow>,
          ]
        : []),
    ],
    [section, language, say, t, onDerivation],
  );
  const [activeKey, setActiveKey] = useState<string>();
  const active = section.rows.find((row) => row.key === activeKey);
  useKeys([
    {
      key: 'F1',
      label: t('tax.sheet.openDerivation'),
      isEnabled: active?.derivation !== undefined,
      run: () => active?.derivation !== undefined && onDerivation(active.derivation),
    },
  ]);
  const totals = section.columns.filter(({ id }) => section.totals[id] !== undefined);
  return (
    <Panel
      foot={
        <div className="sheet-foot">
          <strong>{t('tax.sheet.total')}</strong>
          <span>{t('tax.sheet.rows', { count: section.rowCount, shown: formatCount(section.rowCount) })}</span>
          {section.rows.length < section.rowCount ? (
            <span className="tone-action">
              {t('tax.sheet.firstRows', { shown: formatCount(section.rows.length) })}{' '}
              {onMore === undefined ? null : (
                <button type="button" className="link" onClick={onMore}>
                  {t('tax.sheet.moreRows')}
                </button>
              )}
            </span>
          ) : null}
          <span className="spacer" />
          {totals.map((column) => (
            <span key={column.id} className="sheet-total">
              {say(column.label)}{' '}
              <strong className="amount">{cellText(section.totals[column.id], column.type, language)}</strong>
            </span>
          ))}
        </div>
      }
    >
      <DataTable<SheetRow>
        label={say(section.title)}
        pages={plainPages(section.rows)}
        columns={columns}
        rowKey={(row) => row.key}
        activeKey={activeKey}
        autoFocus
        onActivate={(row) => {
          setActiveKey(row.key);
          onActivate(row);
        }}
        onOpen={(row) => {
          if (row.target !== undefined) openDrill(row.target);
          else if (row.derivation !== undefined) onDerivation(row.derivation);
        }}
        empty={<EmptyState title={t('tax.sheet.noRows')} hint={t('tax.sheet.noRowsHint')} />}
      />
    </Panel>
  );
}

/** Facts the sheet was computed from, and the law it stands on. */
function Basis({ view }: { readonly view: WorksheetView }) {
  const { t, say, language } = useWords();
  return (
    <Panel>
      <div className="panel-pad sheet-basis">
        {view.facts.length === 0 ? null : (
          <>
            <h3>{t('tax.sheet.facts')}</h3>
            <Facts
              columns={3}
              rows={view.facts.map((fact) => {
                const text = cellText(fact.value, fact.type, language);
                const { target } = fact;
                return [
                  say(fact.label),
                  target === undefined ? (
                    text === '' ? (
                      <span key={fact.id} className="muted">
                        {t('tax.sheet.notEntered')}
                      </span>
                    ) : (
                      text
                    )
                  ) : (
                    <button key={fact.id} type="button" className="link" onClick={() => openDrill(target)}>
                      {text === '' ? t('tax.sheet.notEntered') : text}
                    </button>
                  ),
                ];
              })}
            />
          </>
        )}
        <h3>{t('tax.sheet.sources')}</h3>
        <ul className="basis-list is-wide">
          {view.sources.map((source) => (
            <li key={`${source.rule} ${source.title.zh} ${source.inForceFrom ?? ''}`}>
              <div className="basis-head">
                <span className="code">{source.rule}</span>
                <strong>{say(source.title)}</strong>
                {source.reliability === null ? null : <Reliability level={source.reliability} />}
                {source.changedByFirm ? <ToneTag tone="action" label={t('tax.changedByFirm')} /> : null}
              </div>
              <div className="muted">
                {inForceText(source.inForceFrom, source.inForceTo, t)} · {source.source}
              </div>
            </li>
          ))}
        </ul>
        <p className="draft-note">{t('tax.authority')}</p>
      </div>
    </Panel>
  );
}

/** The sheet as a file: a workbook, a print, the order of the official form. */
function SheetFiles({
  name,
  period,
  title,
  hasForm,
}: {
  readonly name: WorksheetName;
  readonly period: string;
  readonly title: string;
  readonly hasForm: boolean;
}) {
  const { t, language } = useWords();
  const exporting = useJob('worksheets.export');
  const printing = useJob('worksheets.print');
  const filing = useJob('worksheets.fileForTaxBureau');
  const workbook = [{ name: 'Excel', extensions: ['xlsx'] }];
  const running = [exporting, printing, filing].find((job) => job.status === 'running');
  const failed = [exporting, printing, filing].find((job) => job.error !== undefined);
  const exportSheet = async (): Promise<void> => {
    const file = await chooseSave(t('tax.file.exportPurpose'), `${title} ${period}.xlsx`, workbook);
    if (file === null) return;
    const done = await exporting.start({ name, period, file: file.token, locale: language });
    if (done !== undefined) notify(t('tax.file.exported', { file: file.name, rows: formatCount(done.rows) }));
  };
  const print = async (): Promise<void> => {
    const file = await chooseSave(t('tax.file.printPurpose'), `${title} ${period}.pdf`, [
      { name: 'PDF', extensions: ['pdf'] },
    ]);
    if (file === null) return;
    const done = await printing.start({ name, period, file: file.token, locale: language });
    if (done !== undefined) notify(t('tax.file.printed', { file: file.name }));
  };
  const fileForBureau = async (): Promise<void> => {
    const file = await chooseSave(
      t('tax.file.bureauPurpose'),
      `${title} ${period} ${t('tax.file.bureauName')}.xlsx`,
      workbook,
    );
    if (file === null) return;
    const done = await filing.start({ name, period, file: file.token });
    if (done !== undefined) notify(t('tax.file.bureauDone', { file: file.name, rows: formatCount(done.rows) }));
  };
  return (
    <>
      {running === undefined ? null : (
        <ProgressBar title={t('tax.file.writing')} progress={running.progress} onCancel={running.cancel} />
      )}
      {failed === undefined ? null : <ErrorNote error={failed.error} isInline onClose={failed.clear} />}
      {hasForm ? (
        <KeyButton
          label={t('tax.file.bureau')}
          isDisabled={running !== undefined}
          onPress={() => void fileForBureau()}
        />
      ) : null}
      <KeyButton
        label={t('common.print')}
        keys="F9"
        bind
        isMain
        isDisabled={running !== undefined}
        onPress={() => void print()}
      />
      <KeyButton
        label={t('tax.file.export')}
        keys="Ctrl+E"
        bind
        isMain
        kind="primary"
        isDisabled={running !== undefined}
        onPress={() => void exportSheet()}
      />
    </>
  );
}

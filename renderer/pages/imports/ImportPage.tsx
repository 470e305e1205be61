import { Button, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FileFilter } from '../../../shared/contract/bridge.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { type ImportKind, importKinds } from '../../../shared/contract/imports.ts';
import { catalogue, type RequestName } from '../../../shared/documents/catalogue.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { type KeyBinding, useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, textParam } from '../../app/route-store.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen, chooseSave, DropZone } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { formatBytes, formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ColumnsStep, canTry } from './ColumnsStep.tsx';
import { Duplicates } from './Duplicates.tsx';
import { FailureGrid } from './FailureGrid.tsx';
import { linesToWrite } from './import-counts.ts';
import './imports.css';
import { KeyChoice } from './KeyChoice.tsx';
import { MessageChoice } from './MessageChoice.tsx';
import { ReceiptPanel } from './ReceiptPanel.tsx';
import { RowPlanList } from './RowPlanList.tsx';
import { SheetStep } from './SheetStep.tsx';
import { TrialResult } from './TrialResult.tsx';
import { type ImportState, type ImportStep, useImport } from './use-import.ts';

const steps: readonly Exclude<ImportStep, 'receipt'>[] = ['file', 'sheet', 'columns', 'trial', 'commit'];

/** The list of purchases that shows what an import of a kind brought. */
const purchasesTab = { invoices: 'invoices', exportLines: 'exports', tariff: 'tariff', warehouse: 'overseas' } as const;

/** A message by number and name. */
function nameOf(message: RequestName, language: string): string {
  return `${message.replace(/Message$/, '')} ${catalogue[message][language === 'en' ? 'en' : 'zh']}`;
}

function kindParam(text: string | undefined): ImportKind | undefined {
  return importKinds.find((kind) => kind === text);
}

/** The import wizard: file, sheet, columns, trial run, import. Nothing is written before the last click. */
export function ImportPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const wantedKind = kindParam(textParam(params, 'kind'));
  const wantedMessage = documentKinds.find((one) => one === textParam(params, 'message'));
  const state = useImport(wantedKind);
  const writeFailed = useCommand('imports.writeFailed');
  const writeTemplate = useCommand('imports.writeTemplate');
  const { step, inspection, file, trial, committed, dryRun, commitJob, isReading, isBusy } = state;
  // What was not recognised is shown as the first that could be read, and is of no kind until one is chosen.
  const shownKind = inspection !== undefined && !state.isRecognised ? wantedKind : (inspection?.kind ?? wantedKind);
  const kindName = shownKind === undefined ? undefined : t(`imports.kind.${shownKind}`);
  const filters: FileFilter[] = [{ name: t('imports.fileTypes'), extensions: ['xlsx', 'csv', 'txt', 'xml'] }];
  const [isChoosing, setChoosing] = useState(false);

  const chooseFile = async (): Promise<void> => {
    const chosen = await chooseOpen(t('imports.title'), filters);
    if (chosen !== null) await state.chooseAll([chosen]);
  };
  const template = async (): Promise<void> => {
    const kind = shownKind ?? 'orders';
    if (kind === 'documents') {
      setChoosing(true);
      return;
    }
    const to = await chooseSave(t('imports.template'), t('imports.templateName', { kind: t(`imports.kind.${kind}`) }), [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to !== null && (await writeTemplate.run({ kind, to: to.token })) !== undefined)
      notify(t('imports.templateDone'));
  };
  const messageTemplate = async (message: RequestName): Promise<void> => {
    setChoosing(false);
    const name = t('imports.templateName', { kind: `${message.replace(/Message$/, '')} ${catalogue[message].zh}` });
    const to = await chooseSave(t('imports.template'), name, [{ name: 'Excel', extensions: ['xlsx'] }]);
    if (to === null) return;
    const written = await writeTemplate.run({ kind: 'documents', message, to: to.token });
    if (written !== undefined) notify(t('imports.templateDone'));
  };
  const exportFailed = async (): Promise<void> => {
    if (trial === undefined || file === undefined) return;
    const name = file.name.replace(/\.[^.]*$/, '');
    const to = await chooseSave(t('imports.failures.export'), t('imports.failures.fileName', { name }), [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to === null) return;
    const answer = await writeFailed.run({ runId: trial.runId, to: to.token });
    if (answer !== undefined) notify(t('imports.failures.exported', { n: formatCount(answer.rows) }));
  };

  const toWrite = trial === undefined ? 0 : linesToWrite(trial.counts, state.mended);
  const left = trial === undefined ? 0 : trial.counts.failed - state.mended;
  const forward: { readonly label: string; readonly run: () => void; readonly isEnabled: boolean } | undefined =
    step === 'sheet'
      ? { label: t('imports.next'), run: () => state.setStep('columns'), isEnabled: !isReading && state.isRecognised }
      : step === 'columns'
        ? { label: t('imports.run.trial'), run: () => void state.runTrial(), isEnabled: canTry(state) }
        : step === 'trial' && trial !== undefined
          ? {
              label: toWrite === 0 ? t('imports.run.nothing') : t('imports.run.commit', { n: formatCount(toWrite) }),
              run: () => void state.commit(),
              isEnabled: toWrite > 0,
            }
          : undefined;
  const back = (): void => {
    if (isBusy) return;
    if (isChoosing) {
      setChoosing(false);
      return;
    }
    const before = step === 'receipt' ? 'file' : steps[steps.indexOf(step) - 1];
    if (step === 'file' || committed !== undefined) goBack();
    else if (before === 'file') state.reset();
    else if (before !== undefined) state.setStep(before);
  };

  const keys: KeyBinding[] = [
    {
      key: 'Esc',
      label: isChoosing
        ? t('imports.key.close')
        : step === 'file' || committed !== undefined
          ? t('imports.key.leave')
          : t('imports.back'),
      run: back,
      isMain: true,
    },
  ];
  if (step === 'file' && !isChoosing)
    keys.unshift({ key: 'Enter', label: t('imports.drop.choose'), run: () => void chooseFile(), isMain: true });
  const next = state.waiting.length > 0 && (committed !== undefined || step === 'receipt') ? state.waiting : undefined;
  if (next !== undefined)
    keys.push({ key: 'Ctrl+J', label: t('imports.waiting.next'), run: () => void state.chooseAll(next), isMain: true });
  if (committed !== undefined) keys.push({ key: 'Ctrl+I', label: t('imports.done.again'), run: state.reset });
  if (forward !== undefined)
    keys.unshift({
      key: 'Ctrl+Enter',
      label: forward.label,
      run: forward.run,
      isEnabled: forward.isEnabled && !isBusy,
      isMain: true,
    });
  useKeys(keys);

  return (
    <Page
      title={shownKind === undefined ? t('imports.title') : t(`imports.titleKind.${shownKind}`)}
      summary={
        file === undefined ? (
          t('imports.subtitle')
        ) : (
          <span className="import-file">{`${file.name} · ${formatBytes(file.size)}`}</span>
        )
      }
      actions={
        <>
          {next === undefined ? null : (
            <KeyButton label={t('imports.waiting.next')} keys="Ctrl+J" onPress={() => void state.chooseAll(next)} />
          )}
          {step === 'file' ? (
            <>
              <Button onClick={() => setChoosing(true)} loading={writeTemplate.isRunning}>
                {t('imports.messageTemplate')}
              </Button>
              {shownKind === 'documents' ? null : (
                <Button onClick={() => void template()} loading={writeTemplate.isRunning}>
                  {t('imports.template')}
                </Button>
              )}
            </>
          ) : (
            <Button disabled={isBusy} onClick={() => void chooseFile()}>
              {t('imports.file.other')}
            </Button>
          )}
          {step === 'file' || committed !== undefined ? null : (
            <Button disabled={isBusy} onClick={back}>
              {t('imports.back')}
            </Button>
          )}
          {forward === undefined ? null : (
            <KeyButton
              kind="primary"
              label={forward.label}
              keys="Ctrl+Enter"
              isDisabled={!forward.isEnabled || isBusy}
              onPress={forward.run}
            />
          )}
        </>
      }
      notice={
        <>
          {step === 'receipt' ? null : (
            <Steps
              size="small"
              className="import-steps"
              current={steps.indexOf(step) + (committed === undefined ? 0 : 1)}
              status={
                state.error === undefined && dryRun.status !== 'failed' && commitJob.status !== 'failed'
                  ? 'process'
                  : 'error'
              }
              items={steps.map((one) => ({ title: t(`imports.step.${one}`) }))}
            />
          )}
          <ErrorNote error={state.error} />
          <ErrorNote error={dryRun.error} onRetry={() => void state.runTrial()} />
          <ErrorNote error={commitJob.error} onRetry={() => void state.commit()} />
          <ErrorNote error={writeFailed.error} onClose={writeFailed.clear} />
          <ErrorNote error={writeTemplate.error} onClose={writeTemplate.clear} />
          {inspection?.importedBefore !== undefined && committed === undefined ? (
            <p className="import-note" role="status">
              <ToneTag
                tone="action"
                label={t('imports.importedBefore', { at: formatInstant(inspection.importedBefore) })}
              />
            </p>
          ) : null}
          {inspection !== undefined && step === 'sheet' && !isReading ? (
            <p className="import-note" role="status">
              {state.isRecognised && kindName !== undefined ? (
                t('imports.recognisedAs', {
                  kind: inspection.message === undefined ? kindName : nameOf(inspection.message, i18n.language),
                })
              ) : (
                <ToneTag tone="action" label={t('imports.notRecognised')} />
              )}
            </p>
          ) : null}
          {inspection !== undefined && step === 'sheet' && state.form === 'payout' ? (
            <p className="import-note">
              <ToneTag tone="action" label={t('imports.payoutSeen')} />
              <Button size="small" onClick={() => navigate('payoutImport', file === undefined ? {} : { ...file })}>
                {t('imports.toPayouts')}
              </Button>
            </p>
          ) : null}
          {state.waiting.length === 0 ? null : (
            <p className="import-note muted" role="status">
              {t('imports.waiting.files', {
                n: formatCount(state.waiting.length),
                names: listed(
                  state.waiting.map(({ name }) => name),
                  i18n.language,
                ),
              })}
            </p>
          )}
        </>
      }
    >
      {isChoosing ? (
        <MessageChoice
          first={wantedMessage ?? inspection?.message}
          onChoose={(message) => void messageTemplate(message)}
          onClose={() => setChoosing(false)}
        />
      ) : (
        <div
          className="import-area"
          data-testid={`import-${committed === undefined ? step : 'done'}`}
          onKeyDownCapture={captureCtrlEnter(() =>
            forward?.isEnabled === true && !isBusy ? forward.run() : undefined,
          )}
        >
          <Body
            state={state}
            filters={filters}
            onExportFailed={() => void exportFailed()}
            isExporting={writeFailed.isRunning}
            left={left}
          />
        </div>
      )}
    </Page>
  );
}

interface BodyProps {
  readonly state: ImportState;
  readonly filters: readonly FileFilter[];
  readonly onExportFailed: () => void;
  readonly isExporting: boolean;
  readonly left: number;
}

function Body({ state, filters, onExportFailed, isExporting, left }: BodyProps) {
  const { t } = useTranslation();
  const { step, file, isReading, inspection, trial, dryRun, commitJob, committed, mended } = state;
  if (isReading && inspection === undefined) {
    return (
      <Panel>
        <div className="import-reading">
          <ProgressBar
            title={file === undefined ? t('imports.readingUnnamed') : t('imports.reading', { file: file.name })}
            progress={undefined}
          />
          <p className="muted">{t('imports.readingHint')}</p>
        </div>
      </Panel>
    );
  }
  if (step === 'file')
    return (
      <DropZone
        purpose={t('imports.title')}
        filters={filters}
        title={t('imports.drop.title')}
        hint={t('imports.drop.hint')}
        onFile={(chosen) => void state.chooseAll([chosen])}
        onFiles={(files) => void state.chooseAll(files)}
      />
    );
  if (step === 'receipt' && state.receipt !== undefined && file !== undefined)
    return <ReceiptPanel key={file.token} receipt={state.receipt} file={file} onAgain={state.reset} />;
  if (step === 'sheet') {
    return (
      <Panel>
        <SheetStep state={state} />
      </Panel>
    );
  }
  if (step === 'columns') {
    return (
      <Panel>
        <ColumnsStep state={state} />
      </Panel>
    );
  }
  if (dryRun.status === 'running') {
    return (
      <Panel>
        <div className="import-reading">
          <ProgressBar title={t('imports.trial.running')} progress={dryRun.progress} onCancel={dryRun.cancel} />
        </div>
      </Panel>
    );
  }
  if (commitJob.status === 'running') {
    return (
      <Panel>
        <div className="import-reading">
          <ProgressBar title={t('imports.commit.running')} progress={commitJob.progress} onCancel={commitJob.cancel} />
        </div>
      </Panel>
    );
  }
  if (dryRun.status === 'cancelled') return <p className="import-note">{t('imports.cancelled')}</p>;
  if (trial === undefined) return null;
  if (committed !== undefined)
    return <Done state={state} left={left} onExportFailed={onExportFailed} isExporting={isExporting} />;
  return (
    <div className="import-trial">
      {commitJob.status === 'cancelled' ? <p className="import-note">{t('imports.cancelled')}</p> : null}
      <Panel>
        <TrialResult counts={trial.counts} mended={mended} isDone={false} findings={trial.findings} />
        {linesToWrite(trial.counts, mended) === 0 && trial.counts.alreadyThere > 0 ? (
          <p className="import-note">
            <ToneTag
              tone="draft"
              label={t(inspection?.importedBefore === undefined ? 'imports.sameAsBook' : 'imports.importedBeforeDone')}
            />
          </p>
        ) : null}
      </Panel>
      {trial.rowPlans === undefined ? null : (
        <div className="import-kept">
          <Panel title={t('imports.plans.title')}>
            <div className="import-plans">
              <KeyChoice state={state} onChange={(change) => void state.runTrial(change)} />
              <RowPlanList plans={trial.rowPlans} isMended={mended > 0} />
            </div>
          </Panel>
        </div>
      )}
      {trial.duplicatesTotal === 0 || inspection === undefined ? null : (
        <div className="import-kept">
          <Panel title={t('imports.duplicates.title', { n: formatCount(trial.duplicatesTotal) })}>
            <Duplicates
              duplicates={trial.duplicates}
              total={trial.duplicatesTotal}
              headers={inspection.headers}
              onDuplicate={state.onDuplicate}
            />
          </Panel>
        </div>
      )}
      {trial.counts.failed === 0 ? null : (
        <Panel
          title={t('imports.failures.title')}
          extra={
            <>
              <span className="muted">{left === 0 ? t('imports.failures.allMended') : t('imports.failures.hint')}</span>
              <Button size="small" disabled={left === 0} loading={isExporting} onClick={onExportFailed}>
                {t('imports.failures.export')}
              </Button>
            </>
          }
        >
          <FailureGrid kind={inspection?.kind ?? 'orders'} runId={trial.runId} onMended={state.noteMended} />
        </Panel>
      )}
    </div>
  );
}

/** The end: what was written, what stayed out, and where to go on. */
function Done({
  state,
  left,
  onExportFailed,
  isExporting,
}: {
  readonly state: ImportState;
  readonly left: number;
  readonly onExportFailed: () => void;
  readonly isExporting: boolean;
}) {
  const { t } = useTranslation();
  const { committed, inspection, trial } = state;
  if (committed === undefined || inspection === undefined || trial === undefined) return null;
  // Mended rows were committed with the rest; the core counts them among the taken again.
  const mended = committed.failed === trial.counts.failed ? state.mended : 0;
  const written = linesToWrite(committed, mended);
  const { kind } = inspection;
  return (
    <Panel title={written === 0 ? t('imports.done.nothingNew') : t('imports.done.title')}>
      <TrialResult counts={committed} mended={mended} isDone findings={trial.findings} />
      {left > 0 ? (
        <p className="import-note">
          {t('imports.failures.stay', { n: formatCount(left) })}{' '}
          <Button size="small" loading={isExporting} onClick={onExportFailed}>
            {t('imports.failures.export')}
          </Button>
        </p>
      ) : null}
      <div className="import-links">
        {kind === 'orders' && committed.products > 0 ? (
          <Button type="primary" onClick={() => navigate('products', { state: 'to-classify' })}>
            {t('imports.done.toProducts')}
          </Button>
        ) : null}
        {kind === 'orders' ? <Button onClick={() => navigate('orders')}>{t('imports.done.toOrders')}</Button> : null}
        {kind === 'products' ? (
          <Button onClick={() => navigate('products')}>{t('imports.done.toProducts')}</Button>
        ) : null}
        {kind === 'waybills' || kind === 'products' || kind === 'tracking' ? (
          <Button onClick={() => navigate('shipments')}>{t('imports.done.toShipments')}</Button>
        ) : null}
        {kind === 'invoices' || kind === 'exportLines' || kind === 'tariff' || kind === 'warehouse' ? (
          <Button onClick={() => navigate('purchases', { tab: purchasesTab[kind] })}>
            {t('imports.done.toPurchases')}
          </Button>
        ) : null}
        {kind === 'stockCounts' ? (
          <Button type="primary" onClick={() => navigate('purchases', { tab: 'overseas', view: 'counts' })}>
            {t('imports.done.toCounts')}
          </Button>
        ) : null}
        {kind === 'bonded' ? (
          <Button type="primary" onClick={() => navigate('bonded')}>
            {t('imports.done.toBonded')}
          </Button>
        ) : null}
        {kind === 'declarationCopies' ? (
          <Button type="primary" onClick={() => navigate('returns', { tab: 'copies' })}>
            {t('imports.done.toReturns')}
          </Button>
        ) : null}
        {kind === 'statement' ? (
          <Button type="primary" onClick={() => navigate('moneyEntries', { state: 'open' })}>
            {t('imports.done.toEntries')}
          </Button>
        ) : null}
        {kind === 'documents' ? (
          <Button
            type="primary"
            onClick={() =>
              navigate('declarations', inspection.message === undefined ? {} : { kind: inspection.message })
            }
          >
            {t('imports.done.toDeclarations')}
          </Button>
        ) : null}
        {kind === 'rates' ? <Button onClick={() => navigate('ledger')}>{t('imports.done.toMoney')}</Button> : null}
        <Button onClick={state.reset}>{t('imports.done.again')}</Button>
      </div>
    </Panel>
  );
}

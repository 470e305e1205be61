/** 单据: every paper of a shipment or document, shown as it is printed; the five-sheet workbook; own templates; papers asked for. */
import { Button, Checkbox, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { type PaperKind, type PaperLanguage, paperKinds, paperLanguages } from '../../../shared/papers/kinds.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { DetailsForm } from './DetailsForm.tsx';
import { PaperPreview } from './PaperPreview.tsx';
import './papers.css';
import { Slots } from './Slots.tsx';
import { type Subject, subjectOf } from './subject.ts';
import { Templates } from './Templates.tsx';

const areas = ['documents', 'orders', 'products', 'shipments', 'sync'] as const;
const zooms = [0.5, 0.8, 1, 1.25, 1.5] as const;

function kindOf(value: string | undefined): PaperKind {
  return paperKinds.find((kind) => kind === value) ?? 'declaration';
}
function languageOf(value: string | undefined, preferred: PaperLanguage): PaperLanguage {
  return paperLanguages.find((language) => language === value) ?? preferred;
}

/** `shipmentId=ID` or `documentId=ID`, `kind` of paper, `language`. */
export function PapersPage({ params }: PageProps) {
  const subject = subjectOf(params);
  return subject === undefined ? <Choose /> : <Papers params={params} subject={subject} />;
}

/** Opened without a subject: the latest shipments to choose from. */
function Choose() {
  const { t } = useTranslation();
  const latest = useQuery('shipments.list', { limit: 10 }, { areas: ['shipments'] });
  useKeys([{ key: 'Esc', label: t('papers.back'), run: goBack }]);
  return (
    <Page title={t('papers.title')} notice={<ErrorNote error={latest.error} onRetry={latest.reload} />}>
      <EmptyState
        title={t('papers.choose')}
        hint={t('papers.chooseHint')}
        actions={
          <>
            {(latest.data?.rows ?? []).map(({ id, shipmentNo }, at) => (
              <Button
                key={id}
                type={at === 0 ? 'primary' : 'default'}
                autoFocus={at === 0}
                onClick={() => navigate('papers', { shipmentId: id })}
              >
                {shipmentNo}
              </Button>
            ))}
            <Button onClick={() => navigate('shipments')}>{t('papers.toShipments')}</Button>
          </>
        }
      />
    </Page>
  );
}

interface PapersProps extends PageProps {
  readonly subject: Subject;
}

function Papers({ params, subject }: PapersProps) {
  const { t, i18n } = useTranslation();
  const kind = kindOf(textParam(params, 'kind'));
  const language = languageOf(textParam(params, 'language'), i18n.language === 'en' ? 'both' : 'zh');
  const overview = useQuery('papers.list', { subject }, { areas });
  const [overlay, setOverlay] = useState(false);
  const setup = useQuery('printing.get', {}, { areas: ['documents'] });
  const preview = useQuery('papers.preview', { subject, kind, language, overlay }, { areas });
  const print = useJob('papers.print');
  const workbook = useJob('papers.workbook');
  const [chosenCopies, setCopies] = useState<number>();
  const printer = setup.data?.printers.find(({ name }) => name === setup.data?.current);
  const copies = chosenCopies ?? printer?.copies ?? 1;
  const [zoom, setZoom] = useState<number>();
  const view = overview.data;
  const number = view?.subject.number ?? '';
  const kinds = view?.kinds ?? paperKinds;
  const set = (change: Readonly<Record<string, string>>): void =>
    replaceParams({ ...params, kind, language, ...change });
  const turn = (by: 1 | -1): void => {
    const at = kinds.indexOf(kind);
    set({ kind: kinds[(at + by + kinds.length) % kinds.length] ?? kind });
  };
  const toFile = async (): Promise<void> => {
    const title = t(`papers.kind.${kind}`);
    const to = await chooseSave(title, `${number} ${title}.pdf`, [{ name: 'PDF', extensions: ['pdf'] }]);
    if (to === null) return;
    const input: InputOf<'papers.print'> = { subject, kind, language, copies, overlay, to: to.token };
    const done = await print.start(input);
    if (done !== undefined) notify(t('papers.printed', { file: to.name, pages: formatCount(done.pages) }));
  };
  const toWorkbook = async (): Promise<void> => {
    const to = await chooseSave(t('papers.workbook'), `${number} ${t('papers.workbookFile')}.xlsx`, [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to === null) return;
    const done = await workbook.start({ subject, to: to.token });
    if (done !== undefined) notify(t('papers.written', { file: to.name, items: formatCount(done.items) }));
  };
  // Each only waits for its own: who presses the next key while a paper is still being written wants the other file too.
  const isReady = view !== undefined && print.status !== 'running';
  // The five sheets are a seller's papers; an import has none of its own.
  const hasWorkbook = view !== undefined && workbook.status !== 'running' && kinds.includes('invoice');
  useKeys([
    { key: 'F9', label: t('papers.print'), run: () => void toFile(), isEnabled: isReady, isMain: true },
    { key: 'Ctrl+E', label: t('papers.workbook'), run: () => void toWorkbook(), isEnabled: hasWorkbook, isMain: true },
    { key: 'F11', label: t('papers.previous'), run: () => turn(-1) },
    { key: 'Shift+F11', label: t('papers.next'), run: () => turn(1) },
    { key: 'Esc', label: t('papers.back'), run: goBack, isMain: true },
  ]);

  return (
    <Page
      title={
        <>
          {t('papers.title')} <span className="code">{number}</span>
        </>
      }
      summary={view === undefined ? undefined : <Summary view={view} pages={preview.data?.pages} />}
      actions={
        <>
          <KeyButton
            label={t('papers.workbook')}
            keys="Ctrl+E"
            isBusy={workbook.status === 'running'}
            isDisabled={!hasWorkbook}
            onPress={() => void toWorkbook()}
          />
          <KeyButton
            kind="primary"
            label={t('papers.print')}
            keys="F9"
            isBusy={print.status === 'running'}
            isDisabled={!isReady}
            onPress={() => void toFile()}
          />
        </>
      }
      filters={
        <>
          <Chips
            label={t('papers.kinds')}
            value={kind}
            onChange={(value) => set({ kind: value })}
            chips={kinds.map((value) => ({ value, label: t(`papers.kind.${value}`) }))}
          />
          <Select
            value={language}
            aria-label={t('papers.language')}
            options={paperLanguages.map((value) => ({ value, label: t(`papers.languages.${value}`) }))}
            onChange={(value) => set({ language: value })}
          />
          <Select
            value={copies}
            aria-label={t('papers.copies')}
            options={Array.from({ length: 9 }, (_, at) => ({
              value: at + 1,
              label: t('papers.copiesN', { n: at + 1 }),
            }))}
            onChange={setCopies}
          />
          <Checkbox checked={overlay} onChange={(event) => setOverlay(event.target.checked)}>
            {t('papers.overlay')}
          </Checkbox>
          <Button type="text" onClick={() => navigate('settings', { tab: 'printing' })}>
            {printer === undefined ? t('papers.setup') : printer.name}
          </Button>
          <Select
            value={zoom ?? 0}
            aria-label={t('papers.zoom')}
            options={[
              { value: 0, label: t('papers.fit') },
              ...zooms.map((value) => ({ value: Number(value), label: `${Math.round(value * 100)}%` })),
            ]}
            onChange={(value) => setZoom(value === 0 ? undefined : value)}
          />
        </>
      }
      notice={
        <>
          {[print, workbook].map((job, at) =>
            job.status === 'running' ? (
              <ProgressBar
                key={at === 0 ? 'print' : 'workbook'}
                title={t('papers.writing')}
                progress={job.progress}
                onCancel={job.cancel}
              />
            ) : (
              <ErrorNote key={at === 0 ? 'print' : 'workbook'} error={job.error} onClose={job.clear} />
            ),
          )}
        </>
      }
    >
      {overview.status === 'failed' && view === undefined ? (
        <ErrorNote error={overview.error} onRetry={overview.reload} />
      ) : view === undefined ? (
        <Skeleton />
      ) : (
        <Split
          ratio="list"
          list={
            preview.data === undefined ? (
              preview.status === 'failed' ? (
                <ErrorNote error={preview.error} onRetry={preview.reload} />
              ) : (
                <Skeleton />
              )
            ) : (
              <PaperPreview html={preview.data.html} label={t(`papers.kind.${kind}`)} zoom={zoom} />
            )
          }
          detail={
            <Side
              key={`${view.subject.kind} ${view.subject.id}`}
              view={view}
              subject={subject}
              onKind={(value) => set({ kind: value })}
              onFiled={overview.reload}
            />
          }
        />
      )}
    </Page>
  );
}

type View = OutputOf<'papers.list'>;

function Summary({ view, pages }: { readonly view: View; readonly pages: number | undefined }) {
  const { t } = useTranslation();
  return (
    <>
      {view.isAccepted ? (
        <ToneTag tone="accepted" label={t('papers.accepted')} />
      ) : (
        <ToneTag tone="draft" label={t('papers.draft')} />
      )}{' '}
      {t('papers.summary', { count: view.declarations.length, documents: formatCount(view.documents) })} ·{' '}
      {view.totals.amounts.map(({ currency, amount }) => `${currency} ${formatAmount(amount)}`).join(' · ')}
      {pages === undefined ? '' : ` · ${t('papers.pages', { count: pages })}`}
      {view.isUndrafted ? ` · ${t('papers.undrafted')}` : ''}
      {view.blocked === 0 ? '' : ` · ${t('papers.blocked', { n: formatCount(view.blocked) })}`}
    </>
  );
}

function Side({
  view,
  subject,
  onKind,
  onFiled,
}: {
  readonly view: View;
  readonly subject: Subject;
  readonly onKind: (kind: PaperKind) => void;
  readonly onFiled: () => void;
}) {
  const { t } = useTranslation();
  const { totals, parties } = view;
  const named = ({ name, code }: View['parties']['consignor']) => (
    <>
      {name} <span className="code muted">{code}</span>
    </>
  );
  return (
    <DetailPane title={view.subject.number} isCode>
      {view.gaps.length === 0 ? null : (
        <DetailSection title={t('papers.gaps')}>
          <ul className="plain-list paper-list">
            {view.gaps.map(({ code, params }) => (
              <li key={`${code} ${params['no'] ?? ''}`}>
                <ToneTag tone="action" label={t(`papers.gap.${code}`, params)} />
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <DetailSection title={t('papers.totals')}>
        <Facts
          columns={1}
          rows={[
            ...totals.amounts.map(
              ({ currency, amount }) => [t('papers.total.amount'), `${currency} ${formatAmount(amount)}`] as const,
            ),
            [t('papers.total.weights'), `${formatAmount(totals.net)} / ${formatAmount(totals.gross)}`],
            [t('papers.total.packages'), totals.packages],
            [t('papers.party.consignor'), named(parties.consignor)],
            [t('papers.party.producer'), named(parties.producer)],
            [t('papers.party.declarant'), named(parties.declarant)],
            [t('papers.party.consignee'), named(parties.consignee)],
          ]}
        />
      </DetailSection>
      <Slots overview={view} subject={subject} onKind={onKind} onFiled={onFiled} />
      <DetailsForm overview={view} subject={subject} />
      <Templates subject={subject} number={view.subject.number} />
    </DetailPane>
  );
}

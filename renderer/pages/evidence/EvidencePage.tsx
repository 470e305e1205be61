/** 证据包: what stands behind a receipt or a shipment, section by section; what is missing; the papers; and all of it out as one ZIP. */
import { Button, Checkbox } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatAmount, formatBytes, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { useCertificate } from '../record-match/use-certificate.ts';
import { RecordActions } from './RecordActions.tsx';
import './evidence.css';

type View = OutputOf<'evidence.preview'>;
type Section = View['sections'][number];

const areas = ['money', 'documents', 'orders', 'sync', 'tax', 'matching', 'ledger'] as const;

/** `record=ID` or `shipment=ID`. */
export function EvidencePage({ params }: PageProps) {
  const { t } = useTranslation();
  const words = useBilingual();
  const recordId = numberParam(params, 'record');
  const shipmentId = numberParam(params, 'shipment');
  const of =
    recordId !== undefined
      ? ({ kind: 'record', id: recordId } as const)
      : shipmentId !== undefined
        ? ({ kind: 'shipment', id: shipmentId } as const)
        : undefined;
  const preview = useQuery('evidence.preview', of === undefined ? null : { of }, { areas });
  const pack = useJob('evidence.export');
  const view = preview.data;
  const section = view?.sections.find(({ id }) => id === textParam(params, 'section')) ?? view?.sections[0];

  const write = async (): Promise<void> => {
    if (of === undefined || view === undefined) return;
    const name = `${t('evidence.fileName', { number: view.subject.number })}.zip`;
    const to = await chooseSave(t('evidence.export'), name, [{ name: 'ZIP', extensions: ['zip'] }]);
    if (to === null) return;
    const done = await pack.start({ of, to: to.token });
    if (done !== undefined)
      notify(
        t('evidence.exported', {
          files: formatCount(done.files),
          size: formatBytes(done.bytes),
          hash: `${done.sha256.slice(0, 16)}…`,
        }),
      );
  };
  const isBusy = pack.status === 'running';
  useKeys([
    {
      key: 'Ctrl+E',
      label: t('evidence.export'),
      run: () => void write(),
      isEnabled: view !== undefined && !isBusy,
      isMain: true,
    },
    { key: 'Enter', label: t('evidence.open'), isMain: true },
    {
      key: 'Esc',
      label: t('evidence.back'),
      run: () => {
        if (!focusList()) goBack();
      },
    },
  ]);

  return (
    <Page
      title={
        <>
          {t('evidence.title')} <span className="code">{view?.subject.number}</span>
        </>
      }
      summary={
        view === undefined ? undefined : (
          <>
            {t(`evidence.of.${view.subject.kind}`)} {view.subject.date} ·{' '}
            {t('evidence.summary', { papers: formatCount(view.papers), size: formatBytes(view.bytes) })}{' '}
            {view.gaps.length === 0 ? (
              <ToneTag tone="accepted" label={t('evidence.complete')} />
            ) : (
              <ToneTag tone="action" label={t('evidence.missing', { n: view.gaps.length })} />
            )}
          </>
        )
      }
      actions={
        <KeyButton
          kind="primary"
          keys="Ctrl+E"
          label={t('evidence.export')}
          isBusy={isBusy}
          isDisabled={view === undefined}
          onPress={() => void write()}
        />
      }
      filters={
        <>
          <MoneyTabs active="money" />
          {view === undefined || section === undefined ? null : (
            <Chips
              label={t('evidence.sections')}
              value={section.id}
              onChange={(id) => replaceParams({ ...params, section: id })}
              chips={view.sections.map((one) => ({ value: one.id, label: words(one.title), count: one.total }))}
            />
          )}
        </>
      }
      notice={
        isBusy ? (
          <ProgressBar title={t('evidence.export')} progress={pack.progress} onCancel={pack.cancel} />
        ) : (
          <ErrorNote error={pack.error ?? (view === undefined ? undefined : preview.error)} onClose={pack.clear} />
        )
      }
    >
      {of === undefined ? (
        <EmptyState
          title={t('evidence.choose')}
          actions={
            <Button type="primary" onClick={() => navigate('money')}>
              {t('evidence.toMoney')}
            </Button>
          }
        />
      ) : view === undefined ? (
        preview.status === 'failed' ? (
          <ErrorNote error={preview.error} onRetry={preview.reload} />
        ) : (
          <Skeleton />
        )
      ) : (
        <Split
          ratio="list"
          list={section === undefined ? null : <SectionTable key={section.id} section={section} />}
          detail={<Side view={view} />}
        />
      )}
    </Page>
  );
}

/** Room for the longest text: a Chinese character is as wide as two letters. */
function widthOf(texts: readonly string[]): number {
  const widest = Math.max(
    ...texts.map((text) => [...text].reduce((sum, one) => sum + ((one.codePointAt(0) ?? 0) < 0x2e80 ? 8 : 14), 0)),
  );
  return Math.min(240, Math.max(56, widest + 24));
}

function SectionTable({ section }: { readonly section: Section }) {
  const { t } = useTranslation();
  const words = useBilingual();
  type Row = { readonly at: number; readonly row: Section['rows'][number] };
  const rows = useMemo((): Row[] => section.rows.map((row, at) => ({ at, row })), [section]);
  const plain = (cell: Section['rows'][number]['cells'][number] | undefined): string =>
    cell === undefined ? '' : typeof cell === 'string' ? cell : words(cell);
  // A column nobody has anything in only pushes the others out of sight; the table in the pack has it.
  const shown = section.columns.flatMap((column, at) =>
    section.rows.some(({ cells }) => plain(cells[at]) !== '') ? [{ column, at }] : [],
  );
  const columns: readonly Column<Row>[] = shown.map(({ column, at }) => ({
    id: String(at),
    title: words(column.title),
    width: widthOf([words(column.title), ...section.rows.slice(0, 40).map(({ cells }) => plain(cells[at]))]),
    align: column.kind === 'amount' ? 'right' : 'left',
    render: ({ row }) => {
      const text = plain(row.cells[at]);
      if (column.kind === 'amount') return formatAmount(text);
      return column.kind === 'code' ? <Code>{text}</Code> : text;
    },
  }));
  return (
    <>
      <DataTable
        label={words(section.title)}
        pages={plainPages(rows)}
        columns={columns}
        rowKey={({ at }) => at}
        autoFocus
        onOpen={({ row }) => {
          if (row.target !== undefined) navigate(row.target.page, row.target.params);
          else focusDetail();
        }}
        empty={<EmptyState title={t('evidence.none')} hint={t('evidence.noneHint')} />}
      />
      {section.total > section.rows.length ? (
        <p className="muted evidence-more">
          {t('evidence.more', { shown: formatCount(section.rows.length), total: formatCount(section.total) })}
        </p>
      ) : null}
    </>
  );
}

/** What is missing, the papers of the subject, and the files of the pack. */
function Side({ view }: { readonly view: View }) {
  const { t } = useTranslation();
  const { subject, gaps, files } = view;
  return (
    <DetailPane title={subject.number} isCode>
      {subject.kind === 'record' ? <RecordActions recordId={subject.id} isInPack /> : null}
      <DetailSection title={t('evidence.gaps')}>
        {gaps.length === 0 ? (
          <p className="muted">{t('evidence.noGaps')}</p>
        ) : (
          <ul className="plain-list">
            {gaps.map(({ code, level, params }) => (
              <li key={`${code} ${params['number'] ?? ''}`}>
                <ToneTag tone={level === 'reject' ? 'rejected' : 'action'} label={t(`evidence.level.${level}`)} />{' '}
                {t(`evidence.gap.${code}`, params)}
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
      <PapersOf subjectKind={subject.kind === 'record' ? 'money-record' : 'shipment'} subjectId={subject.number} />
      {view.sections.some(({ id }) => id === 'match') ? <Certificate subject={subject} /> : null}
      <DetailSection title={t('evidence.files')}>
        <ul className="plain-list evidence-files">
          {files.map(({ path, title, source, size, sha256 }) => (
            <li key={path}>
              <span className="muted">{t(`evidence.source.${source}`)}</span> {title}{' '}
              <span className="muted">
                {size === undefined ? t('evidence.made') : formatBytes(size)}
                {sha256 === undefined ? '' : ` · ${sha256.slice(0, 12)}`}
              </span>
            </li>
          ))}
        </ul>
      </DetailSection>
    </DetailPane>
  );
}

/** The certificate of the subject's orders by itself; the pack holds it too. */
function Certificate({ subject }: { readonly subject: View['subject'] }) {
  const { t } = useTranslation();
  const certificate = useCertificate();
  const [isKept, setKept] = useState(false);
  const { kind, id, number } = subject;
  const start = (): void =>
    void certificate.print({ of: { kind, id }, ...(isKept ? { keepWith: { kind, id } } : {}) }, number);
  useKeys([
    { key: 'F9', label: t('recordMatch.certificate'), run: start, isEnabled: !certificate.isRunning, isMain: true },
  ]);
  return (
    <DetailSection title={t('recordMatch.certificate')}>
      <p className="evidence-certificate">
        <KeyButton label={t('recordMatch.print')} keys="F9" isBusy={certificate.isRunning} onPress={start} />{' '}
        <Checkbox checked={isKept} onChange={(event) => setKept(event.target.checked)}>
          {t('evidence.keepCertificate')}
        </Checkbox>
      </p>
      <ErrorNote error={certificate.error} isInline />
    </DetailSection>
  );
}

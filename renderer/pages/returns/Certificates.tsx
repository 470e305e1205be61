/** 已补税/未退税证明: the requests, and the line or return a new one is for. */
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { certificateStates } from '../../../shared/returns/certificate.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, type RowOf, usePages, useQuery } from '../../core-client.ts';
import { useFile } from '../risk/use-file.tsx';
import { certificateTones } from './CertificateCourse.tsx';
import { CertificateForm } from './CertificateForm.tsx';
import '../purchases/purchases.css';

type Row = RowOf<'returnCertificates.list'>;
const shownStates = ['all', ...certificateStates] as const;

export function Certificates({ chips, params }: { readonly chips: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const state = shownStates.find((one) => one === textParam(params, 'state')) ?? 'all';
  const text = textParam(params, 'text') ?? '';
  const returnId = numberParam(params, 'return');
  const lineId = numberParam(params, 'line');
  const pages = usePages(
    'returnCertificates.list',
    { ...(state === 'all' ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['returns', 'tax'] },
  );
  const file = useFile('returnCertificates.export');
  const at = numberParam(params, 'at');
  const isNew = textParam(params, 'new') === '1' || returnId !== undefined || lineId !== undefined;
  const title = t('goodsReturns.certificate.title');
  const add = (): void => {
    set({ new: '1', at: '' });
    focusDetail('#certificate-line');
  };
  const choose = (id: number): void => set({ at: id, new: '', return: '', line: '' });
  useKeys([
    { key: 'Ctrl+N', label: t('goodsReturns.certificate.add'), run: add, isMain: true },
    { key: 'Enter', label: t('goodsReturns.certificate.open'), isMain: true },
    { key: 'Ctrl+E', label: t('goodsReturns.certificate.export'), run: () => void file.write(title, {}) },
  ]);
  const counts = pages.first?.counts;
  const columns: readonly Column<Row>[] = [
    {
      id: 'number',
      title: t('goodsReturns.certificate.number'),
      width: 108,
      render: (row) => <Code>{row.number}</Code>,
    },
    {
      id: 'state',
      title: t('goodsReturns.certificate.state'),
      width: 104,
      render: (row) => (
        <ToneTag tone={certificateTones[row.state]} label={t(`goodsReturns.certificate.states.${row.state}`)} />
      ),
    },
    {
      id: 'kind',
      title: t('goodsReturns.certificate.kind'),
      width: 64,
      render: (row) => t(`goodsReturns.certificate.kinds.${row.kind}`),
    },
    { id: 'name', title: t('goodsReturns.goods'), render: (row) => <span title={row.name}>{row.name}</span> },
    {
      id: 'line',
      title: t('goodsReturns.line'),
      width: 196,
      render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
    },
    { id: 'qty', title: t('goodsReturns.qty'), width: 52, align: 'right', render: (row) => row.qty },
  ];
  return (
    <Page
      title={title}
      summary={t('goodsReturns.certificate.summary')}
      actions={
        <>
          <KeyButton
            label={t('goodsReturns.certificate.export')}
            keys="Ctrl+E"
            isBusy={file.isRunning}
            onPress={() => void file.write(title, {})}
          />
          <KeyButton kind="primary" label={t('goodsReturns.certificate.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
      filters={
        <>
          {chips}
          <Chips<(typeof shownStates)[number]>
            label={t('goodsReturns.certificate.state')}
            value={state}
            onChange={(value) => set({ state: value === 'all' ? '' : value, at: '' })}
            chips={shownStates.map((value) => ({
              value,
              label: value === 'all' ? t('goodsReturns.all') : t(`goodsReturns.certificate.states.${value}`),
              count: value === 'all' ? undefined : counts?.find((one) => one.state === value)?.count,
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('goodsReturns.certificate.search')}
            keyLabel={t('goodsReturns.certificate.search')}
          />
        </>
      }
    >
      {file.notice}
      <Split
        ratio="even"
        list={
          <DataTable<Row>
            label={title}
            autoFocus={!isNew}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={isNew ? undefined : at}
            rowTone={(row) => (row.state === 'void' ? 'muted' : undefined)}
            onActivate={({ id }) => choose(id)}
            onOpen={({ id }) => {
              choose(id);
              focusDetail('#certificate-qty');
            }}
            empty={
              text !== '' || state !== 'all' ? (
                <EmptyState
                  title={t('goodsReturns.certificate.noMatch')}
                  hint={t('goodsReturns.certificate.noMatchHint')}
                />
              ) : (
                <EmptyState
                  title={t('goodsReturns.certificate.empty')}
                  hint={t('goodsReturns.certificate.emptyHint')}
                  actions={<Button onClick={add}>{t('goodsReturns.certificate.add')}</Button>}
                />
              )
            }
          />
        }
        detail={
          isNew ? (
            <NewCertificate
              key={`${returnId ?? ''} ${lineId ?? ''}`}
              from={
                returnId === undefined ? (lineId === undefined ? undefined : { exportLineId: lineId }) : { returnId }
              }
              onSaved={choose}
              onClose={() => set({ new: '', return: '', line: '' })}
            />
          ) : at === undefined ? (
            <DetailPlaceholder text={t('goodsReturns.certificate.choose')} />
          ) : (
            <KnownCertificate key={at} id={at} onClose={() => set({ at: '' })} />
          )
        }
      />
    </Page>
  );
}

/** Chosen by its line first: what is left of it and its figures come from the book. */
function NewCertificate({
  from,
  onSaved,
  onClose,
}: {
  readonly from: { readonly exportLineId: number } | { readonly returnId: number } | undefined;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [lineId, setLine] = useState<number>();
  const asked = from ?? (lineId === undefined ? null : { exportLineId: lineId });
  const start = useQuery('returnCertificates.start', asked, { areas: ['returns', 'tax'] });
  if (start.error !== undefined) return <ErrorNote error={start.error} onRetry={start.reload} />;
  if (asked !== null && start.data !== undefined)
    return (
      <CertificateForm
        key={`${start.data.exportLineId} ${start.data.returnId ?? ''}`}
        start={start.data}
        onSaved={onSaved}
        onClose={onClose}
      />
    );
  const search = async (text: string) => {
    const { rows } = await call('exportLines.list', { limit: 9, ...(text === '' ? {} : { text }) });
    return rows.map((row) => ({
      code: String(row.id),
      name: `${row.declarationNo}-${row.lineNo} ${row.name} ${row.exportDate}`,
    }));
  };
  return (
    <FormPane
      title={t('goodsReturns.certificate.add')}
      error={undefined}
      canSave={false}
      isBusy={false}
      onSave={async () => undefined}
      onClose={onClose}
    >
      <div className="purchase-form">
        <Field
          id="certificate-line"
          label={t('goodsReturns.certificate.line')}
          hint={t('goodsReturns.certificate.lineHint')}
          isRequired
          isWide
        >
          <ChoiceBox
            id="certificate-line"
            hidesCode
            shown=""
            search={search}
            onTake={(choice) => setLine(choice === undefined ? undefined : Number(choice.code))}
          />
        </Field>
      </div>
    </FormPane>
  );
}

function KnownCertificate({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('returnCertificates.get', { id }, { areas: ['returns', 'tax'] });
  if (data === undefined)
    return error === undefined ? (
      <DetailPlaceholder text={t('goodsReturns.certificate.choose')} />
    ) : (
      <ErrorNote error={error} onRetry={reload} />
    );
  return <CertificateForm key={data.state} known={data} onSaved={reload} onClose={onClose} />;
}

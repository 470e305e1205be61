/** 原始单据: the papers that post themselves, with what waits and why; the form stands beside the list. */
import { Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { sourceDocumentKinds } from '../../../shared/contract/accounting.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { DocumentForm, DocumentState } from './DocumentForm.tsx';
import { enteredKinds } from './document-fields.ts';

type Row = RowOf<'sourceDocuments.list'>;
const ALL = 'all';
const states = [ALL, 'waiting', 'posted', 'void'] as const;

export function DocumentsTab({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const made = sourceDocumentKinds.find((one) => one === textParam(params, 'new'));
  const kind = sourceDocumentKinds.find((one) => one === textParam(params, 'kind'));
  const state = states.find((one) => one === textParam(params, 'state')) ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages(
    'sourceDocuments.list',
    {
      ...(kind === undefined ? {} : { kind }),
      ...(state === ALL ? {} : { state }),
      ...(text === '' ? {} : { text }),
    },
    { areas: ['ledger'] },
  );
  const shown = useQuery('sourceDocuments.get', id === undefined ? null : { id }, { areas: ['ledger'] });
  useKeys([{ key: 'Enter', label: t('ledger.key.edit'), isMain: true }]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'date', title: t('ledger.column.date'), width: 96, render: (row) => row.date },
      { id: 'number', title: t('ledger.column.number'), width: 134, render: (row) => <Code>{row.number}</Code> },
      { id: 'kind', title: t('ledger.column.kind'), width: 90, render: (row) => t(`ledger.kind.${row.kind}`) },
      {
        id: 'text',
        title: t('ledger.column.text'),
        render: (row) => {
          const line = [row.party, row.text, row.reference].filter(Boolean).join(' · ');
          return <span title={line}>{line}</span>;
        },
      },
      {
        id: 'amount',
        title: t('ledger.column.amount'),
        width: 120,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={row.currency} />,
      },
      {
        id: 'state',
        title: t('ledger.column.state'),
        width: 92,
        render: (row) => (
          <span
            title={
              row.state === 'waiting' ? t(`ledger.waiting.${row.reason}`, { defaultValue: row.reason }) : undefined
            }
          >
            <DocumentState state={row.state} />
          </span>
        ),
      },
    ],
    [t],
  );
  const open = (next: number): void => set({ id: next, new: '' });
  const detail = () => {
    if (made !== undefined)
      return (
        <DocumentForm
          key={`new ${made}`}
          kind={made}
          document={undefined}
          onSaved={open}
          onClose={() => set({ new: '' })}
        />
      );
    if (id === undefined) return undefined;
    if (shown.status === 'failed') return <ErrorNote error={shown.error} onRetry={shown.reload} />;
    if (shown.data === undefined || shown.data.id !== id) return <Skeleton rows={6} />;
    return (
      <DocumentForm
        key={`${shown.data.id} ${shown.data.version} ${shown.data.state}`}
        kind={shown.data.kind}
        document={shown.data}
        onSaved={() => shown.reload()}
        onClose={() => set({ id: '' })}
      />
    );
  };
  return (
    <div className="ledger-tab">
      <div className="page-filters">
        <Chips
          label={t('ledger.column.state')}
          value={state}
          onChange={(value) => set({ state: value === ALL ? '' : value })}
          chips={states.map((value) => ({
            value,
            label: value === ALL ? t('common.all') : t(`ledger.documentState.${value}`),
          }))}
        />
        <Select
          className="ledger-rule"
          aria-label={t('ledger.column.kind')}
          value={kind ?? ALL}
          onChange={(value) => set({ kind: value === ALL ? '' : value })}
          options={[
            { value: ALL, label: t('ledger.allKinds') },
            ...sourceDocumentKinds.map((one) => ({ value: one, label: t(`ledger.kind.${one}`) })),
          ]}
        />
        <SearchInput
          value={text}
          onChange={(value) => set({ text: value })}
          placeholder={t('ledger.searchDocuments')}
          keyLabel={t('ledger.key.search')}
        />
        <span className="spacer" />
        <Select
          className="ledger-rule"
          aria-label={t('ledger.addDocument')}
          placeholder={t('ledger.addDocument')}
          value={made ?? null}
          onChange={(value) => {
            if (value !== null) set({ new: value, id: '' });
            focusDetail('#document-date');
          }}
          options={enteredKinds.map((one) => ({ value: one, label: t(`ledger.kind.${one}`) }))}
        />
      </div>
      <Split
        ratio={made === 'opening' || shown.data?.kind === 'opening' ? 'detail' : 'even'}
        list={
          <DataTable
            label={t('ledger.tab.documents')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={id}
            rowTone={(row) => (row.state === 'void' ? 'muted' : row.state === 'waiting' ? 'action' : undefined)}
            onActivate={(row) => open(row.id)}
            onOpen={(row) => {
              open(row.id);
              focusDetail('#document-date');
            }}
            empty={
              text !== '' || kind !== undefined || state !== ALL ? (
                <EmptyState title={t('ledger.noMatch')} hint={t('ledger.noMatchHint')} />
              ) : (
                <EmptyState title={t('ledger.noDocuments')} hint={t('ledger.noDocumentsHint')} />
              )
            }
          />
        }
        detail={detail()}
      />
    </div>
  );
}

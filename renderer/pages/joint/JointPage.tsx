/** 联合出海: shipments with goods of several members, what was shared, what is still to be paid. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { amountColumn, countColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { kg } from '../trace/parts.tsx';

type Row = RowOf<'joint.list'>;

export function JointPage({ params }: PageProps) {
  const { t } = useTranslation();
  const text = textParam(params, 'text') ?? '';
  const pages = usePages('joint.list', { text }, { areas: ['lots'] });
  const add = (): void => navigate('jointShipment');
  useKeys([
    { key: 'Ctrl+N', label: t('joint.add'), run: add, isMain: true },
    { key: 'Enter', label: t('joint.open'), isMain: true },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'number', title: t('joint.number'), width: 116, render: (row) => <Code>{row.number}</Code> },
      { id: 'title', title: t('joint.name'), render: (row) => row.title },
      { id: 'on', title: t('joint.on'), width: 96, render: (row) => row.on },
      { id: 'source', title: t('joint.source'), width: 150, render: (row) => <Code>{row.source}</Code> },
      countColumn('members', t('joint.members'), 80, (row) => row.members),
      countColumn('cartons', t('joint.cartons'), 80, (row) => row.cartons),
      { id: 'mass', title: t('joint.massKg'), width: 104, align: 'right', render: (row) => kg(row.massG) },
      {
        id: 'version',
        title: t('joint.statements'),
        width: 104,
        render: (row) =>
          row.version === 0 ? (
            <ToneTag tone="draft" label={t('joint.notIssued')} />
          ) : (
            <ToneTag tone="accepted" label={t('joint.versionOf', { version: row.version })} />
          ),
      },
      amountColumn('payable', t('joint.payable'), 120, (row) => row.payable),
      amountColumn('owed', t('joint.owed'), 110, (row) => row.owed),
    ],
    [t],
  );
  return (
    <Page
      title={t('joint.title')}
      summary={t('joint.summary', { count: pages.total })}
      actions={<KeyButton kind="primary" label={t('joint.add')} keys="Ctrl+N" onPress={add} />}
      filters={
        <SearchInput
          value={text}
          onChange={(value) => replaceParams(value === '' ? {} : { text: value })}
          placeholder={t('joint.search')}
          keyLabel={t('joint.search')}
        />
      }
    >
      <DataTable
        label={t('joint.title')}
        autoFocus
        pages={pages}
        columns={columns}
        rowKey={(row) => row.id}
        onOpen={({ id }) => navigate('jointShipment', { id })}
        empty={
          <EmptyState
            title={t('joint.empty')}
            hint={t('joint.emptyHint')}
            actions={<KeyButton label={t('joint.add')} keys="Ctrl+N" onPress={add} />}
          />
        }
      />
    </Page>
  );
}

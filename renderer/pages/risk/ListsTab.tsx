/** 名单: the lists that names are held against, as they were imported. */
import { Button } from 'antd';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type List = OutputOf<'watchLists.list'>['rows'][number];

export function ListsTab({ tabs }: { readonly tabs: ReactNode }) {
  const { t } = useTranslation();
  const lists = useQuery('watchLists.list', {}, { areas: ['risk', 'imports'] });
  const remove = useCommand('watchLists.remove');
  const toImport = (): void => navigate('import', { kind: 'watchlist' });
  useKeys([{ key: 'Ctrl+I', label: t('risk.list.import'), run: toImport, isMain: true }]);
  const { run: runRemove } = remove;
  const columns = useMemo(
    (): readonly Column<List>[] => [
      { id: 'name', title: t('risk.list.name'), render: (row) => <span title={row.name}>{row.name}</span> },
      { id: 'source', title: t('risk.list.source'), render: (row) => row.source },
      { id: 'asOf', title: t('risk.list.asOf'), width: 96, render: (row) => row.asOf ?? '–' },
      { id: 'names', title: t('risk.list.names'), width: 84, align: 'right', render: (row) => formatCount(row.names) },
      { id: 'hits', title: t('risk.list.hits'), width: 84, align: 'right', render: (row) => formatCount(row.hits) },
      {
        id: 'file',
        title: t('risk.list.file'),
        width: 200,
        render: (row) => <span title={row.sha256}>{row.fileName}</span>,
      },
      { id: 'at', title: t('risk.list.importedAt'), width: 132, render: (row) => formatInstant(row.importedAt) },
      {
        id: 'remove',
        title: '',
        width: 250,
        ellipsis: false,
        render: (row) => (
          <ConfirmInline
            isSmall
            isDanger
            label={t('risk.list.remove')}
            question={t('risk.list.removeQuestion')}
            confirmLabel={t('risk.list.remove')}
            onConfirm={async () => {
              if ((await runRemove({ id: row.id })) !== undefined) notify(t('risk.list.removed'));
            }}
          />
        ),
      },
    ],
    [t, runRemove],
  );
  return (
    <Page
      title={t('risk.title')}
      summary={
        lists.data === undefined
          ? undefined
          : t('risk.list.summary', {
              lists: formatCount(lists.data.rows.length),
              names: formatCount(lists.data.screenedNames),
            })
      }
      actions={<KeyButton kind="primary" label={t('risk.list.import')} keys="Ctrl+I" onPress={toImport} />}
      filters={tabs}
      notice={<ErrorNote error={remove.error} onClose={remove.clear} />}
    >
      <DataTable<List>
        label={t('risk.tab.lists')}
        pages={plainPages(lists.data?.rows, lists.error, lists.reload)}
        columns={columns}
        rowKey={(row) => row.id}
        autoFocus
        onOpen={() => navigate('risk', { tab: 'hits' })}
        empty={
          <EmptyState
            title={t('risk.list.empty')}
            hint={t('risk.list.emptyHint')}
            actions={<Button onClick={toImport}>{t('risk.list.import')}</Button>}
          />
        }
      />
    </Page>
  );
}

/** 未确认: text typed where a code was asked for. Settled once, it is found from then on. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { Page } from '../../components/Page.tsx';
import { type QueryState, useCommand } from '../../core-client.ts';
import { formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useView } from '../../stores/view-store.ts';

type Unconfirmed = OutputOf<'recents.listUnconfirmed'>;
type Row = Unconfirmed['rows'][number];

export function UnconfirmedTab({
  tabs,
  unconfirmed,
}: {
  readonly tabs: ReactNode;
  readonly unconfirmed: QueryState<Unconfirmed> & { readonly reload: () => void };
}) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const settle = useCommand('recents.settle');
  const say = async (row: Row, code: string | null): Promise<void> => {
    if ((await settle.run({ table: row.table, text: row.text, code })) === undefined) return;
    notify(
      code === null
        ? t('classification.unconfirmed.forgotten', { text: row.text })
        : t('classification.unconfirmed.settled', { text: row.text, code }),
    );
    unconfirmed.reload();
  };
  const columns: readonly Column<Row>[] = [
    { id: 'text', title: t('classification.unconfirmed.text'), render: (row) => row.text },
    {
      id: 'table',
      title: t('classification.table.title'),
      width: 220,
      render: (row) => (language === 'en' ? row.tableEn : row.tableZh),
    },
    {
      id: 'times',
      title: t('classification.unconfirmed.times'),
      width: 60,
      align: 'right',
      render: (row) => formatCount(row.times),
    },
    { id: 'last', title: t('classification.unconfirmed.last'), width: 110, render: (row) => formatRecent(row.lastAt) },
    {
      id: 'code',
      title: t('classification.unconfirmed.means'),
      width: 280,
      ellipsis: false,
      render: (row) => (
        <LookupBox
          key={`${row.table} ${row.text}`}
          table={row.table}
          value=""
          label={t('classification.unconfirmed.meansOf', { text: row.text })}
          onChange={(code) => {
            if (code !== '') void say(row, code);
          }}
        />
      ),
    },
    {
      id: 'forget',
      title: '',
      width: 84,
      ellipsis: false,
      render: (row) => (
        <Button size="small" type="link" onClick={() => void say(row, null)}>
          {t('classification.unconfirmed.forget')}
        </Button>
      ),
    },
  ];
  return (
    <Page
      title={t('classification.title')}
      summary={t('classification.unconfirmed.summary')}
      filters={tabs}
      notice={<ErrorNote error={settle.error} onClose={settle.clear} />}
    >
      <DataTable<Row>
        label={t('classification.tab.unconfirmed')}
        autoFocus
        pages={plainPages(unconfirmed.data?.rows, unconfirmed.error, unconfirmed.reload)}
        columns={columns}
        rowKey={(row) => `${row.table} ${row.text}`}
        empty={
          <EmptyState title={t('classification.unconfirmed.none')} hint={t('classification.unconfirmed.noneHint')} />
        }
      />
    </Page>
  );
}

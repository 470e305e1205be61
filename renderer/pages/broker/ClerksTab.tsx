import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { BrokerTabs } from './BrokerTabs.tsx';

type Row = OutputOf<'clerks.list'>['rows'][number];

export function ClerksTab() {
  const { t } = useTranslation();
  const list = useQuery('clerks.list', {}, { areas: ['documents'] });
  const save = useCommand('clerks.save');
  const choose = useCommand('clerks.choose');
  const require = useCommand('review.require');
  const [name, setName] = useState('');
  const current = list.data?.current;
  const add = async (): Promise<void> => {
    if (name.trim() === '') return;
    if ((await save.run({ name })) === undefined) return;
    setName('');
    list.reload();
  };
  const sit = async (row: Row | undefined): Promise<void> => {
    if ((await choose.run({ id: row?.id ?? null })) === undefined) return;
    notify(row === undefined ? t('broker.clerk.none') : t('broker.clerk.now', { name: row.name }));
    list.reload();
  };
  const turn = async (row: Row): Promise<void> => {
    await save.run({ id: row.id, name: row.name, isActive: !row.isActive });
    list.reload();
  };
  useKeys([{ key: 'Enter', label: t('broker.clerk.choose'), isMain: true }]);
  const columns: readonly Column<Row>[] = [
    { id: 'name', title: t('broker.clerk.name'), render: (row) => row.name },
    {
      id: 'state',
      title: t('broker.state'),
      width: 140,
      render: (row) =>
        row.id === current?.id ? (
          <ToneTag tone="accepted" label={t('broker.clerk.atDesk')} />
        ) : row.isActive ? (
          t('broker.clerk.inUse')
        ) : (
          <span className="muted">{t('broker.clerk.off')}</span>
        ),
    },
    {
      id: 'turn',
      title: '',
      width: 120,
      ellipsis: false,
      render: (row) => (
        <Button size="small" type="link" onClick={() => void turn(row)}>
          {t(row.isActive ? 'broker.clerk.turnOff' : 'broker.clerk.turnOn')}
        </Button>
      ),
    },
  ];
  return (
    <Page
      title={t('broker.tab.clerks')}
      summary={t('broker.clerk.noPasswords')}
      filters={
        <>
          <BrokerTabs active="clerks" />
          <Input
            id="clerk-name"
            aria-label={t('broker.clerk.name')}
            placeholder={t('broker.clerk.name')}
            style={{ width: 200 }}
            value={name}
            maxLength={40}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && !isComposing(event)) void add();
            }}
          />
          <Button disabled={name.trim() === ''} loading={save.isRunning} onClick={() => void add()}>
            {t('broker.clerk.add')}
          </Button>
          <Button disabled={current === undefined} onClick={() => void sit(undefined)}>
            {t('broker.clerk.leave')}
          </Button>
          <Checkbox
            checked={list.data?.isRequired ?? false}
            onChange={async (event) => {
              await require.run({ isRequired: event.target.checked });
              list.reload();
            }}
          >
            {t('broker.review.require')}
          </Checkbox>
        </>
      }
      notice={
        <ErrorNote
          error={save.error ?? choose.error ?? require.error}
          onClose={() => {
            save.clear();
            choose.clear();
            require.clear();
          }}
        />
      }
    >
      <DataTable
        label={t('broker.tab.clerks')}
        pages={plainPages(list.data?.rows, list.error, list.reload)}
        columns={columns}
        rowKey={(row) => row.id}
        onOpen={(row) => void sit(row)}
        rowTone={(row) => (row.isActive ? undefined : 'muted')}
        empty={<EmptyState title={t('broker.clerk.empty')} hint={t('broker.clerk.emptyHint')} />}
      />
    </Page>
  );
}

import { Button, Checkbox, Input, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ClerkRole, clerkRoles } from '../../../shared/contract/broker.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam, replaceParams } from '../../app/route-store.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { BrokerTabs } from './BrokerTabs.tsx';

type Row = OutputOf<'clerks.list'>['rows'][number];

export function ClerksTab({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('clerks.list', {}, { areas: ['documents'] });
  const save = useCommand('clerks.save');
  const choose = useCommand('clerks.choose');
  const require = useCommand('review.require');
  const [name, setName] = useState('');
  /** Whose PIN is asked for, or set. */
  const [asking, setAsking] = useState<{ readonly id: number; readonly use: 'prove' | 'set' }>();
  const [pin, setPin] = useState('');
  const wanted = numberParam(params, 'sit');
  useEffect(() => {
    if (wanted === undefined) return;
    setAsking({ id: wanted, use: 'prove' });
    replaceParams({ tab: 'clerks' });
  }, [wanted]);
  const current = list.data?.current;
  const add = async (): Promise<void> => {
    if (name.trim() === '') return;
    if ((await save.run({ name })) === undefined) return;
    setName('');
    list.reload();
  };
  const ask = (id: number, use: 'prove' | 'set'): void => {
    setPin('');
    setAsking({ id, use });
  };
  const sit = async (row: Row | undefined, typed?: string): Promise<void> => {
    const isKnown = row?.hasPin !== true || (row.id === current?.id && list.data?.isProved === true);
    if (typed === undefined && row !== undefined && !isKnown) return ask(row.id, 'prove');
    if ((await choose.run({ id: row?.id ?? null, pin: typed ?? '' })) === undefined) return;
    setAsking(undefined);
    notify(row === undefined ? t('broker.clerk.none') : t('broker.clerk.now', { name: row.name }));
    list.reload();
  };
  const turn = async (row: Row): Promise<void> => {
    await save.run({ id: row.id, name: row.name, isActive: !row.isActive });
    list.reload();
  };
  const setRole = async (row: Row, role: ClerkRole): Promise<void> => {
    await save.run({ id: row.id, name: row.name, isActive: row.isActive, role });
    list.reload();
  };
  const asked = list.data?.rows.find(({ id }) => id === asking?.id);
  const takePin = async (): Promise<void> => {
    if (asked === undefined || asking === undefined) return;
    if (asking.use === 'prove') return sit(asked, pin);
    if ((await save.run({ id: asked.id, name: asked.name, isActive: asked.isActive, pin })) === undefined) return;
    setAsking(undefined);
    notify(t(pin === '' ? 'broker.clerk.pinRemoved' : 'broker.clerk.pinSet', { name: asked.name }));
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
          <ToneTag
            tone={list.data?.isProved === false ? 'action' : 'accepted'}
            label={t(list.data?.isProved === false ? 'broker.clerk.unproved' : 'broker.clerk.atDesk')}
          />
        ) : row.isActive ? (
          t('broker.clerk.inUse')
        ) : (
          <span className="muted">{t('broker.clerk.off')}</span>
        ),
    },
    {
      id: 'role',
      title: t('broker.clerk.role'),
      width: 140,
      ellipsis: false,
      render: (row) => (
        <Select
          key={row.id}
          size="small"
          variant="borderless"
          style={{ width: '100%' }}
          aria-label={`${t('broker.clerk.role')} ${row.name}`}
          value={row.role}
          onChange={(role: ClerkRole) => void setRole(row, role)}
          options={clerkRoles.map((role) => ({ value: role, label: t(`broker.clerk.roles.${role}`) }))}
        />
      ),
    },
    { id: 'may', title: t('broker.clerk.may'), render: (row) => t(`broker.clerk.mayDo.${row.role}`) },
    {
      id: 'pin',
      title: 'PIN',
      width: 120,
      ellipsis: false,
      render: (row) => (
        <Button size="small" type="link" onClick={() => ask(row.id, 'set')}>
          {t(row.hasPin ? 'broker.clerk.changePin' : 'broker.clerk.setPin')}
        </Button>
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
      summary={t(list.data?.hasRoles === true ? 'broker.clerk.withRoles' : 'broker.clerk.noPasswords')}
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
        <>
          {asked === undefined || asking === undefined ? null : (
            <form
              className="clerk-pin"
              onSubmit={(event) => {
                event.preventDefault();
                void takePin();
              }}
            >
              <label htmlFor="clerk-pin">
                {t(asking.use === 'prove' ? 'broker.clerk.pinOf' : 'broker.clerk.newPinOf', { name: asked.name })}
              </label>
              <Input.Password
                id="clerk-pin"
                key={`${asking.id} ${asking.use}`}
                autoFocus
                autoComplete="off"
                style={{ width: 240 }}
                maxLength={60}
                value={pin}
                onChange={(event) => setPin(event.target.value)}
              />
              <Button
                type="primary"
                htmlType="submit"
                loading={save.isRunning || choose.isRunning}
                disabled={asking.use === 'prove' ? pin === '' : pin !== '' && pin.length < 4}
              >
                {t(
                  asking.use === 'prove'
                    ? 'broker.clerk.choose'
                    : pin === '' && asked.hasPin
                      ? 'broker.clerk.removePin'
                      : 'broker.clerk.setPin',
                )}
              </Button>
              <Button onClick={() => setAsking(undefined)}>{t('common.cancel')}</Button>
              <span className="muted">
                {t(asking.use === 'prove' ? 'broker.clerk.pinForgotten' : 'broker.clerk.pinHint')}
              </span>
            </form>
          )}
          <ErrorNote
            error={save.error ?? choose.error ?? require.error}
            onClose={() => {
              save.clear();
              choose.clear();
              require.clear();
            }}
          />
        </>
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

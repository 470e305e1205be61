/** 备案登记: what the firm is registered as, step by step; filed, changed and cancelled through the outbox. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { operatorTypes } from '../../../shared/rules/matters/pack.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { RegistrationState } from './RegistrationState.tsx';
import { RegistrationWizard } from './RegistrationWizard.tsx';

type Row = OutputOf<'registrations.list'>['rows'][number];

export function RegistrationsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('registrations.list', {}, { areas: ['documents', 'tax'] });
  const open = useCommand('registrations.open');
  const [isNew, setNew] = useState(false);
  const [opened, setOpened] = useState<number>();
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'id')) ?? rows?.[0];
  const start = (): void => {
    setNew(true);
    focusDetail('#operator-trader');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('registrations.new'), run: start, isMain: true },
    { key: 'Enter', label: t('registrations.open'), isMain: true },
    {
      key: 'Esc',
      label: t('registrations.back'),
      run: () => {
        if (isNew) setNew(false);
        else focusList();
      },
    },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('registrations.column.number'), width: 118, render: (row) => <Code>{row.number}</Code> },
    { id: 'type', title: t('registrations.column.type'), render: (row) => t(`registrations.type.${row.subjectType}`) },
    {
      id: 'state',
      title: t('registrations.column.state'),
      width: 150,
      render: (row) => <RegistrationState row={row} />,
    },
    {
      id: 'acceptNo',
      title: t('registrations.column.acceptNo'),
      width: 152,
      render: (row) => <Code>{row.acceptNo ?? ''}</Code>,
    },
    { id: 'validTo', title: t('registrations.column.validTo'), width: 94, render: (row) => row.validTo ?? '' },
  ];
  return (
    <Page
      title={t('registrations.title')}
      summary={rows === undefined ? undefined : t('registrations.summary', { n: rows.length })}
      actions={
        <>
          <Button onClick={() => navigate('matters')}>{t('registrations.matters')}</Button>
          <KeyButton kind="primary" label={t('registrations.new')} keys="Ctrl+N" onPress={start} />
        </>
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('registrations.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            rowTone={(row) => (row.state === 'cancelled' ? 'muted' : undefined)}
            onActivate={({ id }) => {
              setNew(false);
              replaceParams({ id });
            }}
            onOpen={() => focusDetail()}
            empty={
              <EmptyState
                title={t('registrations.empty')}
                hint={t('registrations.emptyHint')}
                actions={<KeyButton label={t('registrations.new')} keys="Ctrl+N" onPress={start} />}
              />
            }
          />
        }
        detail={
          isNew ? (
            <DetailPane title={t('registrations.chooseType')}>
              <p className="muted">{t('registrations.chooseTypeHint')}</p>
              <ul className="plain-list panel-pad choice-list">
                {operatorTypes.map((subjectType) => (
                  <li key={subjectType}>
                    <Button
                      id={`operator-${subjectType}`}
                      loading={open.isRunning}
                      onClick={async () => {
                        const made = await open.run({ subjectType });
                        if (made === undefined) return;
                        setNew(false);
                        list.reload();
                        setOpened(made.id);
                        replaceParams({ id: made.id });
                      }}
                    >
                      {t(`registrations.type.${subjectType}`)}
                    </Button>
                  </li>
                ))}
              </ul>
              <ErrorNote error={open.error} isInline />
            </DetailPane>
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('registrations.choose')} />
          ) : (
            <RegistrationWizard key={chosen.id} id={chosen.id} isFresh={chosen.id === opened} />
          )
        }
      />
    </Page>
  );
}

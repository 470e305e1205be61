/** 融资数据包: what a bank is given of the book; the register of what was given to whom; the check of a pack. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { NewPack } from './NewPack.tsx';
import { PackDetail } from './PackDetail.tsx';
import './financing.css';

type Row = OutputOf<'financing.list'>['rows'][number];
type Verified = OutputOf<'financing.verify'> & { readonly name: string };

export function FinancingPage({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useQuery('financing.list', {}, { areas: ['money'] });
  const verify = useCommand('financing.verify');
  const [isNew, setNew] = useState(false);
  const [verified, setVerified] = useState<Verified>();
  const rows = list.data?.rows;
  const chosen = rows?.find(({ id }) => id === numberParam(params, 'id')) ?? rows?.[0];
  const start = (): void => {
    setVerified(undefined);
    setNew(true);
    focusDetail('#financing-bank');
  };
  const check = async (): Promise<void> => {
    const file = await chooseOpen(t('financing.verify.title'), [{ name: 'ZIP', extensions: ['zip'] }]);
    if (file === null) return;
    const answer = await verify.run({ file: file.token });
    if (answer === undefined) return;
    setNew(false);
    setVerified({ ...answer, name: file.name });
  };
  useKeys([
    { key: 'Ctrl+N', label: t('financing.new'), run: start, isMain: true },
    { key: 'Enter', label: t('financing.look'), isMain: true },
    { key: 'F8', label: t('financing.verify.title'), run: () => void check() },
    {
      key: 'Esc',
      label: t('financing.back'),
      run: () => {
        if (isNew || verified !== undefined) {
          setNew(false);
          setVerified(undefined);
        } else focusList();
      },
    },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'number', title: t('financing.column.number'), width: 112, render: (row) => <Code>{row.number}</Code> },
    { id: 'bank', title: t('financing.bank'), render: (row) => `${row.bank} · ${row.purpose}` },
    { id: 'period', title: t('financing.period'), width: 200, render: (row) => `${row.from} – ${row.to}` },
    {
      id: 'given',
      title: t('financing.column.given'),
      width: 76,
      align: 'right',
      render: ({ given }) => (given.length === 0 ? '–' : given.length),
    },
  ];
  return (
    <Page
      title={t('financing.title')}
      summary={rows === undefined ? undefined : t('financing.summary', { n: rows.length })}
      filters={<MoneyTabs active="financing" />}
      actions={
        <>
          <Button onClick={() => navigate('reports', { report: 'ageing' })}>{t('financing.reports.ageing')}</Button>
          <Button onClick={() => navigate('flows', { view: 'refunds' })}>{t('financing.reports.refunds')}</Button>
          <Button onClick={() => navigate('creditInsurance')}>{t('financing.reports.insured')}</Button>
          <KeyButton
            label={t('financing.verify.title')}
            keys="F8"
            isBusy={verify.isRunning}
            onPress={() => void check()}
          />
          <KeyButton kind="primary" label={t('financing.new')} keys="Ctrl+N" onPress={start} />
        </>
      }
    >
      <ErrorNote error={verify.error} onClose={verify.clear} />
      <Split
        ratio="even"
        list={
          <DataTable
            label={t('financing.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            onActivate={({ id }) => {
              setNew(false);
              setVerified(undefined);
              replaceParams({ id });
            }}
            onOpen={() => focusDetail('#financing-toWhom')}
            empty={
              <EmptyState
                title={t('financing.empty')}
                hint={t('financing.emptyHint')}
                actions={<KeyButton label={t('financing.new')} keys="Ctrl+N" onPress={start} />}
              />
            }
          />
        }
        detail={
          verified !== undefined ? (
            <Check of={verified} />
          ) : isNew ? (
            <NewPack
              onMade={(id) => {
                setNew(false);
                list.reload();
                replaceParams({ id });
              }}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('financing.choose')} />
          ) : (
            <PackDetail key={chosen.id} pack={chosen} />
          )
        }
      />
    </Page>
  );
}

/** What a check of a pack has found. */
function Check({ of }: { readonly of: Verified }) {
  const { t } = useTranslation();
  const { files, isWhole, listSha256, pack, name } = of;
  const wrong = files.filter(({ state }) => state !== 'same');
  return (
    <DetailPane
      title={name}
      tags={
        <ToneTag
          tone={isWhole ? 'accepted' : 'rejected'}
          label={t(isWhole ? 'financing.verify.whole' : 'financing.verify.broken')}
        />
      }
    >
      <p className="panel-pad">
        {pack === null
          ? t('financing.verify.unknown')
          : t('financing.verify.known', {
              number: pack.number,
              bank: pack.bank,
              date: localDate(new Date(pack.madeAt)),
            })}
      </p>
      <p className="panel-pad">{t('financing.verify.count', { n: files.length, wrong: wrong.length })}</p>
      {wrong.length === 0 ? null : (
        <DetailSection title={t('financing.verify.wrong')}>
          <ul className="plain-list panel-pad">
            {wrong.map(({ path, state }) => (
              <li key={path}>
                <ToneTag tone="rejected" label={t(`financing.verify.state.${state}`)} /> <Code>{path}</Code>
              </li>
            ))}
          </ul>
        </DetailSection>
      )}
      <p className="panel-pad muted">
        {t('financing.list')} <span className="code financing-hash">{listSha256}</span>
      </p>
    </DetailPane>
  );
}

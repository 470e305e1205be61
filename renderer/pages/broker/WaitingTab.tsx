import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reviewStates } from '../../../shared/contract/broker.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, formatRecent } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import { BrokerTabs } from './BrokerTabs.tsx';

type Row = RowOf<'review.list'>;
const tones = { waiting: 'action', marked: 'rejected', unclaimed: 'draft', approved: 'accepted' } as const;
/** As many as one command takes. */
const MOST = 500;

export function WaitingTab({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const state = reviewStates.find((one) => one === textParam(params, 'state')) ?? 'waiting';
  const text = textParam(params, 'text') ?? '';
  const pages = usePages('review.list', { state, ...(text === '' ? {} : { text }) }, { areas: ['documents', 'sync'] });
  const clerks = useQuery('clerks.list', {}, { areas: ['documents'] });
  const approve = useCommand('review.approve');
  const claim = useCommand('review.claim');
  const [chosen, setChosen] = useState<Row>();
  const row = pages.rows.find(({ id }) => id === chosen?.id);
  const counts = pages.first?.counts;
  const current = clerks.data?.current;
  const isClaiming = state === 'unclaimed';
  const eligible = (isClaiming ? pages.rows : pages.rows.filter(({ mayApprove }) => mayApprove)).slice(0, MOST);
  const act = async (ids: readonly number[]): Promise<void> => {
    if (ids.length === 0) return;
    const done = isClaiming
      ? (await claim.run({ ids: [...ids] }))?.claimed
      : (await approve.run({ ids: [...ids] }))?.approved;
    if (done === undefined) return;
    notify(t(isClaiming ? 'broker.review.claimedDone' : 'broker.review.approvedDone', { n: formatCount(done) }));
    pages.reload();
  };
  const open = ({ id, kind }: Row): void => navigate('document', { id, kind });
  const label = t(isClaiming ? 'broker.review.claim' : 'broker.review.approve');
  useKeys([
    { key: 'Enter', label: t('broker.open'), isMain: true },
    {
      key: 'F8',
      label,
      run: () => void act(row === undefined ? [] : [row.id]),
      isEnabled: row !== undefined && state !== 'approved',
      isMain: true,
    },
  ]);
  const columns: readonly Column<Row>[] = [
    {
      id: 'kind',
      title: t('broker.review.kind'),
      width: 150,
      render: (one) => kindName(one.kind, i18n.language),
    },
    { id: 'number', title: t('broker.review.number'), render: (one) => <Code>{one.businessKey}</Code> },
    {
      id: 'amount',
      title: t('broker.review.amount'),
      width: 130,
      align: 'right',
      render: (one) => <Amount value={one.amount} currency={one.currency} />,
    },
    { id: 'maker', title: t('broker.review.maker'), width: 100, render: (one) => one.maker || t('broker.nobody') },
    { id: 'checker', title: t('broker.review.checker'), width: 100, render: (one) => one.checker },
    {
      id: 'state',
      title: t('broker.state'),
      width: 116,
      render: (one) => (
        <ToneTag
          tone={tones[one.state]}
          label={
            one.state === 'marked'
              ? t('broker.review.openMarks', { count: one.openMarks })
              : t(`broker.review.states.${one.state}`)
          }
        />
      ),
    },
    { id: 'at', title: t('broker.review.changedAt'), width: 110, render: (one) => formatRecent(one.changedAt) },
  ];
  return (
    <Page
      title={t('broker.tab.review')}
      summary={
        clerks.data === undefined
          ? undefined
          : `${t(clerks.data.isRequired ? 'broker.review.isRequired' : 'broker.review.isNotRequired')} ${
              current === undefined ? t('broker.clerk.none') : t('broker.clerk.now', { name: current.name })
            }`
      }
      filters={
        <>
          <BrokerTabs active="review" />
          <Chips
            label={t('broker.state')}
            value={state}
            onChange={(next) => replaceParams(next === 'waiting' ? {} : { state: next })}
            chips={reviewStates.map((one) => ({
              value: one,
              label: t(`broker.review.states.${one}`),
              count: counts?.[one],
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => replaceParams({ state, ...(value === '' ? {} : { text: value }) })}
            placeholder={t('broker.review.search')}
            keyLabel={t('broker.review.search')}
          />
        </>
      }
      actions={
        state === 'approved' ? null : (
          <>
            <Button disabled={eligible.length === 0} onClick={() => void act(eligible.map(({ id }) => id))}>
              {t(isClaiming ? 'broker.review.claimAll' : 'broker.review.approveAll', {
                n: formatCount(eligible.length),
              })}
            </Button>
            <KeyButton
              kind="primary"
              label={label}
              keys="F8"
              isBusy={approve.isRunning || claim.isRunning}
              isDisabled={row === undefined}
              onPress={() => void act(row === undefined ? [] : [row.id])}
            />
          </>
        )
      }
      notice={
        <ErrorNote
          error={approve.error ?? claim.error}
          onClose={() => {
            approve.clear();
            claim.clear();
          }}
        />
      }
    >
      <DataTable
        label={t('broker.tab.review')}
        autoFocus
        pages={pages}
        columns={columns}
        rowKey={(one) => one.id}
        activeKey={row?.id}
        onActivate={setChosen}
        onOpen={open}
        empty={<EmptyState title={t(`broker.review.empty.${state}`)} hint={t('broker.review.emptyHint')} />}
      />
    </Page>
  );
}

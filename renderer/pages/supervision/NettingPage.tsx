/** Netting sheets (轧差核对表): gross proceeds, each deduction with its voucher, what really came in. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { nettingStates } from '../../../shared/contract/supervision.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, replaceParams } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { usePayoutName } from '../payouts/use-payout-name.ts';
import { NettingDetail } from './NettingDetail.tsx';
import { NettingForm } from './NettingForm.tsx';
import { nettingTones } from './netting-draft.ts';
import { useSheetOfPayout } from './SheetOfPayout.tsx';
import './supervision.css';

type Row = RowOf<'netting.list'>;

export function NettingPage({ params }: PageProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'all' | Row['state']>('all');
  const [text, setText] = useState('');
  const { platformOf } = usePayoutName();
  const payoutId = numberParam(params, 'payoutId');
  /** A new sheet, or the sheet that is being changed. */
  const [edited, setEditing] = useState<'new' | number>();
  /** Who comes from a payout sees its sheet, or a new one that is filled from it. */
  const payout = useQuery('payouts.get', payoutId === undefined ? null : { id: payoutId });
  const named = payout.data?.id === payoutId ? payout.data : undefined;
  const ofPayout = useSheetOfPayout(named);
  const isMade = named !== undefined && ofPayout.isReady;
  const editing = edited ?? (isMade && ofPayout.sheet === undefined ? 'new' : undefined);
  const pages = usePages(
    'netting.list',
    { ...(state === 'all' ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['money'] },
  );
  const at = numberParam(params, 'at') ?? ofPayout.sheet?.id;
  const chosen = pages.rows.find(({ id }) => id === at) ?? (at === undefined ? pages.rows[0] : undefined);
  const shownId = at ?? chosen?.id;
  const close = (): void => {
    setEditing(undefined);
    // Back from a sheet of a payout that was not made: the list again.
    if (payoutId !== undefined) replaceParams({});
  };
  useKeys([
    { key: 'Ctrl+N', label: t('supervision.netting.new'), run: () => setEditing('new'), isMain: true },
    {
      key: 'F3',
      label: t('supervision.edit'),
      run: () => setEditing(shownId),
      isEnabled: editing === undefined && chosen?.state === 'draft',
      isMain: true,
    },
    { key: 'Enter', label: t('common.open'), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || navigate('money') },
  ]);
  const columns: readonly Column<Row>[] = [
    {
      id: 'state',
      title: t('supervision.column.state'),
      width: 84,
      render: (row) => <ToneTag tone={nettingTones[row.state]} label={t(`supervision.netting.state.${row.state}`)} />,
    },
    { id: 'number', title: t('supervision.column.number'), width: 122, render: (row) => <Code>{row.number}</Code> },
    {
      id: 'counterparty',
      title: t('supervision.netting.dateAndParty'),
      render: (row) => (
        <span title={`${row.date} ${platformOf(row.counterparty)}`}>
          {row.date.slice(5)} {platformOf(row.counterparty)}
        </span>
      ),
    },
    {
      id: 'net',
      title: t('supervision.netting.net'),
      width: 128,
      align: 'right',
      render: (row) => <Amount value={row.net} currency={row.currency} />,
    },
  ];
  return (
    <Page
      title={t('supervision.netting.title')}
      summary={t('supervision.netting.summary', { count: pages.total })}
      actions={
        <KeyButton
          kind="primary"
          label={t('supervision.netting.new')}
          keys="Ctrl+N"
          onPress={() => setEditing('new')}
        />
      }
      filters={
        <>
          <MoneyTabs active="netting" />
          <Chips
            label={t('supervision.column.state')}
            value={state}
            onChange={setState}
            chips={(['all', ...nettingStates] as const).map((value) => ({
              value,
              label: value === 'all' ? t('supervision.all') : t(`supervision.netting.state.${value}`),
            }))}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('supervision.netting.search')}
            keyLabel={t('supervision.search')}
          />
        </>
      }
    >
      <Split
        ratio="detail"
        list={
          <DataTable
            label={t('supervision.netting.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus={editing === undefined}
            activeKey={shownId}
            onActivate={(row) => {
              setEditing(undefined);
              replaceParams({ at: row.id });
            }}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'void' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t('supervision.netting.empty')}
                hint={t('supervision.netting.emptyHint')}
                actions={
                  <KeyButton label={t('supervision.netting.new')} keys="Ctrl+N" onPress={() => setEditing('new')} />
                }
              />
            }
          />
        }
        detail={
          editing !== undefined ? (
            <NettingForm
              key={editing}
              id={editing === 'new' ? undefined : editing}
              payoutId={editing === 'new' ? payoutId : undefined}
              onSaved={(id) => {
                setEditing(undefined);
                replaceParams({ at: id });
              }}
              onClose={close}
            />
          ) : shownId === undefined ? (
            <DetailPlaceholder text={t('supervision.netting.choose')} />
          ) : (
            <NettingDetail key={shownId} id={shownId} onEdit={() => setEditing(shownId)} />
          )
        }
      />
    </Page>
  );
}

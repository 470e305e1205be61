/** Trade credit (贸易信贷): what is to be reported, found from dates, with the four operations. */
import { Button, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { creditStates } from '../../../shared/contract/supervision.ts';
import { tradeCreditKinds } from '../../../shared/rules/forex/trade-credit-report.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useJob, usePages } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { CreditDetail } from './CreditDetail.tsx';
import { CreditItemForm } from './CreditItemForm.tsx';
import './supervision.css';

type Row = RowOf<'tradeCredit.list'>;
type State = Row['state'];

const tones: Readonly<Record<State, Tone>> = {
  due: 'action',
  overdue: 'rejected',
  reported: 'accepted',
  late: 'accepted',
  notNeeded: 'draft',
  noDate: 'action',
  dismissed: 'draft',
};

export function TradeCreditPage({ params }: PageProps) {
  const { t } = useTranslation();
  const [state, setState] = useState<'all' | State>(
    creditStates.find((one) => one === textParam(params, 'state')) ?? 'all',
  );
  const [kind, setKind] = useState<'all' | Row['kind']>('all');
  const [text, setText] = useState('');
  const [isNew, setNew] = useState(false);
  const pages = usePages(
    'tradeCredit.list',
    {
      ...(state === 'all' ? {} : { state }),
      ...(kind === 'all' ? {} : { kind }),
      ...(text === '' ? {} : { text }),
    },
    { areas: ['money', 'purchases', 'orders'] },
  );
  const write = useJob('tradeCreditReports.export');
  const at = textParam(params, 'at');
  const chosen = pages.rows.find(({ key }) => key === at)?.key ?? at ?? pages.rows[0]?.key;
  const counts = pages.first?.counts ?? {};
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const toFile = async (): Promise<void> => {
    const file = await chooseSave(t('supervision.credit.export'), `${t('supervision.credit.title')}.xlsx`, [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (file === null) return;
    const done = await write.start({ file: file.token });
    if (done !== undefined) notify(t('supervision.credit.exported', { count: done.rows }));
  };
  useKeys([
    { key: 'Ctrl+N', label: t('supervision.credit.new'), run: () => setNew(true), isMain: true },
    { key: 'Enter', label: t('common.open'), isMain: true },
    { key: 'Ctrl+E', label: t('supervision.export'), run: () => void toFile() },
    {
      key: 'Esc',
      label: t('common.close'),
      run: () => {
        if (isNew) setNew(false);
        else if (!focusList()) navigate('money');
      },
    },
  ]);
  const columns: readonly Column<Row>[] = [
    {
      id: 'state',
      title: t('supervision.column.state'),
      width: 104,
      render: (row) => <ToneTag tone={tones[row.state]} label={t(`supervision.credit.state.${row.state}`)} />,
    },
    {
      id: 'kind',
      title: t('supervision.credit.kind'),
      width: 92,
      render: (row) => t(`supervision.creditKind.${row.kind}`),
    },
    { id: 'label', title: t('supervision.column.number'), render: (row) => <Code>{row.label}</Code> },
    {
      id: 'balance',
      title: t('supervision.credit.balance'),
      width: 132,
      align: 'right',
      render: (row) => <Amount value={row.balance} currency={row.currency} />,
    },
    { id: 'by', title: t('supervision.credit.reportBy'), width: 94, render: (row) => row.reportBy ?? '–' },
    {
      id: 'todo',
      title: t('supervision.credit.proposed'),
      width: 92,
      render: (row) =>
        row.draftId !== undefined
          ? t('supervision.credit.draft')
          : row.proposed === undefined
            ? ''
            : t(`supervision.operation.${row.proposed}`),
    },
  ];
  return (
    <Page
      title={t('supervision.credit.title')}
      summary={
        pages.first === undefined
          ? undefined
          : t('supervision.credit.summary', { due: counts['due'] ?? 0, overdue: counts['overdue'] ?? 0 })
      }
      actions={
        <>
          <KeyButton
            label={t('supervision.credit.export')}
            keys="Ctrl+E"
            isBusy={write.status === 'running'}
            onPress={() => void toFile()}
          />
          <KeyButton kind="primary" label={t('supervision.credit.new')} keys="Ctrl+N" onPress={() => setNew(true)} />
        </>
      }
      filters={
        <>
          <MoneyTabs active="tradeCredit" />
          <Chips
            label={t('supervision.column.state')}
            value={state}
            onChange={setState}
            chips={(['all', ...creditStates] as const)
              .filter((value) => value === 'all' || value === state || (counts[value] ?? 0) > 0)
              .map((value) => ({
                value,
                label: value === 'all' ? t('supervision.all') : t(`supervision.credit.state.${value}`),
                count: value === 'all' ? total : counts[value],
              }))}
          />
          <Select
            className="credit-kind"
            size="small"
            aria-label={t('supervision.credit.kind')}
            value={kind}
            options={(['all', ...tradeCreditKinds] as const).map((value) => ({
              value,
              label: value === 'all' ? t('supervision.credit.allKinds') : t(`supervision.creditKind.${value}`),
            }))}
            onChange={setKind}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('supervision.credit.search')}
            keyLabel={t('supervision.search')}
          />
        </>
      }
      notice={<ErrorNote error={write.error} />}
    >
      <Split
        list={
          <DataTable
            label={t('supervision.credit.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.key}
            autoFocus
            activeKey={chosen}
            onActivate={(row) => {
              setNew(false);
              replaceParams({ at: row.key });
            }}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'dismissed' || row.state === 'notNeeded' ? 'muted' : undefined)}
            empty={
              <EmptyState
                title={t('supervision.credit.empty')}
                hint={t('supervision.credit.emptyHint')}
                actions={
                  <Button onClick={() => navigate('monitor', { tab: 'profile' })}>
                    {t('supervision.profile.title')}
                  </Button>
                }
              />
            }
          />
        }
        detail={
          isNew ? (
            <CreditItemForm
              onSaved={(key) => {
                setNew(false);
                replaceParams({ at: key });
              }}
              onClose={() => setNew(false)}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('supervision.credit.choose')} />
          ) : (
            <CreditDetail key={chosen} itemKey={chosen} />
          )
        }
      />
    </Page>
  );
}

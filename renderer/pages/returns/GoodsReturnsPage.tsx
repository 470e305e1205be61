/** 退货维修: exports that came back, from receiving to what becomes of them; copies of declarations of others. */
import { Button } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ReturnState, returnStates } from '../../../shared/returns/states.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { Certificates } from './Certificates.tsx';
import { ReceiveForm } from './ReceiveForm.tsx';
import { ReturnDetail } from './ReturnDetail.tsx';
import { returnTone } from './return-tone.ts';
import './returns.css';

type Row = RowOf<'returns.list'>;
type Copy = RowOf<'declarationCopies.list'>;
const shownStates = ['all', ...returnStates] as const;
const tabs = ['returns', 'certificates', 'copies'] as const;
type Tab = (typeof tabs)[number];

export function GoodsReturnsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'returns';
  const chips = (
    <Chips<Tab>
      label={t('goodsReturns.title')}
      value={tab}
      onChange={(next) => replaceParams(next === 'returns' ? {} : { tab: next })}
      chips={tabs.map((value) => ({ value, label: t(`goodsReturns.tab.${value}`) }))}
    />
  );
  if (tab === 'certificates') return <Certificates chips={chips} params={params} />;
  return tab === 'copies' ? <Copies chips={chips} params={params} /> : <Returns chips={chips} params={params} />;
}

interface TabProps {
  readonly chips: ReactNode;
  readonly params: RouteParams;
}

function useParams(params: RouteParams) {
  return (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
}

const toImport = (): void => navigate('import', { kind: 'declarationCopies' });

function Returns({ chips, params }: TabProps) {
  const { t, i18n } = useTranslation();
  const set = useParams(params);
  const state = shownStates.find((one) => one === textParam(params, 'state')) ?? 'all';
  const text = textParam(params, 'text') ?? '';
  const at = numberParam(params, 'at');
  const pages = usePages(
    'returns.list',
    { ...(state === 'all' ? {} : { state }), ...(text === '' ? {} : { text }) },
    { areas: ['returns', 'documents', 'sync'], sought: at === undefined ? undefined : ({ id }) => id === at },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const [isNew, setNew] = useState(false);
  const reexport = useCommand('returns.reexport');
  const chosen = isNew ? undefined : (pages.rows.find(({ id }) => id === at) ?? pages.rows[0]);
  const unitName = useCodeNames(
    'unit',
    pages.rows.map(({ unit }) => unit),
  );
  const going = selected.filter((id) =>
    pages.rows.some((row) => row.id === id && row.state === 'sentBack' && !row.reexportStands),
  );
  const add = (): void => {
    setNew(true);
    focusDetail('#return-line');
  };
  const draft = async (): Promise<void> => {
    const made = await reexport.run({ ids: [...going] });
    if (made === undefined) return;
    setSelected([]);
    notify(t('goodsReturns.reexported'));
    navigate('document', { id: made.documentId, kind: 'DecMessage' });
  };
  useKeys([
    { key: 'Ctrl+N', label: t('goodsReturns.receive'), run: add, isMain: true },
    { key: 'F8', label: t('goodsReturns.reexport'), run: () => void draft(), isEnabled: going.length > 0 },
    { key: 'Enter', label: t('goodsReturns.open'), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setNew(false) },
  ]);
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      { id: 'number', title: t('goodsReturns.number'), width: 124, render: (row) => <Code>{row.number}</Code> },
      {
        id: 'state',
        title: t('goodsReturns.state'),
        width: 100,
        render: (row) => <ToneTag tone={returnTone[row.state]} label={t(`goodsReturns.states.${row.state}`)} />,
      },
      { id: 'name', title: t('goodsReturns.goods'), render: (row) => <span title={row.name}>{row.name}</span> },
      {
        id: 'line',
        title: t('goodsReturns.line'),
        width: 196,
        yields: true,
        render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
      },
      {
        id: 'qty',
        title: t('goodsReturns.qty'),
        // Units have longer names there.
        width: i18n.language === 'en' ? 136 : 76,
        align: 'right',
        render: (row) => `${row.qty} ${unitName(row.unit) ?? row.unit}`,
      },
    ],
    [t, unitName, i18n.language],
  );
  const counts = pages.first?.counts;
  const countOf = (one: ReturnState): number | undefined => counts?.find(({ state: of }) => of === one)?.returns;
  return (
    <Page
      title={t('goodsReturns.title')}
      summary={t('goodsReturns.summary')}
      actions={
        <>
          <Button onClick={toImport}>{t('goodsReturns.importCopies')}</Button>
          <KeyButton
            label={t('goodsReturns.reexport')}
            keys="F8"
            isDisabled={going.length === 0}
            isBusy={reexport.isRunning}
            onPress={() => void draft()}
          />
          <KeyButton kind="primary" label={t('goodsReturns.receive')} keys="Ctrl+N" onPress={add} />
        </>
      }
      filters={
        <>
          {chips}
          <Chips<(typeof shownStates)[number]>
            label={t('goodsReturns.state')}
            value={state}
            onChange={(value) => set({ state: value === 'all' ? '' : value, at: '' })}
            chips={shownStates.map((value) => ({
              value,
              label: value === 'all' ? t('goodsReturns.all') : t(`goodsReturns.states.${value}`),
              count: value === 'all' ? undefined : countOf(value),
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, at: '' })}
            placeholder={t('goodsReturns.search')}
            keyLabel={t('goodsReturns.search')}
          />
        </>
      }
      notice={<ErrorNote error={reexport.error} onClose={reexport.clear} />}
    >
      <Split
        list={
          <DataTable<Row>
            label={t('goodsReturns.title')}
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            autoFocus
            activeKey={chosen?.id}
            onActivate={(row) => {
              setNew(false);
              set({ at: row.id });
            }}
            onOpen={() => focusDetail('#return-to')}
            selectedKeys={selected}
            onSelect={setSelected}
            rowTone={(row) => (row.state === 'void' ? 'muted' : undefined)}
            empty={
              state !== 'all' || text !== '' ? (
                <NoMatch onClear={() => set({ state: '', text: '' })} />
              ) : (
                <EmptyState
                  title={t('goodsReturns.empty')}
                  hint={t('goodsReturns.emptyHint')}
                  actions={<Button onClick={add}>{t('goodsReturns.receive')}</Button>}
                />
              )
            }
          />
        }
        detail={
          isNew ? (
            <ReceiveForm
              onReceived={(id) => {
                setNew(false);
                set({ at: id, state: '' });
                focusDetail('#return-to');
              }}
            />
          ) : chosen === undefined ? (
            <DetailPlaceholder text={t('goodsReturns.choose')} />
          ) : (
            <ReturnDetail
              key={`${chosen.id} ${chosen.state}`}
              id={chosen.id}
              onMoved={(id) => set({ at: id, state: '' })}
            />
          )
        }
      />
    </Page>
  );
}

function Copies({ chips, params }: TabProps) {
  const { t } = useTranslation();
  const set = useParams(params);
  const text = textParam(params, 'text') ?? '';
  const pages = usePages('declarationCopies.list', { text }, { areas: ['returns', 'imports'] });
  const unitName = useCodeNames(
    'unit',
    pages.rows.map(({ unit }) => unit),
  );
  useKeys([{ key: 'Ctrl+I', label: t('goodsReturns.importCopies'), run: toImport, isMain: true }]);
  const columns = useMemo(
    (): readonly Column<Copy>[] => [
      { id: 'exportDate', title: t('goodsReturns.exportDate'), width: 100, render: (row) => row.exportDate },
      {
        id: 'line',
        title: t('goodsReturns.line'),
        width: 190,
        render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
      },
      { id: 'mode', title: t('goodsReturns.mode'), width: 84, render: (row) => <Code>{row.mode}</Code> },
      {
        id: 'exporter',
        title: t('goodsReturns.exporter'),
        render: (row) => <span title={row.exporter}>{row.exporter}</span>,
      },
      { id: 'customs', title: t('goodsReturns.customs'), width: 84, render: (row) => <Code>{row.customsCode}</Code> },
      { id: 'name', title: t('goodsReturns.goods'), render: (row) => <span title={row.name}>{row.name}</span> },
      {
        id: 'qty',
        title: t('goodsReturns.out'),
        width: 110,
        align: 'right',
        render: (row) => `${row.qty} ${unitName(row.unit) ?? row.unit}`,
      },
    ],
    [t, unitName],
  );
  return (
    <Page
      title={t('goodsReturns.title')}
      summary={t('goodsReturns.copiesSummary')}
      actions={<KeyButton kind="primary" label={t('goodsReturns.importCopies')} keys="Ctrl+I" onPress={toImport} />}
      filters={
        <>
          {chips}
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('goodsReturns.search')}
            keyLabel={t('goodsReturns.search')}
          />
        </>
      }
    >
      <DataTable<Copy>
        label={t('goodsReturns.tab.copies')}
        pages={pages}
        columns={columns}
        rowKey={(row) => row.id}
        autoFocus
        activeKey={pages.rows[0]?.id}
        onActivate={() => undefined}
        empty={
          <EmptyState
            title={t('goodsReturns.noCopies')}
            hint={t('goodsReturns.noCopiesHint')}
            actions={<Button onClick={toImport}>{t('goodsReturns.importCopies')}</Button>}
          />
        }
      />
    </Page>
  );
}

/** 保税账册: the record items of a ledger with what came in, went out and is left; lists of 1210 draw on them. */
import { Button, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { bondedFinds } from '../../../shared/contract/bonded.ts';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState, Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';
import { useFile } from '../risk/use-file.tsx';
import { ItemCard } from './ItemCard.tsx';
import { ItemForm } from './ItemForm.tsx';
import { LedgerForm } from './LedgerForm.tsx';
import './bonded.css';

type Item = RowOf<'bonded.items'>;
const areas = ['documents', 'imports', 'tax'] as const;
const figures = ['balance', 'proposed', 'free'] as const;

type Ledger = OutputOf<'bonded.books'>['rows'][number];

export function BondedPage({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('bonded.books', {}, { areas: [...areas] });
  const all = data?.rows;
  const ledger = all?.find(({ id }) => id === numberParam(params, 'ledger')) ?? all?.[0];
  if (all === undefined)
    return (
      <Page title={t('bonded.title')}>
        {error === undefined ? <Skeleton /> : <ErrorNote error={error} onRetry={reload} />}
      </Page>
    );
  return ledger === undefined ? <NoLedger params={params} /> : <Items params={params} all={all} ledger={ledger} />;
}

/** What is asked of a firm that keeps none yet. */
function NoLedger({ params }: { readonly params: RouteParams }) {
  const { t } = useTranslation();
  const isNew = textParam(params, 'form') === 'ledger';
  const add = (): void => {
    replaceParams({ form: 'ledger' });
    focusDetail('#bonded-recordNo');
  };
  useKeys([{ key: 'Ctrl+N', label: t('bonded.addLedger'), run: add, isMain: true }]);
  return (
    <Page
      title={t('bonded.title')}
      actions={<KeyButton kind="primary" label={t('bonded.addLedger')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        ratio="list"
        list={
          <EmptyState
            title={t('bonded.noLedger')}
            hint={t('bonded.noLedgerHint')}
            actions={<Button onClick={add}>{t('bonded.addLedger')}</Button>}
          />
        }
        detail={
          isNew ? (
            <LedgerForm
              ledger={undefined}
              onSaved={(saved) => replaceParams({ ledger: saved })}
              onClose={() => replaceParams({})}
            />
          ) : null
        }
      />
    </Page>
  );
}

function Items({
  params,
  all,
  ledger,
}: {
  readonly params: RouteParams;
  readonly all: readonly Ledger[];
  readonly ledger: Ledger;
}) {
  const { t } = useTranslation();
  const find = bondedFinds.find((one) => one === textParam(params, 'find')) ?? 'all';
  const text = textParam(params, 'text') ?? '';
  const id = numberParam(params, 'id');
  /** What the pane beside the list shows, where it is not the item. */
  const form = textParam(params, 'form');
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pages = usePages('bonded.items', { bookId: ledger.id, find, text }, { areas: [...areas] });
  const file = useFile('bonded.export');
  const open = (next: string, field: string): void => {
    set({ form: next });
    focusDetail(field);
  };
  const addItem = (): void => open('item', '#bonded-seq');
  const addLedger = (): void => open('ledger', '#bonded-recordNo');
  const write = (): void => void file.write(`${t('bonded.title')} ${ledger.recordNo}`, { bookId: ledger.id });
  useKeys([
    { key: 'Ctrl+N', label: t('bonded.addItem'), run: addItem, isMain: true },
    { key: 'Enter', label: t('bonded.look'), isMain: true },
    { key: 'Ctrl+E', label: t('bonded.export'), run: write },
  ]);
  const columns = useMemo(
    (): Column<Item>[] => [
      { id: 'seq', title: t('bonded.columns.seq'), width: 72, align: 'right', render: (row) => formatCount(row.seq) },
      { id: 'itemNo', title: t('bonded.columns.itemNo'), width: 104, render: (row) => <Code>{row.itemNo}</Code> },
      { id: 'name', title: t('bonded.name'), render: (row) => <span title={row.name}>{row.name}</span> },
      ...figures.map(
        (name): Column<Item> => ({
          id: name,
          title: t(`bonded.${name}`),
          width: 80,
          align: 'right',
          // What customs let out beyond the ledger matters more than that nothing is left.
          render: (row) =>
            name === 'balance' && row.short !== '0' ? (
              <ToneTag tone="rejected" label={`−${formatAmount(row.short)}`} />
            ) : (
              formatAmount(row[name])
            ),
        }),
      ),
    ],
    [t],
  );
  const counts = pages.first?.counts;
  const chosen = form === undefined ? id : undefined;
  const close = (): void => set({ form: '' });
  const detail =
    form === 'ledger' || form === 'edit' ? (
      <LedgerForm
        key={form === 'edit' ? ledger.id : 'new'}
        ledger={form === 'edit' ? ledger : undefined}
        onSaved={(saved) => set({ ledger: saved, form: '' })}
        onClose={close}
      />
    ) : form === 'item' ? (
      <ItemForm bookId={ledger.id} item={undefined} onSaved={(saved) => set({ id: saved, form: '' })} onClose={close} />
    ) : chosen === undefined ? (
      <DetailPlaceholder text={t('bonded.choose')} />
    ) : (
      <ItemCard key={chosen} id={chosen} onClose={() => set({ id: '' })} />
    );
  return (
    <Page
      title={t('bonded.title')}
      summary={
        counts === undefined
          ? undefined
          : [
              t(`bonded.places.${ledger.placeKind}`) + (ledger.place === '' ? '' : ` ${ledger.place}`),
              t('bonded.summary', { n: formatCount(counts.all), left: formatCount(counts.left) }),
              ...(counts.short === 0 ? [] : [t('bonded.shortItems', { n: formatCount(counts.short) })]),
              ...(ledger.state === 'closed' ? [t('bonded.states.closed')] : []),
            ].join(' · ')
      }
      filters={
        <>
          <Select
            className="bonded-ledger"
            aria-label={t('bonded.ledger')}
            value={ledger.id}
            options={all.map((one) => ({
              value: one.id,
              label: one.state === 'closed' ? `${one.recordNo} (${t('bonded.states.closed')})` : one.recordNo,
            }))}
            onChange={(value) => set({ ledger: value, id: '', form: '' })}
          />
          <Chips
            label={t('bonded.find')}
            value={find}
            onChange={(value) => set({ find: value === 'all' ? '' : value, id: '' })}
            chips={bondedFinds.map((value) => ({
              value,
              label: t(`bonded.finds.${value}`),
              ...(counts === undefined ? {} : { count: counts[value] }),
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('bonded.search')}
            keyLabel={t('bonded.search')}
          />
        </>
      }
      actions={
        <>
          <Button onClick={addLedger}>{t('bonded.addLedger')}</Button>
          <Button onClick={() => open('edit', '#bonded-recordNo')}>{t('bonded.editLedger')}</Button>
          <Button onClick={() => navigate('import', { kind: 'bonded' })}>{t('bonded.import')}</Button>
          <KeyButton label={t('bonded.export')} keys="Ctrl+E" isBusy={file.isRunning} onPress={write} />
          <KeyButton kind="primary" label={t('bonded.addItem')} keys="Ctrl+N" onPress={addItem} />
        </>
      }
    >
      {file.notice}
      <Split
        list={
          <DataTable
            label={t('bonded.items')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen}
            rowTone={(row) => (row.short === '0' ? undefined : 'action')}
            onActivate={(row) => set({ id: row.id, form: '' })}
            onOpen={(row) => {
              set({ id: row.id, form: '' });
              focusDetail('#bonded-qty');
            }}
            empty={
              text !== '' || find !== 'all' ? (
                <EmptyState title={t('bonded.noMatch')} hint={t('bonded.noMatchHint')} />
              ) : (
                <EmptyState
                  title={t('bonded.empty')}
                  hint={t('bonded.emptyHint')}
                  actions={<Button onClick={addItem}>{t('bonded.addItem')}</Button>}
                />
              )
            }
          />
        }
        detail={detail}
      />
    </Page>
  );
}

import { Button } from 'antd';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ProductRow, productStates } from '../../../shared/contract/trade.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { StateTag } from '../../components/StateTag.tsx';
import { useTicks } from '../../components/ticks.ts';
import { call, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { BulkEdit } from './BulkEdit.tsx';
import { ProductForm } from './ProductForm.tsx';
import './products.css';

const ALL = 'all';
const tabs = [...productStates, ALL] as const;

/** How many products a state has, for the chips. */
function useStateCount(state: (typeof productStates)[number]): number | undefined {
  return useQuery('products.list', { state, limit: 1 }, { areas: ['products'] }).data?.total;
}

/** Every product, and beside it the one under the cursor, to be classified without leaving the list. */
export function ProductsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'state')) ?? ALL;
  const text = textParam(params, 'text') ?? '';
  const sku = textParam(params, 'id');
  const pages = usePages(
    'products.list',
    { ...(tab === ALL ? {} : { state: tab }), ...(text === '' ? {} : { text }) },
    { areas: ['products'] },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.sku);
  const counts = {
    'to-classify': useStateCount('to-classify'),
    classified: useStateCount('classified'),
    'not-goods': useStateCount('not-goods'),
  };
  /** The product in the form: it stays there when its new state takes it out of the list. */
  const [held, setHeld] = useState<ProductRow>();
  const [takesFocus, setTakesFocus] = useState(false);
  const writeTemplate = useCommand('imports.writeTemplate');

  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const inList = sku === undefined ? undefined : pages.rows.find((row) => row.sku === sku);
  const isHeld = held !== undefined && held.sku === sku;
  // A link names a product that may stand outside the loaded page or the filter.
  const elsewhere = useQuery(
    'products.list',
    sku === undefined || inList !== undefined || isHeld || pages.status !== 'ready' ? null : { text: sku, limit: 50 },
  );
  const linked = elsewhere.data?.rows.find((row) => row.sku === sku);
  useEffect(() => {
    const row = inList ?? linked;
    if (row !== undefined) setHeld(row);
  }, [inList, linked]);
  const shown = isHeld ? held : (inList ?? linked);

  const openNext = async (): Promise<void> => {
    const at = pages.rows.findIndex((row) => row.sku === sku);
    const isOpen = (row: ProductRow): boolean => row.state === 'to-classify' && row.sku !== sku;
    let next = pages.rows.slice(at + 1).find(isOpen) ?? pages.rows.find(isOpen);
    next ??= (await call('products.list', { state: 'to-classify', limit: 2 })).rows.find(isOpen);
    if (next === undefined) {
      notify(t('products.detail.noneLeft'));
      return;
    }
    setTakesFocus(true);
    setHeld(next);
    set({ id: next.sku });
  };
  const exportSheet = async (): Promise<void> => {
    const to = await chooseSave(t('products.export'), t('products.exportName'), [
      { name: 'Excel', extensions: ['xlsx'] },
    ]);
    if (to === null) return;
    const answer = await writeTemplate.run({ kind: 'products', to: to.token });
    if (answer !== undefined) notify(t('products.exported', { n: formatCount(answer.rows) }));
  };
  const openImport = (): void => navigate('import', { kind: 'products' });
  useKeys([
    { key: 'Ctrl+I', label: t('products.import'), run: openImport },
    { key: 'Space', label: t('products.key.select'), isMain: true },
  ]);

  const columns = useMemo(
    (): Column<ProductRow>[] => [
      {
        id: 'state',
        title: t('products.column.state'),
        width: 106,
        render: (row) => <StateTag kind="product" state={row.state} />,
      },
      { id: 'sku', title: t('products.column.sku'), width: 90, render: (row) => <Code>{row.sku}</Code> },
      {
        id: 'name',
        title: t('products.column.nameSource'),
        render: (row) => <span title={row.nameSource}>{row.nameCn === '' ? row.nameSource : row.nameCn}</span>,
      },
      { id: 'hsCode', title: t('products.column.hsCode'), width: 104, render: (row) => <Code>{row.hsCode}</Code> },
      {
        id: 'orderLines',
        title: t('products.column.orderLines'),
        width: 70,
        align: 'right',
        render: (row) => formatCount(row.orderLines),
      },
    ],
    [t],
  );

  const isAllDone = tab === 'to-classify' && text === '';
  const hasAny = Object.values(counts).some((count) => (count ?? 0) > 0);
  const all = Object.values(counts).every((count) => count !== undefined)
    ? Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0)
    : undefined;
  return (
    <Page
      title={t('products.title')}
      summary={
        pages.status === 'ready'
          ? `${t('products.subtitle', { n: formatCount(pages.total) })}${selected.length === 0 ? '' : ` · ${t('products.selected', { n: formatCount(selected.length) })}`}`
          : undefined
      }
      actions={
        <>
          <Button onClick={() => navigate('classification')}>{t('classification.title')}</Button>
          <Button onClick={() => void exportSheet()} loading={writeTemplate.isRunning} title={t('products.exportHint')}>
            {t('products.export')}
          </Button>
          <KeyButton kind="primary" label={t('products.import')} keys="Ctrl+I" onPress={openImport} />
        </>
      }
      filters={
        <>
          <Chips
            label={t('products.column.state')}
            value={tab}
            onChange={(value) => {
              setSelected([]);
              set({ state: value === ALL ? '' : value });
            }}
            chips={tabs.map((value) => ({
              value,
              label: t(`products.tab.${value}`),
              count: value === ALL ? all : counts[value],
            }))}
          />
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value })}
            placeholder={t('products.search')}
            keyLabel={t('products.key.search')}
          />
        </>
      }
      notice={<ErrorNote error={writeTemplate.error} onClose={writeTemplate.clear} />}
    >
      <Split
        list={
          <DataTable
            label={t('products.title')}
            pages={pages}
            rowKey={(row) => row.sku}
            columns={columns}
            autoFocus
            activeKey={sku}
            onActivate={(row) => {
              setTakesFocus(false);
              set({ id: row.sku });
            }}
            onOpen={(row) => {
              setTakesFocus(true);
              setHeld(row);
              set({ id: row.sku });
              // Already in the form: only the focus has to go there.
              focusDetail('#product-nameCn');
            }}
            selectedKeys={selected}
            onSelect={setSelected}
            empty={
              !hasAny && text === '' ? (
                <EmptyState
                  title={t('products.empty.title')}
                  hint={t('products.empty.hint')}
                  actions={
                    <Button onClick={() => navigate('import', { kind: 'orders' })}>{t('products.empty.action')}</Button>
                  }
                />
              ) : isAllDone ? (
                <EmptyState
                  title={t('products.allDone.title')}
                  hint={t('products.allDone.hint')}
                  actions={<Button onClick={() => navigate('shipments')}>{t('products.allDone.action')}</Button>}
                />
              ) : (
                <EmptyState title={t('products.noMatch.title')} hint={t('products.noMatch.hint')} />
              )
            }
          />
        }
        detail={
          selected.length > 1 ? (
            <BulkEdit skus={selected} onDone={() => setSelected([])} onCancel={() => setSelected([])} />
          ) : shown !== undefined ? (
            <ProductForm
              key={shown.sku}
              row={shown}
              takesFocus={takesFocus}
              onSaved={(row) => {
                setHeld((before) => (before?.sku === row.sku ? row : before));
                pages.patch((one) => (one.sku === row.sku ? row : one));
              }}
              onNext={() => void openNext()}
              onClose={() => {
                setHeld(undefined);
                set({ id: '' });
              }}
            />
          ) : hasAny ? (
            <DetailPlaceholder text={t('products.detail.none')} />
          ) : undefined
        }
      />
    </Page>
  );
}

import { Button, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { type OrderFilter, orderStates } from '../../../shared/contract/trade.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code, Totals } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { OrderDetail } from './OrderDetail.tsx';
import './orders.css';

type Row = RowOf<'orders.list'>;

const ISO = /^\d{4}-\d{2}-\d{2}$/;
const ALL = 'all';

/** The filter as the route carries it; dates that are still being typed do not filter. */
function filterOf(params: RouteParams): OrderFilter {
  const from = textParam(params, 'from') ?? '';
  const to = textParam(params, 'to') ?? '';
  const country = textParam(params, 'country') ?? '';
  const text = textParam(params, 'text') ?? '';
  const state = orderStates.find((one) => one === textParam(params, 'state'));
  const liveSession = numberParam(params, 'live');
  return {
    ...(liveSession === undefined ? {} : { liveSession }),
    ...(ISO.test(from) ? { from } : {}),
    ...(ISO.test(to) ? { to } : {}),
    ...(country === '' ? {} : { country }),
    ...(state === undefined ? {} : { state }),
    ...(text === '' ? {} : { text }),
  };
}

/** Every order of the book, and beside it the one under the cursor. */
export function OrdersPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const filter = filterOf(params);
  const pages = usePages('orders.list', filter, { areas: ['orders'] });
  const facets = useQuery('orders.facets', {}, { areas: ['orders'] });
  const id = numberParam(params, 'id');
  const set = (change: RouteParams): void => {
    const next = Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== ''));
    replaceParams(next);
  };
  const openImport = (): void => navigate('import', { kind: 'orders' });
  useKeys([
    { key: 'Ctrl+I', label: t('orders.import'), run: openImport, isMain: true },
    { key: 'Enter', label: t('orders.key.open'), isMain: true },
  ]);

  const columns = useMemo(
    (): Column<Row>[] => [
      {
        id: 'state',
        title: t('orders.column.state'),
        width: i18n.language === 'en' ? 126 : 100,
        render: (row) => <StateTag kind="order" state={row.state} />,
      },
      { id: 'orderNo', title: t('orders.column.orderNo'), width: 88, render: (row) => <Code>{row.orderNo}</Code> },
      { id: 'orderDate', title: t('orders.column.orderDate'), width: 100, render: (row) => row.orderDate },
      { id: 'country', title: t('orders.column.country'), render: (row) => row.countryText },
      { id: 'lines', title: t('orders.column.lines'), width: 52, align: 'right', render: (row) => row.lines },
      {
        id: 'goodsValue',
        title: t('orders.column.goodsValue'),
        width: 118,
        align: 'right',
        render: (row) => <Amount value={row.goodsValue} currency={row.currency} />,
      },
    ],
    [t, i18n.language],
  );

  const isFiltered = Object.keys(filter).length > 0;
  const clear = (): void => replaceParams(id === undefined ? {} : { id });
  const states = (facets.data?.states ?? [])
    .filter(({ orders }) => orders > 0)
    .sort((a, b) => orderStates.indexOf(a.state) - orderStates.indexOf(b.state));
  const allOrders = states.reduce((sum, { orders }) => sum + orders, 0);
  return (
    <Page
      title={t('orders.title')}
      summary={
        pages.status === 'ready' ? (
          <>
            {t(isFiltered ? 'orders.subtitleFiltered' : 'orders.subtitle', { n: formatCount(pages.total) })}{' '}
            <Totals totals={pages.first?.totals ?? []} />
          </>
        ) : undefined
      }
      actions={<KeyButton kind="primary" label={t('orders.import')} keys="Ctrl+I" onPress={openImport} />}
      filters={
        <>
          <Chips
            label={t('orders.filter.state')}
            value={filter.state ?? ALL}
            onChange={(value) => set({ state: value === ALL ? '' : value })}
            chips={[
              { value: ALL, label: t('orders.filter.all'), count: facets.data === undefined ? undefined : allOrders },
              ...states.map(({ state, orders }) => ({ value: state, label: t(`state.order.${state}`), count: orders })),
            ]}
          />
          <Select
            className="filter-select"
            aria-label={t('orders.filter.country')}
            placeholder={t('orders.filter.country')}
            allowClear
            showSearch
            optionFilterProp="label"
            value={filter.country ?? null}
            onChange={(value) => set({ country: value ?? '' })}
            options={(facets.data?.countries ?? []).map(({ countryText, orders }) => ({
              value: countryText,
              label: `${countryText} (${formatCount(orders)})`,
            }))}
          />
          <span className="filter-range">
            <DateInput
              label={t('orders.filter.from')}
              placeholder={facets.data?.from ?? t('orders.filter.from')}
              value={textParam(params, 'from') ?? ''}
              onChange={(value) => set({ from: value })}
            />
            <span className="muted" aria-hidden="true">
              –
            </span>
            <DateInput
              label={t('orders.filter.to')}
              placeholder={facets.data?.to ?? t('orders.filter.to')}
              value={textParam(params, 'to') ?? ''}
              onChange={(value) => set({ to: value })}
            />
          </span>
          <SearchInput
            value={filter.text ?? ''}
            onChange={(text) => set({ text })}
            placeholder={t('orders.filter.text')}
            keyLabel={t('orders.key.search')}
          />
          {filter.liveSession === undefined ? null : <ToneTag tone="draft" label={t('orders.filter.live')} />}
          {isFiltered ? (
            <Button type="text" onClick={clear}>
              {t('orders.filter.clear')}
            </Button>
          ) : null}
        </>
      }
    >
      <Split
        list={
          <DataTable
            label={t('orders.title')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(row) => set({ id: row.id })}
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'cancelled' ? 'muted' : undefined)}
            empty={
              isFiltered ? (
                <EmptyState
                  title={t('orders.noMatch.title')}
                  hint={t('orders.noMatch.hint', { n: formatCount(allOrders) })}
                  actions={<Button onClick={clear}>{t('orders.filter.clear')}</Button>}
                />
              ) : (
                <EmptyState
                  title={t('orders.empty.title')}
                  hint={t('orders.empty.hint')}
                  actions={
                    <Button type="primary" onClick={openImport}>
                      {t('orders.import')}
                    </Button>
                  }
                />
              )
            }
          />
        }
        detail={
          pages.status === 'ready' && pages.total === 0 && id === undefined ? undefined : (
            <OrderDetail id={id} onClose={() => set({ id: '' })} />
          )
        }
      />
    </Page>
  );
}

import { Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { categoryTexts, groupMark, type PayoutCategory, payoutCategories } from '../../../shared/payouts/index.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';

type Row = RowOf<'payouts.lines'>;
const ALL = 'all';

/** The lines of the file, by category, month and order. */
export function LinesView({ payout }: { readonly payout: PayoutView }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const [category, setCategory] = useState<PayoutCategory | typeof ALL>(ALL);
  const [month, setMonth] = useState(ALL);
  const [orderNo, setOrderNo] = useState('');
  const pages = usePages(
    'payouts.lines',
    {
      id: payout.id,
      ...(category === ALL ? {} : { category }),
      ...(month === ALL ? {} : { month }),
      ...(orderNo === '' ? {} : { orderNo }),
    },
    { areas: ['money'] },
  );
  const own = new Set(payout.kinds.map((kind) => kind.category));
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'row', title: t('payouts.column.row'), width: 56, align: 'right', render: (row) => row.sourceRow },
      {
        id: 'postedOn',
        title: t('payouts.column.day'),
        width: 92,
        render: (row) => (
          <span
            title={row.ownOn === row.postedOn ? undefined : t('payouts.ownDay', { day: row.ownOn, zone: payout.zone })}
          >
            {row.postedOn}
          </span>
        ),
      },
      { id: 'order', title: t('payouts.column.order'), width: 172, render: (row) => <Code>{row.orderNo}</Code> },
      {
        id: 'category',
        title: t('payouts.column.category'),
        width: 104,
        render: (row) => word(categoryTexts[row.category]),
      },
      {
        id: 'detail',
        title: t('payouts.column.detail'),
        render: (row) =>
          [row.detail.split(groupMark).at(-1) ?? '', row.type, row.sku ?? ''].filter((text) => text !== '').join(' · '),
      },
      {
        id: 'amount',
        title: t('payouts.column.amount'),
        width: 96,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={payout.currency} bare />,
      },
    ],
    [t, word, payout.currency, payout.zone],
  );
  return (
    <div className="payout-lines">
      <div className="payout-lines-head">
        <Select
          size="small"
          aria-label={t('payouts.column.category')}
          value={category}
          onChange={setCategory}
          options={[
            { value: ALL, label: t('payouts.allCategories') },
            ...payoutCategories
              .filter((one) => own.has(one))
              .map((one) => ({ value: one, label: word(categoryTexts[one]) })),
          ]}
        />
        <Select
          size="small"
          aria-label={t('payouts.column.month')}
          value={month}
          onChange={setMonth}
          options={[
            { value: ALL, label: t('payouts.allMonths') },
            ...payout.months.map((one) => ({ value: one.month, label: one.month })),
          ]}
        />
        <SearchInput
          value={orderNo}
          onChange={setOrderNo}
          placeholder={t('payouts.searchOrder')}
          keyLabel={t('payouts.key.order')}
        />
        <span className="muted">{t('payouts.linesFound', { n: formatCount(pages.total) })}</span>
      </div>
      <DataTable
        label={t('payouts.view.lines')}
        pages={pages}
        columns={columns}
        rowKey={(row) => row.line}
        rowTone={(row) => (row.category === 'unknown' ? 'action' : undefined)}
        empty={<EmptyState title={t('payouts.noLines')} />}
      />
    </div>
  );
}

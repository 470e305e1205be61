import { useTranslation } from 'react-i18next';
import { openTarget } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, type TablePages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import type { RowOf } from '../../core-client.ts';

type Row = RowOf<'indicators.rows'>;

/** The rows behind a figure, each a way to its record, list or voucher: Enter opens it. */
export function FlowTable({
  label,
  pages,
  emptyHint,
}: {
  readonly label: string;
  readonly pages: TablePages<Row>;
  readonly emptyHint: string;
}) {
  const { t } = useTranslation();
  const columns: readonly Column<Row>[] = [
    { id: 'date', title: t('supervision.column.date'), width: 94, render: (row) => row.date },
    { id: 'label', title: t('supervision.column.number'), width: 168, render: (row) => <Code>{row.label}</Code> },
    { id: 'detail', title: t('supervision.column.counterparty'), render: (row) => row.detail },
    {
      id: 'amount',
      title: t('supervision.column.amount'),
      width: 132,
      align: 'right',
      render: (row) => <Amount value={row.amount} currency={row.currency} />,
    },
    {
      id: 'usd',
      title: t('supervision.column.usd'),
      width: 104,
      align: 'right',
      render: (row) =>
        row.usd === undefined ? (
          <ToneTag tone="action" label={t('supervision.noRate')} />
        ) : (
          <Amount value={row.usd} currency="USD" bare />
        ),
    },
  ];
  return (
    <div className="indicator-rows">
      <DataTable
        label={label}
        pages={pages}
        columns={columns}
        rowKey={(row) => row.key}
        onOpen={(row) => openTarget(row.target)}
        empty={<EmptyState title={t('supervision.noRows')} hint={emptyHint} />}
      />
    </div>
  );
}

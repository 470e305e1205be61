import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { amountColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Split } from '../../components/Page.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { InvoiceDetail } from './InvoiceDetail.tsx';
import { InvoiceForm } from './InvoiceForm.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'invoices.list'>;

/** Input invoices, and beside them the one under the cursor or the form of a new one. */
export function InvoicesTab({ params, text, set }: TabProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const [editing, setEditing] = useState<'new' | number>();
  const pages = usePages('invoices.list', text === '' ? {} : { text }, { areas: ['purchases'] });
  const add = (): void => {
    setEditing('new');
    focusDetail('input');
  };
  useKeys([{ key: 'F2', label: t('purchases.invoice.new'), run: add, isMain: true }]);
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'date', title: t('purchases.column.date'), width: 92, render: (row) => row.date },
      { id: 'number', title: t('purchases.column.number'), width: 178, render: (row) => <Code>{row.number}</Code> },
      { id: 'supplier', title: t('purchases.column.supplier'), render: (row) => row.supplier.name },
      amountColumn('amount', t('purchases.column.amount'), 104, (row) => row.amount),
      {
        id: 'purpose',
        title: t('purchases.column.purpose'),
        width: 96,
        render: (row) =>
          row.state === 'entered' ? t(`purchases.purpose.${row.purpose}`) : t(`purchases.state.${row.state}`),
      },
    ],
    [t],
  );
  const closeForm = (): void => setEditing(undefined);
  return (
    <Split
      ratio={editing === undefined ? 'even' : 'detail'}
      list={
        <DataTable
          label={t('purchases.tab.invoices')}
          pages={pages}
          rowKey={(row) => row.id}
          columns={columns}
          autoFocus
          activeKey={id}
          onActivate={(row) => {
            closeForm();
            set({ id: row.id });
          }}
          onOpen={(row) => {
            closeForm();
            set({ id: row.id });
            focusDetail();
          }}
          rowTone={(row) => (row.state === 'void' ? 'muted' : row.withoutSku > 0 ? 'action' : undefined)}
          empty={
            <EmptyState
              title={t('purchases.invoice.empty')}
              hint={t('purchases.invoice.emptyHint')}
              actions={<KeyButton label={t('purchases.invoice.new')} keys="F2" onPress={add} />}
            />
          }
        />
      }
      detail={
        editing !== undefined ? (
          <InvoiceForm
            key={editing}
            {...(editing === 'new' ? {} : { id: editing })}
            onSaved={(saved) => {
              closeForm();
              set({ id: saved });
            }}
            onClose={closeForm}
          />
        ) : id !== undefined ? (
          <InvoiceDetail key={id} id={id} onEdit={() => setEditing(id)} onClose={() => set({ id: '' })} />
        ) : (
          <DetailPlaceholder text={t('purchases.invoice.choose')} />
        )
      }
    />
  );
}

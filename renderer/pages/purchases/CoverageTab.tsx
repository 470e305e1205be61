import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { numberParam, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { amountColumn, quantityColumn } from '../../components/columns.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Split } from '../../components/Page.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { ListPane } from './ListPane.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'exportLines.coverage'>;
type Item = Row['items'][number];
const sides = ['export', 'invoice'] as const;

/** Which invoice covers which export line, with what is left; or seen from the invoices. */
export function CoverageTab({ params, text, set }: TabProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const by = sides.find((one) => one === textParam(params, 'by')) ?? 'export';
  const pages = usePages(
    'exportLines.coverage',
    { by, ...(text === '' ? {} : { text }) },
    { areas: ['purchases', 'tax'] },
  );
  const shown = pages.rows.find((row) => row.id === id);
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'label', title: t(`purchases.coverage.${by}`), width: 178, render: (row) => <Code>{row.label}</Code> },
      { id: 'date', title: t('purchases.column.date'), width: 96, render: (row) => row.date },
      { id: 'sku', title: t('purchases.column.sku'), width: 76, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      quantityColumn('qty', t('purchases.column.qty'), 58, (row) => row.qty),
      quantityColumn('matched', t('purchases.coverage.matched'), 60, (row) => row.matched),
      quantityColumn('remainder', t('purchases.coverage.remainder'), 60, (row) => row.remainder),
    ],
    [t, by],
  );
  return (
    <Split
      list={
        <ListPane
          head={
            <Chips
              label={t('purchases.tab.coverage')}
              value={by}
              onChange={(value) => set({ by: value, id: '' })}
              chips={sides.map((value) => ({ value, label: t(`purchases.coverage.by.${value}`) }))}
            />
          }
        >
          <DataTable
            label={t('purchases.tab.coverage')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(row) => set({ id: row.id })}
            onOpen={(row) => {
              set({ id: row.id });
              focusDetail();
            }}
            rowTone={(row) => (row.remainder === '0' ? 'muted' : undefined)}
            empty={<EmptyState title={t('purchases.coverage.empty')} hint={t('purchases.coverage.emptyHint')} />}
          />
        </ListPane>
      }
      detail={
        shown === undefined ? (
          <DetailPlaceholder text={t('purchases.coverage.choose')} />
        ) : (
          <Covering row={shown} onClose={() => set({ id: '' })} />
        )
      }
    />
  );
}

function Covering({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const unitName = useCodeNames('unit', [row.unit]);
  useKeys([{ key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() }]);
  const columns = useMemo(
    (): Column<Item>[] => [
      { id: 'label', title: t('purchases.column.number'), render: (item) => <Code>{item.label}</Code> },
      { id: 'date', title: t('purchases.column.date'), width: 96, render: (item) => item.date },
      quantityColumn('qty', t('purchases.column.qty'), 72, (item) => item.qty),
      amountColumn('amount', t('purchases.column.amount'), 104, (item) => item.amount),
      amountColumn('refund', t('purchases.coverage.refund'), 104, (item) => item.refund),
    ],
    [t],
  );
  return (
    <DetailPane
      title={row.label}
      isCode
      tags={
        <span className="muted">{`${formatAmount(row.matched)} / ${formatAmount(row.qty)} ${unitName(row.unit) ?? row.unit}`}</span>
      }
    >
      <DataTable
        label={row.label}
        pages={plainPages(row.items)}
        rowKey={(item) => item.id}
        columns={columns}
        empty={<EmptyState title={t('purchases.coverage.none')} />}
        fit
      />
    </DetailPane>
  );
}

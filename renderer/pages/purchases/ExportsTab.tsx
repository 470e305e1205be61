import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../app/keys.ts';
import { numberParam, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { quantityColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Split } from '../../components/Page.tsx';
import { useTicks } from '../../components/ticks.ts';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { ExportFacts } from './ExportFacts.tsx';
import { ExportLinesForm } from './ExportLinesForm.tsx';
import { ListPane } from './ListPane.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'exportLines.list'>;
const opens = ['all', 'claim', 'receipt', 'rate', 'stock'] as const;

/** Export lines: what left, by declaration or list line, and what is still open of each. */
export function ExportsTab({ params, text, set }: TabProps) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const open = opens.find((one) => one === textParam(params, 'open')) ?? 'all';
  const pages = usePages(
    'exportLines.list',
    { ...(text === '' ? {} : { text }), ...(open === 'all' ? {} : { open }) },
    { areas: ['purchases', 'documents', 'ledger'] },
  );
  const [selected, setSelected] = useTicks(pages, (row) => row.id);
  const listed = pages.rows.find((row) => row.id === id);
  // Of a link into a long list the line is beyond what is read.
  const linked = useQuery(
    'exportLines.get',
    id === undefined || listed !== undefined || pages.status !== 'ready' ? null : { id },
    { areas: ['purchases', 'documents', 'ledger'] },
  );
  const shown = listed ?? linked.data;
  const [isAdding, setAdding] = useState(false);
  const chosen = pages.rows.filter((row) => selected.includes(row.id));
  const add = (): void => {
    setSelected([]);
    setAdding(true);
    focusDetail('input');
  };
  useKeys([
    { key: 'F2', label: t('purchases.exports.new'), run: add, isMain: true },
    { key: 'Space', label: t('purchases.key.select') },
  ]);
  const columns = useMemo(
    (): Column<Row>[] => [
      {
        id: 'no',
        title: t('purchases.column.declaration'),
        width: 182,
        render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
      },
      { id: 'mode', title: t('purchases.column.mode'), width: 56, render: (row) => <Code>{row.mode}</Code> },
      { id: 'date', title: t('purchases.column.exportDate'), width: 92, render: (row) => row.exportDate },
      { id: 'sku', title: t('purchases.column.sku'), width: 84, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      quantityColumn('qty', t('purchases.column.qty'), 72, (row) => row.qty),
      {
        id: 'fob',
        title: t('purchases.column.fob'),
        width: 112,
        align: 'right',
        render: (row) => <Amount value={row.fob} currency={row.currency} />,
      },
    ],
    [t],
  );
  return (
    <Split
      ratio={isAdding ? 'detail' : 'list'}
      list={
        <ListPane
          head={
            <>
              <Chips
                label={t('purchases.exports.open')}
                value={open}
                onChange={(value) => {
                  setSelected([]);
                  set({ open: value === 'all' ? '' : value, id: '' });
                }}
                chips={opens.map((value) => ({ value, label: t(`purchases.exports.filter.${value}`) }))}
              />
              <span className="spacer" />
              {isAdding ? null : <KeyButton label={t('purchases.exports.new')} keys="F2" onPress={add} />}
            </>
          }
        >
          <DataTable
            label={t('purchases.tab.exports')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(row) => {
              setAdding(false);
              set({ id: row.id });
            }}
            onOpen={(row) => {
              setAdding(false);
              set({ id: row.id });
              focusDetail('input');
            }}
            selectedKeys={selected}
            onSelect={(keys) => {
              setAdding(false);
              setSelected(keys);
            }}
            rowTone={(row) => (row.shortQty === '0' ? undefined : 'action')}
            empty={
              open !== 'all' || text !== '' ? (
                <NoMatch onClear={() => set({ open: '', text: '' })} />
              ) : (
                <EmptyState
                  title={t('purchases.exports.empty')}
                  hint={t('purchases.exports.emptyHint')}
                  actions={<KeyButton label={t('purchases.exports.new')} keys="F2" onPress={add} />}
                />
              )
            }
          />
        </ListPane>
      }
      detail={
        isAdding ? (
          <ExportLinesForm
            onSaved={([first]) => {
              setAdding(false);
              set({ id: first ?? '' });
            }}
            onClose={() => setAdding(false)}
          />
        ) : chosen.length > 1 ? (
          <ExportFacts key={selected.join(' ')} rows={chosen} onClose={() => setSelected([])} />
        ) : shown === undefined ? (
          <DetailPlaceholder text={t('purchases.exports.choose')} />
        ) : (
          <ExportFacts
            key={`${shown.id} ${shown.receivedOn} ${shown.deemedReceived} ${shown.contractReceiptDate}`}
            rows={[shown]}
            onClose={() => set({ id: '' })}
          />
        )
      }
    />
  );
}

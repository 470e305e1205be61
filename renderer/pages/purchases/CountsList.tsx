/** 海外仓盘点: what warehouses counted beside what the book had that day; a difference is adjusted or left, with a reason. */
import { Button, Input } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate, numberParam, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ListPane } from './ListPane.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'stockCounts.list'>;
const stateTone = { same: 'accepted', differs: 'action', adjusted: 'accepted', kept: 'draft' } as const;
const shownOf = ['open', 'all'] as const;

export function CountsList({ head, params, text, set }: TabProps & { readonly head: React.ReactNode }) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const show = shownOf.find((one) => one === textParam(params, 'show')) ?? 'all';
  const filter = { ...(text === '' ? {} : { text }), open: show === 'open' };
  const pages = usePages('stockCounts.list', filter, { areas: ['purchases', 'imports'] });
  const summary = useQuery('stockCounts.list', { limit: 1 }, { areas: ['purchases', 'imports'] });
  const shown = pages.rows.find((row) => row.id === id);
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'date', title: t('purchases.column.date'), width: 92, render: (row) => row.date },
      { id: 'place', title: t('purchases.count.place'), width: 110, render: (row) => row.place.name },
      { id: 'sku', title: t('purchases.column.sku'), width: 96, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      ...(['counted', 'book', 'difference'] as const).map(
        (name): Column<Row> => ({
          id: name,
          title: t(`purchases.count.${name}`),
          width: 84,
          align: 'right',
          render: (row) => row[name],
        }),
      ),
      {
        id: 'state',
        title: t('purchases.count.stateTitle'),
        width: 92,
        render: (row) => <ToneTag tone={stateTone[row.state]} label={t(`purchases.count.state.${row.state}`)} />,
      },
    ],
    [t],
  );
  const missing = summary.data?.uncounted ?? [];
  return (
    <Split
      ratio="list"
      list={
        <ListPane
          head={
            <>
              {head}
              <Chips
                label={t('purchases.count.filter')}
                value={show}
                onChange={(value) => set({ show: value === 'all' ? '' : value, id: '' })}
                chips={[
                  { value: 'all', label: t('purchases.count.all') },
                  { value: 'open', label: t('purchases.count.open', { n: formatCount(summary.data?.openTotal ?? 0) }) },
                ]}
              />
              <Button onClick={() => navigate('import', { kind: 'stockCounts' })}>{t('purchases.count.import')}</Button>
            </>
          }
        >
          <DataTable
            label={t('purchases.overseas.view.counts')}
            pages={pages}
            rowKey={(row) => row.id}
            columns={columns}
            autoFocus
            activeKey={id}
            onActivate={(row) => set({ id: row.id })}
            onOpen={(row) => {
              set({ id: row.id });
              focusDetail('input');
            }}
            rowTone={(row) => (row.state === 'differs' ? 'action' : undefined)}
            empty={<EmptyState title={t('purchases.count.empty')} hint={t('purchases.count.emptyHint')} />}
          />
          {missing.length === 0 ? null : (
            <div className="panel-pad">
              <strong>{t('purchases.count.uncounted')}</strong>
              <ul className="plain-list">
                {missing.map((row) => (
                  <li key={`${row.place} ${row.sku}`}>
                    {row.date} {row.place} <Code>{row.sku}</Code> {row.name} {row.qty}
                  </li>
                ))}
              </ul>
            </div>
          )}
        </ListPane>
      }
      detail={
        shown === undefined ? (
          <DetailPlaceholder text={t('purchases.count.choose')} />
        ) : (
          <CountForm key={`${shown.id} ${shown.state}`} row={shown} onClose={() => set({ id: '' })} />
        )
      }
    />
  );
}

function CountForm({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const decide = useCommand('stockCounts.decide');
  const remove = useCommand('stockCounts.remove');
  const form = useFormDraft(`stock count ${row.id}`, { reason: '', cost: '' });
  const { reason, cost } = form.value;
  const isOpen = row.state === 'differs';
  const canSave = isOpen && reason.trim().length >= 2;
  const run = async (decision: 'adjusted' | 'kept'): Promise<void> => {
    const done = await decide.run({ id: row.id, decision, reason, ...(cost === '' ? {} : { cost }) });
    if (done === undefined) return;
    form.done();
    notify(decision === 'kept' ? t('purchases.count.kept') : t('purchases.count.done', { n: done.difference }));
  };
  const drop = async (): Promise<void> => {
    if ((await remove.run({ id: row.id })) === undefined) return;
    form.done();
    notify(t('purchases.count.removed'));
    onClose();
  };
  return (
    <FormPane
      title={`${row.sku} ${row.date}`}
      isCode
      tags={<ToneTag tone={stateTone[row.state]} label={t(`purchases.count.state.${row.state}`)} />}
      error={decide.error ?? remove.error}
      saveLabel={t('purchases.count.adjust')}
      canSave={canSave}
      isBusy={decide.isRunning}
      onSave={() => run('adjusted')}
      onClose={onClose}
      foot={
        <>
          {row.state === 'adjusted' || row.state === 'kept' ? null : (
            <Button loading={remove.isRunning} onClick={() => void drop()}>
              {t('purchases.count.remove')}
            </Button>
          )}
          <Button disabled={!canSave} loading={decide.isRunning} onClick={() => void run('kept')}>
            {t('purchases.count.keep')}
          </Button>
        </>
      }
    >
      <Facts
        rows={[
          [t('purchases.count.place'), row.place.name],
          [t('purchases.column.goods'), row.name],
          [t('purchases.count.counted'), row.counted],
          [t('purchases.count.book'), row.book],
          [t('purchases.count.difference'), row.difference],
          ...(row.oldest === undefined ? [] : [[t('purchases.count.oldest'), row.oldest] as const]),
          ...(row.reason === '' ? [] : [[t('purchases.count.reason'), row.reason] as const]),
          ...row.lines.map(
            (line) =>
              [
                t('purchases.count.lines'),
                <button
                  key={line.exportLineId}
                  type="button"
                  className="link"
                  onClick={() => navigate('purchases', { tab: 'exports', id: line.exportLineId })}
                >
                  <Code>{`${line.declarationNo}-${line.lineNo}`}</Code> <Amount value={line.qty} bare />
                </button>,
              ] as const,
          ),
        ]}
      />
      {isOpen ? (
        <>
          <RestoredNote draft={form} />
          <div className="purchase-form">
            <Field id="count-reason" label={t('purchases.count.reason')} isRequired isWide>
              <Input
                id="count-reason"
                maxLength={200}
                value={reason}
                onChange={(event) => form.change({ reason: event.target.value })}
              />
            </Field>
            {row.difference.startsWith('-') ? null : (
              <Field id="count-cost" label={t('purchases.count.cost')} hint={t('purchases.count.costHint')}>
                <NumericInput
                  id="count-cost"
                  decimals={2}
                  unit="CNY"
                  value={cost}
                  onChange={(typed) => form.change({ cost: typed })}
                />
              </Field>
            )}
          </div>
          <p className="muted">{t('purchases.count.adjustNote')}</p>
        </>
      ) : (
        <Button onClick={() => navigate('purchases', { tab: 'stock', text: row.sku })}>
          {t('purchases.count.move')}
        </Button>
      )}
    </FormPane>
  );
}

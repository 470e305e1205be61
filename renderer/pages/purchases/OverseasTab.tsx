import { Checkbox, Input } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { daysBetween } from '../../../shared/reports/periods.ts';
import { useKeys } from '../../app/keys.ts';
import { numberParam, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { quantityColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Split } from '../../components/Page.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CountsList } from './CountsList.tsx';
import { PlaceBox } from './choices.tsx';
import { ListPane } from './ListPane.tsx';
import { PlacesList } from './PlacesList.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'overseas.list'>;
const views = ['lines', 'counts', 'places'] as const;
const shownLines = ['all', 'open'] as const;
/** Where goods of 9810 lie until they are sold. */
const abroad = ['overseas', 'transit'] as const;
/** Days that goods of a line have been out, as long as some are left: when they arrived is not on record. */
const ageOf = ({ exportDate }: Row): string => formatCount(Math.max(0, daysBetween(exportDate, localDate())));

/** Declaration lines of 9810 with sales and returns, and the register of the warehouses they lie in. */
export function OverseasTab({ params, text, set }: TabProps) {
  const { t } = useTranslation();
  const view = views.find((one) => one === textParam(params, 'view')) ?? 'lines';
  const head = (
    <Chips
      label={t('purchases.tab.overseas')}
      value={view}
      onChange={(value) => set({ view: value === 'lines' ? '' : value, id: '' })}
      chips={views.map((value) => ({ value, label: t(`purchases.overseas.view.${value}`) }))}
    />
  );
  if (view === 'counts') return <CountsList head={head} params={params} text={text} set={set} />;
  if (view === 'places') return <PlacesList head={head} text={text} />;
  return <AbroadList head={head} params={params} text={text} set={set} />;
}

function AbroadList({ head, params, text, set }: TabProps & { readonly head: React.ReactNode }) {
  const { t } = useTranslation();
  const id = numberParam(params, 'id');
  const show = shownLines.find((one) => one === textParam(params, 'show')) ?? 'all';
  const pages = usePages(
    'overseas.list',
    { ...(text === '' ? {} : { text }), open: show === 'open' },
    { areas: ['purchases'] },
  );
  const shown = pages.rows.find((row) => row.id === id);
  const columns = useMemo(
    (): Column<Row>[] => [
      {
        id: 'no',
        title: t('purchases.column.declaration'),
        width: 184,
        render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
      },
      { id: 'date', title: t('purchases.column.exportDate'), width: 92, yields: true, render: (row) => row.exportDate },
      { id: 'sku', title: t('purchases.column.sku'), width: 96, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      ...(['in', 'sold', 'back', 'left'] as const).map((name) =>
        quantityColumn<Row>(name, t(`purchases.overseas.${name}`), 72, (row) => row[name]),
      ),
      {
        id: 'age',
        title: t('purchases.overseas.age'),
        width: 84,
        align: 'right',
        render: (row) => (row.left === '0' ? '' : t('purchases.overseas.days', { n: ageOf(row) })),
      },
    ],
    [t],
  );
  return (
    <Split
      ratio="list"
      list={
        <ListPane
          head={
            <>
              {head}
              <Chips
                label={t('purchases.overseas.show')}
                value={show}
                onChange={(value) => set({ show: value === 'all' ? '' : value, id: '' })}
                chips={shownLines.map((value) => ({ value, label: t(`purchases.overseas.shown.${value}`) }))}
              />
            </>
          }
        >
          <DataTable
            label={t('purchases.tab.overseas')}
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
            rowTone={(row) => (row.left === '0' ? 'muted' : undefined)}
            empty={
              text !== '' || show === 'open' ? (
                <NoMatch onClear={() => set({ text: '', show: '' })} />
              ) : (
                <EmptyState title={t('purchases.overseas.empty')} hint={t('purchases.overseas.emptyHint')} />
              )
            }
          />
        </ListPane>
      }
      detail={
        shown === undefined ? (
          <DetailPlaceholder text={t('purchases.overseas.choose')} />
        ) : (
          <AbroadForm key={shown.id} row={shown} onClose={() => set({ id: '' })} />
        )
      }
    />
  );
}

/** Sold abroad or come back of an article: from the oldest line on, or of the line that is shown. */
function AbroadForm({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { sku } = row;
  const held = useQuery('stock.list', sku === undefined ? null : { text: sku }, { areas: ['purchases'] });
  const sell = useCommand('overseas.sell');
  const back = useCommand('overseas.back');
  const form = useFormDraft(`abroad ${row.declarationNo} ${row.lineNo}`, {
    date: localDate(),
    qty: '',
    placeId: undefined as number | undefined,
    text: '',
    isOneLine: false,
  });
  const { date, qty, placeId, text, isOneLine } = form.value;
  const { change } = form;
  const canSave = sku !== undefined && qty !== '';
  const run = async (command: typeof sell | typeof back): Promise<void> => {
    if (sku === undefined || qty === '') return;
    sell.clear();
    back.clear();
    const answer = await command.run({
      sku,
      date,
      qty,
      text,
      ...(placeId === undefined ? {} : { placeId }),
      ...(isOneLine ? { exportLineId: row.id } : {}),
    });
    if (answer === undefined) return;
    change({ qty: '' });
    form.done();
    notify(t('purchases.overseas.done', { n: answer.lines.length }));
  };
  const canBring = canSave && !back.isRunning;
  useKeys([{ key: 'F3', label: t('purchases.overseas.bring'), run: () => void run(back), isEnabled: canBring }]);
  const there = (held.data?.rows ?? []).filter(
    (one) => one.sku === sku && abroad.some((kind) => kind === one.place.kind),
  );
  return (
    <FormPane
      title={`${row.declarationNo}-${row.lineNo}`}
      isCode
      error={sell.error ?? back.error}
      saveLabel={t('purchases.overseas.sell')}
      canSave={canSave}
      isBusy={sell.isRunning}
      onSave={() => run(sell)}
      onClose={onClose}
      foot={
        <KeyButton
          label={t('purchases.overseas.bring')}
          keys="F3"
          isDisabled={!canSave}
          isBusy={back.isRunning}
          onPress={() => void run(back)}
        />
      }
    >
      <Facts
        rows={[
          [t('purchases.column.sku'), <Code key="sku">{sku}</Code>],
          [t('purchases.column.exportDate'), row.exportDate],
          [t('purchases.overseas.left'), `${row.left} / ${row.in}`],
          ...(row.left === '0'
            ? []
            : [[t('purchases.overseas.age'), t('purchases.overseas.daysSince', { n: ageOf(row) })] as const]),
          ...(row.lost === undefined ? [] : [[t('purchases.overseas.lost'), row.lost] as const]),
          ...there.map((one) => [one.place.name, one.qty] as const),
        ]}
      />
      {sku === undefined ? <p className="tone-action">{t('purchases.overseas.noSku')}</p> : null}
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="abroad-qty" label={t('purchases.column.qty')} isRequired>
          <NumericInput id="abroad-qty" value={qty} onChange={(value) => change({ qty: value })} />
        </Field>
        <Field id="abroad-date" label={t('purchases.column.date')} isRequired>
          <DateInput id="abroad-date" value={date} onChange={(value) => change({ date: value })} />
        </Field>
        <Field id="abroad-place" label={t('purchases.overseas.place')} hint={t('purchases.overseas.placeHint')}>
          <PlaceBox id="abroad-place" value={placeId} kinds={abroad} onChange={(value) => change({ placeId: value })} />
        </Field>
        <Field id="abroad-text" label={t('purchases.column.note')}>
          <Input id="abroad-text" value={text} onChange={(event) => change({ text: event.target.value })} />
        </Field>
        <Checkbox
          className="is-wide"
          checked={isOneLine}
          onChange={(event) => change({ isOneLine: event.target.checked })}
        >
          {t('purchases.overseas.oneLine')}
        </Checkbox>
      </div>
      <p className="muted">{t('purchases.overseas.fifo')}</p>
    </FormPane>
  );
}

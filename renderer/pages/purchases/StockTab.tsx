import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stockChoices } from '../../../shared/contract/purchasing.ts';
import { isComposing, useKeys } from '../../app/keys.ts';
import { navigate, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { amountColumn, quantityColumn } from '../../components/columns.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Split } from '../../components/Page.tsx';
import { type RowOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PlaceBox, SkuBox } from './choices.tsx';
import { ListPane } from './ListPane.tsx';
import type { TabProps } from './tabs.ts';

type Row = RowOf<'stock.list'>;
type Move = RowOf<'stock.moves'>;
type Short = RowOf<'stock.shorts'>;
const actions = ['receive', 'transfer', 'adjust'] as const;
type Action = (typeof actions)[number];
const actionKeys = { receive: 'F2', transfer: 'F3', adjust: 'F4' } as const satisfies Record<Action, string>;
const views = ['list', 'shorts'] as const;

const keyOf = (row: Row): string => `${row.sku}|${row.place.id}`;

/** Stock by article and place with its moves, what is short, and whether stock is kept at all. */
export function StockTab({ params, text, set }: TabProps) {
  const { t } = useTranslation();
  const pages = usePages('stock.list', text === '' ? {} : { text }, { areas: ['purchases'] });
  const view = views.find((one) => one === textParam(params, 'view')) ?? 'list';
  const key = textParam(params, 'at');
  const shown = view === 'list' ? pages.rows.find((row) => keyOf(row) === key) : undefined;
  const [form, setForm] = useState<{ readonly action: Action; readonly sku: string }>();
  const start = (action: Action, sku = shown?.sku ?? ''): void => {
    setForm({ action, sku });
    focusDetail('input');
  };
  useKeys(
    actions.map((action) => ({
      key: actionKeys[action],
      label: t(`purchases.stock.${action}`),
      run: () => start(action),
      isMain: action === 'receive',
    })),
  );
  const shorts = pages.first?.shorts;
  const head = (
    <>
      <Chips
        label={t('purchases.tab.stock')}
        value={view}
        onChange={(value) => {
          setForm(undefined);
          set({ view: value === 'list' ? '' : value, at: '' });
        }}
        chips={views.map((value) => ({
          value,
          label: t(`purchases.stock.view.${value}`),
          ...(value === 'shorts' ? { count: shorts } : {}),
        }))}
      />
      <span className="spacer" />
      <Button onClick={() => navigate('bonded')}>{t('bonded.title')}</Button>
      {actions.map((action) => (
        <KeyButton
          key={action}
          label={t(`purchases.stock.${action}`)}
          keys={actionKeys[action]}
          onPress={() => start(action)}
        />
      ))}
    </>
  );
  return (
    <Split
      list={
        <ListPane head={head}>
          {view === 'shorts' ? (
            <ShortList onReceive={(sku) => start('receive', sku)} />
          ) : (
            <StockList
              pages={pages}
              activeKey={key}
              onActivate={(row) => {
                setForm(undefined);
                set({ at: keyOf(row) });
              }}
              onReceive={() => start('receive')}
            />
          )}
          <Keeping />
        </ListPane>
      }
      detail={
        form !== undefined ? (
          <StockForm
            key={`${form.action} ${form.sku} ${key ?? ''}`}
            action={form.action}
            sku={form.sku}
            placeId={shown?.place.id ?? 1}
            onClose={() => setForm(undefined)}
          />
        ) : shown !== undefined ? (
          <Moves key={keyOf(shown)} row={shown} onClose={() => set({ at: '' })} />
        ) : (
          <DetailPlaceholder text={t(view === 'shorts' ? 'purchases.stock.shortsHint' : 'purchases.stock.choose')} />
        )
      }
    />
  );
}

function StockList({
  pages,
  activeKey,
  onActivate,
  onReceive,
}: {
  readonly pages: ReturnType<typeof usePages<'stock.list'>>;
  readonly activeKey: string | undefined;
  readonly onActivate: (row: Row) => void;
  readonly onReceive: () => void;
}) {
  const { t } = useTranslation();
  const columns = useMemo(
    (): Column<Row>[] => [
      { id: 'sku', title: t('purchases.column.sku'), width: 96, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      { id: 'place', title: t('purchases.column.place'), width: 104, render: (row) => row.place.name },
      quantityColumn('qty', t('purchases.column.qty'), 72, (row) => row.qty),
      amountColumn('cost', t('purchases.column.cost'), 100, (row) => row.cost),
      quantityColumn('average', t('purchases.column.average'), 88, (row) => row.average, 2),
    ],
    [t],
  );
  return (
    <DataTable
      label={t('purchases.tab.stock')}
      pages={pages}
      rowKey={keyOf}
      columns={columns}
      autoFocus
      activeKey={activeKey}
      onActivate={onActivate}
      onOpen={(row) => {
        onActivate(row);
        focusDetail();
      }}
      empty={
        <EmptyState
          title={t('purchases.stock.empty')}
          hint={t('purchases.stock.emptyHint')}
          actions={<KeyButton label={t('purchases.stock.receive')} keys="F2" onPress={onReceive} />}
        />
      }
    />
  );
}

/** Goods that left before their receipt was entered: Enter receives them. */
function ShortList({ onReceive }: { readonly onReceive: (sku: string) => void }) {
  const { t } = useTranslation();
  const pages = usePages('stock.shorts', {}, { areas: ['purchases', 'documents'] });
  const columns = useMemo(
    (): Column<Short>[] => [
      { id: 'sku', title: t('purchases.column.sku'), width: 100, render: (row) => <Code>{row.sku}</Code> },
      { id: 'name', title: t('purchases.column.goods'), render: (row) => row.name },
      {
        id: 'no',
        title: t('purchases.column.declaration'),
        width: 190,
        render: (row) => <Code>{`${row.declarationNo}-${row.lineNo}`}</Code>,
      },
      { id: 'date', title: t('purchases.column.exportDate'), width: 96, render: (row) => row.exportDate },
      quantityColumn('qty', t('purchases.stock.missing'), 76, (row) => row.qty),
    ],
    [t],
  );
  return (
    <DataTable
      label={t('purchases.stock.view.shorts')}
      pages={pages}
      rowKey={(row) => row.exportLineId}
      columns={columns}
      autoFocus
      onOpen={(row) => onReceive(row.sku)}
      empty={<EmptyState title={t('purchases.stock.noShorts')} hint={t('purchases.stock.noShortsHint')} />}
    />
  );
}

/** Whether the firm keeps stock, and what follows from it. */
function Keeping() {
  const { t } = useTranslation();
  const settings = useQuery('stock.settings', {}, { areas: ['purchases'] });
  const save = useCommand('stock.saveSettings');
  const { data } = settings;
  if (data === undefined) return <ErrorNote error={settings.error} onRetry={settings.reload} />;
  const effect = data.choice === 'auto' ? (data.keepsStock ? 'autoOn' : 'autoOff') : data.choice;
  return (
    <div className="purchase-list-foot">
      <ErrorNote error={save.error} />
      <label htmlFor="stock-keeping">{t('purchases.keeping.title')}</label>
      <Select
        id="stock-keeping"
        size="small"
        value={data.choice}
        loading={save.isRunning}
        options={stockChoices.map((value) => ({ value, label: t(`purchases.keeping.choice.${value}`) }))}
        onChange={(choice) => void save.run({ choice })}
      />
      <span className="muted">{t(`purchases.keeping.effect.${effect}`)}</span>
    </div>
  );
}

/** The moves of an article at a place; the one under the cursor can be taken back with a reason. */
function Moves({ row, onClose }: { readonly row: Row; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const pages = usePages('stock.moves', { sku: row.sku, placeId: row.place.id }, { areas: ['purchases'] });
  const reverse = useCommand('stock.reverse');
  const [moveId, setMoveId] = useState<number>();
  const [reason, setReason] = useState<string>();
  const marked = pages.rows.find(({ id }) => id === moveId);
  const canReverse = marked !== undefined && marked.reverses === undefined && marked.reversedBy === undefined;
  const run = async (): Promise<void> => {
    if (marked === undefined || reason === undefined || reason.trim() === '') return;
    const answer = await reverse.run({ moveId: marked.id, date: localDate(), reason: reason.trim() });
    if (answer === undefined) return;
    setReason(undefined);
    notify(t('purchases.stock.reversed'));
  };
  useKeys([
    {
      key: 'F8',
      label: t('purchases.stock.reverse'),
      run: () => setReason(''),
      isEnabled: canReverse && reason === undefined,
    },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  const columns = useMemo(
    (): Column<Move>[] => [
      { id: 'date', title: t('purchases.column.date'), width: 92, render: (move) => move.date },
      {
        id: 'kind',
        title: t('purchases.column.kind'),
        width: 66,
        render: (move) => t(`purchases.move.${labelOf(move)}`),
      },
      quantityColumn('qty', t('purchases.column.qty'), 68, (move) => move.qty),
      amountColumn('cost', t('purchases.column.cost'), 100, (move) => move.cost),
      quantityColumn('runningQty', t('purchases.column.running'), 64, (move) => move.runningQty),
      {
        id: 'source',
        title: t('purchases.column.source'),
        render: (move) => {
          const from = move.invoice?.number ?? move.exportLine?.declarationNo ?? move.order?.no;
          if (from !== undefined) return from;
          return move.kind === 'received' && move.text === '' ? t('purchases.stock.estimate') : move.text;
        },
      },
    ],
    [t],
  );
  return (
    <DetailPane
      title={row.sku}
      isCode
      tags={<span className="muted">{row.place.name}</span>}
      foot={
        reason === undefined ? (
          <>
            <span className="muted">
              {t(canReverse ? 'purchases.stock.reverseReady' : 'purchases.stock.reverseHint')}
            </span>
            <span className="spacer" />
            <KeyButton
              label={t('purchases.stock.reverse')}
              keys="F8"
              isDanger
              isDisabled={!canReverse}
              onPress={() => setReason('')}
            />
          </>
        ) : (
          <Input.Search
            autoFocus
            size="small"
            maxLength={200}
            value={reason}
            placeholder={t('purchases.reason')}
            aria-label={t('purchases.reason')}
            loading={reverse.isRunning}
            enterButton={t('purchases.stock.reverse')}
            onChange={(event) => setReason(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape' || isComposing(event)) return;
              event.stopPropagation();
              setReason(undefined);
            }}
            onSearch={() => void run()}
          />
        )
      }
    >
      <ErrorNote error={reverse.error} onClose={reverse.clear} />
      <DetailSection
        title={t('purchases.stock.moves')}
        extra={
          marked?.invoice === undefined ? undefined : (
            <InvoiceLink id={marked.invoice.id} number={marked.invoice.number} />
          )
        }
      >
        <DataTable
          label={t('purchases.stock.moves')}
          pages={pages}
          rowKey={(move) => move.id}
          columns={columns}
          activeKey={moveId}
          onActivate={(move) => {
            reverse.clear();
            setReason(undefined);
            setMoveId(move.id);
          }}
          rowTone={(move) => (move.reversedBy !== undefined || move.reverses !== undefined ? 'muted' : undefined)}
          empty={<EmptyState title={t('purchases.stock.empty')} />}
          fit
        />
      </DetailSection>
    </DetailPane>
  );
}

/** A receipt with less than nothing is goods that went back to the supplier; taken back, one is still a receipt. */
function labelOf({ kind, qty, reverses }: Move): Move['kind'] | 'sent-back' {
  return kind === 'received' && qty.startsWith('-') && reverses === undefined ? 'sent-back' : kind;
}

function InvoiceLink({ id, number }: { readonly id: number; readonly number: string }) {
  return (
    <Button type="link" size="small" onClick={() => navigate('invoice', { id })}>
      {number}
    </Button>
  );
}

function StockForm({
  action,
  sku: firstSku,
  placeId: firstPlace,
  onClose,
}: {
  readonly action: Action;
  readonly sku: string;
  readonly placeId: number;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const receive = useCommand('stock.receive');
  const transfer = useCommand('stock.transfer');
  const adjust = useCommand('stock.adjust');
  const form = useFormDraft(`stock ${action} ${firstPlace} ${firstSku}`, {
    date: localDate(),
    sku: firstSku,
    placeId: firstPlace as number | undefined,
    toId: undefined as number | undefined,
    qty: '',
    cost: '',
    text: '',
  });
  const { date, sku, placeId, toId, qty, cost, text } = form.value;
  const { change } = form;
  const canSave =
    sku !== '' &&
    qty !== '' &&
    placeId !== undefined &&
    (action !== 'transfer' || toId !== undefined) &&
    (action !== 'receive' || cost !== '') &&
    (action !== 'adjust' || text.trim() !== '');
  const run = async (): Promise<unknown> => {
    if (placeId === undefined) return undefined;
    const money = cost === '' ? {} : { cost };
    if (action === 'receive') return receive.run({ date, sku, placeId, qty, text, ...money });
    if (action === 'transfer')
      return toId === undefined ? undefined : transfer.run({ date, sku, fromId: placeId, toId, qty, text });
    return adjust.run({ date, sku, placeId, counted: qty, reason: text.trim(), ...money });
  };
  const submit = async (): Promise<void> => {
    if ((await run()) === undefined) return;
    form.done();
    notify(t('purchases.stock.done'));
    focusList();
    onClose();
  };
  return (
    <FormPane
      title={t(`purchases.stock.${action}`)}
      error={receive.error ?? transfer.error ?? adjust.error}
      canSave={canSave}
      isBusy={receive.isRunning || transfer.isRunning || adjust.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <p className="muted">{t(`purchases.stock.hint.${action}`)}</p>
      <div className="purchase-form">
        <Field id="stock-sku" label={t('purchases.column.sku')} isRequired>
          <SkuBox id="stock-sku" value={sku} onChange={(value) => change({ sku: value })} />
        </Field>
        <Field id="stock-date" label={t('purchases.column.date')} isRequired>
          <DateInput id="stock-date" value={date} onChange={(value) => change({ date: value })} />
        </Field>
        <Field
          id="stock-place"
          label={t(action === 'transfer' ? 'purchases.stock.from' : 'purchases.column.place')}
          isRequired
        >
          <PlaceBox id="stock-place" value={placeId} onChange={(value) => change({ placeId: value })} />
        </Field>
        {action === 'transfer' ? (
          <Field id="stock-to" label={t('purchases.stock.to')} isRequired>
            <PlaceBox id="stock-to" value={toId} onChange={(value) => change({ toId: value })} />
          </Field>
        ) : null}
        <Field
          id="stock-qty"
          label={t(action === 'adjust' ? 'purchases.stock.counted' : 'purchases.column.qty')}
          isRequired
        >
          <NumericInput id="stock-qty" value={qty} onChange={(value) => change({ qty: value })} />
        </Field>
        {action === 'transfer' ? null : (
          <Field
            id="stock-cost"
            label={t('purchases.stock.costCny')}
            hint={t(`purchases.stock.costHint.${action}`)}
            isRequired={action === 'receive'}
          >
            <NumericInput id="stock-cost" decimals={2} value={cost} onChange={(value) => change({ cost: value })} />
          </Field>
        )}
        <Field
          id="stock-text"
          label={t(action === 'adjust' ? 'purchases.reason' : 'purchases.column.note')}
          isRequired={action === 'adjust'}
        >
          <Input
            id="stock-text"
            maxLength={200}
            value={text}
            onChange={(event) => change({ text: event.target.value })}
          />
        </Field>
      </div>
    </FormPane>
  );
}

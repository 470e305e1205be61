/**
 * The lines of a voucher as the paper has them. One cell at a time is an input; all others are text, so that 500 lines stay
 * light. Enter and Tab go on, Shift goes back, the arrows walk; the gestures are those of `voucher-model.ts`.
 */
import { type KeyboardEvent, memo, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AccountView } from '../../../shared/contract/accounting.ts';
import { CURRENCY_EXPONENTS } from '../../../shared/money/index.ts';
import { isComposing } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { type Choice, ChoiceBox } from '../../components/ChoiceBox.tsx';
import { plainNumber } from '../../components/NumericInput.tsx';
import { selectWhenDrawn } from '../../components/use-enter-navigation.ts';
import { formatAmount } from '../../i18n/format.ts';
import {
  type Chart,
  searchAccounts,
  searchCurrencies,
  searchOrders,
  searchParties,
  searchProducts,
  searchShipments,
  searchSummaries,
  useAccountName,
} from './lookups.ts';
import {
  balanceAt,
  copyAbove,
  type DimensionPatch,
  deleteLine,
  type EntryLine,
  type EntryVoucher,
  fillDown,
  insertLine,
  moveLine,
  putDimension,
  putText,
  type Side,
  switchRed,
  switchSide,
  type TextColumn,
} from './voucher-model.ts';

export type DimensionColumn = AccountView['dimensions'][number];
export type GridColumn = TextColumn | DimensionColumn;
export interface GridCell {
  readonly at: number;
  readonly column: GridColumn;
}

/** A change of the voucher; `place` joins the keys typed into one cell to one step of undo. */
export type Change = (change: (voucher: EntryVoucher) => EntryVoucher, place?: string) => void;

export interface VoucherGridProps {
  readonly voucher: EntryVoucher;
  readonly chart: Chart;
  readonly cell: GridCell | undefined;
  readonly onCell: (cell: GridCell | undefined) => void;
  readonly onChange: Change;
  /** The lines and columns of what is wrong. */
  readonly problems: readonly { readonly at: number | undefined; readonly column: GridColumn | undefined }[];
  /** Up from the first line: to the date. */
  readonly onLeaveUp: () => void;
  /** Stays in view under the lines: what stands at its left, and the sums of the sides in CNY. */
  readonly total: { readonly note: ReactNode; readonly debit: string; readonly credit: string };
}

/** The cells of a line in the order Enter walks them. */
export function columnsOf(line: EntryLine, account: AccountView | undefined): readonly GridColumn[] {
  return [
    'text',
    'account',
    ...(account?.dimensions ?? []),
    // What an account no longer keeps stays to be emptied.
    ...(account?.quantity === true || line.quantity !== '' ? (['quantity'] as const) : []),
    'currency',
    ...(line.currency === 'CNY' ? [] : (['original', 'rate'] as const)),
    'debit',
    'credit',
  ];
}

function isDimension(column: GridColumn): column is DimensionColumn {
  return ['party', 'product', 'order', 'shipment', 'store'].includes(column);
}

function isAmount(column: GridColumn): column is 'original' | Side {
  return column === 'original' || column === 'debit' || column === 'credit';
}

function dimensionText(line: EntryLine, column: DimensionColumn): string {
  switch (column) {
    case 'party':
      return line.party;
    case 'product':
      return line.sku;
    case 'order':
      return line.orderNo;
    case 'shipment':
      return line.shipmentNo;
    case 'store':
      return line.store;
  }
}

function dimensionPatch(column: DimensionColumn, choice: Choice | undefined): DimensionPatch {
  const code = choice?.code ?? '';
  switch (column) {
    case 'party':
      return { partyId: choice === undefined ? undefined : Number(choice.code), party: choice?.name ?? '' };
    case 'product':
      return { sku: code };
    case 'order':
      return { orderNo: code };
    case 'shipment':
      return { shipmentNo: code };
    case 'store':
      return { store: code };
  }
}

const dimensionSearch: Readonly<Record<DimensionColumn, (text: string) => Promise<readonly Choice[]>>> = {
  party: searchParties,
  product: searchProducts,
  order: searchOrders,
  shipment: searchShipments,
  store: () => Promise.resolve([]),
};

/** An amount or rate: no spinner, deaf to the wheel; `=`, space and `-` are gestures. */
function AmountCell({
  value,
  label,
  onText,
  onGesture,
}: {
  readonly value: string;
  readonly label: string;
  readonly onText: (text: string) => void;
  readonly onGesture: ((gesture: '=' | ' ' | '-') => void) | undefined;
}) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState<string>();
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
    input.current?.select();
  }, []);
  return (
    <input
      ref={input}
      className="voucher-input is-number"
      aria-label={label}
      inputMode="decimal"
      autoComplete="off"
      value={draft ?? value}
      onCompositionStart={(event) => setDraft(event.currentTarget.value)}
      onCompositionEnd={(event) => {
        setDraft(undefined);
        onText(plainNumber(event.currentTarget.value));
      }}
      onChange={(event) => {
        if (draft === undefined) onText(plainNumber(event.target.value));
        else setDraft(event.target.value);
      }}
      onKeyDown={(event) => {
        if (isComposing(event) || onGesture === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
        const key = event.key.normalize('NFKC');
        if (key === '=' || key === ' ' || (key === '-' && value !== '')) {
          event.preventDefault();
          onGesture(key);
          selectWhenDrawn(event.currentTarget);
        }
      }}
    />
  );
}

interface LineProps {
  readonly line: EntryLine;
  readonly at: number;
  readonly column: GridColumn | undefined;
  /** Names of the cells that are wrong, `line` for the whole, with blanks between; one text, so that lines stay the same. */
  readonly wrong: string;
  readonly account: AccountView | undefined;
  readonly accountName: string;
  readonly chart: Chart;
  readonly hasDimensions: boolean;
  readonly hasQuantity: boolean;
  readonly onCell: (cell: GridCell) => void;
  readonly onChange: Change;
  /** A key that may put the amount on the other side: the cell in use follows it. */
  readonly onGesture: (change: (voucher: EntryVoucher) => EntryVoucher) => void;
}

function shownAmount(text: string, currency: string): string {
  return text === '' ? '' : formatAmount(text, CURRENCY_EXPONENTS[currency] ?? 2);
}

const Line = memo(function Line({
  line,
  at,
  column,
  wrong,
  account,
  accountName,
  chart,
  hasDimensions,
  hasQuantity,
  onCell,
  onChange,
  onGesture,
}: LineProps) {
  const { t } = useTranslation();
  const isWrong = (name: GridColumn | 'line'): boolean => wrong.split(' ').includes(name);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (column !== undefined) row.current?.scrollIntoView({ block: 'nearest' });
  }, [column]);
  const label = (name: string): string => `${t(`ledger.entry.column.${name}`)} ${at + 1}`;
  const place = (name: GridColumn): string => `${line.key} ${name}`;
  const put = (name: TextColumn, text: string): void =>
    onChange((voucher) => putText(voucher, at, name, text), place(name));

  const editor = (name: GridColumn) => {
    if (isDimension(name)) {
      return (
        <ChoiceBox
          key={name}
          isCell
          autoFocus
          isFree={name === 'store'}
          hidesCode={name === 'party'}
          label={`${t(`ledger.dimension.${name}`)} ${at + 1}`}
          shown={dimensionText(line, name)}
          search={dimensionSearch[name]}
          onText={(text) => onChange((voucher) => putDimension(voucher, at, { store: text }), place(name))}
          onTake={(choice) =>
            onChange((voucher) => putDimension(voucher, at, dimensionPatch(name, choice)), place(name))
          }
        />
      );
    }
    switch (name) {
      case 'text':
        return (
          <ChoiceBox
            isCell
            isFree
            autoFocus
            label={label('text')}
            shown={line.text}
            search={searchSummaries}
            onText={(text) => put('text', text)}
            onTake={(choice) => put('text', choice?.code ?? '')}
          />
        );
      case 'account':
        return (
          <ChoiceBox
            isCell
            autoFocus
            label={label('account')}
            shown={accountName}
            search={(text) => searchAccounts(chart, text)}
            onTake={(choice) => put('account', choice?.code ?? '')}
          />
        );
      case 'currency':
        return (
          <ChoiceBox
            isCell
            autoFocus
            label={label('currency')}
            shown={line.currency}
            search={searchCurrencies}
            onTake={(choice) => put('currency', choice?.code ?? 'CNY')}
          />
        );
      case 'quantity':
      case 'rate':
        return (
          <AmountCell
            key={name}
            label={label(name)}
            value={line[name]}
            onText={(text) => put(name, text)}
            onGesture={undefined}
          />
        );
      default:
        return (
          <AmountCell
            // The first digit of a foreign amount may choose the side: the cell stays the same, or it would take that digit back.
            key={name === 'original' ? name : `${name} ${line.side}`}
            label={label(name)}
            value={name === 'original' ? line.original : line.side === name ? line.cny : ''}
            onText={(text) => put(name, text)}
            onGesture={(gesture) => {
              const next =
                gesture === '='
                  ? (voucher: EntryVoucher) => balanceAt(voucher, at, name)
                  : gesture === ' '
                    ? (voucher: EntryVoucher) => switchSide(voucher, at)
                    : (voucher: EntryVoucher) => switchRed(voucher, at);
              onGesture(next);
            }}
          />
        );
    }
  };
  const cell = (name: GridColumn, text: string, kind: 'text' | 'number' | 'code' = 'text') => {
    const isRed = kind === 'number' && text.startsWith('\u2212');
    return (
      // biome-ignore lint/a11y/useSemanticElements: the grid is made of divs so that only the cell in use is an input
      // biome-ignore lint/a11y/useFocusableInteractive: the input in the cell takes the focus
      // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the grid's
      <div
        role="gridcell"
        data-column={name}
        className={`voucher-cell is-${kind}${isWrong(name) ? ' is-wrong' : ''}${isRed ? ' is-red' : ''}${column === name ? ' is-editing' : ''}`}
        title={column === name || kind !== 'text' ? undefined : text}
        onClick={() => {
          if (column !== name) onCell({ at, column: name });
        }}
      >
        {column === name ? editor(name) : <span className={kind === 'code' ? 'code' : undefined}>{text}</span>}
      </div>
    );
  };
  const isForeign = line.currency !== 'CNY';
  const dimensions = account?.dimensions ?? [];
  return (
    // biome-ignore lint/a11y/useSemanticElements: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      ref={row}
      role="row"
      aria-rowindex={at + 2}
      className={`voucher-line${isWrong('line') ? ' is-wrong' : ''}${column === undefined ? '' : ' is-active'}`}
    >
      <div className="voucher-no">{at + 1}</div>
      {cell('text', line.text)}
      {cell('account', accountName)}
      {hasDimensions ? (
        <div className="voucher-cell is-dimensions">
          {dimensions.map((name) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the grid's
            // biome-ignore lint/a11y/noStaticElementInteractions: the input inside takes the focus
            <div
              key={name}
              data-column={name}
              className={`voucher-dimension${isWrong(name) ? ' is-wrong' : ''}`}
              onClick={() => {
                if (column !== name) onCell({ at, column: name });
              }}
            >
              <span className="muted">{t(`ledger.dimension.${name}`)}</span>
              {column === name ? (
                editor(name)
              ) : (
                <span className="voucher-dimension-text" title={dimensionText(line, name)}>
                  {dimensionText(line, name)}
                </span>
              )}
            </div>
          ))}
        </div>
      ) : null}
      {!hasQuantity ? null : columnsOf(line, account).includes('quantity') ? (
        cell('quantity', line.quantity, 'number')
      ) : (
        <div className="voucher-cell is-off" />
      )}
      {cell('currency', line.currency === 'CNY' && line.account === '' && line.cny === '' ? '' : line.currency, 'code')}
      {isForeign ? (
        cell('original', shownAmount(line.original, line.currency), 'number')
      ) : (
        <div className="voucher-cell is-off" />
      )}
      {isForeign ? cell('rate', line.rate, 'number') : <div className="voucher-cell is-off" />}
      {cell('debit', line.side === 'debit' ? shownAmount(line.cny, 'CNY') : '', 'number')}
      {cell('credit', line.side === 'credit' ? shownAmount(line.cny, 'CNY') : '', 'number')}
    </div>
  );
});

const headings = [
  'text',
  'account',
  'dimensions',
  'quantity',
  'currency',
  'original',
  'rate',
  'debit',
  'credit',
] as const;

export function VoucherGrid({ voucher, chart, cell, onCell, onChange, problems, onLeaveUp, total }: VoucherGridProps) {
  const { t } = useTranslation();
  const nameOf = useAccountName(chart);
  const hasDimensions = voucher.lines.some((line) => (chart.byCode.get(line.account)?.dimensions.length ?? 0) > 0);
  const hasQuantity = voucher.lines.some((line) =>
    columnsOf(line, chart.byCode.get(line.account)).includes('quantity'),
  );
  const latest = useRef({ onCell, onChange });
  latest.current = { onCell, onChange };
  const isGesture = useRef(false);
  useEffect(() => {
    if (!isGesture.current) return;
    isGesture.current = false;
    const line = cell === undefined ? undefined : voucher.lines[cell.at];
    if (cell === undefined || line === undefined || line.cny === '' || cell.column === line.side) return;
    if (cell.column === 'debit' || cell.column === 'credit') latest.current.onCell({ at: cell.at, column: line.side });
  }, [voucher, cell]);
  // The same functions for every line, so that a line is drawn again only when it changes itself.
  const [stable] = useState(() => ({
    onCell: (next: GridCell) => latest.current.onCell(next),
    onChange: (change: Parameters<Change>[0], place?: string) => latest.current.onChange(change, place),
    onGesture: (change: Parameters<Change>[0]) => {
      isGesture.current = true;
      latest.current.onChange(change);
    },
  }));

  const lineAt = (at: number): EntryLine | undefined => voucher.lines[at];
  const columnsAt = (at: number): readonly GridColumn[] => {
    const line = lineAt(at);
    return line === undefined ? [] : columnsOf(line, chart.byCode.get(line.account));
  };
  const goNext = ({ at, column }: GridCell): void => {
    const columns = columnsAt(at);
    const line = lineAt(at);
    // One amount a line: a debit that holds one needs no credit.
    const isDone = column === 'debit' && line !== undefined && line.side === 'debit' && line.cny !== '';
    const next = isDone ? undefined : columns[columns.indexOf(column) + 1];
    if (next !== undefined) {
      // A credit that is there is not passed by way of the debit.
      const skipsDebit = next === 'debit' && line !== undefined && line.side === 'credit' && line.cny !== '';
      onCell({ at, column: skipsDebit ? 'credit' : next });
    } else if (at + 1 < voucher.lines.length) onCell({ at: at + 1, column: 'text' });
  };
  const goBack = ({ at, column }: GridCell): void => {
    const columns = columnsAt(at);
    const before = columns[columns.indexOf(column) - 1];
    if (before !== undefined) onCell({ at, column: before });
    else if (at > 0) onCell({ at: at - 1, column: columnsAt(at - 1).at(-1) ?? 'text' });
    else onLeaveUp();
  };
  // What Enter took (an account with dimensions, a currency) decides which cell comes next, so the step waits for it.
  const [step, setStep] = useState<{ readonly from: GridCell; readonly by: 1 | -1 }>();
  const steps = useRef({ goNext, goBack });
  steps.current = { goNext, goBack };
  useLayoutEffect(() => {
    if (step === undefined) return;
    setStep(undefined);
    if (step.by === 1) steps.current.goNext(step.from);
    else steps.current.goBack(step.from);
  }, [step]);
  const goTo = (at: number, column: GridColumn): void => {
    if (at < 0) {
      onLeaveUp();
      return;
    }
    const columns = columnsAt(Math.min(at, voucher.lines.length - 1));
    onCell({
      at: Math.min(at, voucher.lines.length - 1),
      column: columns.includes(column) ? column : isDimension(column) ? 'account' : isAmount(column) ? 'debit' : 'text',
    });
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (isComposing(event) || event.defaultPrevented || cell === undefined) return;
    const { at, column } = cell;
    const isPlain = !event.ctrlKey && !event.altKey && !event.metaKey;
    const ctrl = (event.ctrlKey || event.metaKey) && !event.altKey;
    const key = event.key;
    if ((key === 'Enter' || key === 'Tab') && isPlain) {
      setStep({ from: cell, by: event.shiftKey ? -1 : 1 });
    } else if (key === 'ArrowDown' && isPlain) goTo(at + 1, column);
    else if (key === 'ArrowUp' && isPlain) goTo(at - 1, column);
    else if (key === 'ArrowDown' && event.altKey) {
      onChange((now) => moveLine(now, at, 1));
      if (at + 1 < voucher.lines.length) onCell({ at: at + 1, column });
    } else if (key === 'ArrowUp' && event.altKey) {
      onChange((now) => moveLine(now, at, -1));
      if (at > 0) onCell({ at: at - 1, column });
    } else if (key === 'F6') onChange((now) => copyAbove(now, at));
    else if (key.toLowerCase() === 'd' && ctrl)
      onChange((now) => fillDown(now, at, isDimension(column) ? 'dimension' : column));
    else if (key === 'Insert') onChange((now) => insertLine(now, at));
    else if (key === 'Delete' && ctrl) {
      onChange((now) => deleteLine(now, at));
      onCell({ at, column: 'text' });
    } else if (key === 'Home' && ctrl) onCell({ at: 0, column: 'text' });
    else if (key === 'End' && ctrl) onCell({ at: voucher.lines.length - 1, column: 'text' });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: the grid is made of divs so that only the cell in use is an input
    <div
      className={`voucher-grid${hasDimensions ? ' has-dimensions' : ''}${hasQuantity ? ' has-quantity' : ''}`}
      role="grid"
      aria-label={t('ledger.tab.entry')}
      aria-rowcount={voucher.lines.length + 1}
      onKeyDown={onKeyDown}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <div className="voucher-line is-head" role="row">
        <div className="voucher-no" />
        {headings
          .filter((name) => (name !== 'dimensions' || hasDimensions) && (name !== 'quantity' || hasQuantity))
          .map((name) => (
            <div key={name} className={`voucher-cell is-${name}`}>
              {t(`ledger.entry.column.${name}`)}
            </div>
          ))}
      </div>
      {voucher.lines.map((line, at) => {
        const account = chart.byCode.get(line.account);
        return (
          <Line
            key={line.key}
            line={line}
            at={at}
            column={cell?.at === at ? cell.column : undefined}
            wrong={problems
              .filter((one) => one.at === at)
              .map(({ column }) => column ?? 'line')
              .join(' ')}
            account={account}
            accountName={line.account === '' ? '' : nameOf(line.account)}
            chart={chart}
            hasDimensions={hasDimensions}
            hasQuantity={hasQuantity}
            onCell={stable.onCell}
            onChange={stable.onChange}
            onGesture={stable.onGesture}
          />
        );
      })}
      <div className="voucher-line is-total">
        <div className="voucher-total-note">
          <span className="voucher-total-name">{t('ledger.entry.total')}</span>
          {total.note}
        </div>
        <strong className="voucher-cell is-debit" data-testid="voucher-debit">
          <Amount value={total.debit} currency="CNY" bare />
        </strong>
        <strong className="voucher-cell is-credit" data-testid="voucher-credit">
          <Amount value={total.credit} currency="CNY" bare />
        </strong>
      </div>
    </div>
  );
}

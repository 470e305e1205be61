/** Rows of a report as a list of the desk: names lead to the lines behind them, by click and by Enter. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { currencyOf, type SheetColumn, type SheetRow } from '../../../shared/reports/sheet.ts';
import { navigate } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, type TablePages } from '../../components/DataTable.tsx';
import { formatAmount } from '../../i18n/format.ts';
import { drillParams } from './report-params.ts';

function open(row: SheetRow): void {
  if (row.voucherId !== undefined) navigate('voucher', { id: row.voucherId });
  else if (row.drill !== undefined) navigate('reports', drillParams(row.drill));
}

/** Pixels that a character of a column's width takes on screen: figures are narrower than codes and words. */
const widthOf: Readonly<Record<SheetColumn['kind'], number>> = { amount: 5.8, figure: 5.4, code: 7.6, text: 7.6 };

/** The column whose text leads on: the first that is words, or the first. */
function linkColumn(columns: readonly SheetColumn[]): number {
  const at = columns.findIndex(({ id }) =>
    ['name', 'voucher', 'product', 'assets', 'claims', 'item', 'owed'].includes(id),
  );
  return Math.max(0, at);
}

function textOf(row: SheetRow, column: SheetColumn, text: string): ReactNode {
  if (text === '') return null;
  if (column.kind === 'amount') return <Amount value={text} currency={currencyOf(row, column)} bare />;
  if (column.kind === 'figure') return formatAmount(text);
  return column.kind === 'code' ? <Code>{text}</Code> : text;
}

export function ReportTable({
  label,
  columns,
  pages,
  empty,
  autoFocus = true,
}: {
  readonly label: string;
  readonly columns: readonly SheetColumn[];
  readonly pages: TablePages<SheetRow>;
  readonly empty: ReactNode;
  readonly autoFocus?: boolean;
}) {
  const { t } = useTranslation();
  const shown = useMemo(() => {
    const link = linkColumn(columns);
    return columns.map((column, at): Column<SheetRow> => {
      const isNumber = column.kind === 'amount' || column.kind === 'figure';
      // Long words share what is left; everything else is as wide as its figures.
      const isFlexible = column.kind === 'text' && column.width >= 20;
      return {
        id: `${at}`,
        title: t(`reports.column.${column.id}`, { ...column.params }),
        ...(isFlexible ? {} : { width: Math.round(column.width * widthOf[column.kind]) + 20 }),
        align: isNumber ? 'right' : 'left',
        render: (row) => {
          const content = textOf(row, column, row.cells[at] ?? '');
          if (content === null) return null;
          const isLink = at === link && (row.voucherId !== undefined || row.drill !== undefined);
          const text = isLink ? (
            <button type="button" className="link" tabIndex={-1} onClick={() => open(row)}>
              {content}
            </button>
          ) : (
            content
          );
          const indent = at === link ? (row.indent ?? 0) : 0;
          return (
            <span
              className={row.tone === 'total' || row.tone === 'heading' ? 'report-strong' : undefined}
              style={indent > 0 ? { paddingInlineStart: `${indent * 1.4}rem` } : undefined}
            >
              {text}
            </span>
          );
        },
      };
    });
  }, [columns, t]);
  return (
    <DataTable
      label={label}
      autoFocus={autoFocus}
      pages={pages}
      columns={shown}
      rowKey={(row) => row.key}
      rowTone={(row) => (row.tone === 'muted' ? 'muted' : undefined)}
      onOpen={open}
      empty={empty}
    />
  );
}

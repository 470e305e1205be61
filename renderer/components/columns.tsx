/** Columns that stand in many lists: figures, at the right. */
import type { ReactNode } from 'react';
import { formatAmount, formatCount } from '../i18n/format.ts';
import { Amount } from './Amount.tsx';
import type { Column } from './DataTable.tsx';

type Of<R, V> = (row: R) => V;

/** How many of something. */
export const countColumn = <R,>(id: string, title: ReactNode, width: number, of: Of<R, number>): Column<R> => ({
  id,
  title,
  width,
  align: 'right',
  render: (row) => formatCount(of(row)),
});

/** A quantity or price as decimal text. @param decimals as many at least */
export const quantityColumn = <R,>(
  id: string,
  title: ReactNode,
  width: number,
  of: Of<R, string>,
  decimals?: number,
): Column<R> => ({ id, title, width, align: 'right', render: (row) => formatAmount(of(row), decimals) });

/** Money of one currency, which the heading or the page names: decimal text, a dash where there is none. */
export const amountColumn = <R,>(
  id: string,
  title: ReactNode,
  width: number,
  of: Of<R, string | undefined>,
  currency = 'CNY',
): Column<R> => ({
  id,
  title,
  width,
  align: 'right',
  render: (row) => <Amount value={of(row)} currency={currency} bare />,
});

/** A list of records with the form of the chosen one beside it: Enter goes into the form, an empty list offers the first record. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { ContractError } from '../../shared/contract/operation.ts';
import { type Column, DataTable, plainPages } from './DataTable.tsx';
import { focusDetail } from './DetailPane.tsx';
import { EmptyState } from './EmptyState.tsx';
import { Split } from './Page.tsx';

export interface ListWithFormProps<R extends { readonly id: number }> {
  readonly label: string;
  readonly rows: readonly R[] | undefined;
  readonly error: ContractError | undefined;
  readonly onReload: () => void;
  readonly columns: readonly Column<R>[];
  readonly activeId: number | undefined;
  /** Rows that count no more are grey. */
  readonly isOver: (row: R) => boolean;
  readonly onChoose: (id: number) => void;
  /** Field of the form that Enter goes to; the pane itself where it is left out. */
  readonly formField?: string;
  readonly empty: { readonly title: string; readonly hint: string; readonly add: string };
  readonly onAdd: () => void;
  readonly ratio?: 'even' | 'list';
  /** The form, or what to do. */
  readonly detail: ReactNode;
}

export function ListWithForm<R extends { readonly id: number }>({
  label,
  rows,
  error,
  onReload,
  columns,
  activeId,
  isOver,
  onChoose,
  formField,
  empty,
  onAdd,
  ratio = 'even',
  detail,
}: ListWithFormProps<R>) {
  return (
    <Split
      ratio={ratio}
      list={
        <DataTable
          label={label}
          autoFocus
          pages={plainPages(rows, error, onReload)}
          columns={columns}
          rowKey={(row) => row.id}
          activeKey={activeId}
          rowTone={(row) => (isOver(row) ? 'muted' : undefined)}
          onActivate={({ id }) => onChoose(id)}
          onOpen={({ id }) => {
            onChoose(id);
            focusDetail(formField);
          }}
          empty={
            <EmptyState title={empty.title} hint={empty.hint} actions={<Button onClick={onAdd}>{empty.add}</Button>} />
          }
        />
      }
      detail={detail}
    />
  );
}

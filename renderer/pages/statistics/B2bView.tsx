/** Declarations of a month that count as business to business, with what shows it. */
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { amountColumn } from '../../components/columns.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { figureAreas } from './FiguresView.tsx';
import { share } from './percent.ts';

type Row = OutputOf<'statistics.b2b'>['rows'][number];

export function B2bView({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const view = useQuery('statistics.b2b', { period }, { areas: [...figureAreas] });
  const columns: readonly Column<Row>[] = [
    { id: 'mode', title: t('statistics.column.mode'), width: 76, render: (row) => <Code>{row.mode}</Code> },
    {
      id: 'number',
      title: t('statistics.column.number'),
      width: 190,
      render: (row) => <Code>{row.declarationNo}</Code>,
    },
    { id: 'date', title: t('statistics.column.date'), width: 92, render: (row) => row.date },
    amountColumn('amount', t('statistics.column.cny'), 120, (row) => row.amountCny),
    { id: 'reason', title: t('statistics.column.reason'), render: (row) => words(row.reason) },
    {
      id: 'papers',
      title: t('statistics.column.papers'),
      render: (row) => (row.papers.length === 0 ? t('statistics.noPapers') : row.papers.join(t('money.comma'))),
    },
    { id: 'received', title: t('statistics.column.received'), width: 92, render: (row) => row.receivedOn ?? '–' },
  ];
  return (
    <div className="statistics-figures">
      <DataTable
        label={t('statistics.view.b2b')}
        autoFocus
        pages={plainPages(view.data?.rows, view.error, view.reload)}
        columns={columns}
        rowKey={(row) => `${row.mode} ${row.declarationNo}`}
        onOpen={(row) => navigate('purchases', { tab: 'exports', text: row.declarationNo })}
        empty={<EmptyState title={t('statistics.noB2b')} hint={t('statistics.b2bHint')} />}
      />
      {view.data === undefined ? null : (
        <p className="statistics-total">
          {t('statistics.b2bShare', {
            cny: formatAmount(view.data.share.amountCny, 2),
            share: share(view.data.share.bp),
          })}{' '}
          <span className="muted">{t('statistics.b2bHint')}</span>
        </p>
      )}
    </div>
  );
}

/** 今天: what was rejected, what is due, what waits for a person, each with one key to act. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, openTarget } from '../../app/route-store.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { QuotaPanel } from '../supervision/QuotaPanel.tsx';
import { DocumentsByDay } from './DocumentsByDay.tsx';

type Answer = OutputOf<'today.get'>;
type Attention = Answer['attention'][number];
type Due = Answer['due'][number];

const WEEK = 7;

/** `GBP 67.95` or a bare amount, grouped. */
function amountText(amount: string): string {
  const [, currency = '', figure = amount] = /^([A-Z]{3} )?(.*)$/.exec(amount) ?? [];
  return `${currency}${formatAmount(figure)}`;
}

/** Text that may be cut by its column, whole under the pointer. */
function Whole({ text }: { readonly text: string }) {
  return <span title={text}>{text}</span>;
}

/** Codes among the parameters as words: `kind` is a message or an import, `certain` whether the calendar knows the day. */
export function useTodayParams(): (params: Attention['params']) => Record<string, string | number> {
  const { t, i18n } = useTranslation();
  return (params) => ({
    ...params,
    ...(typeof params['problem'] === 'string'
      ? { problem: codeText('error', params['problem'], {})?.what ?? params['problem'] }
      : {}),
    kindName: t(`messageKind.${params['kind'] ?? ''}`, {
      defaultValue: t(`today.importKind.${params['kind'] ?? ''}`, { defaultValue: '' }),
    }),
    packName: params[i18n.language === 'en' ? 'en' : 'zh'] ?? '',
    directionName: t(`today.direction.${params['direction'] ?? ''}`, { defaultValue: '' }),
    certainty: params['certain'] === 'no' ? t('today.uncertain') : '',
    count: Number(
      params['documents'] ??
        params['messages'] ??
        params['products'] ??
        params['orders'] ??
        params['rows'] ??
        params['lists'] ??
        0,
    ),
  });
}

export function TodayPage() {
  const { t, i18n } = useTranslation();
  const date = localDate();
  const today = useQuery(
    'today.get',
    { date },
    { areas: ['orders', 'products', 'shipments', 'documents', 'ledger', 'imports', 'money', 'sync'] },
  );
  const paramsOf = useTodayParams();
  const attention = today.data?.attention;
  const due = today.data?.due;

  useKeys([
    { key: 'Up/Down', label: t('today.key.move'), isMain: true },
    { key: 'Enter', label: t('today.key.act'), isMain: true },
  ]);

  const hasAmounts = attention?.some((row) => row.amount !== undefined) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: paramsOf changes with t only
  const attentionColumns = useMemo(
    (): readonly Column<Attention>[] => [
      {
        id: 'level',
        title: t('today.column.attention'),
        width: 104,
        render: (row) => (
          <ToneTag tone={row.level === 'rejected' ? 'rejected' : 'action'} label={t(`today.level.${row.level}`)} />
        ),
      },
      {
        id: 'what',
        title: t('today.column.what'),
        width: 200,
        render: (row) => (
          <Whole text={t(`today.${row.code}.what`, { ...paramsOf(row.params), defaultValue: row.code })} />
        ),
      },
      {
        id: 'why',
        title: t('today.column.why'),
        render: (row) => <Whole text={t(`today.${row.code}.why`, { ...paramsOf(row.params), defaultValue: '' })} />,
      },
      ...(hasAmounts
        ? [
            {
              id: 'amount',
              title: t('today.column.amount'),
              width: 120,
              align: 'right' as const,
              render: (row: Attention) => (row.amount === undefined ? '' : amountText(row.amount)),
            },
          ]
        : []),
      {
        id: 'act',
        title: t('today.column.act'),
        width: 96,
        render: (row) => (
          <button type="button" className="link" tabIndex={-1} onClick={() => openTarget(row.target)}>
            {t(`today.${row.code}.act`, { ...paramsOf(row.params), defaultValue: t('today.act') })}
          </button>
        ),
      },
    ],
    [t, hasAmounts],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: paramsOf changes with t only
  const dueColumns = useMemo(
    (): readonly Column<Due>[] => [
      {
        id: 'date',
        title: t('today.column.due'),
        width: 132,
        render: (row) => `${row.date} ${t(`weekday.${new Date(`${row.date}T00:00:00`).getDay()}`)}`,
      },
      {
        id: 'what',
        title: t('today.column.deadline'),
        render: (row) => (
          <Whole text={t(`today.${row.code}.what`, { ...paramsOf(row.params), defaultValue: row.code })} />
        ),
      },
      { id: 'source', title: t('today.column.source'), width: 210, render: (row) => row.source },
      {
        id: 'days',
        title: t('today.column.left'),
        width: 122,
        align: 'right',
        render: (row) =>
          row.days < 0 ? (
            <ToneTag tone="rejected" label={t('today.overdue', { count: -row.days })} />
          ) : row.days <= WEEK ? (
            <ToneTag tone="action" label={t('today.left', { count: row.days })} />
          ) : (
            t('today.left', { count: row.days })
          ),
      },
    ],
    [t],
  );

  const soon = due?.filter((row) => row.days <= WEEK).length ?? 0;
  const day = new Intl.DateTimeFormat(i18n.language, { month: 'long', day: 'numeric', weekday: 'long' }).format(
    new Date(`${date}T00:00:00`),
  );
  return (
    <Page
      title={t('area.today')}
      summary={
        today.data === undefined
          ? day
          : [
              day,
              t('today.summary.attention', {
                count: attention?.length ?? 0,
                shown: formatCount(attention?.length ?? 0),
              }),
              t('today.summary.due', { count: soon, shown: formatCount(soon) }),
            ].join(t('today.summary.join'))
      }
      actions={
        <>
          <KeyButton label={t('shell.import')} keys="Ctrl+I" onPress={() => navigate('import')} />
          <KeyButton
            label={t('shell.newShipment')}
            keys="Ctrl+N"
            kind="primary"
            onPress={() => navigate('shipment', { id: 'new' })}
          />
        </>
      }
      notice={<ErrorNote error={today.error} onRetry={today.reload} />}
    >
      <div className="today-columns">
        <div className="today-lists">
          <DataTable
            label={t('today.column.attention')}
            fit={(attention?.length ?? 0) > 0 && (attention?.length ?? 0) <= 8}
            autoFocus
            pages={plainPages(attention, today.error, today.reload)}
            columns={attentionColumns}
            rowKey={(row) => `${row.code} ${row.target} ${JSON.stringify(row.params)}`}
            onOpen={(row) => openTarget(row.target)}
            empty={
              <EmptyState
                title={t('today.empty.attention')}
                hint={t('today.empty.attentionHint')}
                actions={<KeyButton label={t('shell.import')} onPress={() => navigate('import')} />}
              />
            }
          />
          <DataTable
            label={t('today.column.deadline')}
            pages={plainPages(due, today.error, today.reload)}
            columns={dueColumns}
            rowKey={(row) => `${row.code} ${row.date} ${JSON.stringify(row.params)}`}
            onOpen={(row) => openTarget(row.target)}
            empty={<EmptyState title={t('today.empty.due')} hint={t('today.empty.dueHint')} />}
          />
        </div>
        <div className="today-pictures">
          <DocumentsByDay days={today.data?.days ?? []} />
          <QuotaPanel />
          <p className="muted today-note">{t('today.note')}</p>
        </div>
      </div>
    </Page>
  );
}

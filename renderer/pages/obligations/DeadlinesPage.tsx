/** 期限: what is due, by month, each with its rule, source and how rest days moved it; put off or settled with a reason. */
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { deadlineKinds } from '../../../shared/rules/deadlines/pack.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { CalendarYears } from './CalendarYears.tsx';
import { DaysLeft } from './DaysLeft.tsx';
import { type Deadline, DeadlineDetail } from './DeadlineDetail.tsx';
import { DeadlineRules } from './DeadlineRules.tsx';
import { OwnDeadline } from './OwnDeadline.tsx';
import { useBilingual } from './use-bilingual.ts';
import './obligations.css';

const views = ['open', 'all', 'rules', 'calendar'] as const;
type View = (typeof views)[number];

export function DeadlinesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const words = useBilingual();
  const today = localDate();
  const [view, setView] = useState<View>('open');
  const kind = deadlineKinds.find((one) => one === textParam(params, 'kind'));
  const rule = textParam(params, 'rule');
  const [active, setActive] = useState<string>();
  const [isAdding, setAdding] = useState(false);
  const list = useQuery(
    'deadlines.list',
    { today, ...(view === 'open' ? { state: 'open' as const } : {}) },
    { areas: ['tax', 'documents', 'ledger', 'purchases', 'imports'] },
  );
  const all = list.data?.rows;
  const rows = all?.filter(
    (row) => (kind === undefined || row.kind === kind) && (rule === undefined || row.rule === rule),
  );
  const chosen = rows?.find(({ key }) => key === active) ?? rows?.[0];
  const isList = view === 'open' || view === 'all';

  useKeys([
    { key: 'Ctrl+N', label: t('obligations.deadlines.add'), run: () => setAdding(true), isMain: true },
    { key: 'Enter', label: t('obligations.deadlines.detail'), isMain: true },
    {
      key: 'Esc',
      label: t('obligations.back'),
      run: () => {
        if (isAdding) setAdding(false);
        else if (!focusList()) navigate('tax');
      },
    },
  ]);

  // Months stand once, on their first row.
  const firstOfMonth = useMemo(() => {
    const seen = new Set<string>();
    return new Set(
      (rows ?? []).flatMap(({ key, date }) => {
        const month = date.slice(0, 7);
        if (seen.has(month)) return [];
        seen.add(month);
        return [key];
      }),
    );
  }, [rows]);
  const columns: readonly Column<Deadline>[] = [
    {
      id: 'month',
      title: t('obligations.deadlines.month'),
      width: 82,
      render: (row) => (firstOfMonth.has(row.key) ? <strong>{row.date.slice(0, 7)}</strong> : ''),
    },
    {
      id: 'date',
      title: t('obligations.date'),
      width: 124,
      render: (row) => `${row.date} ${t(`weekday.${new Date(`${row.date}T00:00:00`).getDay()}`)}`,
    },
    {
      id: 'days',
      title: t('obligations.days'),
      width: 122,
      align: 'right',
      render: (row) => <DaysLeft days={row.days} />,
    },
    {
      id: 'kind',
      title: t('obligations.deadlines.kind'),
      width: 94,
      render: (row) => t(`obligations.kind.${row.kind}`),
    },
    {
      id: 'what',
      title: t('obligations.deadlines.what'),
      render: (row) => {
        const about = [
          row.detail === '' ? words(row.title) : row.detail,
          row.period ?? '',
          row.count > 1
            ? t('obligations.deadlines.declarations', { count: row.count, shown: formatCount(row.count) })
            : row.entryId === undefined && row.period === undefined
              ? row.subject
              : '',
        ];
        return about.filter((text) => text !== '').join(' · ');
      },
    },
    {
      id: 'amount',
      title: t('obligations.deadlines.risk'),
      width: 98,
      align: 'right',
      render: (row) => {
        if (row.amount === undefined) return row.amountMissing > 0 ? t('obligations.deadlines.unvalued') : '';
        return row.amount === '0.00' ? '' : formatAmount(row.amount, 2);
      },
    },
    {
      id: 'sure',
      title: t('obligations.deadlines.basis'),
      width: 90,
      render: (row) =>
        row.state !== 'open' ? (
          <ToneTag tone="waiting" label={t(`obligations.state.${row.state}`)} />
        ) : !row.certain ? (
          <ToneTag tone="action" label={t('obligations.deadlines.unpublished')} />
        ) : row.date === row.statutory ? (
          t('obligations.deadlines.asIs')
        ) : (
          t('obligations.deadlines.moved')
        ),
    },
  ];

  const kinds = deadlineKinds.filter((one) => (list.data?.counts[one] ?? 0) > 0 || one === kind);
  return (
    <Page
      title={t('obligations.deadlines.title')}
      summary={
        rows === undefined
          ? undefined
          : [
              t('obligations.deadlines.summary', { count: rows.length, shown: formatCount(rows.length) }),
              ...(list.data?.unknownYears.length
                ? [t('obligations.deadlines.unknownYears', { years: list.data.unknownYears.join(', ') })]
                : []),
              t('obligations.prevails'),
            ].join(' · ')
      }
      actions={
        <KeyButton
          kind="primary"
          label={t('obligations.deadlines.add')}
          keys="Ctrl+N"
          onPress={() => setAdding(true)}
        />
      }
      filters={
        <>
          <Chips
            label={t('obligations.deadlines.view')}
            chips={views.map((value) => ({ value, label: t(`obligations.deadlines.views.${value}`) }))}
            value={view}
            onChange={setView}
          />
          {isList ? (
            <Chips
              label={t('obligations.deadlines.kind')}
              chips={[
                { value: 'all', label: t('obligations.all'), count: all?.length },
                ...kinds.map((value) => ({
                  value,
                  label: t(`obligations.kind.${value}`),
                  count: list.data?.counts[value],
                })),
              ]}
              value={kind ?? 'all'}
              onChange={(value) => replaceParams(value === 'all' ? {} : { kind: value })}
            />
          ) : null}
        </>
      }
    >
      {view === 'rules' ? (
        <DeadlineRules />
      ) : view === 'calendar' ? (
        <CalendarYears today={today} />
      ) : (
        <Split
          ratio="list"
          list={
            <DataTable
              label={t('obligations.deadlines.title')}
              pages={plainPages(rows, list.error, list.reload)}
              columns={columns}
              rowKey={(row) => row.key}
              autoFocus
              activeKey={chosen?.key}
              onActivate={(row) => setActive(row.key)}
              onOpen={() => focusDetail()}
              rowTone={(row) => (row.state === 'open' ? undefined : 'muted')}
              empty={
                <EmptyState title={t('obligations.deadlines.empty')} hint={t('obligations.deadlines.emptyHint')} />
              }
            />
          }
          detail={
            isAdding ? (
              <OwnDeadline onClose={() => setAdding(false)} />
            ) : chosen === undefined ? (
              <DetailPlaceholder text={t('obligations.deadlines.choose')} />
            ) : (
              <DeadlineDetail key={chosen.key} row={chosen} today={today} />
            )
          }
        />
      )}
    </Page>
  );
}

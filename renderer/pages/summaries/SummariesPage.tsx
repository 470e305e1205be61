/** 汇总申报: released lists of a month put together into summary applications (CEB701), before the day they are due. */
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { Batches } from './Batches.tsx';

type Group = OutputOf<'summaries.plan'>['groups'][number];

/** The month before or after, as `yyyy-mm`. */
function shifted(month: string, by: 1 | -1): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

const tabs = ['lists', 'batches'] as const;
type Tab = (typeof tabs)[number];

export function SummariesPage({ params }: PageProps) {
  const { t } = useTranslation();
  const tab = tabs.find((one) => one === textParam(params, 'tab')) ?? 'lists';
  const chips = (
    <Chips<Tab>
      label={t('summaries.title')}
      value={tab}
      onChange={(next) => replaceParams(next === 'lists' ? {} : { tab: next })}
      chips={tabs.map((value) => ({ value, label: t(`summaries.tab.${value}`) }))}
    />
  );
  return tab === 'batches' ? <Batches chips={chips} params={params} /> : <Lists chips={chips} params={params} />;
}

function Lists({ chips, params }: PageProps & { readonly chips: ReactNode }) {
  const { t } = useTranslation();
  // What is due is last month's.
  const month = textParam(params, 'month') ?? shifted(localDate().slice(0, 7), -1);
  const plan = useQuery('summaries.plan', { month }, { areas: ['documents', 'sync'] });
  const draft = useCommand('summaries.draft');
  const [chosen, setChosen] = useState<string>();
  const groups = plan.data?.groups ?? [];
  const go = (by: 1 | -1): void => replaceParams({ month: shifted(month, by) });
  const make = async (keys: string[]): Promise<void> => {
    const answer = await draft.run({ month, keys });
    if (answer === undefined) return;
    notify(t('summaries.made', { n: formatCount(answer.documents.length) }));
    navigate('declarations', { kind: 'CEB701Message' });
  };
  useKeys([
    { key: 'Alt+Left', label: t('summaries.previous'), run: () => go(-1), isMain: true },
    { key: 'Alt+Right', label: t('summaries.next'), run: () => go(1), isMain: true },
    { key: 'Esc', label: t('life.key.back'), run: () => navigate('declarations') },
  ]);
  const country = useCodeNames('country', [...new Set(groups.map(({ arrivalCountry }) => arrivalCountry))]);
  const customs = useCodeNames('customs_district', [...new Set(groups.map(({ exitCustoms }) => exitCustoms))]);
  const currency = useCodeNames('currency', [
    ...new Set(groups.flatMap(({ totals }) => totals.map((one) => one.currency))),
  ]);
  const transport = useCodeNames('transport_mode', [...new Set(groups.map(({ transportMode }) => transportMode))]);
  const named = (code: string, name: string | undefined) => (
    <>
      <Code>{code}</Code> {name}
    </>
  );
  const columns: readonly Column<Group>[] = [
    { id: 'producer', title: t('summaries.producer'), render: (row) => <Code>{row.producer}</Code> },
    {
      id: 'country',
      title: t('summaries.country'),
      width: 170,
      render: (row) => named(row.arrivalCountry, country(row.arrivalCountry)),
    },
    {
      id: 'customs',
      title: t('summaries.customs'),
      width: 170,
      render: (row) => named(row.exitCustoms, customs(row.exitCustoms)),
    },
    {
      id: 'transport',
      title: t('summaries.transport'),
      width: 130,
      render: (row) => named(row.transportMode, transport(row.transportMode)),
    },
    { id: 'lists', title: t('summaries.lists'), width: 80, align: 'right', render: (row) => formatCount(row.lists) },
    { id: 'items', title: t('summaries.items'), width: 80, align: 'right', render: (row) => formatCount(row.items) },
    {
      id: 'totals',
      title: t('summaries.totals'),
      width: 220,
      align: 'right',
      render: (row) =>
        row.totals.map((one) => `${formatAmount(one.amount, 2)} ${currency(one.currency) ?? one.currency}`).join('；'),
    },
  ];
  return (
    <Page
      title={t('summaries.title')}
      summary={
        plan.data === undefined
          ? month
          : t('summaries.summary', {
              month,
              due: plan.data.dueOn ?? '',
              groups: formatCount(groups.length),
              applied: formatCount(plan.data.applied),
              counted: formatCount(plan.data.statisticsOnly),
            })
      }
      filters={
        <>
          {chips}
          <Button size="small" onClick={() => go(-1)}>
            {t('summaries.previous')}
          </Button>
          <strong>{month}</strong>
          <Button size="small" onClick={() => go(1)}>
            {t('summaries.next')}
          </Button>
        </>
      }
      actions={
        <>
          <Button
            disabled={chosen === undefined || draft.isRunning}
            onClick={() => (chosen === undefined ? undefined : void make([chosen]))}
          >
            {t('summaries.draftOne')}
          </Button>
          <KeyButton
            kind="primary"
            label={t('summaries.draft')}
            keys="Ctrl+Enter"
            bind
            isMain
            isDisabled={groups.length === 0}
            isBusy={draft.isRunning}
            onPress={() => void make([])}
          />
        </>
      }
      notice={
        <>
          <ErrorNote error={draft.error} onClose={draft.clear} />
          {plan.data === undefined || plan.data.appliedByPeriod === 0 ? null : (
            <p role="note">{t('summaries.byPeriod', { n: formatCount(plan.data.appliedByPeriod) })}</p>
          )}
        </>
      }
    >
      <DataTable
        label={t('summaries.title')}
        pages={plainPages(plan.data?.groups, plan.error, plan.reload)}
        rowKey={(row) => row.key}
        columns={columns}
        activeKey={chosen}
        onActivate={(row) => setChosen(row.key)}
        empty={
          <EmptyState
            title={t('summaries.none', { month })}
            hint={t('summaries.noneHint', {
              applied: formatCount(plan.data?.applied ?? 0),
              counted: formatCount(plan.data?.statisticsOnly ?? 0),
            })}
          />
        }
      />
    </Page>
  );
}

/** 三流合一: goods, information and money of shipments, declarations and periods; who declares, owns and is paid; expected refunds. */
import { Button } from 'antd';
import { type ReactNode, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { FlowScope } from '../../../shared/contract/risk.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam, type RouteParams, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState, NoMatch } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { MoneyTabs } from '../money/MoneyTabs.tsx';
import { FlowDetail, flowAreas, flowTone } from './FlowDetail.tsx';
import { useFile } from './use-file.tsx';
import { useRiskText } from './use-risk-text.ts';
import './risk.css';

const views = ['shipments', 'declarations', 'period', 'entities', 'refunds'] as const;
type View = (typeof views)[number];
type FlowRow = RowOf<'flows.list'>;

/** The quarter that holds a day. */
export function quarterOf(date: string): { from: string; to: string } {
  const year = date.slice(0, 4);
  const quarter = Math.ceil(Number(date.slice(5, 7)) / 3);
  const ends = ['03-31', '06-30', '09-30', '12-31'];
  return {
    from: `${year}-${String(quarter * 3 - 2).padStart(2, '0')}-01`,
    to: `${year}-${ends[quarter - 1] ?? '12-31'}`,
  };
}

export function FlowsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const view = views.find((one) => one === textParam(params, 'view')) ?? 'shipments';
  const set = (change: RouteParams): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const tabs = (
    <>
      <MoneyTabs active="flows" />
      <Chips<View>
        label={t('risk.flow.title')}
        value={view}
        onChange={(next) => replaceParams(next === 'shipments' ? {} : { view: next })}
        chips={views.map((one) => ({ value: one, label: t(`risk.flow.view.${one}`) }))}
      />
    </>
  );
  if (view === 'refunds') return <RefundsView tabs={tabs} />;
  if (view === 'period' || view === 'entities') return <PeriodView tabs={tabs} view={view} params={params} set={set} />;
  return <ScopeList key={view} tabs={tabs} of={view} params={params} set={set} />;
}

interface ViewProps {
  readonly tabs: React.ReactNode;
  readonly params: RouteParams;
  readonly set: (change: RouteParams) => void;
}

function ScopeList({ tabs, of, params, set }: ViewProps & { readonly of: 'shipments' | 'declarations' }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const text = textParam(params, 'text') ?? '';
  const pages = usePages('flows.list', { of, ...(text === '' ? {} : { text }) }, { areas: flowAreas });
  const asked: FlowScope | undefined =
    of === 'shipments'
      ? numberParam(params, 'id') === undefined
        ? undefined
        : { kind: 'shipment', id: numberParam(params, 'id') ?? 0 }
      : textParam(params, 'no') === undefined
        ? undefined
        : { kind: 'declaration', declarationNo: textParam(params, 'no') ?? '' };
  const scope = asked ?? pages.rows[0]?.scope;
  const keyOf = (one: FlowScope): string => JSON.stringify(one);
  useKeys([
    { key: 'Enter', label: t('risk.open'), isMain: true },
    { key: 'Esc', label: t('risk.back'), run: () => void focusList() },
  ]);
  const columns = useMemo((): readonly Column<FlowRow>[] => {
    const amounts = (id: 'declared' | 'orders' | 'received', title: ReactNode): Column<FlowRow> => ({
      id,
      title,
      width: id === 'declared' ? 100 : 94,
      align: 'right',
      render: (row) => {
        const [first] = row[id];
        return <Amount value={first?.amount} currency={first?.currency} bare />;
      },
    });
    return [
      {
        id: 'label',
        title: t(`risk.flow.column.${of}`),
        width: 170,
        render: (row) => (
          <span title={[row.label, row.date ?? ''].join(' ')}>
            <Code>{row.label}</Code>
          </span>
        ),
      },
      {
        id: 'currency',
        title: t('risk.flow.column.currency'),
        width: 68,
        render: (row) => {
          const [first, ...others] = row.declared;
          return (
            <span title={row.declared.map(({ currency }) => currency).join(' ')}>
              {first?.currency ?? ''}
              {others.length === 0 ? '' : ` +${others.length}`}
            </span>
          );
        },
      },
      amounts('orders', <span title={say('flow.orders')}>{t('risk.flow.column.orders')}</span>),
      amounts('declared', <span title={say('flow.declared')}>{t('risk.flow.column.declared')}</span>),
      amounts('received', say('flow.received')),
      {
        id: 'state',
        title: t('risk.flow.column.state'),
        width: 102,
        align: 'right',
        render: (row) => {
          const [rest] = row.unexplained;
          if (rest === undefined) return <ToneTag tone={flowTone[row.state]} label={say(`flow.${row.state}`)} />;
          return (
            <span className="tone-rejected" title={say('flow.unexplained')}>
              <Amount value={rest.amount} currency={rest.currency} bare={rest.currency === row.declared[0]?.currency} />
            </span>
          );
        },
      },
    ];
  }, [t, say, of]);
  return (
    <Page
      title={t('risk.flow.title')}
      summary={pages.first === undefined ? undefined : t('risk.flow.summary', { shown: formatCount(pages.total) })}
      filters={
        <>
          {tabs}
          <SearchInput
            value={text}
            onChange={(value) => set({ text: value, id: '', no: '' })}
            placeholder={t('risk.flow.search')}
            keyLabel={t('risk.flow.search')}
          />
        </>
      }
    >
      <Split
        ratio="even"
        list={
          <DataTable<FlowRow>
            label={t(`risk.flow.view.${of}`)}
            pages={pages}
            columns={columns}
            rowKey={(row) => keyOf(row.scope)}
            autoFocus
            activeKey={scope === undefined ? undefined : keyOf(scope)}
            onActivate={(row) =>
              row.scope.kind === 'shipment'
                ? set({ id: row.scope.id })
                : row.scope.kind === 'declaration'
                  ? set({ no: row.scope.declarationNo })
                  : undefined
            }
            onOpen={() => focusDetail()}
            rowTone={(row) => (row.state === 'empty' ? 'muted' : undefined)}
            empty={
              text === '' ? (
                <EmptyState
                  title={t(`risk.flow.empty.${of}`)}
                  hint={t(`risk.flow.emptyHint.${of}`)}
                  actions={<Button onClick={() => navigate(of)}>{t(`area.${of}`)}</Button>}
                />
              ) : (
                <NoMatch onClear={() => set({ text: '' })} />
              )
            }
          />
        }
        detail={
          scope === undefined ? (
            <DetailPlaceholder text={t('risk.flow.choose')} />
          ) : (
            <FlowDetail key={keyOf(scope)} scope={scope} />
          )
        }
      />
    </Page>
  );
}

type EntityRow = OutputOf<'flows.entities'>['rows'][number];

function PeriodView({ tabs, view, params, set }: ViewProps & { readonly view: 'period' | 'entities' }) {
  const { t } = useTranslation();
  const now = quarterOf(localDate());
  const [from, setFrom] = useState(textParam(params, 'from') ?? now.from);
  const [to, setTo] = useState(textParam(params, 'to') ?? now.to);
  const store = textParam(params, 'store');
  const isValid = [from, to].every((date) => /^\d{4}-\d{2}-\d{2}$/.test(date)) && from <= to;
  const put = (range: { from?: string; to?: string }): void => {
    setFrom(range.from ?? from);
    setTo(range.to ?? to);
    set({ ...range, store: '' });
  };
  return (
    <Page
      title={t('risk.flow.title')}
      summary={t(view === 'period' ? 'risk.flow.periodSummary' : 'risk.entity.summary')}
      filters={
        <>
          {tabs}
          <span className="risk-range">
            <DateInput value={from} onChange={(value) => put({ from: value })} label={t('risk.flow.from')} />
            <span className="muted">–</span>
            <DateInput value={to} onChange={(value) => put({ to: value })} label={t('risk.flow.to')} />
          </span>
          {store === undefined ? null : (
            <Chips<string>
              label={t('risk.entity.store')}
              value={store}
              onChange={() => set({ store: '' })}
              chips={[{ value: store, label: store }]}
            />
          )}
        </>
      }
    >
      {isValid ? (
        view === 'period' ? (
          <FlowDetail
            key={`${from} ${to} ${store ?? ''}`}
            scope={{ kind: 'period', from, to, ...(store === undefined ? {} : { store }) }}
          />
        ) : (
          <Entities key={`${from} ${to}`} from={from} to={to} />
        )
      ) : (
        <EmptyState title={t('risk.flow.rangeWrong')} hint={t('risk.flow.rangeHint')} />
      )}
    </Page>
  );
}

/** P-22: who declares, owns and is paid, and whether platform, customs and bank tell the same. */
function Entities({ from, to }: { readonly from: string; readonly to: string }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const view = useQuery('flows.entities', { from, to }, { areas: [...flowAreas, 'tax'] });
  const columns = useMemo((): readonly Column<EntityRow>[] => {
    const names = (id: 'declarers' | 'owners' | 'payees', title: string): Column<EntityRow> => ({
      id,
      title,
      render: (row) => (
        <span title={row[id].join(t('money.comma'))}>
          {row[id].length === 0 ? '–' : row[id].join(t('money.comma'))}
        </span>
      ),
    });
    const amount = (id: 'declared' | 'received' | 'orders', title: string): Column<EntityRow> => ({
      id,
      title,
      width: 116,
      align: 'right',
      render: (row) => <Amount value={row[id]} currency="CNY" bare />,
    });
    return [
      {
        id: 'store',
        title: t('risk.entity.store'),
        width: 110,
        render: (row) => (row.store === '' ? t('risk.entity.noStore') : row.store),
      },
      names('declarers', t('risk.entity.declarer')),
      names('owners', t('risk.entity.owner')),
      names('payees', t('risk.entity.payee')),
      {
        id: 'income',
        title: t('risk.entity.income'),
        width: 124,
        align: 'right',
        render: (row) =>
          row.platformIncome === undefined ? (
            '–'
          ) : (
            <span title={t(`risk.entity.from.${row.platformFrom}`)}>
              <Amount value={row.platformIncome} currency="CNY" bare />
            </span>
          ),
      },
      amount('orders', say('flow.orders')),
      amount('declared', t('risk.entity.declared')),
      amount('received', say('flow.received')),
      {
        id: 'findings',
        title: t('risk.entity.findings'),
        width: 268,
        render: (row) =>
          row.findings.length === 0 ? (
            <ToneTag tone="accepted" label={t('risk.entity.fits')} />
          ) : (
            <span title={row.findings.map((one) => say(`entity.${one}`)).join(t('money.comma'))}>
              <ToneTag tone="action" label={say(`entity.${row.findings[0] ?? ''}`)} />
              {row.findings.length > 1 ? ` +${row.findings.length - 1}` : ''}
            </span>
          ),
      },
    ];
  }, [t, say]);
  return (
    <DataTable<EntityRow>
      label={t('risk.flow.view.entities')}
      pages={plainPages(view.data?.rows, view.error, view.reload)}
      columns={columns}
      rowKey={(row) => row.store}
      autoFocus
      onOpen={(row) =>
        navigate('flows', { view: 'period', from, to, ...(row.store === '' ? {} : { store: row.store }) })
      }
      rowTone={(row) => (row.findings.length > 0 ? 'action' : undefined)}
      empty={<EmptyState title={t('risk.entity.empty')} hint={t('risk.entity.emptyHint')} />}
    />
  );
}

type AgeingRow = OutputOf<'refundAgeing.get'>['rows'][number];

/** 预计退税账龄: for a bank that lends against refunds. */
function RefundsView({ tabs }: { readonly tabs: React.ReactNode }) {
  const { t } = useTranslation();
  const { say } = useRiskText();
  const [date, setDate] = useState(localDate());
  const isValid = /^\d{4}-\d{2}-\d{2}$/.test(date);
  const view = useQuery('refundAgeing.get', isValid ? { date } : null, { areas: ['tax', 'purchases', 'ledger'] });
  const pdf = useFile('refundAgeing.print');
  const xlsx = useFile('refundAgeing.export');
  const title = `${t('risk.refund.file')} ${date}`;
  useKeys([
    { key: 'F9', label: t('risk.print'), run: () => void pdf.write(title, { date }), isEnabled: isValid, isMain: true },
    { key: 'Ctrl+E', label: t('risk.workbook'), run: () => void xlsx.write(title, { date }), isEnabled: isValid },
  ]);
  const columns = useMemo(
    (): readonly Column<AgeingRow>[] => [
      { id: 'bucket', title: t('risk.refund.age'), render: (row) => say(`bucket.${row.bucket}`) },
      {
        id: 'lines',
        title: t('risk.refund.lines'),
        width: 110,
        align: 'right',
        render: (row) => formatCount(row.lines),
      },
      {
        id: 'claimed',
        title: t('risk.refund.claimed'),
        width: 180,
        align: 'right',
        render: (row) => <Amount value={row.claimed} currency="CNY" bare />,
      },
      {
        id: 'unclaimed',
        title: t('risk.refund.unclaimed'),
        width: 180,
        align: 'right',
        render: (row) => <Amount value={row.unclaimed} currency="CNY" bare />,
      },
    ],
    [t, say],
  );
  return (
    <Page
      title={t('risk.flow.title')}
      summary={t('risk.refund.summary')}
      actions={
        <>
          <KeyButton
            label={t('risk.workbook')}
            keys="Ctrl+E"
            isDisabled={!isValid}
            isBusy={xlsx.isRunning}
            onPress={() => void xlsx.write(title, { date })}
          />
          <KeyButton
            kind="primary"
            label={t('risk.print')}
            keys="F9"
            isDisabled={!isValid}
            isBusy={pdf.isRunning}
            onPress={() => void pdf.write(title, { date })}
          />
        </>
      }
      filters={
        <>
          {tabs}
          <span className="risk-range">
            <DateInput value={date} onChange={setDate} label={t('risk.refund.on')} />
          </span>
        </>
      }
      notice={
        <>
          {pdf.notice}
          {xlsx.notice}
        </>
      }
      dock={
        view.data === undefined ? undefined : (
          <p className="risk-note">
            {t('risk.refund.claimed')} <Amount value={view.data.claimed} currency="CNY" /> ·{' '}
            {t('risk.refund.unclaimed')} <Amount value={view.data.unclaimed} currency="CNY" />
          </p>
        )
      }
    >
      <DataTable<AgeingRow>
        label={t('risk.refund.file')}
        pages={plainPages(view.data?.rows, view.error, view.reload)}
        columns={columns}
        rowKey={(row) => row.bucket}
        autoFocus
        empty={<EmptyState title={t('risk.refund.empty')} />}
      />
    </Page>
  );
}

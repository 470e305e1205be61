/** Each report with what stands below it: whether it agrees, and its totals. */
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { ReportRequest } from '../../../shared/contract/reports.ts';
import {
  accountLedgerCells,
  accountLedgerColumns,
  accountLedgerOpening,
  ageingCells,
  ageingColumns,
  ageingTotal,
  generalSheet,
  marginCells,
  marginColumns,
  marginTotal,
  quantityCells,
  quantityColumns,
  type RowWord,
  type Sheet,
  type SheetRow,
  statementSheet,
  trialSheet,
  type Wording,
} from '../../../shared/reports/sheet.ts';
import { Amount } from '../../components/Amount.tsx';
import { plainPages, type TablePages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { type Pages, usePages, useQuery } from '../../core-client.ts';
import { useView } from '../../stores/view-store.ts';
import { ReportTable } from './ReportTable.tsx';

type ParamsOf<R extends ReportRequest['report']> = Extract<ReportRequest, { report: R }>['params'];
const inLedger = { areas: ['ledger'] } as const;

/** Names in the language of the desk; the official term stays beside the English. */
function useWording(): Wording {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  return useMemo(
    () => ({
      name: ({ nameZh, nameEn }) => (language === 'en' && nameEn !== '' ? `${nameEn} (${nameZh})` : nameZh),
      word: (id: RowWord) => t(`reports.word.${id}`),
    }),
    [t, language],
  );
}

function Agreement({ isGood, good, bad }: { readonly isGood: boolean; readonly good: string; readonly bad: string }) {
  return <ToneTag tone={isGood ? 'accepted' : 'rejected'} label={isGood ? good : bad} />;
}

function Nothing() {
  const { t } = useTranslation();
  return <EmptyState title={t('reports.empty')} hint={t('reports.emptyHint')} />;
}

/** A report that is all here, in one table. */
function Whole({
  label,
  sheet,
  error,
  reload,
  foot,
}: {
  readonly label: string;
  readonly sheet: Sheet | undefined;
  readonly error: ContractError | undefined;
  readonly reload: () => void;
  readonly foot?: ReactNode;
}) {
  return (
    <Panel foot={foot}>
      <ReportTable
        label={label}
        columns={sheet?.columns ?? []}
        pages={plainPages(sheet?.rows, error, reload)}
        empty={<Nothing />}
      />
    </Panel>
  );
}

/** The rows of a paged report, between what stands above and below them. */
function around<R>(
  pages: Omit<Pages<never>, 'rows' | 'first' | 'patch'> & { readonly rows: readonly R[] },
  cells: (row: R) => SheetRow,
  above: readonly SheetRow[],
  below: readonly SheetRow[],
): TablePages<SheetRow> {
  if (pages.rows.length === 0 && above.length === 0) return { ...pages, rows: [] };
  return { ...pages, rows: [...above, ...pages.rows.map(cells), ...(pages.hasMore ? [] : below)] };
}

function TrialBalance({ params }: { readonly params: ParamsOf<'trialBalance'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const { data, error, reload } = useQuery('reports.trialBalance', params, inLedger);
  const sheet = useMemo(
    () => (data === undefined ? undefined : trialSheet(data, params.mode === 'original', wording)),
    [data, params.mode, wording],
  );
  return (
    <Whole
      label={t('reports.name.trialBalance')}
      sheet={sheet}
      error={error}
      reload={reload}
      foot={
        data === undefined || data.rows.length === 0 ? undefined : (
          <Agreement isGood={data.balanced} good={t('reports.balanced')} bad={t('reports.unbalanced')} />
        )
      }
    />
  );
}

function GeneralLedger({ params }: { readonly params: ParamsOf<'generalLedger'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const { data, error, reload } = useQuery('reports.generalLedger', params, inLedger);
  const sheet = useMemo(
    () => (data === undefined ? undefined : generalSheet(data.rows, params.currency ?? 'CNY', wording)),
    [data, params.currency, wording],
  );
  return <Whole label={t('reports.name.generalLedger')} sheet={sheet} error={error} reload={reload} />;
}

function AccountLedger({ params }: { readonly params: ParamsOf<'accountLedger'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const pages = usePages('reports.accountLedger', params, inLedger);
  const { first } = pages;
  const columns = useMemo(() => accountLedgerColumns(params.currency), [params.currency]);
  const rows = useMemo(
    () =>
      around(
        pages,
        (row) => accountLedgerCells(row, params.currency, wording),
        first === undefined ? [] : [accountLedgerOpening(first.opening, params.currency, wording)],
        [],
      ),
    [pages, first, params.currency, wording],
  );
  return (
    <Panel
      foot={
        first === undefined ? undefined : (
          <span className="report-foot">
            {(['debitCny', 'creditCny'] as const).map((side) => (
              <span key={side}>
                <span className="muted">{t(`reports.${side}`)} </span>
                <strong>
                  <Amount value={first.turnover[side]} currency="CNY" bare />
                </strong>
              </span>
            ))}
          </span>
        )
      }
    >
      <ReportTable label={t('reports.name.accountLedger')} columns={columns} pages={rows} empty={<Nothing />} />
    </Panel>
  );
}

function QuantityLedger({ params }: { readonly params: ParamsOf<'quantityLedger'> }) {
  const { t } = useTranslation();
  const pages = usePages('reports.quantityLedger', params, inLedger);
  const rows = useMemo(() => around(pages, quantityCells, [], []), [pages]);
  return (
    <Panel>
      <ReportTable
        label={t('reports.name.quantityLedger')}
        columns={quantityColumns}
        pages={rows}
        empty={<EmptyState title={t('reports.empty')} hint={t('reports.emptyQuantity')} />}
      />
    </Panel>
  );
}

function Checks({
  checks,
}: {
  readonly checks: readonly { readonly code: string; readonly difference: string; readonly ok: boolean }[];
}) {
  const { t } = useTranslation();
  return (
    <span className="report-foot">
      {checks.map(({ code, difference, ok }) => (
        <Agreement
          key={code}
          isGood={ok}
          good={t(`reports.check.${code}`)}
          bad={t('reports.differs', { check: t(`reports.check.${code}`), difference })}
        />
      ))}
    </span>
  );
}

function BalanceSheet({ params }: { readonly params: ParamsOf<'balanceSheet'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const { data, error, reload } = useQuery('reports.balanceSheet', params, inLedger);
  const halves = useMemo(
    () =>
      data === undefined
        ? undefined
        : ([statementSheet(data.rows, 'assets', wording), statementSheet(data.rows, 'claims', wording)] as const),
    [data, wording],
  );
  if (data === undefined) return <ErrorNote error={error} onRetry={reload} />;
  const half = (at: 0 | 1) => (
    <Panel
      foot={at === 0 ? <Checks checks={data.checks} /> : <span className="muted report-source">{data.source}</span>}
    >
      <ReportTable
        label={t('reports.name.balanceSheet')}
        autoFocus={at === 0}
        columns={halves?.[at].columns ?? []}
        pages={plainPages(halves?.[at].rows)}
        empty={<Nothing />}
      />
    </Panel>
  );
  return <Split ratio="even" list={half(0)} detail={half(1)} />;
}

function IncomeStatement({ params }: { readonly params: ParamsOf<'incomeStatement'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const { data, error, reload } = useQuery('reports.incomeStatement', params, inLedger);
  const sheet = useMemo(
    () => (data === undefined ? undefined : statementSheet(data.rows, 'income', wording)),
    [data, wording],
  );
  return (
    <Whole
      label={t('reports.name.incomeStatement')}
      sheet={sheet}
      error={error}
      reload={reload}
      foot={data === undefined ? undefined : <Checks checks={data.checks} />}
    />
  );
}

function Ageing({ params }: { readonly params: ParamsOf<'ageing'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const pages = usePages('reports.ageing', params, inLedger);
  const { first } = pages;
  const columns = useMemo(() => ageingColumns(first?.bounds ?? []), [first]);
  const rows = useMemo(
    () =>
      around(
        pages,
        (row) => ageingCells(row, wording),
        [],
        (first?.totals ?? []).map((total) => ageingTotal(total, wording)),
      ),
    [pages, first, wording],
  );
  const isGood = first?.checks.every((one) => !/[1-9]/.test(one.difference + one.differenceCny)) ?? true;
  return (
    <Panel
      foot={
        first === undefined || first.total === 0 ? undefined : (
          <Agreement isGood={isGood} good={t('reports.ageingAgrees')} bad={t('reports.ageingDiffers')} />
        )
      }
    >
      <ReportTable
        label={t('reports.name.ageing')}
        columns={columns}
        pages={rows}
        empty={<EmptyState title={t('reports.emptyAgeing')} />}
      />
    </Panel>
  );
}

function Margin({ params }: { readonly params: ParamsOf<'margin'> }) {
  const { t } = useTranslation();
  const wording = useWording();
  const pages = usePages('reports.margin', params, inLedger);
  const { first } = pages;
  const columns = useMemo(() => marginColumns(params.by), [params.by]);
  const rows = useMemo(
    () =>
      around(
        pages,
        (row) => marginCells(row, wording),
        [],
        first === undefined ? [] : [marginTotal(first.totals, wording)],
      ),
    [pages, first, wording],
  );
  return (
    <Panel
      foot={<span className="muted">{t(params.by === 'product' ? 'reports.marginSplit' : 'reports.marginTies')}</span>}
    >
      <ReportTable label={t('reports.name.margin')} columns={columns} pages={rows} empty={<Nothing />} />
    </Panel>
  );
}

export function ReportBody({ request }: { readonly request: ReportRequest }) {
  switch (request.report) {
    case 'trialBalance':
      return <TrialBalance params={request.params} />;
    case 'generalLedger':
      return <GeneralLedger params={request.params} />;
    case 'accountLedger':
      return <AccountLedger params={request.params} />;
    case 'quantityLedger':
      return <QuantityLedger params={request.params} />;
    case 'balanceSheet':
      return <BalanceSheet params={request.params} />;
    case 'incomeStatement':
      return <IncomeStatement params={request.params} />;
    case 'ageing':
      return <Ageing params={request.params} />;
    case 'margin':
      return <Margin params={request.params} />;
  }
}

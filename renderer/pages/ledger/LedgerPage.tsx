/** 账簿: trial balance, the postings of an account beside it, and the rates they were converted at. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useMedia } from '../../components/use-media.ts';
import { type RowOf, usePages, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { useView } from '../../stores/view-store.ts';
import { Rates } from './Rates.tsx';

type BalanceRow = OutputOf<'ledger.trialBalance'>['rows'][number];
type Posting = RowOf<'ledger.postings'>;

/** A zero stands as an empty cell: in a debit-credit table only what moved should catch the eye. */
function Side({ value, currency }: { readonly value: string; readonly currency: string }) {
  return /^-?0*(\.0*)?$/.test(value) ? null : <Amount value={value} currency={currency} bare />;
}

function Postings({ account, currency }: { readonly account: string; readonly currency: string }) {
  const { t } = useTranslation();
  const pages = usePages('ledger.postings', { account, currency }, { areas: ['ledger'] });
  const columns = useMemo(
    (): readonly Column<Posting>[] => [
      { id: 'date', title: t('ledger.column.date'), width: 96, render: (row) => row.date },
      { id: 'label', title: t('ledger.column.voucher'), width: 136, render: (row) => <Code>{row.label}</Code> },
      { id: 'text', title: t('ledger.column.text'), render: (row) => row.text },
      {
        id: 'debit',
        title: t('ledger.column.debit'),
        width: 116,
        align: 'right',
        render: (row) => <Side value={row.debit} currency={row.currency} />,
      },
      {
        id: 'credit',
        title: t('ledger.column.credit'),
        width: 116,
        align: 'right',
        render: (row) => <Side value={row.credit} currency={row.currency} />,
      },
    ],
    [t],
  );
  return (
    <DataTable
      label={t('ledger.postings')}
      pages={pages}
      columns={columns}
      rowKey={(row) =>
        `${row.voucherId} ${row.account} ${row.currency} ${row.debit} ${row.credit} ${row.orderId ?? ''} ${row.text}`
      }
      onOpen={(row) => navigate('voucher', { id: row.voucherId })}
      empty={<EmptyState title={t('ledger.noPostings')} />}
    />
  );
}

/** `rates` and `rates?currency=USD` lead straight to the rates. */
export function RatesPage({ params }: PageProps) {
  return <LedgerPage params={{ ...params, view: 'rates' }} />;
}

export function LedgerPage({ params }: PageProps) {
  const { t } = useTranslation();
  const { language, textSize } = useView();
  const view = textParam(params, 'view') === 'rates' ? 'rates' : 'balance';
  const account = textParam(params, 'account');
  const currency = textParam(params, 'currency');
  const balance = useQuery('ledger.trialBalance', {}, { areas: ['ledger'] });
  const pending = balance.data?.pending ?? 0;
  useKeys(view === 'balance' ? [{ key: 'Up/Down', label: t('ledger.key.account'), isMain: true }] : []);

  // Beside the postings there is no room for four amounts on a small screen; the totals below stay in CNY.
  const hasRoom = useMedia(`(min-width: ${16 * textSize}px)`) || account === undefined;
  const columns = useMemo(
    (): readonly Column<BalanceRow>[] => [
      { id: 'account', title: t('ledger.column.account'), width: 60, render: (row) => <Code>{row.account}</Code> },
      {
        id: 'name',
        title: t('ledger.column.name'),
        render: (row) => (language === 'en' ? `${row.nameEn} (${row.nameZh})` : row.nameZh),
      },
      { id: 'currency', title: t('ledger.column.currency'), width: 56, render: (row) => <Code>{row.currency}</Code> },
      {
        id: 'debit',
        title: t('ledger.column.debit'),
        width: hasRoom ? 124 : 104,
        align: 'right',
        render: (row) => <Side value={row.debit} currency={row.currency} />,
      },
      {
        id: 'credit',
        title: t('ledger.column.credit'),
        width: hasRoom ? 124 : 104,
        align: 'right',
        render: (row) => <Side value={row.credit} currency={row.currency} />,
      },
      ...(hasRoom
        ? [
            {
              id: 'debitCny',
              title: t('ledger.column.debitCny'),
              width: 124,
              align: 'right' as const,
              render: (row: BalanceRow) => <Side value={row.debitCny} currency="CNY" />,
            },
            {
              id: 'creditCny',
              title: t('ledger.column.creditCny'),
              width: 124,
              align: 'right' as const,
              render: (row: BalanceRow) => <Side value={row.creditCny} currency="CNY" />,
            },
          ]
        : []),
    ],
    [t, language, hasRoom],
  );
  const totals = balance.data;
  return (
    <Page
      title={t('area.ledger')}
      summary={
        totals === undefined
          ? ''
          : pending > 0
            ? t('ledger.pending', { count: pending, shown: formatCount(pending) })
            : t('ledger.summary', { count: totals.rows.length, shown: formatCount(totals.rows.length) })
      }
      filters={
        <Chips
          label={t('ledger.views')}
          value={view}
          onChange={(next) => navigate('ledger', next === 'rates' ? { view: 'rates' } : {})}
          chips={[
            { value: 'balance', label: t('ledger.balance') },
            { value: 'rates', label: t('rates.title') },
          ]}
        />
      }
      actions={
        view === 'rates' ? (
          <KeyButton label={t('rates.import')} onPress={() => navigate('import', { kind: 'rates' })} />
        ) : pending > 0 ? (
          <KeyButton
            label={t('ledger.setRates')}
            kind="primary"
            onPress={() => navigate('ledger', { view: 'rates' })}
          />
        ) : null
      }
    >
      {view === 'rates' ? (
        <Rates key={currency ?? ''} currency={currency} />
      ) : (
        <Split
          ratio={hasRoom ? 'even' : 'detail'}
          list={
            <section className="panel">
              <div className="panel-body is-whole">
                <DataTable
                  label={t('ledger.balance')}
                  autoFocus
                  pages={plainPages(totals?.rows, balance.error, balance.reload)}
                  columns={columns}
                  rowKey={(row) => `${row.account} ${row.currency}`}
                  activeKey={account === undefined ? undefined : `${account} ${currency ?? ''}`}
                  onActivate={(row) => replaceParams({ account: row.account, currency: row.currency })}
                  empty={
                    <EmptyState
                      title={t('ledger.empty')}
                      hint={pending > 0 ? t('ledger.emptyPending') : t('ledger.emptyHint')}
                      actions={
                        <KeyButton label={t('ledger.goDeclarations')} onPress={() => navigate('declarations')} />
                      }
                    />
                  }
                />
              </div>
              {totals === undefined || totals.rows.length === 0 ? null : (
                <footer className="panel-foot balance-foot">
                  <ToneTag
                    tone={totals.balanced ? 'accepted' : 'rejected'}
                    label={totals.balanced ? t('ledger.balanced') : t('ledger.unbalanced')}
                  />
                  <span className="balance-totals">
                    <span>
                      <span className="muted">{t('ledger.column.debitCny')} </span>
                      <strong>
                        <Amount value={totals.totalDebitCny} currency="CNY" bare />
                      </strong>
                    </span>
                    <span>
                      <span className="muted">{t('ledger.column.creditCny')} </span>
                      <strong>
                        <Amount value={totals.totalCreditCny} currency="CNY" bare />
                      </strong>
                    </span>
                  </span>
                </footer>
              )}
            </section>
          }
          detail={
            account === undefined || currency === undefined ? undefined : (
              <Postings account={account} currency={currency} />
            )
          }
        />
      )}
    </Page>
  );
}

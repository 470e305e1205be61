/** One voucher (记账凭证): its postings, the rule and rate behind them, and the way to the order, the list and the receipt. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { PageProps } from '../../app/page-route.ts';
import { goBack, navigate, numberParam } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Panel, Split } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';
import { useView } from '../../stores/view-store.ts';

type Posting = OutputOf<'ledger.voucher'>['postings'][number];

export function VoucherPage({ params }: PageProps) {
  const { t } = useTranslation();
  const language = useView((view) => view.language);
  const id = numberParam(params, 'id');
  const query = useQuery('ledger.voucher', id === undefined ? null : { id }, { areas: ['ledger'] });
  const voucher = query.data;
  const columns = useMemo(
    (): readonly Column<Posting>[] => [
      { id: 'account', title: t('ledger.column.account'), width: 76, render: (row) => <Code>{row.account}</Code> },
      {
        id: 'name',
        title: t('ledger.column.name'),
        render: (row) => (language === 'en' ? `${row.nameEn} (${row.nameZh})` : row.nameZh),
      },
      { id: 'currency', title: t('ledger.column.currency'), width: 56, render: (row) => <Code>{row.currency}</Code> },
      ...(['debit', 'credit', 'debitCny', 'creditCny'] as const).map(
        (side): Column<Posting> => ({
          id: side,
          title: t(`ledger.column.${side}`),
          width: 116,
          align: 'right',
          render: (row) =>
            /^-?0*(\.0*)?$/.test(row[side]) ? null : (
              <Amount value={row[side]} currency={side.endsWith('Cny') ? 'CNY' : row.currency} bare />
            ),
        }),
      ),
    ],
    [t, language],
  );
  return (
    <Page
      title={voucher === undefined ? t('ledger.voucher') : `${t('ledger.voucher')} ${voucher.label}`}
      summary={voucher === undefined ? '' : `${voucher.date} · ${voucher.text}`}
      actions={<KeyButton label={t('common.back')} keys="Esc" bind onPress={goBack} />}
      notice={query.status === 'failed' ? <ErrorNote error={query.error} onRetry={query.reload} /> : null}
    >
      <Split
        ratio="list"
        list={
          <DataTable
            label={t('ledger.voucher')}
            autoFocus
            pages={plainPages(voucher?.postings, query.error, query.reload)}
            columns={columns}
            rowKey={(row) => `${row.account} ${row.currency} ${row.debit} ${row.credit}`}
            empty={<EmptyState title={t('ledger.noPostings')} />}
          />
        }
        detail={
          voucher === undefined ? undefined : (
            <div className="card-stack">
              <Panel isPlain title={t('ledger.why')}>
                <div className="panel-pad">
                  <Facts
                    columns={1}
                    rows={[
                      [t('ledger.rule'), t(`ledger.ruleName.${voucher.rule.replaceAll('.', '-')}`, voucher.rule)],
                      ...(voucher.rate === undefined
                        ? []
                        : [
                            [
                              t('ledger.rate'),
                              `${voucher.rate} · ${voucher.rateDate ?? ''} · ${voucher.rateSource ?? ''}`,
                            ] as const,
                          ]),
                    ]}
                  />
                </div>
              </Panel>
              <Panel isPlain title={t('ledger.chain')}>
                <ol className="panel-pad voucher-chain">
                  <li>
                    {voucher.orderId === undefined ? (
                      <span className="muted">{t('ledger.noOrder')}</span>
                    ) : (
                      <button
                        type="button"
                        className="link"
                        onClick={() => navigate('order', { id: voucher.orderId ?? 0 })}
                      >
                        {t('ledger.toOrder', {
                          no: voucher.postings.find((one) => one.orderNo !== undefined)?.orderNo ?? '',
                        })}
                      </button>
                    )}
                  </li>
                  <li>
                    {voucher.documentId === undefined ? (
                      <span className="muted">{t('ledger.noDocument')}</span>
                    ) : (
                      <button
                        type="button"
                        className="link"
                        onClick={() => navigate('declaration', { id: voucher.documentId ?? 0 })}
                      >
                        {t('ledger.toDocument')}
                      </button>
                    )}
                  </li>
                  <li>
                    {voucher.receiptId === undefined || voucher.documentId === undefined ? (
                      <span className="muted">{t('ledger.noReceipt')}</span>
                    ) : (
                      <button
                        type="button"
                        className="link"
                        onClick={() => navigate('declaration', { id: voucher.documentId ?? 0, tab: 'receipts' })}
                      >
                        {t('ledger.toReceipt')}
                      </button>
                    )}
                  </li>
                </ol>
              </Panel>
            </div>
          )
        }
      />
    </Page>
  );
}

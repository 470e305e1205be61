/** The rates of the book: CNY for one unit, with their source; setting one posts the sales that waited for it. */
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { isCurrency } from '../../../shared/money/index.ts';
import { Code } from '../../components/Amount.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel, Split } from '../../components/Page.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { type RowOf, useCommand, usePages } from '../../core-client.ts';
import { formatAmount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Rate = RowOf<'rates.list'>;

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(new Date(`${text}T00:00:00Z`).getTime());
}

/** @param currency the one a sale waits for: filled in for the user */
export function Rates({ currency }: { readonly currency: string | undefined }) {
  const { t } = useTranslation();
  const pages = usePages('rates.list', {}, { areas: ['ledger', 'imports'] });
  const set = useCommand('rates.set');
  const [draft, setDraft] = useState({ currency: currency ?? 'USD', date: localDate(), cnyPerUnit: '', source: '' });
  const [isTried, setTried] = useState(false);
  const wrong = {
    currency: isCurrency(draft.currency) ? undefined : t('rates.wrongCurrency'),
    date: isDate(draft.date) ? undefined : t('rates.wrongDate'),
    cnyPerUnit:
      /^\d{1,8}(\.\d{1,8})?$/.test(draft.cnyPerUnit) && Number(draft.cnyPerUnit) > 0 ? undefined : t('rates.wrongRate'),
    source: draft.source.trim() === '' ? t('rates.wrongSource') : undefined,
  };
  const submit = async (): Promise<void> => {
    setTried(true);
    const [first] = Object.entries(wrong).filter(([, text]) => text !== undefined);
    if (first !== undefined) {
      document.getElementById(`rate-${first[0]}`)?.focus();
      return;
    }
    const done = await set.run({ ...draft, source: draft.source.trim() });
    if (done === undefined) return;
    notify(done.posted > 0 ? t('rates.posted', { count: done.posted }) : t('rates.saved'));
    setTried(false);
    setDraft({ ...draft, cnyPerUnit: '' });
    pages.reload();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const shownError = (name: keyof typeof wrong): string | undefined => (isTried ? wrong[name] : undefined);
  const columns = useMemo(
    (): readonly Column<Rate>[] => [
      { id: 'date', title: t('rates.column.date'), width: 120, render: (row) => row.date },
      { id: 'currency', title: t('rates.column.currency'), width: 80, render: (row) => <Code>{row.currency}</Code> },
      {
        id: 'rate',
        title: t('rates.column.rate'),
        width: 140,
        align: 'right',
        render: (row) => formatAmount(row.cnyPerUnit, 4),
      },
      { id: 'source', title: t('rates.column.source'), render: (row) => row.source },
    ],
    [t],
  );
  return (
    <Split
      ratio="list"
      list={
        <DataTable
          label={t('rates.title')}
          pages={pages}
          columns={columns}
          rowKey={(row) => `${row.currency} ${row.date} ${row.source}`}
          empty={<EmptyState title={t('rates.empty')} hint={t('rates.emptyHint')} />}
        />
      }
      detail={
        <div className="card-stack">
          <Panel isPlain title={t('rates.set')}>
            <form
              className="panel-pad card-form"
              onKeyDown={onKeyDown}
              onSubmit={(event) => {
                event.preventDefault();
                void submit();
              }}
            >
              <div className="form-grid">
                <Field id="rate-currency" label={t('rates.column.currency')} error={shownError('currency')}>
                  <Input
                    id="rate-currency"
                    className="code"
                    maxLength={3}
                    value={draft.currency}
                    onChange={(event) =>
                      setDraft({ ...draft, currency: event.target.value.normalize('NFKC').toUpperCase() })
                    }
                  />
                </Field>
                <Field id="rate-date" label={t('rates.column.date')} error={shownError('date')}>
                  <Input
                    id="rate-date"
                    value={draft.date}
                    placeholder="2026-11-20"
                    onChange={(event) => setDraft({ ...draft, date: event.target.value })}
                  />
                </Field>
                <Field
                  id="rate-cnyPerUnit"
                  label={t('rates.column.rate')}
                  hint={t('rates.hint')}
                  error={shownError('cnyPerUnit')}
                  isWide
                >
                  <NumericInput
                    id="rate-cnyPerUnit"
                    decimals={8}
                    value={draft.cnyPerUnit}
                    onChange={(cnyPerUnit) => setDraft({ ...draft, cnyPerUnit })}
                    unit="CNY"
                  />
                </Field>
                <Field
                  id="rate-source"
                  label={t('rates.column.source')}
                  hint={t('rates.sourceHint')}
                  error={shownError('source')}
                  isWide
                >
                  <Input
                    id="rate-source"
                    value={draft.source}
                    onChange={(event) => setDraft({ ...draft, source: event.target.value })}
                  />
                </Field>
              </div>
              <ErrorNote error={set.error} isInline />
              <div className="card-actions">
                <Button type="primary" htmlType="submit" loading={set.isRunning}>
                  {t('rates.save')}
                </Button>
              </div>
            </form>
          </Panel>
        </div>
      }
    />
  );
}

import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { categoryTexts, payoutCategories } from '../../../shared/payouts/index.ts';
import { openTarget } from '../../app/route-store.ts';
import { Amount } from '../../components/Amount.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob } from '../../core-client.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';

const stateTone = { posted: 'accepted', waiting: 'action', void: 'draft' } as const;

/** Categories by calendar month, and the document by which each month is in the ledger. */
export function MonthsView({ payout }: { readonly payout: PayoutView }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const save = useJob('payouts.saveSettings');
  const amountOf = (month: PayoutView['months'][number], category: (typeof payoutCategories)[number]) =>
    month.categories.find((one) => one.category === category)?.amount;
  const shown = payoutCategories.filter((category) =>
    payout.months.some((month) => amountOf(month, category) !== undefined),
  );
  return (
    <div className="payout-months">
      <p className="payout-months-head">
        <span className="muted">{t('payouts.monthsHint', { zone: payout.zone || t('payouts.zoneUnknown') })}</span>
        <Select
          size="small"
          aria-label={t('payouts.monthsOf')}
          value={payout.monthsOf}
          disabled={save.status === 'running'}
          onChange={(monthsOf) => void save.start({ monthsOf })}
          options={(['china', 'own'] as const).map((value) => ({ value, label: t(`payouts.calendar.${value}`) }))}
        />
      </p>
      <ErrorNote error={save.error} onClose={save.clear} />
      {save.status === 'running' ? <ProgressBar title={t('payouts.reposting')} progress={save.progress} /> : null}
      <table className="payout-table">
        <thead>
          <tr>
            <th>{t('payouts.column.category')}</th>
            {payout.months.map(({ month }) => (
              <th key={month} className="is-number">
                {month}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((category) => (
            <tr key={category}>
              <td>{word(categoryTexts[category])}</td>
              {payout.months.map((month) => (
                <td key={month.month} className="is-number">
                  <Amount value={amountOf(month, category)} currency={payout.currency} bare />
                </td>
              ))}
            </tr>
          ))}
          <tr className="is-total">
            <td>{t('payouts.net')}</td>
            {payout.months.map(({ month, amount }) => (
              <td key={month} className="is-number">
                <Amount value={amount} currency={payout.currency} bare />
              </td>
            ))}
          </tr>
          <tr>
            <td>{t('payouts.ledger')}</td>
            {payout.months.map(({ month, document }) => (
              <td key={month} className="is-number">
                {document === undefined ? (
                  <span className="muted">{t('payouts.nothingToPost')}</span>
                ) : (
                  <button type="button" className="link" onClick={() => openTarget(`source-document/${document.id}`)}>
                    {document.number}{' '}
                    <ToneTag
                      tone={stateTone[document.state]}
                      label={
                        document.state === 'waiting'
                          ? t(`ledger.waiting.${document.reason}`, { defaultValue: document.reason })
                          : t(`ledger.documentState.${document.state}`)
                      }
                    />
                  </button>
                )}
              </td>
            ))}
          </tr>
        </tbody>
      </table>
    </div>
  );
}

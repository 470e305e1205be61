import { useTranslation } from 'react-i18next';
import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { categoryTexts, groupTexts } from '../../../shared/payouts/index.ts';
import { navigate, replaceParams } from '../../app/route-store.ts';
import { Amount, Code } from '../../components/Amount.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Facts } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { formatCount } from '../../i18n/format.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { SheetOfPayout } from '../supervision/SheetOfPayout.tsx';
import { Findings } from './Findings.tsx';
import { ProofTag } from './proof.tsx';
import { Waterfall } from './Waterfall.tsx';

const chainTone = { kept: 'accepted', first: 'draft', broken: 'rejected', none: 'draft' } as const;

/** What a payout is, how it was proved, and its way from gross to net. */
export function OverviewView({ payout }: { readonly payout: PayoutView }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const { currency, chain } = payout;
  return (
    <>
      <Findings findings={payout.findings} />
      <DetailSection title={t('payouts.section.waterfall')} extra={currency}>
        <Waterfall payout={payout} />
      </DetailSection>
      <Facts
        rows={[
          [t('payouts.fact.proof'), <ProofTag key="proof" proof={payout.proof} />],
          [t('payouts.fact.deposit'), <Amount key="deposit" value={payout.deposit} currency={currency} />],
          [t('payouts.fact.days'), `${payout.fromOn} — ${payout.toOn}`],
          [t('payouts.fact.depositOn'), payout.depositOn ?? '–'],
          [t('payouts.fact.zone'), payout.zone || '–'],
          [t('payouts.fact.unavailable'), <Amount key="open" value={payout.unavailable} currency={currency} />],
          [
            t('payouts.fact.orders'),
            t('payouts.fact.ordersOf', {
              n: formatCount(payout.orders),
              book: formatCount(payout.ordersInBook),
              elsewhere: formatCount(payout.ordersElsewhere),
            }),
          ],
          [t('payouts.fact.lines'), formatCount(payout.lines)],
          [t('payouts.fact.file'), payout.fileName],
          [t('payouts.fact.store'), payout.store || '–'],
        ]}
      />
      <DetailSection
        title={t('payouts.section.reserve')}
        extra={<ToneTag tone={chainTone[chain.state]} label={t(`payouts.chain.${chain.state}`)} />}
      >
        <div className="payout-chain">
          <ChainEnd title={t('payouts.chainBefore')} end={chain.previous} currency={currency} />
          <span aria-hidden="true">→</span>
          <div className="is-own">
            <Code>{payout.number}</Code>
            <span>
              {t('payouts.released')} <Amount value={payout.reserveOpening} currency={currency} bare />
            </span>
            <span>
              {t('payouts.held')} <Amount value={payout.reserveClosing} currency={currency} bare />
            </span>
          </div>
          <span aria-hidden="true">→</span>
          <ChainEnd title={t('payouts.chainAfter')} end={chain.next} currency={currency} />
        </div>
      </DetailSection>
      <DetailSection title={t('payouts.section.deposit')}>
        {payout.deposits.length === 0 ? (
          <p className="payout-note muted">
            {t('payouts.noDeposit')}{' '}
            <button type="button" className="link" onClick={() => navigate('allocations')}>
              {t('payouts.toAllocations')}
            </button>
          </p>
        ) : (
          <ul className="payout-deposits">
            {payout.deposits.map((deposit) => (
              <li key={deposit.recordId}>
                <button type="button" className="link" onClick={() => navigate('money', { at: deposit.recordId })}>
                  {deposit.number}
                </button>{' '}
                {deposit.date} <Amount value={deposit.amount} currency={deposit.currency} />
              </li>
            ))}
          </ul>
        )}
      </DetailSection>
      {payout.state === 'void' ? null : (
        <DetailSection title={t('payouts.section.netting')}>
          <SheetOfPayout payout={payout} />
        </DetailSection>
      )}
      <DetailSection title={t('payouts.section.steps')} extra={currency}>
        <table className="payout-table">
          <thead>
            <tr>
              <th>{t('payouts.column.step')}</th>
              <th>{t('payouts.column.category')}</th>
              <th className="is-number">{t('payouts.column.lines')}</th>
              <th className="is-number">{t('payouts.column.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {payout.steps.flatMap(({ group, categories }) =>
              categories.map((one, at) => (
                <tr key={`${group} ${one.category}`}>
                  <td>{at === 0 ? word(groupTexts[group]) : ''}</td>
                  <td>{word(categoryTexts[one.category])}</td>
                  <td className="is-number">{formatCount(one.lines)}</td>
                  <td className="is-number">
                    <Amount value={one.amount} currency={currency} bare />
                  </td>
                </tr>
              )),
            )}
            <tr className="is-total">
              <td>{t('payouts.net')}</td>
              <td />
              <td className="is-number">{formatCount(payout.lines)}</td>
              <td className="is-number">
                <Amount value={payout.total} currency={currency} bare />
              </td>
            </tr>
          </tbody>
        </table>
      </DetailSection>
    </>
  );
}

function ChainEnd({
  title,
  end,
  currency,
}: {
  readonly title: string;
  readonly end: PayoutView['chain']['previous'];
  readonly currency: string;
}) {
  const { t } = useTranslation();
  return (
    <div>
      <span className="muted">{title}</span>
      {end === undefined ? (
        <span className="muted">{t('payouts.chainNone')}</span>
      ) : (
        <>
          <button type="button" className="link" onClick={() => replaceParams({ id: end.id })}>
            <Code>{end.number}</Code>
          </button>
          <Amount value={end.reserve} currency={currency} bare />
        </>
      )}
    </div>
  );
}

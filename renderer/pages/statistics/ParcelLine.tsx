import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { useQuery } from '../../core-client.ts';
import { formatAmount, formatCount } from '../../i18n/format.ts';

/** What the register of parcels has of the month, told apart from the figures that are filed; nothing where it has nothing. */
export function ParcelLine({ period }: { readonly period: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(
    'parcels.month',
    { period, by: [] },
    { areas: ['shipments', 'documents', 'ledger', 'imports'] },
  );
  if (data === undefined) return null;
  const { out, in: back } = data.total;
  if (out.parcels + back.parcels + data.excluded.parcels === 0) return null;
  const unrated = out.unrated + back.unrated;
  return (
    <p className="statistics-total statistics-apart">
      {t('parcels.month.line', {
        out: formatCount(out.parcels),
        outCny: formatAmount(out.amountCny, 2),
        in: formatCount(back.parcels),
        inCny: formatAmount(back.amountCny, 2),
      })}{' '}
      {data.excluded.parcels === 0 ? null : (
        <span className="muted">{t('parcels.month.excluded', { n: formatCount(data.excluded.parcels) })} </span>
      )}
      {unrated === 0 ? null : <span className="muted">{t('parcels.month.unrated', { n: formatCount(unrated) })} </span>}
      <button type="button" className="link" onClick={() => navigate('parcels', { period })}>
        {t('parcels.month.open')}
      </button>
    </p>
  );
}

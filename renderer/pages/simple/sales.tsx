/** Sales as the clerk knows them: the declarations (报关单) of the book, by buyer and goods, with where each stands in words. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import type { Tone } from '../../theme/palette.ts';
import { Money } from './parts.tsx';

export type SaleRow = OutputOf<'entry.sources'>['rows'][number] & { readonly isOpen: boolean };

/** As many as are asked for at once. */
const SALES = 100;

/** The newest first; those that were given up or took another's place are none. `isCut`: there may be older ones. */
export function useSales(text = '') {
  const { data, error, reload } = useQuery(
    'entry.sources',
    { kind: 'DecMessage', text, limit: SALES },
    { areas: ['documents', 'sync'] },
  );
  const rows = data?.rows
    .filter(({ state }) => state !== 'withdrawn' && state !== 'superseded')
    .map((row): SaleRow => ({ ...row, isOpen: row.state === 'draft' || row.state === 'checked' }));
  return { rows, isCut: data?.rows.length === SALES, error, reload };
}

const tones: Readonly<Record<SaleRow['state'], Tone>> = {
  draft: 'draft',
  checked: 'ready',
  queued: 'ready',
  sending: 'waiting',
  unknown: 'action',
  sent: 'waiting',
  accepted: 'accepted',
  rejected: 'rejected',
  released: 'accepted',
  closed: 'accepted',
  withdrawn: 'draft',
  superseded: 'draft',
};

export const openForBroker = (id: number): void => leaveSimple('declarations', { id, kind: 'DecMessage', edit: 1 });

export function SaleCard({ sale }: { readonly sale: SaleRow }) {
  const { t } = useTranslation();
  return (
    <div className="simple-card" data-sale={sale.id}>
      <span className="simple-card-text">
        <strong>
          {t('simple.sale.of', {
            goods: sale.product === '' ? t('simple.sale.noGoods') : sale.product,
            buyer: sale.buyer === '' ? t('simple.sale.noBuyer') : t('simple.sale.to', { buyer: sale.buyer }),
          })}
        </strong>
        <small>
          {sale.amount === '0' ? null : (
            <>
              <Money amount={sale.amount} currency={sale.currency} /> ·{' '}
            </>
          )}
          {localDate(new Date(sale.createdAt))}
        </small>
      </span>
      <ToneTag tone={tones[sale.state]} label={t(`simple.state.${sale.state}`)} />
      <Button
        type={sale.isOpen || sale.state === 'rejected' ? 'primary' : 'default'}
        onClick={() => navigate('sell', { id: sale.id })}
      >
        {t(
          sale.state === 'checked'
            ? 'simple.sale.send'
            : sale.isOpen
              ? 'simple.sale.goOn'
              : sale.state === 'rejected'
                ? 'simple.sale.why'
                : 'simple.sale.look',
        )}
      </Button>
    </div>
  );
}

/** Why nothing of what waits leaves: nobody has named the platform it goes to. */
export function NoPlatform({ isWaiting }: { readonly isWaiting: boolean }) {
  const { t } = useTranslation();
  const sync = useQuery('sync.status', {}, { areas: ['sync', 'documents'] });
  if (!isWaiting || sync.data?.connection !== 'none') return null;
  return (
    <div className="simple-card" role="status">
      <span className="simple-card-text">
        <strong>{t('simple.noPlatform.what')}</strong>
        <small>{t('simple.noPlatform.remedy')}</small>
      </span>
      <Button onClick={() => leaveSimple('outbox')}>{t('simple.openWhole')}</Button>
    </div>
  );
}

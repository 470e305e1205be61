import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';

type Row = OutputOf<'listings.list'>['rows'][number];

/** Whether the library has what the book says: not filed, on its way, filed, changed since. */
export function ListingState({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  const { filing } = row;
  return (
    <>
      {row.state === 'withdrawn' ? <ToneTag tone="draft" label={t('listings.withdrawn')} /> : null}
      {filing === null ? (
        row.state === 'open' ? (
          <ToneTag tone="draft" label={t('listings.none')} />
        ) : null
      ) : filing.state === 'accepted' && row.state === 'open' ? (
        <ToneTag
          tone={filing.stale ? 'action' : 'accepted'}
          label={t(filing.stale ? 'listings.stale' : 'listings.filed')}
        />
      ) : (
        <StateTag kind="document" state={filing.state} />
      )}
    </>
  );
}

import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';

type Row = OutputOf<'registrations.list'>['rows'][number];

/** How far the filing of a registration is. */
export function RegistrationState({ row }: { readonly row: Row }) {
  const { t } = useTranslation();
  const { filing } = row;
  if (filing === null)
    return (
      <ToneTag tone="draft" label={t(row.state === 'cancelled' ? 'registrations.cancelled' : 'registrations.none')} />
    );
  return (
    <>
      <StateTag kind="document" state={filing.state} />
      {filing.stale && row.state === 'open' ? <ToneTag tone="action" label={t('registrations.stale')} /> : null}
      {row.state === 'cancelled' ? <ToneTag tone="draft" label={t('registrations.cancelled')} /> : null}
    </>
  );
}

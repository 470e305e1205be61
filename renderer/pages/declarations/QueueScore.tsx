import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import type { Tone } from '../../theme/palette.ts';

const levelTone = { low: 'accepted', middle: 'action', high: 'rejected' } as const satisfies Record<string, Tone>;

/** The firm's own score of a shipment, beside the question whether its documents are queued. A high one is asked a reason for. */
export function QueueScore({ shipmentId }: { readonly shipmentId: number }) {
  const { t } = useTranslation();
  const got = useQuery(
    'shipments.score',
    { id: shipmentId },
    { areas: ['documents', 'orders', 'matching', 'returns'] },
  );
  if (got.error !== undefined) return <ErrorNote error={got.error} isInline />;
  const score = got.data?.score;
  if (score === undefined) return null;
  const codes = score.items
    .filter(({ outcome }) => outcome === 'hit')
    .map(({ code }) => t(`shipments.score.code.${code}`));
  const level = t(`shipments.score.level.${score.level}`, { score: score.score });
  return (
    <span role="note" data-testid="queue-score">
      <ToneTag tone={levelTone[score.level]} label={t('shipments.score.atQueue', { level })} />{' '}
      <span className="muted">{codes.join(t('money.comma'))}</span>
    </span>
  );
}

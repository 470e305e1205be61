/** 企业自评: the firm's own score of a shipment, or of a declaration without one, before it is queued, each point with what earned it. */
import { useTranslation } from 'react-i18next';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useQuery } from '../../core-client.ts';
import './shipments.css';

type Score = NonNullable<OutputOf<'shipments.score'>['score']>;
const levelTone = { low: 'accepted', middle: 'action', high: 'rejected' } as const;
const outcomeTone = { hit: 'rejected', clear: 'accepted', 'cannot-tell': 'draft' } as const;

export function ScorePanel({ of }: { readonly of: InputOf<'shipments.score'> }) {
  const { t } = useTranslation();
  const got = useQuery('shipments.score', of, { areas: ['documents', 'orders', 'products', 'matching', 'returns'] });
  return (
    <Panel
      title={t('shipments.score.title')}
      foot={got.data === undefined ? undefined : t('shipments.score.source', { from: got.data.inForceFrom })}
    >
      {got.error !== undefined ? (
        <ErrorNote error={got.error} onRetry={got.reload} />
      ) : got.data === undefined ? (
        <Skeleton rows={7} />
      ) : got.data.score === undefined ? (
        <p className="panel-pad muted">{t('shipments.score.nothing')}</p>
      ) : (
        <Items score={got.data.score} />
      )}
    </Panel>
  );
}

function Items({ score: { score, level, isComplete, items } }: { readonly score: Score }) {
  const { t } = useTranslation();
  return (
    <div className="shipment-score" role="status">
      <p>
        <ToneTag tone={levelTone[level]} label={t(`shipments.score.level.${level}`, { score })} />
        {isComplete ? null : <span className="muted"> {t('shipments.score.incomplete')}</span>}
      </p>
      <ul>
        {items.map(({ code, outcome, points, rows }) => (
          <li key={code}>
            <ToneTag tone={outcomeTone[outcome]} label={t(`shipments.score.code.${code}`)} />
            <span className="shipment-score-points">
              {outcome === 'cannot-tell' ? t('shipments.score.cannotTell') : points > 0 ? `+${points}` : '0'}
            </span>
            {rows.length === 0 ? null : (
              <span className="muted shipment-score-rows">{rows.join(t('money.comma'))}</span>
            )}
          </li>
        ))}
      </ul>
      <p className="draft-note">{t('shipments.score.own')}</p>
    </div>
  );
}

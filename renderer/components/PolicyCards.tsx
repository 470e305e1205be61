/** Policy cards in short: what is law, since when, until when, and by which document. */
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../shared/contract/contract.ts';
import { isInForce } from '../../shared/rules/policies/pack.ts';
import { usePolicies } from '../stores/policy-store.ts';
import { useView } from '../stores/view-store.ts';
import { ToneTag } from './StateTag.tsx';

type Card = OutputOf<'policies.list'>['rows'][number];

/** `2026-01-01 起`, `2023-01-30 至 2025-12-31`. */
export function useForceText(): (card: Pick<Card, 'from' | 'to'>) => string {
  const { t } = useTranslation();
  return ({ from, to }) => {
    if (from === null) return to === null ? t('policies.noDay') : t('policies.until', { to });
    return to === null ? t('policies.since', { from }) : t('policies.between', { from, to });
  };
}

/** Whether it is law today: in force, ended, to come. */
export function PolicyState({ card, today }: { readonly card: Pick<Card, 'from' | 'to'>; readonly today: string }) {
  const { t } = useTranslation();
  if (isInForce(card, today)) return <ToneTag tone="accepted" label={t('policies.state.inForce')} />;
  const isOver = card.to !== null && card.to < today;
  return isOver ? (
    <ToneTag tone="draft" label={t('policies.state.ended')} />
  ) : (
    <ToneTag tone="waiting" label={t('policies.state.coming')} />
  );
}

export function PolicyCards({ cards }: { readonly cards: readonly Card[] }) {
  const isEnglish = useView((view) => view.language) === 'en';
  const today = usePolicies((state) => state.today);
  const forceText = useForceText();
  return (
    <ul className="policy-cards">
      {cards.map((card) => {
        const words = (text: { readonly zh: string; readonly en: string }): string => (isEnglish ? text.en : text.zh);
        return (
          <li key={card.id}>
            <strong>{words(card.title)}</strong> <PolicyState card={card} today={today} />
            <p>{words(card.means)}</p>
            {card.unknown === null ? null : <p className="policy-unknown">{words(card.unknown)}</p>}
            <p className="muted">
              {[card.document, card.article].filter((part) => part !== null).join(' · ')} ·{' '}
              <span className="policy-days">{forceText(card)}</span>
            </p>
          </li>
        );
      })}
    </ul>
  );
}

import { useTranslation } from 'react-i18next';
import type { BookSummary } from '../../shared/contract/broker.ts';
import { formatCount } from '../i18n/format.ts';

const counted = ['rejected', 'due', 'toReview', 'awaiting', 'flags', 'returns'] as const;

/** The counts a closed book left, in words; empty when nothing waits or nothing is known. */
export function useWaits(): (summary: BookSummary | undefined) => string {
  const { t } = useTranslation();
  return (summary) =>
    summary === undefined
      ? ''
      : counted
          .filter((name) => summary[name] > 0)
          .map((name) => t(`welcome.waits.${name}`, { n: formatCount(summary[name]) }))
          .join(' · ');
}

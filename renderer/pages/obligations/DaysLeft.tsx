import { useTranslation } from 'react-i18next';
import { ToneTag } from '../../components/StateTag.tsx';

const soon = 7;

/** Days up to a last day: red once it is over, marked within a week. */
export function DaysLeft({ days }: { readonly days: number }) {
  const { t } = useTranslation();
  if (days < 0) return <ToneTag tone="rejected" label={t('obligations.over', { count: -days })} />;
  const label = t('obligations.left', { count: days });
  return days <= soon ? <ToneTag tone="action" label={label} /> : <span>{label}</span>;
}

import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { ToneMark } from '../../components/StateTag.tsx';
import { formatAmount } from '../../i18n/format.ts';

interface UnratedAmount {
  readonly currency: string;
  readonly date: string;
  readonly amount: string;
  readonly count: number;
}

const shown = 3;

/** Amounts that could not be brought to US dollars: named, never taken for nought, each with the way to its rate. */
export function Unrated({ amounts }: { readonly amounts: readonly UnratedAmount[] }) {
  const { t } = useTranslation();
  if (amounts.length === 0) return null;
  return (
    <p className="unrated-note" role="note">
      <ToneMark tone="action" />{' '}
      {t('supervision.unrated', { count: amounts.reduce((sum, { count }) => sum + count, 0) })}{' '}
      {amounts.slice(0, shown).map(({ currency, date, amount }) => (
        <Button
          key={`${currency} ${date}`}
          type="link"
          size="small"
          onClick={() => navigate('rates', { currency, date })}
        >
          {currency} {formatAmount(amount, 2)} · {date}
        </Button>
      ))}
      {amounts.length > shown ? t('supervision.more', { count: amounts.length - shown }) : null}
    </p>
  );
}

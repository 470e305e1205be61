/** 待发、进度: every sale with where it stands. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { BigPage, PlainError } from './parts.tsx';
import { SaleCard, useSales } from './sales.tsx';

export function ProgressPage() {
  const { t } = useTranslation();
  const { rows, error, reload } = useSales();
  return (
    <BigPage title={t('simple.area.progress')} hint={t('simple.progress.hint')}>
      <PlainError error={error} onRetry={reload} />
      {rows?.length === 0 ? (
        <div className="simple-nothing">
          <p>{t('simple.progress.none')}</p>
          <Button type="primary" onClick={() => navigate('sell')}>
            {t('simple.area.sell')}
          </Button>
        </div>
      ) : null}
      {rows?.map((sale) => (
        <SaleCard key={sale.id} sale={sale} />
      ))}
    </BigPage>
  );
}

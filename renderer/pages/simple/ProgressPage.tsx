/** 待发、进度: every sale with where it stands. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Ask, BigPage, PlainError } from './parts.tsx';
import { NoPlatform, SaleCard, useSales } from './sales.tsx';

/** More than a screen or two hold: they are found by typing too. */
const SEARCHED = 12;

export function ProgressPage() {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const { rows, isCut, error, reload } = useSales(text.trim());
  return (
    <BigPage title={t('simple.area.progress')} hint={t('simple.progress.hint')}>
      <PlainError error={error} onRetry={reload} />
      <NoPlatform isWaiting={rows?.some(({ state }) => state === 'queued') ?? false} />
      {(rows?.length ?? 0) > SEARCHED || text !== '' ? (
        <Ask id="progress-text" label={t('simple.progress.find')}>
          <Input id="progress-text" value={text} maxLength={60} onChange={(event) => setText(event.target.value)} />
        </Ask>
      ) : null}
      {rows?.length === 0 && text !== '' ? <p className="simple-nothing">{t('simple.notFound')}</p> : null}
      {rows?.length === 0 && text === '' ? (
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
      {isCut ? <p className="muted">{t('simple.progress.cut', { n: rows?.length ?? 0 })}</p> : null}
    </BigPage>
  );
}

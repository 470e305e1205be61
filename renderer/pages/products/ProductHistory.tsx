import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { type RowOf, usePages } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';

/** What a product said before, the newest first (变更记录). */
export function ProductHistory({ sku }: { readonly sku: string }) {
  const { t } = useTranslation();
  const { rows, total, status, error, hasMore, reload, loadMore } = usePages(
    'products.history',
    { sku },
    { areas: ['products'] },
  );
  const shown = (row: RowOf<'products.history'>, value: string): string => {
    if (value === '') return t('products.detail.blank');
    if (row.field === 'lineKind') return t(`products.kind.${value}`);
    if (row.field === 'needsLicence')
      return t(value === '1' ? 'products.needsLicence.yes' : 'products.needsLicence.no');
    return value;
  };
  return (
    <DetailSection title={t('products.detail.changes')}>
      <ErrorNote error={error} onRetry={reload} />
      {status === 'ready' && total === 0 ? <p className="muted">{t('products.detail.unchanged')}</p> : null}
      <ol className="product-history">
        {rows.map((row) => (
          <li key={row.id}>
            <time className="muted" dateTime={row.changedAt}>
              {formatInstant(row.changedAt)}
            </time>
            <span>{t(`products.field.${row.field}`)}</span>
            <span>
              <del>{shown(row, row.before)}</del> → {shown(row, row.after)}
            </span>
          </li>
        ))}
      </ol>
      {hasMore ? (
        <Button size="small" onClick={loadMore}>
          {t('common.more')}
        </Button>
      ) : null}
    </DetailSection>
  );
}

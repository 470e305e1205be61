import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { DuplicateDocument, OnDuplicate } from '../../../shared/contract/imports.ts';
import { navigate } from '../../app/route-store.ts';
import { ToneMark } from '../../components/StateTag.tsx';
import { formatCount } from '../../i18n/format.ts';

/** Documents that the book has otherwise: each row of the file above that of the book, the cells that differ marked. */
export function Duplicates({
  duplicates,
  total,
  headers,
  onDuplicate,
}: {
  readonly duplicates: readonly DuplicateDocument[];
  readonly total: number;
  readonly headers: readonly string[];
  readonly onDuplicate: OnDuplicate;
}) {
  const { t } = useTranslation();
  // Only columns in which anything differs: the others say the same twice. A row that the file lacks differs in all of them.
  const pairs = duplicates.flatMap(({ rows }) => rows);
  const inBoth = pairs.filter(({ rowNo }) => rowNo > 0);
  const columns = headers
    .map((_, column) => column)
    .filter((column) =>
      (inBoth.length > 0 ? inBoth : pairs).some(({ file, book }) => (file[column] ?? '') !== (book[column] ?? '')),
    );
  return (
    <div className="import-duplicates" data-testid="import-duplicates">
      <p className="import-note">
        <ToneMark tone="action" /> {t(`imports.duplicates.${onDuplicate}`)}
        {duplicates.length < total ? (
          <span className="muted">{t('imports.duplicates.first', { n: formatCount(duplicates.length) })}</span>
        ) : null}
      </p>
      <div className="preview-scroll">
        <table className="preview">
          <thead>
            <tr>
              <th>{t('imports.duplicates.number')}</th>
              <th>{t('imports.duplicates.from')}</th>
              {columns.map((column) => (
                <th key={column}>{headers[column]}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {duplicates.flatMap(({ number, documentId, state, rows }) =>
              rows.flatMap(({ rowNo, file, book }, index) => [
                // biome-ignore lint/suspicious/noArrayIndexKey: rows the file lacks have no number
                <tr key={`${number} ${index} file`}>
                  <td rowSpan={2}>
                    <Button type="link" size="small" onClick={() => navigate('declarations', { id: documentId })}>
                      {number}
                    </Button>{' '}
                    <span className="muted">{t(`state.document.${state}`)}</span>
                  </td>
                  <td>
                    {rowNo === 0 ? t('imports.duplicates.noRow') : t('imports.duplicates.fileRow', { row: rowNo })}
                  </td>
                  {columns.map((column) => (
                    <td key={column} className={rowNo === 0 || file[column] === book[column] ? undefined : 'is-wrong'}>
                      {file[column]}
                    </td>
                  ))}
                </tr>,
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <tr key={`${number} ${index} book`}>
                  <td className="muted">{t('imports.duplicates.book')}</td>
                  {columns.map((column) => (
                    <td key={column} className="muted">
                      {book[column]}
                    </td>
                  ))}
                </tr>,
              ]),
            )}
          </tbody>
        </table>
      </div>
    </div>
  );
}

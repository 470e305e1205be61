import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { importKinds } from '../../../shared/contract/imports.ts';
import { catalogue, type RequestName } from '../../../shared/documents/catalogue.ts';
import { Field } from '../../components/Field.tsx';
import type { ImportState } from './use-import.ts';

const HEADER_ROWS = 30;

/** Every message the firm sends, by number and name. */
export function messageOptions(language: string): { value: RequestName; label: string }[] {
  return documentKinds.map((name) => {
    const { zh, en } = catalogue[name];
    const number = name.replace(/Message$/, '');
    return { value: name, label: language === 'en' ? `${number} ${en} (${zh})` : `${number} ${zh}` };
  });
}

/** Which sheet, which row is the header, which kind: found by the reader, changed here. */
export function SheetStep({ state }: { readonly state: ImportState }) {
  const { t, i18n } = useTranslation();
  const { inspection, isRecognised, isReading, reread } = state;
  if (inspection === undefined) return null;
  const { sheets, sheet, headerRow, headers, preview, kind, message } = inspection;
  return (
    <div className="import-body">
      <div className="import-choices">
        <Field id="import-kind" label={t('imports.changeKind')}>
          <Select
            id="import-kind"
            value={isRecognised ? kind : undefined}
            placeholder={t('imports.notRecognised')}
            status={isRecognised ? '' : 'warning'}
            disabled={isReading}
            onChange={(next) => {
              if (next !== undefined) void reread({ kind: next });
            }}
            options={importKinds.map((one) => ({ value: one, label: t(`imports.kind.${one}`) }))}
          />
        </Field>
        {kind === 'documents' && isRecognised ? (
          <Field id="import-message" label={t('imports.message')}>
            <Select
              id="import-message"
              showSearch
              optionFilterProp="label"
              value={message ?? null}
              disabled={isReading}
              onChange={(next: RequestName) => void reread({ message: next })}
              options={messageOptions(i18n.language)}
            />
          </Field>
        ) : null}
        <Field id="import-sheet" label={t('imports.sheet.sheet')}>
          <Select
            id="import-sheet"
            value={sheet}
            disabled={isReading || sheets.length < 2}
            onChange={(next) => void reread({ sheet: next })}
            options={sheets.map((name) => ({ value: name, label: name }))}
          />
        </Field>
        <Field id="import-header-row" label={t('imports.sheet.headerRow')}>
          <Select
            id="import-header-row"
            value={headerRow}
            disabled={isReading}
            onChange={(next) => void reread({ headerRow: next })}
            options={Array.from({ length: Math.max(HEADER_ROWS, headerRow) }, (_, index) => ({
              value: index + 1,
              label: String(index + 1),
            }))}
          />
        </Field>
        <span className="muted">{t('imports.sheet.headerRowHint')}</span>
      </div>
      <h3 className="section-title">{t('imports.sheet.preview')}</h3>
      <div className="preview-scroll" aria-busy={isReading}>
        <table className="preview">
          <thead>
            <tr>
              <th className="preview-no">{headerRow}</th>
              {headers.map((header, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a file may have two columns of the same name
                <th key={column}>
                  {header === '' ? (
                    <span className="muted">{t('imports.columns.columnN', { n: column + 1 })}</span>
                  ) : (
                    header
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {preview.map((cells, row) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name than their place
              <tr key={row}>
                <td className="preview-no">{headerRow + 1 + row}</td>
                {headers.map((_, column) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above
                  <td key={column} title={cells[column]}>
                    {cells[column] ?? ''}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

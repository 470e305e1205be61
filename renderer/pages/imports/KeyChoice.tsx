import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { onDuplicate } from '../../../shared/contract/imports.ts';
import { importFieldLabel } from './field-label.ts';
import type { ImportState, KeyChange } from './use-import.ts';

/** By which key rows find their records, where there is a choice, and what becomes of those that the book has otherwise. */
export function KeyChoice({
  state,
  onChange,
}: {
  readonly state: ImportState;
  /** Tries anew with the choice, where there is a trial to be seen. */
  readonly onChange?: (change: KeyChange) => void;
}) {
  const { t, i18n } = useTranslation();
  const { inspection, mapping, keys, recordKey, isBusy } = state;
  if (inspection === undefined || recordKey === undefined) return null;
  const { kind, message } = inspection;
  const nameOf = (key: readonly string[]): string =>
    key.map((field) => importFieldLabel(kind, message, field, i18n.language)).join(t('imports.default.and'));
  const isMapped = (key: readonly string[]): boolean => key.every((field) => mapping[field] !== undefined);
  return (
    <div className="import-key" data-testid="import-key">
      {keys.length < 2 ? null : (
        <label className="currency-default" htmlFor="import-key-field">
          <span>{t('imports.default.key')}</span>
          <Select
            id="import-key-field"
            value={recordKey[0]}
            disabled={isBusy}
            onChange={(key: string) => {
              state.setKey(key);
              onChange?.({ key });
            }}
            options={keys.map((key, index) => ({
              value: key[0],
              disabled: !isMapped(key),
              label: isMapped(key)
                ? index === 0
                  ? t('imports.default.keyOwn', { key: nameOf(key) })
                  : nameOf(key)
                : t('imports.default.keyUnmapped', { key: nameOf(key) }),
            }))}
          />
          <span className="muted">{t('imports.default.keyHint')}</span>
        </label>
      )}
      <label className="currency-default" htmlFor="import-duplicate">
        <span>
          {keys.length > 1
            ? t('imports.default.duplicateShort')
            : t('imports.default.duplicateKey', { key: nameOf(recordKey) })}
        </span>
        <Select
          id="import-duplicate"
          value={state.onDuplicate}
          disabled={isBusy}
          onChange={(next) => {
            state.setOnDuplicate(next);
            onChange?.({ onDuplicate: next });
          }}
          options={onDuplicate.options.map((one) => ({
            value: one,
            label: t(`imports.${kind === 'documents' ? 'duplicate' : 'duplicateRecord'}.${one}`),
          }))}
        />
      </label>
    </div>
  );
}

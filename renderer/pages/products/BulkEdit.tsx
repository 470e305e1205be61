import { Button, Checkbox } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listed } from '../../../shared/i18n/words.ts';
import { useKeys } from '../../app/keys.ts';
import { DetailPane, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ProductInput } from './ProductInput.tsx';
import { fieldError, type ProductField, type ProductFields, productInputs } from './product-fields.ts';

const empty: ProductFields = {
  lineKind: 'goods',
  nameCn: '',
  hsCode: '',
  gmodel: '',
  unit: '',
  unit1: '',
  qty1PerUnit: '',
  unit2: '',
  qty2PerUnit: '',
  netWeight: '',
  grossWeight: '',
  origin: '',
  barcode: '',
  needsLicence: false,
};

/** The same values for many products: only the ticked fields change, and typing into a field ticks it. */
export function BulkEdit({
  skus,
  onDone,
  onCancel,
}: {
  readonly skus: readonly string[];
  readonly onDone: () => void;
  readonly onCancel: () => void;
}) {
  const { t, i18n } = useTranslation();
  const [values, setValues] = useState<ProductFields>(empty);
  const [ticked, setTicked] = useState<ReadonlySet<ProductField>>(new Set());
  const update = useCommand('products.update');
  const wrong = productInputs.filter(
    ({ field }) => ticked.has(field) && fieldError(field, values[field]) !== undefined,
  );
  const canApply = ticked.size > 0 && wrong.length === 0;
  const apply = async (): Promise<void> => {
    if (!canApply) return;
    const patch = Object.fromEntries([...ticked].map((field) => [field, values[field]])) as Partial<ProductFields>;
    const answer = await update.run({ skus: [...skus], patch });
    if (answer === undefined) return;
    notify(t('products.bulk.done', { n: formatCount(answer.updated) }));
    onDone();
  };
  const tick = (field: ProductField, isOn: boolean): void => {
    const next = new Set(ticked);
    if (isOn) next.add(field);
    else next.delete(field);
    setTicked(next);
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('products.bulk.apply', { n: formatCount(skus.length) }),
      run: () => void apply(),
      isEnabled: canApply,
      isMain: true,
    },
    { key: 'Esc', label: t('products.clearSelection'), run: () => focusList() || onCancel() },
  ]);
  const onKeyDown = useEnterNavigation({ onSubmit: () => void apply() });
  const onCtrlEnter = captureCtrlEnter(() => void apply());
  const n = formatCount(skus.length);
  return (
    <DetailPane
      title={t('products.bulk.title', { n })}
      extra={
        <Button size="small" type="text" onClick={onCancel}>
          {t('products.clearSelection')}
        </Button>
      }
      foot={
        <>
          <span className="muted">
            {ticked.size === 0
              ? t('products.bulk.nothing')
              : t('products.bulk.confirm', {
                  n,
                  fields: listed(
                    productInputs
                      .filter(({ field }) => ticked.has(field))
                      .map(({ field }) => t(`products.field.${field}`)),
                    i18n.language,
                  ),
                })}
          </span>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('products.bulk.apply', { n })}
            keys="Ctrl+Enter"
            isDisabled={!canApply}
            isBusy={update.isRunning}
            onPress={() => void apply()}
          />
        </>
      }
    >
      <p className="muted">{t('products.bulk.hint')}</p>
      <ErrorNote error={update.error} onClose={update.clear} />
      <form
        className="bulk-form"
        onKeyDownCapture={onCtrlEnter}
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        {productInputs.map(({ field, input }) => {
          const error = ticked.has(field) ? fieldError(field, values[field]) : undefined;
          return (
            <div key={field} className={ticked.has(field) ? 'bulk-row is-ticked' : 'bulk-row'}>
              <Checkbox
                checked={ticked.has(field)}
                tabIndex={-1}
                onChange={(event) => tick(field, event.target.checked)}
              >
                {t(`products.field.${field}`)}
              </Checkbox>
              <div>
                <ProductInput
                  field={field}
                  input={input}
                  id={`bulk-${field}`}
                  value={values[field]}
                  isInvalid={error !== undefined}
                  onChange={(value) => {
                    setValues({ ...values, [field]: value });
                    tick(field, true);
                  }}
                  onSettled={() => undefined}
                />
                {error === undefined ? null : <span className="field-error">{t(`products.error.${error}`)}</span>}
              </div>
            </div>
          );
        })}
      </form>
    </DetailPane>
  );
}

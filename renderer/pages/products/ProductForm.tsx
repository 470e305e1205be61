import { Button } from 'antd';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Controller, useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { ProductRow } from '../../../shared/contract/trade.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { useKeys } from '../../app/keys.ts';
import { DetailPane, focusList } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { StateTag, ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { ProductElements } from './ProductElements.tsx';
import { ProductHistory } from './ProductHistory.tsx';
import { ProductInput } from './ProductInput.tsx';
import { FilingTag, ProductTax } from './ProductTax.tsx';
import {
  fieldError,
  fieldsOf,
  isGoods,
  type ProductField,
  type ProductFields,
  productInputs,
} from './product-fields.ts';

type SaveState =
  | { readonly kind: 'idle' | 'saving' }
  | { readonly kind: 'saved'; readonly at: string }
  | { readonly kind: 'failed'; readonly error: ContractError };

interface Props {
  readonly row: ProductRow;
  readonly takesFocus: boolean;
  readonly onSaved: (row: ProductRow) => void;
  readonly onNext: () => void;
  readonly onClose: () => void;
}

function clock(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

// Not asked of what is not goods: it never reaches a customs document.
const goodsOnly: readonly ProductField[] = [
  'hsCode',
  'gmodel',
  'unit',
  'unit1',
  'qty1PerUnit',
  'unit2',
  'qty2PerUnit',
  'netWeight',
  'grossWeight',
  'origin',
  'barcode',
  'needsLicence',
];
const hinted: readonly ProductField[] = ['hsCode', 'gmodel', 'qty1PerUnit'];
const firstField: ProductField = 'nameCn';

/** One product. Each field is saved as it is left (暂存); Ctrl+Enter saves and goes to the next one to classify. */
export function ProductForm({ row, takesFocus, onSaved, onNext, onClose }: Props) {
  const { t, i18n } = useTranslation();
  const form = useForm<ProductFields>({ defaultValues: fieldsOf(row), mode: 'onChange' });
  const { control, getValues, setValue, watch } = form;
  const [save, setSave] = useState<SaveState>({ kind: 'idle' });
  const about = useQuery(
    'classification.doubts',
    {
      hsCode: row.hsCode,
      name: row.nameCn === '' ? row.nameSource : row.nameCn,
      description: row.nameCn === '' || row.nameSource === row.nameCn ? '' : row.nameSource,
      sku: row.sku,
    },
    { areas: ['products'] },
  );
  // That the code is in no table is what the elements say.
  const doubts =
    about.data === undefined || about.data.isDecided
      ? []
      : about.data.doubts.filter(({ code }) => code !== 'CODE-UNKNOWN');
  /** What the core has: only what differs from it is sent. */
  const stored = useRef<ProductFields>(fieldsOf(row));
  const running = useRef<Promise<void>>(Promise.resolve());
  const latest = useRef({ onSaved, sku: row.sku });
  latest.current = { onSaved, sku: row.sku };

  /** Saves what differs and is well formed, after what is under way; resolves when it is stored or refused. */
  const flush = useCallback((): Promise<void> => {
    running.current = running.current.then(async () => {
      const values = getValues();
      const patch: Partial<ProductFields> = {};
      const put = <F extends ProductField>(field: F): void => {
        if (values[field] !== stored.current[field] && fieldError(field, values[field]) === undefined)
          patch[field] = values[field];
      };
      for (const { field } of productInputs) put(field);
      if (Object.keys(patch).length === 0) return;
      setSave({ kind: 'saving' });
      try {
        const { rows } = await call('products.update', { skus: [latest.current.sku], patch });
        stored.current = { ...stored.current, ...patch };
        setSave({ kind: 'saved', at: clock(new Date()) });
        const [updated] = rows;
        if (updated !== undefined) latest.current.onSaved(updated);
      } catch (thrown) {
        setSave({ kind: 'failed', error: errorOf(thrown) });
      }
    });
    return running.current;
  }, [getValues]);

  // The page may be left by a click in the rail without the field being left first.
  useEffect(() => () => void flush(), [flush]);

  const saveNext = async (): Promise<void> => {
    await flush();
    onNext();
  };
  useKeys([
    { key: 'Ctrl+Enter', label: t('products.detail.saveNext'), run: () => void saveNext(), isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || onClose() },
  ]);
  const onKeyDown = useEnterNavigation({ onSubmit: () => void saveNext() });
  const onCtrlEnter = captureCtrlEnter(() => void saveNext());
  const goods = isGoods(watch('lineKind'));
  const missing = row.missing.map((field) => t(`products.field.${field}`, { defaultValue: field }));

  return (
    <DetailPane
      title={row.sku}
      isCode
      tags={
        <>
          <StateTag kind="product" state={row.state} />
          <FilingTag sku={row.sku} />
        </>
      }
      extra={
        <>
          <span className="muted" role="status">
            {save.kind === 'saving'
              ? t('products.detail.saving')
              : save.kind === 'saved'
                ? t('products.detail.saved', { at: save.at })
                : ''}
          </span>
          <Button size="small" type="text" onClick={onClose}>
            {t('common.close')}
          </Button>
        </>
      }
      foot={
        <>
          {row.state === 'not-goods' ? (
            <span className="muted">{t('products.detail.notGoods')}</span>
          ) : missing.length === 0 && doubts.length > 0 ? (
            <button
              type="button"
              className="link"
              onClick={() => document.querySelector('.product-elements')?.scrollIntoView({ block: 'nearest' })}
            >
              <ToneTag tone="action" label={t('products.detail.doubtful')} />
            </button>
          ) : missing.length === 0 ? (
            <ToneTag tone="accepted" label={t('products.detail.complete')} />
          ) : (
            <ToneTag tone="action" label={t('products.detail.missing', { fields: listed(missing, i18n.language) })} />
          )}
          <span className="spacer" />
          <KeyButton label={t('products.detail.saveNext')} keys="Ctrl+Enter" onPress={() => void saveNext()} />
        </>
      }
    >
      <p className="product-source">
        {row.nameSource} <span className="muted">{t('products.detail.lines', { n: formatCount(row.orderLines) })}</span>
      </p>
      {save.kind === 'failed' ? <ErrorNote error={save.error} onRetry={() => void flush()} /> : null}
      <form
        className="product-form"
        onKeyDownCapture={onCtrlEnter}
        onKeyDown={onKeyDown}
        onSubmit={(event) => event.preventDefault()}
      >
        {productInputs
          .filter(({ field }) => goods || !goodsOnly.includes(field))
          .map(({ field, input, isWide }) => (
            <Controller
              key={field}
              name={field}
              control={control}
              rules={{
                validate: (value) => {
                  const wrong = fieldError(field, value);
                  return wrong === undefined || t(`products.error.${wrong}`);
                },
              }}
              render={({ field: { value, onChange }, fieldState }) => {
                const error = fieldState.error?.message;
                return (
                  <Field
                    id={`product-${field}`}
                    label={t(`products.field.${field}`)}
                    isRequired={row.missing.includes(field)}
                    isWide={isWide ?? false}
                    {...(hinted.includes(field) ? { hint: t(`products.hint.${field}`) } : {})}
                    {...(error === undefined ? {} : { error })}
                  >
                    <ProductInput
                      field={field}
                      input={input}
                      id={`product-${field}`}
                      value={value}
                      isInvalid={error !== undefined}
                      autoFocus={takesFocus && field === firstField}
                      onChange={onChange}
                      onSettled={() => void flush()}
                    />
                  </Field>
                );
              }}
            />
          ))}
      </form>
      {goods && row.hsCode !== '' ? (
        <ProductElements
          key={row.hsCode}
          sku={row.sku}
          hsCode={row.hsCode}
          doubts={doubts}
          onSaved={(gmodel) => {
            stored.current = { ...stored.current, gmodel };
            setValue('gmodel', gmodel);
          }}
        />
      ) : null}
      {goods ? <ProductTax sku={row.sku} hsCode={row.hsCode} /> : null}
      <ProductHistory sku={row.sku} />
    </DetailPane>
  );
}

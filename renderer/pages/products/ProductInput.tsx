import { Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { type FieldInput, kinds, type ProductField, type ProductFields } from './product-fields.ts';

interface Props {
  readonly field: ProductField;
  readonly input: FieldInput;
  readonly id: string;
  readonly value: ProductFields[ProductField];
  readonly isInvalid: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  readonly onChange: (value: ProductFields[ProductField]) => void;
  /** The field was left, or a choice was made that needs no leaving. */
  readonly onSettled: () => void;
}

/** One product field in the input that suits it; the same for one product and for many. */
export function ProductInput({
  field,
  input,
  id,
  value,
  isInvalid,
  isDisabled = false,
  autoFocus = false,
  onChange,
  onSettled,
}: Props) {
  const { t } = useTranslation();
  const label = t(`products.field.${field}`);
  switch (input.kind) {
    case 'kind':
      return (
        <Select
          id={id}
          aria-label={label}
          value={String(value)}
          disabled={isDisabled}
          onChange={(kind) => {
            const known = kinds.find((one) => one === kind);
            if (known !== undefined) onChange(known);
            onSettled();
          }}
          options={kinds.map((kind) => ({
            value: kind,
            label: `${t(`products.kind.${kind}`)} · ${t(`products.kindHint.${kind}`)}`,
          }))}
        />
      );
    case 'flag':
      return (
        <Checkbox
          id={id}
          checked={value === true}
          disabled={isDisabled}
          onChange={(event) => {
            onChange(event.target.checked);
            onSettled();
          }}
        >
          {t(value === true ? 'products.needsLicence.yes' : 'products.needsLicence.no')}
        </Checkbox>
      );
    case 'code':
      return (
        <LookupBox
          id={id}
          table={input.table}
          recentFor={`product|${field}`}
          value={String(value)}
          isDisabled={isDisabled}
          isInvalid={isInvalid}
          autoFocus={autoFocus}
          onChange={onChange}
          onBlur={onSettled}
        />
      );
    case 'decimal':
      return (
        <NumericInput
          id={id}
          value={String(value)}
          isDisabled={isDisabled}
          isInvalid={isInvalid}
          onChange={onChange}
          onBlur={onSettled}
        />
      );
    case 'text':
      return (
        <Input
          id={id}
          value={String(value)}
          disabled={isDisabled}
          autoFocus={autoFocus}
          autoComplete="off"
          maxLength={field === 'barcode' ? 50 : 250}
          status={isInvalid ? 'error' : ''}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onSettled}
        />
      );
  }
}

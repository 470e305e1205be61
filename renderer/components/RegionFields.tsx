/** Extra fields that a county or city asks for (市县附加栏目): rendered from the pack, whatever it names. */
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { checkExtra, type ExtraValues, longestExtra, type RegionField } from '../../shared/rules/regions/modules.ts';
import { useBilingual } from '../pages/obligations/use-bilingual.ts';
import { DateInput } from './DateInput.tsx';
import { Field } from './Field.tsx';
import { NumericInput } from './NumericInput.tsx';

export function RegionFields({
  prefix,
  fields,
  values,
  isDisabled = false,
  onChange,
}: {
  /** Of the ids on the page. */
  readonly prefix: string;
  readonly fields: readonly RegionField[];
  readonly values: ExtraValues;
  readonly isDisabled?: boolean;
  readonly onChange: (values: ExtraValues) => void;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const problems = new Map(checkExtra(fields, values).map(({ field, problem }) => [field.id, problem]));
  const put = (id: string, value: string): void => onChange({ ...values, [id]: value });
  const input = (field: RegionField) => {
    const id = `${prefix}-extra-${field.id}`;
    const value = values[field.id] ?? '';
    switch (field.kind) {
      case 'date':
        return <DateInput id={id} value={value} onChange={(date) => put(field.id, date)} />;
      case 'number':
        return (
          <NumericInput
            id={id}
            decimals={field.max ?? 5}
            allowNegative
            isDisabled={isDisabled}
            value={value}
            onChange={(figure) => put(field.id, figure)}
          />
        );
      case 'choice':
        return (
          <Select
            id={id}
            allowClear
            disabled={isDisabled}
            value={value === '' ? null : value}
            options={field.choices.map(({ code, title }) => ({ value: code, label: words(title) }))}
            onChange={(code: string | null | undefined) => put(field.id, code ?? '')}
          />
        );
      case 'text':
        return (
          <Input
            id={id}
            disabled={isDisabled}
            value={value}
            maxLength={field.max ?? longestExtra}
            onChange={(event) => put(field.id, event.target.value)}
          />
        );
    }
  };
  return fields.map((field) => {
    const problem = problems.get(field.id);
    return (
      <Field
        key={field.id}
        id={`${prefix}-extra-${field.id}`}
        label={words(field.title)}
        isRequired={field.required}
        hint={field.hint === null ? undefined : words(field.hint)}
        error={problem === undefined || problem === 'MISSING' ? undefined : t(`common.extra.${problem}`)}
      >
        {input(field)}
      </Field>
    );
  });
}

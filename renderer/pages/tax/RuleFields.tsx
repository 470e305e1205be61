/** Fields of a calculator, made from what the rule says it takes: figures and dates as plain text, choices, rows of a list. */
import { Button, Input } from 'antd';
import type { RuleInput } from '../../../shared/contract/tax.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { Field } from '../../components/Field.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { searchCurrencies } from '../ledger/lookups.ts';
import { type FormValue, type FormValues, groupOf, plainRow, rowFields, rowsOf, textOf } from './calculator-form.ts';
import { ruleText } from './rule-text.ts';
import { useWords } from './use-words.ts';

export interface RuleFieldsProps {
  readonly calculator: string;
  readonly fields: readonly RuleInput[];
  readonly values: FormValues;
  readonly onChange: (values: FormValues) => void;
  /** Path of the field that was refused, with what is wrong in words. */
  readonly refused?: { readonly path: string; readonly text: string } | undefined;
  /** Path of the group or row the fields stand in, with its dot. */
  readonly prefix?: string;
}

/** Most figures carry up to ten decimals (rates, quantities); the core rounds. */
const figureDecimals = 10;

export function fieldId(path: string): string {
  return `rule-${path.replaceAll('.', '-')}`;
}

export function RuleFields({ calculator, fields, values, onChange, refused, prefix = '' }: RuleFieldsProps) {
  const { t, say } = useWords();
  const put = (name: string, value: FormValue): void => onChange({ ...values, [name]: value });
  return (
    <>
      {fields.map((field) => {
        const path = `${prefix}${field.name}`;
        const error = refused?.path === path ? refused.text : undefined;
        const label = say(field.label);
        if (field.kind === 'list')
          return (
            <ListField
              key={field.name}
              calculator={calculator}
              field={field}
              path={path}
              value={values[field.name]}
              error={error}
              refused={refused}
              onChange={(rows) => put(field.name, rows)}
            />
          );
        if (field.kind === 'group')
          return (
            <fieldset key={field.name} className="rule-group">
              <legend>
                {label}
                {field.required ? null : <span className="muted"> {t('common.optional')}</span>}
              </legend>
              {error === undefined ? null : (
                <p className="field-error" role="alert">
                  {error}
                </p>
              )}
              <div className="form-grid">
                <RuleFields
                  calculator={calculator}
                  fields={field.fields ?? []}
                  values={groupOf(values[field.name])}
                  refused={refused}
                  prefix={`${path}.`}
                  onChange={(inner) => put(field.name, inner)}
                />
              </div>
            </fieldset>
          );
        return (
          <Field key={field.name} id={fieldId(path)} label={label} isRequired={field.required} error={error}>
            <RuleControl
              calculator={calculator}
              field={field}
              id={fieldId(path)}
              isInvalid={error !== undefined}
              value={textOf(values[field.name])}
              onChange={(text) => put(field.name, text)}
            />
          </Field>
        );
      })}
    </>
  );
}

interface ControlProps {
  readonly calculator: string;
  readonly field: RuleInput;
  readonly id: string;
  readonly value: string;
  readonly isInvalid: boolean;
  readonly label?: string;
  readonly onChange: (value: string) => void;
}

function RuleControl({ calculator, field, id, value, isInvalid, label, onChange }: ControlProps) {
  const { t, language } = useWords();
  const common = { id, value, onChange, ...(label === undefined ? {} : { label }) };
  switch (field.kind) {
    case 'figure':
      return <NumericInput {...common} decimals={figureDecimals} allowNegative isInvalid={isInvalid} />;
    case 'whole':
      return <NumericInput {...common} decimals={0} allowNegative isInvalid={isInvalid} />;
    case 'date':
      return <DateInput {...common} placeholder={t('tax.datePlaceholder')} />;
    case 'boolean':
    case 'choice': {
      const options = field.kind === 'boolean' ? ['true', 'false'] : (field.options ?? []);
      const nameOf = (option: string): string =>
        field.kind === 'boolean'
          ? t(`tax.${option === 'true' ? 'yes' : 'no'}`)
          : (ruleText(`input.${field.name}.${option}`, language, calculator) ??
            t(`tax.option.${field.name}.${option}`, { defaultValue: option }));
      const choices = options.map((code) => ({ code, name: nameOf(code) }));
      return (
        <ChoiceBox
          id={id}
          shown={value === '' ? '' : nameOf(value)}
          hidesCode
          placeholder={field.required ? t('tax.choose') : t('tax.notFilled')}
          isInvalid={isInvalid}
          search={(text) =>
            choices.filter(
              ({ code, name }) =>
                name.toLowerCase().includes(text.toLowerCase()) || code.toLowerCase().startsWith(text.toLowerCase()),
            )
          }
          onTake={(choice) => onChange(choice?.code ?? '')}
          {...(label === undefined ? {} : { label })}
        />
      );
    }
    default:
      if (field.name === 'hsCode') return <LookupBox {...common} table="hs" isOpen isInvalid={isInvalid} />;
      if (field.name === 'currency')
        return (
          <ChoiceBox
            id={id}
            shown={value}
            isInvalid={isInvalid}
            search={searchCurrencies}
            onTake={(choice) => onChange(choice?.code ?? '')}
            {...(label === undefined ? {} : { label })}
          />
        );
      return (
        <Input
          id={id}
          value={value}
          autoComplete="off"
          spellCheck={false}
          status={isInvalid ? 'error' : ''}
          onChange={(event) => onChange(event.target.value)}
          {...(label === undefined ? {} : { 'aria-label': label })}
        />
      );
  }
}

function ListField({
  calculator,
  field,
  path,
  value,
  error,
  refused,
  onChange,
}: {
  readonly calculator: string;
  readonly field: RuleInput;
  readonly path: string;
  readonly value: FormValue | undefined;
  readonly error: string | undefined;
  readonly refused: RuleFieldsProps['refused'];
  readonly onChange: (rows: readonly FormValues[]) => void;
}) {
  const { t, say } = useWords();
  const rows = rowsOf(value);
  const fields = rowFields(field);
  const isPlain = fields[0]?.name === plainRow;
  const isNested = fields.some(({ kind }) => kind === 'list' || kind === 'group');
  const putRow = (at: number, row: FormValues): void => onChange(rows.map((one, index) => (index === at ? row : one)));
  const takeAway = (at: number): void => onChange(rows.filter((_, index) => index !== at));
  const remove = (at: number): React.ReactNode => (
    <Button size="small" type="text" tabIndex={-1} onClick={() => takeAway(at)}>
      {t('tax.list.remove')}
    </Button>
  );
  return (
    <fieldset className="rule-group">
      <legend>
        {say(field.label)}
        {field.required ? (
          <span className="field-required">*</span>
        ) : (
          <span className="muted"> {t('common.optional')}</span>
        )}
      </legend>
      {isPlain ? <p className="field-hint">{t('tax.list.plainHint')}</p> : null}
      {error === undefined ? null : (
        <p className="field-error" role="alert">
          {error}
        </p>
      )}
      {isNested ? (
        rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
          <div key={at} className="rule-row-card">
            <div className="rule-row-head">
              <span>{t('tax.list.row', { at: at + 1 })}</span>
              {remove(at)}
            </div>
            <div className="form-grid">
              <RuleFields
                calculator={calculator}
                fields={fields}
                values={row}
                refused={refused}
                prefix={`${path}.${at}.`}
                onChange={(next) => putRow(at, next)}
              />
            </div>
          </div>
        ))
      ) : (
        <div className="rule-table-box">
          <table className="rule-table">
            {isPlain ? null : (
              <thead>
                <tr>
                  {fields.map((one) => (
                    <th key={one.name} scope="col">
                      {say(one.label)}
                      {one.required ? <span className="field-required">*</span> : null}
                    </th>
                  ))}
                  <td />
                </tr>
              </thead>
            )}
            <tbody>
              {rows.map((row, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
                <tr key={at}>
                  {fields.map((one) => {
                    const place = isPlain ? `${path}.${at}` : `${path}.${at}.${one.name}`;
                    const wrong = refused?.path === place ? refused.text : undefined;
                    return (
                      <td key={one.name}>
                        <RuleControl
                          calculator={calculator}
                          field={one}
                          id={fieldId(place)}
                          label={`${say(one.label)} ${at + 1}`}
                          isInvalid={wrong !== undefined}
                          value={textOf(row[one.name])}
                          onChange={(text) => putRow(at, { ...row, [one.name]: text })}
                        />
                        {wrong === undefined ? null : (
                          <span className="field-error" role="alert">
                            {wrong}
                          </span>
                        )}
                      </td>
                    );
                  })}
                  <td>{remove(at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Button size="small" onClick={() => onChange([...rows, {}])}>
        {t('tax.list.add')}
      </Button>
    </fieldset>
  );
}

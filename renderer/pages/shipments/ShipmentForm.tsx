import { Input } from 'antd';
import { type KeyboardEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ShipmentBody } from '../../../shared/contract/trade.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { Field } from '../../components/Field.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { RegionFields } from '../../components/RegionFields.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useQuery } from '../../core-client.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import type { Prefilled } from './shipment-body.ts';

type TextField = Exclude<keyof ShipmentBody, 'filter' | 'extra'>;

interface FieldPlan {
  readonly field: TextField;
  readonly table?: string;
  readonly isDate?: true;
  readonly hint?: string;
  readonly max?: number;
  /** Long names get two columns. */
  readonly isDouble?: true;
}

/** Sections and fields in the order of the paper; Ctrl+Enter goes from section to section. */
const sections: readonly { readonly id: 'customs' | 'transport' | 'parties'; readonly fields: readonly FieldPlan[] }[] =
  [
    {
      id: 'customs',
      fields: [
        { field: 'customsCode', table: 'customs_district' },
        { field: 'portCode', table: 'customs_district' },
        { field: 'ieDate', isDate: true },
        { field: 'loctNo', hint: 'loctNo', max: 10 },
      ],
    },
    {
      id: 'transport',
      fields: [
        { field: 'trafMode', table: 'transport_mode' },
        { field: 'billNo', max: 37 },
        { field: 'trafName', max: 100 },
        { field: 'voyageNo', max: 32 },
        { field: 'totalPackageNo', max: 37 },
        { field: 'pod', table: 'port', hint: 'pod' },
        { field: 'wrapType', table: 'wrap_type_old' },
      ],
    },
    {
      id: 'parties',
      fields: [
        { field: 'logisticsCode', max: 18 },
        { field: 'logisticsName', max: 100, isDouble: true },
        { field: 'payName', hint: 'payName', max: 100 },
        { field: 'ownerCode', hint: 'owner', max: 18 },
        { field: 'ownerName', max: 100, isDouble: true },
        { field: 'note', max: 1000 },
      ],
    },
  ];

interface Props {
  readonly body: ShipmentBody;
  readonly missing: readonly string[];
  /** Fields that a park or county has filled in: said until they are changed. */
  readonly filled: Prefilled;
  readonly onChange: (body: ShipmentBody) => void;
}

/** What is entered once and reaches every document of the shipment. */
export function ShipmentForm({ body, missing, filled, onChange }: Props) {
  const { t } = useTranslation();
  const hintOf = ({ field, hint }: FieldPlan): string | undefined => {
    const by = filled.find((one) => one.field === field && one.value === body[field]);
    if (by !== undefined) return t(`shipments.hint.by.${by.kind}`, { name: by.title });
    return hint === undefined ? undefined : t(`shipments.hint.${hint}`);
  };
  const words = useBilingual();
  const region = useQuery('regions.module', { on: 'shipment' }, { areas: ['tax', 'products'] }).data;
  const form = useRef<HTMLFormElement>(null);
  const nextSection = (): void => {
    const all = [...(form.current?.querySelectorAll('fieldset') ?? [])];
    const at = all.findIndex((one) => one.contains(document.activeElement));
    all[(at + 1) % all.length]?.querySelector<HTMLElement>('input')?.focus();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: nextSection, onLast: () => undefined });
  const put = (field: TextField, value: string): void => onChange({ ...body, [field]: value });
  const putFilter = (change: Partial<ShipmentBody['filter']>): void =>
    onChange({ ...body, filter: { ...body.filter, ...change } });

  const input = ({ field, table, isDate, max }: FieldPlan) => {
    const id = `shipment-${field}`;
    if (table !== undefined)
      return <LookupBox id={id} table={table} value={body[field]} onChange={(code) => put(field, code)} />;
    if (isDate === true)
      return <DateInput id={id} value={body[field]} placeholder="2026-11-24" onChange={(value) => put(field, value)} />;
    return (
      <Input
        id={id}
        value={body[field]}
        autoComplete="off"
        {...(max === undefined ? {} : { maxLength: max })}
        onChange={(event) => put(field, event.target.value)}
      />
    );
  };

  return (
    <form
      ref={form}
      className="shipment-form"
      onKeyDown={(event: KeyboardEvent<HTMLFormElement>) => onKeyDown(event)}
      onSubmit={(event) => event.preventDefault()}
    >
      <fieldset>
        <legend>{t('shipments.section.orders')}</legend>
        <div className="shipment-grid">
          <Field id="shipment-from" label={t('shipments.field.from')} hint={t('shipments.hint.filterEmpty')}>
            <DateInput id="shipment-from" value={body.filter.from} onChange={(from) => putFilter({ from })} />
          </Field>
          <Field id="shipment-to" label={t('shipments.field.to')}>
            <DateInput id="shipment-to" value={body.filter.to} onChange={(to) => putFilter({ to })} />
          </Field>
          <Field id="shipment-country" label={t('shipments.field.country')} hint={t('shipments.hint.filterEmpty')}>
            <LookupBox
              id="shipment-country"
              table="country"
              value={body.filter.country}
              onChange={(country) => putFilter({ country })}
            />
          </Field>
        </div>
      </fieldset>
      {sections.map(({ id, fields }) => (
        <fieldset key={id}>
          <legend>{t(`shipments.section.${id}`)}</legend>
          <div className="shipment-grid">
            {fields.map((plan) => (
              <div key={plan.field} className={plan.isDouble === true ? 'is-double' : undefined}>
                <Field
                  id={`shipment-${plan.field}`}
                  label={t(`shipments.field.${plan.field}`)}
                  isRequired={missing.includes(plan.field)}
                  hint={hintOf(plan)}
                >
                  {input(plan)}
                </Field>
              </div>
            ))}
          </div>
        </fieldset>
      ))}
      {region === undefined || region.fields.length === 0 ? null : (
        <fieldset>
          <legend>
            {t('shipments.section.region', { place: words(region.regions.at(-1)?.title ?? { zh: '', en: '' }) })}
          </legend>
          <div className="shipment-grid">
            <RegionFields
              prefix="shipment"
              fields={region.fields}
              values={body.extra ?? {}}
              onChange={(extra) => onChange({ ...body, extra: { ...extra } })}
            />
          </div>
        </fieldset>
      )}
    </form>
  );
}

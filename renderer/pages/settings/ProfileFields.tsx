/** The profile of a book: the fields that both the first form and the settings show. */
import { AutoComplete, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { type Control, Controller, type FieldPath, useWatch } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import {
  checkCustomsCode,
  checkIdentityDocument,
  checkUscc,
  type IdentityDocument,
  identityDocuments,
} from '../../../shared/identity/index.ts';
import { Field } from '../../components/Field.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call } from '../../core-client.ts';
import { bookColours, identityText, type ProfileForm, plainCode } from './profile-form.ts';

type TextName = Exclude<
  FieldPath<ProfileForm>,
  'role' | 'idType' | 'sendsWaybills' | 'sendsReceipts' | 'simplified' | 'colour'
>;

interface TextFieldProps {
  readonly control: Control<ProfileForm>;
  readonly name: TextName;
  /** Where it is not what firms call it. */
  readonly label?: string;
  readonly isRequired?: boolean;
  readonly isCode?: boolean;
  readonly isWide?: boolean;
  readonly hint?: React.ReactNode;
  readonly placeholder?: string;
}

function TextField({
  control,
  name,
  label,
  isRequired = false,
  isCode = false,
  isWide = false,
  hint,
  placeholder,
}: TextFieldProps) {
  const { t } = useTranslation();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <Field
          id={`profile-${name}`}
          label={label ?? t(`profile.${name}`)}
          isRequired={isRequired}
          isWide={isWide}
          hint={hint ?? t(`profile.hint.${name}`, { defaultValue: '' })}
          error={fieldState.error?.message}
        >
          <Input
            {...field}
            id={`profile-${name}`}
            autoComplete="off"
            spellCheck={false}
            className={isCode ? 'code' : ''}
            aria-describedby={`profile-${name}-note`}
            status={fieldState.invalid ? 'error' : ''}
            {...(placeholder === undefined ? {} : { placeholder })}
            onBlur={() => {
              if (isCode) field.onChange(plainCode(field.value));
              field.onBlur();
            }}
          />
        </Field>
      )}
    />
  );
}

/** A credit or customs code checked with every character: which place is wrong, and what belongs there. */
function LiveCheck({
  control,
  name,
}: {
  readonly control: Control<ProfileForm>;
  readonly name: 'uscc' | 'customsCode';
}) {
  const { t } = useTranslation();
  const typed = plainCode(useWatch({ control, name }));
  if (typed === '') return t(`profile.hint.${name}`);
  const result = name === 'uscc' ? checkUscc(typed) : checkCustomsCode(typed);
  if (result.ok) return <ToneTag tone="accepted" label={t('identity.ok')} />;
  // Too short is no mistake while one is still typing.
  const isTyping = result.code === 'ID-LENGTH' && typed.length < Number(result.params['expected']);
  return isTyping ? (
    t('identity.typing', { ...result.params })
  ) : (
    <ToneTag tone="rejected" label={identityText(result, t)} />
  );
}

/** Who a natural person is: the document and its number, checked with every character. The stored number never comes to the window. */
function IdentityFields({
  control,
  kept,
}: {
  readonly control: Control<ProfileForm>;
  /** The stored number, masked; undefined in a new book. */
  readonly kept: string | undefined;
}) {
  const { t } = useTranslation();
  const kind = useWatch({ control, name: 'idType' });
  const typed = plainCode(useWatch({ control, name: 'idNumber' }));
  const result = checkIdentityDocument(kind, typed);
  const isTyping = !result.ok && result.code === 'ID-LENGTH';
  const hint =
    typed === '' ? (
      t('profile.hint.idNumber')
    ) : result.ok ? (
      <ToneTag tone="accepted" label={t('identity.ok')} />
    ) : isTyping ? (
      t('identity.typing', { ...result.params })
    ) : (
      <ToneTag tone="rejected" label={identityText(result, t)} />
    );
  return (
    <>
      <Controller
        control={control}
        name="idType"
        render={({ field }) => (
          <Field id="profile-idType" label={t('profile.idType')} isRequired>
            <Select<IdentityDocument>
              id="profile-idType"
              value={field.value}
              options={identityDocuments.map((value) => ({ value, label: t(`profile.document.${value}`) }))}
              onChange={(value) => field.onChange(value)}
            />
          </Field>
        )}
      />
      <TextField
        control={control}
        name="idNumber"
        isRequired={kept === undefined}
        isCode
        hint={hint}
        {...(kept === undefined ? {} : { placeholder: t('settings.profile.bankKept', { masked: kept }) })}
      />
    </>
  );
}

/** Pilot zones by the cities of the region table; any other name may be typed. */
function ZoneField({ control }: { readonly control: Control<ProfileForm> }) {
  const { t } = useTranslation();
  const [names, setNames] = useState<readonly string[]>([]);
  const look = async (text: string): Promise<void> => {
    const wanted = text.trim();
    if (wanted === '') return setNames([]);
    try {
      const { rows } = await call('tables.search', { table: 'region', text: wanted, limit: 9 });
      setNames(rows.map((row) => t('profile.zoneOf', { city: row.name.replace(/[市省]$/, ''), lng: 'zh-CN' })));
    } catch {
      setNames([]); // Suggestions only; the field takes any text.
    }
  };
  return (
    <Controller
      control={control}
      name="zone"
      render={({ field }) => (
        <Field id="profile-zone" label={t('profile.zone')} hint={t('profile.hint.zone')}>
          <AutoComplete
            id="profile-zone"
            value={field.value}
            onChange={(value: string) => field.onChange(value)}
            onSearch={(text) => void look(text)}
            onBlur={field.onBlur}
            options={names.map((value) => ({ value }))}
          />
        </Field>
      )}
    />
  );
}

function Tick({
  control,
  name,
}: {
  readonly control: Control<ProfileForm>;
  readonly name: 'sendsWaybills' | 'sendsReceipts' | 'simplified';
}) {
  const { t } = useTranslation();
  return (
    <Controller
      control={control}
      name={name}
      render={({ field }) => (
        <Checkbox checked={field.value} onChange={(event) => field.onChange(event.target.checked)}>
          {t(`profile.${name}`)}
        </Checkbox>
      )}
    />
  );
}

function ColourField({ control }: { readonly control: Control<ProfileForm> }) {
  const { t } = useTranslation();
  return (
    <Controller
      control={control}
      name="colour"
      render={({ field }) => (
        <fieldset className="colour-field">
          <legend>{t('profile.colour')}</legend>
          {bookColours.map((colour, at) => (
            <label key={colour} style={{ background: colour }} title={t('profile.colourN', { n: at + 1 })}>
              <input
                type="radio"
                name="colour"
                checked={field.value === colour}
                aria-label={t('profile.colourN', { n: at + 1 })}
                onChange={() => field.onChange(colour)}
              />
            </label>
          ))}
        </fieldset>
      )}
    />
  );
}

export function ProfileFields({
  control,
  bankHint,
  idKept,
}: {
  readonly control: Control<ProfileForm>;
  readonly bankHint?: string;
  readonly idKept?: string;
}) {
  const { t } = useTranslation();
  const role = useWatch({ control, name: 'role' });
  const isPerson = role === 'person';
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <div className="form-grid">
        <TextField
          control={control}
          name="name"
          isRequired
          isWide
          {...(isPerson ? { label: t('profile.personName') } : {})}
          hint={t(`profile.hint.${role === 'broker' ? 'nameBroker' : isPerson ? 'namePerson' : 'name'}`)}
        />
        {isPerson ? (
          <IdentityFields control={control} kept={idKept} />
        ) : (
          <>
            <TextField
              control={control}
              name="uscc"
              isRequired
              isCode
              hint={<LiveCheck control={control} name="uscc" />}
            />
            <TextField
              control={control}
              name="customsCode"
              isRequired
              isCode
              hint={<LiveCheck control={control} name="customsCode" />}
            />
          </>
        )}
        <TextField control={control} name="bankName" />
        <TextField
          control={control}
          name="bankAccount"
          {...(bankHint === undefined ? {} : { placeholder: bankHint })}
        />
        <ZoneField control={control} />
        <TextField control={control} name="park" />
        <ColourField control={control} />
      </div>
      {isPerson ? null : (
        <button type="button" className="disclosure" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? t('profile.lessFields') : t('profile.moreFields')}
        </button>
      )}
      {isOpen && !isPerson ? (
        <div className="form-grid">
          <TextField control={control} name="agentCode" isCode />
          <TextField control={control} name="agentName" />
          <TextField control={control} name="dxpId" />
          <TextField control={control} name="ebpCode" />
          <TextField control={control} name="ebpName" isWide />
          <div className="field is-wide ticks">
            <Tick control={control} name="simplified" />
            <Tick control={control} name="sendsWaybills" />
            <Tick control={control} name="sendsReceipts" />
          </div>
        </div>
      ) : null}
    </>
  );
}

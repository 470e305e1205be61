import { Button, Input } from 'antd';
import { useEffect } from 'react';
import { type Control, Controller, type Resolver, useForm } from 'react-hook-form';
import type { TaxProfile } from '../../../shared/contract/tax.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useHookFormDraft } from '../../components/form-draft.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { Panel } from '../../components/Page.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import {
  type ChoiceField,
  checkedProfile,
  fieldOf,
  formOf,
  type ProfileField,
  type ProfileFormValues,
  profileChoices,
} from './profile-fields.ts';
import { useWords } from './use-words.ts';

/** Checked by the contract's own schema; a message stands at the field it is about. */
const resolver: Resolver<ProfileFormValues> = (values) => {
  const { wrong } = checkedProfile(values);
  if (wrong.length === 0) return { values, errors: {} };
  return {
    values: {},
    errors: Object.fromEntries(wrong.map((field) => [field, { type: 'contract', message: field }])),
  };
};

const sections: readonly { readonly id: string; readonly fields: readonly ProfileField[] }[] = [
  { id: 'firm', fields: ['taxpayer', 'kind', 'place', 'halving', 'restrictedIndustry'] },
  { id: 'zone', fields: ['zoneRegistered', 'zoneLogged', 'zoneDeclared', 'deemedNumber', 'deemedFrom', 'deemedTo'] },
  {
    id: 'refund',
    fields: ['refundRegisteredOn', 'refundClass', 'customsCredit', 'domesticVatRate', 'waiverOf', 'waiverFrom'],
  },
];
const dates: ReadonlySet<ProfileField> = new Set(['refundRegisteredOn', 'deemedFrom', 'deemedTo', 'waiverFrom']);

function isChoice(name: ProfileField): name is ChoiceField {
  return Object.hasOwn(profileChoices, name);
}

export function ProfileForm({
  profile,
  wanted,
}: {
  readonly profile: TaxProfile;
  readonly wanted: string | undefined;
}) {
  const { t } = useWords();
  const save = useCommand('tax.saveProfile');
  const form = useForm<ProfileFormValues>({ resolver, defaultValues: formOf(profile), mode: 'onTouched' });
  const draft = useHookFormDraft(form, 'tax profile', formOf(profile), JSON.stringify(profile));
  const target = wanted === undefined ? undefined : fieldOf(wanted);
  useEffect(() => {
    if (target !== undefined) document.getElementById(`tax-${target}`)?.focus();
  }, [target]);
  const submit = form.handleSubmit(async (values) => {
    const checked = checkedProfile(values);
    if (!('profile' in checked)) return;
    const done = await save.run(checked.profile);
    if (done === undefined) return;
    notify(t('tax.profile.saved'));
    form.reset(values);
    draft.done();
  });
  const start = (): void => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    window.setTimeout(() => void submit(), 0);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: start });
  return (
    <Panel
      foot={
        <div className="form-foot">
          <span className="muted">{t('tax.profile.hint')}</span>
          <Button type="primary" loading={save.isRunning} disabled={!form.formState.isDirty} onClick={start}>
            {t('common.save')}
            <KeyHint keys="Ctrl+Enter" />
          </Button>
        </div>
      }
    >
      <form
        className="panel-pad tax-profile"
        noValidate
        onKeyDown={onKeyDown}
        onKeyDownCapture={captureCtrlEnter(start)}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <RestoredNote draft={draft} />
        <ErrorNote error={save.error} onClose={save.clear} />
        {sections.map((section) => (
          <section key={section.id} aria-label={t(`tax.profile.section.${section.id}`)}>
            <h3 className="form-section">{t(`tax.profile.section.${section.id}`)}</h3>
            <div className="form-grid is-three">
              {section.fields.map((name) => (
                <ProfileInput key={name} control={form.control} name={name} />
              ))}
            </div>
          </section>
        ))}
      </form>
    </Panel>
  );
}

function ProfileInput({
  control,
  name,
}: {
  readonly control: Control<ProfileFormValues>;
  readonly name: ProfileField;
}) {
  const { t } = useWords();
  const id = `tax-${name}`;
  const hint = t(`tax.profile.help.${name}`, { defaultValue: '' });
  return (
    <Controller
      control={control}
      name={name}
      render={({ field, fieldState }) => (
        <Field
          id={id}
          label={t(`tax.profile.field.${name}`)}
          {...(hint === '' ? {} : { hint })}
          error={fieldState.error === undefined ? undefined : t('tax.profile.wrong')}
        >
          {isChoice(name) ? (
            <ProfileChoice
              id={id}
              name={name}
              value={field.value}
              isInvalid={fieldState.invalid}
              onChange={field.onChange}
            />
          ) : dates.has(name) ? (
            <DateInput id={id} value={field.value} onChange={field.onChange} placeholder={t('tax.datePlaceholder')} />
          ) : (
            <Input
              {...field}
              id={id}
              autoComplete="off"
              spellCheck={false}
              status={fieldState.invalid ? 'error' : ''}
              {...(name === 'domesticVatRate' ? { placeholder: '13%' } : {})}
            />
          )}
        </Field>
      )}
    />
  );
}

function ProfileChoice({
  id,
  name,
  value,
  isInvalid,
  onChange,
}: {
  readonly id: string;
  readonly name: ChoiceField;
  readonly value: string;
  readonly isInvalid: boolean;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useWords();
  const options: readonly string[] = profileChoices[name];
  const nameOf = (code: string): string =>
    code === 'true' || code === 'false' ? t(`tax.${code === 'true' ? 'yes' : 'no'}`) : t(`tax.option.${name}.${code}`);
  return (
    <ChoiceBox
      id={id}
      shown={value === '' ? '' : nameOf(value)}
      hidesCode
      isInvalid={isInvalid}
      placeholder={t('tax.notFilled')}
      search={(text) =>
        options
          .map((code) => ({ code, name: nameOf(code) }))
          .filter((one) => one.name.toLowerCase().includes(text.toLowerCase()))
      }
      onTake={(choice) => onChange(choice?.code ?? '')}
    />
  );
}

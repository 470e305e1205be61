import { Button, Checkbox, Input, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type ForexProfile, forexProfile, subjects } from '../../../shared/contract/supervision.ts';
import { forexClasses } from '../../../shared/rules/forex/class-pack.ts';
import { useKeys } from '../../app/keys.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Panel } from '../../components/Page.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { focusFirst, useFieldErrors } from '../money/field-errors.ts';
import { Checklist } from './GaugesTab.tsx';

const dates = ['listedOn', 'changedOn', 'changeRegisteredOn', 'guidedUntil', 'pilotSince'] as const;
const numbers = ['usualReceiptDays', 'staff'] as const;
type Typed = Record<(typeof dates)[number] | (typeof numbers)[number], string>;

/** The firm in the eyes of SAFE and its bank: registration, classes, pilot, what counts. */
export function ProfileTab() {
  const stored = useQuery('forexProfile.get', {}, { areas: ['money'] });
  const { data } = stored;
  if (data === undefined)
    return stored.status === 'failed' ? <ErrorNote error={stored.error} onRetry={stored.reload} /> : <Skeleton />;
  return <Form key={data.changedAt ?? ''} stored={data} />;
}

/** Dates and numbers as typed; all else as it is kept. */
function typedOf(profile: ForexProfile): Typed {
  const { listedOn = '', changedOn = '', changeRegisteredOn = '', guidedUntil = '', pilotSince = '' } = profile;
  return {
    ...{ listedOn, changedOn, changeRegisteredOn, guidedUntil, pilotSince },
    usualReceiptDays: String(profile.usualReceiptDays ?? ''),
    staff: String(profile.staff ?? ''),
  };
}

function Form({ stored: data }: { readonly stored: OutputOf<'forexProfile.get'> }) {
  const { t } = useTranslation();
  const save = useCommand('forexProfile.save');
  const form = useFormDraft(
    'forex profile',
    { profile: data.profile, typed: typedOf(data.profile) },
    data.changedAt ?? '',
  );
  const { profile, typed } = form.value;
  const [isTried, setTried] = useState(false);
  const refused = useFieldErrors(save.error);
  const kept: Record<string, unknown> = { ...profile };
  for (const name of dates) kept[name] = typed[name] === '' ? undefined : typed[name];
  for (const name of numbers) kept[name] = typed[name] === '' ? undefined : Number(typed[name]);
  const whole = forexProfile.safeParse(kept);
  const wrong = new Set(whole.success ? [] : whole.error.issues.map(({ path }) => String(path[0])));
  const errorOf = (name: (typeof dates)[number] | (typeof numbers)[number]): string | undefined =>
    refused(name) ??
    (wrong.has(name) && (isTried || typed[name].length > 9)
      ? t(`supervision.profile.rule.${dates.some((one) => one === name) ? 'date' : 'number'}`)
      : undefined);
  const submit = async (): Promise<void> => {
    if (!whole.success) {
      setTried(true);
      focusFirst([...dates, ...numbers].filter((name) => wrong.has(name)).map((name) => `profile-${name}`));
      return;
    }
    if ((await save.run(whole.data)) === undefined) return;
    form.done();
    notify(t('supervision.profile.saved'));
  };
  const latest = useRef(submit);
  latest.current = submit;
  /** A field says what was typed when it is left, so it is left first. */
  const doSave = (): void => {
    const field = document.activeElement;
    if (field instanceof HTMLElement) field.blur();
    requestAnimationFrame(() => void latest.current());
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('supervision.save'), run: doSave, isMain: true }]);
  const onKeyDown = useEnterNavigation({ onSubmit: doSave });
  const put = (patch: Partial<ForexProfile>): void => form.change({ profile: { ...profile, ...patch } });
  const type = (patch: Partial<Typed>): void => form.change({ typed: { ...typed, ...patch } });
  const dateField = (name: (typeof dates)[number]) => (
    <Field id={`profile-${name}`} label={t(`supervision.profile.${name}`)} error={errorOf(name)}>
      <DateInput id={`profile-${name}`} value={typed[name]} onChange={(value) => type({ [name]: value })} />
    </Field>
  );
  const numberField = (name: (typeof numbers)[number]) => (
    <Field
      id={`profile-${name}`}
      label={t(`supervision.profile.${name}`)}
      hint={t(`supervision.profile.${name}Hint`)}
      error={errorOf(name)}
    >
      <NumericInput
        id={`profile-${name}`}
        decimals={0}
        value={typed[name]}
        onChange={(value) => type({ [name]: value })}
      />
    </Field>
  );
  const textField = (name: 'listedAt' | 'listNo' | 'note') => (
    <Field id={`profile-${name}`} label={t(`supervision.profile.${name}`)}>
      <Input id={`profile-${name}`} value={profile[name]} onChange={(event) => put({ [name]: event.target.value })} />
    </Field>
  );
  return (
    <div className="monitor">
      <div className="is-whole">
        <Panel
          title={t('supervision.profile.title')}
          extra={
            data.changedAt === undefined
              ? t('supervision.profile.never')
              : t('supervision.profile.changed', { at: formatInstant(data.changedAt) })
          }
          foot={
            <>
              <span className="spacer" />
              <KeyButton
                kind="primary"
                label={t('supervision.save')}
                keys="Ctrl+Enter"
                isBusy={save.isRunning}
                onPress={doSave}
              />
            </>
          }
        >
          <ErrorNote error={save.error} onClose={save.clear} />
          <RestoredNote draft={form} />
          <form
            className="panel-pad"
            onKeyDownCapture={captureCtrlEnter(doSave)}
            onKeyDown={onKeyDown}
            onSubmit={(event) => event.preventDefault()}
          >
            <div className="form-grid">
              <Field id="profile-subject" label={t('supervision.profile.subject')}>
                <Select
                  id="profile-subject"
                  value={profile.subject}
                  options={subjects.map((value) => ({ value, label: t(`supervision.subject.${value}`) }))}
                  onChange={(subject) => put({ subject })}
                />
              </Field>
              <Field
                id="profile-smallCbec"
                label={t('supervision.profile.exemption')}
                hint={t('supervision.profile.exemptionHint')}
              >
                <div className="check-column">
                  <Checkbox
                    id="profile-smallCbec"
                    checked={profile.smallCbec}
                    onChange={(event) => put({ smallCbec: event.target.checked })}
                  >
                    {t('supervision.profile.smallCbec')}
                  </Checkbox>
                  <Checkbox
                    checked={profile.byElectronicInfo}
                    onChange={(event) => put({ byElectronicInfo: event.target.checked })}
                  >
                    {t('supervision.profile.byElectronicInfo')}
                  </Checkbox>
                </div>
              </Field>
              <Field id="profile-cny" label={t('supervision.profile.cny')} hint={t('supervision.profile.cnyHint')}>
                <div className="check-column">
                  <Checkbox
                    id="profile-cny"
                    checked={profile.cnyCounts.registration}
                    onChange={(event) =>
                      put({ cnyCounts: { ...profile.cnyCounts, registration: event.target.checked } })
                    }
                  >
                    {t('supervision.profile.cnyRegistration')}
                  </Checkbox>
                  <Checkbox
                    checked={profile.cnyCounts.indicators}
                    onChange={(event) => put({ cnyCounts: { ...profile.cnyCounts, indicators: event.target.checked } })}
                  >
                    {t('supervision.profile.cnyIndicators')}
                  </Checkbox>
                </div>
              </Field>
              {dateField('listedOn')}
              {textField('listedAt')}
              {textField('listNo')}
              {dateField('changedOn')}
              {dateField('changeRegisteredOn')}
              {dateField('guidedUntil')}
              {dateField('pilotSince')}
              {numberField('usualReceiptDays')}
              {numberField('staff')}
              {textField('note')}
            </div>
            <ClassRows profile={profile} onChange={(classes) => put({ classes })} />
          </form>
        </Panel>
      </div>
      <div className="is-whole">
        <Checklist checklist={data.checklist} />
      </div>
    </div>
  );
}

function ClassRows({
  profile,
  onChange,
}: {
  readonly profile: ForexProfile;
  readonly onChange: (classes: ForexProfile['classes']) => void;
}) {
  const { t } = useTranslation();
  const { classes } = profile;
  const change = (at: number, patch: Partial<ForexProfile['classes'][number]>): void =>
    onChange(classes.map((one, index) => (index === at ? { ...one, ...patch } : one)));
  return (
    <table className="leg-table class-rows" aria-label={t('supervision.profile.classes')}>
      <thead>
        <tr>
          <th>{t('supervision.profile.class')}</th>
          <th>{t('supervision.profile.from')}</th>
          <th>{t('supervision.netting.note')}</th>
          <th>
            <Button size="small" onClick={() => onChange([...classes, { class: 'A', from: localDate(), note: '' }])}>
              {t('supervision.profile.addClass')}
            </Button>
          </th>
        </tr>
      </thead>
      <tbody>
        {classes.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows keep their place while they are typed
          <tr key={at}>
            <td>
              <Select
                aria-label={t('supervision.profile.class')}
                value={one.class}
                options={forexClasses.map((value) => ({ value, label: value }))}
                onChange={(value) => change(at, { class: value })}
              />
            </td>
            <td>
              <DateInput
                label={t('supervision.profile.from')}
                value={one.from}
                onChange={(from) => change(at, { from })}
              />
            </td>
            <td>
              <Input
                aria-label={t('supervision.netting.note')}
                value={one.note}
                onChange={(event) => change(at, { note: event.target.value })}
              />
            </td>
            <td>
              <Button type="link" onClick={() => onChange(classes.filter((_, index) => index !== at))}>
                {t('supervision.profile.removeClass')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** One registration in four steps: the firm, its business, its papers, the filing. What the book knows is not asked. */
import { Checkbox, Input } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { useKeys } from '../../app/keys.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FilingActions, FilingHistory, useFilings } from '../../components/Filing.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { RegistrationState } from './RegistrationState.tsx';

type Registration = OutputOf<'registrations.get'>;
type Body = Registration['body'];
type TextName =
  | 'address'
  | 'division'
  | 'legalPerson'
  | 'contactName'
  | 'contactPhone'
  | 'website'
  | 'business'
  | 'note';

const steps = ['subject', 'scope', 'papers', 'filing'] as const;
type Step = (typeof steps)[number];
/** Modes of cross-border e-commerce, and what its firms file under beside them. */
const modes = ['9610', '9710', '9810', '1210', '1239', '1039', '0110'] as const;

/** @param isFresh opened just now: the first field is the place to be */
export function RegistrationWizard({ id, isFresh }: { readonly id: number; readonly isFresh: boolean }) {
  const shown = useQuery('registrations.get', { id }, { areas: ['documents', 'tax', 'sync'] });
  if (shown.data === undefined) return <ErrorNote error={shown.error} onRetry={shown.reload} />;
  return <Wizard registration={shown.data} isFresh={isFresh} />;
}

function Wizard({ registration, isFresh }: { readonly registration: Registration; readonly isFresh: boolean }) {
  const { t } = useTranslation();
  const { id, number, checklist } = registration;
  const profile = useQuery('books.profile', {});
  const save = useCommand('registrations.save');
  const words = useBilingual();
  const [step, setStep] = useState<Step>('subject');
  const fields = useRef<HTMLDivElement>(null);
  const goesIn = useRef(isFresh);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is what moves the focus
  useEffect(() => {
    // Whoever moves to a step by key goes on with its first field.
    if (goesIn.current) fields.current?.querySelector<HTMLElement>('input, button')?.focus();
    goesIn.current = true;
  }, [step]);
  const form = useFormDraft(
    `registration ${id}`,
    { body: registration.body as Body },
    JSON.stringify(registration.body),
  );
  const { body } = form.value;
  const { change } = form;
  const isOpen = registration.state === 'open';
  const write = async (): Promise<boolean> => {
    if (!isOpen) return true;
    const done = await save.run({ id, body });
    if (done === undefined) return false;
    form.done();
    notify(t('registrations.saved', { number }));
    return true;
  };
  const go = async (to: Step): Promise<void> => {
    if (await write()) setStep(to);
  };
  const next = steps[steps.indexOf(step) + 1];
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t(next === undefined ? 'registrations.save' : 'registrations.next'),
      run: () => void (next === undefined ? write() : go(next)),
      isMain: true,
    },
  ]);
  const text = (name: TextName, options: { hint?: string; isRequired?: boolean; isLong?: boolean } = {}) => (
    <Field
      id={`registration-${name}`}
      label={t(`registrations.field.${name}`)}
      hint={options.hint}
      isRequired={options.isRequired === true}
      isWide={options.isLong === true}
    >
      <Input
        id={`registration-${name}`}
        disabled={!isOpen}
        value={body[name]}
        onChange={(event) => change({ body: { ...body, [name]: event.target.value } })}
      />
    </Field>
  );
  const paperOf = (code: string) =>
    body.papers.find(({ paper }) => paper === code) ?? { paper: code, no: '', validTo: null };
  const setPaper = (code: string, patch: Partial<Body['papers'][number]>): void =>
    change({
      body: {
        ...body,
        papers: [...body.papers.filter(({ paper }) => paper !== code), { ...paperOf(code), ...patch }],
      },
    });
  return (
    <DetailPane
      title={number}
      isCode
      tags={
        <>
          {t(`registrations.type.${registration.subjectType}`)} <RegistrationState row={registration} />
        </>
      }
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t(next === undefined ? 'registrations.save' : 'registrations.next')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            onPress={() => void (next === undefined ? write() : go(next))}
          />
        </>
      }
    >
      <div className="kind-list" role="tablist">
        {steps.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            aria-selected={one === step}
            className={one === step ? 'kind-tab is-active' : 'kind-tab'}
            onClick={() => void go(one)}
          >
            {t(`registrations.step.${one}`)}
          </button>
        ))}
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
      <div ref={fields}>
        {step === 'subject' ? (
          <>
            <DetailSection title={t('registrations.fromProfile')}>
              <ul className="plain-list panel-pad">
                {(['name', 'uscc', 'customsCode', 'zone'] as const).map((name) => (
                  <li key={name}>
                    <span className="muted">{t(`registrations.${name === 'name' ? 'firm' : name}`)}</span>{' '}
                    {profile.data?.[name] ?? ''}
                  </li>
                ))}
              </ul>
            </DetailSection>
            <div className="panel-pad form-grid">
              {text('address', { isRequired: true, isLong: true })}
              {text('division', { hint: t('registrations.hint.division') })}
              {text('legalPerson', { isRequired: true, hint: t('registrations.hint.legalPerson') })}
              {text('contactName', { isRequired: true })}
              {text('contactPhone', { isRequired: true })}
            </div>
          </>
        ) : null}
        {step === 'scope' ? (
          <div className="panel-pad form-grid">
            {text('business', { isRequired: true, isLong: true })}
            <Field id="registration-modes" label={t('registrations.field.modes')} isWide>
              <Checkbox.Group
                disabled={!isOpen}
                value={body.modes}
                options={modes.map((value) => ({ value, label: t(`registrations.mode.${value}`) }))}
                onChange={(chosen) => change({ body: { ...body, modes: chosen } })}
              />
            </Field>
            {text('website', { isRequired: registration.subjectType === 'platform', isLong: true })}
            <Field
              id="registration-validTo"
              label={t('registrations.field.validTo')}
              hint={t('registrations.hint.validTo')}
            >
              <DateInput
                id="registration-validTo"
                value={body.validTo ?? ''}
                onChange={(validTo) => change({ body: { ...body, validTo: validTo === '' ? null : validTo } })}
              />
            </Field>
            {text('note', { isLong: true })}
          </div>
        ) : null}
        {step === 'papers' ? (
          <>
            {checklist.map(({ code, title, required, note, files }) => (
              <DetailSection key={code} title={words(title)}>
                <p className="muted">
                  {t(required ? 'registrations.required' : 'registrations.maybe')} ·{' '}
                  {files.length === 0 ? t('registrations.lacking') : t('registrations.onFile', { count: files.length })}{' '}
                  {words(note)}
                </p>
                <div className="panel-pad form-grid">
                  <Field id={`no-${code}`} label={t('registrations.field.paperNo')}>
                    <Input
                      id={`no-${code}`}
                      disabled={!isOpen}
                      value={paperOf(code).no}
                      onChange={(event) => setPaper(code, { no: event.target.value })}
                    />
                  </Field>
                  <Field id={`to-${code}`} label={t('registrations.field.paperValidTo')}>
                    <DateInput
                      id={`to-${code}`}
                      value={paperOf(code).validTo ?? ''}
                      onChange={(validTo) => setPaper(code, { validTo: validTo === '' ? null : validTo })}
                    />
                  </Field>
                </div>
              </DetailSection>
            ))}
            <PapersOf
              subjectKind="registration"
              subjectId={number}
              missing={checklist
                .filter(({ required, files }) => required && files.length === 0)
                .map(({ code }) => code)}
            />
          </>
        ) : null}
        {step === 'filing' ? <Filing registration={registration} /> : null}
      </div>
    </DetailPane>
  );
}

/** The application form: made, looked at, printed, queued; what was filed before. */
function Filing({ registration }: { readonly registration: Registration }) {
  const { t } = useTranslation();
  const { id, number, acceptNo, acceptedOn, filing } = registration;
  const subject = { kind: 'registration', id } as const;
  const filings = useFilings(subject);
  const cancel = useCommand('registrations.cancel');
  const rows = filings.data?.rows ?? [];
  const isOpen = registration.state === 'open';
  const isWritable = filing === null || filing.stale || ['draft', 'checked', 'rejected'].includes(filing.state);
  return (
    <>
      <FilingActions
        subject={subject}
        message="PLAT101Message"
        filings={filings}
        words="registrations"
        buttonId="registration-draft"
        accepted={{ no: acceptNo, on: acceptedOn }}
        canDraft={isOpen && isWritable}
        printAs={number}
        error={cancel.error}
      >
        {isOpen ? (
          <ConfirmInline
            isSmall
            label={t('registrations.cancel')}
            question={t('registrations.cancelAsk')}
            confirmLabel={t('registrations.cancel')}
            onConfirm={async () => {
              const done = await cancel.run({ id, reason: t('registrations.cancelReason') });
              if (done !== undefined) notify(t(done.filed ? 'registrations.cancelFiled' : 'registrations.cancelDone'));
            }}
          />
        ) : null}
      </FilingActions>
      <DetailSection title={t('registrations.history')}>
        {rows.length === 0 ? <p className="muted">{t('registrations.noHistory')}</p> : null}
        <FilingHistory rows={rows} />
      </DetailSection>
    </>
  );
}

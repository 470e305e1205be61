/** Individual forex accounts (个人外汇账户) of a person: data and papers for the bank, as a page to print. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import {
  type PersonalAccountView,
  personalAccountNatures,
  personalAccountStates,
  residencies,
} from '../../../shared/contract/person.ts';
import { identityDocuments } from '../../../shared/identity/index.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseSave } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { captureCtrlEnter, useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';

export function PersonAccounts({ name, year }: { readonly name: string; readonly year: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('person.accounts', { name }, { areas: ['money', 'tax'] });
  const [opened, setOpened] = useState<number>();
  const rows = list.data?.rows ?? [];
  const chosen = rows.find(({ accountId }) => accountId === opened);
  const lacking = (row: PersonalAccountView): string =>
    [...row.gaps.map((gap) => t(`supervision.account.gap.${gap}`)), ...row.missingPapers.map(words)].join(
      t('money.comma'),
    );
  return (
    <>
      <DetailSection title={t('supervision.account.title')}>
        <ErrorNote error={list.error} onRetry={list.reload} />
        {list.data !== undefined && rows.length === 0 ? (
          <p className="muted">
            {t('supervision.account.none')}{' '}
            <button
              type="button"
              className="link"
              onClick={() => navigate('moneyAccounts', { add: '1', kind: 'personal' })}
            >
              {t('supervision.person.toAccounts')}
            </button>
          </p>
        ) : null}
        <ul className="plain-list person-accounts">
          {rows.map((row) => (
            <li key={row.accountId}>
              <span>
                <strong>{row.name}</strong> {row.institution} <Code>{row.number}</Code> {row.currency}
              </span>
              {row.form === undefined ? (
                <ToneTag tone="draft" label={t('supervision.account.empty')} />
              ) : lacking(row) === '' ? (
                <ToneTag tone="accepted" label={t(`supervision.account.stateOf.${row.form.state}`)} />
              ) : (
                <ToneTag tone="action" label={t('supervision.account.lacking', { what: lacking(row) })} />
              )}
              <Button
                size="small"
                aria-expanded={row.accountId === opened}
                onClick={() => {
                  setOpened(row.accountId === opened ? undefined : row.accountId);
                  if (row.accountId !== opened) focusDetail('#pa-state');
                }}
              >
                {t('supervision.account.data')}
              </Button>
            </li>
          ))}
        </ul>
      </DetailSection>
      {chosen === undefined ? null : (
        <>
          <DetailSection title={t('supervision.account.dataOf', { name: chosen.name })}>
            <AccountData key={chosen.accountId} account={chosen} year={year} onClose={() => setOpened(undefined)} />
          </DetailSection>
          <PapersOf subjectKind="personal-account" subjectId={String(chosen.accountId)} />
        </>
      )}
    </>
  );
}

function AccountData({
  account,
  year,
  onClose,
}: {
  readonly account: PersonalAccountView;
  readonly year: string;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('person.saveAccount');
  const print = useJob('person.printAccount');
  const refused = useFieldErrors(save.error);
  const [whole, setWhole] = useState(false);
  const { accountId, form: stored } = account;
  const form = useFormDraft(
    `personal account ${accountId}`,
    {
      nature: stored?.nature ?? ('savings' as (typeof personalAccountNatures)[number]),
      state: stored?.state ?? ('preparing' as (typeof personalAccountStates)[number]),
      idType: stored?.idType ?? ('residentId' as (typeof identityDocuments)[number]),
      residency: stored?.residency ?? ('resident' as (typeof residencies)[number]),
      idNumber: '',
      branch: stored?.branch ?? '',
      registrationNo: stored?.registrationNo ?? '',
      purpose: stored?.purpose ?? '',
      openedOn: stored?.openedOn ?? '',
      note: stored?.note ?? '',
    },
    JSON.stringify(stored ?? null),
    ['idNumber'],
  );
  const { value: draft, change } = form;
  const submit = async (): Promise<void> => {
    const { idNumber, openedOn, ...rest } = draft;
    const done = await save.run({
      accountId,
      ...rest,
      openedOn: openedOn === '' ? null : openedOn,
      ...(idNumber === '' ? {} : { idNumber }),
    });
    if (done === undefined) return;
    // The window keeps no number that is stored.
    change({ idNumber: '' });
    form.done();
    notify(t('supervision.account.saved', { name: account.name }));
  };
  const toFile = async (): Promise<void> => {
    const file = await chooseSave(
      t('supervision.account.print'),
      `${t('supervision.account.paper')}-${account.name}.pdf`,
      [{ name: 'PDF', extensions: ['pdf'] }],
    );
    if (file === null) return;
    const done = await print.start({ accountId, year, whole, to: file.token });
    if (done !== undefined) notify(t('supervision.written', { name: file.name }));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const choice = <V extends string>(name: string, value: V, values: readonly V[], put: (value: V) => void) => (
    <Field id={`pa-${name}`} label={t(`supervision.account.${name}`)}>
      <Select<V>
        id={`pa-${name}`}
        value={value}
        options={values.map((one) => ({
          value: one,
          label: t(name === 'idType' ? `profile.document.${one}` : `supervision.account.${name}Of.${one}`),
        }))}
        onChange={put}
      />
    </Field>
  );
  const text = (name: 'branch' | 'registrationNo' | 'purpose' | 'note', max: number, hint?: string) => (
    <Field id={`pa-${name}`} label={t(`supervision.account.${name}`)} hint={hint} error={refused(name)}>
      <Input
        id={`pa-${name}`}
        autoComplete="off"
        value={draft[name]}
        maxLength={max}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const kept = stored?.idNumberMasked ?? '';
  return (
    <form
      className="panel-pad card-form"
      onKeyDownCapture={captureCtrlEnter(() => void submit())}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        {choice('state', draft.state, personalAccountStates, (state) => change({ state }))}
        {choice('nature', draft.nature, personalAccountNatures, (nature) => change({ nature }))}
        {choice('idType', draft.idType, identityDocuments, (idType) => change({ idType }))}
        <Field
          id="pa-idNumber"
          label={t('supervision.account.idNumber')}
          hint={kept === '' ? t('supervision.account.idNumberHint') : t('settings.profile.bankKept', { masked: kept })}
          error={refused('idNumber')}
        >
          <Input
            id="pa-idNumber"
            className="code"
            autoComplete="off"
            value={draft.idNumber}
            maxLength={40}
            status={refused('idNumber') === undefined ? '' : 'error'}
            onChange={(event) => change({ idNumber: event.target.value })}
          />
        </Field>
        {choice('residency', draft.residency, residencies, (residency) => change({ residency }))}
        {text('branch', 100)}
        {text(
          'registrationNo',
          60,
          draft.nature === 'settlement' ? t('supervision.account.registrationHint') : undefined,
        )}
        {text('purpose', 200)}
        <Field id="pa-openedOn" label={t('supervision.account.openedOn')}>
          <DateInput id="pa-openedOn" value={draft.openedOn} onChange={(openedOn) => change({ openedOn })} />
        </Field>
        {text('note', 500)}
      </div>
      <p className="field-hint">{t('supervision.account.sources')}</p>
      <ErrorNote error={save.error ?? print.error} isInline />
      <div className="card-actions">
        <Checkbox checked={whole} onChange={(event) => setWhole(event.target.checked)}>
          {t('supervision.account.whole')}
        </Checkbox>
        <Button disabled={stored === undefined} loading={print.status === 'running'} onClick={() => void toFile()}>
          {t('supervision.account.print')}
        </Button>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <KeyButton
          kind="primary"
          label={t('supervision.account.save')}
          keys="Ctrl+Enter"
          isBusy={save.isRunning}
          onPress={() => void submit()}
        />
      </div>
    </form>
  );
}

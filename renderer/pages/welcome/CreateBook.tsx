import { zodResolver } from '@hookform/resolvers/zod';
import { Button, Checkbox } from 'antd';
import { useEffect, useState } from 'react';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import type { ProfileInput } from '../../../shared/contract/books.ts';
import { Chips } from '../../components/Chips.tsx';
import { ErrorNote, useErrorText } from '../../components/ErrorNote.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { PassphraseField } from '../../components/PassphraseField.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { useSession } from '../../stores/session-store.ts';
import { useView } from '../../stores/view-store.ts';
import { ProfileFields } from '../settings/ProfileFields.tsx';
import { emptyProfile, type ProfileForm, plainCode, profileSchema } from '../settings/profile-form.ts';

export interface CreateBookProps {
  readonly role: ProfileInput['role'];
  readonly onRole: (role: ProfileInput['role']) => void;
  readonly onBack: () => void;
  readonly onCreated: (recoveryKey: string, bookName: string) => void;
}

function isProfileField(path: string | undefined): path is keyof ProfileForm {
  return path !== undefined && Object.hasOwn(emptyProfile, path);
}

export function CreateBook({ role, onRole, onBack, onCreated }: CreateBookProps) {
  const { t } = useTranslation();
  const textOf = useErrorText();
  const create = useCommand('books.create');
  const form = useForm<ProfileForm>({
    resolver: zodResolver(profileSchema(t)),
    defaultValues: { ...emptyProfile, role },
    mode: 'onTouched',
  });
  const { setValue, setError, setFocus } = form;
  useEffect(() => setValue('role', role), [role, setValue]);
  useEffect(() => setFocus('name'), [setFocus]);
  const [passphrase, setPassphrase] = useState('');
  const [again, setAgain] = useState('');
  const [isTried, setTried] = useState(false);
  const [isSimple, setSimple] = useState(true);
  const isShort = passphrase.length < 8;
  const isDifferent = again !== passphrase;

  // What the core refuses although the form let it through stands at its field as well.
  const { error } = create;
  const path = error?.path?.replace(/^profile[./]/, '');
  useEffect(() => {
    if (error !== undefined && isProfileField(path)) {
      const { what, remedy } = textOf(error);
      setError(path, { message: `${what}${remedy}` }, { shouldFocus: true });
    }
  }, [error, path, setError, textOf]);

  const submit = form.handleSubmit(async (profile) => {
    setTried(true);
    if (isShort || isDifferent) {
      document.getElementById(isShort ? 'create-passphrase' : 'create-again')?.focus();
      return;
    }
    // The core opens the new book at once; the desk must not come up before the key has been seen.
    useSession.setState({ isHeld: true });
    const made = await create.run({ profile, passphrase });
    if (made === undefined) useSession.setState({ isHeld: false });
    else {
      if (profile.role === 'cooperative') useView.getState().setSimple(made.bookId, isSimple);
      onCreated(made.recoveryKey, profile.name);
    }
  });
  const trySubmit = (): void => {
    setTried(true);
    // A code may still be in small letters when Enter is pressed in its own field.
    for (const name of ['uscc', 'customsCode', 'agentCode', 'idNumber'] as const)
      setValue(name, plainCode(form.getValues(name)));
    void submit();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: trySubmit });

  return (
    <form
      className="panel welcome-form"
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        trySubmit();
      }}
    >
      <header className="panel-head">
        <h2>{t('welcome.newBook')}</h2>
        <div className="panel-extra">
          <Chips
            label={t('welcome.whoAreYou')}
            value={role}
            onChange={onRole}
            chips={(['exporter', 'soleTrader', 'person', 'cooperative', 'broker'] as const).map((value) => ({
              value,
              label: t(`role.${value}`),
            }))}
          />
        </div>
      </header>
      <div className="panel-body panel-pad">
        <ProfileFields control={form.control} />
        {role === 'person' ? <p className="form-note muted">{t('welcome.personNote')}</p> : null}
        {role === 'cooperative' ? (
          <p className="form-note">
            <Checkbox checked={isSimple} onChange={(event) => setSimple(event.target.checked)}>
              {t('welcome.simple')}
            </Checkbox>
          </p>
        ) : null}
        <h3 className="form-section">{t('welcome.protect')}</h3>
        <p className="muted form-note">{t('welcome.protectHint')}</p>
        <div className="form-grid">
          <PassphraseField
            id="create-passphrase"
            label={t('welcome.passphrase')}
            value={passphrase}
            onChange={setPassphrase}
            showStrength
            hint={t('welcome.passphraseHint')}
            error={isTried && isShort ? t('strength.short') : undefined}
          />
          <PassphraseField
            id="create-again"
            label={t('welcome.again')}
            value={again}
            onChange={setAgain}
            error={
              isDifferent && (isTried || again.length >= passphrase.length) && again !== ''
                ? t('welcome.different')
                : isTried && isDifferent
                  ? t('welcome.different')
                  : undefined
            }
          />
        </div>
        {isProfileField(path) ? null : <ErrorNote error={error} />}
      </div>
      <footer className="panel-foot form-foot">
        <Button onClick={onBack}>
          {t('common.back')}
          <KeyHint keys="Esc" />
        </Button>
        <Button type="primary" htmlType="submit" loading={create.isRunning}>
          {t('welcome.create')}
          <KeyHint keys="Ctrl+Enter" />
        </Button>
      </footer>
    </form>
  );
}

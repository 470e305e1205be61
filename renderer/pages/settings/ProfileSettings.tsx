import { zodResolver } from '@hookform/resolvers/zod';
import { Button } from 'antd';
import { useForm } from 'react-hook-form';
import { useTranslation } from 'react-i18next';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { RestoredNote, useHookFormDraft } from '../../components/form-draft.tsx';
import { KeyHint } from '../../components/KeyHint.tsx';
import { Panel } from '../../components/Page.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { type BookProfile, refreshSession } from '../../stores/session-store.ts';
import { PersonFilings } from './PersonFilings.tsx';
import { ProfileFields } from './ProfileFields.tsx';
import { type ProfileForm, profileSchema } from './profile-form.ts';

export function ProfileSettings({ profile }: { readonly profile: BookProfile }) {
  const { t } = useTranslation();
  const { bankAccountMasked, idNumberMasked, bookId: _bookId, isSample: _isSample, ...shown } = profile;
  const start = { ...shown, bankAccount: '', idNumber: '' };
  const update = useCommand('books.updateProfile');
  const form = useForm<ProfileForm>({
    resolver: zodResolver(profileSchema(t, idNumberMasked !== '')),
    defaultValues: start,
    mode: 'onTouched',
  });
  const draft = useHookFormDraft(form, 'settings profile', start, JSON.stringify(shown));
  const submit = form.handleSubmit(async ({ bankAccount, idNumber, ...rest }) => {
    // A number left blank keeps the stored one: the window never had it.
    const done = await update.run({
      ...rest,
      ...(bankAccount === '' ? {} : { bankAccount }),
      ...(idNumber === '' ? {} : { idNumber }),
    });
    if (done === undefined) return;
    notify(t('settings.profile.saved'));
    form.reset({ ...rest, bankAccount: '', idNumber: '' });
    draft.done();
    await refreshSession();
  });
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const page = (
    <Panel isPlain title={t('settings.profile.title')} extra={t(`role.${profile.role}`)}>
      <form
        className="panel-pad"
        noValidate
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <RestoredNote draft={draft} />
        <ProfileFields
          control={form.control}
          {...(bankAccountMasked === ''
            ? {}
            : { bankHint: t('settings.profile.bankKept', { masked: bankAccountMasked }) })}
          {...(idNumberMasked === '' ? {} : { idKept: idNumberMasked })}
        />
        <ErrorNote error={update.error} />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={update.isRunning} disabled={!form.formState.isDirty}>
            {t('common.save')}
            <KeyHint keys="Ctrl+Enter" />
          </Button>
        </div>
      </form>
    </Panel>
  );
  return profile.role === 'person' ? (
    <>
      {page}
      <PersonFilings />
    </>
  ) : (
    page
  );
}

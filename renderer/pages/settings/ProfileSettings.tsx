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
import { ProfileFields } from './ProfileFields.tsx';
import { type ProfileForm, profileSchema } from './profile-form.ts';

export function ProfileSettings({ profile }: { readonly profile: BookProfile }) {
  const { t } = useTranslation();
  const { bankAccountMasked, bookId: _bookId, isSample: _isSample, ...shown } = profile;
  const update = useCommand('books.updateProfile');
  const form = useForm<ProfileForm>({
    resolver: zodResolver(profileSchema(t)),
    defaultValues: { ...shown, bankAccount: '' },
    mode: 'onTouched',
  });
  const draft = useHookFormDraft(form, 'settings profile', { ...shown, bankAccount: '' }, JSON.stringify(shown));
  const submit = form.handleSubmit(async ({ bankAccount, ...rest }) => {
    // An account left blank keeps the stored one: the window never had it.
    const done = await update.run(bankAccount === '' ? rest : { ...rest, bankAccount });
    if (done === undefined) return;
    notify(t('settings.profile.saved'));
    form.reset({ ...rest, bankAccount: '' });
    draft.done();
    await refreshSession();
  });
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
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
}

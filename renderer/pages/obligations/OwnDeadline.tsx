import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';

/** A date typed in: an own one, or the reply to a verification letter (函调). */
export function OwnDeadline({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const add = useCommand('deadlines.add');
  const form = useFormDraft('own deadline', {
    kind: 'own' as 'own' | 'letter',
    title: '',
    date: '',
    subject: '',
    supplier: '',
    source: '',
  });
  const { value: draft, change } = form;
  const submit = async (): Promise<void> => {
    if ((await add.run(draft)) === undefined) return;
    form.done();
    onClose();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  const text = (name: 'title' | 'subject' | 'supplier' | 'source') => (
    <Field id={`own-${name}`} label={t(`obligations.own.${name}`)} isWide>
      <Input id={`own-${name}`} value={draft[name]} onChange={(event) => change({ [name]: event.target.value })} />
    </Field>
  );
  return (
    <DetailPane title={t('obligations.deadlines.add')}>
      <form
        className="panel-pad card-form"
        onKeyDown={onKeyDown}
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="form-grid">
          <Field id="own-kind" label={t('obligations.deadlines.kind')}>
            <Select
              id="own-kind"
              autoFocus
              value={draft.kind}
              options={(['own', 'letter'] as const).map((value) => ({ value, label: t(`obligations.kind.${value}`) }))}
              onChange={(kind) => change({ kind })}
            />
          </Field>
          <Field id="own-date" label={t('obligations.date')}>
            <DateInput id="own-date" value={draft.date} onChange={(date) => change({ date })} />
          </Field>
          {text('title')}
          {text('subject')}
          {draft.kind === 'letter' ? text('supplier') : null}
          {text('source')}
        </div>
        <RestoredNote draft={form} />
        <ErrorNote error={add.error} isInline />
        <div className="card-actions">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="primary"
            htmlType="submit"
            disabled={draft.title.trim() === '' || draft.date === ''}
            loading={add.isRunning}
          >
            {t('obligations.save')}
          </Button>
        </div>
      </form>
    </DetailPane>
  );
}

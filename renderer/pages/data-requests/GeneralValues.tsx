import { Button, Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Panel } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';

type Settings = OutputOf<'dataRequests.settings'>;
const texts = ['recpAccount', 'recpName', 'recpCode', 'itemLink'] as const;

/** Whether requests are answered, by whom, and what is the same for every order. */
export function GeneralValues({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const stored = useQuery('dataRequests.settings', {});
  if (stored.data === undefined) return <ErrorNote error={stored.error} />;
  return (
    <Panel isPlain title={t('dataRequests.general')}>
      <GeneralForm stored={stored.data} onDone={onDone} />
    </Panel>
  );
}

function GeneralForm({ stored, onDone }: { readonly stored: Settings; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const save = useCommand('dataRequests.configure');
  const form = useFormDraft('data requests', stored, JSON.stringify(stored));
  const { value: values, change: put } = form;
  return (
    <form
      className="panel-pad"
      onSubmit={async (event) => {
        event.preventDefault();
        if ((await save.run(values)) === undefined) return;
        form.done();
        notify(t('dataRequests.saved'));
        onDone();
      }}
    >
      <RestoredNote draft={form} />
      <div className="form-grid">
        <Field id="data-mode" label={t('dataRequests.mode')} hint={t(`dataRequests.modeHint.${values.mode}`)} isWide>
          <Radio.Group
            id="data-mode"
            value={values.mode}
            onChange={(event) => put({ mode: event.target.value as Settings['mode'] })}
            options={(['off', 'ask', 'allow'] as const).map((value) => ({
              value,
              label: t(`dataRequests.modes.${value}`),
            }))}
          />
        </Field>
        <Field id="data-dept" label={t('dataRequests.field.head-verDept')} isWide>
          <Radio.Group
            id="data-dept"
            value={values.verDept}
            onChange={(event) => put({ verDept: event.target.value as Settings['verDept'] })}
            options={(['1', '2', '3'] as const).map((value) => ({ value, label: t(`dataRequests.verDept.${value}`) }))}
          />
        </Field>
        <Field id="data-type" label={t('dataRequests.field.head-payType')} isWide>
          <Radio.Group
            id="data-type"
            value={values.payType}
            onChange={(event) => put({ payType: event.target.value as Settings['payType'] })}
            options={(['1', '2', '3', '4', ''] as const).map((value) => ({
              value,
              label: t(`dataRequests.payType.${value === '' ? 'none' : value}`),
            }))}
          />
        </Field>
        {texts.map((name) => (
          <Field
            key={name}
            id={`data-${name}`}
            label={t(`dataRequests.field.list-${name}`)}
            hint={name === 'itemLink' ? t('dataRequests.itemLinkHint') : undefined}
            isWide
          >
            <Input id={`data-${name}`} value={values[name]} onChange={(event) => put({ [name]: event.target.value })} />
          </Field>
        ))}
      </div>
      <ErrorNote error={save.error} />
      <div className="card-actions">
        <Button type="primary" htmlType="submit" loading={save.isRunning}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { type QueryState, useCommand } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import type { Tone } from '../../theme/palette.ts';

const tones: Readonly<Record<OutputOf<'sync.status'>['connection'], Tone>> = {
  none: 'draft',
  offline: 'action',
  online: 'accepted',
  silent: 'action',
};

/** Where messages go: the address of the platform and the name it is shown by. */
export function EndpointForm({
  url,
  name,
  onDone,
}: {
  readonly url: string;
  readonly name: string;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const form = useFormDraft('connection', { url, name }, JSON.stringify([url, name]));
  const { value: draft, change } = form;
  const set = useCommand('sync.setEndpoint');
  const submit = async (): Promise<void> => {
    if (draft.url.trim() === '') return;
    const done = await set.run({
      url: draft.url.trim(),
      name: draft.name.trim() === '' ? draft.url.trim() : draft.name.trim(),
    });
    if (done === undefined) return;
    form.done();
    notify(t('outbox.endpointSaved'));
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void submit() });
  return (
    <form
      className="card-form"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <RestoredNote draft={form} />
      <Field id={`${id}-url`} label={t('outbox.url')} hint={t('outbox.urlHint')}>
        <Input
          id={`${id}-url`}
          autoFocus
          className="code"
          spellCheck={false}
          value={draft.url}
          placeholder="https://"
          onChange={(event) => change({ url: event.target.value })}
        />
      </Field>
      <Field id={`${id}-name`} label={t('outbox.endpointName')}>
        <Input id={`${id}-name`} value={draft.name} onChange={(event) => change({ name: event.target.value })} />
      </Field>
      <ErrorNote error={set.error} isInline />
      <div className="card-actions">
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button type="primary" htmlType="submit" loading={set.isRunning} disabled={draft.url.trim() === ''}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

/** The connection: where to, since when, when again, and why not now. */
export function ConnectionCard({ sync }: { readonly sync: QueryState<OutputOf<'sync.status'>> }) {
  const { t } = useTranslation();
  const [isEditing, setEditing] = useState(false);
  const status = sync.data;
  if (status === undefined) return <ErrorNote error={sync.error} />;
  const { endpoint } = status;
  const lastError =
    status.lastError === undefined
      ? undefined
      : (codeText('error', status.lastError, {})?.what ??
        t(`waiting.${status.lastError}`, { defaultValue: status.lastError }));
  return (
    <Panel
      isPlain
      title={t('outbox.connection')}
      extra={
        <ToneTag
          tone={status.paused ? 'action' : tones[status.connection]}
          label={t(`connection.${status.paused ? 'paused' : status.connection}`)}
        />
      }
    >
      <div className="panel-pad">
        <Facts
          columns={1}
          rows={[
            [t('outbox.endpoint'), endpoint === undefined ? t('outbox.noEndpoint') : endpoint.name],
            ...(endpoint === undefined
              ? []
              : [
                  [t('outbox.url'), <Code key="url">{endpoint.url}</Code>] as const,
                  [t('outbox.enrolled'), t(endpoint.enrolled ? 'outbox.isEnrolled' : 'outbox.notEnrolled')] as const,
                ]),
            [
              t('outbox.lastContact'),
              status.lastContactAt === undefined ? t('connection.never') : formatInstant(status.lastContactAt, true),
            ],
            ...(status.nextTryAt === undefined
              ? []
              : [[t('outbox.nextTry'), formatInstant(status.nextTryAt, true)] as const]),
            ...(lastError === undefined ? [] : [[t('outbox.lastError'), lastError] as const]),
          ]}
        />
        {isEditing ? (
          <EndpointForm
            url={status.practice ? '' : (endpoint?.url ?? '')}
            name={status.practice ? '' : (endpoint?.name ?? '')}
            onDone={() => setEditing(false)}
          />
        ) : (
          <div className="card-actions">
            <Button onClick={() => navigate('endpoints')}>{t('endpoints.manage')}</Button>
            <Button onClick={() => setEditing(true)}>
              {endpoint === undefined ? t('outbox.setEndpoint') : t('outbox.changeEndpoint')}
            </Button>
          </div>
        )}
      </div>
    </Panel>
  );
}

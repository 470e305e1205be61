import { Button, Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

/** What waits for its signature: why the last attempt did not work, and another one. Nothing is shown when nothing waits. */
export function SignCard() {
  const { t } = useTranslation();
  const status = useQuery('signing.status', {}, { areas: ['sync', 'documents'] });
  const run = useJob('signing.run');
  const [pin, setPin] = useState('');
  const [keepPin, setKeepPin] = useState(false);
  const signer = status.data;
  if (signer === undefined || (signer.unsigned === 0 && run.status !== 'running')) return null;
  const { problem, card } = signer;
  const asksPin = card !== undefined && !card.isPinKept;
  const sign = async (): Promise<void> => {
    const done = await run.start(asksPin && pin !== '' ? { pin, keepPin } : {});
    setPin('');
    status.reload();
    if (done !== undefined && done.signed > 0) notify(t('outbox.sign.done', { count: done.signed }));
  };
  return (
    <Panel
      isPlain
      title={t('outbox.sign.title')}
      extra={
        <ToneTag
          tone="action"
          label={t('outbox.sign.waiting', { count: signer.unsigned, shown: formatCount(signer.unsigned) })}
        />
      }
    >
      <form
        className="panel-pad"
        onSubmit={(event) => {
          event.preventDefault();
          void sign();
        }}
      >
        <p className="muted form-note">{t('outbox.sign.hint')}</p>
        {problem === undefined || run.status === 'running' ? null : (
          <>
            <ErrorNote error={{ code: problem.code, params: problem.params }} />
            <p className="muted form-note">
              {problem.nextTryAt === undefined
                ? t('outbox.sign.byHand', { at: formatInstant(problem.at, true) })
                : t('outbox.sign.byItself', { at: formatInstant(problem.nextTryAt, true) })}
            </p>
          </>
        )}
        {asksPin ? (
          <>
            <Field id="sign-pin" label={t('settings.signing.pin')} hint={t('settings.signing.pinHint')}>
              <Input.Password
                id="sign-pin"
                autoComplete="off"
                value={pin}
                onChange={(event) => setPin(event.target.value)}
              />
            </Field>
            <Checkbox checked={keepPin} onChange={(event) => setKeepPin(event.target.checked)}>
              {t('outbox.sign.keepPin')}
            </Checkbox>
          </>
        ) : null}
        {run.status === 'running' ? (
          <ProgressBar title={t('outbox.sign.running')} progress={run.progress} onCancel={run.cancel} />
        ) : null}
        <ErrorNote error={run.error} />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={run.status === 'running'}>
            {t('outbox.sign.now')}
          </Button>
          <Button onClick={() => navigate('settings', { tab: 'signing' })}>{t('outbox.sign.settings')}</Button>
        </div>
      </form>
    </Panel>
  );
}

/** By what a message was signed, or how often it was tried. */
export function SignatureFacts({ guid, state }: { readonly guid: string; readonly state: string }) {
  const { t } = useTranslation();
  const known = useQuery('signing.ofMessage', { guid }, { areas: ['sync'] });
  const { signed, attempts = 0 } = known.data ?? {};
  if (signed !== undefined)
    return (
      <p className="muted form-note">
        {t('outbox.sign.signedBy', {
          at: formatInstant(signed.at, true),
          subject: signed.subject,
          serial: signed.serial,
          until: signed.notAfter.slice(0, 10),
          method: signed.signatureMethod.slice(signed.signatureMethod.indexOf('#') + 1),
          digest: signed.digestMethod.slice(signed.digestMethod.indexOf('#') + 1),
        })}
      </p>
    );
  return state === 'unsigned' && attempts > 0 ? (
    <p className="muted form-note">{t('outbox.sign.attempts', { count: attempts })}</p>
  ) : null;
}

import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatInstant } from '../../i18n/format.ts';

/** The certificate that signs business messages, and the way to the platform's address. */
export function Signing() {
  const { t } = useTranslation();
  const status = useQuery('signing.status', {});
  const create = useCommand('signing.createPractice');
  const remove = useCommand('signing.remove');
  const signer = status.data;
  const isOn = signer?.kind === 'rsa';
  return (
    <>
      <Panel
        isPlain
        title={t('settings.signing.title')}
        extra={
          signer === undefined ? null : (
            <ToneTag
              tone={isOn ? 'accepted' : 'draft'}
              label={t(isOn ? 'settings.signing.on' : 'settings.signing.off')}
            />
          )
        }
      >
        <div className="panel-pad">
          <p className="muted form-note">{t('settings.signing.hint')}</p>
          <ErrorNote error={status.error ?? create.error ?? remove.error} />
          {isOn ? (
            <Facts
              columns={1}
              rows={[
                [t('settings.signing.subject'), signer.subject ?? ''],
                [t('settings.signing.serial'), <Code key="serial">{signer.serial}</Code>],
                [t('settings.signing.notAfter'), signer.notAfter === undefined ? '' : formatInstant(signer.notAfter)],
              ]}
            />
          ) : null}
          <div className="card-actions">
            {isOn ? (
              <ConfirmInline
                label={t('settings.signing.remove')}
                question={t('settings.signing.removeAsk')}
                confirmLabel={t('settings.signing.remove')}
                onConfirm={async () => {
                  await remove.run({});
                  status.reload();
                }}
              />
            ) : (
              <Button
                loading={create.isRunning}
                onClick={async () => {
                  await create.run({});
                  status.reload();
                }}
              >
                {t('settings.signing.create')}
              </Button>
            )}
          </div>
        </div>
      </Panel>
      <Panel isPlain title={t('settings.endpoint.title')}>
        <div className="panel-pad">
          <p className="muted form-note">{t('settings.endpoint.hint')}</p>
          <div className="card-actions">
            <Button onClick={() => navigate('outbox')}>{t('settings.endpoint.open')}</Button>
          </div>
        </div>
      </Panel>
    </>
  );
}

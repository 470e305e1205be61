import { Button, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { signatureProfiles } from '../../../shared/documents/signature-profiles.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type Signer = OutputOf<'signing.status'>;

const tones = { valid: 'accepted', 'ends-soon': 'action', expired: 'rejected', 'not-yet': 'action' } as const;
/** Where the e-port's client control listens unless somebody changed it. */
const usualAddress = 'ws://127.0.0.1:61232';

/** How messages are signed, the certificate behind it, whether it works; and the way to the platform's address. */
export function Signing() {
  const { t } = useTranslation();
  const status = useQuery('signing.status', {}, { areas: ['sync', 'documents'] });
  const signer = status.data;
  const certificate = signer?.certificate;
  return (
    <>
      <Panel
        isPlain
        title={t('settings.signing.title')}
        extra={
          signer === undefined ? null : (
            <ToneTag
              tone={certificate === undefined ? 'draft' : tones[certificate.standing]}
              label={
                certificate === undefined
                  ? t('settings.signing.off')
                  : t(`settings.signing.standing.${certificate.standing}`, { days: certificate.days })
              }
            />
          )
        }
      >
        <div className="panel-pad">
          <p className="muted form-note">{t('settings.signing.hint')}</p>
          <ErrorNote error={status.error} />
          {signer === undefined ? null : <SignerFacts signer={signer} reload={status.reload} />}
        </div>
      </Panel>
      {signer === undefined ? null : <ChooseSigner signer={signer} reload={status.reload} />}
      {certificate === undefined ? null : <TestSigner key={certificate.serial} isCard={signer?.way === 'card'} />}
      <DeviceKeys />
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

interface Part {
  readonly signer: Signer;
  readonly reload: () => void;
}

function SignerFacts({ signer, reload }: Part) {
  const { t } = useTranslation();
  const remove = useCommand('signing.remove');
  const setProfile = useCommand('signing.setProfile');
  const forget = useCommand('signing.forgetPin');
  const { certificate, card, unsigned, problem } = signer;
  return (
    <>
      <Facts
        columns={1}
        rows={[
          [t('settings.signing.way'), t(`settings.signing.ways.${signer.way}`)],
          ...(certificate === undefined
            ? []
            : ([
                [
                  t('settings.signing.subject'),
                  <span key="subject">
                    {certificate.subject}{' '}
                    {certificate.otherFirm === undefined ? null : (
                      <ToneTag tone="action" label={t('settings.signing.otherFirm', { code: certificate.otherFirm })} />
                    )}
                  </span>,
                ],
                [t('settings.signing.serial'), <Code key="serial">{certificate.serial}</Code>],
                [t('settings.signing.key'), t(`settings.signing.keys.${certificate.key}`)],
                [t('settings.signing.notBefore'), formatInstant(certificate.notBefore)],
                [t('settings.signing.notAfter'), formatInstant(certificate.notAfter)],
              ] as const)),
          ...(card === undefined
            ? []
            : ([
                [t('settings.signing.url'), <Code key="url">{card.url}</Code>],
                [
                  t('settings.signing.pin'),
                  t(card.isPinKept ? 'settings.signing.pinKept' : 'settings.signing.pinAsked'),
                ],
              ] as const)),
          [t('settings.signing.unsigned'), formatCount(unsigned)],
        ]}
      />
      {problem === undefined ? null : <ErrorNote error={{ code: problem.code, params: problem.params }} />}
      {certificate === undefined ? null : (
        <Radio.Group
          className="signing-profiles"
          aria-label={t('settings.signing.profile')}
          value={signer.profile}
          onChange={async (event) => {
            await setProfile.run({ profile: String(event.target.value) });
            reload();
          }}
        >
          {signatureProfiles
            .filter(({ key }) => key === certificate.key)
            .map(({ id, source, standing, signatureMethod, digestMethod }) => (
              <Radio key={id} value={id}>
                {t(`settings.signing.profiles.${standing}`, { source })}{' '}
                <span className="muted">
                  {signatureMethod} · {digestMethod.slice(digestMethod.indexOf('#'))}
                </span>
              </Radio>
            ))}
        </Radio.Group>
      )}
      <ErrorNote error={remove.error ?? setProfile.error ?? forget.error} />
      <div className="card-actions">
        {unsigned > 0 ? (
          <Button type="primary" onClick={() => navigate('outbox', { state: 'unsigned' })}>
            {t('settings.signing.goSign')}
          </Button>
        ) : null}
        {card?.isPinKept === true ? (
          <Button
            onClick={async () => {
              await forget.run({});
              reload();
            }}
          >
            {t('settings.signing.forgetPin')}
          </Button>
        ) : null}
        {signer.way === 'none' ? null : (
          <ConfirmInline
            label={t('settings.signing.remove')}
            question={t('settings.signing.removeAsk')}
            confirmLabel={t('settings.signing.remove')}
            onConfirm={async () => {
              await remove.run({});
              reload();
            }}
          />
        )}
      </div>
    </>
  );
}

/** Another way to sign: a card behind its client control, or a practice key of one kind or the other. */
function ChooseSigner({ signer, reload }: Part) {
  const { t } = useTranslation();
  const create = useCommand('signing.createPractice');
  const read = useJob('signing.useCard');
  const [url, setUrl] = useState(signer.card?.url ?? usualAddress);
  return (
    <Panel isPlain title={t('settings.signing.choose')}>
      <form
        className="panel-pad"
        onSubmit={async (event) => {
          event.preventDefault();
          const done = await read.start({ url });
          if (done === undefined) return;
          const { serial = '', standing = 'valid' } = done.certificate ?? {};
          notify(t(`settings.signing.cardRead.${standing}`, { serial }));
          reload();
        }}
      >
        <Field id="signing-url" label={t('settings.signing.url')} hint={t('settings.signing.urlHint')} isWide>
          <Input id="signing-url" value={url} spellCheck={false} onChange={(event) => setUrl(event.target.value)} />
        </Field>
        {read.status === 'running' ? (
          <ProgressBar title={t('settings.signing.reading')} progress={read.progress} onCancel={read.cancel} />
        ) : null}
        <ErrorNote error={read.error ?? create.error} />
        <div className="card-actions">
          <Button type="primary" htmlType="submit" loading={read.status === 'running'}>
            {t('settings.signing.readCard')}
          </Button>
          {(['rsa', 'sm2'] as const).map((key) => (
            <Button
              key={key}
              loading={create.isRunning}
              onClick={async () => {
                await create.run({ key });
                reload();
              }}
            >
              {t('settings.signing.create', { key: t(`settings.signing.keys.${key}`) })}
            </Button>
          ))}
        </div>
        <p className="muted form-note">{t('settings.signing.practiceHint')}</p>
      </form>
    </Panel>
  );
}

function TestSigner({ isCard }: { readonly isCard: boolean }) {
  const { t } = useTranslation();
  const test = useJob('signing.test');
  const [pin, setPin] = useState('');
  return (
    <Panel isPlain title={t('settings.signing.test')}>
      <form
        className="panel-pad"
        onSubmit={async (event) => {
          event.preventDefault();
          await test.start(pin === '' ? {} : { pin });
          setPin('');
        }}
      >
        <p className="muted form-note">{t('settings.signing.testHint')}</p>
        {isCard ? (
          <Field id="signing-pin" label={t('settings.signing.pin')} hint={t('settings.signing.pinHint')}>
            <Input.Password
              id="signing-pin"
              autoComplete="off"
              value={pin}
              onChange={(event) => setPin(event.target.value)}
            />
          </Field>
        ) : null}
        {test.status === 'running' ? (
          <ProgressBar title={t('settings.signing.testing')} progress={test.progress} onCancel={test.cancel} />
        ) : null}
        <ErrorNote error={test.error} />
        {test.result === undefined ? null : (
          <p role="status">
            <ToneTag tone="accepted" label={t('settings.signing.testDone')} />{' '}
            <span className="muted">{test.result.signatureMethod}</span>
          </p>
        )}
        <div className="card-actions">
          <Button htmlType="submit" loading={test.status === 'running'}>
            {t('settings.signing.testNow')}
          </Button>
        </div>
      </form>
    </Panel>
  );
}

/** The keys by which platforms know this device, and a new one in their place. */
function DeviceKeys() {
  const { t } = useTranslation();
  const known = useQuery('device.keys', {}, { areas: ['sync'] });
  const rotate = useCommand('device.rotate');
  const [reason, setReason] = useState('');
  return (
    <Panel isPlain title={t('settings.device.title')}>
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.device.hint')}</p>
        <ErrorNote error={known.error ?? rotate.error} />
        {known.data?.keys.length === 0 ? <p className="muted">{t('settings.device.none')}</p> : null}
        <Facts
          columns={1}
          rows={(known.data?.keys ?? []).map(({ id, fingerprint, createdAt, retiredAt, reason: why, sealedBy }) => [
            retiredAt === undefined
              ? t('settings.device.inUse', { at: formatInstant(createdAt) })
              : t('settings.device.retired', { at: formatInstant(retiredAt), reason: why ?? '' }),
            <span key={id}>
              <Code>{fingerprint}</Code>{' '}
              {retiredAt === undefined ? (
                <span className="muted">{t(`settings.device.sealedBy.${sealedBy}`)}</span>
              ) : null}
            </span>,
          ])}
        />
        <Field id="device-reason" label={t('settings.device.reason')} hint={t('settings.device.reasonHint')} isWide>
          <Input
            id="device-reason"
            maxLength={200}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Field>
        <div className="card-actions">
          <ConfirmInline
            label={t('settings.device.rotate')}
            question={t('settings.device.rotateAsk')}
            confirmLabel={t('settings.device.rotate')}
            isDisabled={reason.trim() === ''}
            onConfirm={async () => {
              if ((await rotate.run({ reason })) === undefined) return;
              setReason('');
              known.reload();
              notify(t('settings.device.rotated'));
            }}
          />
        </div>
      </div>
    </Panel>
  );
}

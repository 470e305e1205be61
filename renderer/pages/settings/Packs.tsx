/** 参数规则包: signed packs of code tables and rules, what is in force and since when, what a new one changes, and the way back. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { navigate } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FilePicker } from '../../components/FilePicker.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PackDifferences } from './PackDifferences.tsx';
import './packs.css';

type Listed = OutputOf<'packs.list'>;
type Kept = Listed['rows'][number];

const files = [{ name: 'Portbook', extensions: ['portbook-pack'] }];

export function Packs() {
  const { t, i18n } = useTranslation();
  const listed = useQuery('packs.list', {}, { areas: ['sync', 'documents', 'tax'] });
  const load = useCommand('packs.load');
  const [shown, setShown] = useState<{ readonly id: string; readonly version: number }>();
  const { data } = listed;
  const titleOf = ({ title }: Kept): string => (i18n.language === 'en' ? title.en : title.zh);
  return (
    <>
      <Panel
        isPlain
        title={t('settings.packs.title')}
        extra={
          <FilePicker
            purpose={t('settings.packs.purpose')}
            label={t('settings.packs.fromFile')}
            filters={files}
            onFile={async (file) => {
              const done = await load.run({ file: file.token });
              if (done === undefined) return;
              setShown({ id: done.id, version: done.version });
              listed.reload();
            }}
          />
        }
      >
        <div className="panel-pad">
          <p className="muted form-note">{t('settings.packs.hint')}</p>
          <ErrorNote error={listed.error ?? load.error} />
          {data === undefined ? null : (
            <Facts
              columns={2}
              rows={[
                [t('settings.about.tables'), <Code key="tables">{data.tablesVersion}</Code>],
                [t('settings.about.rules'), <Code key="rules">{data.rulesVersion}</Code>],
              ]}
            />
          )}
          {data?.rows.length === 0 ? (
            <EmptyState title={t('settings.packs.none')} hint={t('settings.packs.noneHint')} />
          ) : null}
          {data === undefined || data.rows.length === 0 ? null : (
            <table className="pack-rows" aria-label={t('settings.packs.title')}>
              <thead>
                <tr>
                  <th>{t('settings.packs.pack')}</th>
                  <th className="is-number">{t('settings.packs.version')}</th>
                  <th>{t('settings.packs.state')}</th>
                  <th>{t('settings.packs.validFrom')}</th>
                  <th>{t('settings.packs.source')}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {data.rows.map((pack) => (
                  <tr key={`${pack.id} ${pack.version}`}>
                    <td>
                      {titleOf(pack)} <span className="muted">{t(`settings.packs.kind.${pack.kind}`)}</span>
                    </td>
                    <td className="is-number">{pack.version}</td>
                    <td>
                      <PackState pack={pack} />
                    </td>
                    <td>{pack.validFrom}</td>
                    <td>
                      {t(`settings.packs.road.${pack.source}`, { name: pack.sourceName })}
                      <br />
                      <span className="muted">{formatInstant(pack.receivedAt)}</span>
                    </td>
                    <td className="pack-actions">
                      <Button
                        size="small"
                        aria-label={t('settings.packs.lookAt', { title: titleOf(pack), version: pack.version })}
                        onClick={() => setShown({ id: pack.id, version: pack.version })}
                      >
                        {t('settings.packs.look')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          {data?.refusals.map(({ packId, version, endpointName, error }) => (
            <div key={`${endpointName} ${packId} ${version}`}>
              <p className="muted">{t('settings.packs.refused', { name: endpointName, pack: packId, version })}</p>
              <ErrorNote error={error} />
            </div>
          ))}
        </div>
      </Panel>
      {shown === undefined || data === undefined ? null : (
        <PackDetail
          key={`${shown.id} ${shown.version}`}
          {...shown}
          all={data.rows.filter(({ id }) => id === shown.id)}
          reload={listed.reload}
        />
      )}
      {data === undefined ? null : <Recheck waiting={data.toRecheck} reload={listed.reload} />}
      {data === undefined ? null : <Issuers issuers={data.issuers} reload={listed.reload} />}
    </>
  );
}

function PackState({ pack }: { readonly pack: Kept }) {
  const { t } = useTranslation();
  return (
    <>
      <PackUse pack={pack} />
      {pack.distrusted ? (
        <>
          <br />
          <ToneTag tone="action" label={t('settings.packs.signerDistrusted')} />
        </>
      ) : null}
    </>
  );
}

function PackUse({ pack }: { readonly pack: Kept }) {
  const { t } = useTranslation();
  if (pack.problem !== undefined) return <ErrorNote isInline error={pack.problem} />;
  if (pack.inForce)
    return (
      <>
        <ToneTag tone="accepted" label={t('settings.packs.inForce')} />
        <br />
        <span className="muted">{pack.takenAt === undefined ? '' : formatInstant(pack.takenAt)}</span>
      </>
    );
  if (!pack.waiting) return <ToneTag tone="draft" label={t('settings.packs.kept')} />;
  // It was in force: whoever went back from it is not told of it as of something new.
  return pack.takenAt === undefined ? (
    <ToneTag tone="action" label={t('settings.packs.waiting')} />
  ) : (
    <ToneTag tone="draft" label={t('settings.packs.takenBack')} />
  );
}

/** One version: who issued it, what he says is different, what is different, and the two ways. */
function PackDetail({
  id,
  version,
  all,
  reload,
}: {
  readonly id: string;
  readonly version: number;
  readonly all: readonly Kept[];
  readonly reload: () => void;
}) {
  const { t, i18n } = useTranslation();
  const isEnglish = i18n.language === 'en';
  const preview = useQuery('packs.preview', { id, version }, { areas: ['documents'] });
  const take = useCommand('packs.take');
  const back = useCommand('packs.rollBack');
  const [reason, setReason] = useState('');
  const pack = all.find((one) => one.version === version);
  if (pack === undefined) return null;
  const current = all.find(({ inForce }) => inForce);
  const target = pack.inForce ? null : version;
  const canGoBack = current !== undefined && (target === null || target < current.version);
  return (
    <Panel isPlain title={t('settings.packs.of', { title: isEnglish ? pack.title.en : pack.title.zh, version })}>
      <div className="panel-pad pack-detail">
        <Facts
          columns={1}
          rows={[
            [t('settings.packs.issuer'), pack.issuer],
            [t('settings.packs.fingerprint'), <Code key="key">{pack.keyId}</Code>],
            ...(pack.distrusted
              ? [[t('settings.packs.signerDistrusted'), t('settings.packs.distrustedHint')] as const]
              : []),
            [
              t('settings.packs.parts'),
              listed(
                pack.parts.map(({ titleZh, titleEn }) => (isEnglish ? titleEn : titleZh)),
                i18n.language,
              ),
            ],
          ]}
        />
        {pack.changes.length === 0 ? null : (
          <>
            <h3>{t('settings.packs.log')}</h3>
            <ul className="pack-log">
              {pack.changes.map(({ zh, en }) => (
                <li key={zh}>{isEnglish ? en : zh}</li>
              ))}
            </ul>
          </>
        )}
        <ErrorNote error={preview.error ?? take.error ?? back.error} />
        {preview.data === undefined || pack.inForce ? null : <PackDifferences changes={preview.data.changes} />}
        {canGoBack ? (
          <Field id="pack-reason" label={t('settings.packs.reason')} hint={t('settings.packs.reasonHint')} isWide>
            <Input
              id="pack-reason"
              maxLength={200}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        ) : null}
        <div className="card-actions">
          {canGoBack ? (
            <ConfirmInline
              isDanger={false}
              label={target === null ? t('settings.packs.toShipped') : t('settings.packs.backTo', { version: target })}
              question={t('settings.packs.backAsk')}
              confirmLabel={t('settings.packs.back')}
              isDisabled={reason.trim() === ''}
              onConfirm={async () => {
                if ((await back.run({ id, version: target, reason })) === undefined) return;
                setReason('');
                reload();
                preview.reload();
                notify(t('settings.packs.wentBack'));
              }}
            />
          ) : null}
          {pack.waiting ? (
            <Button
              type="primary"
              loading={take.isRunning}
              disabled={preview.data === undefined}
              onClick={async () => {
                if ((await take.run({ id, version })) === undefined) return;
                reload();
                preview.reload();
                notify(t('settings.packs.taken', { version }));
              }}
            >
              {t('settings.packs.take')}
            </Button>
          ) : null}
        </div>
      </div>
    </Panel>
  );
}

/** Drafts checked with other tables or rules: checked again, with those that are judged otherwise. */
function Recheck({ waiting, reload }: { readonly waiting: number; readonly reload: () => void }) {
  const { t } = useTranslation();
  const recheck = useJob('tables.recheck');
  const done = recheck.result;
  if (waiting === 0 && done === undefined) return null;
  return (
    <Panel isPlain title={t('settings.packs.recheckTitle')}>
      <div className="panel-pad">
        <p className="muted form-note">
          {done === undefined
            ? t('settings.packs.toRecheck', { n: formatCount(waiting) })
            : t('settings.packs.rechecked', {
                n: formatCount(done.checked),
                different: formatCount(done.different),
                reject: formatCount(done.reject),
              })}
        </p>
        {recheck.status === 'running' ? (
          <ProgressBar title={t('settings.packs.recheckTitle')} progress={recheck.progress} onCancel={recheck.cancel} />
        ) : null}
        <ErrorNote error={recheck.error} />
        {done === undefined || done.changed.length === 0 ? null : (
          <div className="pack-changes">
            <table className="pack-rows" aria-label={t('settings.packs.recheckTitle')}>
              <tbody>
                {done.changed.map(({ documentId, kind, businessKey, added, gone }) => (
                  <tr key={documentId}>
                    <td>{t(`messageKind.${kind}`, { defaultValue: kind })}</td>
                    <td>
                      <Button size="small" type="link" onClick={() => navigate('declaration', { id: documentId })}>
                        {businessKey}
                      </Button>
                    </td>
                    <td>
                      {added.length === 0 ? null : t('settings.packs.findingsAdded', { rules: added.join(' ') })}{' '}
                      {gone.length === 0 ? null : t('settings.packs.findingsGone', { rules: gone.join(' ') })}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <div className="card-actions">
          <Button
            disabled={waiting === 0}
            loading={recheck.status === 'running'}
            onClick={async () => {
              if ((await recheck.start({})) !== undefined) reload();
            }}
          >
            {t('settings.packs.recheck')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}

/** Whose packs the book takes. */
function Issuers({ issuers, reload }: { readonly issuers: Listed['issuers']; readonly reload: () => void }) {
  const { t } = useTranslation();
  const trust = useCommand('packs.trust');
  const distrust = useCommand('packs.distrust');
  const form = useFormDraft('pack issuer', { name: '', publicKey: '' });
  const { name, publicKey } = form.value;
  return (
    <Panel isPlain title={t('settings.packs.issuers')}>
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.packs.issuersHint')}</p>
        <ErrorNote error={trust.error ?? distrust.error} />
        {issuers.length === 0 ? <p className="muted">{t('settings.packs.noIssuers')}</p> : null}
        {issuers.length === 0 ? null : (
          <table className="pack-rows" aria-label={t('settings.packs.issuers')}>
            <tbody>
              {issuers.map((one) => (
                <tr key={one.keyId}>
                  <td>
                    {one.name}
                    {one.namedBy === '' ? null : (
                      <>
                        {' '}
                        <span className="muted">{t('settings.packs.namedBy', { name: one.namedBy })}</span>
                      </>
                    )}
                    <br />
                    <Code>{one.keyId}</Code>
                  </td>
                  <td>
                    {one.trustedAt === undefined ? (
                      <ToneTag tone="action" label={t('settings.packs.notTrusted')} />
                    ) : (
                      <ToneTag tone="accepted" label={t('settings.packs.trusted')} />
                    )}
                  </td>
                  <td className="pack-actions">
                    {one.trustedAt === undefined ? (
                      <ConfirmInline
                        isSmall
                        isDanger={false}
                        label={t('settings.packs.trust')}
                        question={t('settings.packs.trustAsk')}
                        confirmLabel={t('settings.packs.trust')}
                        onConfirm={async () => {
                          await trust.run({ name: one.name, publicKey: one.publicKey });
                          reload();
                        }}
                      />
                    ) : (
                      <ConfirmInline
                        isDanger={false}
                        isSmall
                        label={t('settings.packs.distrust')}
                        question={t('settings.packs.distrustAsk')}
                        confirmLabel={t('settings.packs.distrust')}
                        onConfirm={async () => {
                          await distrust.run({ keyId: one.keyId, reason: t('settings.packs.distrustReason') });
                          reload();
                        }}
                      />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        <form
          onSubmit={async (event) => {
            event.preventDefault();
            if ((await trust.run({ name, publicKey })) === undefined) return;
            form.reset();
            reload();
          }}
        >
          <RestoredNote draft={form} />
          <Field id="issuer-name" label={t('settings.packs.issuerName')} isWide>
            <Input
              id="issuer-name"
              maxLength={100}
              value={name}
              onChange={(event) => form.change({ name: event.target.value })}
            />
          </Field>
          <Field id="issuer-key" label={t('settings.packs.publicKey')} hint={t('settings.packs.publicKeyHint')} isWide>
            <Input
              id="issuer-key"
              spellCheck={false}
              maxLength={200}
              value={publicKey}
              onChange={(event) => form.change({ publicKey: event.target.value })}
            />
          </Field>
          <div className="card-actions">
            <Button
              htmlType="submit"
              loading={trust.isRunning}
              disabled={name.trim() === '' || publicKey.trim() === ''}
            >
              {t('settings.packs.addIssuer')}
            </Button>
          </div>
        </form>
      </div>
    </Panel>
  );
}

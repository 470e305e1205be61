import { Button, Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { GrantedFile } from '../../../shared/contract/bridge.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { type CarryCipher, carryCiphers } from '../../../shared/sync/carry.ts';
import { tlsVersions, transportKinds } from '../../../shared/sync/endpoint-settings.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts } from '../../components/Page.tsx';
import { useCommand } from '../../core-client.ts';
import { formatBytes, formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import { Diagnosis } from './Diagnosis.tsx';
import { NoTrace } from './NoTrace.tsx';
import { linesOfRules, rulesOfLines } from './rule-lines.ts';

type Endpoint = OutputOf<'endpoints.list'>['endpoints'][number];
type SaveInput = InputOf<'endpoints.save'>;

/** What is typed; files and folders are tokens of dialogs. */
interface Draft {
  readonly name: string;
  readonly transport: Endpoint['transport'];
  readonly url: string;
  readonly proxyMode: 'system' | 'none' | 'explicit';
  readonly proxyUrl: string;
  readonly proxyUser: string;
  /** Undefined: as it is. */
  readonly proxyPassword: string | undefined;
  readonly pin: string;
  readonly minVersion: (typeof tlsVersions)[number];
  readonly caFile: GrantedFile | undefined;
  readonly dropCa: boolean;
  readonly folderRoot: GrantedFile | undefined;
  readonly movesRead: boolean;
  readonly practice: boolean;
  readonly recipientKey: string;
  readonly signerKey: string;
  readonly cipher: CarryCipher;
  readonly maxBytes: string;
  readonly maxDocuments: string;
  readonly profile: string;
  readonly rules: string;
  readonly signature: 'book' | 'none';
}

function draftOf(endpoint: Endpoint | undefined): Draft {
  const proxy = endpoint?.proxy;
  return {
    name: endpoint?.name ?? '',
    transport: endpoint?.transport ?? 'http',
    url: endpoint?.url ?? '',
    proxyMode: proxy?.mode ?? 'system',
    proxyUrl: proxy?.mode === 'explicit' ? proxy.url : '',
    proxyUser: proxy?.mode === 'explicit' ? proxy.user : '',
    proxyPassword: undefined,
    pin: endpoint?.tls.pin ?? '',
    minVersion: endpoint?.tls.minVersion ?? 'TLSv1.2',
    caFile: undefined,
    dropCa: false,
    folderRoot: undefined,
    movesRead: endpoint?.folders?.movesRead ?? false,
    practice: endpoint?.practice ?? false,
    recipientKey: endpoint?.carry.recipientKey ?? '',
    signerKey: endpoint?.carry.signerKey ?? '',
    cipher: endpoint?.carry.cipher ?? 'aes-256-gcm',
    maxBytes: endpoint?.limits.maxBytes === undefined ? '' : String(endpoint.limits.maxBytes),
    maxDocuments: endpoint?.limits.maxDocuments === undefined ? '' : String(endpoint.limits.maxDocuments),
    profile: endpoint?.profile ?? '',
    rules: endpoint === undefined ? '' : linesOfRules(endpoint.rules),
    signature: endpoint?.signature ?? 'book',
  };
}

function inputOf(draft: Draft, endpoint: Endpoint | undefined): SaveInput {
  const { kinds } = endpoint?.limits ?? {};
  return {
    ...(endpoint === undefined ? {} : { id: endpoint.id }),
    name: draft.name.trim(),
    transport: draft.transport,
    url: draft.transport === 'http' ? draft.url.trim() : '',
    proxy:
      draft.proxyMode === 'explicit'
        ? { mode: 'explicit', url: draft.proxyUrl.trim(), user: draft.proxyUser.trim() }
        : { mode: draft.proxyMode },
    ...(draft.proxyPassword === undefined ? {} : { proxyPassword: draft.proxyPassword }),
    tls: { pin: draft.pin.trim(), minVersion: draft.minVersion },
    ...(draft.caFile === undefined ? {} : { caFile: draft.caFile.token }),
    dropCa: draft.dropCa,
    ...(draft.folderRoot === undefined ? {} : { folderRoot: draft.folderRoot.token }),
    movesRead: draft.movesRead,
    practice: draft.practice,
    carry: { recipientKey: draft.recipientKey, signerKey: draft.signerKey, cipher: draft.cipher },
    limits: {
      ...(kinds === undefined ? {} : { kinds }),
      ...(draft.maxBytes.trim() === '' ? {} : { maxBytes: Number(draft.maxBytes) }),
      ...(draft.maxDocuments.trim() === '' ? {} : { maxDocuments: Number(draft.maxDocuments) }),
    },
    profile: draft.profile,
    rules: rulesOfLines(draft.rules).rules,
    signature: draft.signature,
  };
}

/** An endpoint: how it is reached, what it takes and asks for; its test and the choice of it below. */
export function EndpointForm({
  endpoint,
  profiles,
  onSaved,
  onClose,
}: {
  readonly endpoint: Endpoint | undefined;
  readonly profiles: OutputOf<'endpoints.list'>['profiles'];
  readonly onSaved: (id: string | undefined) => void;
  readonly onClose: () => void;
}) {
  const { t, i18n } = useTranslation();
  const form = useFormDraft(`endpoint ${endpoint?.id ?? 'new'}`, draftOf(endpoint), JSON.stringify(endpoint ?? null), [
    'proxyPassword',
    'caFile',
    'folderRoot',
  ]);
  const { value: draft, change } = form;
  const save = useCommand('endpoints.save');
  const choose = useCommand('endpoints.choose');
  const remove = useCommand('endpoints.remove');
  const refused = useFieldErrors(save.error);
  const { wrong } = rulesOfLines(draft.rules);
  const isFixed = endpoint?.isDeskPractice === true;
  const hasLimits = [draft.maxBytes, draft.maxDocuments].every((text) => /^\s*\d*\s*$/.test(text));

  const submit = async (): Promise<void> => {
    const done = await save.run(inputOf(draft, endpoint));
    if (done === undefined) return;
    form.done();
    notify(t('endpoints.saved', { name: done.name }));
    onSaved(done.id);
  };
  const text = (
    name: keyof Draft & keyof typeof labels,
    path: string,
    more: { hint?: string; isCode?: boolean; isWide?: boolean } = {},
  ) => (
    <Field
      id={`endpoint-${name}`}
      label={t(`endpoints.${labels[name]}`)}
      error={refused(path)}
      isWide={more.isWide ?? false}
      {...(more.hint === undefined ? {} : { hint: more.hint })}
    >
      <Input
        id={`endpoint-${name}`}
        autoComplete="off"
        spellCheck={false}
        className={more.isCode === true ? 'code' : ''}
        value={String(draft[name] ?? '')}
        disabled={isFixed}
        status={refused(path) === undefined ? '' : 'error'}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );

  return (
    <FormPane
      title={endpoint?.name ?? t('endpoints.add')}
      error={save.error ?? choose.error ?? remove.error}
      onClearError={() => {
        save.clear();
        choose.clear();
        remove.clear();
      }}
      saveLabel={t('common.save')}
      canSave={!isFixed && draft.name.trim() !== '' && wrong.length === 0 && hasLimits}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <div className="endpoint-form">
        {isFixed ? <p className="muted form-note">{t('endpoints.deskPractice')}</p> : null}
        <div className="form-grid">
          <RestoredNote draft={form} />
          {text('name', 'name')}
          <Field id="endpoint-transport" label={t('endpoints.transport')}>
            <Select
              id="endpoint-transport"
              value={draft.transport}
              disabled={endpoint !== undefined}
              onChange={(transport) => change({ transport })}
              options={transportKinds.map((value) => ({ value, label: t(`endpoints.kind.${value}`) }))}
            />
          </Field>
          {draft.transport === 'http' ? (
            <>
              {text('url', 'url', { hint: t('outbox.urlHint'), isCode: true, isWide: true })}
              <Field id="endpoint-proxy" label={t('endpoints.proxy')}>
                <Select
                  id="endpoint-proxy"
                  value={draft.proxyMode}
                  disabled={isFixed}
                  onChange={(proxyMode) => change({ proxyMode })}
                  options={(['system', 'none', 'explicit'] as const).map((value) => ({
                    value,
                    label: t(`endpoints.proxyMode.${value}`),
                  }))}
                />
              </Field>
              {draft.proxyMode === 'explicit' ? (
                <>
                  {text('proxyUrl', 'settings.proxy.url', { hint: 'http://proxy.example.cn:8080', isCode: true })}
                  {text('proxyUser', 'proxy.user')}
                  <Field
                    id="endpoint-proxyPassword"
                    label={t('endpoints.proxyPassword')}
                    hint={t(endpoint?.hasProxyPassword === true ? 'endpoints.passwordKept' : 'endpoints.passwordNone')}
                  >
                    <Input.Password
                      id="endpoint-proxyPassword"
                      autoComplete="new-password"
                      value={draft.proxyPassword ?? ''}
                      onChange={(event) => change({ proxyPassword: event.target.value })}
                    />
                  </Field>
                </>
              ) : null}
              <Field id="endpoint-minVersion" label={t('endpoints.minVersion')}>
                <Select
                  id="endpoint-minVersion"
                  value={draft.minVersion}
                  disabled={isFixed}
                  onChange={(minVersion) => change({ minVersion })}
                  options={tlsVersions.map((value) => ({ value, label: value.replace('v', ' ') }))}
                />
              </Field>
              {text('pin', 'tls.pin', { hint: t('endpoints.pinHint'), isCode: true, isWide: true })}
              <Field
                id="endpoint-ca"
                label={t('endpoints.ca')}
                isWide
                hint={t('endpoints.caHint')}
                error={refused('settings.tls.ca')}
              >
                <div className="endpoint-file">
                  <Button
                    id="endpoint-ca"
                    disabled={isFixed}
                    onClick={async () => {
                      const caFile = await chooseOpen(t('endpoints.ca'), [
                        { name: 'PEM', extensions: ['pem', 'crt', 'cer'] },
                      ]);
                      if (caFile !== null) change({ caFile, dropCa: false });
                    }}
                  >
                    {t('endpoints.caChoose')}
                  </Button>
                  <span>
                    {draft.caFile?.name ??
                      (draft.dropCa || endpoint?.ca === undefined
                        ? t('endpoints.caNone')
                        : t('endpoints.caShown', endpoint.ca))}
                  </span>
                  {endpoint?.ca !== undefined && !draft.dropCa ? (
                    <Button type="text" onClick={() => change({ dropCa: true, caFile: undefined })}>
                      {t('endpoints.remove')}
                    </Button>
                  ) : null}
                </div>
              </Field>
            </>
          ) : null}
          {draft.transport === 'folder' ? (
            <>
              <Field
                id="endpoint-folder"
                label={t('endpoints.folders')}
                isWide
                hint={t('endpoints.foldersHint')}
                error={refused('folderRoot')}
              >
                <div className="endpoint-file">
                  <Button
                    id="endpoint-folder"
                    onClick={async () => {
                      const root = await window.portbook.chooseDirectory({ purpose: t('endpoints.folders') });
                      if (root !== null) change({ folderRoot: root });
                    }}
                  >
                    {t('endpoints.folderChoose')}
                  </Button>
                  <span>
                    {draft.folderRoot?.name ??
                      (endpoint?.folders === undefined
                        ? t('endpoints.folderNone')
                        : Object.values(endpoint.folders)
                            .filter((one) => typeof one === 'string')
                            .join(' · '))}
                  </span>
                </div>
              </Field>
              <Checkbox checked={draft.movesRead} onChange={(event) => change({ movesRead: event.target.checked })}>
                {t('endpoints.movesRead')}
              </Checkbox>
            </>
          ) : (
            <>
              {text('recipientKey', 'recipientKey', { hint: t('endpoints.recipientHint'), isCode: true, isWide: true })}
              {text('signerKey', 'signerKey', { hint: t('endpoints.signerHint'), isCode: true, isWide: true })}
              <Field id="endpoint-cipher" label={t('endpoints.cipher')} hint={t('endpoints.cipherHint')}>
                <Select<CarryCipher>
                  id="endpoint-cipher"
                  value={draft.cipher}
                  options={carryCiphers.map((value) => ({ value, label: t(`endpoints.cipherOf.${value}`) }))}
                  onChange={(cipher) => change({ cipher })}
                />
              </Field>
            </>
          )}
          {draft.transport === 'http' ? null : (
            <Checkbox checked={draft.practice} onChange={(event) => change({ practice: event.target.checked })}>
              {t('endpoints.isPractice')}
            </Checkbox>
          )}
          <Field id="endpoint-profile" label={t('endpoints.profile')} hint={t('endpoints.profileHint')}>
            <Select
              id="endpoint-profile"
              value={draft.profile}
              disabled={isFixed}
              onChange={(profile) => change({ profile })}
              options={[
                { value: '', label: t('endpoints.profileNone') },
                ...profiles.map(({ id, titleZh, titleEn }) => ({
                  value: id,
                  label: i18n.language === 'en' ? titleEn : titleZh,
                })),
              ]}
            />
          </Field>
          <Field id="endpoint-signature" label={t('endpoints.signature')}>
            <Select
              id="endpoint-signature"
              value={draft.signature}
              disabled={isFixed}
              onChange={(signature) => change({ signature })}
              options={(['book', 'none'] as const).map((value) => ({
                value,
                label: t(`endpoints.signatureWay.${value}`),
              }))}
            />
          </Field>
          {text('maxDocuments', 'limits.maxDocuments', { hint: t('endpoints.limitHint') })}
          {text('maxBytes', 'limits.maxBytes', { hint: t('endpoints.limitHint') })}
          <Field
            id="endpoint-rules"
            label={t('endpoints.rules')}
            hint={t('endpoints.rulesHint')}
            isWide
            error={wrong.length === 0 ? undefined : t('endpoints.rulesWrong', { lines: listed(wrong, i18n.language) })}
          >
            <Input.TextArea
              id="endpoint-rules"
              className="code"
              rows={3}
              value={draft.rules}
              disabled={isFixed}
              onChange={(event) => change({ rules: event.target.value })}
            />
          </Field>
        </div>
        {endpoint === undefined ? null : (
          <>
            <Facts
              columns={2}
              rows={[
                [
                  t('endpoints.takes'),
                  t('endpoints.takesShown', {
                    kinds: formatCount(endpoint.takes.kinds.length),
                    documents: formatCount(endpoint.takes.maxDocuments),
                    bytes: formatBytes(endpoint.takes.maxBytes),
                  }),
                ],
                [t('outbox.enrolled'), t(endpoint.enrolled ? 'outbox.isEnrolled' : 'outbox.notEnrolled')],
                ...(endpoint.transport === 'http'
                  ? [[t('outbox.url'), <Code key="url">{endpoint.url}</Code>] as const]
                  : []),
              ]}
            />
            <Diagnosis id={endpoint.id} />
            {endpoint.transport === 'folder' ? <NoTrace /> : null}
            <div className="card-actions">
              {isFixed ? null : (
                <ConfirmInline
                  label={t('endpoints.remove')}
                  question={t('endpoints.removeAsk', { name: endpoint.name })}
                  confirmLabel={t('endpoints.remove')}
                  onConfirm={async () => {
                    const done = await remove.run({ id: endpoint.id });
                    if (done !== undefined) onSaved(undefined);
                  }}
                />
              )}
              <Button
                disabled={endpoint.isCurrent}
                loading={choose.isRunning}
                onClick={async () => {
                  const done = await choose.run({ id: endpoint.id });
                  if (done !== undefined) notify(t('endpoints.chosen', { name: done.name }));
                }}
              >
                {t(endpoint.isCurrent ? 'endpoints.isCurrent' : 'endpoints.use')}
              </Button>
            </div>
          </>
        )}
      </div>
    </FormPane>
  );
}

const labels = {
  name: 'name',
  url: 'url',
  proxyUrl: 'proxyUrl',
  proxyUser: 'proxyUser',
  pin: 'pin',
  recipientKey: 'recipientKey',
  signerKey: 'signerKey',
  maxDocuments: 'maxDocuments',
  maxBytes: 'maxBytes',
} as const;

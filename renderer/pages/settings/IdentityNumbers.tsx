/** 购买人身份证号: after how many days the book may lose them, what that would touch today, and the decision. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts, Panel } from '../../components/Page.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

export function IdentityNumbers() {
  const { t } = useTranslation();
  const rule = useQuery('identityNumbers.get', {}, { areas: ['documents'] });
  const configure = useCommand('identityNumbers.configure');
  const purge = useCommand('identityNumbers.purge');
  const [typed, setTyped] = useState<string>();
  const [reason, setReason] = useState('');
  const { data } = rule;
  const days = typed ?? (data?.days === null || data === undefined ? '' : String(data.days));
  const preview = data?.preview ?? null;
  const isOnlyBeside = preview?.documents === 0;
  const isNothing = preview === null || (isOnlyBeside && preview.templates + preview.failedRows === 0);
  const save = async (next: number | null): Promise<void> => {
    if ((await configure.run({ days: next })) === undefined) return;
    setTyped(undefined);
    notify(t(next === null ? 'settings.identity.isOff' : 'settings.identity.saved'));
    rule.reload();
  };
  return (
    <Panel isPlain title={t('settings.identity.title')}>
      <div className="panel-pad">
        <p className="muted form-note">{t('settings.identity.hint', { years: data?.leastYears ?? '' })}</p>
        <p className="muted form-note">{data?.source}</p>
        <ErrorNote
          error={rule.error ?? configure.error ?? purge.error}
          onClose={() => {
            configure.clear();
            purge.clear();
          }}
        />
        <Field id="identity-days" label={t('settings.identity.days')} hint={t('settings.identity.daysHint')}>
          <NumericInput id="identity-days" value={days} decimals={0} onChange={setTyped} />
        </Field>
        <div className="card-actions">
          {data === undefined || data.days === null ? null : (
            <Button loading={configure.isRunning} onClick={() => void save(null)}>
              {t('settings.identity.switchOff')}
            </Button>
          )}
          <Button
            loading={configure.isRunning}
            disabled={!/^[1-9]\d*$/.test(days) || (data?.days ?? null) === Number(days)}
            onClick={() => void save(Number(days))}
          >
            {t('settings.identity.save')}
          </Button>
        </div>
        {data === undefined ? null : (
          <Facts
            columns={1}
            rows={[
              [t('settings.identity.kept'), formatCount(data.kept)],
              [t('settings.identity.purged'), formatCount(data.purged)],
              [
                t('settings.identity.preview'),
                preview === null
                  ? t('settings.identity.off')
                  : t('settings.identity.would', {
                      before: preview.before,
                      documents: formatCount(preview.documents),
                      orders: formatCount(preview.orders),
                      numbers: formatCount(preview.numbers),
                    }),
              ],
            ]}
          />
        )}
        {isNothing ? null : (
          <>
            <p className="form-note">
              {t('settings.identity.beside', {
                originals: formatCount(preview.originals),
                templates: formatCount(preview.templates),
                failedRows: formatCount(preview.failedRows),
              })}
            </p>
            <p className="form-note">
              {t('settings.identity.stays', {
                messages: formatCount(preview.messages),
                answers: formatCount(preview.answers),
              })}
            </p>
            <Field id="identity-reason" label={t('settings.identity.reason')} isRequired>
              <Input
                id="identity-reason"
                autoComplete="off"
                value={reason}
                maxLength={300}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            {reason.trim() === '' ? null : (
              <ConfirmInline
                label={t('settings.identity.purge')}
                question={
                  isOnlyBeside
                    ? t('settings.identity.askBeside')
                    : t('settings.identity.ask', { documents: formatCount(preview.documents) })
                }
                confirmLabel={t('settings.identity.purge')}
                onConfirm={async () => {
                  const done = await purge.run({ reason, expected: preview.documents });
                  rule.reload();
                  if (done === undefined) return;
                  setReason('');
                  notify(
                    isOnlyBeside
                      ? t('settings.identity.doneBeside')
                      : t('settings.identity.done', { documents: formatCount(done.documents) }),
                  );
                }}
              />
            )}
          </>
        )}
      </div>
    </Panel>
  );
}

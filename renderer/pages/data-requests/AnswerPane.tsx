import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listed } from '../../../shared/i18n/words.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { Facts } from '../../components/Page.tsx';
import { ProgressBar } from '../../components/ProgressBar.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { codeText } from '../../i18n/catalogue.ts';
import { formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

export const requestTones = { open: 'action', ready: 'waiting', answered: 'accepted', declined: 'draft' } as const;

/** One request: what the book would answer, what is missing, the original of the payment, and the answer itself. */
export function AnswerPane({ sessionId }: { readonly sessionId: string }) {
  const { t, i18n } = useTranslation();
  const detail = useQuery('dataRequests.get', { sessionId }, { areas: ['sync'] });
  const signer = useQuery('signing.status', {}, { areas: ['sync'] });
  const decline = useCommand('dataRequests.decline');
  const answer = useJob('dataRequests.answer');
  const [pin, setPin] = useState('');
  const [reason, setReason] = useState('');
  const known = detail.data;
  if (known === undefined) return <ErrorNote error={detail.error} />;
  const { state, head, goods, receiver, unfit, problem } = known;
  const isOpen = state === 'open';
  const asksPin = signer.data?.card !== undefined && !signer.data.card.isPinKept;
  const field = (name: string) => t(`dataRequests.field.${name.replaceAll(/\/\d+/g, '').replaceAll('/', '-')}`);
  return (
    <DetailPane
      title={known.orderNo}
      extra={<ToneTag tone={requestTones[state]} label={t(`dataRequests.state.${state}`)} />}
    >
      <DetailSection title={t('dataRequests.request')}>
        <Facts
          columns={1}
          rows={[
            [t('dataRequests.session'), <Code key="session">{known.sessionId}</Code>],
            [t('dataRequests.column.asked'), formatInstant(known.askedAt, true)],
            ...(problem === undefined
              ? []
              : [[t('dataRequests.problem'), codeText('error', problem, {})?.what ?? problem] as const]),
            ...(known.replyCode === undefined
              ? []
              : [[t('dataRequests.reply'), `${known.replyCode} ${known.replyMessage ?? ''}`] as const]),
          ]}
        />
      </DetailSection>
      {known.answer === undefined ? (
        <DetailSection title={t('dataRequests.proposal')}>
          <Facts
            columns={1}
            rows={[
              [field('head/payTransactionId'), head['payTransactionId'] ?? ''],
              [field('head/totalAmount'), `${head['totalAmount'] ?? ''} ${head['currency'] ?? ''}`],
              [field('head/tradingTime'), head['tradingTime'] ?? ''],
              [field('head/ebpCode'), <Code key="ebp">{head['ebpCode']}</Code>],
              [field('head/payCode'), <Code key="pay">{head['payCode']}</Code>],
              [
                field('list/goodsInfo'),
                listed(
                  goods.map(({ gname }) => gname),
                  i18n.language,
                ),
              ],
              [field('list/recpName'), `${receiver.recpName} ${receiver.recpAccount}`],
            ]}
          />
          {unfit.length === 0 ? null : (
            <p role="status">
              <ToneTag tone="action" label={t('dataRequests.missing')} />{' '}
              {listed([...new Set(unfit.map(field))], i18n.language)}
            </p>
          )}
        </DetailSection>
      ) : (
        <DetailSection title={t('dataRequests.answer')}>
          <Input.TextArea readOnly autoSize={{ minRows: 4, maxRows: 12 }} value={known.answer} />
        </DetailSection>
      )}
      {isOpen ? (
        <>
          <DetailSection title={t('dataRequests.original')}>
            <OriginalForm
              key={`${known.orderNo} ${head['initalRequest'] ?? ''} ${head['initalResponse'] ?? ''}`}
              orderNo={known.orderNo}
              stored={{ request: head['initalRequest'] ?? '', response: head['initalResponse'] ?? '' }}
              label={field}
              onSaved={detail.reload}
            />
          </DetailSection>
          <DetailSection title={t('dataRequests.answer')}>
            {asksPin ? (
              <Field id="data-pin" label={t('settings.signing.pin')} hint={t('settings.signing.pinHint')}>
                <Input.Password
                  id="data-pin"
                  autoComplete="off"
                  value={pin}
                  onChange={(event) => setPin(event.target.value)}
                />
              </Field>
            ) : null}
            {answer.status === 'running' ? (
              <ProgressBar title={t('outbox.sign.running')} progress={answer.progress} onCancel={answer.cancel} />
            ) : null}
            <ErrorNote error={answer.error} />
            <div className="card-actions">
              <Button
                type="primary"
                disabled={unfit.length > 0}
                loading={answer.status === 'running'}
                onClick={async () => {
                  await answer.start({ sessionId, ...(asksPin && pin !== '' ? { pin } : {}) });
                  setPin('');
                  detail.reload();
                }}
              >
                {t('dataRequests.answerNow')}
              </Button>
            </div>
            <Field id="data-reason" label={t('dataRequests.reason')} hint={t('dataRequests.reasonHint')} isWide>
              <Input
                id="data-reason"
                maxLength={200}
                value={reason}
                onChange={(event) => setReason(event.target.value)}
              />
            </Field>
            <ErrorNote error={decline.error} />
            <div className="card-actions">
              <ConfirmInline
                label={t('dataRequests.decline')}
                question={t('dataRequests.declineAsk')}
                confirmLabel={t('dataRequests.decline')}
                isDisabled={reason.trim() === ''}
                onConfirm={async () => {
                  await decline.run({ sessionId, reason });
                  detail.reload();
                }}
              />
            </div>
          </DetailSection>
        </>
      ) : null}
    </DetailPane>
  );
}

/** The texts of the payment as they went out and came back, pasted from the payment firm's log. */
function OriginalForm({
  orderNo,
  stored,
  label,
  onSaved,
}: {
  readonly orderNo: string;
  readonly stored: { readonly request: string; readonly response: string };
  readonly label: (name: string) => string;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('dataRequests.saveOriginal');
  const form = useFormDraft(`payment original ${orderNo}`, stored, JSON.stringify(stored));
  const { request, response } = form.value;
  const submit = async (): Promise<void> => {
    const original = { initalRequest: request, initalResponse: response };
    if ((await save.run({ orderNo, original })) === undefined) return;
    form.done();
    onSaved();
    notify(t('dataRequests.originalSaved'));
  };
  return (
    <>
      <p className="muted form-note">{t('dataRequests.originalHint')}</p>
      <RestoredNote draft={form} />
      <Field id="data-request" label={label('head/initalRequest')} isWide>
        <Input.TextArea
          id="data-request"
          maxLength={8000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={request}
          onChange={(event) => form.change({ request: event.target.value })}
        />
      </Field>
      <Field id="data-response" label={label('head/initalResponse')} isWide>
        <Input.TextArea
          id="data-response"
          maxLength={8000}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={response}
          onChange={(event) => form.change({ response: event.target.value })}
        />
      </Field>
      <ErrorNote error={save.error} />
      <div className="card-actions">
        <Button loading={save.isRunning} onClick={() => void submit()}>
          {t('dataRequests.saveOriginal')}
        </Button>
      </div>
    </>
  );
}

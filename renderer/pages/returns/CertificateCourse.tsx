/** 已补税/未退税证明: where a request stands, what is missing, and its next step. */
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { type CertificateState, needsReason } from '../../../shared/returns/certificate.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';

type Known = OutputOf<'returnCertificates.get'>;

/** How a state of a request looks. */
export const certificateTones = {
  draft: 'draft',
  handedIn: 'waiting',
  obtained: 'accepted',
  used: 'accepted',
  void: 'draft',
} as const;

/** Where it stands, what is missing, and its next step. */
export function CertificateCourse({
  known,
  beforeHandIn,
  onMoved,
}: {
  readonly known: Known;
  /** Saves what was changed in the form; false: it was refused. */
  readonly beforeHandIn: () => Promise<boolean>;
  readonly onMoved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const move = useCommand('returnCertificates.move');
  const refused = useFieldErrors(move.error);
  const form = useFormDraft(
    `certificate step ${known.id}`,
    {
      to: (known.next[0] ?? 'void') as CertificateState,
      on: localDate(),
      certificateNo: '',
      usedIn: known.importDeclarationNo,
      reason: '',
    },
    known.state,
  );
  const { to, on, certificateNo, usedIn, reason } = form.value;
  const { change } = form;
  const isBack = needsReason(known.state, to);
  const wantsNumber = to === 'obtained' && known.state === 'handedIn';
  const isReady =
    /^\d{4}-\d{2}-\d{2}$/.test(on) &&
    (!isBack || reason.trim() !== '') &&
    (!wantsNumber || certificateNo.trim() !== '');
  const submit = async (): Promise<void> => {
    if (to === 'handedIn' && !(await beforeHandIn())) return;
    const done = await move.run({
      id: known.id,
      to,
      on,
      reason,
      ...(wantsNumber ? { certificateNo } : {}),
      ...(to === 'used' ? { importDeclarationNo: usedIn } : {}),
    });
    if (done === undefined) return;
    form.done();
    notify(
      t('goodsReturns.certificate.moved', { number: known.number, state: t(`goodsReturns.certificate.states.${to}`) }),
    );
    onMoved(known.id);
  };
  const steps = [
    ...(known.handedOn === null ? [] : [`${t('goodsReturns.certificate.handedOn')} ${known.handedOn}`]),
    ...(known.obtainedOn === null
      ? []
      : [`${t('goodsReturns.certificate.obtainedOn')} ${known.obtainedOn} (${known.certificateNo})`]),
    ...(known.usedOn === null
      ? []
      : [`${t('goodsReturns.certificate.usedOn')} ${known.usedOn} ${known.importDeclarationNo}`.trim()]),
    ...(known.voidReason === '' ? [] : [known.voidReason]),
  ];
  return (
    <DetailSection title={t('goodsReturns.certificate.step')}>
      {steps.length === 0 ? null : (
        <p className="panel-pad" title={t('goodsReturns.certificate.course')}>
          {steps.join(' → ')}
        </p>
      )}
      {known.state !== 'draft' ? null : (
        <p className="panel-pad">
          {known.gaps.length === 0 ? (
            <ToneTag tone="accepted" label={t('goodsReturns.certificate.ready')} />
          ) : (
            <>
              <ToneTag tone="action" label={t('goodsReturns.certificate.missing')} />{' '}
              {known.gaps.map((gap) => t(`goodsReturns.certificate.gaps.${gap}`)).join(' · ')}
            </>
          )}
        </p>
      )}
      {known.next.length === 0 ? null : (
        <>
          <RestoredNote draft={form} />
          <div className="purchase-form">
            <Field id="certificate-to" label={t('goodsReturns.certificate.to')} error={refused('to')}>
              <Select
                id="certificate-to"
                value={to}
                options={known.next.map((value) => ({ value, label: t(`goodsReturns.certificate.states.${value}`) }))}
                onChange={(value) => change({ to: value })}
              />
            </Field>
            <Field id="certificate-on" label={t('goodsReturns.certificate.on')} error={refused('on')}>
              <DateInput id="certificate-on" value={on} onChange={(value) => change({ on: value })} />
            </Field>
            {wantsNumber ? (
              <Field
                id="certificate-certificateNo"
                label={t('goodsReturns.certificate.certificateNo')}
                isRequired
                error={refused('certificateNo')}
              >
                <Input
                  id="certificate-certificateNo"
                  className="code"
                  value={certificateNo}
                  maxLength={60}
                  onChange={(event) => change({ certificateNo: event.target.value })}
                />
              </Field>
            ) : null}
            {to === 'used' ? (
              <Field id="certificate-usedIn" label={t('goodsReturns.certificate.importDeclarationNo')}>
                <Input
                  id="certificate-usedIn"
                  className="code"
                  value={usedIn}
                  maxLength={30}
                  onChange={(event) => change({ usedIn: event.target.value })}
                />
              </Field>
            ) : null}
            {isBack ? (
              <Field
                id="certificate-why"
                label={t('goodsReturns.certificate.why')}
                isRequired
                error={refused('reason')}
              >
                <Input
                  id="certificate-why"
                  value={reason}
                  maxLength={500}
                  onChange={(event) => change({ reason: event.target.value })}
                />
              </Field>
            ) : null}
          </div>
          {move.error === undefined ? null : (
            <div className="panel-pad">
              <ErrorNote error={move.error} isInline />
            </div>
          )}
          <div className="card-actions panel-pad">
            <Button disabled={!isReady} loading={move.isRunning} onClick={() => void submit()}>
              {t('goodsReturns.certificate.move')}
            </Button>
          </div>
        </>
      )}
    </DetailSection>
  );
}

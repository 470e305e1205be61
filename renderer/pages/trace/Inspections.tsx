/** 进货查验、抽检 of a lot: what was looked at, by whom, with what result and papers; a failure leads to the recall list. */
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { inspectionKinds } from '../../../shared/contract/trace.ts';
import { navigate } from '../../app/route-store.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { PapersOf } from '../obligations/PapersOf.tsx';
import { WithdrawRow } from './parts.tsx';

type Inspection = OutputOf<'lots.get'>['inspections'][number];
const tones = { pass: 'accepted', fail: 'rejected', open: 'draft' } as const;
const texts = ['who', 'basis', 'sampled', 'note'] as const;
const blank = () => ({ on: localDate(), who: '', basis: '', sampled: '', note: '' });

export function Inspections({
  lotId,
  code,
  inspections,
}: {
  readonly lotId: number;
  readonly code: string;
  readonly inspections: readonly Inspection[];
}) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const [shown, setShown] = useState<number>();
  return (
    <DetailSection
      title={t('trace.inspection.title')}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {t('trace.inspection.add')}
        </Button>
      }
    >
      {inspections.length === 0 ? <p className="muted">{t('trace.inspection.none')}</p> : null}
      <ul className="trace-list">
        {inspections.map((one) => (
          <li key={one.id}>
            {one.withdrawnReason === '' ? (
              <ToneTag tone={tones[one.result]} label={t(`trace.report.results.${one.result}`)} />
            ) : (
              <ToneTag tone="draft" label={t('trace.inspection.withdrawn', { reason: one.withdrawnReason })} />
            )}
            <button
              type="button"
              className="link code"
              aria-expanded={shown === one.id}
              onClick={() => setShown((now) => (now === one.id ? undefined : one.id))}
            >
              {one.number}
            </button>
            <span>
              {[t(`trace.inspection.kinds.${one.kind}`), one.on, one.who, one.sampled, one.basis, one.note]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
            <span className="muted">{t('trace.inspection.papers', { n: one.papers })}</span>
            {one.isFailure ? (
              <Button
                size="small"
                danger
                onClick={() => navigate('trace', { tab: 'query', text: code, view: 'recall' })}
              >
                {t('trace.inspection.recall')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
      {inspections.map((one) => (one.id === shown ? <Opened key={one.id} inspection={one} /> : null))}
      {isOpen ? <Form lotId={lotId} onClose={() => setOpen(false)} /> : null}
    </DetailSection>
  );
}

/** Papers of an inspection, and taking back one that was recorded in error. */
function Opened({ inspection: { id, number, withdrawnReason } }: { readonly inspection: Inspection }) {
  const withdraw = useCommand('lotInspections.withdraw');
  return (
    <>
      <PapersOf subjectKind="lot-inspection" subjectId={number} />
      {withdrawnReason !== '' ? null : (
        <WithdrawRow
          form={`withdraw inspection ${id}`}
          isBusy={withdraw.isRunning}
          onWithdraw={async (reason) => (await withdraw.run({ id, reason })) !== undefined}
        />
      )}
      <ErrorNote error={withdraw.error} isInline />
    </>
  );
}

function Form({ lotId, onClose }: { readonly lotId: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const add = useCommand('lotInspections.add');
  const form = useFormDraft(`lot inspection ${lotId}`, {
    kind: 'receipt' as (typeof inspectionKinds)[number],
    result: 'pass' as Inspection['result'],
    ...blank(),
  });
  const { value: draft, change } = form;
  const submit = async (): Promise<void> => {
    const done = await add.run({ lotId, ...draft });
    if (done === undefined) return;
    form.done();
    notify(t('trace.inspection.saved', { number: done.number }));
    onClose();
  };
  return (
    <div className="form-grid card-form">
      <RestoredNote draft={form} />
      <Field id="inspection-kind" label={t('trace.inspection.kind')}>
        <Select
          id="inspection-kind"
          value={draft.kind}
          onChange={(kind) => change({ kind })}
          options={inspectionKinds.map((one) => ({ value: one, label: t(`trace.inspection.kinds.${one}`) }))}
        />
      </Field>
      <Field id="inspection-on" label={t('trace.inspection.on')} isRequired>
        <DateInput id="inspection-on" value={draft.on} onChange={(on) => change({ on })} />
      </Field>
      <Field id="inspection-result" label={t('trace.report.result')}>
        <Select
          id="inspection-result"
          value={draft.result}
          onChange={(result) => change({ result })}
          options={(['pass', 'fail', 'open'] as const).map((one) => ({
            value: one,
            label: t(`trace.report.results.${one}`),
          }))}
        />
      </Field>
      {texts.map((name) => (
        <Field
          key={name}
          id={`inspection-${name}`}
          label={t(`trace.inspection.${name}`)}
          isRequired={name === 'who'}
          isWide={name === 'note'}
        >
          <Input
            id={`inspection-${name}`}
            maxLength={name === 'who' ? 60 : 100}
            value={draft[name]}
            onChange={(event) => change({ [name]: event.target.value })}
          />
        </Field>
      ))}
      <ErrorNote error={add.error} isInline />
      <div className="card-actions is-wide">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="primary" disabled={draft.who.trim() === ''} loading={add.isRunning} onClick={() => void submit()}>
          {t('common.save')}
        </Button>
      </div>
    </div>
  );
}

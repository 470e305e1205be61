import { Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type DecisionView, decisionBases } from '../../../shared/contract/classification.ts';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { call, useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { focusFirst } from '../money/field-errors.ts';
import { DoubtList } from './DoubtList.tsx';

const needed = ['name', 'hsCode', 'decidedBy', 'reason'] as const;

/** A new decision; with `start` one that takes the place of an earlier one. Doubts are shown while it is written. */
export function DecisionForm({
  start,
  sku,
  onSaved,
  onClose,
}: {
  readonly start: DecisionView | undefined;
  readonly sku: string;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const form = useFormDraft(
    `decision ${start?.id ?? 'new'} ${sku}`,
    {
      sku,
      name: start?.name ?? '',
      description: start?.description ?? '',
      hsCode: start?.hsCode ?? '',
      decidedBy: start?.decidedBy ?? '',
      decidedOn: localDate(),
      reason: '',
      basis: start?.basis ?? ('own' as (typeof decisionBases)[number]),
      evidence: '',
      acceptDoubts: false,
    },
    JSON.stringify(start ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const save = useCommand('classification.decide');
  const about = useQuery('classification.doubts', {
    hsCode: draft.hsCode,
    name: draft.name,
    description: draft.description,
    ...(draft.sku === '' ? {} : { sku: draft.sku }),
  });
  const doubts = about.data?.doubts ?? [];
  const missing = needed.filter((field) => draft[field].trim() === '');
  const errorOf = (field: (typeof needed)[number]): string | undefined =>
    isTried && draft[field].trim() === ''
      ? t('classification.needed', { field: t(`classification.${nameOf(field)}`) })
      : undefined;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (missing.length > 0) {
      focusFirst(missing.map((field) => `decision-${field}`));
      return;
    }
    const done = await save.run(draft);
    if (done === undefined) return;
    form.done();
    notify(t('classification.saved', { code: draft.hsCode }));
    onSaved(done.id);
  };
  const takeProduct = async (chosen: string): Promise<void> => {
    change({ sku: chosen });
    const { rows } = await call('products.list', { text: chosen, limit: 20 });
    const product = rows.find((row) => row.sku === chosen);
    if (product === undefined) return;
    change({
      name: product.nameCn === '' ? product.nameSource : product.nameCn,
      description: product.nameCn === '' || product.nameSource === product.nameCn ? '' : product.nameSource,
      ...(draft.hsCode === '' ? { hsCode: product.hsCode } : {}),
    });
  };
  const text = (field: 'name' | 'description' | 'decidedBy', isWide: boolean, max: number) => (
    <Field
      id={`decision-${field}`}
      label={t(`classification.${nameOf(field)}`)}
      isWide={isWide}
      isRequired={needed.some((one) => one === field)}
      error={field === 'description' ? undefined : errorOf(field)}
    >
      <Input
        id={`decision-${field}`}
        autoComplete="off"
        maxLength={max}
        value={draft[field]}
        onChange={(event) => change({ [field]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={start === undefined ? t('classification.add') : t('classification.again')}
      error={save.error}
      onClearError={save.clear}
      canSave={doubts.length === 0 || draft.acceptDoubts}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      <div className="purchase-form">
        <Field id="decision-sku" label={t('classification.sku')} hint={t('classification.skuHint')}>
          <ChoiceBox
            id="decision-sku"
            shown={draft.sku}
            search={async (typed) =>
              (await call('products.list', { text: typed, limit: 9 })).rows.map((row) => ({
                code: row.sku,
                name: row.nameCn === '' ? row.nameSource : row.nameCn,
              }))
            }
            onTake={(choice) => {
              if (choice === undefined) change({ sku: '' });
              else void takeProduct(choice.code);
            }}
          />
        </Field>
        {text('name', false, 250)}
        {text('description', true, 500)}
        <Field
          id="decision-hsCode"
          label={t('classification.code')}
          isWide
          isRequired
          error={errorOf('hsCode')}
          hint={
            about.data === undefined || draft.hsCode === ''
              ? undefined
              : t('classification.codeFacts', {
                  chapter: about.data.chapter,
                  elements: formatCount(about.data.elements),
                  under4: formatCount(about.data.under4),
                  under6: formatCount(about.data.under6),
                  four: draft.hsCode.slice(0, 4),
                  six: draft.hsCode.slice(0, 6),
                })
          }
        >
          <LookupBox
            id="decision-hsCode"
            table="hs"
            value={draft.hsCode}
            recentFor="classification|hsCode"
            isInvalid={errorOf('hsCode') !== undefined}
            onChange={(hsCode) => change({ hsCode, acceptDoubts: false })}
          />
        </Field>
        {doubts.length === 0 ? null : (
          <div className="is-wide">
            <DoubtList doubts={doubts} />
            <Checkbox
              id="decision-accept"
              checked={draft.acceptDoubts}
              onChange={(event) => change({ acceptDoubts: event.target.checked })}
            >
              {t('classification.accept')}
            </Checkbox>
          </div>
        )}
        {text('decidedBy', false, 60)}
        <Field id="decision-decidedOn" label={t('classification.on')}>
          <DateInput id="decision-decidedOn" value={draft.decidedOn} onChange={(decidedOn) => change({ decidedOn })} />
        </Field>
        <Field id="decision-basis" label={t('classification.basis')}>
          <Select
            id="decision-basis"
            value={draft.basis}
            options={decisionBases.map((value) => ({ value, label: t(`classification.bases.${value}`) }))}
            onChange={(basis) => change({ basis })}
          />
        </Field>
        <Field id="decision-reason" label={t('classification.reason')} isWide isRequired error={errorOf('reason')}>
          <Input.TextArea
            id="decision-reason"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={2000}
            placeholder={t('classification.reasonHint')}
            value={draft.reason}
            onChange={(event) => change({ reason: event.target.value })}
          />
        </Field>
        <Field
          id="decision-evidence"
          label={t('classification.evidence')}
          isWide
          hint={t('classification.evidenceHint')}
        >
          <Input.TextArea
            id="decision-evidence"
            autoSize={{ minRows: 2, maxRows: 8 }}
            maxLength={4000}
            value={draft.evidence}
            onChange={(event) => change({ evidence: event.target.value })}
          />
        </Field>
      </div>
    </FormPane>
  );
}

/** i18n id of a field's name. */
function nameOf(field: 'name' | 'description' | 'hsCode' | 'decidedBy' | 'reason'): string {
  if (field === 'hsCode') return 'code';
  return field === 'decidedBy' ? 'by' : field;
}

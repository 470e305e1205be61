/** 采收, 分批, 合批, 加工: entering lots. What wants a reason asks for it in place and loses nothing. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { stepKinds } from '../../../shared/contract/trace.ts';
import { balanceOf, gramsOf, kilogramText, yieldPercent } from '../../../shared/lots/mass.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { type RowOf, useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { type Finding, kg, type Named, ProductBox, ReasonPanel, SiteBox } from './parts.tsx';

type Row = RowOf<'lots.list'>;

export function HarvestForm({ onSaved }: { readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const save = useCommand('lots.harvest');
  const form = useFormDraft('harvest', {
    on: localDate(),
    mass: '',
    variety: '',
    grade: '',
    note: '',
    site: undefined as Named | undefined,
    productId: undefined as number | undefined,
    reason: '',
  });
  const { value: draft, change } = form;
  const { site, productId } = draft;
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [isTried, setTried] = useState(false);
  const massG = gramsOf(draft.mass);
  const missing = (isThere: boolean): { error?: string } => (isTried && !isThere ? { error: t('trace.needed') } : {});
  const submit = async (): Promise<void> => {
    setTried(true);
    if (site === undefined || productId === undefined || massG === undefined || draft.on === '') return;
    const { on, variety, grade, note, reason } = draft;
    const done = await save.run({ siteId: site.id, productId, massG, on, variety, grade, note, reason });
    if (done === undefined) return;
    setFindings(done.findings);
    if (!done.isSaved) return;
    form.done();
    notify(t('trace.lot.harvested', { code: done.code }));
    onSaved(done.id);
  };
  const text = (name: 'variety' | 'grade' | 'note', isWide = false): ReactNode => (
    <Field id={`harvest-${name}`} label={t(`trace.lot.${name}`)} isWide={isWide}>
      <Input
        id={`harvest-${name}`}
        value={draft[name]}
        maxLength={name === 'note' ? 500 : 100}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={t('trace.lot.harvest')}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      below={<ReasonPanel findings={findings} reason={draft.reason} onReason={(reason) => change({ reason })} />}
    >
      <RestoredNote draft={form} />
      <div className="panel-pad">
        <div className="form-grid">
          <Field id="harvest-site" label={t('trace.lot.site')} isRequired isWide {...missing(site !== undefined)}>
            <SiteBox id="harvest-site" isPackHouse={false} value={site} onChange={(value) => change({ site: value })} />
          </Field>
          <Field id="harvest-product" label={t('trace.product.title')} isRequired {...missing(productId !== undefined)}>
            <ProductBox id="harvest-product" value={productId} onChange={(value) => change({ productId: value })} />
          </Field>
          <Field id="harvest-on" label={t('trace.lot.harvestOn')} isRequired {...missing(draft.on !== '')}>
            <DateInput id="harvest-on" value={draft.on} onChange={(on) => change({ on })} />
          </Field>
          <Field id="harvest-mass" label={t('trace.lot.harvestMass')} isRequired {...missing(massG !== undefined)}>
            <NumericInput
              id="harvest-mass"
              value={draft.mass}
              decimals={3}
              unit={t('trace.kg')}
              onChange={(mass) => change({ mass })}
            />
          </Field>
          {text('variety')}
          {text('grade')}
          {text('note', true)}
        </div>
      </div>
    </FormPane>
  );
}

interface Output {
  readonly key: number;
  readonly grade: string;
  readonly mass: string;
}

/** What is made of the lots that were selected. */
export function StepForm({ lots, onSaved }: { readonly lots: readonly Row[]; readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const save = useCommand('lots.step');
  const [first] = lots;
  const form = useFormDraft(
    `lot step ${lots.map(({ id }) => id).join(' ')}`,
    {
      kind: (lots.length > 1 ? 'merge' : 'process') as (typeof stepKinds)[number],
      site: undefined as Named | undefined,
      productId: first?.productId,
      on: localDate(),
      variety: first?.variety ?? '',
      note: '',
      inputs: Object.fromEntries(lots.map(({ id, freeG }) => [id, kilogramText(freeG)])) as Readonly<
        Record<number, string>
      >,
      outputs: [{ key: 0, grade: first?.grade ?? '', mass: '' }] as readonly Output[],
      reason: '',
    },
    JSON.stringify(lots.map(({ id, freeG, productId, variety, grade }) => [id, freeG, productId, variety, grade])),
  );
  const { kind, site, productId, on, variety, note, inputs, outputs, reason } = form.value;
  const { change } = form;
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const takes = lots.map((lot) => ({ lot, takenG: gramsOf(inputs[lot.id] ?? ''), freeG: lot.freeG }));
  const makes = outputs.map(({ mass }) => gramsOf(mass));
  const isWhole = takes.every(({ takenG }) => takenG !== undefined) && makes.every((one) => one !== undefined);
  const balance = balanceOf({
    inputs: takes.map(({ takenG = 0, freeG }) => ({ takenG, freeG })),
    outputs: makes.map((one = 0) => one),
  });
  const submit = async (): Promise<void> => {
    if (!isWhole || productId === undefined || on === '') return;
    const done = await save.run({
      kind,
      on,
      note,
      reason,
      ...(site === undefined ? {} : { siteId: site.id }),
      inputs: takes.flatMap(({ lot, takenG }) => (takenG === undefined ? [] : [{ lotId: lot.id, massG: takenG }])),
      outputs: outputs.map(({ grade, mass }) => ({ productId, variety, grade, massG: gramsOf(mass) ?? 0 })),
    });
    if (done === undefined) return;
    setFindings(done.findings);
    if (!done.isSaved) return;
    form.done();
    notify(t('trace.lot.stepped', { codes: done.lots.map(({ code }) => code).join(' ') }));
    const [made] = done.lots;
    if (made !== undefined) onSaved(made.id);
  };
  const put = (key: number, patch: Partial<Output>): void =>
    change({ outputs: outputs.map((one) => (one.key === key ? { ...one, ...patch } : one)) });
  return (
    <FormPane
      title={t('trace.lot.step')}
      error={save.error}
      onClearError={save.clear}
      canSave={isWhole}
      isBusy={save.isRunning}
      onSave={submit}
      foot={
        <span>
          {t('trace.lot.balance', {
            input: kg(balance.inputG),
            output: kg(balance.outputG),
            loss: kg(balance.lossG),
          })}
          {balance.inputG === 0 ? '' : ` · ${t('trace.lot.yield')} ${yieldPercent(balance.inputG, balance.outputG)} %`}
        </span>
      }
      below={<ReasonPanel findings={findings} reason={reason} onReason={(next) => change({ reason: next })} />}
    >
      <RestoredNote draft={form} />
      <div className="panel-pad form-grid">
        <Field id="step-kind" label={t('trace.lot.stepKind')}>
          <Select
            id="step-kind"
            value={kind}
            onChange={(value) => change({ kind: value })}
            options={stepKinds.map((one) => ({ value: one, label: t(`trace.lot.mades.${one}`) }))}
          />
        </Field>
        <Field id="step-on" label={t('trace.lot.stepOn')} isRequired>
          <DateInput id="step-on" value={on} onChange={(value) => change({ on: value })} />
        </Field>
        <Field id="step-site" label={t('trace.site.kinds.pack-house')}>
          <SiteBox id="step-site" isPackHouse value={site} onChange={(value) => change({ site: value })} />
        </Field>
        <Field id="step-product" label={t('trace.lot.newProduct')} isRequired>
          <ProductBox id="step-product" value={productId} onChange={(value) => change({ productId: value })} />
        </Field>
        <Field id="step-variety" label={t('trace.lot.variety')}>
          <Input
            id="step-variety"
            value={variety}
            maxLength={100}
            onChange={(event) => change({ variety: event.target.value })}
          />
        </Field>
        <Field id="step-note" label={t('trace.lot.note')}>
          <Input
            id="step-note"
            value={note}
            maxLength={500}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
      <DetailSection title={t('trace.lot.inputs')}>
        <div className="trace-rows">
          {lots.map((lot) => (
            <div key={lot.id} className="trace-row">
              <span>
                <span className="code">{lot.code}</span> {lot.product}{' '}
                <span className="muted">{t('trace.lot.freeIs', { mass: kg(lot.freeG) })}</span>
              </span>
              <NumericInput
                id={`step-input-${lot.id}`}
                label={t('trace.lot.takenOf', { code: lot.code })}
                value={inputs[lot.id] ?? ''}
                decimals={3}
                unit={t('trace.kg')}
                isInvalid={(gramsOf(inputs[lot.id] ?? '') ?? 0) > lot.freeG}
                onChange={(value) => change({ inputs: { ...inputs, [lot.id]: value } })}
              />
              <span />
            </div>
          ))}
        </div>
      </DetailSection>
      <DetailSection
        title={t('trace.lot.outputs')}
        extra={
          kind === 'merge' ? null : (
            <Button
              size="small"
              onClick={() =>
                change({
                  outputs: [...outputs, { key: 1 + Math.max(...outputs.map((one) => one.key)), grade: '', mass: '' }],
                })
              }
            >
              {t('trace.lot.addOutput')}
            </Button>
          )
        }
      >
        <div className="trace-rows">
          {outputs.map((one, at) => (
            <div key={one.key} className="trace-row">
              <Input
                aria-label={t('trace.lot.grade')}
                placeholder={t('trace.lot.grade')}
                value={one.grade}
                maxLength={100}
                onChange={(event) => put(one.key, { grade: event.target.value })}
              />
              <NumericInput
                id={`step-output-${at}`}
                label={t('trace.lot.mass')}
                value={one.mass}
                decimals={3}
                unit={t('trace.kg')}
                onChange={(mass) => put(one.key, { mass })}
              />
              <Button
                size="small"
                type="text"
                disabled={outputs.length === 1}
                onClick={() => change({ outputs: outputs.filter(({ key }) => key !== one.key) })}
              >
                {t('common.delete')}
              </Button>
            </div>
          ))}
        </div>
      </DetailSection>
    </FormPane>
  );
}

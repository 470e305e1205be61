/** Facts that are a small form of their own: an import typed in, an agent export; by month and declaration number. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import type { RuleInput, TaxFactName } from '../../../shared/contract/tax.ts';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { type FormValues, inputOf } from './calculator-form.ts';
import type { FactKind, FactRow, WantedFact } from './facts-grid.ts';
import { periodKind } from './period.ts';
import { RuleFields } from './RuleFields.tsx';
import type { Translate } from './rule-text.ts';
import { useWords } from './use-words.ts';

type Shape = readonly (readonly [
  name: string,
  kind: RuleInput['kind'],
  required: boolean,
  options?: readonly string[],
])[];

/** Fields of `importConsignment` and `agentExport` of the contract, in the order one reads them off the paper. */
const shapes: Partial<Readonly<Record<TaxFactName, Shape>>> = {
  'import-consignment': [
    ['channel', 'choice', true, ['general', 'retail']],
    ['date', 'date', true],
    ['goods', 'text', false],
    ['hsCode', 'text', false],
    ['term', 'choice', false, ['CIF', 'CFR', 'FOB']],
    ['currency', 'text', false],
    ['amount', 'figure', true],
    ['fx', 'figure', false],
    ['freight', 'figure', false],
    ['insurance', 'figure', false],
    ['dutyRate', 'figure', false],
    ['consumptionRate', 'figure', false],
    ['vatRate', 'figure', false],
    ['annualUsed', 'figure', false],
    ['singleIndivisible', 'boolean', false],
    ['arrivedOn', 'date', false],
    ['issuedOn', 'date', false],
    ['paidOn', 'date', false],
  ],
  'agent-export': [
    ['exportDate', 'date', true],
    ['method', 'choice', true, ['self', 'entrusted', 'agent']],
    ['amountCny', 'figure', true],
    ['agencyFeeCny', 'figure', false],
    ['principalName', 'text', false],
    ['principalCreditCode', 'text', false],
  ],
  'export-return': [
    ['reason', 'choice', true, ['unsold', 'returned', 'other']],
    ['returnedOn', 'date', false],
    ['quantity', 'figure', false],
    ['originalState', 'boolean', false],
    ['defect', 'boolean', false],
    ['food', 'boolean', false],
    ['zoneExitOn', 'date', false],
    ['repaidOn', 'date', false],
    ['certificateRequestedOn', 'date', false],
    ['certificateReceivedOn', 'date', false],
  ],
};

function fieldsOf(name: TaxFactName, t: Translate): readonly RuleInput[] {
  return (shapes[name] ?? []).map(([field, kind, required, options]) => {
    const label = t(`tax.factField.${field}`);
    return {
      name: field,
      label: { zh: label, en: label },
      kind,
      required,
      ...(options === undefined ? {} : { options }),
    };
  });
}

function valuesOf(row: FactRow): FormValues {
  try {
    const parsed = JSON.parse(row.value) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  } catch {
    // A value that is no form of ours is shown empty; it is kept until a new one is saved over it.
    return {};
  }
}

export function FactForms({
  kinds,
  rows,
  year,
  wanted,
}: {
  readonly kinds: readonly FactKind[];
  readonly rows: readonly FactRow[];
  readonly year: string;
  readonly wanted: WantedFact;
}) {
  const { t, say } = useWords();
  const asked = rows.find((row) => row.name === wanted.name && row.subject === wanted.subject);
  const [open, setOpen] = useState<{ readonly name: TaxFactName; readonly row: FactRow | undefined } | undefined>(
    asked === undefined ? undefined : { name: asked.name, row: asked },
  );
  return (
    <>
      {kinds.map((kind) => {
        const own = rows.filter(({ name }) => name === kind.name);
        const isOpen = open?.name === kind.name;
        return (
          <section key={kind.name} className="facts-section">
            <h3>
              {say(kind.label)} <span className="code muted">{kind.rule}</span>
            </h3>
            <ul className="fact-list">
              {own.map((row) => (
                <li key={`${row.period} ${row.subject}`}>
                  <button type="button" className="link" onClick={() => setOpen({ name: kind.name, row })}>
                    <span className="code">{row.subject}</span>
                  </button>
                  <span>{row.period}</span>
                  <span className="muted">{row.source}</span>
                </li>
              ))}
              {own.length === 0 ? <li className="muted">{t('tax.facts.noForms', { year })}</li> : null}
            </ul>
            {isOpen ? (
              <FactForm
                key={`${open.row?.period ?? ''} ${open.row?.subject ?? ''}`}
                kind={kind}
                row={open.row}
                onClose={() => setOpen(undefined)}
              />
            ) : (
              <Button
                size="small"
                data-fact-kind={kind.name}
                onClick={() => setOpen({ name: kind.name, row: undefined })}
              >
                {t('tax.facts.addForm')}
              </Button>
            )}
          </section>
        );
      })}
    </>
  );
}

function FactForm({
  kind,
  row,
  onClose,
}: {
  readonly kind: FactKind;
  readonly row: FactRow | undefined;
  readonly onClose: () => void;
}) {
  const { t, say } = useWords();
  const set = useCommand('tax.setFacts');
  const form = useFormDraft(
    `tax fact ${kind.name} ${row === undefined ? 'new' : JSON.stringify([row.subject, row.period])}`,
    {
      subject: row?.subject ?? '',
      period: row?.period ?? localDate().slice(0, 7),
      values: (row === undefined ? {} : valuesOf(row)) as FormValues,
    },
    JSON.stringify(row ?? null),
  );
  const { subject, period, values } = form.value;
  const { change } = form;
  const fields = fieldsOf(kind.name, t);
  const isReady = subject.trim() !== '' && periodKind(period) === kind.period;
  const put = async (value: string | null): Promise<void> => {
    const done = await set.run({ facts: [{ name: kind.name, period, subject: subject.trim(), value }] });
    if (done === undefined) return;
    form.done();
    notify(t('tax.facts.saved', { fact: say(kind.label), period }));
    onClose();
  };
  const save = (): void => {
    if (isReady) void put(JSON.stringify(inputOf(fields, values)));
  };
  const onKeyDown = useEnterNavigation({ onSubmit: save });
  return (
    <form
      className="fact-form"
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <DetailSection title={row === undefined ? t('tax.facts.addForm') : row.subject}>
        <div className="panel-pad">
          <div className="form-grid is-three">
            <Field
              id={`${kind.name}-subject`}
              label={kind.subject === undefined ? t('tax.facts.subject') : say(kind.subject)}
              isRequired
            >
              <Input
                id={`${kind.name}-subject`}
                autoFocus
                disabled={row !== undefined}
                value={subject}
                onChange={(event) => change({ subject: event.target.value })}
              />
            </Field>
            <Field id={`${kind.name}-period`} label={t('tax.period.title')} isRequired>
              <Input
                id={`${kind.name}-period`}
                disabled={row !== undefined}
                value={period}
                placeholder="2026-11"
                onChange={(event) => change({ period: event.target.value.trim() })}
              />
            </Field>
            <RuleFields
              calculator=""
              fields={fields}
              values={values}
              onChange={(value) => change({ values: value })}
              prefix={`${kind.name}.`}
            />
          </div>
          <RestoredNote draft={form} />
          <ErrorNote error={set.error} onClose={set.clear} />
          <div className="card-actions">
            {row === undefined ? null : (
              <Button danger onClick={() => void put(null)}>
                {t('tax.facts.takeAway')}
              </Button>
            )}
            <Button onClick={onClose}>{t('common.cancel')}</Button>
            <Button type="primary" htmlType="submit" disabled={!isReady} loading={set.isRunning}>
              {t('common.save')}
            </Button>
          </div>
        </div>
      </DetailSection>
    </form>
  );
}

/** One return: what it is of, whether it may come in free of duty, its next step, its repair, its papers, its steps. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { isTakenBack, type ReturnState } from '../../../shared/returns/states.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { useCodeNames } from '../../components/code-names.ts';
import { DetailPane, DetailSection, focusList } from '../../components/DetailPane.tsx';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Facts } from '../../components/Page.tsx';
import { FoodChoice, ReturnCheck } from '../../components/ReturnCheck.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatAmount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { RepairForm } from './RepairForm.tsx';
import { returnTone } from './return-tone.ts';

type Return = OutputOf<'returns.get'>;
const flags = ['originalState', 'defect', 'refunded'] as const;
type Flag = (typeof flags)[number];

export function ReturnDetail({ id, onMoved }: { readonly id: number; readonly onMoved: (id: number) => void }) {
  const { t } = useTranslation();
  const got = useQuery('returns.get', { id }, { areas: ['returns', 'documents', 'sync'] });
  const unitName = useCodeNames('unit', got.data === undefined ? [] : [got.data.unit]);
  if (got.error !== undefined) return <ErrorNote error={got.error} onRetry={got.reload} />;
  if (got.data === undefined) return <Skeleton rows={8} />;
  const row = got.data;
  const unit = unitName(row.unit) ?? row.unit;
  return (
    <DetailPane
      title={row.number}
      isCode
      tags={<ToneTag tone={returnTone[row.state]} label={t(`goodsReturns.states.${row.state}`)} />}
    >
      <Facts
        columns={1}
        rows={[
          [t('goodsReturns.goods'), row.name],
          [t('goodsReturns.line'), `${row.declarationNo}-${row.lineNo} · ${row.mode} · ${row.exportDate}`],
          [t('goodsReturns.qty'), t('goodsReturns.ofOut', { qty: row.qty, out: row.out, unit })],
          [t('goodsReturns.place'), row.place === '' ? '–' : row.place],
          [t('goodsReturns.receivedOn'), row.receivedOn],
          ...(row.exportLineId === undefined || row.state === 'void'
            ? []
            : ([
                [t('goodsReturns.stock.title'), t(row.isInStock ? 'goodsReturns.stock.in' : 'goodsReturns.stock.out')],
              ] as const)),
          ...(row.exporter === undefined ? [] : ([[t('goodsReturns.exporter'), row.exporter]] as const)),
          ...(row.note === '' ? [] : ([[t('goodsReturns.note'), row.note]] as const)),
        ]}
      />
      {row.next.length === 0 ? null : (
        <DetailSection title={t('goodsReturns.nextStep')}>
          <MoveForm row={row} onMoved={onMoved} />
        </DetailSection>
      )}
      {row.state === 'repairing' ? (
        <DetailSection title={t('goodsReturns.repair')}>
          <RepairForm key={row.repairs[0]?.number} returnId={row.id} repair={row.repairs[0]} />
        </DetailSection>
      ) : null}
      {row.repairs
        .filter(({ finishedOn }) => finishedOn !== undefined)
        .map((repair) => (
          <DetailSection key={repair.id} title={`${t('goodsReturns.repair')} ${repair.number}`}>
            <Facts
              rows={[
                [t('goodsReturns.fault'), repair.fault === '' ? '–' : repair.fault],
                [t('goodsReturns.work'), repair.work === '' ? '–' : repair.work],
                ...repair.parts.map(
                  ({ name, qty, costCny }) =>
                    [t('goodsReturns.part'), `${name} × ${qty} · ${formatAmount(costCny, 2)}`] as const,
                ),
                ...(repair.parts.length === 0
                  ? []
                  : ([[t('goodsReturns.labour'), formatAmount(repair.labourCny, 2)]] as const)),
                [t('goodsReturns.cost'), formatAmount(repair.costCny, 2)],
                [t('goodsReturns.days'), `${repair.startedOn} – ${repair.finishedOn ?? ''}`],
              ]}
            />
          </DetailSection>
        ))}
      <Papers row={row} />
      {row.state === 'void' ? null : (
        <DetailSection title={t('goodsReturns.check')}>
          <Judgement row={row} />
        </DetailSection>
      )}
      <DetailSection title={t('goodsReturns.steps')}>
        <ol className="return-steps">
          {row.steps.map((step) => (
            <li key={step.at + step.to}>
              {formatInstant(step.at)} · {t(`goodsReturns.states.${step.to}`)} · {step.qty} {unit}
              {step.note === '' ? '' : ` · ${step.note}`}
            </li>
          ))}
        </ol>
      </DetailSection>
    </DetailPane>
  );
}

/** To its next state, all of it or a part. */
function MoveForm({ row, onMoved }: { readonly row: Return; readonly onMoved: (id: number) => void }) {
  const { t } = useTranslation();
  const move = useCommand('returns.move');
  const form = useFormDraft(
    `return move ${row.id}`,
    { to: (row.next[0] ?? 'void') as ReturnState, qty: row.qty, place: row.place, note: '' },
    JSON.stringify([row.state, row.qty, row.place]),
  );
  const { to, qty, place, note } = form.value;
  const { change } = form;
  const isPlaced = to === 'stored';
  const submit = async (): Promise<void> => {
    const done = await move.run({ id: row.id, to, qty, note, ...(isPlaced ? { place } : {}) });
    if (done === undefined) return;
    form.done();
    notify(t('goodsReturns.moved', { number: done.number, state: t(`goodsReturns.states.${to}`) }));
    focusList();
    onMoved(done.id);
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('goodsReturns.move'), run: () => void submit(), isMain: true }]);
  return (
    <form
      className="panel-pad card-form"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <div className="form-grid">
        <Field id="return-to" label={t('goodsReturns.to')}>
          <Select
            id="return-to"
            value={to}
            options={row.next.map((value) => ({ value, label: t(`goodsReturns.states.${value}`) }))}
            onChange={(value) => change({ to: value })}
          />
        </Field>
        <Field id="return-part" label={t('goodsReturns.qty')} hint={t('goodsReturns.partHint')}>
          <NumericInput
            id="return-part"
            value={qty}
            isDisabled={row.state === 'repairing'}
            onChange={(value) => change({ qty: value })}
          />
        </Field>
        {isPlaced ? (
          <Field id="return-shelf" label={t('goodsReturns.place')}>
            <Input
              id="return-shelf"
              value={place}
              maxLength={60}
              onChange={(event) => change({ place: event.target.value })}
            />
          </Field>
        ) : null}
        <Field
          id="return-move-note"
          label={t(
            to === 'repairing'
              ? 'goodsReturns.fault'
              : isTakenBack(row.state, to)
                ? 'goodsReturns.backReason'
                : 'goodsReturns.note',
          )}
          isRequired={isTakenBack(row.state, to)}
          isWide
        >
          <Input
            id="return-move-note"
            value={note}
            maxLength={500}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={move.error} isInline />
      <div className="card-actions">
        <KeyButton
          kind="primary"
          label={t('goodsReturns.move')}
          keys="Ctrl+Enter"
          isBusy={move.isRunning}
          onPress={() => void submit()}
        />
      </div>
    </form>
  );
}

/** 退货申请单 of a list of the book; the declaration under which it goes out again. */
function Papers({ row }: { readonly row: Return }) {
  const { t } = useTranslation();
  const apply = useCommand('returns.apply');
  const { applicationId, reexportId, canApply } = row;
  // The certificate is asked for by the firm that exported: of a copy that is another.
  const canAsk = row.exportLineId !== undefined && row.state !== 'void';
  if (applicationId === undefined && reexportId === undefined && !canApply && !canAsk) return null;
  return (
    <DetailSection title={t('goodsReturns.papers')}>
      <ErrorNote error={apply.error} isInline />
      <div className="card-actions panel-pad">
        {canApply ? (
          <Button
            loading={apply.isRunning}
            onClick={() =>
              void apply.run({ id: row.id }).then((made) => {
                if (made !== undefined) navigate('document', { id: made.documentId, kind: 'CEB213Message' });
              })
            }
          >
            {t('goodsReturns.apply')}
          </Button>
        ) : null}
        {canAsk ? (
          <Button onClick={() => navigate('returns', { tab: 'certificates', return: row.id })}>
            {t('goodsReturns.certificate.ask')}
          </Button>
        ) : null}
        {applicationId === undefined ? null : (
          <Button onClick={() => navigate('document', { id: applicationId, kind: 'CEB213Message' })}>
            {t('goodsReturns.application')}
          </Button>
        )}
        {reexportId === undefined ? null : (
          <Button onClick={() => navigate('document', { id: reexportId, kind: 'DecMessage' })}>
            {t('goodsReturns.reexportPaper')}
          </Button>
        )}
      </div>
    </DetailSection>
  );
}

/** The re-import checker on this return; of a copy the person says what the book cannot know. */
function Judgement({ row }: { readonly row: Return }) {
  const { t } = useTranslation();
  const [facts, setFacts] = useState<Partial<Record<Flag, boolean>>>({});
  const [customsCode, setCustoms] = useState('');
  const [food, setFood] = useState<boolean>();
  return (
    <>
      <div className="panel-pad">
        <FoodChoice id="return-food" value={food} onChange={setFood} />
        {flags
          .filter((flag) => flag !== 'refunded' || row.copyId !== undefined)
          .map((flag) => (
            <Checkbox
              key={flag}
              checked={facts[flag] ?? flag === 'originalState'}
              onChange={(event) => setFacts({ ...facts, [flag]: event.target.checked })}
            >
              {t(flag === 'refunded' ? 'goodsReturns.refunded' : `returns.flag.${flag}`)}
            </Checkbox>
          ))}
        <Field id="return-customs" label={t('returns.customs')}>
          <LookupBox id="return-customs" table="customs_district" value={customsCode} onChange={setCustoms} />
        </Field>
      </div>
      <ReturnCheck
        {...(row.copyId === undefined ? { exportLineId: row.exportLineId } : { copyId: row.copyId })}
        returnId={row.id}
        returnedOn={row.receivedOn}
        quantity={row.qty}
        reason={row.reason}
        {...facts}
        {...(food === undefined ? {} : { food })}
        {...(customsCode === '' ? {} : { customsCode })}
      />
    </>
  );
}

/** 集中申报、分批出区: a batch on record, what went out of it and what is left, one declaration over its releases. */
import { Button, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { declarationModes } from '../../../shared/drafting/goods-declaration.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate, numberParam, type RouteParams, replaceParams } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { useCodeNames } from '../../components/code-names.ts';
import type { Column } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ListWithForm } from '../../components/ListWithForm.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useFieldErrors } from '../money/field-errors.ts';
import '../purchases/purchases.css';
import './summaries.css';

type Row = OutputOf<'batches.list'>['rows'][number];
type Batch = OutputOf<'batches.get'>;
interface Good {
  readonly id?: number;
  readonly hsCode: string;
  readonly name: string;
  readonly unit: string;
  readonly qty: string;
  readonly currency: string;
  readonly price: string;
}
const blankGood: Good = { hsCode: '', name: '', unit: '', qty: '', currency: '', price: '' };

export function Batches({ chips, params }: { readonly chips: ReactNode; readonly params: RouteParams }) {
  const { t } = useTranslation();
  const list = useQuery('batches.list', {}, { areas: ['documents', 'tax'] });
  const [isNew, setNew] = useState(false);
  const rows = list.data?.rows;
  const at = numberParam(params, 'at');
  const choose = (id: number): void => {
    setNew(false);
    replaceParams({ ...params, at: id });
  };
  const add = (): void => {
    setNew(true);
    focusDetail('#batch-recordNo');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('summaries.batch.add'), run: add, isMain: true },
    { key: 'Enter', label: t('summaries.batch.open'), isMain: true },
  ]);
  const columns: readonly Column<Row>[] = [
    { id: 'recordNo', title: t('summaries.batch.recordNo'), render: (row) => <Code>{row.recordNo}</Code> },
    { id: 'dueOn', title: t('summaries.batch.dueOn'), width: 100, render: (row) => row.dueOn ?? '' },
    {
      id: 'releases',
      title: t('summaries.batch.releases'),
      width: 64,
      align: 'right',
      render: (row) => formatCount(row.releases),
    },
    {
      id: 'undeclared',
      title: t('summaries.batch.undeclared'),
      width: 76,
      align: 'right',
      render: (row) => formatCount(row.undeclared),
    },
    {
      id: 'state',
      title: t('summaries.batch.state'),
      width: 104,
      render: (row) =>
        row.isLate ? (
          <ToneTag tone="rejected" label={t('summaries.batch.late')} />
        ) : row.undeclared > 0 ? (
          <ToneTag tone="action" label={t('summaries.batch.toDeclare')} />
        ) : row.isOpen ? (
          <ToneTag tone="waiting" label={t('summaries.batch.going')} />
        ) : (
          <ToneTag tone="accepted" label={t('summaries.batch.whole')} />
        ),
    },
  ];
  return (
    <Page
      title={t('summaries.batch.title')}
      summary={t('summaries.batch.summary')}
      filters={chips}
      actions={<KeyButton kind="primary" label={t('summaries.batch.add')} keys="Ctrl+N" onPress={add} />}
    >
      <ListWithForm<Row>
        label={t('summaries.batch.title')}
        rows={rows}
        error={list.error}
        onReload={list.reload}
        columns={columns}
        activeId={isNew ? undefined : at}
        isOver={(row) => !row.isOpen && row.undeclared === 0}
        onChoose={choose}
        formField="#batch-number"
        empty={{
          title: t('summaries.batch.empty'),
          hint: t('summaries.batch.emptyHint'),
          add: t('summaries.batch.add'),
        }}
        onAdd={add}
        detail={
          isNew ? (
            <BatchForm onSaved={choose} onClose={() => setNew(false)} />
          ) : at === undefined ? (
            <DetailPlaceholder text={t('summaries.batch.choose')} />
          ) : (
            <KnownBatch key={at} id={at} onClose={() => replaceParams({ tab: 'batches' })} />
          )
        }
      />
    </Page>
  );
}

function KnownBatch({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, reload } = useQuery('batches.get', { id }, { areas: ['documents', 'tax'] });
  if (data === undefined)
    return error === undefined ? (
      <DetailPlaceholder text={t('summaries.batch.choose')} />
    ) : (
      <ErrorNote error={error} onRetry={reload} />
    );
  return <BatchForm key={JSON.stringify(data.lines)} batch={data} onSaved={reload} onClose={onClose} />;
}

function BatchForm({
  batch,
  onSaved,
  onClose,
}: {
  readonly batch?: Batch;
  readonly onSaved: (id: number) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const begin = {
    recordNo: batch?.recordNo ?? '',
    startsOn: batch?.startsOn ?? localDate(),
    endsOn: batch?.endsOn ?? '',
    dueOn: batch?.dueOn ?? '',
    note: batch?.note ?? '',
    goods: (batch?.lines.map(({ released: _, declared: __, left: ___, ...good }) => good) ?? [
      blankGood,
    ]) as readonly Good[],
  };
  const form = useFormDraft(`batch ${batch?.id ?? 'new'}`, begin, batch === undefined ? '' : JSON.stringify(begin));
  const { value: draft, change } = form;
  const save = useCommand('batches.save');
  const refused = useFieldErrors(save.error);
  const isReady =
    draft.recordNo.trim() !== '' &&
    draft.startsOn !== '' &&
    draft.goods.every(
      ({ hsCode, name, unit, qty }) =>
        /^\d{8,13}$/.test(hsCode) && name.trim() !== '' && /^\d{3}$/.test(unit) && /^(?=.*[1-9])[\d.]+$/.test(qty),
    );
  const submit = async (): Promise<void> => {
    const { endsOn, dueOn, goods, ...of } = draft;
    const done = await save.run({
      ...of,
      goods: [...goods],
      endsOn: endsOn === '' ? null : endsOn,
      dueOn: dueOn === '' ? null : dueOn,
      ...(batch === undefined ? {} : { id: batch.id }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('summaries.batch.saved', { number: draft.recordNo }));
    onSaved(done.id);
  };
  const put = (index: number, patch: Partial<Good>): void =>
    change({ goods: draft.goods.map((good, place) => (place === index ? { ...good, ...patch } : good)) });
  const day = (name: 'startsOn' | 'endsOn' | 'dueOn', hint?: string) => (
    <Field
      id={`batch-${name}`}
      label={t(`summaries.batch.${name}`)}
      isRequired={name === 'startsOn'}
      error={refused(name)}
      {...(hint === undefined ? {} : { hint })}
    >
      <DateInput id={`batch-${name}`} value={draft[name]} onChange={(value) => change({ [name]: value })} />
    </Field>
  );
  return (
    <FormPane
      title={batch?.recordNo ?? t('summaries.batch.add')}
      isCode={batch !== undefined}
      error={save.error}
      onClearError={save.clear}
      canSave={isReady}
      isBusy={save.isRunning}
      onSave={submit}
      onClose={onClose}
    >
      <RestoredNote draft={form} />
      {batch === undefined ? null : <Releases batch={batch} />}
      <div className="purchase-form">
        <Field id="batch-recordNo" label={t('summaries.batch.recordNo')} isRequired error={refused('recordNo')}>
          <Input
            id="batch-recordNo"
            className="code"
            value={draft.recordNo}
            maxLength={40}
            onChange={(event) => change({ recordNo: event.target.value })}
          />
        </Field>
        {day('startsOn')}
        {day('endsOn')}
        {day('dueOn', t('summaries.batch.dueHint'))}
        <Field id="batch-note" label={t('summaries.batch.note')} isWide>
          <Input
            id="batch-note"
            value={draft.note}
            maxLength={500}
            onChange={(event) => change({ note: event.target.value })}
          />
        </Field>
      </div>
      <DetailSection
        title={t('summaries.batch.goods')}
        extra={
          <Button size="small" onClick={() => change({ goods: [...draft.goods, blankGood] })}>
            {t('summaries.batch.addGood')}
          </Button>
        }
      >
        {draft.goods.map((good, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: goods are known by their place until they are saved
          <div className="batch-good" key={index}>
            <Field id={`batch-hs-${index}`} label={t('summaries.batch.hsCode')} isRequired>
              <LookupBox
                id={`batch-hs-${index}`}
                table="hs"
                isOpen
                value={good.hsCode}
                onChange={(hsCode) => put(index, { hsCode })}
              />
            </Field>
            <Field id={`batch-name-${index}`} label={t('summaries.batch.name')} isRequired>
              <Input
                id={`batch-name-${index}`}
                value={good.name}
                maxLength={250}
                onChange={(event) => put(index, { name: event.target.value })}
              />
            </Field>
            <Field id={`batch-qty-${index}`} label={t('summaries.batch.qty')} isRequired>
              <NumericInput id={`batch-qty-${index}`} value={good.qty} onChange={(qty) => put(index, { qty })} />
            </Field>
            <Field id={`batch-unit-${index}`} label={t('summaries.batch.unit')} isRequired>
              <LookupBox
                id={`batch-unit-${index}`}
                table="unit"
                value={good.unit}
                onChange={(unit) => put(index, { unit })}
              />
            </Field>
            <Field id={`batch-price-${index}`} label={t('summaries.batch.price')}>
              <NumericInput
                id={`batch-price-${index}`}
                decimals={4}
                value={good.price}
                onChange={(price) => put(index, { price })}
              />
            </Field>
            <Field id={`batch-currency-${index}`} label={t('summaries.batch.currency')}>
              <LookupBox
                id={`batch-currency-${index}`}
                table="currency"
                value={good.currency}
                onChange={(currency) => put(index, { currency })}
              />
            </Field>
            {draft.goods.length === 1 ? null : (
              <Button
                size="small"
                type="text"
                aria-label={t('summaries.batch.removeGood', { n: index + 1 })}
                onClick={() => change({ goods: draft.goods.filter((_, place) => place !== index) })}
              >
                {t('common.delete')}
              </Button>
            )}
          </div>
        ))}
      </DetailSection>
    </FormPane>
  );
}

/** Counters of each good, the releases, the next one, and the declaration over those that are in none. */
function Releases({ batch }: { readonly batch: Batch }) {
  const { t } = useTranslation();
  const form = useFormDraft(`batch release ${batch.id}`, {
    number: '',
    on: localDate(),
    qty: {} as Record<string, string>,
  });
  const { number, on, qty } = form.value;
  const { change } = form;
  const [until, setUntil] = useState(localDate());
  const [mode, setMode] = useState<(typeof declarationModes)[number]>('0110');
  const release = useCommand('batches.release');
  const undo = useCommand('batches.void');
  const declare = useCommand('batches.declare');
  const refused = useFieldErrors(release.error);
  const unitName = useCodeNames(
    'unit',
    batch.lines.map(({ unit }) => unit),
  );
  const lines = batch.lines.flatMap(({ id }) => {
    const text = qty[String(id)] ?? '';
    return /^(?=.*[1-9])\d{1,10}(\.\d{1,5})?$/.test(text) ? [{ goodId: id, qty: text }] : [];
  });
  const send = async (): Promise<void> => {
    if ((await release.run({ batchId: batch.id, number, on, lines })) === undefined) return;
    form.done();
    notify(t('summaries.batch.released', { number }));
  };
  const make = async (): Promise<void> => {
    const made = await declare.run({ batchId: batch.id, until, mode });
    if (made === undefined) return;
    notify(t('summaries.batch.declared', { n: formatCount(made.releases) }));
    navigate('document', { id: made.documentId, kind: 'DecMessage' });
  };
  const nameOf = new Map(batch.lines.map(({ id, name }) => [id, name]));
  return (
    <>
      <DetailSection title={t('summaries.batch.counters')}>
        <table className="batch-lines" aria-label={t('summaries.batch.counters')}>
          <thead>
            <tr>
              <th>{t('summaries.batch.name')}</th>
              <th className="is-number">{t('summaries.batch.qty')}</th>
              <th className="is-number">{t('summaries.batch.out')}</th>
              <th className="is-number">{t('summaries.batch.inDeclaration')}</th>
              <th className="is-number">{t('summaries.batch.left')}</th>
              <th>{t('summaries.batch.now')}</th>
            </tr>
          </thead>
          <tbody>
            {batch.lines.map((line) => (
              <tr key={line.id}>
                <td>
                  {line.name} <span className="muted">{unitName(line.unit) ?? line.unit}</span>
                </td>
                <td className="is-number">{line.qty}</td>
                <td className="is-number">{line.released}</td>
                <td className="is-number">{line.declared}</td>
                <td className="is-number">{line.left}</td>
                <td>
                  <NumericInput
                    label={t('summaries.batch.nowOf', { name: line.name })}
                    value={qty[String(line.id)] ?? ''}
                    isDisabled={line.left === '0'}
                    onChange={(value) => change({ qty: { ...qty, [String(line.id)]: value } })}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        <RestoredNote draft={form} />
        {release.error === undefined ? null : (
          <div className="panel-pad">
            <ErrorNote error={release.error} isInline />
          </div>
        )}
        <div className="purchase-form">
          <Field id="batch-number" label={t('summaries.batch.number')} isRequired error={refused('number')}>
            <Input
              id="batch-number"
              className="code"
              value={number}
              maxLength={40}
              onChange={(event) => change({ number: event.target.value })}
            />
          </Field>
          <Field id="batch-on" label={t('summaries.batch.on')} isRequired error={refused('on')}>
            <DateInput id="batch-on" value={on} onChange={(value) => change({ on: value })} />
          </Field>
        </div>
        <div className="card-actions panel-pad">
          <Button
            disabled={number.trim() === '' || lines.length === 0}
            loading={release.isRunning}
            onClick={() => void send()}
          >
            {t('summaries.batch.release')}
          </Button>
        </div>
      </DetailSection>
      <DetailSection title={t('summaries.batch.releases')}>
        {undo.error === undefined && declare.error === undefined ? null : (
          <div className="panel-pad">
            <ErrorNote error={undo.error ?? declare.error} isInline />
          </div>
        )}
        {batch.steps.length === 0 ? <p className="muted panel-pad">{t('summaries.batch.noReleases')}</p> : null}
        <ul className="plain-list panel-pad">
          {batch.steps.map((step) => (
            <li key={step.id} className={step.voidReason === '' ? undefined : 'muted'}>
              <Code>{step.number}</Code> {step.on} ·{' '}
              {step.lines.map((line) => `${nameOf.get(line.goodId) ?? ''} ${line.qty}`).join(t('money.comma'))}{' '}
              {step.voidReason !== '' ? (
                t('summaries.batch.voided', { reason: step.voidReason })
              ) : step.document === null ? (
                <ConfirmInline
                  isSmall
                  isLink
                  label={t('summaries.batch.void')}
                  question={t('summaries.batch.voidQuestion', { number: step.number })}
                  confirmLabel={t('summaries.batch.void')}
                  onConfirm={async () => {
                    await undo.run({ releaseId: step.id, reason: t('summaries.batch.voidReason') });
                  }}
                />
              ) : (
                <Button
                  size="small"
                  type="link"
                  onClick={() => navigate('document', { id: step.document?.id ?? 0, kind: 'DecMessage' })}
                >
                  {t('summaries.batch.declaration', { number: step.document.businessKey })}
                </Button>
              )}
            </li>
          ))}
        </ul>
        {batch.undeclared === 0 ? null : (
          <>
            <div className="purchase-form">
              <Field id="batch-until" label={t('summaries.batch.until')}>
                <DateInput id="batch-until" value={until} onChange={setUntil} />
              </Field>
              <Field id="batch-mode" label={t('summaries.batch.mode')}>
                <Select
                  id="batch-mode"
                  value={mode}
                  options={declarationModes.map((value) => ({ value, label: value }))}
                  onChange={setMode}
                />
              </Field>
            </div>
            <div className="card-actions panel-pad">
              <Button loading={declare.isRunning} onClick={() => void make()}>
                {t('summaries.batch.declare')}
              </Button>
            </div>
          </>
        )}
      </DetailSection>
    </>
  );
}

import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { percentText, ratioOfPercent } from '../../../shared/stock/index.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';

type View = OutputOf<'products.taxFacts'>;
const rates = ['vatRate', 'refundRate', 'consumptionRate', 'exportDutyRate'] as const;
const flags = ['isFood', 'isOnNoRefundList', 'isOwnGrown', 'isSelfProduced', 'isUsed'] as const;
const answers = ['unsaid', 'yes', 'no'] as const;
type Answer = (typeof answers)[number];
const filingTone = { never: 'draft', filed: 'accepted', changed: 'action' } as const;

interface Draft {
  readonly rates: Readonly<Record<(typeof rates)[number], string>>;
  readonly flags: Readonly<Record<(typeof flags)[number], Answer>>;
}

function draftOf({ own }: View): Draft {
  const answer = (value: boolean | undefined): Answer => (value === undefined ? 'unsaid' : value ? 'yes' : 'no');
  return {
    rates: {
      vatRate: percentText(own.vatRate),
      refundRate: percentText(own.refundRate),
      consumptionRate: percentText(own.consumptionRate),
      exportDutyRate: percentText(own.exportDutyRate),
    },
    flags: {
      isFood: answer(own.isFood),
      isOnNoRefundList: answer(own.isOnNoRefundList),
      isOwnGrown: answer(own.isOwnGrown),
      isSelfProduced: answer(own.isSelfProduced),
      isUsed: answer(own.isUsed),
    },
  };
}

/** What holds for a product's taxes, the firm's own word before the tariff's, and whether its filing (备案) still stands. */
export function ProductTax({ sku, hsCode }: { readonly sku: string; readonly hsCode: string }) {
  const facts = useQuery('products.taxFacts', { sku, date: localDate() }, { areas: ['products', 'purchases'] });
  const { data } = facts;
  if (data === undefined) return <ErrorNote error={facts.error} onRetry={facts.reload} />;
  return (
    <>
      <TaxForm key={JSON.stringify([sku, draftOf(data)])} sku={sku} hsCode={hsCode} data={data} />
      <Filing sku={sku} filing={data.filing} />
    </>
  );
}

function TaxForm({ sku, hsCode, data }: { readonly sku: string; readonly hsCode: string; readonly data: View }) {
  const { t } = useTranslation();
  const save = useCommand('products.saveTax');
  const stored = draftOf(data);
  const form = useFormDraft(`product tax ${sku}`, stored, JSON.stringify(stored));
  const { value: draft, change } = form;
  const wrong = rates.filter((name) => ratioOfPercent(draft.rates[name]) === null);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(stored);
  const submit = async (): Promise<void> => {
    const own = Object.fromEntries([
      ...rates.flatMap((name) => {
        const ratio = ratioOfPercent(draft.rates[name]);
        return ratio === undefined || ratio === null ? [] : [[name, ratio] as const];
      }),
      ...flags.flatMap((name) =>
        draft.flags[name] === 'unsaid' ? [] : [[name, draft.flags[name] === 'yes'] as const],
      ),
    ]);
    if ((await save.run({ skus: [sku], tax: own })) === undefined) return;
    form.done();
    notify(t('products.tax.saved'));
  };
  return (
    <DetailSection
      title={t('products.tax.title')}
      extra={
        <Button
          size="small"
          disabled={!isChanged || wrong.length > 0}
          loading={save.isRunning}
          onClick={() => void submit()}
        >
          {t('products.tax.save')}
        </Button>
      }
    >
      <ErrorNote error={save.error} onClose={save.clear} />
      <RestoredNote draft={form} />
      <p className="muted">
        {data.tariff === undefined && hsCode !== '' ? `${t('products.tax.noTariff', { hsCode })} · ` : ''}
        {t('products.tax.hint')}
      </p>
      <div className="product-form">
        {rates.map((name) => {
          const inTariff = data.tariff?.[name];
          return (
            <Field
              key={name}
              id={`tax-${name}`}
              label={t(`products.tax.rate.${name}`)}
              {...(wrong.includes(name) ? { error: t('products.tax.notPercent') } : {})}
              {...(inTariff === undefined
                ? {}
                : { hint: t('products.tax.fromTariff', { rate: percentText(inTariff) }) })}
            >
              <Input
                id={`tax-${name}`}
                autoComplete="off"
                inputMode="decimal"
                placeholder={
                  data.facts[name] !== undefined && data.facts.from[name] === 'tariff'
                    ? t('products.tax.asTariff')
                    : t('products.tax.unknown')
                }
                status={wrong.includes(name) ? 'error' : ''}
                value={draft.rates[name]}
                onChange={(event) => change({ rates: { ...draft.rates, [name]: event.target.value } })}
              />
            </Field>
          );
        })}
        {flags.map((name) => (
          <Field key={name} id={`tax-${name}`} label={t(`products.tax.flag.${name}`)}>
            <Select
              id={`tax-${name}`}
              value={draft.flags[name]}
              options={answers.map((value) => ({ value, label: t(`products.tax.${value}`) }))}
              onChange={(value) => change({ flags: { ...draft.flags, [name]: value } })}
            />
          </Field>
        ))}
      </div>
    </DetailSection>
  );
}

/** Whether a product's filing still stands, for the head of its pane; nothing while it was never filed. */
export function FilingTag({ sku }: { readonly sku: string }) {
  const { t } = useTranslation();
  const facts = useQuery('products.taxFacts', { sku, date: localDate() }, { areas: ['products'] });
  const state = facts.data?.filing.state ?? 'never';
  return state === 'never' ? null : <ToneTag tone={filingTone[state]} label={t(`products.filing.state.${state}`)} />;
}

function Filing({ sku, filing }: { readonly sku: string; readonly filing: View['filing'] }) {
  const { t } = useTranslation();
  const file = useCommand('products.file');
  const [date, setDate] = useState(localDate());
  const run = async (): Promise<void> => {
    if ((await file.run({ skus: [sku], date })) !== undefined) notify(t('products.filing.filed'));
  };
  return (
    <DetailSection
      title={t('products.filing.title')}
      extra={<ToneTag tone={filingTone[filing.state]} label={t(`products.filing.state.${filing.state}`)} />}
    >
      <ErrorNote error={file.error} onClose={file.clear} />
      {filing.filedAt === undefined ? null : (
        <p className="muted">
          {t('products.filing.at', { date: filing.filedAt })}
          {filing.state === 'changed' ? ` · ${t('products.filing.changedHint')}` : ''}
        </p>
      )}
      {filing.state === 'filed' ? null : (
        <div className="product-filing">
          <label htmlFor="filing-date">{t('products.filing.date')}</label>
          <DateInput id="filing-date" value={date} onChange={setDate} />
          <Button disabled={date === ''} loading={file.isRunning} onClick={() => void run()}>
            {t(filing.state === 'changed' ? 'products.filing.fileAgain' : 'products.filing.file')}
          </Button>
        </div>
      )}
    </DetailSection>
  );
}

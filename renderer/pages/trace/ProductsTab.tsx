/** 产品与准入: what is grown, the band it travels in, what destinations ask for, and limits of residues. */
import { Button, Checkbox, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { celsiusOf, celsiusText } from '../../../shared/lots/cold-chain.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { chooseOpen } from '../../components/FilePicker.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CountryBox, useCountryName } from '../money/boxes.tsx';
import { milligrams, millionthsOf } from './LotDetail.tsx';
import { celsius, TraceTabs, useFarmProducts } from './parts.tsx';
import { RegistrationTag } from './SitesTab.tsx';

type Product = OutputOf<'farmProducts.list'>['rows'][number];
const asked = ['orchard', 'packHouse', 'certificate', 'coldTreatment', 'report'] as const;
type Asked = (typeof asked)[number];

export function ProductsTab({ params }: PageProps) {
  const { t } = useTranslation();
  const list = useFarmProducts();
  const settings = useQuery('traceSettings.get', {}, { areas: ['lots'] });
  const saveSettings = useCommand('traceSettings.save');
  const importLimits = useCommand('residueLimits.import');
  const [failed, setFailed] = useState<OutputOf<'residueLimits.import'>['failed']>([]);
  const [chosen, setChosen] = useState<number | 'new' | undefined>(numberParam(params, 'at'));
  const rows = list.data?.rows;
  const row = rows?.find(({ id }) => id === chosen);
  const add = (): void => {
    setChosen('new');
    focusDetail('#product-nameZh');
  };
  const bring = async (): Promise<void> => {
    const file = await chooseOpen(t('trace.limit.import'));
    if (file === null) return;
    const done = await importLimits.run({ file: file.token });
    if (done === undefined) return;
    setFailed(done.failed);
    notify(t('trace.limit.imported', { added: done.added, same: done.same, failed: done.failed.length }));
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.product.add'), run: add, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Product>[] = [
    { id: 'zh', title: t('trace.product.nameZh'), render: (one) => one.nameZh },
    { id: 'en', title: t('trace.product.nameEn'), render: (one) => one.nameEn },
    { id: 'hs', title: t('trace.product.hsCode'), width: 116, render: (one) => <Code>{one.hsCode}</Code> },
    {
      id: 'band',
      title: t('trace.cold.band'),
      width: 132,
      render: (one) =>
        one.lowC100 === undefined || one.highC100 === undefined
          ? ''
          : `${celsiusText(one.lowC100)} – ${celsius(one.highC100)}`,
    },
  ];
  return (
    <Page
      title={t('trace.tab.products')}
      summary={rows === undefined ? undefined : t('trace.product.summary', { count: rows.length })}
      filters={
        <>
          <TraceTabs active="products" />
          <Checkbox
            checked={settings.data?.needsReport ?? false}
            onChange={(event) => void saveSettings.run({ needsReport: event.target.checked })}
          >
            {t('trace.needsReport')}
          </Checkbox>
        </>
      }
      actions={
        <>
          <Button loading={importLimits.isRunning} onClick={() => void bring()}>
            {t('trace.limit.import')}
          </Button>
          <KeyButton kind="primary" label={t('trace.product.add')} keys="Ctrl+N" onPress={add} />
        </>
      }
      notice={
        <>
          <ErrorNote error={importLimits.error ?? saveSettings.error} onClose={importLimits.clear} />
          {failed.length === 0 ? null : (
            <p className="page-note" role="status">
              {t('trace.limit.failed')}{' '}
              {failed
                .slice(0, 12)
                .map(({ no, reason }) => t('trace.limit.failedRow', { no, reason: t(`trace.limit.reasons.${reason}`) }))
                .join(t('money.semicolon'))}
            </p>
          )}
        </>
      }
    >
      <Split
        list={
          <DataTable
            label={t('trace.tab.products')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(one) => one.id}
            activeKey={row?.id}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail('#product-nameZh');
            }}
            empty={
              <EmptyState
                title={t('trace.product.empty')}
                hint={t('trace.product.emptyHint')}
                actions={<Button onClick={add}>{t('trace.product.add')}</Button>}
              />
            }
          />
        }
        detail={
          chosen === undefined || (chosen !== 'new' && row === undefined) ? (
            <DetailPlaceholder text={t('trace.product.choose')} />
          ) : (
            <ProductForm key={row?.id ?? 'new'} row={row} onSaved={setChosen} />
          )
        }
      />
    </Page>
  );
}

function ProductForm({ row, onSaved }: { readonly row: Product | undefined; readonly onSaved: (id: number) => void }) {
  const { t } = useTranslation();
  const save = useCommand('farmProducts.save');
  const form = useFormDraft(
    `farm product ${row?.id ?? 'new'}`,
    {
      nameZh: row?.nameZh ?? '',
      nameEn: row?.nameEn ?? '',
      hsCode: row?.hsCode ?? '',
      low: row?.lowC100 === undefined ? '' : celsiusText(row.lowC100),
      high: row?.highC100 === undefined ? '' : celsiusText(row.highC100),
      bandSource: row?.bandSource ?? '',
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const [isTried, setTried] = useState(false);
  const [low, high] = [celsiusOf(draft.low), celsiusOf(draft.high)];
  const isWrong = (name: keyof typeof draft): boolean =>
    (name === 'nameZh' && draft.nameZh.trim() === '') ||
    (name === 'hsCode' && !/^(\d{6,10})?$/.test(draft.hsCode)) ||
    (name === 'low' && draft.low !== '' && low === undefined) ||
    (name === 'high' && draft.high !== '' && high === undefined);
  const submit = async (): Promise<void> => {
    setTried(true);
    if ((Object.keys(draft) as (keyof typeof draft)[]).some(isWrong)) return;
    const { nameZh, nameEn, hsCode, bandSource } = draft;
    const done = await save.run({
      ...(row === undefined ? {} : { id: row.id }),
      nameZh,
      nameEn,
      hsCode,
      bandSource,
      ...(low === undefined ? {} : { lowC100: low }),
      ...(high === undefined ? {} : { highC100: high }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('trace.saved', { what: nameZh }));
    onSaved(done.id);
  };
  const text = (name: keyof typeof draft, hint?: string): ReactNode => (
    <Field
      id={`product-${name}`}
      label={t(`trace.product.${name}`)}
      isRequired={name === 'nameZh'}
      {...(hint === undefined ? {} : { hint })}
      error={isTried && isWrong(name) ? t(name === 'nameZh' ? 'trace.needed' : 'trace.wrong') : undefined}
    >
      <Input
        id={`product-${name}`}
        value={draft[name]}
        maxLength={100}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={row?.nameZh ?? t('trace.product.add')}
      error={save.error}
      onClearError={save.clear}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      below={row === undefined ? null : <Access productId={row.id} />}
    >
      <RestoredNote draft={form} />
      <div className="panel-pad">
        <div className="form-grid">
          {text('nameZh')}
          {text('nameEn')}
          <Field
            id="product-hsCode"
            label={t('trace.product.hsCode')}
            error={isTried && isWrong('hsCode') ? t('trace.wrong') : undefined}
          >
            <LookupBox
              id="product-hsCode"
              table="hs"
              isOpen
              value={draft.hsCode}
              onChange={(hsCode) => change({ hsCode })}
            />
          </Field>
          {text('bandSource', t('trace.product.bandSourceHint'))}
          {text('low')}
          {text('high')}
        </div>
      </div>
    </FormPane>
  );
}

/** What a destination asks for, as far as anybody knows, and its limits. */
function Access({ productId }: { readonly productId: number }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const [country, setCountry] = useState('');
  const card = useQuery('accessCards.get', country === '' ? null : { productId, country, date: localDate() }, {
    areas: ['lots', 'tax'],
  });
  const [isAnswering, setAnswering] = useState(false);
  const data = country === '' ? undefined : card.data;
  return (
    <>
      <DetailSection title={t('trace.access.title')}>
        <div className="form-grid">
          <Field id="access-country" label={t('trace.dispatch.country')}>
            <CountryBox id="access-country" value={country} onChange={setCountry} />
          </Field>
        </div>
        <ErrorNote error={country === '' ? undefined : card.error} isInline />
        {data === undefined ? (
          <p className="muted">{t('trace.access.choose')}</p>
        ) : (
          <>
            <ul className="trace-list">
              {asked.map((one) => {
                const value = data.card[one];
                return (
                  <li key={one}>
                    <ToneTag
                      tone={value === undefined ? 'action' : value ? 'ready' : 'accepted'}
                      label={t(
                        value === undefined ? 'trace.access.unknown' : value ? 'trace.access.yes' : 'trace.access.no',
                      )}
                    />
                    <span>{t(`trace.ready.${one}`)}</span>
                  </li>
                );
              })}
            </ul>
            <PackNote card={data} />
            {data.answers.map((one) => (
              <p key={one.id} className="muted">
                {t('trace.access.answered', { on: one.askedOn, source: one.source })} {one.note}
              </p>
            ))}
            <p className="muted">{t('trace.access.days', { days: data.registrationWorkingDays })}</p>
            <ul className="trace-list">
              {data.coverage.map((one) => (
                <li key={one.id}>
                  <RegistrationTag {...one} />
                  <span>{one.site}</span>
                  <Code>{one.number}</Code>
                </li>
              ))}
            </ul>
            {data.coverage.length === 0 ? (
              <p className="muted">{t('trace.access.noCoverage', { country: countryName(country) })}</p>
            ) : null}
            {isAnswering ? (
              <AnswerForm productId={productId} country={country} onDone={() => setAnswering(false)} />
            ) : (
              <Button size="small" onClick={() => setAnswering(true)}>
                {t('trace.access.answer')}
              </Button>
            )}
          </>
        )}
      </DetailSection>
      <Limits productId={productId} country={country} />
    </>
  );
}

function PackNote({ card: { pack } }: { readonly card: OutputOf<'accessCards.get'> }) {
  const { t, i18n } = useTranslation();
  if (pack === undefined) return <p className="muted">{t('trace.access.noPack')}</p>;
  return (
    <p className="muted">
      {pack.notes.map((one) => (i18n.language === 'en' ? one.en : one.zh)).join(t('money.semicolon'))}{' '}
      {t('trace.access.packFrom', { source: pack.source, on: pack.verifiedOn, how: pack.how })}
    </p>
  );
}

function AnswerForm({
  productId,
  country,
  onDone,
}: {
  readonly productId: number;
  readonly country: string;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('accessCards.answer');
  const form = useFormDraft(`access answer ${productId} ${country}`, {
    askedOn: localDate(),
    source: '',
    note: '',
    answers: {} as Readonly<Partial<Record<Asked, boolean>>>,
  });
  const { value: draft, change } = form;
  const { answers, ...said } = draft;
  const submit = async (): Promise<void> => {
    if (draft.source.trim() === '' || draft.askedOn === '') return;
    const answer = Object.fromEntries(Object.entries(answers).filter(([, value]) => value !== undefined));
    if ((await save.run({ productId, country, ...said, answer })) === undefined) return;
    form.done();
    onDone();
  };
  return (
    <div className="form-grid card-form">
      <Field id="answer-on" label={t('trace.access.askedOn')} isRequired>
        <DateInput id="answer-on" value={draft.askedOn} onChange={(askedOn) => change({ askedOn })} />
      </Field>
      <Field id="answer-source" label={t('trace.access.source')} hint={t('trace.access.sourceHint')} isRequired>
        <Input
          id="answer-source"
          autoFocus
          value={draft.source}
          maxLength={200}
          onChange={(event) => change({ source: event.target.value })}
        />
      </Field>
      {asked.map((one) => (
        <Field key={one} id={`answer-${one}`} label={t(`trace.ready.${one}`)}>
          <Select
            id={`answer-${one}`}
            value={answers[one] === undefined ? 'unknown' : answers[one] ? 'yes' : 'no'}
            onChange={(value) =>
              change(({ answers: { [one]: _before, ...rest } }) => ({
                answers: value === 'unknown' ? rest : { ...rest, [one]: value === 'yes' },
              }))
            }
            options={(['unknown', 'yes', 'no'] as const).map((value) => ({ value, label: t(`trace.access.${value}`) }))}
          />
        </Field>
      ))}
      <Field id="answer-note" label={t('trace.lot.note')} isWide>
        <Input
          id="answer-note"
          value={draft.note}
          maxLength={500}
          onChange={(event) => change({ note: event.target.value })}
        />
      </Field>
      <div className="card-actions is-wide">
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button type="primary" loading={save.isRunning} onClick={() => void submit()}>
          {t('common.save')}
        </Button>
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={save.error} isInline />
    </div>
  );
}

/** Limits listed at once; with a country chosen there are fewer. */
const SHOWN_LIMITS = 200;

function Limits({ productId, country }: { readonly productId: number; readonly country: string }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const list = useQuery(
    'residueLimits.list',
    { productId, ...(country === '' ? {} : { country }) },
    { areas: ['lots'] },
  );
  const limits = list.data?.rows ?? [];
  const save = useCommand('residueLimits.save');
  const remove = useCommand('residueLimits.remove');
  const form = useFormDraft(`residue limit ${productId} ${country}`, {
    substance: '',
    limit: '',
    fromOn: localDate(),
    source: '',
  });
  const { value: draft, change } = form;
  const limitE6 = millionthsOf(draft.limit);
  const isReady =
    country !== '' &&
    draft.substance.trim() !== '' &&
    limitE6 !== undefined &&
    draft.source.trim() !== '' &&
    draft.fromOn !== '';
  const submit = async (): Promise<void> => {
    if (!isReady || limitE6 === undefined) return;
    const { substance, fromOn, source } = draft;
    if ((await save.run({ country, productId, substance, limitE6, fromOn, source })) === undefined) return;
    change({ substance: '', limit: '' });
    form.done();
  };
  return (
    <DetailSection title={t('trace.limit.title')}>
      <p className="muted">{t('trace.limit.hint')}</p>
      <ul className="trace-list">
        {limits.slice(0, SHOWN_LIMITS).map((one) => (
          <li key={one.id}>
            <span>{countryName(one.country)}</span>
            <strong>{one.substance}</strong>
            <span>{milligrams(one.limitE6)} mg/kg</span>
            <span className="muted">{`${one.fromOn} – ${one.untilOn ?? t('trace.noEnd')} · ${one.source}`}</span>
            <span className="spacer" />
            <ConfirmInline
              isSmall
              isLink
              label={t('common.delete')}
              question={t('trace.limit.removeAsk', { substance: one.substance })}
              confirmLabel={t('common.delete')}
              onConfirm={async () => void (await remove.run({ id: one.id }))}
            />
          </li>
        ))}
      </ul>
      {limits.length > SHOWN_LIMITS ? (
        <p className="muted">{t('trace.more', { n: formatCount(limits.length - SHOWN_LIMITS) })}</p>
      ) : null}
      {country === '' ? null : (
        <div className="form-grid card-form">
          <RestoredNote draft={form} />
          <Field id="limit-substance" label={t('trace.report.substance')}>
            <Input
              id="limit-substance"
              value={draft.substance}
              maxLength={60}
              onChange={(event) => change({ substance: event.target.value })}
            />
          </Field>
          <Field id="limit-value" label={t('trace.limit.value')}>
            <NumericInput
              id="limit-value"
              value={draft.limit}
              decimals={6}
              unit="mg/kg"
              onChange={(limit) => change({ limit })}
            />
          </Field>
          <Field id="limit-from" label={t('trace.fromOn')}>
            <DateInput id="limit-from" value={draft.fromOn} onChange={(fromOn) => change({ fromOn })} />
          </Field>
          <Field id="limit-source" label={t('trace.limit.source')}>
            <Input
              id="limit-source"
              value={draft.source}
              maxLength={200}
              onChange={(event) => change({ source: event.target.value })}
            />
          </Field>
          <div className="card-actions is-wide">
            <Button type="primary" disabled={!isReady} loading={save.isRunning} onClick={() => void submit()}>
              {t('trace.limit.add')}
            </Button>
          </div>
        </div>
      )}
      <ErrorNote error={list.error ?? save.error ?? remove.error} isInline />
    </DetailSection>
  );
}

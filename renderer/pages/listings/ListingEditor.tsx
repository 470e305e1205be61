/** One listing: product, packing and season, certificates and brand, photos, then the filing. What is missing stands above all of it. */
import { Button, Checkbox, Input, Select } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { certificateLengths, listingLengths } from '../../../shared/contract/listings.ts';
import { useKeys } from '../../app/keys.ts';
import { Code } from '../../components/Amount.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPane, DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { LookupBox } from '../../components/LookupBox.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { RegionFields } from '../../components/RegionFields.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { ListingFiling } from './ListingFiling.tsx';
import { ListingPhotos } from './ListingPhotos.tsx';
import { ListingState } from './ListingState.tsx';

type Listing = OutputOf<'listings.get'>;
type Body = Listing['body'];
type TextName =
  | 'nameEn'
  | 'village'
  | 'variety'
  | 'grade'
  | 'pack'
  | 'brand'
  | 'ip'
  | 'producerNo'
  | 'ingredients'
  | 'shelfLife'
  | 'lotRule'
  | 'labelLanguages';

const months = Array.from({ length: 12 }, (_, at) => at + 1);

type Certificate = Body['certificates'][number];
const isBlank = ({ kind, no, issuer, validTo }: Certificate): boolean =>
  [kind, no, issuer, validTo ?? ''].every((text) => text.trim() === '');
/** Whether a certificate that somebody began lacks its name or number. */
const lacks = (one: Certificate | undefined, name: 'kind' | 'no' | 'issuer'): boolean =>
  one !== undefined && name !== 'issuer' && !isBlank(one) && one[name].trim() === '';

/** @param isFresh made just now: the first field is the place to be */
export function ListingEditor({ id, isFresh }: { readonly id: number; readonly isFresh: boolean }) {
  const shown = useQuery('listings.get', { id }, { areas: ['documents', 'products', 'sync'] });
  if (shown.data === undefined) return <ErrorNote error={shown.error} onRetry={shown.reload} />;
  return <Editor listing={shown.data} isFresh={isFresh} onChange={shown.reload} />;
}

/** Whether a month lies in a season, which may span the new year. */
function inSeason({ seasonFrom: from, seasonTo: to }: Body, month: number): boolean {
  if (from === null || to === null) return false;
  return from <= to ? from <= month && month <= to : month >= from || month <= to;
}

function Editor({
  listing,
  isFresh,
  onChange,
}: {
  readonly listing: Listing;
  readonly isFresh: boolean;
  readonly onChange: () => void;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const { id, number, sku, templateOf } = listing;
  const save = useCommand('listings.save');
  const draft = useFormDraft(
    `listing ${id}`,
    { nameZh: listing.nameZh, hsCode: listing.hsCode, body: listing.body as Body },
    JSON.stringify([listing.nameZh, listing.hsCode, listing.body]),
  );
  const { nameZh, hsCode, body } = draft.value;
  const { change } = draft;
  const form = useRef<HTMLDivElement>(null);
  const isOpen = listing.state === 'open';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus goes there once
  useEffect(() => {
    if (isFresh) form.current?.querySelector<HTMLElement>('#listing-nameZh')?.focus();
  }, []);
  const isFood = templateOf?.group === 'food' || body.producerNo !== '' || body.ingredients !== '';
  const [isTried, setTried] = useState(false);
  const write = async (): Promise<boolean> => {
    if (!isOpen) return true;
    // A certificate nobody wrote anything of is none.
    const certificates = body.certificates.filter((one) => !isBlank(one));
    const half = body.certificates.findIndex((one) => lacks(one, 'kind') || lacks(one, 'no'));
    setTried(half >= 0);
    if (half >= 0) {
      const first = (['kind', 'no'] as const).find((name) => lacks(body.certificates[half], name)) ?? 'kind';
      form.current?.querySelector<HTMLElement>(`#certificate-${half}-${first}`)?.focus();
      return false;
    }
    const done = await save.run({ id, nameZh, hsCode, body: { ...body, certificates } });
    if (done === undefined) return false;
    draft.done();
    notify(t('listings.saved', { number, score: done.score }));
    onChange();
    return true;
  };
  useKeys([{ key: 'Ctrl+Enter', label: t('listings.save'), run: () => void write(), isMain: true }]);
  const onKeyDown = useEnterNavigation();
  const goTo = (part: string): void =>
    form.current?.querySelector<HTMLElement>(`#listing-${part}, [data-part="${part}"] button`)?.focus();
  const text = (name: TextName, isWide = false) => (
    <Field id={`listing-${name}`} label={t(`listings.part.${name}`)} isWide={isWide}>
      <Input
        id={`listing-${name}`}
        disabled={!isOpen}
        maxLength={listingLengths[name]}
        value={body[name]}
        onChange={(event) => change({ body: { ...body, [name]: event.target.value } })}
      />
    </Field>
  );
  const monthOf = (name: 'seasonFrom' | 'seasonTo', part: string) => (
    <Field id={part} label={t(`listings.${name}`)}>
      <Select
        id={part}
        disabled={!isOpen}
        allowClear
        value={body[name]}
        options={months.map((value) => ({ value, label: t('listings.month', { n: value }) }))}
        onChange={(value: number | undefined) => change({ body: { ...body, [name]: value ?? null } })}
      />
    </Field>
  );
  const degrees = (name: 'temperatureFrom' | 'temperatureTo', part: string) => (
    <Field id={part} label={t(`listings.${name}`)}>
      <NumericInput
        id={part}
        decimals={1}
        allowNegative
        isDisabled={!isOpen}
        value={body[name]}
        onChange={(value) => change({ body: { ...body, [name]: value } })}
      />
    </Field>
  );
  const setCertificate = (at: number, patch: Partial<Body['certificates'][number]>): void =>
    change({
      body: {
        ...body,
        certificates: body.certificates.map((one, index) => (index === at ? { ...one, ...patch } : one)),
      },
    });
  return (
    <DetailPane
      title={
        <>
          {listing.nameZh} <Code>{sku}</Code>
        </>
      }
      tags={
        <>
          <Code>{number}</Code> <ListingState row={listing} />
        </>
      }
      foot={
        <>
          <span className="spacer" />
          <KeyButton
            kind="primary"
            label={t('listings.save')}
            keys="Ctrl+Enter"
            isBusy={save.isRunning}
            onPress={() => void write()}
          />
        </>
      }
    >
      <DetailSection title={t('listings.complete', { score: listing.score })}>
        {listing.missing.length === 0 ? (
          <p>{t('listings.nothingMissing')}</p>
        ) : (
          <p className="listing-choices panel-pad">
            <span className="muted">{t('listings.missing')}</span>
            {listing.missing.map((part) => (
              <button key={part} type="button" className="link" onClick={() => goTo(part)}>
                {t(`listings.part.${part}`)}
              </button>
            ))}
          </p>
        )}
      </DetailSection>
      <RestoredNote draft={draft} />
      <ErrorNote error={save.error} isInline />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in its fields goes to the next one */}
      <div ref={form} onKeyDown={onKeyDown}>
        {templateOf === null ? null : (
          <DetailSection title={t('listings.template', { title: words(templateOf.title) })}>
            <ul className="plain-list listing-list">
              {templateOf.warnings.map((warning) => (
                <li key={warning.zh}>
                  <ToneTag tone="action" label={t('listings.warning')} /> {words(warning)}
                </li>
              ))}
              {listing.templateCodes.map(({ code, when, codes, elements }) => (
                <li key={code}>
                  <span className="code">{code}</span> {words(when)}{' '}
                  {codes === 1 && code.length === 10 && isOpen ? (
                    <button
                      type="button"
                      className="link"
                      disabled={hsCode === code}
                      onClick={() => change({ hsCode: code })}
                    >
                      {t('listings.takeCode')}
                    </button>
                  ) : null}{' '}
                  <span className="muted">
                    {codes === 0
                      ? t('listings.codeUnknown')
                      : elements.length === 0
                        ? t('listings.noElements')
                        : t('listings.elements', { elements: elements.join(t('listings.comma')) })}
                  </span>
                </li>
              ))}
              {templateOf.documents.map(({ title, need, note }) => (
                <li key={title.zh}>
                  {words(title)}{' '}
                  <span className="muted">
                    {t(`listings.need.${need}`)} · {words(note)}
                  </span>
                </li>
              ))}
              {templateOf.season === null ? null : (
                <li>
                  {t('listings.seasonKnown', { from: templateOf.season.from, to: templateOf.season.to })}{' '}
                  <span className="muted">{words(templateOf.season.source)}</span>
                </li>
              )}
              {templateOf.temperature === null ? null : (
                <li>
                  {t(templateOf.temperature.from === null ? 'listings.temperatureBelow' : 'listings.temperatureKnown', {
                    from: templateOf.temperature.from ?? '',
                    to: templateOf.temperature.to,
                    when: words(templateOf.temperature.when),
                  })}{' '}
                  <span className="muted">{words(templateOf.temperature.source)}</span>
                </li>
              )}
              {templateOf.season === null && ['farm', 'aquatic', 'seed'].includes(templateOf.group) ? (
                <li className="muted">{words(listing.askSeason)}</li>
              ) : null}
              {templateOf.unknown === null ? null : <li className="muted">{words(templateOf.unknown)}</li>}
            </ul>
          </DetailSection>
        )}
        <DetailSection title={t('listings.step.product')}>
          <div className="panel-pad form-grid">
            <Field id="listing-nameZh" label={t('listings.part.nameZh')} isRequired hint={t('listings.productHint')}>
              <Input
                id="listing-nameZh"
                disabled={!isOpen}
                maxLength={listingLengths.nameZh}
                value={nameZh}
                onChange={(event) => change({ nameZh: event.target.value })}
              />
            </Field>
            {text('nameEn')}
            <Field id="listing-origin" label={t('listings.part.origin')} isRequired>
              <LookupBox
                id="listing-origin"
                table="admin_division"
                isDisabled={!isOpen}
                value={body.origin}
                onChange={(origin) => change({ body: { ...body, origin } })}
              />
            </Field>
            {text('village')}
            {text('variety')}
            {text('grade')}
            {text('pack', true)}
            <Field id="listing-flagship" label={t('listings.flagship')}>
              <Checkbox
                id="listing-flagship"
                disabled={!isOpen}
                checked={body.flagship}
                onChange={(event) => change({ body: { ...body, flagship: event.target.checked } })}
              >
                {t('listings.flagshipHint')}
              </Checkbox>
            </Field>
            <Field id="listing-biomaterial" label={t('listings.biomaterial')}>
              <Checkbox
                id="listing-biomaterial"
                disabled={!isOpen}
                checked={body.biomaterial}
                onChange={(event) => change({ body: { ...body, biomaterial: event.target.checked } })}
              >
                {t('listings.biomaterialHint')}
              </Checkbox>
            </Field>
          </div>
        </DetailSection>
        <Region body={body} isOpen={isOpen} onChange={(patch) => change({ body: { ...body, ...patch } })} />
        <DetailSection title={t('listings.part.hsCode')}>
          <div className="panel-pad">
            <Field id="listing-hsCode" label={t('listings.hsOwn')} hint={t('listings.hsHint')}>
              <LookupBox
                id="listing-hsCode"
                table="hs"
                isDisabled={!isOpen}
                value={hsCode}
                onChange={(value) => change({ hsCode: value })}
              />
            </Field>
          </div>
          <Candidates
            id={id}
            about={`${nameZh} ${body.variety}`}
            chosen={hsCode}
            onTake={isOpen ? (value) => change({ hsCode: value }) : undefined}
          />
        </DetailSection>
        <DetailSection title={t('listings.step.season')}>
          <div className="panel-pad form-grid">
            {monthOf('seasonFrom', 'listing-season')}
            {monthOf('seasonTo', 'listing-seasonTo')}
            {degrees('temperatureFrom', 'listing-temperature')}
            {degrees('temperatureTo', 'listing-temperatureTo')}
            <Field id="listing-capacity" label={t('listings.capacityUnit')} hint={t('listings.capacityHint')}>
              <Input
                id="listing-capacity"
                disabled={!isOpen}
                maxLength={listingLengths.capacityUnit}
                value={body.capacityUnit}
                onChange={(event) => change({ body: { ...body, capacityUnit: event.target.value } })}
              />
            </Field>
          </div>
          <div className="panel-pad listing-months">
            {months.map((month) => (
              <div key={month} className={inSeason(body, month) ? 'listing-month is-season' : 'listing-month'}>
                <Field id={`listing-month-${month}`} label={t('listings.month', { n: month })}>
                  <NumericInput
                    id={`listing-month-${month}`}
                    decimals={5}
                    isDisabled={!isOpen}
                    value={body.capacity[month - 1] ?? ''}
                    onChange={(value) =>
                      change({
                        body: { ...body, capacity: body.capacity.map((one, at) => (at === month - 1 ? value : one)) },
                      })
                    }
                  />
                </Field>
              </div>
            ))}
          </div>
        </DetailSection>
        <DetailSection title={t('listings.part.certificates')}>
          <div>
            {body.certificates.map((one, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: certificates have no name of their own until they are filled
              <div key={at} className="panel-pad form-grid">
                {(['kind', 'no', 'issuer'] as const).map((name) => (
                  <Field
                    key={name}
                    id={`certificate-${at}-${name}`}
                    label={t(`listings.certificate.${name}`)}
                    isRequired={name !== 'issuer'}
                    error={isTried && lacks(one, name) ? t('listings.certificate.needed') : undefined}
                  >
                    <Input
                      id={`certificate-${at}-${name}`}
                      disabled={!isOpen}
                      maxLength={certificateLengths[name]}
                      value={one[name]}
                      onChange={(event) => setCertificate(at, { [name]: event.target.value })}
                    />
                  </Field>
                ))}
                <Field
                  id={`certificate-${at}-validTo`}
                  label={t('listings.certificate.validTo')}
                  hint={t('listings.certificate.hint')}
                >
                  <DateInput
                    id={`certificate-${at}-validTo`}
                    isDisabled={!isOpen}
                    value={one.validTo ?? ''}
                    onChange={(validTo) => setCertificate(at, { validTo: validTo === '' ? null : validTo })}
                  />
                </Field>
                {isOpen ? (
                  <Button
                    size="small"
                    onClick={() =>
                      change({ body: { ...body, certificates: body.certificates.filter((_, index) => index !== at) } })
                    }
                  >
                    {t('listings.remove')}
                  </Button>
                ) : null}
              </div>
            ))}
            {isOpen ? (
              // What is missing leads here, not to the button that removes the first one.
              <p className="panel-pad" data-part="certificates">
                <Button
                  size="small"
                  onClick={() =>
                    change({
                      body: {
                        ...body,
                        certificates: [...body.certificates, { kind: '', no: '', issuer: '', validTo: null }],
                      },
                    })
                  }
                >
                  {t('listings.addCertificate')}
                </Button>
              </p>
            ) : null}
          </div>
        </DetailSection>
        <DetailSection title={t('listings.step.brand')}>
          <div className="panel-pad form-grid">
            <Field id="listing-brandType" label={t('listings.brandType')}>
              <LookupBox
                id="listing-brandType"
                table="brand_type"
                isDisabled={!isOpen}
                value={body.brandType}
                onChange={(brandType) => change({ body: { ...body, brandType } })}
              />
            </Field>
            {text('brand')}
            {text('ip', true)}
            {isFood ? (
              <>
                {text('producerNo')}
                {text('shelfLife')}
                {text('ingredients', true)}
                {text('lotRule')}
                {text('labelLanguages')}
              </>
            ) : null}
            {(['descriptionZh', 'descriptionEn'] as const).map((name) => (
              <Field
                key={name}
                id={name === 'descriptionZh' ? 'listing-description' : 'listing-descriptionEn'}
                label={t(`listings.${name}`)}
                isWide
              >
                <Input.TextArea
                  id={name === 'descriptionZh' ? 'listing-description' : 'listing-descriptionEn'}
                  disabled={!isOpen}
                  rows={2}
                  maxLength={listingLengths[name]}
                  value={body[name]}
                  onChange={(event) => change({ body: { ...body, [name]: event.target.value } })}
                />
              </Field>
            ))}
          </div>
        </DetailSection>
        <div data-part="photos">
          <ListingPhotos
            id={id}
            photos={listing.photoRows}
            removed={listing.removedPhotos}
            isOpen={isOpen}
            onChange={onChange}
          />
        </div>
      </div>
      <ListingFiling listing={listing} onSave={write} />
    </DetailPane>
  );
}

/** What the county, city or province of origin has of its own: product categories and extra fields; nothing where it has none. */
function Region({
  body,
  isOpen,
  onChange,
}: {
  readonly body: Body;
  readonly isOpen: boolean;
  readonly onChange: (patch: Partial<Pick<Body, 'category' | 'extra'>>) => void;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const division = /^\d{6}$/.test(body.origin) ? body.origin : '';
  const { data } = useQuery('regions.module', { on: 'listing', division }, { areas: ['tax', 'products'] });
  if (data === undefined || (data.categories.length === 0 && data.fields.length === 0)) return null;
  return (
    <DetailSection
      title={t('listings.region', { place: data.regions.map(({ title }) => words(title)).join(t('listings.comma')) })}
    >
      <div className="panel-pad form-grid">
        {data.categories.length === 0 ? null : (
          <Field id="listing-category" label={t('listings.category')} hint={data.regions[0]?.source}>
            <Select
              id="listing-category"
              allowClear
              disabled={!isOpen}
              value={body.category === '' ? null : body.category}
              options={data.categories.map(({ id, title }) => ({ value: id, label: words(title) }))}
              onChange={(category: string | null | undefined) => onChange({ category: category ?? '' })}
            />
          </Field>
        )}
        <RegionFields
          prefix="listing"
          fields={data.fields}
          values={body.extra}
          isDisabled={!isOpen}
          onChange={(extra) => onChange({ extra: { ...extra } })}
        />
      </div>
    </DetailSection>
  );
}

/** Commodity codes of the offline table that may fit, each with why. */
function Candidates({
  id,
  about,
  chosen,
  onTake,
}: {
  readonly id: number;
  readonly about: string;
  readonly chosen: string;
  readonly onTake: ((code: string) => void) | undefined;
}) {
  const { t } = useTranslation();
  const words = useBilingual();
  const [asked, setAsked] = useState<string>();
  if (asked === undefined)
    return (
      <p className="panel-pad">
        <Button id="listing-candidates" size="small" onClick={() => setAsked(about)}>
          {t('listings.candidates')}
        </Button>
      </p>
    );
  return <Offered key={asked} id={id} about={asked} chosen={chosen} onTake={onTake} words={words} />;
}

function Offered({
  id,
  about,
  chosen,
  onTake,
  words,
}: {
  readonly id: number;
  readonly about: string;
  readonly chosen: string;
  readonly onTake: ((code: string) => void) | undefined;
  readonly words: (words: { readonly zh: string; readonly en: string }) => string;
}) {
  const { t } = useTranslation();
  const offered = useQuery('listings.candidates', { id, about });
  if (offered.data === undefined) return <ErrorNote error={offered.error} onRetry={offered.reload} />;
  return (
    <>
      <p className="muted panel-pad">{t('listings.candidateNote', { asOf: offered.data.asOf })}</p>
      <ul className="plain-list listing-list">
        {offered.data.rows.map(({ code, zh, en, reasons }) => (
          <li key={code}>
            <button
              type="button"
              className="link code"
              disabled={onTake === undefined}
              aria-pressed={code === chosen}
              onClick={() => onTake?.(code)}
            >
              {code}
            </button>{' '}
            {code === chosen ? '✓ ' : ''}
            {words({ zh, en: en === '' ? zh : en })}{' '}
            <span className="muted">
              {reasons.map((one) => t(`listings.reason.${one.kind}`, { text: words(one) })).join(t('money.semicolon'))}
            </span>
          </li>
        ))}
      </ul>
      {offered.data.rows.length === 0 ? <p className="muted panel-pad">{t('listings.noCandidate')}</p> : null}
    </>
  );
}

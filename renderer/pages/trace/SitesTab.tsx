/** 基地与包装厂: orchards, ponds and pack houses with their registrations and what was put on them. */
import { Button, Checkbox, Input, Select } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { registrationKinds, siteKinds, treatmentKinds } from '../../../shared/contract/trace.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { ChoiceBox } from '../../components/ChoiceBox.tsx';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { type Column, DataTable } from '../../components/DataTable.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { FormPane } from '../../components/FormPane.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { call, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { CountryBox, useCountryName } from '../money/boxes.tsx';
import { type NamedParty, PartyBox, ProductBox, TraceTabs, useParty, WithdrawRow } from './parts.tsx';

type Site = OutputOf<'farmSites.list'>['rows'][number];
type Registration = OutputOf<'farmSites.get'>['registrations'][number];

const SOON_DAYS = 60;
const tones = { active: 'accepted', future: 'draft', expired: 'rejected', none: 'action' } as const;

/** In force, soon over, over, none. */
export function RegistrationTag({ state, daysLeft }: Pick<Site, 'state' | 'daysLeft'>) {
  const { t } = useTranslation();
  return state === 'active' && daysLeft !== undefined && daysLeft <= SOON_DAYS ? (
    <ToneTag tone="action" label={t('trace.site.daysLeft', { count: daysLeft })} />
  ) : (
    <ToneTag tone={tones[state]} label={t(`trace.site.states.${state}`)} />
  );
}

export function SitesTab({ params }: PageProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<(typeof siteKinds)[number] | 'all'>('all');
  const [chosen, setChosen] = useState<number | 'new' | undefined>(numberParam(params, 'at'));
  const pages = usePages(
    'farmSites.list',
    { date: localDate(), text, ...(kind === 'all' ? {} : { kind }) },
    { areas: ['lots'] },
  );
  const add = (): void => {
    setChosen('new');
    focusDetail('#site-name');
  };
  useKeys([
    { key: 'Ctrl+N', label: t('trace.site.add'), run: add, isMain: true },
    { key: 'Esc', label: t('common.close'), run: () => focusList() || setChosen(undefined) },
  ]);
  const columns: readonly Column<Site>[] = [
    { id: 'name', title: t('trace.site.name'), render: (row) => row.name },
    { id: 'kind', title: t('trace.site.kind'), width: 92, render: (row) => t(`trace.site.kinds.${row.kind}`) },
    { id: 'no', title: t('trace.registration.number'), width: 138, render: (row) => <Code>{row.registrationNo}</Code> },
    { id: 'state', title: t('trace.state'), width: 112, render: (row) => <RegistrationTag {...row} /> },
  ];
  return (
    <Page
      title={t('trace.tab.sites')}
      summary={t('trace.site.summary', { count: pages.total })}
      filters={
        <>
          <TraceTabs active="sites" />
          <Chips
            label={t('trace.site.kind')}
            value={kind}
            onChange={setKind}
            chips={(['all', ...siteKinds] as const).map((one) => ({ value: one, label: t(`trace.site.kinds.${one}`) }))}
          />
          <SearchInput
            value={text}
            onChange={setText}
            placeholder={t('trace.site.search')}
            keyLabel={t('trace.search')}
          />
        </>
      }
      actions={<KeyButton kind="primary" label={t('trace.site.add')} keys="Ctrl+N" onPress={add} />}
    >
      <Split
        list={
          <DataTable
            label={t('trace.tab.sites')}
            autoFocus
            pages={pages}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen === 'new' ? undefined : chosen}
            rowTone={(row) => (row.isActive ? undefined : 'muted')}
            onActivate={({ id }) => setChosen(id)}
            onOpen={({ id }) => {
              setChosen(id);
              focusDetail('#site-name');
            }}
            empty={
              <EmptyState
                title={t('trace.site.empty')}
                hint={t('trace.site.emptyHint')}
                actions={<Button onClick={add}>{t('trace.site.add')}</Button>}
              />
            }
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('trace.site.choose')} />
          ) : chosen === 'new' ? (
            <SiteForm key="new" onSaved={setChosen} />
          ) : (
            <SiteDetail key={chosen} id={chosen} />
          )
        }
      />
    </Page>
  );
}

function SiteDetail({ id }: { readonly id: number }) {
  const site = useQuery('farmSites.get', { id, date: localDate() }, { areas: ['lots'] });
  if (site.data === undefined)
    return site.error === undefined ? null : <ErrorNote error={site.error} onRetry={site.reload} />;
  return <SiteForm site={site.data} onSaved={() => site.reload()} />;
}

/** Millionths of a degree of what is typed; undefined for nothing, null for what is no place. */
function microDegrees(text: string): number | null | undefined {
  if (text.trim() === '') return undefined;
  const found = /^(-?)(\d{1,3})(?:\.(\d{1,6}))?$/.exec(text.trim());
  if (found === null) return null;
  const size = Number(found[2]) * 1_000_000 + Number((found[3] ?? '').padEnd(6, '0'));
  return found[1] === '-' ? -size : size;
}
const degrees = (value: number | undefined): string => (value === undefined ? '' : String(value / 1_000_000));
/** Mu (亩) are 2000/3 square metres; kept are whole square metres. */
const MU_THIRDS = 2000;
const muOf = (m2: number | undefined): string =>
  m2 === undefined ? '' : String(Math.round((m2 * 300) / MU_THIRDS) / 100);

function SiteForm({
  site,
  onSaved,
}: {
  readonly site?: OutputOf<'farmSites.get'>;
  readonly onSaved: (id: number) => void;
}) {
  const { t } = useTranslation();
  const row = site?.site;
  const form = useFormDraft(
    `farm site ${row?.id ?? 'new'}`,
    {
      name: row?.name ?? '',
      place: row?.place ?? '',
      mu: muOf(row?.areaM2),
      latitude: degrees(row?.latitudeE6),
      longitude: degrees(row?.longitudeE6),
      note: row?.note ?? '',
      kind: (row?.kind ?? 'orchard') as Site['kind'],
      owner: (row?.partyId === undefined ? undefined : { id: row.partyId, name: row.owner }) as NamedParty | undefined,
      isActive: row?.isActive ?? true,
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const { kind, owner, isActive } = draft;
  const [isTried, setTried] = useState(false);
  const save = useCommand('farmSites.save');
  const party = useParty('supplier');
  const latitudeE6 = microDegrees(draft.latitude);
  const longitudeE6 = microDegrees(draft.longitude);
  const isWrong = draft.name.trim() === '' || latitudeE6 === null || longitudeE6 === null;
  const submit = async (): Promise<void> => {
    setTried(true);
    if (isWrong) return;
    const settled = await party.settle(owner);
    if (settled === undefined) return;
    const areaM2 = draft.mu === '' ? undefined : Math.round((Number(draft.mu) * MU_THIRDS) / 3);
    const done = await save.run({
      ...(row === undefined ? {} : { id: row.id }),
      kind,
      name: draft.name,
      place: draft.place,
      note: draft.note,
      isActive,
      ...settled,
      ...(areaM2 === undefined || areaM2 < 1 ? {} : { areaM2 }),
      ...(latitudeE6 === undefined ? {} : { latitudeE6 }),
      ...(longitudeE6 === undefined ? {} : { longitudeE6 }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('trace.saved', { what: draft.name }));
    onSaved(done.id);
  };
  const text = (name: 'name' | 'place' | 'note', isWide = false): ReactNode => (
    <Field
      id={`site-${name}`}
      label={t(`trace.site.${name}`)}
      isRequired={name === 'name'}
      isWide={isWide}
      error={isTried && name === 'name' && draft.name.trim() === '' ? t('trace.needed') : undefined}
    >
      <Input
        id={`site-${name}`}
        value={draft[name]}
        maxLength={name === 'note' ? 500 : 100}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  const degree = (name: 'latitude' | 'longitude', value: number | null | undefined): ReactNode => (
    <Field
      id={`site-${name}`}
      label={t(`trace.site.${name}`)}
      error={value === null ? t('trace.site.degreeWrong') : undefined}
    >
      <Input
        id={`site-${name}`}
        className="code"
        value={draft[name]}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <FormPane
      title={row?.name ?? t('trace.site.add')}
      tags={row === undefined ? null : <RegistrationTag {...row} />}
      error={party.error ?? save.error}
      onClearError={() => {
        party.clear();
        save.clear();
      }}
      canSave
      isBusy={save.isRunning}
      onSave={submit}
      foot={
        <Checkbox checked={isActive} onChange={(event) => change({ isActive: event.target.checked })}>
          {t('trace.site.isActive')}
        </Checkbox>
      }
      below={
        site === undefined ? null : (
          <>
            <Registrations site={site} />
            {site.site.kind === 'pack-house' ? null : <Treatments site={site} />}
          </>
        )
      }
    >
      <RestoredNote draft={form} />
      <div className="panel-pad">
        <div className="form-grid">
          {text('name')}
          <Field id="site-kind" label={t('trace.site.kind')}>
            <Select
              id="site-kind"
              value={kind}
              onChange={(value) => change({ kind: value })}
              options={siteKinds.map((one) => ({ value: one, label: t(`trace.site.kinds.${one}`) }))}
            />
          </Field>
          <Field id="site-owner" label={t('trace.site.owner')} hint={t('trace.site.ownerHint')}>
            <PartyBox id="site-owner" value={owner} onChange={(value) => change({ owner: value })} />
          </Field>
          <Field id="site-mu" label={t('trace.site.area')}>
            <NumericInput
              id="site-mu"
              value={draft.mu}
              decimals={2}
              unit={t('trace.site.mu')}
              onChange={(mu) => change({ mu })}
            />
          </Field>
          {text('place', true)}
          {degree('latitude', latitudeE6)}
          {degree('longitude', longitudeE6)}
          {text('note', true)}
        </div>
      </div>
    </FormPane>
  );
}

function Registrations({ site }: { readonly site: OutputOf<'farmSites.get'> }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const remove = useCommand('siteRegistrations.remove');
  const [editing, setEditing] = useState<Registration | 'new'>();
  return (
    <DetailSection
      title={t('trace.registration.title')}
      extra={
        <Button size="small" onClick={() => setEditing('new')}>
          {t('trace.registration.add')}
        </Button>
      }
    >
      {site.registrations.length === 0 ? <p className="muted">{t('trace.registration.none')}</p> : null}
      <ul className="trace-list">
        {site.registrations.map((one) => (
          <li key={one.id}>
            <RegistrationTag {...one} />
            <span className="code">{one.number}</span>
            <span>
              {[
                one.scheme === '' ? t(`trace.registration.kinds.${one.kind}`) : one.scheme,
                one.product === '' ? t('trace.anyProduct') : one.product,
                countryName(one.country),
                `${one.fromOn} – ${one.untilOn ?? t('trace.noEnd')}`,
              ]
                .filter((part) => part !== '')
                .join(' · ')}
            </span>
            <span className="spacer" />
            <Button size="small" type="text" onClick={() => setEditing(one)}>
              {t('common.edit')}
            </Button>
            <ConfirmInline
              isSmall
              isLink
              label={t('common.delete')}
              question={t('trace.registration.removeAsk', { number: one.number })}
              confirmLabel={t('common.delete')}
              onConfirm={async () => void (await remove.run({ id: one.id }))}
            />
          </li>
        ))}
      </ul>
      <ErrorNote error={remove.error} isInline />
      {editing === undefined ? null : (
        <RegistrationForm
          key={editing === 'new' ? 'new' : editing.id}
          siteId={site.site.id}
          row={editing === 'new' ? undefined : editing}
          onDone={() => setEditing(undefined)}
        />
      )}
    </DetailSection>
  );
}

function RegistrationForm({
  siteId,
  row,
  onDone,
}: {
  readonly siteId: number;
  readonly row: Registration | undefined;
  readonly onDone: () => void;
}) {
  const { t } = useTranslation();
  const save = useCommand('siteRegistrations.save');
  const form = useFormDraft(
    `site registration ${siteId} ${row?.id ?? 'new'}`,
    {
      scheme: row?.scheme ?? '',
      number: row?.number ?? '',
      fromOn: row?.fromOn ?? localDate(),
      untilOn: row?.untilOn ?? '',
      kind: (row?.kind ?? 'registration') as Registration['kind'],
      productId: row?.productId,
      country: row?.country ?? '',
    },
    JSON.stringify(row ?? null),
  );
  const { value: draft, change } = form;
  const { kind, productId, country } = draft;
  const submit = async (): Promise<void> => {
    if (draft.number.trim() === '' || draft.fromOn === '') return;
    const { untilOn, productId: _product, ...rest } = draft;
    const done = await save.run({
      ...(row === undefined ? {} : { id: row.id }),
      siteId,
      ...rest,
      ...(productId === undefined ? {} : { productId }),
      ...(untilOn === '' ? {} : { untilOn }),
    });
    if (done === undefined) return;
    form.done();
    onDone();
  };
  return (
    <div className="form-grid card-form">
      <Field id="registration-kind" label={t('trace.registration.kind')}>
        <Select
          id="registration-kind"
          value={kind}
          onChange={(value) => change({ kind: value })}
          options={registrationKinds.map((one) => ({ value: one, label: t(`trace.registration.kinds.${one}`) }))}
        />
      </Field>
      <Field id="registration-number" label={t('trace.registration.number')} isRequired>
        <Input
          id="registration-number"
          className="code"
          autoFocus
          value={draft.number}
          maxLength={60}
          onChange={(event) => change({ number: event.target.value })}
        />
      </Field>
      <Field id="registration-product" label={t('trace.product.title')}>
        <ProductBox
          id="registration-product"
          isOptional
          value={productId}
          onChange={(value) => change({ productId: value })}
        />
      </Field>
      <Field
        id="registration-country"
        label={t('trace.registration.country')}
        hint={t('trace.registration.countryHint')}
      >
        <CountryBox id="registration-country" value={country} onChange={(value) => change({ country: value })} />
      </Field>
      <Field id="registration-from" label={t('trace.fromOn')} isRequired>
        <DateInput id="registration-from" value={draft.fromOn} onChange={(fromOn) => change({ fromOn })} />
      </Field>
      <Field id="registration-until" label={t('trace.untilOn')}>
        <DateInput id="registration-until" value={draft.untilOn} onChange={(untilOn) => change({ untilOn })} />
      </Field>
      <Field
        id="registration-scheme"
        label={t('trace.registration.scheme')}
        hint={t('trace.registration.schemeHint')}
        isWide
      >
        <Input
          id="registration-scheme"
          value={draft.scheme}
          maxLength={100}
          onChange={(event) => change({ scheme: event.target.value })}
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

function Treatments({ site }: { readonly site: OutputOf<'farmSites.get'> }) {
  const { t } = useTranslation();
  const withdraw = useCommand('treatments.withdraw');
  const [shown, setShown] = useState<number>();
  const [isOpen, setOpen] = useState(false);
  const [late, setLate] = useState<{ readonly name: string; readonly lots: Late }>();
  return (
    <DetailSection
      title={t('trace.treatment.title')}
      extra={
        <Button size="small" onClick={() => setOpen(true)}>
          {t('trace.treatment.add')}
        </Button>
      }
    >
      {isOpen ? (
        <TreatmentForm
          siteId={site.site.id}
          onCancel={() => setOpen(false)}
          onDone={(name, lots) => {
            setOpen(false);
            setLate(lots.length === 0 ? undefined : { name, lots });
          }}
        />
      ) : null}
      {late === undefined ? null : (
        <div className="trace-reason" role="alert">
          <p>{t('trace.treatment.late', { name: late.name })}</p>
          <ul className="trace-list">
            {late.lots.slice(0, 50).map((one) => (
              <li key={one.lotId}>
                <button
                  type="button"
                  className="link code"
                  onClick={() => navigate('trace', { tab: 'lots', at: one.lotId })}
                >
                  {one.lot}
                </button>
                <span>
                  {t('trace.treatment.lateLot', {
                    date: one.on,
                    dispatches:
                      one.dispatches.length === 0
                        ? t('trace.treatment.lateHere')
                        : t('trace.treatment.lateOn', { numbers: one.dispatches.join(' ') }),
                  })}
                </span>
              </li>
            ))}
          </ul>
          {late.lots.length > 50 ? <p>{t('trace.more', { n: formatCount(late.lots.length - 50) })}</p> : null}
        </div>
      )}
      {site.treatments.length === 0 ? <p className="muted">{t('trace.treatment.none')}</p> : null}
      <ul className="trace-list">
        {site.treatments.map((one) => (
          <li key={one.id}>
            <span className="code">{one.on}</span>
            {one.withdrawnReason === '' ? (
              <button
                type="button"
                className="link"
                aria-expanded={shown === one.id}
                onClick={() => setShown((now) => (now === one.id ? undefined : one.id))}
              >
                {one.name}
              </button>
            ) : (
              <>
                <ToneTag tone="draft" label={t('trace.inspection.withdrawn', { reason: one.withdrawnReason })} />
                <span>{one.name}</span>
              </>
            )}
            <span>
              {[t(`trace.treatment.kinds.${one.kind}`), one.dose].filter((part) => part !== '').join(' · ')}
              {' · '}
              {one.waitingUntil === undefined
                ? t('trace.treatment.waitingUnknown')
                : t('trace.treatment.until', { days: one.waitingDays, date: one.waitingUntil })}
            </span>
          </li>
        ))}
      </ul>
      {shown === undefined ? null : (
        <WithdrawRow
          key={shown}
          form={`withdraw treatment ${shown}`}
          isBusy={withdraw.isRunning}
          onWithdraw={async (reason) => {
            if ((await withdraw.run({ id: shown, reason })) === undefined) return false;
            setShown(undefined);
            return true;
          }}
        />
      )}
      <ErrorNote error={withdraw.error} isInline />
    </DetailSection>
  );
}

type Late = OutputOf<'treatments.add'>['late'];

function TreatmentForm({
  siteId,
  onCancel,
  onDone,
}: {
  readonly siteId: number;
  readonly onCancel: () => void;
  /** With the harvests that the input falls on. */
  readonly onDone: (name: string, late: Late) => void;
}) {
  const { t } = useTranslation();
  const add = useCommand('treatments.add');
  const form = useFormDraft(`site treatment ${siteId}`, {
    on: localDate(),
    name: '',
    licenceNo: '',
    dose: '',
    days: '',
    source: '',
    operator: '',
    kind: 'pesticide' as (typeof treatmentKinds)[number],
  });
  const { value: draft, change } = form;
  const { kind } = draft;
  /** What was used before comes back with its waiting period. */
  const search = async (text: string) => {
    const { rows } = await call('treatments.names', { text });
    return rows.map((row) => ({ code: row.name, name: row.licenceNo }));
  };
  const take = async (name: string): Promise<void> => {
    change({ name });
    const { rows } = await call('treatments.names', { text: name });
    const known = rows.find((row) => row.name === name);
    if (known !== undefined)
      change({
        licenceNo: known.licenceNo,
        source: known.source,
        days: known.waitingDays === undefined ? '' : String(known.waitingDays),
      });
  };
  const submit = async (): Promise<void> => {
    if (draft.name.trim() === '' || draft.on === '' || !/^\d{0,3}$/.test(draft.days)) return;
    const { days, ...rest } = draft;
    const done = await add.run({ siteId, ...rest, ...(days === '' ? {} : { waitingDays: Number(days) }) });
    if (done === undefined) return;
    form.done();
    onDone(draft.name.trim(), done.late);
  };
  const text = (name: 'licenceNo' | 'dose' | 'source' | 'operator', hint?: string): ReactNode => (
    <Field id={`treatment-${name}`} label={t(`trace.treatment.${name}`)} {...(hint === undefined ? {} : { hint })}>
      <Input
        id={`treatment-${name}`}
        value={draft[name]}
        maxLength={100}
        onChange={(event) => change({ [name]: event.target.value })}
      />
    </Field>
  );
  return (
    <div className="form-grid card-form">
      <Field id="treatment-name" label={t('trace.treatment.name')} isRequired>
        <ChoiceBox
          id="treatment-name"
          isFree
          hidesCode={false}
          autoFocus
          shown={draft.name}
          search={search}
          onText={(name) => change({ name })}
          onTake={(choice) => void take(choice?.code ?? '')}
        />
      </Field>
      <Field id="treatment-kind" label={t('trace.treatment.kind')}>
        <Select
          id="treatment-kind"
          value={kind}
          onChange={(value) => change({ kind: value })}
          options={treatmentKinds.map((one) => ({ value: one, label: t(`trace.treatment.kinds.${one}`) }))}
        />
      </Field>
      <Field id="treatment-on" label={t('trace.treatment.on')} isRequired>
        <DateInput id="treatment-on" value={draft.on} onChange={(on) => change({ on })} />
      </Field>
      <Field id="treatment-days" label={t('trace.treatment.waiting')} hint={t('trace.treatment.waitingHint')}>
        <NumericInput
          id="treatment-days"
          value={draft.days}
          decimals={0}
          unit={t('trace.days')}
          onChange={(days) => change({ days })}
        />
      </Field>
      {text('dose')}
      {text('licenceNo')}
      {text('source', t('trace.treatment.sourceHint'))}
      {text('operator')}
      <div className="card-actions is-wide">
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button type="primary" loading={add.isRunning} onClick={() => void submit()}>
          {t('common.save')}
        </Button>
      </div>
      <RestoredNote draft={form} />
      <ErrorNote error={add.error} isInline />
    </div>
  );
}

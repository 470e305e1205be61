/** One lot of one's own in plain words: where it is from, what was sprayed, whether it may go, and the page for its buyer. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { treatmentKinds } from '../../../shared/contract/trace.ts';
import { useKeys } from '../../app/keys.ts';
import { navigate } from '../../app/route-store.ts';
import { leaveSimple } from '../../app/simple-mode.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DateInput } from '../../components/DateInput.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useCountryName } from '../money/boxes.tsx';
import { kg } from '../trace/parts.tsx';
import { FindingList, ReadyList } from './findings.tsx';
import { Ask, BigPage, Choice, Choices, NamePicker, PlainError, useTableRow } from './parts.tsx';
import { lotName, useLotOrigin } from './SaleLots.tsx';
import { usePlainPaper } from './use-plain-paper.ts';

type Lot = OutputOf<'lots.get'>['lot'];
type Trace = OutputOf<'trace.query'>;
type Dispatch = Trace['dispatches'][number];

export function GoodsLot({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const originOf = useLotOrigin();
  const got = useQuery('lots.get', { id }, { areas: ['lots'] });
  const code = got.data?.lot.code;
  const trace = useQuery('trace.query', code === undefined ? null : { text: code }, { areas: ['lots'] });
  useKeys([{ key: 'Esc', label: t('common.back'), run: () => navigate('myGoods') }]);
  const lot = got.data?.lot;
  const foot = (
    <>
      <Button onClick={() => navigate('myGoods')}>{t('common.back')}</Button>
      <span className="simple-saved" />
      <Button id="lot-whole" onClick={() => leaveSimple('trace', { tab: 'lots', at: id })}>
        {t('simple.openWhole')}
      </Button>
    </>
  );
  if (lot === undefined || trace.data === undefined)
    return (
      <BigPage title={t('simple.area.myGoods')} foot={foot}>
        <PlainError
          error={got.error ?? trace.error}
          onRetry={() => {
            got.reload();
            trace.reload();
          }}
        />
      </BigPage>
    );
  const { dispatches } = trace.data;
  return (
    <BigPage
      title={lotName(lot)}
      hint={
        <>
          {originOf(lot)} · {t('simple.goods.left', { left: kg(lot.freeG), mass: kg(lot.massG) })}
          {lot.cartons === 0
            ? ''
            : ` · ${t('simple.goods.boxes', { n: formatCount(lot.cartons), gone: formatCount(lot.dispatched) })}`}
        </>
      }
      foot={foot}
    >
      {lot.isHeld ? (
        <p className="simple-error">
          <ToneTag tone="rejected" label={t('simple.goods.held')} /> {lot.holdReason}
        </p>
      ) : null}
      <section className="simple-section">
        <h2>{t('simple.lot.going')}</h2>
        {dispatches.length === 0 ? (
          <Wish lot={lot} />
        ) : (
          dispatches.map((dispatch) => <Going key={dispatch.id} dispatch={dispatch} />)
        )}
      </section>
      <Packed cartons={got.data?.cartons ?? []} />
      <Treatments trace={trace.data} />
      {got.data?.isRemovable === true ? <Remove lot={lot} /> : null}
    </BigPage>
  );
}

/** The page for the buyer in both languages of paper. */
function BuyersPage({ text, name }: { readonly text: string; readonly name: string }) {
  const { t } = useTranslation();
  const paper = usePlainPaper('trace.print');
  return (
    <>
      <PlainError error={paper.error} />
      <div className="simple-begin">
        {(['zh', 'en'] as const).map((language) => (
          <Button
            key={language}
            loading={paper.isRunning}
            onClick={() => void paper.write(t('simple.lot.pageOf', { name }), { text, language })}
          >
            {t(`simple.lot.page.${language}`)}
          </Button>
        ))}
      </div>
    </>
  );
}

/** Cartons that are on their way: papers of the way, and the page of exactly what this buyer has. */
function Going({ dispatch }: { readonly dispatch: Dispatch }) {
  const { t } = useTranslation();
  const countryName = useCountryName();
  const got = useQuery('dispatches.get', { id: dispatch.id, date: localDate() }, { areas: ['lots'] });
  const to = dispatch.buyer === '' ? countryName(dispatch.country) : dispatch.buyer;
  return (
    <div className="simple-card is-tall">
      <strong>
        {t('simple.lot.to', { to, country: countryName(dispatch.country), date: dispatch.on })}{' '}
        <small className="muted">{t('simple.lot.toBoxes', { n: formatCount(dispatch.cartons) })}</small>
      </strong>
      <PlainError error={got.error} onRetry={got.reload} />
      <ReadyList items={got.data?.readiness ?? []} />
      <FindingList findings={got.data?.findings ?? []} />
      <BuyersPage text={dispatch.number} name={to} />
    </div>
  );
}

/** Cartons of the lot; those still here are unpacked where they were noted wrongly. */
function Packed({ cartons }: { readonly cartons: OutputOf<'lots.get'>['cartons'] }) {
  const { t } = useTranslation();
  const unpack = useCommand('cartons.remove');
  if (cartons.length === 0) return null;
  return (
    <section className="simple-section">
      <h2>{t('simple.lot.packed')}</h2>
      <PlainError error={unpack.error} />
      {cartons.map(({ id, count, netG, dispatch }) => {
        const n = formatCount(count);
        return (
          <div key={id} className="simple-card">
            <span className="simple-card-text">
              <strong>{t('simple.lot.packedOf', { n, mass: kg(netG) })}</strong>
              {dispatch === undefined ? null : <small>{t('simple.lot.packedGone')}</small>}
            </span>
            {dispatch !== undefined ? null : (
              <ConfirmInline
                label={t('simple.lot.unpack')}
                question={t('simple.lot.unpackAsk', { n })}
                confirmLabel={t('simple.lot.unpackNow')}
                onConfirm={async () => {
                  if ((await unpack.run({ id })) !== undefined) notify(t('simple.lot.undone'));
                }}
              />
            )}
          </div>
        );
      })}
    </section>
  );
}

/** Takes back a lot that was noted wrongly, while nothing came of it. */
function Remove({ lot }: { readonly lot: Lot }) {
  const { t } = useTranslation();
  const remove = useCommand('lots.remove');
  return (
    <section className="simple-section">
      <PlainError error={remove.error} />
      <ConfirmInline
        label={t('simple.lot.wrong')}
        question={t('simple.lot.wrongAsk', { name: lotName(lot), mass: kg(lot.massG) })}
        confirmLabel={t('simple.together.remove')}
        onConfirm={async () => {
          if ((await remove.run({ id: lot.id })) === undefined) return;
          notify(t('simple.lot.undone'));
          navigate('myGoods');
        }}
      />
    </section>
  );
}

/** Items that only a shipment has, not a lot that is still here. */
const laterItems: readonly string[] = ['inspection', 'coldLog', 'declaration'];

/** Not on its way yet: may it go to a country on a day. */
function Wish({ lot }: { readonly lot: Lot }) {
  const { t } = useTranslation();
  const [country, setCountry] = useState('');
  const [on, setOn] = useState(localDate());
  const alpha2 = useTableRow('country_alpha3', country)?.alpha2;
  const answer = useQuery(
    'lots.readiness',
    alpha2 === undefined || on === '' ? null : { id: lot.id, country: alpha2, on },
    { areas: ['lots'] },
  );
  return (
    <div className="simple-card is-tall">
      <div className="simple-asks">
        <Ask id="wish-country" label={t('simple.lot.where')}>
          <NamePicker id="wish-country" table="country_alpha3" value={country} onChange={setCountry} />
        </Ask>
        <Ask id="wish-on" label={t('simple.when.on')}>
          <DateInput id="wish-on" value={on} onChange={setOn} />
        </Ask>
      </div>
      <PlainError error={answer.error} onRetry={answer.reload} />
      {alpha2 === undefined || answer.data === undefined ? (
        <p className="muted">{t('simple.lot.whereHint')}</p>
      ) : (
        <>
          <ReadyList items={answer.data.readiness.filter(({ code }) => !laterItems.includes(code))} />
          <FindingList findings={answer.data.findings} />
        </>
      )}
      <BuyersPage text={lot.code} name={lotName(lot)} />
    </div>
  );
}

/** What was sprayed, fed or given where the lot grew, and writing down one more. */
function Treatments({ trace }: { readonly trace: Trace }) {
  const { t } = useTranslation();
  const [isNew, setNew] = useState(false);
  /** Of the one just noted: a harvest lies within its waiting period, or it came after the last one. */
  const [said, setSaid] = useState<'late' | 'after'>();
  const withdraw = useCommand('treatments.withdraw');
  const lastHarvest = trace.lots
    .flatMap(({ made, madeOn }) => (made === 'harvest' ? [madeOn] : []))
    .sort()
    .at(-1);
  const growing = trace.sites.filter(({ kind }) => kind !== 'pack-house');
  const rows = trace.treatments.filter(({ withdrawnReason }) => withdrawnReason === '');
  return (
    <section className="simple-section">
      <h2>{t('simple.lot.treatments')}</h2>
      {rows.length === 0 ? <p className="muted">{t('simple.lot.noTreatments')}</p> : null}
      {rows.map((one) => (
        <div key={one.id} className="simple-card">
          <span className="simple-card-text">
            <strong>{t('simple.lot.used', { date: one.on, name: one.name })}</strong>
            <small>
              {one.site} ·{' '}
              {one.waitingUntil === undefined
                ? t('simple.lot.waitUnknown')
                : t('simple.lot.waitUntil', { date: one.waitingUntil, n: one.waitingDays ?? 0 })}
            </small>
          </span>
          <ConfirmInline
            label={t('simple.lot.wrongTreatment')}
            name={t('simple.lot.wrongTreatmentOf', { date: one.on, name: one.name })}
            question={t('simple.lot.wrongTreatmentAsk')}
            confirmLabel={t('simple.together.remove')}
            onConfirm={async () => {
              const done = await withdraw.run({ id: one.id, reason: t('simple.lot.wrongTreatment') });
              if (done !== undefined) notify(t('simple.lot.undone'));
            }}
          />
        </div>
      ))}
      <PlainError error={withdraw.error} />
      {said === undefined ? null : (
        <p className="simple-reason" role="alert">
          {t(`simple.lot.${said}`)}
        </p>
      )}
      {isNew ? (
        <NewTreatment
          sites={growing}
          onDone={(isLate, on) => {
            setNew(false);
            setSaid(isLate ? 'late' : lastHarvest !== undefined && on > lastHarvest ? 'after' : undefined);
          }}
          onCancel={() => setNew(false)}
        />
      ) : growing.length === 0 ? null : (
        <div className="simple-begin">
          <Button id="lot-treat" onClick={() => setNew(true)}>
            {t('simple.lot.treat')}
          </Button>
        </div>
      )}
    </section>
  );
}

function NewTreatment({
  sites,
  onDone,
  onCancel,
}: {
  readonly sites: Trace['sites'];
  /** With whether a harvest that was entered already lies in the waiting period, and its day. */
  readonly onDone: (isLate: boolean, on: string) => void;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const add = useCommand('treatments.add');
  const form = useFormDraft(`simple treatment ${sites.map(({ id }) => id).join(' ')}`, {
    siteId: sites[0]?.id ?? 0,
    kind: 'pesticide' as (typeof treatmentKinds)[number],
    name: '',
    on: localDate(),
    days: '',
  });
  const { siteId, kind, name, on, days } = form.value;
  const { change } = form;
  // What was used before comes back with its days.
  const known = useQuery('treatments.names', { text: name });
  const same = known.data?.rows.find((row) => row.name === name.trim())?.waitingDays;
  const isWhole = name.trim() !== '' && on !== '' && /^\d{0,3}$/.test(days);
  const waiting = days === '' ? same : Number(days);
  const save = async (): Promise<void> => {
    if (!isWhole || add.isRunning) return;
    const done = await add.run({
      siteId,
      kind,
      name: name.trim(),
      on,
      ...(waiting === undefined ? {} : { waitingDays: waiting }),
    });
    if (done === undefined) return;
    form.done();
    notify(t('simple.goods.taken'));
    onDone(done.late.length > 0, on);
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void save(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onCancel },
  ]);
  return (
    <form className="simple-card is-tall" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <PlainError error={add.error} />
      {sites.length < 2 ? null : (
        <Choices label={t('simple.lot.treatSite')}>
          {sites.map((site) => (
            <Choice
              key={site.id}
              title={site.name}
              isOn={site.id === siteId}
              onPress={() => change({ siteId: site.id })}
            />
          ))}
        </Choices>
      )}
      <Choices label={t('simple.lot.treatKind')}>
        {treatmentKinds.map((one) => (
          <Choice
            key={one}
            title={t(`trace.treatment.kinds.${one}`)}
            isOn={one === kind}
            onPress={() => change({ kind: one })}
          />
        ))}
      </Choices>
      <div className="simple-asks">
        <Ask id="treat-name" label={t('simple.lot.treatName')}>
          <Input
            id="treat-name"
            autoFocus
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Ask>
        <Ask id="treat-on" label={t('simple.lot.treatOn')}>
          <DateInput id="treat-on" value={on} onChange={(value) => change({ on: value })} />
        </Ask>
        <Ask id="treat-days" label={t('simple.lot.treatDays')} term={t('simple.term.waiting')}>
          <NumericInput
            id="treat-days"
            decimals={0}
            value={days === '' && same !== undefined ? String(same) : days}
            unit={t('simple.unit.day')}
            onChange={(value) => change({ days: value })}
          />
        </Ask>
      </div>
      <div className="simple-begin">
        <Button onClick={onCancel}>{t('common.back')}</Button>
        <Button id="treat-save" type="primary" disabled={!isWhole} loading={add.isRunning} onClick={() => void save()}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

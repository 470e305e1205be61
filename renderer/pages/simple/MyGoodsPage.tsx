/** 我的货: what was harvested and is still here, taking in a harvest, and packing it into cartons. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import { celsiusOf } from '../../../shared/lots/cold-chain.ts';
import { gramsOf } from '../../../shared/lots/mass.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, numberParam } from '../../app/route-store.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { RestoredNote, useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { ToneMark, ToneTag } from '../../components/StateTag.tsx';
import { useEnterNavigation } from '../../components/use-enter-navigation.ts';
import { call, errorOf, useCommand, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { ensureParty } from '../ledger/parties.ts';
import { kg } from '../trace/parts.tsx';
import { GoodsLot } from './GoodsLot.tsx';
import { Ask, BigPage, Choice, Choices, MoreRows, PlainError, PlainReason } from './parts.tsx';
import { lotName, useLotOrigin } from './SaleLots.tsx';

type Lot = OutputOf<'lots.list'>['rows'][number];
/** More than a screen or two hold: they are found by typing too. */
const SEARCHED = 12;
/** Characters that a name of a product in 溯源 may have. */
const LONGEST_NAME = 100;
type Finding = Extract<OutputOf<'lots.harvest'>, { isSaved: false }>['findings'][number];

export function MyGoodsPage({ params }: PageProps) {
  const { t } = useTranslation();
  const lotId = numberParam(params, 'lot');
  const originOf = useLotOrigin();
  const [isAll, setAll] = useState(false);
  const [text, setText] = useState('');
  const lots = usePages('lots.list', { state: isAll ? 'all' : 'here', text: text.trim() }, { areas: ['lots'] });
  const [isNew, setNew] = useState(false);
  const [packed, setPacked] = useState<number>();
  useKeys([{ key: 'Ctrl+N', label: t('simple.goods.new'), run: () => setNew(true), isMain: true }]);
  if (lotId !== undefined) return <GoodsLot key={lotId} id={lotId} />;
  if (isNew) return <Harvest onDone={() => setNew(false)} />;
  return (
    <BigPage title={t('simple.area.myGoods')} hint={t('simple.goods.hint')}>
      <PlainError error={lots.error} onRetry={lots.reload} />
      <div className="simple-begin">
        <Button id="goods-new" type="primary" onClick={() => setNew(true)}>
          {t('simple.goods.new')}
        </Button>
        <Button aria-pressed={isAll} onClick={() => setAll(!isAll)}>
          {t(isAll ? 'simple.goods.showHere' : 'simple.goods.showAll')}
        </Button>
      </div>
      {lots.total > SEARCHED || text !== '' ? (
        <Ask id="goods-text" label={t('simple.goods.find')}>
          <Input
            id="goods-text"
            value={text}
            maxLength={60}
            allowClear
            onChange={(event) => setText(event.target.value)}
          />
        </Ask>
      ) : null}
      {lots.status === 'ready' && lots.rows.length === 0 ? (
        <p className="simple-nothing">
          {t(text !== '' ? 'simple.notFound' : isAll ? 'simple.goods.none' : 'simple.goods.noneHere')}
        </p>
      ) : null}
      {lots.rows.map((lot) => (
        <div key={lot.id} className="simple-card">
          <span className="simple-card-text">
            <strong>{lotName(lot)}</strong>
            <small>
              {originOf(lot)} · {t('simple.goods.left', { left: kg(lot.freeG), mass: kg(lot.massG) })}
              {lot.cartons === 0
                ? ''
                : ` · ${t('simple.goods.boxes', { n: formatCount(lot.cartons), gone: formatCount(lot.dispatched) })}`}
            </small>
          </span>
          {lot.isHeld ? <ToneTag tone="rejected" label={t('simple.goods.held')} /> : null}
          {lot.freeG > 0 && !lot.isHeld ? (
            <Button onClick={() => setPacked(packed === lot.id ? undefined : lot.id)}>{t('simple.goods.pack')}</Button>
          ) : null}
          <Button onClick={() => navigate('myGoods', { lot: lot.id })}>{t('simple.goods.look')}</Button>
          {packed === lot.id ? (
            <Packing
              lot={lot}
              onDone={() => {
                setPacked(undefined);
                lots.reload();
              }}
            />
          ) : null}
        </div>
      ))}
      <MoreRows pages={lots} />
    </BigPage>
  );
}

/** Cartons of a lot: how many and what each weighs; their numbers go on from the last. */
function Packing({ lot, onDone }: { readonly lot: Lot; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const add = useCommand('cartons.pack');
  const form = useFormDraft(`simple packing ${lot.id}`, { boxes: '', weight: '' });
  const { boxes, weight } = form.value;
  const { change } = form;
  const netG = gramsOf(weight);
  const count = /^[1-9]\d{0,5}$/.test(boxes) ? Number(boxes) : undefined;
  const totalG = count === undefined || netG === undefined ? undefined : count * netG;
  const isTooHeavy = totalG !== undefined && totalG > lot.freeG;
  const save = async (): Promise<void> => {
    if (count === undefined || netG === undefined || isTooHeavy) return;
    const done = await add.run({ lotId: lot.id, count, netG });
    if (done === undefined) return;
    form.done();
    notify(t('simple.goods.packed', { n: formatCount(done.count) }));
    onDone();
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  return (
    <form className="simple-inline" onKeyDown={onKeyDown} onSubmit={(event) => event.preventDefault()}>
      <RestoredNote draft={form} />
      <PlainError error={add.error} />
      <div className="simple-asks">
        <Ask id="pack-boxes" label={t('simple.goods.howMany')}>
          <NumericInput
            id="pack-boxes"
            decimals={0}
            value={boxes}
            unit={t('simple.unit.box')}
            onChange={(value) => change({ boxes: value })}
          />
        </Ask>
        <Ask id="pack-weight" label={t('simple.goods.eachWeight')}>
          <NumericInput
            id="pack-weight"
            decimals={3}
            value={weight}
            unit={t('simple.unit.kilogram')}
            onChange={(value) => change({ weight: value })}
          />
        </Ask>
        <Button
          type="primary"
          disabled={totalG === undefined || isTooHeavy}
          loading={add.isRunning}
          onClick={() => void save()}
        >
          {t('simple.goods.packNow')}
        </Button>
      </div>
      {totalG === undefined ? null : isTooHeavy ? (
        <p className="field-error" role="alert">
          <ToneMark tone="rejected" /> {t('simple.error.CARTONS_HEAVIER', { cartons: kg(totalG), free: kg(lot.freeG) })}
        </p>
      ) : (
        <p className="muted" role="status">
          {t('simple.goods.packSum', { total: kg(totalG), left: kg(lot.freeG - totalG) })}
        </p>
      )}
    </form>
  );
}

/** One that is there, or another by its name: found by it where it is there, new where it is not. */
type Picked = { readonly id: number } | { readonly name: string };
const isPicked = (picked: Picked | undefined): picked is Picked =>
  picked !== undefined && ('id' in picked || picked.name.trim() !== '');

function PickOrName({
  id,
  label,
  term,
  rows,
  value,
  onChange,
}: {
  readonly id: string;
  readonly label: string;
  readonly term: string;
  /** Those whose name fits what is typed. */
  readonly rows: readonly { readonly id: number; readonly name: string }[];
  readonly value: Picked | undefined;
  readonly onChange: (value: Picked) => void;
}) {
  const { t } = useTranslation();
  return (
    <Choices label={label} term={term}>
      {rows.map((row) => (
        <Choice
          key={row.id}
          title={row.name}
          isOn={value !== undefined && 'id' in value && value.id === row.id}
          onPress={() => onChange({ id: row.id })}
        />
      ))}
      <Input
        id={id}
        className="simple-new"
        maxLength={100}
        autoComplete="off"
        aria-label={`${label} ${t('simple.goods.another')}`}
        placeholder={t('simple.goods.another')}
        value={value !== undefined && 'name' in value ? value.name : ''}
        onChange={(event) => onChange({ name: event.target.value })}
      />
    </Choices>
  );
}

const siteKinds = ['orchard', 'pond', 'field'] as const;
type SiteKind = (typeof siteKinds)[number];
/** Places shown at once; the others are found by their name. */
const SHOWN_SITES = 24;

/** The place of a name: the one that has it, in use or not, or a new one with its owner. */
async function siteNamed(name: string, kind: SiteKind, owner: string): Promise<number> {
  const { rows } = await call('farmSites.list', { date: localDate(), text: name, limit: 100 });
  const found = rows.find((row) => row.name === name);
  if (found !== undefined) return found.id;
  const partyId = await ensureParty('supplier', owner, '');
  return (await call('farmSites.save', { kind, name, ...(partyId === undefined ? {} : { partyId }) })).id;
}

/** A product of a name, with the English name, commodity code and temperatures that its listing has: nobody types them twice. */
async function productNamed(nameZh: string) {
  const { rows } = await call('listings.list', {});
  const listed = rows.find((row) => row.state === 'open' && row.nameZh === nameZh);
  if (listed === undefined) return { nameZh };
  const { body, hsCode } = await call('listings.get', { id: listed.id });
  const [lowC100, highC100] = [celsiusOf(body.temperatureFrom), celsiusOf(body.temperatureTo)];
  const band = lowC100 === undefined || highC100 === undefined ? {} : { lowC100, highC100, bandSource: listed.number };
  return { nameZh, nameEn: body.nameEn.slice(0, LONGEST_NAME), hsCode, ...band };
}

/** A harvest; a product or a place that the book does not know yet is taken in with it. */
function Harvest({ onDone }: { readonly onDone: () => void }) {
  const { t } = useTranslation();
  const products = useQuery('farmProducts.list', {}, { areas: ['lots'] });
  const form = useFormDraft('simple harvest', {
    product: undefined as Picked | undefined,
    site: undefined as Picked | undefined,
    // Of a place that is new: what it is, and whose.
    kind: 'orchard' as SiteKind,
    owner: '',
    variety: '',
    mass: '',
    on: localDate(),
    reason: '',
  });
  const { product, site, kind, owner, variety, mass, on, reason } = form.value;
  const typed = site !== undefined && 'name' in site ? site.name.trim() : '';
  const sites = useQuery(
    'farmSites.list',
    { date: localDate(), isGrowing: true, text: typed, limit: SHOWN_SITES },
    { areas: ['lots'] },
  );
  const isNewSite = typed !== '' && sites.data !== undefined && !sites.data.rows.some(({ name }) => name === typed);
  const { change } = form;
  const [findings, setFindings] = useState<readonly Finding[]>([]);
  const [error, setError] = useState<ContractError>();
  const [isRunning, setRunning] = useState(false);
  const massG = gramsOf(mass);
  const isWhole = isPicked(product) && isPicked(site) && massG !== undefined && on !== '';
  const save = async (): Promise<void> => {
    if (!isPicked(product) || !isPicked(site) || massG === undefined || isRunning) return;
    setRunning(true);
    setError(undefined);
    try {
      const productId =
        'id' in product
          ? product.id
          : (products.data?.rows.find(({ nameZh }) => nameZh === product.name.trim())?.id ??
            (await call('farmProducts.save', await productNamed(product.name.trim()))).id);
      change({ product: { id: productId } });
      const siteId = 'id' in site ? site.id : await siteNamed(site.name.trim(), kind, owner.trim());
      change({ site: { id: siteId } });
      const done = await call('lots.harvest', { siteId, productId, massG, on, variety: variety.trim(), reason });
      setFindings(done.findings);
      if (!done.isSaved) return;
      form.done();
      notify(t('simple.goods.taken'));
      onDone();
    } catch (thrown) {
      setError(errorOf(thrown));
    } finally {
      setRunning(false);
    }
  };
  const onKeyDown = useEnterNavigation({ onSubmit: () => void save() });
  useKeys([
    { key: 'Ctrl+Enter', label: t('common.save'), run: () => void save(), isMain: true },
    { key: 'Esc', label: t('common.back'), run: onDone },
  ]);
  const wantsReason = findings.some(({ level }) => level === 'reason');
  return (
    <BigPage
      title={t('simple.goods.new')}
      foot={
        <>
          <Button onClick={onDone}>{t('common.back')}</Button>
          <span className="simple-saved" />
          <Button
            id="harvest-save"
            type="primary"
            disabled={!isWhole || (wantsReason && reason.trim() === '')}
            loading={isRunning}
            onClick={() => void save()}
          >
            {t('common.save')}
          </Button>
        </>
      }
    >
      <RestoredNote draft={form} />
      <PlainError error={error ?? products.error ?? sites.error} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter in its fields goes to the next one */}
      <div className="simple-form" onKeyDown={onKeyDown}>
        <PickOrName
          id="harvest-product"
          label={t('simple.goods.what')}
          term={t('simple.term.product')}
          rows={(products.data?.rows ?? [])
            .map(({ id, nameZh }) => ({ id, name: nameZh }))
            .filter(({ name }) => product === undefined || 'id' in product || name.includes(product.name.trim()))}
          value={product}
          onChange={(value) => change({ product: value })}
        />
        <PickOrName
          id="harvest-site"
          label={t('simple.goods.where')}
          term={t('simple.term.site')}
          rows={sites.data?.rows ?? []}
          value={site}
          onChange={(value) => change({ site: value })}
        />
        {(sites.data?.total ?? 0) > SHOWN_SITES ? (
          <p className="muted">
            {t('simple.goods.moreSites', { n: formatCount((sites.data?.total ?? 0) - SHOWN_SITES) })}
          </p>
        ) : null}
        {isNewSite ? (
          <>
            <Choices label={t('simple.goods.siteKind', { name: typed })}>
              {siteKinds.map((one) => (
                <Choice
                  key={one}
                  title={t(`trace.site.kinds.${one}`)}
                  isOn={kind === one}
                  onPress={() => change({ kind: one })}
                />
              ))}
            </Choices>
            <Ask id="harvest-owner" label={t('simple.goods.owner')} term={t('simple.term.owner')}>
              <Input
                id="harvest-owner"
                maxLength={100}
                value={owner}
                onChange={(event) => change({ owner: event.target.value })}
              />
            </Ask>
          </>
        ) : null}
        <div className="simple-asks">
          <Ask id="harvest-mass" label={t('simple.goods.mass')}>
            <NumericInput
              id="harvest-mass"
              decimals={3}
              value={mass}
              unit={t('simple.unit.kilogram')}
              onChange={(value) => change({ mass: value })}
            />
          </Ask>
          <Ask id="harvest-on" label={t('simple.goods.on')}>
            <DateInput id="harvest-on" value={on} onChange={(value) => change({ on: value })} />
          </Ask>
          <Ask id="harvest-variety" label={t('simple.goods.variety')}>
            <Input
              id="harvest-variety"
              maxLength={100}
              value={variety}
              onChange={(event) => change({ variety: event.target.value })}
            />
          </Ask>
        </div>
        <PlainReason
          id="harvest-reason"
          findings={findings}
          reason={reason}
          onReason={(next) => change({ reason: next })}
        />
      </div>
    </BigPage>
  );
}

/** The five questions of a sale, one page each. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { AnyDocument } from '../../../shared/documents/spec.ts';
import type { EditOperation } from '../../../shared/drafting/edit.ts';
import {
  addGoods,
  changeGoods,
  isPrice,
  removeGoods,
  type Sale,
  type SaleChange,
  saleModes,
  saleOf,
  saleTerms,
  saleUnits,
} from '../../../shared/drafting/plain-sale.ts';
import { groupThousands, tryParse5 } from '../../../shared/money/decimal.ts';
import { navigate } from '../../app/route-store.ts';
import { DateInput } from '../../components/DateInput.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { call, errorOf, useCommand, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { useSession } from '../../stores/session-store.ts';
import {
  Ask,
  Choice,
  Choices,
  commonCurrencies,
  ListingPicture,
  Money,
  NamePicker,
  PlainError,
  useCurrencyName,
  useTableRow,
} from './parts.tsx';
import { useUnitWord } from './SaleCheck.tsx';
import { useSales } from './sales.tsx';

/** What a step gets: the sale as it stands, and the ways to change it. */
export interface StepProps {
  readonly sale: Sale;
  readonly change: (change: SaleChange) => void;
  readonly apply: (operations: (body: AnyDocument) => readonly EditOperation[]) => void;
}

const SHOWN_BUYERS = 8;

/** Who bought before: of earlier sales with the country they went to, and of the book's own list. */
function useBuyers(ownId: number) {
  const sales = useSales();
  const customers = useQuery('parties.list', { kind: 'customer', limit: 100 }, { areas: ['ledger'] });
  const buyers = new Map<string, { readonly name: string; readonly saleId?: number; readonly alpha2?: string }>();
  for (const { id, buyer } of sales.rows ?? [])
    if (id !== ownId && buyer !== '' && !buyers.has(buyer)) buyers.set(buyer, { name: buyer, saleId: id });
  for (const { name, country, active } of customers.data?.rows ?? [])
    if (active && !buyers.has(name)) buyers.set(name, { name, ...(country === null ? {} : { alpha2: country }) });
  return { rows: [...buyers.values()], error: sales.error ?? customers.error };
}

export function WhoStep({ sale, change, ownId }: StepProps & { readonly ownId: number }) {
  const { t } = useTranslation();
  const buyers = useBuyers(ownId);
  const [error, setError] = useState<ContractError>();
  const take = async ({ name, saleId, alpha2 }: (typeof buyers.rows)[number]): Promise<void> => {
    change({ buyer: name });
    if (saleId !== undefined) {
      const { body } = await call('documents.get', { id: saleId });
      const { country } = saleOf(body);
      if (country !== '') change({ country });
    } else if (alpha2 !== undefined) {
      const { rows } = await call('tables.search', { table: 'country_alpha3', text: alpha2, limit: 50 });
      const found = rows.find((row) => row.alpha2 === alpha2);
      if (found !== undefined) change({ country: found.code });
    }
  };
  return (
    <>
      <PlainError error={error ?? buyers.error} />
      {buyers.rows.length === 0 ? null : (
        <Choices label={t('simple.who.before')}>
          {buyers.rows.slice(0, SHOWN_BUYERS).map((buyer) => (
            <Choice
              key={buyer.name}
              title={buyer.name}
              isOn={buyer.name === sale.buyer}
              onPress={() => void take(buyer).catch((thrown: unknown) => setError(errorOf(thrown)))}
            />
          ))}
        </Choices>
      )}
      <div className="simple-asks" data-first>
        <Ask id="sale-buyer" label={t('simple.who.name')} term={t('simple.term.buyer')}>
          <Input
            id="sale-buyer"
            value={sale.buyer}
            maxLength={400}
            autoComplete="off"
            placeholder={t('simple.who.nameHint')}
            onChange={(event) => change({ buyer: event.target.value })}
          />
        </Ask>
        <Ask id="sale-country" label={t('simple.who.country')} term={t('simple.term.country')}>
          <NamePicker
            id="sale-country"
            table="country_alpha3"
            value={sale.country}
            onChange={(country) => change({ country })}
          />
        </Ask>
      </div>
      <Choices label={t('simple.who.how')} term={t('simple.term.mode')}>
        {(['direct', 'platform'] as const).map((way) => (
          <Choice
            key={way}
            id={`sale-${way}`}
            title={t(`simple.who.${way}`)}
            note={t(`simple.who.${way}Note`)}
            isOn={sale.mode === saleModes[way]}
            onPress={() => change({ mode: saleModes[way] })}
          />
        ))}
      </Choices>
      {sale.mode === saleModes.platform ? (
        <Ask id="sale-order" label={t('simple.who.order')} term={t('simple.term.order')}>
          <Input
            id="sale-order"
            value={sale.platformOrder}
            maxLength={64}
            autoComplete="off"
            onChange={(event) => change({ platformOrder: event.target.value })}
          />
        </Ask>
      ) : null}
    </>
  );
}

export function WhatStep({ sale, apply }: StepProps) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const products = useQuery('products.list', { text: text.trim(), limit: 60 }, { areas: ['products'] });
  const listings = useQuery('listings.list', {}, { areas: ['products', 'documents'] });
  const customsCode = useSession((session) => session.profile?.customsCode) ?? '';
  const district = useTableRow('district_domestic', customsCode.slice(0, 5))?.code ?? '';
  const listed = new Map(listings.data?.rows.map((row) => [row.sku, row.id]));
  const rows = (products.data?.rows ?? []).filter(({ lineKind }) => lineKind === 'goods');
  /** An item that has answers already: it is taken out when it is pressed once more, below. */
  const [asked, setAsked] = useState<string>();
  const askedName = sale.goods.find(({ sku }) => sku === asked)?.name;
  const put = (product: (typeof rows)[number]): void => {
    setAsked(undefined);
    apply((body) => {
      const index = saleOf(body).goods.findIndex(({ sku }) => sku === product.sku);
      return index < 0 ? addGoods(body, product, district) : removeGoods(body, index);
    });
  };
  const wanted = text.trim();
  const open = useCommand('listings.open');
  const [failed, setFailed] = useState<ContractError>();
  // Goods the book does not know yet are listed by their name, as the page of photos does, and go on the sale at once.
  const add = async (): Promise<void> => {
    setFailed(undefined);
    const made = await open.run({ nameZh: wanted });
    if (made === undefined) return;
    try {
      const found = await call('products.list', { text: made.sku, limit: 9 });
      const product = found.rows.find(({ sku }) => sku === made.sku);
      if (product !== undefined) put(product);
      setText('');
    } catch (thrown) {
      setFailed(errorOf(thrown));
    }
  };
  const press = (product: (typeof rows)[number]): void => {
    const item = sale.goods.find(({ sku }) => sku === product.sku);
    if (item !== undefined && item.qty + item.price + item.total !== '') setAsked(product.sku);
    else put(product);
  };
  return (
    <>
      <PlainError error={products.error ?? listings.error} onRetry={products.reload} />
      <PlainError error={failed ?? open.error} />
      <div className="simple-asks">
        <Ask id="sale-search" label={t('simple.what.search')}>
          <Input
            id="sale-search"
            value={text}
            maxLength={250}
            autoComplete="off"
            allowClear
            onChange={(event) => setText(event.target.value)}
          />
        </Ask>
        {wanted === '' || products.data === undefined || rows.some(({ nameCn }) => nameCn === wanted) ? null : (
          <Button id="sale-add" loading={open.isRunning} onClick={() => void add()}>
            {t('simple.what.addThis', { name: wanted })}
          </Button>
        )}
      </div>
      <div className="simple-cards is-pictures">
        {rows.map((product) => {
          const at = sale.goods.findIndex(({ sku }) => sku === product.sku);
          return (
            <Choice
              key={product.sku}
              title={product.nameCn === '' ? product.nameSource : product.nameCn}
              note={product.hsCode === '' ? t('simple.what.unclassified') : ''}
              picture={<ListingPicture listingId={listed.get(product.sku)} />}
              isOn={at >= 0}
              onPress={() => press(product)}
            />
          );
        })}
      </div>
      {products.data === undefined || products.data.total <= products.data.rows.length ? null : (
        <p className="muted">
          {t('simple.what.moreProducts', { n: formatCount(products.data.total - products.data.rows.length) })}
        </p>
      )}
      {asked === undefined || askedName === undefined ? null : (
        <div className="simple-reason" role="alert">
          <strong>{t('simple.what.takeOutAsk', { name: askedName })}</strong>
          <div className="simple-begin">
            <Button id="sale-keep" type="primary" autoFocus onClick={() => setAsked(undefined)}>
              {t('simple.what.keepIn')}
            </Button>
            <Button
              id="sale-take-out"
              onClick={() => {
                const product = rows.find(({ sku }) => sku === asked);
                if (product !== undefined) put(product);
              }}
            >
              {t('simple.what.takeOut')}
            </Button>
          </div>
        </div>
      )}
      {products.data !== undefined && rows.length === 0 ? (
        <p className="simple-nothing">{t(text === '' ? 'simple.what.none' : 'simple.what.noneSuch')}</p>
      ) : null}
      <div className="simple-begin">
        <Button onClick={() => navigate('showcase')}>{t('simple.what.add')}</Button>
      </div>
    </>
  );
}

const wraps = [
  { code: '22', name: 'carton' },
  { code: '23', name: 'wood' },
  { code: '29', name: 'otherBox' },
  { code: '06', name: 'bag' },
] as const;

/** `5,000` of what a figure of the sale says; as it stands where it is none. */
const shown = (text: string): string => (/^\d+(\.\d+)?$/.test(text) ? groupThousands(text) : text);

const isOffered = (unit: string): boolean => unit === '' || Object.values(saleUnits).some((one) => one === unit);

export function ManyStep({ sale, change, apply }: StepProps) {
  const { t } = useTranslation();
  const unitWord = useUnitWord(sale);
  const [net, gross] = [tryParse5(sale.net), tryParse5(sale.gross)];
  const isHeavier = net !== undefined && gross !== undefined && net > gross;
  if (sale.goods.length === 0) return <p className="simple-nothing">{t('simple.many.first')}</p>;
  const number = (name: 'packages' | 'net' | 'gross', decimals: number) => (
    <Ask
      id={`sale-${name}`}
      label={t(`simple.many.${name}`)}
      term={t(`simple.term.${name}`)}
      error={name === 'gross' && isHeavier ? t('simple.rule.D-WEIGHTS') : undefined}
    >
      <NumericInput
        id={`sale-${name}`}
        decimals={decimals}
        value={sale[name]}
        unit={t(name === 'packages' ? 'simple.unit.piece' : 'simple.unit.kilogram')}
        isInvalid={name === 'gross' && isHeavier}
        onChange={(value) => change({ [name]: value })}
      />
    </Ask>
  );
  return (
    <>
      {sale.goods.map((goods, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a broker may have one article on two items
        <div key={`${goods.sku} ${index}`} className="simple-goods" data-first>
          <Ask id={`sale-qty-${index}`} label={t('simple.many.qty', { name: goods.name })} term={t('simple.term.qty')}>
            <NumericInput
              id={`sale-qty-${index}`}
              value={goods.qty}
              // A unit that a broker entered is none of the two beside it: it is named, so that nobody takes the figure for boxes.
              {...(isOffered(goods.unit) ? {} : { unit: unitWord(goods.unit) })}
              onChange={(qty) => apply((body) => changeGoods(body, index, { qty }))}
            />
          </Ask>
          <fieldset className="simple-units" aria-label={t('simple.many.unit')}>
            {(['kilogram', 'box'] as const).map((unit) => (
              <Choice
                key={unit}
                title={t(`simple.unit.${unit}`)}
                isOn={goods.unit === saleUnits[unit]}
                onPress={() => apply((body) => changeGoods(body, index, { unit: saleUnits[unit] }))}
              />
            ))}
          </fieldset>
        </div>
      ))}
      <Choices label={t('simple.many.wrap')} term={t('simple.term.wrap')}>
        {wraps.map(({ code, name }) => (
          <Choice
            key={code}
            title={t(`simple.wrap.${name}`)}
            isOn={sale.wrap === code}
            onPress={() => change({ wrap: code })}
          />
        ))}
      </Choices>
      <div className="simple-asks">
        {number('packages', 0)}
        {sale.isNetKnown ? (
          <Ask id="sale-net" label={t('simple.many.net')} term={t('simple.term.net')}>
            <output id="sale-net" className="simple-output">
              {sale.net === '' ? '—' : `${shown(sale.net)} ${t('simple.unit.kilogram')}`}
            </output>
          </Ask>
        ) : (
          number('net', 5)
        )}
        {number('gross', 5)}
      </div>
    </>
  );
}

function CurrencyCards({ sale, change }: Pick<StepProps, 'sale' | 'change'>) {
  const { t } = useTranslation();
  const isOther = sale.currency !== '' && !commonCurrencies.some((one) => one === sale.currency);
  return (
    <Choices label={t('simple.price.currency')} term={t('simple.term.currency')}>
      {commonCurrencies.map((currency) => (
        <Choice
          key={currency}
          id={`sale-${currency}`}
          title={t(`simple.currency.${currency}`)}
          isOn={sale.currency === currency}
          onPress={() => change({ currency })}
        />
      ))}
      <NamePicker
        id="sale-currency"
        table="currency_iso"
        value={isOther ? sale.currency : ''}
        onChange={(currency) => change({ currency })}
      />
    </Choices>
  );
}

export function PriceStep({ sale, change, apply }: StepProps) {
  const { t } = useTranslation();
  const currency = useCurrencyName(sale.currency);
  const unitWord = useUnitWord(sale);
  if (sale.goods.length === 0) return <p className="simple-nothing">{t('simple.many.first')}</p>;
  const fee = (name: 'freight' | 'insurance') => (
    <Ask id={`sale-${name}`} label={t(`simple.price.${name}`)} term={t(`simple.term.${name}`)}>
      <NumericInput
        id={`sale-${name}`}
        decimals={5}
        value={sale[name]}
        unit={currency}
        onChange={(value) => change({ [name]: value })}
      />
    </Ask>
  );
  return (
    <>
      <CurrencyCards sale={sale} change={change} />
      <div className="simple-asks" data-first>
        {sale.goods.map((goods, index) => {
          // A unit that a broker has chosen is named as another one: the price is of that.
          const unit = unitWord(goods.unit);
          return (
            <Ask
              // biome-ignore lint/suspicious/noArrayIndexKey: as above
              key={`${goods.sku} ${index}`}
              id={`sale-price-${index}`}
              label={t('simple.price.each', { name: goods.name, unit })}
              term={t('simple.term.price')}
              error={goods.price === '' || isPrice(goods.price) ? undefined : t('simple.price.wrong')}
            >
              <NumericInput
                id={`sale-price-${index}`}
                decimals={4}
                value={goods.price}
                unit={currency}
                onChange={(price) => apply((body) => changeGoods(body, index, { price }))}
              />
            </Ask>
          );
        })}
      </div>
      {sale.total === '' || sale.currency === '' ? null : (
        <p className="simple-total" role="status">
          {t('simple.price.total')} <Money amount={sale.total} currency={sale.currency} />
        </p>
      )}
      <Choices label={t('simple.price.terms')} term={t('simple.term.terms')}>
        {(['buyer', 'freight', 'freightAndInsurance'] as const).map((who) => (
          <Choice
            key={who}
            id={`sale-terms-${who}`}
            title={t(`simple.price.who.${who}`)}
            note={t(`simple.price.term.${who}`)}
            isOn={sale.terms === saleTerms[who]}
            onPress={() => change({ terms: saleTerms[who] })}
          />
        ))}
      </Choices>
      {sale.terms === saleTerms.freight || sale.terms === saleTerms.freightAndInsurance ? (
        <div className="simple-asks">
          {fee('freight')}
          {sale.terms === saleTerms.freightAndInsurance ? fee('insurance') : null}
        </div>
      ) : null}
    </>
  );
}

const transports = [
  { code: '2', name: 'sea' },
  { code: '4', name: 'road' },
  { code: '5', name: 'air' },
  { code: '3', name: 'rail' },
] as const;
const DAY = 86_400_000;
const quickDays = ['today', 'tomorrow', 'after'] as const;

export function WhenStep({ sale, change, ownId }: StepProps & { readonly ownId: number }) {
  const { t } = useTranslation();
  const sales = useSales();
  // The last one sold before: where it went out, this one most likely goes out as well.
  const last = sales.rows?.find(({ id }) => id !== ownId);
  const document = useQuery('documents.get', last === undefined ? null : { id: last.id });
  const before = document.data === undefined ? undefined : saleOf(document.data.body);
  const hasBefore = before !== undefined && before.exitCustoms !== '';
  return (
    <>
      <fieldset className="simple-choices">
        <legend>
          {t('simple.when.on')}
          <small>{t('simple.term.leaveOn')}</small>
        </legend>
        <div className="simple-cards">
          {quickDays.map((name, ahead) => {
            const date = localDate(new Date(Date.now() + ahead * DAY));
            return (
              <Choice
                key={name}
                title={t(`simple.when.${name}`)}
                note={date}
                isOn={sale.leaveOn === date}
                onPress={() => change({ leaveOn: date })}
              />
            );
          })}
          <DateInput
            id="sale-leaveOn"
            label={t('simple.when.on')}
            placeholder={t('simple.when.other')}
            value={sale.leaveOn}
            onChange={(leaveOn) => change({ leaveOn })}
          />
        </div>
      </fieldset>
      <Choices label={t('simple.when.how')} term={t('simple.term.transport')}>
        {transports.map(({ code, name }) => (
          <Choice
            key={code}
            id={`sale-${name}`}
            title={t(`simple.when.${name}`)}
            isOn={sale.transport === code}
            onPress={() => change({ transport: code })}
          />
        ))}
      </Choices>
      {hasBefore ? (
        <div className="simple-begin">
          <Button
            onClick={() => {
              const { transport, exitCustoms, exitPort } = before;
              change({
                ...{ transport, exitCustoms, exitPort },
                ...(before.country === sale.country ? { arrivalPort: before.arrivalPort } : {}),
              });
            }}
          >
            {t('simple.when.same')}
          </Button>
        </div>
      ) : null}
      <div className="simple-asks">
        <Ask id="sale-exitPort" label={t('simple.when.exitPort')} term={t('simple.term.exitPort')}>
          <NamePicker
            id="sale-exitPort"
            table="domestic_port"
            value={sale.exitPort}
            onChange={(exitPort) => change({ exitPort })}
          />
        </Ask>
        <Ask id="sale-exitCustoms" label={t('simple.when.exitCustoms')} term={t('simple.term.exitCustoms')}>
          <NamePicker
            id="sale-exitCustoms"
            table="customs_district"
            value={sale.exitCustoms}
            onChange={(exitCustoms) => change({ exitCustoms })}
          />
        </Ask>
        <Ask id="sale-arrivalPort" label={t('simple.when.arrivalPort')} term={t('simple.term.arrivalPort')}>
          <NamePicker
            id="sale-arrivalPort"
            table="port_alpha"
            value={sale.arrivalPort}
            onChange={(arrivalPort) => change({ arrivalPort })}
          />
        </Ask>
      </div>
    </>
  );
}

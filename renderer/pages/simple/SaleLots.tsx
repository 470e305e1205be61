/** Which of the own lots go along and how many cartons of each, put on the dispatch of the sale when it is pressed. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { Sale } from '../../../shared/drafting/plain-sale.ts';
import { useFormDraft } from '../../components/form-draft.tsx';
import { NumericInput } from '../../components/NumericInput.tsx';
import { call, errorOf, usePages, useQuery } from '../../core-client.ts';
import { formatCount, localDate } from '../../i18n/format.ts';
import { Ask, Choice, Choices, MoreRows, PlainError, PlainReason } from './parts.tsx';
import { type LotFinding, saveDispatch } from './sale-records.ts';

type Lot = OutputOf<'lots.list'>['rows'][number];

/** `妃子笑 荔枝`, as the clerk calls it. */
export const lotName = ({ variety, product }: Pick<Lot, 'variety' | 'product'>): string =>
  variety === '' || product.includes(variety) ? product : `${variety} ${product}`;

/** Where and when a lot was harvested, or what was made of others. */
export function useLotOrigin(): (lot: Pick<Lot, 'made' | 'site' | 'madeOn'>) => string {
  const { t } = useTranslation();
  return ({ made, site, madeOn: date }) => {
    if (made === 'harvest') return t('simple.goods.of', { site, date });
    const text = t(`simple.lot.made.${made}`, { date });
    return site === '' ? text : `${site}${t('simple.comma')}${text}`;
  };
}

export function SaleLots({ sale, number }: { readonly sale: Sale; readonly number: string }) {
  const { t } = useTranslation();
  const originOf = useLotOrigin();
  const lots = usePages('lots.list', { state: 'packed', dispatch: number }, { areas: ['lots'] });
  const found = useQuery('dispatches.list', { text: number, limit: 10 }, { areas: ['lots'] });
  const dispatch = found.data?.rows.find((row) => row.number === number);
  const loaded = useQuery('dispatches.get', dispatch === undefined ? null : { id: dispatch.id, date: localDate() }, {
    areas: ['lots'],
  });
  const [error, setError] = useState<ContractError>();
  const [asked, setAsked] = useState<{
    readonly lot: number;
    readonly count: number;
    readonly findings: readonly LotFinding[];
  }>();
  const form = useFormDraft(`simple load ${number}`, { reason: '' });
  const { reason } = form.value;
  const on = new Map<number, number>();
  if (dispatch !== undefined)
    for (const { lotId, count } of loaded.data?.cartons ?? []) on.set(lotId, (on.get(lotId) ?? 0) + count);
  const { rows } = lots;
  const run = async (work: () => Promise<boolean>): Promise<boolean> => {
    setError(undefined);
    try {
      const isDone = await work();
      found.reload();
      loaded.reload();
      lots.reload();
      return isDone;
    } catch (thrown) {
      setError(errorOf(thrown));
      return false;
    }
  };
  const load = (lot: number, count: number, why: string): Promise<boolean> =>
    run(async () => {
      // What is on it already is looked at again where the sale says another country or day now.
      const saved = await saveDispatch(sale, number, why);
      if (saved === undefined) return false;
      const done = saved.isSaved
        ? await call('dispatches.take', { id: saved.id, lotId: lot, count, reason: why })
        : saved;
      setAsked(done.isSaved ? undefined : { lot, count, findings: done.findings });
      if (done.isSaved) form.reset();
      return done.isSaved;
    });
  const press = (lot: Lot): void => {
    setAsked(undefined);
    if (dispatch !== undefined && on.has(lot.id))
      void run(async () => {
        await call('dispatches.unload', { id: dispatch.id, lotId: lot.id });
        return true;
      });
    else void load(lot.id, lot.cartons - lot.dispatched, '');
  };
  const chosen = rows.filter(({ id }) => on.has(id));
  if (lots.status !== 'ready' || (rows.length === 0 && !lots.hasMore))
    return <PlainError error={lots.error} onRetry={lots.reload} />;
  return (
    <>
      <Choices label={t('simple.lots.which')} term={t('simple.term.lots')}>
        {rows.map((lot) => (
          <Choice
            key={lot.id}
            title={lotName(lot)}
            note={t('simple.lots.note', {
              origin: originOf(lot),
              boxes: formatCount(lot.cartons - lot.dispatched + (on.get(lot.id) ?? 0)),
            })}
            isOn={on.has(lot.id)}
            isDisabled={sale.country === ''}
            onPress={() => press(lot)}
          />
        ))}
      </Choices>
      <MoreRows pages={lots} />
      {chosen.map((lot) => {
        const taken = on.get(lot.id) ?? 0;
        return (
          <HowMany
            key={`${lot.id} ${taken}`}
            form={`simple take ${number} ${lot.id}`}
            lot={lot}
            taken={taken}
            most={lot.cartons - lot.dispatched + taken}
            onTake={(count) => load(lot.id, count, '')}
          />
        );
      })}
      {sale.country === '' ? <p className="muted">{t('simple.lots.countryFirst')}</p> : null}
      <PlainError error={error ?? found.error ?? loaded.error} />
      {asked === undefined ? null : (
        <PlainReason
          id="lot-reason"
          findings={asked.findings}
          reason={reason}
          onReason={(next) => form.change({ reason: next })}
        >
          <div className="simple-begin">
            <Button onClick={() => setAsked(undefined)}>{t('simple.lots.leaveOut')}</Button>
            <Button
              type="primary"
              disabled={reason.trim() === ''}
              onClick={() => void load(asked.lot, asked.count, reason.trim())}
            >
              {t('simple.lots.loadAnyway')}
            </Button>
          </div>
        </PlainReason>
      )}
    </>
  );
}

/** How many cartons of a chosen lot go along; the others stay here. */
function HowMany({
  form,
  lot,
  taken,
  most,
  onTake,
}: {
  /** Under which the count is kept until it is taken. */
  readonly form: string;
  readonly lot: Lot;
  readonly taken: number;
  readonly most: number;
  readonly onTake: (count: number) => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const draft = useFormDraft(form, { count: String(taken) }, String(taken));
  const { count } = draft.value;
  const wanted = /^[1-9]\d{0,6}$/.test(count) && Number(count) <= most ? Number(count) : undefined;
  const isOther = wanted !== undefined && wanted !== taken;
  const take = async (): Promise<void> => {
    if (isOther && (await onTake(wanted))) draft.done();
  };
  return (
    <div className="simple-asks">
      <Ask
        id={`take-${lot.id}`}
        label={t('simple.lots.howMany', { name: lotName(lot) })}
        error={wanted === undefined ? t('simple.lots.atMost', { n: formatCount(most) }) : undefined}
      >
        <NumericInput
          id={`take-${lot.id}`}
          decimals={0}
          value={count}
          unit={t('simple.unit.box')}
          onChange={(next) => draft.change({ count: next })}
        />
      </Ask>
      <Button disabled={!isOther} onClick={() => void take()}>
        {t('simple.lots.takeSo')}
      </Button>
    </div>
  );
}

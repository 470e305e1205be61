/** Which of the own lots go along: packed ones that are still here, each put on the dispatch of the sale when it is pressed. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { ContractError } from '../../../shared/contract/operation.ts';
import type { Sale } from '../../../shared/drafting/plain-sale.ts';
import { call, errorOf, usePages, useQuery } from '../../core-client.ts';
import { localDate } from '../../i18n/format.ts';
import { kg } from '../trace/parts.tsx';
import { Choice, Choices, MoreRows, PlainError, PlainReason } from './parts.tsx';
import { type LotFinding, saveDispatch } from './sale-records.ts';

type Lot = OutputOf<'lots.list'>['rows'][number];

/** `妃子笑 荔枝`, as the clerk calls it. */
export const lotName = ({ variety, product }: Pick<Lot, 'variety' | 'product'>): string =>
  variety === '' || product.includes(variety) ? product : `${variety} ${product}`;

export function SaleLots({ sale, number }: { readonly sale: Sale; readonly number: string }) {
  const { t } = useTranslation();
  const lots = usePages('lots.list', { state: 'all' }, { areas: ['lots'] });
  const found = useQuery('dispatches.list', { text: number, limit: 10 }, { areas: ['lots'] });
  const dispatch = found.data?.rows.find((row) => row.number === number);
  const loaded = useQuery('dispatches.get', dispatch === undefined ? null : { id: dispatch.id, date: localDate() }, {
    areas: ['lots'],
  });
  const [error, setError] = useState<ContractError>();
  const [asked, setAsked] = useState<{ readonly lot: number; readonly findings: readonly LotFinding[] }>();
  const [reason, setReason] = useState('');
  const on = new Set(dispatch === undefined ? [] : loaded.data?.cartons.map(({ lotId }) => lotId));
  const rows = lots.rows.filter((lot) => on.has(lot.id) || (lot.cartons > lot.dispatched && !lot.isHeld));
  const run = async (work: () => Promise<void>): Promise<void> => {
    setError(undefined);
    try {
      await work();
      found.reload();
      loaded.reload();
      lots.reload();
    } catch (thrown) {
      setError(errorOf(thrown));
    }
  };
  const load = (lot: number, why: string): Promise<void> =>
    run(async () => {
      // What is on it already is looked at again where the sale says another country or day now.
      const saved = await saveDispatch(sale, number, why);
      if (saved === undefined) return;
      const done = saved.isSaved ? await call('dispatches.load', { id: saved.id, lotIds: [lot], reason: why }) : saved;
      setAsked(done.isSaved ? undefined : { lot, findings: done.findings });
      if (done.isSaved) setReason('');
    });
  const press = (lot: Lot): void => {
    setAsked(undefined);
    if (dispatch !== undefined && on.has(lot.id))
      void run(async () => void (await call('dispatches.unload', { id: dispatch.id, lotId: lot.id })));
    else void load(lot.id, '');
  };
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
              site: lot.site,
              date: lot.madeOn,
              mass: kg(lot.massG),
              boxes: on.has(lot.id) ? lot.cartons : lot.cartons - lot.dispatched,
            })}
            isOn={on.has(lot.id)}
            isDisabled={sale.country === ''}
            onPress={() => press(lot)}
          />
        ))}
      </Choices>
      <MoreRows pages={lots} />
      {sale.country === '' ? <p className="muted">{t('simple.lots.countryFirst')}</p> : null}
      <PlainError error={error ?? found.error ?? loaded.error} />
      {asked === undefined ? null : (
        <PlainReason id="lot-reason" findings={asked.findings} reason={reason} onReason={setReason}>
          <div className="simple-begin">
            <Button onClick={() => setAsked(undefined)}>{t('simple.lots.leaveOut')}</Button>
            <Button type="primary" disabled={reason.trim() === ''} onClick={() => void load(asked.lot, reason.trim())}>
              {t('simple.lots.loadAnyway')}
            </Button>
          </div>
        </PlainReason>
      )}
    </>
  );
}

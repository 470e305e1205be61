/** What the temperatures of a log come to, with the loading and arrival of its dispatch. */
import type { OutputOf } from '../../shared/contract/contract.ts';
import { analyseColdChain, type Reading } from '../../shared/lots/cold-chain.ts';
import type { Context } from './context.ts';
import * as store from './store/trace/cold-logs.ts';
import { requireDispatch } from './store/trace/dispatches.ts';

const secondsOf = (instant: string | undefined): number | undefined =>
  instant === undefined ? undefined : Math.floor(Date.parse(instant) / 1000);

/** Reads a log and measures it against the band it was entered with. */
export function analysed(
  { book, now }: Pick<Context, 'book' | 'now'>,
  log: store.ColdLog,
): { readonly readings: Reading[]; readonly analysis: OutputOf<'coldLogs.get'>['analysis'] } {
  const readings = store.readingsOf(book, log.id);
  const { on, loadedAt, arrivedAt } = requireDispatch(book, log.dispatchId);
  const analysis = analyseColdChain(
    readings,
    { lowC100: log.lowC100, highC100: log.highC100 },
    {
      now: Math.floor(Date.parse(now()) / 1000),
      leaves: secondsOf(`${on}T00:00:00+08:00`),
      loaded: secondsOf(loadedAt),
      arrived: secondsOf(arrivedAt),
    },
  );
  const { from, until, minC100, maxC100, excursions, findings, ...rest } = analysis;
  return {
    readings,
    analysis: {
      ...rest,
      ...(from === undefined || until === undefined ? {} : { from, until }),
      ...(minC100 === undefined || maxC100 === undefined ? {} : { minC100, maxC100 }),
      excursions: [...excursions],
      findings: [...findings],
    },
  };
}

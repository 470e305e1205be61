/** Hits of the other watches of the book as flags of the one register: names on lists, lots on their way, temperatures, shipment scores. */
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addDays } from '../../../shared/calendar/index.ts';
import type { RedFlagFigures, Verdict } from '../../../shared/risk/flags.ts';
import { scoreShipment, shipmentScorePackId, shipmentScorePackSchema } from '../../../shared/risk/shipment-score.ts';
import { analysed } from '../cold-chain.ts';
import type { Context } from '../context.ts';
import { judgeDispatch } from '../lots.ts';
import { packVersion } from '../obligations.ts';
import { listHits } from '../store/risk/screening.ts';
import { scoreSubjects, shipmentFacts } from '../store/risk/shipment-facts.ts';
import { listColdLogs } from '../store/trace/cold-logs.ts';
import { dispatchesFrom, lotsOn } from '../store/trace/dispatches.ts';
import { lotsById, reasonsOf } from '../store/trace/lots.ts';

type Source = Pick<Context, 'book' | 'resources' | 'now'>;

/** Hits that one run takes; the screening itself lists all. */
const MOST_HITS = 2000;

/** R15: names that are alike to one on a list and not cleared; a confirmed one stands until its flag is closed. */
export function listedNames({ book }: Source): Verdict {
  const hits = (['review', 'confirmed'] as const).flatMap((state) =>
    listHits(book, { state }, { limit: MOST_HITS }).rows.map((one) => ({ ...one, state })),
  );
  return {
    checked: hits.length,
    hits: hits.map(({ id, subjectName, listName, watchName, score, state }) => ({
      key: `hit:${id}`,
      subject: subjectName,
      params: { list: listName, name: watchName, score },
      severity: state === 'confirmed' ? 'high' : 'medium',
      rows: [{ kind: 'screening-hit', id: String(id), label: watchName }],
    })),
    missing: [],
  };
}

/** R16: lots on dispatches of the last days or to come of which something wants a reason that nobody gave, or that are held. */
export function lotsInDoubt(source: Source, { R16 }: RedFlagFigures): Verdict {
  const { book, now } = source;
  const from = addDays(chinaDate(now()), -R16.days);
  const dispatches = dispatchesFrom(book, from);
  const hits: Verdict['hits'][number][] = [];
  let checked = 0;
  for (const dispatch of dispatches) {
    const lotIds = lotsOn(book, [dispatch.id]);
    checked += lotIds.length;
    const given = new Set(
      reasonsOf(book, lotIds)
        .filter((one) => one.dispatch === dispatch.number)
        .map(({ lot, code, params }) => JSON.stringify([lot, code, params])),
    );
    const open = judgeDispatch(source, dispatch, lotIds).filter(
      ({ lot, code, params, level }) => level === 'reason' && !given.has(JSON.stringify([lot, code, params])),
    );
    for (const { id, code, heldAt } of lotsById(book, lotIds)) {
      const count = open.filter(({ lot }) => lot === code).length;
      if (count === 0 && heldAt === null) continue;
      hits.push({
        key: `lot:${dispatch.id}:${id}`,
        subject: code,
        params: { dispatch: dispatch.number, count, held: heldAt === null ? 0 : 1 },
        ...(heldAt === null ? {} : { severity: 'high' as const }),
        rows: [
          { kind: 'lot', id: String(id), label: code },
          { kind: 'dispatch', id: String(dispatch.id), label: dispatch.number, date: dispatch.on },
        ],
      });
    }
  }
  return { checked, hits, missing: [] };
}

/** R17: dispatches whose temperatures left the band of the product for longer than the firm lets pass. */
export function coldExcursions(source: Source, { R17 }: RedFlagFigures): Verdict {
  const logs = listColdLogs(source.book);
  const hits = logs.flatMap((log): Verdict['hits'] => {
    const { excursions } = analysed(source, log).analysis;
    const minutes = Math.round(excursions.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
    if (minutes < R17.minutes) return [];
    return [
      {
        key: `cold:${log.id}`,
        subject: log.dispatch,
        params: { product: log.product, times: excursions.length, minutes },
        rows: [
          { kind: 'cold-log', id: String(log.id), label: log.logger === '' ? log.fileName : log.logger },
          { kind: 'dispatch', id: String(log.dispatchId), label: log.dispatch },
        ],
      },
    ];
  });
  return { checked: logs.length, hits, missing: [] };
}

/** R18: shipments and declarations not released yet that the firm's own score (C10) puts at high. */
export function highScores(source: Source): Verdict {
  const { book } = source;
  const on = chinaDate(source.now());
  const { parameters } = packVersion(source, shipmentScorePackId, shipmentScorePackSchema, on);
  const subjects = scoreSubjects(book);
  const hits = subjects.flatMap(({ of, label }): Verdict['hits'] => {
    const facts = shipmentFacts(book, of, on, parameters);
    if (facts === undefined) return [];
    const { score, level, items } = scoreShipment(parameters, facts);
    if (level !== 'high') return [];
    const [kind, id] =
      'shipmentId' in of ? (['shipment', of.shipmentId] as const) : (['document', of.documentId] as const);
    return [
      {
        key: `score:${kind}:${id}`,
        subject: label,
        params: { score, count: items.filter(({ outcome }) => outcome === 'hit').length },
        rows: [{ kind, id: String(id), label }],
      },
    ];
  });
  return { checked: subjects.length, hits, missing: [] };
}

import type { way } from '../../../shared/contract/way.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { stepOf, wayFindings } from '../../../shared/logistics/way.ts';
import type { Context, Handlers } from '../context.ts';
import { logisticsPack, stateOfCutOff, takenTimes } from '../logistics.ts';
import type { Book } from '../store/book.ts';
import { workingEndpoints } from '../store/endpoints.ts';
import { milestonesAsked } from '../store/heard-milestones.ts';
import { requireShipment } from '../store/shipments.ts';
import {
  addSeal,
  checksOf,
  containersOf,
  cutOffsOf,
  insertMilestones,
  lastHeard,
  listMilestones,
  parcelsOf,
  removeCutOff,
  removeSeal,
  saveCutOff,
  sealsOf,
  setCheck,
  setContainers,
  stagesOf,
  wayOf,
  wayTimes,
  withdrawMilestone,
} from '../store/way.ts';

/** Events and findings that an answer carries. */
const shownEvents = 200;
const shownFindings = 50;
/** Between this machine's clock and what a person types. */
const typingMs = 60_000;

/** Runs a change in a transaction, with its entry in the log. */
function change<T>(
  { book, now, emit }: Context,
  action: string,
  of: (
    book: Book,
    at: string,
  ) => { readonly subject: string; readonly detail: Record<string, string | number | boolean>; readonly answer: T },
): T {
  const at = now();
  const answer = book.transaction(() => {
    const done = of(book, at);
    book.audit(action, done.subject, done.detail, at);
    return done.answer;
  });
  emit({ name: 'book.changed', areas: ['shipments'] });
  return answer;
}

/** The way of a shipment's goods (物流节点). */
export const wayHandlers: Handlers<keyof typeof way> = {
  'way.kinds': (_input, context) => {
    const { milestones, cutOffs } = logisticsPack(context, context.now()).parameters;
    return {
      milestones: milestones.map(({ code, title }) => ({ code, title })),
      cutOffs: cutOffs.map(({ code, title }) => ({ code, title })),
    };
  },

  'way.get': ({ shipmentId }, context) => {
    const { book } = context;
    const now = context.now();
    const shipment = requireShipment(book, shipmentId);
    const { parameters: figures, source, inForceFrom } = logisticsPack(context, now);
    const titles = new Map(figures.milestones.map(({ code, title }) => [code, title]));
    const titleOf = (kind: (typeof figures.milestones)[number]['code']) => titles.get(kind) ?? { zh: kind, en: kind };
    const known = new Map(wayOf(book, shipmentId).map((one) => [one.kind, one]));
    const firsts = takenTimes(book, shipmentId);
    const events = listMilestones(book, shipmentId, shownEvents);
    const { times, begunAt } = wayTimes(book, shipmentId);
    const findings = wayFindings(figures, times, begunAt);
    const heard = lastHeard(book, shipmentId, now);
    const checked = new Map(checksOf(book, shipmentId).map((one) => [`${one.list} ${one.item}`, one.checkedAt]));
    return {
      shipmentNo: shipment.shipmentNo,
      parcels: parcelsOf(book, shipmentId),
      ...(heard === undefined
        ? {}
        : {
            last: {
              ...{ kind: heard.kind, title: titleOf(heard.kind), at: heard.at, isDay: heard.isDay },
              ...{ place: heard.place, text: heard.text },
            },
          }),
      steps: figures.milestones
        .filter(({ code }) => stepOf(code) !== undefined)
        .map(({ code, title }) => {
          const one = known.get(code);
          return {
            ...{ kind: code, title, scopes: one?.scopes ?? 0 },
            ...(one === undefined ? {} : { first: one.first, last: one.last }),
          };
        }),
      events: events.rows.map(({ endpoint, ...row }) => ({
        ...{ ...row, title: titleOf(row.kind) },
        ...(endpoint === null ? {} : { endpoint }),
      })),
      eventsTotal: events.total,
      findings: findings.slice(0, shownFindings).map(({ code, kind, at, scope, former, formerAt }) => ({
        ...{ code, title: titleOf(kind), at, scope },
        ...(former === undefined ? {} : { former: titleOf(former) }),
        ...(formerAt === undefined ? {} : { formerAt }),
      })),
      findingsTotal: findings.length,
      stages: stagesOf(book, shipmentId),
      containers: containersOf(book, shipmentId),
      cutOffs: cutOffsOf(book, shipmentId).map((one) => ({
        ...{ id: one.id, kind: one.kind, at: one.at, note: one.note },
        title: figures.cutOffs.find(({ code }) => code === one.kind)?.title ?? { zh: one.kind, en: one.kind },
        state: stateOfCutOff(figures, one, firsts, now),
      })),
      seals: sealsOf(book, shipmentId).map(({ alsoOn, ...seal }) => ({
        ...seal,
        ...(alsoOn === null ? {} : { alsoOn }),
      })),
      checkLists: figures.checkLists.map(({ code, title, items }) => ({
        code,
        title,
        items: items.map((item) => {
          const checkedAt = checked.get(`${code} ${item.code}`);
          return { ...item, ...(checkedAt === undefined ? {} : { checkedAt }) };
        }),
      })),
      source,
      inForceFrom,
    };
  },

  'way.asked': (_input, { book }) => ({
    rows: workingEndpoints(book)
      .filter(({ capabilities }) => capabilities?.milestones === true)
      .map(({ id, name }) => ({ name, ...milestonesAsked(book, id) })),
  }),

  'way.record': ({ shipmentId, kind, at, place, text }, context) => {
    const shipment = requireShipment(context.book, shipmentId);
    const when = new Date(at).toISOString();
    if (Date.parse(when) > Date.parse(context.now()) + typingMs)
      throw new PortbookError('MILESTONE_AHEAD', { at: when }, 'at');
    return change(context, 'way.recorded', (book, now) => {
      const entry = { shipmentId, kind, at: when, place, text, recordedAt: now };
      const added = insertMilestones(book, [{ ...entry, isDay: false, scope: '', reference: '' }]);
      return { subject: shipment.shipmentNo, detail: { kind, at: when, added }, answer: { isNew: added > 0 } };
    });
  },

  'way.withdraw': ({ id, reason }, context) =>
    change(context, 'way.withdrawn', (book, now) => {
      const shipmentId = withdrawMilestone(book, id, reason, now);
      return { subject: `shipment:${shipmentId}`, detail: { milestone: id, reason }, answer: {} };
    }),

  'way.setContainers': ({ shipmentId, numbers }, context) =>
    change(context, 'way.containers', (book) => {
      setContainers(book, shipmentId, numbers);
      return { subject: `shipment:${shipmentId}`, detail: { numbers: numbers.join(' ') }, answer: {} };
    }),

  'way.saveCutOff': (input, context) =>
    change(context, 'way.cutOff', (book, now) => {
      const at = new Date(input.at).toISOString();
      const id = saveCutOff(book, { ...input, at }, now);
      return {
        subject: `shipment:${input.shipmentId}`,
        detail: { id, kind: input.kind, at, isDone: input.isDone },
        answer: { id },
      };
    }),

  'way.removeCutOff': ({ id }, context) =>
    change(context, 'way.cutOffRemoved', (book) => {
      const { shipmentId, kind, at } = removeCutOff(book, id);
      return { subject: `shipment:${shipmentId}`, detail: { id, kind, at }, answer: {} };
    }),

  'way.addSeal': ({ shipmentId, ...seal }, context) =>
    change(context, 'way.seal', (book, now) => {
      const id = addSeal(book, shipmentId, seal, now);
      return { subject: `shipment:${shipmentId}`, detail: { number: seal.number }, answer: { id } };
    }),

  'way.removeSeal': ({ id }, context) =>
    change(context, 'way.sealRemoved', (book) => {
      const { shipmentId, number } = removeSeal(book, id);
      return { subject: `shipment:${shipmentId}`, detail: { number }, answer: {} };
    }),

  'way.check': (input, context) => {
    const { list, item, shipmentId, isDone } = input;
    const lists = logisticsPack(context, context.now()).parameters.checkLists;
    if (!lists.some(({ code, items }) => code === list && items.some((one) => one.code === item)))
      throw new PortbookError('CHECK_UNKNOWN', { item }, 'item');
    return change(context, 'way.check', (book, now) => {
      setCheck(book, input, now);
      return { subject: `shipment:${shipmentId}`, detail: { list, item, isDone }, answer: {} };
    });
  },
};

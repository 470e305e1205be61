/**
 * C01 to C05, C07: which supervision mode (监管方式) fits, list or declaration, 4, 6 or 10 digits of the code, and what the mode needs.
 * The conditions are data of a dated pack. Every question has three answers, because what nobody has said is asked for, not guessed.
 */
import { z } from 'zod';
import { PortbookError } from '../../errors.ts';
import { calculator, type Trace } from '../calculator.ts';
import { amount, date, figure, type Num, plain } from '../figures.ts';
import { packSchema, reliabilities } from '../pack.ts';
import { note } from '../tax/steps.ts';

/** Who gets the goods: a consumer (零售), a business (B2B), the firm's or another's warehouse abroad (海外仓). */
export const buyerKinds = ['consumer', 'business', 'warehouse'] as const;
/** What goods may be subject to: licence (涉证), inspection (涉检), export duty (涉税), and whether a refund is claimed. */
export const controls = ['licence', 'inspection', 'exportDuty', 'refund'] as const;
export type Control = (typeof controls)[number];

const cap = z
  .string()
  .regex(/^\d{1,12}(\.\d{1,2})?$/)
  .nullable();
const mode = z.object({
  mode: z.string().regex(/^\d{4}$/),
  buyers: z.array(z.enum(buyerKinds)).min(1),
  /** Only for what was ordered online. */
  platformOrder: z.boolean(),
  /** Goods out of a special customs zone: needed, excluded, or null where it makes no difference. */
  zoneGoods: z.boolean().nullable(),
  /** First two digits of customs offices while a pilot lasts; none: everywhere. */
  pilotCustoms: z.array(z.string().regex(/^\d{2}$/)),
  /** Filing by list (清单): up to a value in yuan a ticket, and only without these controls; null: never. */
  list: z.object({ capCny: cap, without: z.array(z.enum(controls)) }).nullable(),
  /** Shorter code and statistics only, inside the list; null: never. */
  simplified: z
    .object({
      digits: z.number().int().min(2).max(10),
      capCny: cap,
      needsZone: z.boolean(),
      without: z.array(z.enum(controls)),
    })
    .nullable(),
  /** Lists that are not simplified are summed up to a declaration afterwards (汇总申报). */
  listsAreSummed: z.boolean(),
  /** Messages in the order of sending, by form. */
  messages: z.object({
    list: z.array(z.string()),
    /** What summing up adds. */
    summary: z.array(z.string()),
    declaration: z.array(z.string()),
  }),
  fields: z.array(z.string()),
  papers: z.array(z.string()),
  deadlines: z.array(z.string()),
  tax: z.array(z.string()),
  source: z.string().min(1),
  reliability: z.enum(reliabilities),
});
export type ModeRule = z.infer<typeof mode>;

export const modesPackId = 'customs-modes';
export const modesPackSchema = packSchema(z.object({ modes: z.array(mode).min(1) }));

/** Digits of a code that is filed in full. */
const fullDigits = 10;

export const modeFacts = [
  'buyer',
  'platformOrder',
  'zoneGoods',
  'customsCode',
  'ticketValueCny',
  'inZone',
  'licence',
  'inspection',
  'exportDuty',
  'refundClaimed',
] as const;
export type ModeFact = (typeof modeFacts)[number];

/** What is known of the goods and their way; what nobody has said is left out. Value of one ticket (单票) in yuan. */
export interface ModeFacts {
  readonly buyer?: (typeof buyerKinds)[number] | undefined;
  readonly platformOrder?: boolean | undefined;
  readonly zoneGoods?: boolean | undefined;
  readonly customsCode?: string | undefined;
  readonly ticketValueCny?: Num | undefined;
  /** The firm is in a comprehensive pilot zone. */
  readonly inZone?: boolean | undefined;
  readonly licence?: boolean | undefined;
  readonly inspection?: boolean | undefined;
  readonly exportDuty?: boolean | undefined;
  readonly refundClaimed?: boolean | undefined;
}

export type Answer = 'yes' | 'no' | 'unknown';

/** One condition of a mode or form: its text is `reason.<code>`. */
export interface ModeReason {
  readonly code: string;
  readonly holds: Answer;
  readonly params: Readonly<Record<string, string>>;
  /** The fact it waits for while unknown. */
  readonly fact: ModeFact;
}

const answer = (value: boolean | undefined): Answer => (value === undefined ? 'unknown' : value ? 'yes' : 'no');
/** All must hold: one `no` decides, else one `unknown` leaves it open. */
function all(reasons: readonly ModeReason[]): Answer {
  if (reasons.some(({ holds }) => holds === 'no')) return 'no';
  return reasons.some(({ holds }) => holds === 'unknown') ? 'unknown' : 'yes';
}

const factOf: Readonly<Record<Control, ModeFact>> = {
  licence: 'licence',
  inspection: 'inspection',
  exportDuty: 'exportDuty',
  refund: 'refundClaimed',
};
function reason(
  code: string,
  fact: ModeFact,
  holds: boolean | undefined,
  params: ModeReason['params'] = {},
): ModeReason {
  return { code, holds: answer(holds), params, fact };
}
function without(wanted: readonly Control[], facts: ModeFacts): ModeReason[] {
  return wanted.map((control) => {
    const fact = factOf[control];
    const value = facts[fact];
    return reason(`NO_${control.toUpperCase()}`, fact, typeof value === 'boolean' ? !value : undefined);
  });
}
function under(capCny: string | null, facts: ModeFacts): ModeReason[] {
  if (capCny === null) return [];
  const value = facts.ticketValueCny;
  const holds = value === undefined ? undefined : value.lte(capCny);
  const params = { cap: capCny, ...(value === undefined ? {} : { value: plain(value) }) };
  return [reason('VALUE_CAP', 'ticketValueCny', holds, params)];
}

/** Whether the mode is open to the goods at all. */
function fitReasons(rule: ModeRule, facts: ModeFacts): ModeReason[] {
  const reasons = [
    reason('BUYER', 'buyer', facts.buyer === undefined ? undefined : rule.buyers.includes(facts.buyer), {
      buyers: rule.buyers.join(','),
    }),
  ];
  if (rule.platformOrder) reasons.push(reason('PLATFORM_ORDER', 'platformOrder', facts.platformOrder));
  if (rule.zoneGoods !== null) {
    const value = facts.zoneGoods;
    const code = rule.zoneGoods ? 'FROM_ZONE' : 'NOT_FROM_ZONE';
    reasons.push(reason(code, 'zoneGoods', value === undefined ? undefined : value === rule.zoneGoods));
  }
  if (rule.pilotCustoms.length > 0) {
    const code = facts.customsCode;
    const holds = code === undefined ? undefined : rule.pilotCustoms.includes(code.slice(0, 2));
    reasons.push(reason('PILOT_CUSTOMS', 'customsCode', holds, { customs: code ?? '' }));
  }
  return reasons;
}

export interface ModeForm {
  /** Null while a fact it depends on is unknown. */
  readonly listMode: boolean | null;
  readonly simplified: boolean | null;
  readonly hsDigits: number | null;
  /** Lists are summed up to a declaration. */
  readonly summaryDeclaration: boolean | null;
  readonly listReasons: readonly ModeReason[];
  readonly simplifiedReasons: readonly ModeReason[];
}

const known = (value: Answer): boolean | null => (value === 'unknown' ? null : value === 'yes');

/** List or declaration, digits and summary under one mode. */
export function formOf(rule: ModeRule, facts: ModeFacts): ModeForm {
  const { list, simplified } = rule;
  const listReasons = list === null ? [] : [...under(list.capCny, facts), ...without(list.without, facts)];
  const byList: Answer = list === null ? 'no' : all(listReasons);
  const simplifiedReasons =
    simplified === null
      ? []
      : [
          ...(simplified.needsZone ? [reason('IN_PILOT_ZONE', 'inZone', facts.inZone)] : []),
          ...under(simplified.capCny, facts),
          ...without(simplified.without, facts),
        ];
  const own = simplified === null ? 'no' : all(simplifiedReasons);
  const short: Answer =
    byList === 'no' || own === 'no' ? 'no' : byList === 'unknown' || own === 'unknown' ? 'unknown' : 'yes';
  const summary: Answer =
    !rule.listsAreSummed || byList === 'no' || short === 'yes' ? 'no' : short === 'no' ? byList : 'unknown';
  return {
    listMode: known(byList),
    simplified: known(short),
    hsDigits: short === 'unknown' ? null : short === 'yes' ? (simplified?.digits ?? fullDigits) : fullDigits,
    summaryDeclaration: known(summary),
    listReasons,
    simplifiedReasons,
  };
}

/** recommended: the best that fits; possible: it fits too; unknown: facts are missing; excluded: a condition does not hold. */
export type ModeStatus = 'recommended' | 'possible' | 'unknown' | 'excluded';

export interface ModeOption extends ModeForm {
  readonly mode: string;
  readonly status: ModeStatus;
  readonly fitReasons: readonly ModeReason[];
  readonly messages: readonly string[];
  readonly rule: ModeRule;
}

export interface ModeRoute {
  readonly recommended: ModeOption | undefined;
  /** In the order of the pack, the ordinary trade last. */
  readonly options: readonly ModeOption[];
  /** Facts that would settle what is open, in the order they are asked. */
  readonly missing: readonly ModeFact[];
}

function messagesOf(rule: ModeRule, form: ModeForm): readonly string[] {
  if (form.listMode === null) return [];
  if (!form.listMode) return rule.messages.declaration;
  return form.summaryDeclaration === true ? [...rule.messages.list, ...rule.messages.summary] : rule.messages.list;
}

/** Routes goods over the modes of the day. A mode is recommended only when none before it is still open. */
export function routeModes(rules: readonly ModeRule[], facts: ModeFacts): ModeRoute {
  let isSettled = false;
  let recommended: ModeOption | undefined;
  const missing = new Set<ModeFact>();
  const options = rules.map((rule): ModeOption => {
    const fits = fitReasons(rule, facts);
    const fit = all(fits);
    const form = formOf(rule, facts);
    const isFirst = fit === 'yes' && !isSettled;
    if (fit !== 'no' && !isSettled)
      for (const one of [...fits, ...(fit === 'yes' ? [...form.listReasons, ...form.simplifiedReasons] : [])])
        if (one.holds === 'unknown') missing.add(one.fact);
    if (fit !== 'no') isSettled = true;
    const status: ModeStatus = isFirst
      ? 'recommended'
      : fit === 'yes'
        ? 'possible'
        : fit === 'no'
          ? 'excluded'
          : 'unknown';
    const option = { mode: rule.mode, status, fitReasons: fits, messages: messagesOf(rule, form), rule, ...form };
    if (isFirst) recommended = option;
    return option;
  });
  return { recommended, options, missing: modeFacts.filter((fact) => missing.has(fact)) };
}

/** What would change from one mode to another. */
export interface ModeDifference {
  readonly aspect: 'form' | 'digits' | 'summary' | 'messages' | 'fields' | 'papers' | 'deadlines' | 'tax';
  /** What goes and what comes: values of the aspect. */
  readonly without: readonly string[];
  readonly with: readonly string[];
}

export function modeDifferences(from: ModeOption, to: ModeOption): ModeDifference[] {
  const single = (value: boolean | number | null): string[] => [value === null ? 'unknown' : String(value)];
  const pairs: readonly (readonly [ModeDifference['aspect'], readonly string[], readonly string[]])[] = [
    ['form', single(from.listMode), single(to.listMode)],
    ['digits', single(from.hsDigits), single(to.hsDigits)],
    ['summary', single(from.summaryDeclaration), single(to.summaryDeclaration)],
    ['messages', from.messages, to.messages],
    ['fields', from.rule.fields, to.rule.fields],
    ['papers', from.rule.papers, to.rule.papers],
    ['deadlines', from.rule.deadlines, to.rule.deadlines],
    ['tax', from.rule.tax, to.rule.tax],
  ];
  return pairs.flatMap(([aspect, before, after]) => {
    const gone = before.filter((one) => !after.includes(one));
    const come = after.filter((one) => !before.includes(one));
    return gone.length + come.length === 0 ? [] : [{ aspect, without: gone, with: come }];
  });
}

// Calculators ---------------------------------------------------------------------------------------------------------

const factFields = {
  ticketValueCny: amount.optional(),
  inZone: z.boolean().optional(),
  licence: z.boolean().optional(),
  inspection: z.boolean().optional(),
  exportDuty: z.boolean().optional(),
  refundClaimed: z.boolean().optional(),
  /** Day of export: which law holds. */
  exportDate: date.optional(),
};
const source = '海关总署公告 2018 年第 194 号、2020 年第 75 号、2021 年第 47 号、2024 年第 167 号';

function noteReasons(trace: Trace, reasons: readonly ModeReason[], mode: string): void {
  for (const { code, holds, params } of reasons)
    note(trace, code, '', { mode, ...params }, holds === 'unknown' ? holds : holds === 'yes');
}

/** C04: list or declaration, digits of the code and summary under a given mode. A control nobody mentions counts as absent. */
export const listAndDigits = calculator({
  id: 'C04',
  rule: 'C04',
  packs: [modesPackId],
  source,
  inForceFrom: '2019-01-01',
  input: z.strictObject({
    mode: z.string().regex(/^\d{4}$/),
    ...factFields,
    ticketValueCny: amount,
  }),
  aliases: {
    names: { ticketValueCny: ['ticketValue', 'value'], inZone: ['zone', 'inPilotZone'], refundClaimed: ['refund'] },
  },
  calculate({ mode: asked, exportDate, ...given }, trace) {
    const { modes } = trace.parametersOrNewest(modesPackId, modesPackSchema, exportDate);
    const rule = modes.find((one) => one.mode === asked);
    if (rule === undefined) {
      const reason = `no such mode then; known: ${modes.map((one) => one.mode).join(', ')}`;
      throw new PortbookError('RULE_INPUT', { calculator: 'C04', field: 'mode', reason }, 'mode');
    }
    const form = formOf(rule, {
      ...given,
      inZone: given.inZone ?? false,
      licence: given.licence ?? false,
      inspection: given.inspection ?? false,
      exportDuty: given.exportDuty ?? false,
      refundClaimed: given.refundClaimed ?? false,
    });
    noteReasons(trace, [...form.listReasons, ...form.simplifiedReasons], asked);
    const listMode = form.listMode === true;
    const hsDigits = String(form.hsDigits ?? fullDigits);
    const summaryDeclaration = form.summaryDeclaration === true;
    note(trace, 'listMode', 'list conditions', { mode: asked, ticketValueCny: given.ticketValueCny }, listMode);
    note(trace, 'hsDigits', 'simplified conditions', { mode: asked }, hsDigits);
    note(trace, 'summaryDeclaration', 'list, not simplified', { mode: asked }, summaryDeclaration);
    return { listMode, hsDigits, summaryDeclaration };
  },
});

const reasonFigure = ({ code, holds, params }: ModeReason) => ({ code, holds, params: { ...params } });

/** C01: the mode that fits best, what every other would need, and which facts are still asked for. */
export const modeRouter = calculator({
  id: 'C01',
  rule: 'C01',
  packs: [modesPackId],
  source,
  inForceFrom: '2019-01-01',
  input: z.strictObject({
    buyer: z.enum(buyerKinds).optional(),
    platformOrder: z.boolean().optional(),
    /** Goods lie in a special customs zone (综合保税区). */
    zoneGoods: z.boolean().optional(),
    customsCode: z
      .string()
      .regex(/^\d{4}$/)
      .optional(),
    ...factFields,
  }),
  calculate({ exportDate, ...facts }, trace) {
    const { modes } = trace.parametersOrNewest(modesPackId, modesPackSchema, exportDate);
    const route = routeModes(modes, facts);
    const options = route.options.map((option) => {
      const { mode: id, status, fitReasons: fits, listReasons, simplifiedReasons, messages, rule } = option;
      noteReasons(trace, [...fits, ...listReasons, ...simplifiedReasons], id);
      note(trace, 'modeStatus', 'all conditions of the mode', { mode: id }, status);
      return {
        mode: id,
        status,
        listMode: option.listMode,
        hsDigits: option.hsDigits === null ? null : String(option.hsDigits),
        summaryDeclaration: option.summaryDeclaration,
        reasons: [...fits, ...listReasons, ...simplifiedReasons].map(reasonFigure),
        messages: [...messages],
        fields: rule.fields,
        papers: rule.papers,
        deadlines: rule.deadlines,
        tax: rule.tax,
        source: rule.source,
      };
    });
    if (route.missing.length > 0) trace.warn('factsMissing', { facts: route.missing.join(', ') });
    const best = route.recommended;
    return {
      recommended: best?.mode ?? null,
      listMode: best?.listMode ?? null,
      hsDigits: best?.hsDigits === null || best === undefined ? null : String(best.hsDigits),
      summaryDeclaration: best?.summaryDeclaration ?? null,
      missing: [...route.missing],
      modes: options,
    };
  },
});

/** Yuan of a ticket as a fact; undefined for what is no amount. */
export function ticketValue(text: string | undefined): Num | undefined {
  const parsed = figure.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** What a rule's calculator is: a pure function over its input, dated packs, the calendar and the firm's settings. */
import { z } from 'zod';
import type { WorkCalendar } from '../calendar/index.ts';
import { PortbookError } from '../errors.ts';
import { type Aliases, underOwnNames } from './aliases.ts';
import type { Calculation, Figure, PackUse, RuleWarning, Step } from './derivation.ts';
import { type Pack, type PackVersion, requirePackOn } from './pack.ts';

/** What the rules leave unclear: the firm decides, the screen warns. Stored in the book as `rule.<id>`. */
export interface RuleSetting {
  /** e.g. `T11.lastDay`. Texts: `setting.<id>` and `setting.<id>.<option>`. */
  readonly id: string;
  readonly rule: string;
  readonly options: readonly [string, ...string[]];
}

export interface RuleSources {
  /** A pack by id, as its file has it or as the firm has changed it, not yet parsed. Throws `RESOURCE_MISSING`. */
  pack(id: string): unknown;
  readonly calendar: WorkCalendar;
  /** The firm's choice; undefined: the first option. */
  setting(id: string): string | undefined;
}

/** What a calculation writes down as it goes. One a run. */
export class Trace {
  readonly steps: Step[] = [];
  readonly packs: PackUse[] = [];
  readonly warnings: RuleWarning[] = [];
  readonly calendar: WorkCalendar;
  readonly #sources: RuleSources;
  readonly #rule: string;
  eventDate: string | null = null;

  constructor(rule: string, sources: RuleSources) {
    this.#rule = rule;
    this.#sources = sources;
    this.calendar = sources.calendar;
  }

  /**
   * The parameters of a pack in force on the legal event date, which is noted. Refusal: `RULE_PACK_MISSING`.
   * @param schema the pack's file, made with `packSchema`
   */
  parameters<P>(id: string, schema: z.ZodType<Pack<P>>, date: string): P {
    const version = requirePackOn(schema.parse(this.#sources.pack(id)), date);
    this.eventDate ??= date;
    return this.#use(id, version);
  }

  /**
   * As {@link parameters} where the event date may be unknown: without one the newest version stands in and the warning
   * `noDate` {pack, inForceFrom} says so.
   */
  parametersOrNewest<P>(id: string, schema: z.ZodType<Pack<P>>, date: string | undefined): P {
    if (date !== undefined) return this.parameters(id, schema, date);
    const { versions } = schema.parse(this.#sources.pack(id));
    const newest = versions.reduce<PackVersion<P> | undefined>(
      (last, one) => (last === undefined || one.inForceFrom > last.inForceFrom ? one : last),
      undefined,
    );
    if (newest === undefined) throw new PortbookError('RULE_PACK_MISSING', { pack: id, title: id, date: '' });
    this.warn('noDate', { pack: id, inForceFrom: newest.inForceFrom });
    return this.#use(id, newest);
  }

  #use<P>(id: string, { inForceFrom, inForceTo, source, reliability, parameters }: PackVersion<P>): P {
    if (!this.packs.some((one) => one.pack === id && one.inForceFrom === inForceFrom))
      this.packs.push({ pack: id, inForceFrom, inForceTo, source, reliability });
    return parameters;
  }

  /** The firm's choice in a point the rules leave open; the choice itself is always warned of: `unclear` {setting, option}. */
  setting(setting: RuleSetting): string {
    const chosen = this.#sources.setting(setting.id);
    const option = setting.options.find((one) => one === chosen) ?? setting.options[0];
    this.warn('unclear', { setting: setting.id, option });
    return option;
  }

  /** Notes a step and hands its result on. */
  step(step: Omit<Step, 'rule' | 'rounding'> & Partial<Pick<Step, 'rule' | 'rounding'>>): string {
    this.steps.push({ rule: this.#rule, rounding: 'none', ...step });
    return step.result;
  }

  warn(code: string, params: RuleWarning['params'] = {}): void {
    this.warnings.push({ code, rule: this.#rule, params });
  }
}

/** A rule as a function. `input` refuses unknown names, so that a misspelt figure is never taken for nought. */
export interface Calculator {
  /** Id of the calculator: a rule's number, or with a suffix where a rule has several, e.g. `T03avg`. */
  readonly id: string;
  readonly rule: string;
  /** Ids of the packs it may use. */
  readonly packs: readonly string[];
  readonly settings: readonly RuleSetting[];
  /** Document numbers and articles. */
  readonly source: string;
  readonly inForceFrom: string | null;
  readonly input: z.ZodType;
  /** Other names its inputs are taken under. */
  readonly aliases?: Aliases;
  /** Refusals: `RULE_INPUT` {calculator, field, reason}, `RULE_PACK_MISSING`. */
  run(input: unknown, sources: RuleSources): Calculation;
}

/** Names of the inputs at the top; none where the schema is not one object. */
function namesOf(input: z.ZodType): readonly string[] {
  return input instanceof z.ZodObject ? Object.keys(input.shape) : [];
}

/** Makes a {@link Calculator} from a typed function. */
export function calculator<I extends z.ZodType, R extends object>(
  definition: Omit<Calculator, 'run' | 'input' | 'settings'> & {
    readonly settings?: readonly RuleSetting[];
    readonly input: I;
    readonly calculate: (input: z.output<I>, trace: Trace) => R;
  },
): Calculator & { run(input: unknown, sources: RuleSources): Calculation<R> } {
  const { calculate, ...rest } = definition;
  return {
    settings: [],
    ...rest,
    run(typed: unknown, sources: RuleSources): Calculation<R> {
      const { id, aliases } = definition;
      const known = namesOf(definition.input);
      const parsed = definition.input.safeParse(
        aliases === undefined ? typed : underOwnNames(id, typed, known, aliases),
      );
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const field =
          issue?.code === 'unrecognized_keys'
            ? [...issue.path, ...issue.keys].join('.')
            : (issue?.path ?? []).join('.');
        const names = issue?.code === 'unrecognized_keys' && issue.path.length === 0 ? known : [];
        const reason = [issue?.message ?? '', ...(names.length === 0 ? [] : [`known: ${names.join(', ')}`])].join('; ');
        throw new PortbookError('RULE_INPUT', { calculator: id, field, reason }, field);
      }
      const trace = new Trace(definition.rule, sources);
      const result = calculate(parsed.data, trace);
      const { steps, packs, warnings, eventDate } = trace;
      return { calculator: definition.id, rule: definition.rule, eventDate, result, steps, packs, warnings };
    },
  } as Calculator & { run(input: unknown, sources: RuleSources): Calculation<R> };
}

export type { Figure };

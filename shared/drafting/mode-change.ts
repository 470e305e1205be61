/** A draft taken to another supervision mode (监管方式): what changes field by field and why, what is lost, what has to be entered anew. */
import { catalogue } from '../documents/catalogue.ts';
import { type AnyDocument, headOf, linesOf, type MessageSpec, pathOf } from '../documents/spec.ts';
import type { CustomsParameters } from '../rules/customs/pack.ts';
import type { ModeRule } from '../rules/customs-modes/router.ts';
import { B2B_PAPER } from './codes.ts';
import type { EditOperation } from './edit.ts';

const papersGroup = 'EdocRealation';
/** 表体商品编码 of a list that is declared in full. */
const fullDigits = 10;
const headingDigits = 4;

export const modeForms = ['list', 'declaration'] as const;
export type ModeForm = (typeof modeForms)[number];
/** Messages that bear a supervision mode, and where. */
export const modeFields = {
  CEB603Message: { field: 'tradeMode', form: 'list' },
  DecMessage: { field: 'TradeMode', form: 'declaration' },
} as const satisfies Record<string, { field: string; form: ModeForm }>;
export type ModeMessage = keyof typeof modeFields;
export const isModeMessage = (kind: string): kind is ModeMessage => Object.hasOwn(modeFields, kind);

/** `changed`: the new value is known; `lost`: what stood there goes; `enter`: a person has to enter it; `check`: it stays and may be wrong. */
export const modeChangeKinds = ['changed', 'lost', 'enter', 'check'] as const;
export const modeChangeReasons = [
  ...(['mode', 'orderType', 'zoneOnly', 'zoneNeeded', 'noLicence', 'summary', 'digits', 'cap', 'booking'] as const),
  ...(['paperNeeded', 'paperOther', 'paperGone'] as const),
] as const;
export interface ModeChangeRow {
  readonly path: string;
  readonly kind: (typeof modeChangeKinds)[number];
  readonly from: string;
  readonly to: string;
  readonly reason: (typeof modeChangeReasons)[number];
}
export interface ModeChange {
  readonly rows: readonly ModeChangeRow[];
  readonly operations: readonly EditOperation[];
}

/** Forms a mode may be declared in, by its rule. */
export function formsOf(rule: ModeRule): ModeForm[] {
  return modeForms.filter((form) => (form === 'list' ? rule.list !== null : rule.messages.declaration.length > 0));
}

const filled = (text: string | undefined): text is string => text !== undefined && text.trim() !== '';

/** The mode a document is in; empty where nobody has entered it. */
export const modeOf = (kind: ModeMessage, body: AnyDocument): string =>
  headOf(catalogue[kind], body)[modeFields[kind].field] ?? '';

/** What a list or a declaration becomes under another mode; `to` may be declared in its form. Nothing where it is in that mode already. */
export function modeChange(kind: ModeMessage, body: AnyDocument, to: ModeRule): ModeChange {
  const spec: MessageSpec = catalogue[kind];
  const from = modeOf(kind, body);
  if (from === to.mode) return { rows: [], operations: [] };
  const at = pathOf(spec, modeFields[kind].field);
  const rows: ModeChangeRow[] = [{ path: at, kind: 'changed', from, to: to.mode, reason: 'mode' }];
  const more = kind === 'CEB603Message' ? listRows(spec, body, from, to) : paperRows(body, from, to);
  const all = [...rows, ...more];
  const sets = all
    .filter(({ kind: of, path }) => (of === 'changed' || of === 'lost') && !path.startsWith(papersGroup))
    .map(({ path, to: value }): EditOperation => ({ op: 'set', path, value }));
  const papers = kind === 'DecMessage' ? papersUnder(body, from, to) : undefined;
  const restore: EditOperation[] =
    papers === undefined
      ? []
      : [{ op: 'restore', head: {}, parts: { [papersGroup]: papers }, at: 1, count: 0, lines: [] }];
  return { rows: all, operations: [...sets, ...restore] };
}

/** The order (CEB303) beside a list of another mode. */
export function orderUnderMode(
  body: AnyDocument,
  to: string,
  { orderTypeModes }: Pick<CustomsParameters, 'orderTypeModes'>,
): ModeChange {
  const spec: MessageSpec = catalogue.CEB303Message;
  const from = headOf(spec, body)['orderType'] ?? '';
  const type = Object.entries(orderTypeModes).find(([, modes]) => modes.includes(to))?.[0];
  if (type === undefined || type === from) return { rows: [], operations: [] };
  const path = pathOf(spec, 'orderType');
  return {
    rows: [{ path, kind: 'changed', from, to: type, reason: 'orderType' }],
    operations: [{ op: 'set', path, value: type }],
  };
}

/** Fields of the list that one of the modes alone demands, and what the new mode limits. */
function listRows(spec: MessageSpec, body: AnyDocument, from: string, to: ModeRule): ModeChangeRow[] {
  const head = headOf(spec, body);
  const lines = linesOf(spec, body);
  const rows: ModeChangeRow[] = [];
  const demanded = (name: string, modes: readonly string[], value: string | undefined, line?: number): void => {
    const path = pathOf(spec, name, line);
    const [was, is] = [modes.includes(from), modes.includes(to.mode)];
    if (is && !filled(value)) rows.push({ path, kind: 'enter', from: '', to: '', reason: 'zoneNeeded' });
    else if (was && !is && filled(value)) rows.push({ path, kind: 'lost', from: value, to: '', reason: 'zoneOnly' });
  };
  for (const { name, requiredWhen } of spec.head.fields)
    if (requiredWhen !== undefined && requiredWhen.field === 'tradeMode') demanded(name, requiredWhen.in, head[name]);
  for (const { name, requiredWhen } of spec.lines?.fields ?? [])
    if (requiredWhen !== undefined && requiredWhen.field === 'tradeMode')
      for (const [index, line] of lines.entries()) demanded(name, requiredWhen.in, line[name], index + 1);
  const keep = (name: string, reason: ModeChangeRow['reason']): void => {
    const value = head[name] ?? '';
    rows.push({ path: pathOf(spec, name), kind: 'check', from: value, to: value, reason });
  };
  if (to.list?.without.includes('licence') === true && filled(head['licenseNo']))
    rows.push({ path: pathOf(spec, 'licenseNo'), kind: 'lost', from: head['licenseNo'], to: '', reason: 'noLicence' });
  if (to.list?.capCny != null)
    rows.push({
      path: pathOf(spec, 'orderNo'),
      kind: 'check',
      from: head['orderNo'] ?? '',
      to: to.list.capCny,
      reason: 'cap',
    });
  if (to.mode === '9810') keep('orderNo', 'booking');
  if (head['statisticsFlag'] === 'A') {
    const digits = to.simplified?.digits ?? fullDigits;
    if (to.simplified === null) keep('statisticsFlag', 'summary');
    // A code of which only the heading is real, its rest noughts, is enough for a simplified list of four digits alone.
    for (const [index, { gcode }] of lines.entries())
      if (digits > headingDigits && filled(gcode) && gcode.replace(/0+$/, '').length <= headingDigits)
        rows.push({
          path: pathOf(spec, 'gcode', index + 1),
          kind: 'check',
          from: gcode,
          to: String(digits),
          reason: 'digits',
        });
  }
  return rows;
}

interface Paper {
  readonly EdocCode?: string;
  readonly EdocID?: string;
  readonly EdocFomatType?: string;
}
const papersOf = (body: AnyDocument): readonly Paper[] => {
  const group = (body as Readonly<Record<string, unknown>>)[papersGroup];
  return Array.isArray(group) ? (group as Paper[]) : [];
};
/** By which of its papers customs finds the trade: orders of 9710, a booking of 9810; none of the others. */
const paperOf = (mode: string): 'order' | 'booking' | undefined =>
  mode === '9710' ? 'order' : mode === '9810' ? 'booking' : undefined;

function paperRows(body: AnyDocument, from: string, to: ModeRule): ModeChangeRow[] {
  const [was, is] = [paperOf(from), paperOf(to.mode)];
  if (was === is) return [];
  const papers = papersOf(body);
  const named = papers.flatMap(({ EdocCode, EdocID }, index) =>
    EdocCode === B2B_PAPER ? [{ path: `${papersGroup}[${index + 1}]/EdocID`, id: EdocID ?? '' }] : [],
  );
  const reason = is === undefined ? 'paperGone' : 'paperOther';
  const lost = named
    .filter(({ id }) => filled(id))
    .map(({ path, id }): ModeChangeRow => ({ path, kind: 'lost', from: id, to: '', reason }));
  if (is === undefined) return lost;
  const place = papers.filter(({ EdocCode }) => EdocCode !== B2B_PAPER).length + 1;
  return [...lost, { path: `${papersGroup}[${place}]/EdocID`, kind: 'enter', from: '', to: '', reason: 'paperNeeded' }];
}

/** The papers as they are under another mode; undefined: as they were. */
function papersUnder(body: AnyDocument, from: string, to: ModeRule): readonly Paper[] | undefined {
  const [was, is] = [paperOf(from), paperOf(to.mode)];
  if (was === is) return undefined;
  const others = papersOf(body).filter(({ EdocCode }) => EdocCode !== B2B_PAPER);
  return is === undefined ? others : [...others, { EdocCode: B2B_PAPER, EdocFomatType: 'S' }];
}

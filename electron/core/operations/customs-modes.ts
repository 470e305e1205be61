import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { daysBetween, type IsoDate, parseIsoDate } from '../../../shared/calendar/dates.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import { type customsModes, type ModeAnswers, modeAnswers } from '../../../shared/contract/customs-modes.ts';
import type { Bilingual } from '../../../shared/contract/tax.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { headOf, type MessageName } from '../../../shared/documents/spec.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { tryParseScaled } from '../../../shared/money/decimal.ts';
import { storedText } from '../../../shared/money/stored.ts';
import { checkRules, ruleTexts } from '../../../shared/rules/customs/index.ts';
import {
  crossCustoms,
  customsReturnsPackId,
  customsReturnsPackSchema,
  returnPapers,
  returnRoute,
} from '../../../shared/rules/customs-modes/returns.ts';
import {
  type ModeDifference,
  type ModeFact,
  type ModeOption,
  modeDifferences,
  modeFacts,
  modesPackId,
  modesPackSchema,
  routeModes,
  ticketValue,
} from '../../../shared/rules/customs-modes/router.ts';
import { Num, plain } from '../../../shared/rules/figures.ts';
import { requirePackOn } from '../../../shared/rules/pack.ts';
import type { Context, Handlers } from '../context.ts';
import { customsClassOn } from '../customs-class.ts';
import { dateOf } from '../obligations.ts';
import { isReviewRequired, requireCurrentClerk } from '../store/broker/review.ts';
import { rulesOff } from '../store/check-facts.ts';
import {
  dearestOrders,
  filedOfShipment,
  modeAnswersOf,
  saveModeAnswers,
  shipmentProducts,
} from '../store/customs-modes.ts';
import { requireDocument } from '../store/documents.ts';
import { requireExportLine } from '../store/export-lines.ts';
import { rateInForce } from '../store/rates.ts';
import { requireCopy, standingReturns } from '../store/returns.ts';
import { requireShipment } from '../store/shipments.ts';
import { lineLabel, requireExportLine as requireTaxLine } from '../store/worksheets/export-lines.ts';
import { switchRule } from '../store/worksheets/facts.ts';
import { returnsSeen } from '../store/worksheets/returns.ts';
import {
  isFoodByCode,
  returnInput,
  storedReturns,
  type ToldOfReturn,
  tellReturnsApart,
  toldOfReturn,
} from '../worksheets/returns.ts';
import { Rules, ruleMessage, ruleText } from '../worksheets/rules.ts';
import { yuan } from '../worksheets/sheet.ts';

type Source = OutputOf<'modes.route'>['facts'][number]['from'];
type Known = Partial<Record<ModeFact, { readonly value: string | boolean; readonly from: Source }>>;

/** True when one is, false when all are not, undefined while one is not known and none is. */
function anyOf(values: readonly (boolean | undefined)[]): boolean | undefined {
  if (values.includes(true)) return true;
  return values.length === 0 || values.includes(undefined) ? undefined : false;
}

interface BookSays {
  readonly known: Known;
  readonly currenciesWithoutRate: readonly string[];
}

/** What the book itself says of a shipment's goods; nothing is guessed. */
function bookSays({ book }: Context, shipmentId: number | undefined, date: IsoDate): BookSays {
  const known: Known = {};
  const add = (fact: ModeFact, value: string | boolean | undefined, from: Source): void => {
    if (value !== undefined && value !== '') known[fact] = { value, from };
  };
  const profile = book.profile();
  if (profile.zone !== '') add('inZone', true, 'profile');
  // Simplified filing is chosen for goods without refund, licence and duty: the one of these that the firm alone decides.
  if (profile.simplified) add('refundClaimed', false, 'profile');
  if (shipmentId === undefined) return { known, currenciesWithoutRate: [] };

  const { body } = requireShipment(book, shipmentId);
  add('customsCode', body.customsCode, 'shipment');
  const withoutRate: string[] = [];
  let dearest: Num | undefined;
  for (const { currency, valueE5 } of dearestOrders(book, shipmentId, body.filter)) {
    const rate = currency === 'CNY' ? '1' : rateInForce(book, currency, date)?.cnyPerUnit;
    if (rate === undefined) {
      withoutRate.push(currency);
      continue;
    }
    const value = new Num(storedText(valueE5)).times(rate);
    if (dearest === undefined || value.gt(dearest)) dearest = value;
  }
  if (withoutRate.length === 0 && dearest !== undefined)
    add('ticketValueCny', plain(dearest.toDecimalPlaces(2)), 'orders');

  const products = shipmentProducts(book, shipmentId, body.filter, date);
  add('licence', anyOf(products.map((one) => one.needsLicence || (one.isClassified ? false : undefined))), 'products');
  add(
    'inspection',
    // B stands for an inspection on the way out (出境).
    anyOf(products.map(({ conditions }) => (conditions === undefined ? undefined : conditions.includes('B')))),
    'tariff',
  );
  const isDuty = (rate: string | undefined): boolean | undefined =>
    rate === undefined ? undefined : ticketValue(rate)?.gt(0);
  add('exportDuty', anyOf(products.map(({ exportDutyRate }) => isDuty(exportDutyRate))), 'tariff');
  return { known, currenciesWithoutRate: withoutRate };
}

const text = (key: string): Bilingual => ruleText(key, 'C01');
const both = (word: string): Bilingual => ({ zh: word, en: word });

function messageTitle(name: string): Bilingual {
  if (name === 'DecMessage') return { zh: '报关单 DecMessage', en: 'Goods declaration DecMessage (报关单)' };
  const spec = Object.hasOwn(catalogue, name) ? catalogue[name as MessageName] : undefined;
  return spec === undefined ? both(name) : { zh: `${spec.zh} ${name}`, en: `${spec.en} ${name}` };
}

function aspectValue(aspect: ModeDifference['aspect'], value: string): Bilingual {
  if (aspect === 'digits') return value === 'unknown' ? text('form.unknown') : both(value);
  if (aspect === 'messages') return messageTitle(value);
  const key = { form: 'form', summary: 'summary', fields: 'field', papers: 'paper', deadlines: 'deadline', tax: 'tax' };
  return text(`${key[aspect]}.${value}`);
}

/** What one mode asks that the other does not, in the words of C01. */
export function differenceViews(from: ModeOption, to: ModeOption) {
  return modeDifferences(from, to).map(({ aspect, without, with: come }) => ({
    aspect,
    title: text(`aspect.${aspect}`),
    without: without.map((one) => aspectValue(aspect, one)),
    with: come.map((one) => aspectValue(aspect, one)),
  }));
}
export const modeTitle = (mode: string): Bilingual => text(`mode.${mode}`);

function optionView(option: ModeOption, from: ModeOption | undefined): OutputOf<'modes.route'>['options'][number] {
  const { rule } = option;
  const named = (kind: string, ids: readonly string[]) => ids.map((id) => ({ id, title: text(`${kind}.${id}`) }));
  const reasons = [
    ...option.fitReasons.map((one) => ({ ...one, group: 'fit' as const })),
    ...option.listReasons.map((one) => ({ ...one, group: 'list' as const })),
    ...option.simplifiedReasons.map((one) => ({ ...one, group: 'simplified' as const })),
  ];
  return {
    mode: option.mode,
    title: text(`mode.${option.mode}`),
    status: option.status,
    listMode: option.listMode,
    hsDigits: option.hsDigits,
    summaryDeclaration: option.summaryDeclaration,
    simplified: option.simplified,
    reasons: reasons.map(({ code, group, holds, params }) => ({
      code,
      group,
      holds,
      title: ruleMessage(`reason.${code}`, params, 'C01'),
    })),
    messages: [...option.messages],
    fields: named('field', rule.fields),
    papers: named('paper', rule.papers),
    deadlines: named('deadline', rule.deadlines),
    tax: named('tax', rule.tax),
    source: rule.source,
    reliability: rule.reliability,
    differences: from === undefined || from === option ? [] : differenceViews(from, option),
  };
}

const storedAnswers = (context: Context, shipmentId: number | undefined): ModeAnswers => {
  const stored = shipmentId === undefined ? undefined : modeAnswersOf(context.book, shipmentId);
  return stored === undefined ? {} : modeAnswers.parse(JSON.parse(stored));
};

function route(context: Context, { shipmentId, answers }: ParsedInputOf<'modes.route'>): OutputOf<'modes.route'> {
  const { book, resources } = context;
  const shipment = shipmentId === undefined ? undefined : requireShipment(book, shipmentId);
  const said: ModeAnswers = { ...storedAnswers(context, shipmentId), ...answers };
  const exportDate =
    parseIsoDate(said.exportDate ?? '') ?? parseIsoDate(shipment?.body.ieDate ?? '') ?? chinaDate(context.now());
  const { known, currenciesWithoutRate } = bookSays(context, shipmentId, exportDate);
  for (const fact of modeFacts) {
    const value = said[fact];
    if (value !== undefined) known[fact] = { value, from: 'answer' };
  }
  const values: Record<string, string | boolean> = {};
  for (const fact of modeFacts) {
    const one = known[fact];
    if (one !== undefined) values[fact] = one.value;
  }
  const rules = new Rules(resources, book);
  const calculation = rules.run('C01', { ...values, exportDate });
  const { modes } = requirePackOn(modesPackSchema.parse(rules.pack(modesPackId)), exportDate).parameters;
  const { ticketValueCny, ...others } = values;
  const routed = routeModes(modes, {
    ...others,
    ticketValueCny: typeof ticketValueCny === 'string' ? ticketValue(ticketValueCny) : undefined,
  });
  const held = customsClassOn(context, exportDate);
  return {
    ...(shipment === undefined ? {} : { shipmentNo: shipment.shipmentNo }),
    exportDate,
    facts: modeFacts.map((fact) => ({
      fact,
      label: ruleText(`input.${fact}`, 'C01'),
      from: known[fact]?.from ?? 'none',
      isMissing: routed.missing.includes(fact),
      ...(known[fact] === undefined ? {} : { value: known[fact].value }),
    })),
    missing: [...routed.missing],
    recommended: routed.recommended?.mode ?? null,
    options: routed.options.map((option) => optionView(option, routed.recommended)),
    currenciesWithoutRate: [...currenciesWithoutRate],
    filed: shipmentId === undefined ? null : filedOfShipment(book, shipmentId),
    customsClass: held === undefined ? null : { ...held, effects: [...held.effects] },
    calculation,
  };
}

/** Customs of export of a line that a list of the book declared; undefined for one entered or imported. */
function exportCustoms({ book }: Context, documentId: number | undefined): string | undefined {
  if (documentId === undefined) return undefined;
  const { kind, body } = requireDocument(book, documentId);
  return headOf(catalogue[kind], body)[kind === 'DecMessage' ? 'IEPort' : 'portCode'];
}

/** Whether a list or a declaration took a line out. */
function formOf({ book }: Context, documentId: number | undefined, mode: string): 'list' | 'declaration' {
  if (documentId !== undefined) return requireDocument(book, documentId).kind === 'DecMessage' ? 'declaration' : 'list';
  return mode === '9610' ? 'list' : 'declaration';
}

/** What is judged: the line, what else came back of it, and what is told of the return. */
interface Subject {
  readonly id: number;
  readonly label: string;
  readonly mode: string;
  readonly exportDate: string;
  readonly name: string;
  readonly hsCode: string;
  readonly unit: string;
  readonly qtyE5: number;
  readonly form: 'list' | 'declaration';
  readonly customs: string | undefined;
  readonly beforeE5: number;
  /** What is told of so much of it. */
  told(qtyE5: number): ToldOfReturn;
}

const sumOf = (rows: readonly { readonly qtyE5: number }[]): number => rows.reduce((sum, one) => sum + one.qtyE5, 0);

/** Of a copy nothing is known but what it says, and what has been received back. */
function subjectOfCopy({ book }: Context, copyId: number, input: ParsedInputOf<'returns.check'>): Subject {
  const copy = requireCopy(book, copyId);
  const refunded = input.refunded ?? false;
  return {
    ...copy,
    label: `${copy.declarationNo}-${copy.lineNo}`,
    form: copy.mode === '9610' ? 'list' : 'declaration',
    customs: copy.customsCode === '' ? undefined : copy.customsCode,
    beforeE5: sumOf(standingReturns(book, { copyId }, input.returnId)),
    told: () => ({
      ...{ facts: undefined, refunded, repaidOn: undefined, certificateReceivedOn: undefined },
      repayFen: refunded ? undefined : 0,
    }),
  };
}

function subjectOfLine(context: Context, input: ParsedInputOf<'returns.check'>): Subject {
  const { book } = context;
  const line = requireTaxLine(book, input.exportLineId ?? 0);
  const label = lineLabel(line);
  const { own, others } = tellReturnsApart(
    storedReturns(book).filter(({ subject }) => subject === label),
    input,
  );
  // A request that names its return, or has the day of one, tells of what was received; every other one of goods of its own.
  const received = standingReturns(book, { exportLineId: line.id }, input.returnId);
  const enteredE5 = others
    .filter(
      ({ returnId, value }) =>
        returnId === undefined &&
        value.returnedOn !== undefined &&
        !received.some(({ receivedOn }) => receivedOn === value.returnedOn),
    )
    .reduce((sum, { value }) => sum + quantityE5(value.quantity, line.qtyE5), 0);
  // Stock shows the same goods once more, of days before this one only: a move of the day itself may be of the return that is judged.
  const seenE5 = returnsSeen(book, line.exportDate, input.returnedOn)
    .filter((one) => one.exportLineId === line.id && one.date < input.returnedOn)
    .reduce((sum, one) => sum + (one.qtyE5 ?? 0), 0);
  const { documentId } = requireExportLine(book, line.id);
  return {
    id: line.id,
    label,
    mode: line.mode,
    exportDate: line.exportDate,
    name: line.name,
    hsCode: line.hsCode,
    unit: line.unit,
    qtyE5: line.qtyE5,
    form: formOf(context, documentId, line.mode),
    customs: exportCustoms(context, documentId),
    beforeE5: Math.max(sumOf(received) + enteredE5, seenE5),
    told: (qtyE5) => toldOfReturn(book, line, own, qtyE5),
  };
}

const quantityE5 = (text: string | undefined, otherwise: number): number =>
  Number(tryParseScaled(text ?? '', 5) ?? BigInt(otherwise));

function checkReturn(context: Context, input: ParsedInputOf<'returns.check'>): OutputOf<'returns.check'> {
  const { book, resources } = context;
  const { exportLineId: _, copyId, returnId: __, refunded: ___, quantity, customsCode, ...given } = input;
  const { returnedOn } = input;
  const line = copyId === undefined ? subjectOfLine(context, input) : subjectOfCopy(context, copyId, input);
  if (returnedOn < line.exportDate)
    throw new PortbookError('RETURN_BEFORE_EXPORT', { exported: line.exportDate, returned: returnedOn }, 'returnedOn');
  const { beforeE5 } = line;
  const leftE5 = Math.max(0, line.qtyE5 - beforeE5);
  const returnedE5 = quantity === undefined ? leftE5 : quantityE5(quantity, line.qtyE5);
  const { facts: entered, refunded, repaidOn, certificateReceivedOn, repayFen } = line.told(returnedE5);
  const value = { ...entered, repaidOn, certificateReceivedOn, ...given, returnedOn };

  const rules = new Rules(resources, book);
  // The certificate is a paper to get, the refund a sum to pay back: neither takes the route away while there is time for them.
  const isFood = value.food ?? isFoodByCode(resources, line.hsCode, returnedOn);
  const { certificate, ...asked } = returnInput(line, value, returnedOn, refunded, isFood);
  const facts = { ...asked, ...(certificate ? { certificate } : {}), defect: value.defect ?? false };
  const calculation = rules.run('T25', facts);
  const { reasons, lastDay, fallbackLastDay } = calculation.result;
  const codes = Array.isArray(reasons) ? reasons.map(String) : [];
  const { eligible, fallback } = rules.run('T25', { ...facts, refundRepaid: true }).result;
  const kind = returnRoute(eligible === true, typeof fallback === 'string' ? fallback : undefined);
  const pack = customsReturnsPackSchema.parse(resources.json('rules', `${customsReturnsPackId}.json`));
  const parameters = requirePackOn(pack, returnedOn).parameters;
  const isRepaid = value.repaidOn !== undefined;
  const back = dateOf(returnedOn, 'returnedOn');
  const repay = isRepaid ? 0 : repayFen;
  return {
    line: {
      id: line.id,
      label: line.label,
      mode: line.mode,
      exportDate: line.exportDate,
      form: line.form,
      name: line.name,
      unit: line.unit,
    },
    route: kind,
    lastDay: String(lastDay),
    days: {
      sinceExport: daysBetween(dateOf(line.exportDate, 'exportDate'), back),
      left: daysBetween(back, dateOf(String(lastDay), 'lastDay')),
    },
    originalState: value.originalState !== false,
    food: { isFood, from: value.food === undefined ? ('code' as const) : ('said' as const) },
    ...(typeof fallbackLastDay === 'string' ? { oneYearLastDay: fallbackLastDay } : {}),
    reasons: codes.map((code) => ({ code, title: ruleText(`reason.${code}`, 'T25') })),
    quantity: {
      exported: storedText(line.qtyE5),
      returnedBefore: storedText(beforeE5),
      returned: storedText(returnedE5),
      isTooMuch: returnedE5 > leftE5,
    },
    refund: {
      refunded,
      isRepaid,
      ...(repay === undefined ? {} : { repayCny: yuan(repay) }),
    },
    papers: returnPapers(parameters, kind).map((id) => ({
      id,
      title: text(`paper.${id}`),
      isAtHand: id === 'exportRecord' || (id === 'taxCertificate' && value.certificateReceivedOn !== undefined),
    })),
    crossCustoms: crossCustoms(parameters, line.mode, line.customs, customsCode),
    calculation,
  };
}

/** Supervision modes (监管方式): which mode and form a shipment may take, and why; whether an export may come back free of duty. */
export const customsModesHandlers: Handlers<keyof typeof customsModes> = {
  'checks.list': (_input, { book }) => {
    const off = new Map(rulesOff(book).map(({ rule, ...why }) => [rule, why]));
    return {
      rows: checkRules.map(({ id, level, source, messages }) => {
        const why = off.get(id);
        return {
          id,
          level,
          source,
          title: { zh: ruleTexts['zh-CN'][id]?.title ?? id, en: ruleTexts.en[id]?.title ?? id },
          remedy: { zh: ruleTexts['zh-CN'][id]?.remedy ?? '', en: ruleTexts.en[id]?.remedy ?? '' },
          messages: [...messages],
          ...(why === undefined ? {} : { off: why }),
        };
      }),
    };
  },

  'checks.configure': ({ rule, off, reason }, { book, now, emit }) => {
    if (!checkRules.some(({ id }) => id === rule)) throw new PortbookError('RULE_UNKNOWN', { id: rule }, 'rule');
    if (isReviewRequired(book)) requireCurrentClerk(book);
    const at = now();
    book.transaction(() => {
      switchRule(book, rule, off, reason, at);
      book.audit(off ? 'check.off' : 'check.on', rule, { reason }, at);
    });
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'modes.route': (input, context) => route(context, input),

  'modes.answer': ({ shipmentId, answers }, { book, now, emit }) => {
    requireShipment(book, shipmentId);
    const at = now();
    book.transaction(() => {
      saveModeAnswers(book, shipmentId, JSON.stringify(answers), at);
      book.audit('mode.answer', String(shipmentId), { answers }, at);
    });
    emit({ name: 'book.changed', areas: ['shipments'] });
    return {};
  },

  'returns.check': (input, context) => checkReturn(context, input),
};

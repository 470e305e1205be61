import type { z } from 'zod';
import { chinaDate } from '../../shared/calendar/china-time.ts';
import { type IsoDate, parseCompactDate, parseIsoDate } from '../../shared/calendar/dates.ts';
import type { FindingView } from '../../shared/contract/common.ts';
import { catalogue, type RequestName } from '../../shared/documents/catalogue.ts';
import type { Finding } from '../../shared/documents/finding.ts';
import { headOf, type Values } from '../../shared/documents/spec.ts';
import { validateAny } from '../../shared/documents/validate.ts';
import type { RuleSources } from '../../shared/rules/calculator.ts';
import {
  type BatchFacts,
  type CustomsParameters,
  checkMessage,
  checkRetailExport,
  customsPackSchema,
  declarationPackId,
  declarationPackSchema,
  type MessageSet,
  messageCheckPackId,
  messageCheckPackSchema,
} from '../../shared/rules/customs/index.ts';
import { type ModeRule, modesPackId, modesPackSchema } from '../../shared/rules/customs-modes/router.ts';
import { checkForexForm } from '../../shared/rules/forex-forms/rules.ts';
import { packOn, requirePackOn } from '../../shared/rules/pack.ts';
import { checkPersonFiling, personFilingsPack, personFilingsPackId } from '../../shared/rules/person/filings.ts';
import { editableStates } from '../../shared/sync/document-states.ts';
import { borrowedParameters, checkFacts, goodsFacts } from './check-facts.ts';
import type { Context } from './context.ts';
import { packFigures, ruleSources } from './obligations.ts';
import { targetCheck } from './outbox/targets.ts';
import type { Book } from './store/book.ts';
import { workCalendar } from './store/calendar.ts';
import { rulesOff, waybillUses } from './store/check-facts.ts';
import {
  caseOf,
  type DocumentCase,
  type DocumentRecord,
  documentsOfCase,
  MetCases,
  requireDocument,
  storeFindings,
} from './store/documents.ts';
import { orderRow } from './store/drafting.ts';
import { carriedFacts } from './store/entry.ts';
import { forexClassOn } from './store/money/forex-profile.ts';
import { packInForce } from './worksheets/rules.ts';

/** Checks the documents of one case: findings by document id. */
export interface DocumentCheck {
  /** Of the code tables it looks codes up in, and of the rules. */
  readonly versions: { readonly tables: string; readonly rules: string };
  readonly findings: (documents: readonly DocumentRecord[]) => Map<number, FindingView[]>;
}

/** What a check reads: the book, and the code tables and rules in force. */
export type CheckContext = Pick<Context, 'book' | 'resources' | 'now'>;

/** The 9610 parameters in force on a business date. Throws `RULE_PACK_MISSING` rather than guess. */
export function parametersOn(context: Pick<Context, 'resources'>, date: IsoDate): CustomsParameters {
  return requirePackOn(customsPackSchema.parse(context.resources.json('rules', 'customs-9610.json')), date).parameters;
}

/**
 * Makes the check of one run: each document field by field against its table, the papers of each list against each other,
 * forms of foreign exchange against their rules. What many cases share (rule pack, products, waybills already used) is read once
 * a run.
 */
export function documentCheck(context: CheckContext): DocumentCheck {
  const { book, resources } = context;
  let pack: z.infer<typeof customsPackSchema> | undefined;
  /** Of the day a list leaves; of a day before the first version what holds today. */
  const retailExport = (day: IsoDate): CustomsParameters => {
    pack ??= customsPackSchema.parse(resources.json('rules', 'customs-9610.json'));
    return (packOn(pack, day) ?? requirePackOn(pack, chinaDate(context.now()))).parameters;
  };
  const profile = book.profile();
  const goods = goodsFacts(context);
  const firm = {
    foreignPlatform: profile.ebpCode === '无',
    inPilotZone: profile.zone !== '',
    simplified: profile.simplified,
    dxpId: profile.dxpId,
  };

  const off = new Set(rulesOff(book).map(({ rule }) => rule));
  const factsOf = checkFacts(context);
  const today = chinaDate(context.now());
  let shared: Pick<MessageSet, 'tables' | 'borrowed' | 'vagueGoods'> | undefined;
  let checks: z.infer<typeof messageCheckPackSchema> | undefined;
  /** What holds for a message of the day it is filed; of one that states none, or a day before the first version, what holds today. */
  const messageSet = (head: Values): Pick<MessageSet, 'tables' | 'parameters' | 'borrowed' | 'vagueGoods'> => {
    shared ??= {
      tables: resources.tables,
      borrowed: {
        ...borrowedParameters(context, workCalendar(book, resources)),
        // Of a declaration the law of the day it is made: as long as it is checked here it has none.
        declaration: requirePackOn(
          declarationPackSchema.parse(resources.json('rules', `${declarationPackId}.json`)),
          today,
        ).parameters,
      },
      vagueGoods: retailExport(today).vagueGoods,
    };
    checks ??= messageCheckPackSchema.parse(packInForce(resources, book, messageCheckPackId));
    const day = parseCompactDate((head['appTime'] ?? '').slice(0, 8)) ?? today;
    return { ...shared, parameters: (packOn(checks, day) ?? requirePackOn(checks, today)).parameters };
  };

  /** What holds for a list: the law and the tariff of the day the goods leave. */
  const dayOf = (head: Values): IsoDate => parseCompactDate(head['ieDate'] ?? '') ?? today;
  let modes: z.infer<typeof modesPackSchema> | undefined;
  const modeOn = (mode: string, day: IsoDate): ModeRule | undefined => {
    modes ??= modesPackSchema.parse(packInForce(resources, book, modesPackId));
    return packOn(modes, day)?.parameters.modes.find((one) => one.mode === mode);
  };
  /** Where else in the book a list's waybill number stands. */
  const batchOf = (list: DocumentRecord): BatchFacts => {
    const usesOf = (logisticsCode: string, logisticsNo: string) =>
      waybillUses(book, { logisticsCode, logisticsNo }, list);
    return {
      waybillCount: (code, no) => usesOf(code, no).open + 1,
      waybillLastUsed: (code, no) => parseCompactDate(usesOf(code, no).filedOn ?? ''),
    };
  };

  const ofTarget = targetCheck(context);
  const personGroups =
    profile.role === 'person'
      ? packFigures(context, personFilingsPackId, personFilingsPack, chinaDate(context.now())).groups
      : undefined;
  let sources: RuleSources | undefined;
  const classOn = (date: string) => forexClassOn(book, date).class;

  const findingsOf = (documents: readonly DocumentRecord[]): Map<number, FindingView[]> => {
    const findings = new Map<number, FindingView[]>();
    for (const document of documents) {
      const { id, kind, body } = document;
      const found = validateAny(catalogue[kind], body, resources.tables);
      if (catalogue[kind].family === 'fx') {
        sources ??= ruleSources(context);
        found.push(...checkForexForm({ kind, body, uscc: profile.uscc, classOn, sources }));
      } else if (catalogue[kind].family !== 'plat') {
        found.push(
          ...checkMessage(
            { message: kind, body, facts: factsOf(document), ...messageSet(headOf(catalogue[kind], body)) },
            { off },
          ),
        );
      }
      found.push(...ofTarget(document));
      if (personGroups !== undefined) found.push(...checkPersonFiling(kind, personGroups));
      findings.set(id, found.map(viewOf));
    }
    const heads = documents.map((document) => ({ document, head: headOf(catalogue[document.kind], document.body) }));
    const ofKind = (kind: RequestName) => heads.filter(({ document }) => document.kind === kind);
    /** By its number; where there is one of each they belong together, and a number that differs is a finding. */
    const partner = (kind: RequestName, field: string, value: string | undefined) => {
      const found = ofKind(kind);
      const named = found.findLast(({ head }) => head[field] === value);
      return (named ?? (found.length === 1 && ofKind('CEB603Message').length === 1 ? found[0] : undefined))?.document;
    };

    for (const { document: list, head } of heads) {
      if (list.kind !== 'CEB603Message') continue;
      const order = partner('CEB303Message', 'orderNo', head['orderNo']);
      const receipt = partner('CEB403Message', 'orderNo', head['orderNo']);
      const waybill = partner('CEB505Message', 'logisticsNo', head['logisticsNo']);
      const source = list.orderId === undefined ? undefined : orderRow(book, list.orderId);
      const orderedOn = parseIsoDate(source?.ordered_at.slice(0, 10) ?? '');
      const found = checkRetailExport(
        {
          list: list.body,
          ...(order === undefined ? {} : { order: order.body }),
          ...(receipt === undefined ? {} : { receipt: receipt.body }),
          ...(waybill === undefined ? {} : { waybill: waybill.body }),
          ...(orderedOn === undefined ? {} : { orderedOn }),
          profile: firm,
          product: (itemNo, gcode) => goods(itemNo, gcode, dayOf(head)),
          mode: modeOn(head['tradeMode'] ?? '', dayOf(head)),
          cnyPerUnit: factsOf(list).cnyPerUnit,
          batch: batchOf(list),
          tables: resources.tables,
          parameters: retailExport(dayOf(head)),
        },
        { off },
      );
      const papers: Partial<Record<string, DocumentRecord | undefined>> = {
        CEB303Message: order,
        CEB403Message: receipt,
        CEB505Message: waybill,
      };
      for (const { message, ...finding } of found) {
        const where = papers[message] ?? list;
        findings.get(where.id)?.push(viewOf(finding));
      }
    }
    return findings;
  };
  return { versions: { tables: resources.tablesVersion, rules: resources.rulesVersion }, findings: findingsOf };
}

function viewOf(finding: Finding): FindingView {
  return { ...finding, params: { ...finding.params } };
}

/** Facts of an earlier document that were carried over and that nobody has looked at: such a draft may not be filed. */
function unconfirmedFacts(book: Book, documentId: number): FindingView[] {
  const { paths, from } = carriedFacts(book, documentId);
  const [path] = paths;
  if (path === undefined) return [];
  return [{ rule: 'ENTRY-CONFIRM', level: 'reject', path, params: { n: paths.length, from }, source: 'ENTRY' }];
}

/** Checks the documents of a case again and stores what was found on those that may still be changed. */
export function recheck(book: Book, check: DocumentCheck, of: DocumentCase, now: string): DocumentRecord[] {
  const documents = documentsOfCase(book, of);
  const findings = check.findings(documents);
  for (const document of documents) {
    if (!editableStates.includes(document.state)) continue;
    storeFindings(
      book,
      document.id,
      [...unconfirmedFacts(book, document.id), ...(findings.get(document.id) ?? [])],
      now,
      check.versions,
    );
  }
  return documents;
}

/** The cases of documents, each once. A recheck takes in the whole case. Refusal: `DOCUMENT_UNKNOWN`. */
export function casesOf(book: Book, ids: readonly number[]): DocumentCase[] {
  const cases: DocumentCase[] = [];
  const met = new MetCases();
  for (const id of ids) {
    const document = requireDocument(book, id);
    const of = caseOf(document);
    if (met.has(of)) continue;
    met.add('documentId' in of ? [document, ...documentsOfCase(book, of)] : [document]);
    cases.push(of);
  }
  return cases;
}

/** What a check finds on documents in whatever state, each with the other papers of its case; nothing is stored. */
export function findingsOfCases(book: Book, check: DocumentCheck, ids: readonly number[]): Map<number, FindingView[]> {
  const found = new Map<number, FindingView[]>();
  for (const of of casesOf(book, ids))
    for (const [id, findings] of check.findings(documentsOfCase(book, of))) found.set(id, findings);
  return found;
}

/** Checks again each case that documents stand in, once. */
export function recheckCasesOf(book: Book, check: DocumentCheck, ids: readonly number[], now: string): void {
  for (const of of casesOf(book, ids)) recheck(book, check, of, now);
}

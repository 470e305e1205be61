import { readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { InputOf, OutputOf } from '../../../shared/contract/contract.ts';
import type { papers } from '../../../shared/contract/papers.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { linesOf, type MessageSpec } from '../../../shared/documents/spec.ts';
import { MOST_ITEMS } from '../../../shared/drafting/goods-declaration.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { paperDetails, paperTotalNames } from '../../../shared/papers/details.ts';
import { paperTitles } from '../../../shared/papers/kinds.ts';
import {
  amountText,
  buildPaperSet,
  figureText,
  kilograms,
  type PaperSet,
  type PaperTotals,
  type SourceDocument,
} from '../../../shared/papers/paper-set.ts';
import { paperPlaceholders } from '../../../shared/papers/placeholders.ts';
import { type AskedSlot, askedPapers, type PaperFacts, slotPack } from '../../../shared/papers/slots.ts';
import { archivePack } from '../../../shared/rules/deadlines/index.ts';
import { documentCheck, recheck } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { harmlessName } from '../exporters/paper-pack.ts';
import { checkTemplate, fillTemplate } from '../exporters/papers/template.ts';
import { writePaperWorkbook } from '../exporters/papers/workbook.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { packFigures, packVersion } from '../obligations.ts';
import { codeNames, isPaperSource, type RawDocument, sourceDocument } from '../paper-source.ts';
import { kindsOf, paperPage } from '../printing/papers/paper.ts';
import { papersOf, papersOfShipment } from '../store/archive.ts';
import { delegationFor } from '../store/broker/delegations.ts';
import { elementOrder } from '../store/classification.ts';
import { caseOf, documentsOfOrder, requireDocument } from '../store/documents.ts';
import {
  declaredAt,
  firmDetailsOf,
  listsByNumber,
  listTemplates,
  type PaperSubject,
  paperDetailsOf,
  paperProducts,
  removeTemplate,
  requireTemplate,
  saveFirmDetails,
  savePaperDetails,
  saveTemplate,
  shipmentDocuments,
} from '../store/papers.ts';
import { requireShipment } from '../store/shipments.ts';
import { type StageRow, stagesOf } from '../store/way.ts';
import { isFor } from './archive.ts';
import { paperSetup } from './printing.ts';
import { draftAll } from './shipments.ts';

type Subject = InputOf<'papers.list'>['subject'];

/** Orders drafted, documents read between two turns of the event loop. */
const YIELD_EVERY = 200;
/** A template is one form, not a ledger. */
const TEMPLATE_LIMIT_MB = 5;

interface Gathered {
  readonly set: PaperSet;
  readonly isUndrafted: boolean;
  readonly blocked: number;
  readonly facts: PaperFacts;
}

const subjectOf = (subject: Subject): PaperSubject =>
  'shipmentId' in subject ? { kind: 'shipment', id: subject.shipmentId } : { kind: 'document', id: subject.documentId };

/** What papers are made of: the documents of a subject, or what would be drafted of the orders of a shipment. */
async function rawDocuments(
  context: Context,
  subject: PaperSubject,
): Promise<{ number: string; raw: readonly RawDocument[]; isUndrafted: boolean; blocked: number }> {
  const { book } = context;
  if (subject.kind === 'document') {
    const one = requireDocument(book, subject.id);
    const asRaw = ({ id, kind, body, state, platformNo }: typeof one): RawDocument => ({
      id,
      kind,
      body,
      state,
      platformNo: platformNo ?? '',
      declaredAt: declaredAt(book, id),
    });
    const base = { number: one.businessKey, isUndrafted: false, blocked: 0 };
    if (isPaperSource(one.kind)) return { ...base, raw: [asRaw(one)] };
    if (one.kind === 'CEB701Message') {
      const spec: MessageSpec = catalogue[one.kind];
      const numbers = linesOf(spec, one.body).map((line) => line['invtNo'] ?? '');
      return { ...base, raw: listsByNumber(book, numbers) };
    }
    // An order, receipt or waybill is printed by the lists of its order.
    const lists =
      one.orderId === undefined ? [] : documentsOfOrder(book, one.orderId).filter(({ kind }) => isPaperSource(kind));
    if (lists.length === 0) throw new PortbookError('PAPERS_NO_SOURCE', { kind: one.kind });
    return { ...base, raw: lists.map(asRaw) };
  }
  const shipment = requireShipment(book, subject.id);
  const declared = shipmentDocuments(book, shipment.id, 'DecMessage');
  const filed = declared.length > 0 ? declared : shipmentDocuments(book, shipment.id, 'CEB603Message');
  if (filed.length > 0) {
    const raw = filed.map((document) => ({ ...document, declaredAt: declaredAt(book, document.id) }));
    return { number: shipment.shipmentNo, raw, isUndrafted: false, blocked: 0 };
  }
  const { ready, blocked } = await draftAll(context, shipment);
  const raw = ready.flatMap(({ drafted }) =>
    drafted.flatMap(({ kind, body }): RawDocument[] =>
      isPaperSource(kind) ? [{ id: undefined, kind, body, state: 'draft', platformNo: '' }] : [],
    ),
  );
  return { number: shipment.shipmentNo, raw, isUndrafted: true, blocked: blocked.length };
}

async function gather(context: Context, of: Subject): Promise<Gathered> {
  const { book, resources, now } = context;
  const subject = subjectOf(of);
  const { number, raw, isUndrafted, blocked } = await rawDocuments(context, subject);
  const product = paperProducts(book);
  const documents: SourceDocument[] = [];
  for (const [at, one] of raw.entries()) {
    if (at % YIELD_EVERY === 0) await setImmediate();
    const source = sourceDocument(one, { tables: resources.tables, product });
    if (source !== undefined && source.goods.length > 0) documents.push(source);
  }
  if (documents.length === 0) throw new PortbookError('PAPERS_NO_GOODS', { number, blocked });
  const profile = book.profile();
  const set = buildPaperSet({
    subject: { ...subject, number },
    documents,
    names: codeNames(resources.tables, (gcode) => elementOrder(book, gcode)),
    firm: firmDetailsOf(book),
    bank: profile.bankName,
    details: paperDetailsOf(book, subject),
    limits: { maxItems: MOST_ITEMS },
    delegation: (wanted) => delegationFor(book, wanted),
    today: chinaDate(now()),
  });
  const stages = subject.kind === 'shipment' ? stagesOf(book, subject.id) : [];
  const isLicensed = documents.some(({ goods }) => goods.some(({ sku }) => product(sku)?.needsLicence === true));
  return { set, isUndrafted, blocked, facts: { ...stageFacts(stages), isLicensed } };
}

const stageFacts = (stages: readonly StageRow[]): Omit<PaperFacts, 'isLicensed'> => {
  const isAt = (wanted: StageRow['stage']): boolean => stages.some(({ stage, total }) => stage === wanted && total > 0);
  return { isTaxed: isAt('tax'), isInspected: isAt('inspection'), isTransit: isAt('transit') };
};

const totalsView = (totals: PaperTotals): OutputOf<'papers.list'>['totals'] => ({
  amounts: totals.amounts.map(({ currency, amount }) => ({ currency, amount: amountText(amount, currency) })),
  quantities: totals.quantities.map(({ unit, qty_e5 }) => ({
    unit: unit.zh === '' ? unit.code : unit.zh,
    qty: figureText(qty_e5),
  })),
  net: kilograms(totals.netG),
  gross: kilograms(totals.grossG),
  packages: String(totals.packages),
});

const archiveOf = (set: PaperSet): OutputOf<'papers.list'>['archive'] => ({
  subjectKind: set.subject.kind === 'shipment' ? 'shipment' : 'declaration',
  subjectId: set.subject.number,
});

function overview(context: Context, { set, isUndrafted, blocked, facts }: Gathered): OutputOf<'papers.list'> {
  const { book } = context;
  const today = chinaDate(context.now());
  const figures = packFigures(context, 'papers-by-mode', slotPack, today);
  const { slots, questions } = askedPapers(set, figures, facts);
  const archive = archiveOf(set);
  const files = papersOf(book, archive.subjectKind, archive.subjectId).filter(({ removedAt }) => removedAt === null);
  const party = ({ code, name }: { readonly code: string; readonly name: string }) => ({ code, name });
  return {
    subject: set.subject,
    isAccepted: set.isAccepted,
    isUndrafted,
    blocked,
    kinds: [...kindsOf(set)],
    documents: set.documents.length,
    declarations: set.declarations.map((one) => ({
      no: one.no,
      arrival: one.arrival.zh === '' ? one.arrival.code : one.arrival.zh,
      items: one.items.length,
      lists: one.lists,
      totals: totalsView(one.totals),
    })),
    totals: totalsView(set.totals),
    parties: {
      consignor: party(set.parties.consignor),
      producer: party(set.parties.producer),
      declarant: party(set.parties.declarant),
      consignee: party(set.parties.consignee),
    },
    details: set.details,
    firm: set.firm,
    proposed: {
      contractNo: set.documents[0]?.contractNo === '' ? set.subject.number : (set.documents[0]?.contractNo ?? ''),
      invoiceNo: set.subject.number,
      date: today,
      marks: set.documents[0]?.marks === '' ? 'N/M' : (set.documents[0]?.marks ?? ''),
    },
    gaps: set.gaps.map(({ code, params }) => ({ code, params: { ...params } })),
    archive,
    slots: slots.map((slot) => ({
      ...slot,
      files: files.filter(({ paper }) => paper === slot.code).map(({ id, fileName }) => ({ id, fileName })),
    })),
    questions: questions.map((one) => ({ ...one, items: [...one.items] })),
  };
}

/** What a shipment asks for; what its stages alone ask for while it has no goods. */
async function askedOf(context: Context, shipmentId: number, stages: readonly StageRow[]) {
  const figures = packVersion(context, 'papers-by-mode', slotPack, chinaDate(context.now()));
  try {
    const { set, facts } = await gather(context, { shipmentId });
    return { isKnown: true, figures, slots: askedPapers(set, figures.parameters, facts).slots };
  } catch (error) {
    if (!(error instanceof PortbookError) || error.code !== 'PAPERS_NO_GOODS') throw error;
    const facts = { ...stageFacts(stages), isLicensed: false };
    const nobody = { code: '' };
    const parties = { consignor: nobody, declarant: nobody };
    const nothing = { declarations: [], documents: [], details: paperDetails.parse({}), parties };
    return { isKnown: false, figures, slots: askedPapers(nothing, figures.parameters, facts).slots };
  }
}

const stillMissing = ({ level, made }: AskedSlot, files: readonly unknown[]): boolean =>
  files.length === 0 && made === undefined && level !== 'maybe';

/** The bytes of a workbook the user chose. Refusals: `FILE_MISSING`, `FILE_UNREADABLE`, `PAPER_TEMPLATE_TOO_LARGE` {name, limitMb}. */
function templateBytes(path: string): Uint8Array {
  const name = basename(path);
  try {
    if (statSync(path).size > TEMPLATE_LIMIT_MB * 1_048_576)
      throw new PortbookError('PAPER_TEMPLATE_TOO_LARGE', { name, limitMb: TEMPLATE_LIMIT_MB });
    return readFileSync(path);
  } catch (error) {
    if (error instanceof PortbookError || !(error instanceof Error) || !('code' in error)) throw error;
    throw new PortbookError(error.code === 'ENOENT' ? 'FILE_MISSING' : 'FILE_UNREADABLE', {
      name,
      detail: String(error.code),
    });
  }
}

/** The five sheets hold the papers of a seller. Refusal: `PAPER_NOT_OF_IMPORT` {paper}. */
function requireExport(set: PaperSet): void {
  if (!kindsOf(set).includes('invoice')) throw new PortbookError('PAPER_NOT_OF_IMPORT', { paper: '五表工作簿' });
}

/** Papers of a shipment (单据): draft declaration, invoice, packing list, contract, and the users’ own templates. */
export const papersHandlers: Handlers<keyof typeof papers> = {
  'papers.list': async ({ subject }, context) => overview(context, await gather(context, subject)),

  'papers.stages': async ({ shipmentId }, context) => {
    const shipment = requireShipment(context.book, shipmentId);
    const stages = stagesOf(context.book, shipmentId);
    const { isKnown, figures, slots } = await askedOf(context, shipmentId, stages);
    const { papers: kinds } = packFigures(context, 'archive-papers', archivePack, chinaDate(context.now()));
    const stageOfCode = new Map(figures.parameters.slots.map(({ code, stage }) => [code, stage]));
    const files = papersOfShipment(context.book, shipment).map((file) => ({
      ...file,
      // What a registration was made with is of that stage, whatever paper it is.
      stage: file.subjectKind === 'registration' ? ('registration' as const) : stageOfCode.get(file.paper),
      kind: kinds.find(({ code }) => code === file.paper),
    }));
    const asked = new Set(slots.map(({ code }) => code));
    const othersOf = (stage: StageRow['stage'] | undefined) =>
      files
        .filter((file) => file.stage === stage && !asked.has(file.paper))
        .map(({ id, fileName, paper, kind }) => ({ id, fileName, zh: kind?.zh ?? paper, en: kind?.en ?? paper }));
    return {
      shipmentNo: shipment.shipmentNo,
      isKnown,
      stages: stages.map((row) => {
        const own = slots
          .filter(({ stage }) => stage === row.stage)
          .map((slot) => ({
            ...slot,
            files: files.filter(({ paper }) => paper === slot.code).map(({ id, fileName }) => ({ id, fileName })),
          }));
        return {
          ...row,
          slots: own,
          kinds: kinds
            .filter((kind) => stageOfCode.get(kind.code) === row.stage && isFor(kind, 'shipment'))
            .map(({ code, zh, en }) => ({ code, zh, en })),
          others: othersOf(row.stage),
          missing: own.filter((slot) => stillMissing(slot, slot.files)).length,
        };
      }),
      others: othersOf(undefined),
      source: figures.source,
      inForceFrom: figures.inForceFrom,
    };
  },

  'papers.preview': async ({ subject, kind, language, ...setup }, context) => {
    const { set } = await gather(context, subject);
    return paperPage(set, kind, language, paperSetup(context.book, setup));
  },

  'papers.print': async ({ subject, kind, language, copies, to, ...setup }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { set } = await gather(context, subject);
    const { html, pages } = paperPage(set, kind, language, paperSetup(context.book, setup), copies);
    const pdf = await context.host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    context.book.audit(
      'papers.print',
      `${kind} ${set.subject.number}`,
      { language, copies, pages, overlay: setup.overlay },
      context.now(),
    );
    return { pages, bytes: pdf.length };
  },

  'papers.workbook': async ({ subject, fieldCodes, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const { set } = await gather(context, subject);
    requireExport(set);
    await writePaperWorkbook(path, set, { fieldCodes });
    const items = set.declarations.reduce((sum, one) => sum + one.items.length, 0);
    const { amounts } = totalsView(set.totals);
    context.book.audit('papers.workbook', set.subject.number, { items }, context.now());
    return { items, amounts };
  },

  'papers.export': async ({ subject, kinds, language, workbook, to, ...setup }, context) => {
    const folder = context.files.pathOf(to, 'directory');
    const { set } = await gather(context, subject);
    if (workbook) requireExport(set);
    const placed = paperSetup(context.book, setup);
    const files: string[] = [];
    let as: 'pdf' | 'html' = 'pdf';
    const nameOf = (title: string, kind: string): string => harmlessName(`${set.subject.number} ${title}.${kind}`);
    for (const [done, kind] of kinds.entries()) {
      if (context.signal.aborted) throw new PortbookError('CANCELLED');
      context.progress({ phase: 'papers.export', done, total: kinds.length });
      const { html } = paperPage(set, kind, language, placed);
      const pdf = await context.host.printPdf(html);
      if (pdf === undefined) as = 'html';
      const name = nameOf(paperTitles[kind].zh, pdf === undefined ? 'html' : 'pdf');
      writeFileAtomically(join(folder, name), pdf ?? Buffer.from(html, 'utf8'));
      files.push(name);
    }
    if (workbook) {
      const name = nameOf('单据', 'xlsx');
      await writePaperWorkbook(join(folder, name), set, { fieldCodes: false });
      files.push(name);
    }
    context.book.audit('papers.export', set.subject.number, { kinds: kinds.join(','), language }, context.now());
    return { files, as };
  },

  'papers.saveDetails': ({ subject, details }, context) => {
    const { book, now, emit } = context;
    const of = subjectOf(subject);
    if (of.kind === 'shipment') requireShipment(book, of.id);
    else requireDocument(book, of.id);
    const before = paperDetailsOf(book, of);
    book.transaction(() => {
      savePaperDetails(book, of, details, now());
      // The checks hold declarations against these totals.
      if (paperTotalNames.every((name) => before[name] === details[name])) return;
      const check = documentCheck(context);
      const ids = of.kind === 'document' ? [of.id] : shipmentDocuments(book, of.id, 'DecMessage').map(({ id }) => id);
      for (const id of ids) recheck(book, check, caseOf(requireDocument(book, id)), now());
    });
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'papers.saveFirm': ({ firm }, { book, now, emit }) => {
    saveFirmDetails(book, firm, now());
    book.audit('papers.firm', 'firm', {}, now());
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'papers.templates': (_input, { book }) => ({
    rows: listTemplates(book),
    placeholders: paperPlaceholders.map((one) => ({ ...one })),
  }),

  'papers.addTemplate': async ({ file, name }, { book, files, now, emit }) => {
    const path = files.pathOf(file, 'read');
    const content = templateBytes(path);
    const fileName = basename(path);
    const { placeholders, problems } = await checkTemplate(content, fileName);
    if (problems.length > 0) return { problems };
    const template = saveTemplate(book, { name, fileName, content, placeholders }, now());
    book.audit('papers.template', name, { fileName, sha256: template.sha256, placeholders }, now());
    emit({ name: 'book.changed', areas: ['documents'] });
    return { problems: [], template };
  },

  'papers.removeTemplate': ({ id }, { book, now, emit }) => {
    const { name, sha256 } = removeTemplate(book, id);
    book.audit('papers.templateRemoved', name, { sha256 }, now());
    emit({ name: 'book.changed', areas: ['documents'] });
    return {};
  },

  'papers.fillTemplate': async ({ id, subject, to }, context) => {
    const path = context.files.pathOf(to, 'write');
    const template = requireTemplate(context.book, id);
    const { set } = await gather(context, subject);
    const { bytes, cells, rows } = await fillTemplate(template.content, set);
    writeFileAtomically(path, bytes);
    context.book.audit('papers.filled', `${template.name} ${set.subject.number}`, { cells, rows }, context.now());
    return { cells, rows };
  },
};

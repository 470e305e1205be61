import { basename } from 'node:path';
import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { ClassificationDoubt, classification } from '../../../shared/contract/classification.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { archivePack } from '../../../shared/rules/deadlines/index.ts';
import {
  ALIKE,
  codedElements,
  composeElements,
  declarationFormat,
  type ElementValue,
  elementNames,
  elementsOf,
  likeness,
  optionalElementsOf,
  parseElements,
  UNLIKE,
} from '../../../shared/tables/index.ts';
import type { Context, Handlers } from '../context.ts';
import { readBytes } from '../importers/source.ts';
import { packFigures } from '../obligations.ts';
import { insertPaper, papersOf } from '../store/archive.ts';
import {
  describedElsewhere,
  describedUnder,
  elementOrder,
  elementsOfProduct,
  elementsUnderCode,
  historyOf,
  insertDecision,
  listDecisions,
  requireDecision,
  saveElementOrder,
  saveProductElements,
  withdrawDecision,
} from '../store/classification.ts';
import { changeProduct, findProduct, requireProduct } from '../store/products.ts';
import { codeTableHandlers } from './code-tables.ts';

/** A product's 规格型号 also goes into electronic orders, whose field is the shortest: C..250. */
const productFormat = { ...declarationFormat, max: 250 };
/** How many products' elements are looked through for what was given lately, and how many values of each are offered. */
const lately = { products: 50, values: 5 };

const percent = (score: number): number => Math.round(score * 100);
const phrase = (words: readonly string[]): string => words.slice(0, 4).join('、') || '—';

/** What speaks against giving a code to goods of this description, worst first. */
function doubtsAbout(
  { book, resources }: Context,
  of: { readonly hsCode: string; readonly name: string; readonly description: string; readonly sku: string },
): ClassificationDoubt[] {
  const table = resources.table('hs');
  const doubts: ClassificationDoubt[] = [];
  if (!table.has(of.hsCode))
    doubts.push({ code: 'CODE-UNKNOWN', params: { hsCode: of.hsCode, asOf: table.header.asOf } });
  const described = `${of.name} ${of.description}`;
  const others = describedUnder(book, of.hsCode, of.sku).map((other) => ({
    ...other,
    like: likeness(described, other.name),
  }));
  const [nearest] = others.sort((a, b) => b.like.score - a.like.score);
  // A code that already stands for goods like these is used as before, whatever else it stands for.
  if (nearest !== undefined && nearest.like.score < UNLIKE)
    doubts.push({
      code: 'CODE-REUSED',
      params: {
        hsCode: of.hsCode,
        products: others.length,
        sku: nearest.sku,
        name: nearest.name,
        percent: percent(nearest.like.score),
        onlyThis: phrase(nearest.like.onlyFirst),
        onlyOther: phrase(nearest.like.onlySecond),
      },
    });
  const [split] = describedElsewhere(book, of.name, of.hsCode, of.sku)
    .map((other) => ({ ...other, like: likeness(of.name, other.name) }))
    .filter(({ like }) => like.score >= ALIKE)
    .sort((a, b) => b.like.score - a.like.score);
  if (split !== undefined)
    doubts.push({
      code: 'NAME-SPLIT',
      params: {
        sku: split.sku,
        name: split.name,
        hsCode: split.hsCode,
        percent: percent(split.like.score),
        shared: phrase(split.like.shared),
      },
    });
  const before = of.sku === '' ? undefined : historyOf(book, of.sku).find(({ isCurrent }) => isCurrent);
  if (before !== undefined && before.hsCode !== of.hsCode)
    doubts.push({
      code: 'CODE-CHANGED',
      params: { before: before.hsCode, decidedOn: before.decidedOn, decidedBy: before.decidedBy },
    });
  return doubts;
}

/** Values given lately for each element, by name, the latest first. */
function latelyGiven(context: Context, gcode: string): ReadonlyMap<string, string[]> {
  const given = new Map<string, string[]>();
  for (const items of elementsUnderCode(context.book, gcode, lately.products)) {
    for (const { name, value } of items) {
      const values = given.get(name) ?? [];
      if (value !== '' && !values.includes(value) && values.length < lately.values) given.set(name, [...values, value]);
    }
  }
  return given;
}

/** Products, lists and declarations show what was decided. */
const changed = ({ emit }: Context): void => emit({ name: 'book.changed', areas: ['products', 'orders', 'documents'] });

export const classificationHandlers: Handlers<keyof typeof classification> = {
  ...codeTableHandlers,

  'elements.of': ({ gcode, sku, text }, context) => {
    const { book, resources } = context;
    const table = resources.table('hs');
    const required = elementsOf(table, gcode) ?? [];
    const optional = optionalElementsOf(table, gcode) ?? [];
    const names = elementNames([...required, ...optional], elementOrder(book, gcode));
    const product = sku === undefined ? undefined : findProduct(book, sku);
    const stored = sku === undefined ? [] : elementsOfProduct(book, sku, gcode);
    const parsed =
      text !== undefined
        ? parseElements(text, names)
        : stored.length > 0
          ? { items: stored, rest: [] }
          : parseElements(product?.gmodel ?? '', names);
    const values = new Map(parsed.items.map(({ name, value }) => [name, value]));
    const given = latelyGiven(context, gcode);
    // A name the product has and the table has not is kept: the table is older than the product.
    const all = [...names, ...stored.map(({ name }) => name).filter((name) => !names.includes(name))];
    return {
      gcode,
      codeName: table.lookup(gcode)?.zh ?? '',
      known: table.has(gcode),
      elements: all.map((name) => {
        const coded = codedElements[name];
        return {
          name,
          required: required.includes(name),
          ...(coded === undefined ? {} : { table: coded }),
          value: values.get(name) ?? '',
          lately: given.get(name) ?? [],
        };
      }),
      rest: [...parsed.rest],
      separator: declarationFormat.separator,
      max: sku === undefined ? declarationFormat.max : productFormat.max,
      source: table.header.source,
      asOf: table.header.asOf,
    };
  },

  'elements.save': ({ sku, gcode, items }, context) => {
    const { book, now } = context;
    const { text, length, over } = composeElements(items, productFormat);
    if (over > 0) throw new PortbookError('ELEMENTS_TOO_LONG', { length, max: productFormat.max }, 'items');
    const at = now();
    book.transaction(() => {
      requireProduct(book, sku);
      saveProductElements(book, sku, gcode, items, at);
      saveElementOrder(
        book,
        gcode,
        items.map(({ name }: ElementValue) => name),
        at,
      );
      changeProduct(book, sku, { gmodel: text === '' ? undefined : text }, at);
      book.audit('elements.saved', `product:${sku}`, { gcode, text }, at);
    });
    changed(context);
    return { text, length };
  },

  'elements.order': ({ gcode, names }, { book, now }) => {
    const at = now();
    book.transaction(() => {
      saveElementOrder(book, gcode, names, at);
      book.audit('elements.ordered', `hs:${gcode}`, { names: names.join(' ') }, at);
    });
    return {};
  },

  'classification.doubts': ({ hsCode, name, description, sku = '' }, context) => {
    const { book, resources } = context;
    const table = resources.table('hs');
    const entry = table.lookup(hsCode);
    const under = (digits: number): number =>
      hsCode.length < digits ? 0 : table.entries.filter(({ code }) => code.startsWith(hsCode.slice(0, digits))).length;
    return {
      codeName: entry?.zh ?? '',
      codeNameEn: entry?.en ?? '',
      chapter: resources.table('hs_chapter').lookup(hsCode.slice(0, 2))?.zh ?? '',
      elements: elementsOf(table, hsCode)?.length ?? 0,
      under4: under(4),
      under6: under(6),
      doubts: hsCode.length < 10 || name.trim() === '' ? [] : doubtsAbout(context, { hsCode, name, description, sku }),
      isDecided: sku !== '' && historyOf(book, sku).some((one) => one.isCurrent && one.hsCode === hsCode),
    };
  },

  'classification.list': (input, { book }) => listDecisions(book, input),

  'classification.get': ({ id }, { book }) => {
    const decision = requireDecision(book, id);
    const described = `${decision.name} ${decision.description}`;
    return {
      decision,
      history: decision.sku === '' ? [] : historyOf(book, decision.sku).filter((one) => one.id !== id),
      sameCode: describedUnder(book, decision.hsCode, decision.sku)
        .map(({ sku, name }) => ({ sku, name, score: percent(likeness(described, name).score) }))
        .sort((a, b) => b.score - a.score)
        .slice(0, 50),
      papers: papersOf(book, 'classification', String(id)).map(({ id: paper, fileName, size, addedAt, removedAt }) => ({
        id: paper,
        fileName,
        size,
        addedAt,
        removed: removedAt !== null,
      })),
    };
  },

  'classification.decide': ({ acceptDoubts, ...input }, context) => {
    const { book, resources, now } = context;
    const entry = resources.table('hs').lookup(input.hsCode);
    if (entry === undefined)
      throw new PortbookError('TABLE_CODE_UNKNOWN', { code: input.hsCode, table: 'hs' }, 'hsCode');
    const product = input.sku === '' ? undefined : requireProduct(book, input.sku);
    const doubts = doubtsAbout(context, input);
    if (doubts.length > 0 && !acceptDoubts)
      throw new PortbookError('CLASSIFICATION_DOUBTS', { codes: doubts.map(({ code }) => code).join(', ') }, 'hsCode');
    const at = now();
    const id = book.transaction(() => {
      const made = insertDecision(
        book,
        {
          ...input,
          codeName: entry.zh,
          previousCode: product?.hsCode ?? '',
          tablesVersion: resources.tablesVersion,
          doubts,
        },
        at,
      );
      if (product !== undefined)
        changeProduct(
          book,
          input.sku,
          { hsCode: input.hsCode, ...(product.nameCn === undefined ? { nameCn: input.name } : {}) },
          at,
        );
      const { hsCode, decidedBy, basis } = input;
      book.audit(
        'classification.decided',
        product === undefined ? `decision:${made}` : `product:${input.sku}`,
        { decision: made, hsCode, before: product?.hsCode ?? '', decidedBy, basis, doubts: doubts.length },
        at,
      );
      return made;
    });
    changed(context);
    return { id };
  },

  'classification.withdraw': ({ id, reason }, context) => {
    const { book, now } = context;
    const at = now();
    book.transaction(() => {
      withdrawDecision(book, id, reason, at);
      book.audit('classification.withdrawn', `decision:${id}`, { reason }, at);
    });
    changed(context);
    return {};
  },

  'classification.attach': async ({ id, file, note }, context) => {
    const { book, files, now } = context;
    const path = files.pathOf(file, 'read');
    const bytes = await readBytes(path);
    const fileName = basename(path);
    const at = now();
    const { maxFileMb } = packFigures(context, 'archive-papers', archivePack, chinaDate(at));
    if (bytes.length > maxFileMb * 1_048_576)
      throw new PortbookError('ARCHIVE_FILE_TOO_LARGE', { name: fileName, limitMb: maxFileMb });
    const paper = book.transaction(() => {
      requireDecision(book, id);
      const made = insertPaper(
        book,
        { subjectKind: 'classification', subjectId: String(id), paper: 'classification', fileName, note, bytes },
        at,
      );
      book.audit('classification.attached', `decision:${id}`, { fileName, sha256: made.sha256 }, at);
      return made;
    });
    changed(context);
    return { paperId: paper.id, sha256: paper.sha256 };
  },
};

/** Entry of documents (录单): templates, copies, the place of the cursor, the grid of goods. */
import { z } from 'zod';
import { type CommandId, commandIds } from '../desk-keys.ts';
import { fieldSet } from '../rules/entry/field-sets.ts';
import { currencyCode, decimalText, findingSchema, isoInstant } from './common.ts';
import { editOperation } from './document-edit.ts';
import { documentBody, documentKind, documentState } from './filing.ts';
import { command, query } from './operation.ts';

/** Where the cursor is: a field by path, what is being typed into it, and where in the text the caret stands. */
export const entryPlace = z.object({
  path: z.string(),
  /** Typed and not yet taken into the document. */
  typed: z.string().max(4000).optional(),
  caret: z.number().int().min(0).optional(),
});
export type EntryPlace = z.infer<typeof entryPlace>;

/** How the book arranges the fields of a message: the order of those named first, then the table's own; hidden ones left out. */
export const entryLayout = z.object({
  head: z.array(z.string()).default([]),
  lines: z.array(z.string()).default([]),
  hidden: z.array(z.string()).default([]),
});
export type EntryLayout = z.infer<typeof entryLayout>;

const id = z.object({ id: z.number().int() });

/** A group of a document that was left out, by the name of its element, and how many rows of it there were. */
const leftGroup = z.object({ group: z.string(), rows: z.number().int() });

/** What changes with every save. `revision` names the content; a save on another is refused. */
const entryState = z.object({
  revision: z.string(),
  businessKey: z.string(),
  state: documentState,
  amount: decimalText,
  /** What the amount is in, as the document says by now. */
  currency: currencyCode,
  findings: z.array(findingSchema),
  /** Paths of carried-over facts that nobody has looked at yet. */
  unconfirmed: z.array(z.string()),
  /** Approved by the checker: frozen until it is reopened with a reason. */
  approval: z.object({ by: z.string(), at: isoInstant }).optional(),
  /** Paths the checker has marked and nobody has settled; empty text: the document as a whole. */
  marked: z.array(z.string()),
});
export type EntryState = z.infer<typeof entryState>;

export const templateRow = z.object({
  id: z.number().int(),
  kind: documentKind,
  name: z.string(),
  client: z.string(),
  product: z.string(),
  mode: z.string(),
  lines: z.number().int(),
  updatedAt: isoInstant,
});

export const entrySource = z.object({
  id: z.number().int(),
  kind: documentKind,
  businessKey: z.string(),
  buyer: z.string(),
  product: z.string(),
  lines: z.number().int(),
  amount: decimalText,
  currency: currencyCode,
  state: documentState,
  createdAt: isoInstant,
});

export const savedView = z.object({
  id: z.number().int(),
  name: z.string(),
  filter: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** Changes on their way: entered while a save was under way, in order. */
const pendingEntry = z.object({ operations: z.array(editOperation), confirmed: z.array(z.string()).default([]) });
export type PendingEntry = z.infer<typeof pendingEntry>;

/** Keys given to commands (`shared/desk-keys.ts`) by command. */
const commandId = z.enum(commandIds as [CommandId, ...CommandId[]]);
const keyMap = z.partialRecord(commandId, z.string());

/** A value used in a field before, or kept at hand for it. */
export const ownValue = z.object({
  value: z.string(),
  /** In how many documents or lines, among the latest. */
  times: z.number().int(),
  lastAt: isoInstant.optional(),
  isKept: z.boolean(),
  /** Of a line: what else the latest line with this value says of the goods. */
  line: z.record(z.string(), z.string()).optional(),
});

const named = z.string().trim().min(1).max(60);

export const entry = {
  /** A document for the editor, with the place the cursor was left at. Frozen ones open too, to be read. */
  'entry.open': query(
    id,
    entryState.extend({
      id: z.number().int(),
      kind: documentKind,
      version: z.number().int(),
      stale: z.boolean(),
      /** Neither an order nor a record stands behind it: its numbers are the user's to write. */
      isLoose: z.boolean(),
      body: documentBody,
      place: entryPlace.optional(),
      /** What was on its way when the window ended, if it still comes on top of this content. */
      pending: pendingEntry.optional(),
      layout: entryLayout,
      /** What kinds of filing leave out of the head today, for this message. */
      fieldSets: z.array(fieldSet),
      /** The total the lines have to meet where the head states none: the goods value of the order's own document. */
      amountDue: decimalText.optional(),
      /** What the version before it was sent back with: this one is made to be filed in its place. */
      sentBack: z.object({ statusCode: z.string(), statusInfo: z.string() }).optional(),
    }),
  ),
  /**
   * Takes what was entered, in order, checks the document again and keeps the place of the cursor, all or nothing. Refusals:
   * `ENTRY_OUTDATED` when the document is no longer what `base` names, `DOCUMENT_FROZEN`, `FIELD_UNKNOWN`, `FIELD_MASKED`,
   * `DOCUMENT_LINES_TOO_MANY`, `DOCUMENT_NUMBER_TAKEN`.
   */
  'entry.save': command(
    id.extend({
      base: z.string(),
      operations: z.array(editOperation),
      /** Facts looked at and found right as they stand. */
      confirmed: z.array(z.string()).default([]),
      place: entryPlace.optional(),
    }),
    entryState,
  ),
  /**
   * Keeps the place of the cursor and what is being typed: at every key, so it checks nothing. `pending`: what was entered since the saves
   * before this call, so that it is there even if the window ends before its own save; the next save takes its place.
   */
  'entry.keep': command(id.extend({ place: entryPlace, pending: pendingEntry.optional() }), z.object({})),
  /** The editor was left by its own door: the document is no longer offered to go on with. */
  'entry.close': command(id, z.object({})),
  /** The document that was open when the desk last ended without closing it. */
  'entry.unfinished': query(
    z.object({}),
    z.object({ id: z.number().int(), kind: documentKind, businessKey: z.string(), at: isoInstant }).partial(),
  ),
  /** Earlier documents to copy from, the newest first: by kind, buyer, product (name, SKU or code) or number. */
  'entry.sources': query(
    z.object({
      kind: documentKind.optional(),
      buyer: z.string().default(''),
      product: z.string().default(''),
      text: z.string().default(''),
      limit: z.number().int().min(1).max(100).default(50),
    }),
    z.object({ rows: z.array(entrySource) }),
  ),
  /**
   * A new draft after an earlier document, with numbers of its own and the groups beside its lines; facts of the one trade are to be confirmed.
   * `left`: groups that are worked out anew and were not carried over.
   */
  'entry.copy': command(
    id,
    z.object({ id: z.number().int(), unconfirmed: z.number().int(), left: z.array(leftGroup) }),
  ),
  /** Templates of a kind; those that fit the client, product and mode of the document come first. */
  'entry.templates': query(
    z.object({ kind: documentKind, documentId: z.number().int().optional() }),
    z.object({ rows: z.array(templateRow.extend({ fits: z.number().int() })), suggested: templateRow.partial() }),
  ),
  'entry.template': query(id, templateRow.extend({ body: documentBody })),
  /** Keeps what is the same the next time; one with the same name and kind is replaced. `left`: groups that it does without. */
  'entry.saveTemplate': command(
    z.object({
      documentId: z.number().int(),
      name: named,
      client: z.string().default(''),
      product: z.string().default(''),
      mode: z.string().default(''),
    }),
    id.extend({ left: z.array(leftGroup) }),
  ),
  'entry.deleteTemplate': command(id, z.object({})),
  'entry.saveLayout': command(z.object({ kind: documentKind, layout: entryLayout }), entryLayout),
  /** 我的清单 of a field (path without the line: `InventoryList/gname`): values kept at hand, then those of the latest documents of the kind. */
  'entry.mine': query(
    z.object({ kind: documentKind, field: z.string(), limit: z.number().int().min(1).max(200).default(50) }),
    z.object({ rows: z.array(ownValue) }),
  ),
  /** Keeps a value at hand for a field, or no longer. Refusal: `FIELD_UNKNOWN`. */
  'entry.keepMine': command(
    z.object({ kind: documentKind, field: z.string(), value: z.string().min(1).max(1000), isKept: z.boolean() }),
    z.object({}),
  ),
  /** Keys the clerk at the desk has given to commands in this book. */
  'entry.keys': query(z.object({}), z.object({ keys: keyMap, clerk: z.string() })),
  /**
   * Gives a command another key; null: its own again. Refusals: `KEY_NOT_ALLOWED` {key}, `KEY_TAKEN` {key, command, commandEn}: the command that
   * has it.
   */
  'entry.setKey': command(
    z.object({ command: commandId, key: z.string().max(40).nullable() }),
    z.object({ keys: keyMap }),
  ),
  /** Every command has its own key again. */
  'entry.resetKeys': command(z.object({}), z.object({ keys: keyMap })),
  /** Saved filters of the list of documents, by name. */
  'entry.views': query(z.object({}), z.object({ rows: z.array(savedView) })),
  'entry.saveView': command(savedView.omit({ id: true }).extend({ name: named }), savedView),
  'entry.deleteView': command(id, z.object({})),
} as const;

/** What a check found. Data, never an exception; texts come from the rule's id (shared/rules/customs/texts.*.json). */
export interface Finding {
  /** Rule id: `DOC-…` one field against its table, `READ-…` a message as received, `C-…` documents against each other. */
  readonly rule: string;
  /** reject: will be rejected; doubt: may be rejected; note: worth knowing. */
  readonly level: FindingLevel;
  /** Place inside the document, lines counted from 1: `InventoryList[2]/gcode`. Empty: the document as a whole. */
  readonly path: string;
  /** Values that fill the message. */
  readonly params: Readonly<Record<string, string | number>>;
  /** Document and section the rule stands on. */
  readonly source: string;
}

export type FindingLevel = 'reject' | 'doubt' | 'note';

/** A column that an import of a kind can take; those of documents are in `document-fields.ts`. */
export interface FieldDef {
  readonly id: string;
  readonly required: boolean;
  /** The header our own templates write, in both languages. */
  readonly zh: string;
  readonly en: string;
  /** Other names under which sales channels, carriers and banks write it. Case, blanks and punctuation do not matter. */
  readonly names: readonly string[];
  /** Written as text in our own files even where it looks like a number. */
  readonly isId?: boolean;
  /** Only shown to the user in a template; not read back. */
  readonly isNote?: boolean;
  /** Read where a file has it, and not asked for in a template. */
  readonly isExtra?: boolean;
}

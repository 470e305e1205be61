/** What a check of one document is given and answers, for the rules of all messages and those of single ones. */
import type { FindingLevel } from '../../documents/finding.ts';
import type { AnyDocument, MessageName, MessageSpec, Values } from '../../documents/spec.ts';
import type { TableSet } from '../../tables/table.ts';
import type { BookFacts } from './facts.ts';
import type { BorrowedParameters, MessageCheckParameters } from './message-pack.ts';

export interface MessageSet {
  readonly message: MessageName;
  readonly body: AnyDocument;
  readonly tables: TableSet;
  readonly parameters: MessageCheckParameters;
  readonly borrowed: BorrowedParameters;
  /** Goods descriptions that say nothing. */
  readonly vagueGoods: readonly string[];
  readonly facts: BookFacts;
}

export interface Opened extends MessageSet {
  readonly spec: MessageSpec;
  readonly head: Values;
  readonly lines: readonly Values[];
}

export type Params = Readonly<Record<string, string | number>>;
/**
 * Reports a field of the head, or of a line counted from 1; an empty field is the group itself, one with a slash the path in another group.
 */
export type Report = (field: string, params?: Params, line?: number) => void;

export interface MessageRule {
  readonly id: string;
  readonly level: FindingLevel;
  readonly source: string;
  readonly messages: readonly MessageName[];
  readonly run: (opened: Opened, report: Report) => void;
}

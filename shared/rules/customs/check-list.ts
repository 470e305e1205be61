/** Every check across fields and documents that can be switched off, for the list of checks and its documentation. */
import type { FindingLevel } from '../../documents/finding.ts';
import type { MessageName } from '../../documents/spec.ts';
import { declarationRules } from './declaration-rules.ts';
import { messageRules } from './message-rules.ts';
import { customsRules } from './rules.ts';

export interface CheckRule {
  readonly id: string;
  readonly level: FindingLevel;
  readonly source: string;
  readonly messages: readonly MessageName[];
}

/** The papers of one retail export, which the `C-…` rules hold against each other. */
const retailExport: readonly MessageName[] = ['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'];

export const checkRules: readonly CheckRule[] = [
  ...customsRules.map(({ id, level, source }) => ({ id, level, source, messages: retailExport })),
  ...[...messageRules, ...declarationRules].map(({ id, level, source, messages }) => ({ id, level, source, messages })),
];

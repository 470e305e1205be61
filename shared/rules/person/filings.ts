/**
 * What a natural person (个人) can file: a person has no credit code and no customs code, and nearly every message asks for one. The dated pack
 * says by message who takes it from whom; where nothing in print says so, it says "ask".
 */
import { z } from 'zod';
import { catalogue, type RequestName, requestNames } from '../../documents/catalogue.ts';
import type { Finding, FindingLevel } from '../../documents/finding.ts';
import { type Bilingual, type FieldSpec, type MessageSpec, pathOf } from '../../documents/spec.ts';
import { packSchema } from '../pack.ts';

/** Not in a person's own name; on the bank's form for individuals; unknown, ask. */
const personFilingStates = ['no', 'bank', 'ask'] as const;
type PersonFilingState = (typeof personFilingStates)[number];

export const personFilingsPackId = 'person-filings';
export const personFilingsPack = packSchema(
  z.object({
    /** The first that names the message, or else its family, speaks for it. */
    groups: z.array(
      z.object({
        id: z.string(),
        families: z.array(z.enum(['ceb', 'dec', 'fx', 'plat'])),
        messages: z.array(z.string()),
        state: z.enum(personFilingStates),
        whyZh: z.string(),
        whyEn: z.string(),
        source: z.string(),
      }),
    ),
  }),
);
type PersonFilingGroups = z.infer<typeof personFilingsPack>['versions'][number]['parameters']['groups'];

/** Codes of whoever files or whose goods they are, by the names the messages have for them. */
const codeFields: ReadonlySet<string> = new Set([
  'ebcCode',
  'agentCode',
  'declAgentCode',
  'operatorCode',
  'payeeCode',
  'reporterCode',
  'TradeCoScc',
  'TradeCode',
  'AgentCode',
  'AgentCodeScc',
]);

/** Where none of these stands in a message, whoever carries or pays files it. */
const otherCodeFields: ReadonlySet<string> = new Set(['logisticsCode', 'payCode', 'ebpCode', 'areaCode']);

function fieldsWithCode(spec: MessageSpec): readonly FieldSpec[] {
  const own = spec.head.fields.filter(({ name }) => codeFields.has(name));
  return own.length > 0 ? own : spec.head.fields.filter(({ name }) => otherCodeFields.has(name));
}

/** What the pack says of one message. */
interface PersonFiling {
  readonly kind: RequestName;
  /** Fields of its head that ask for a code which a person does not have. */
  readonly fields: readonly (Bilingual & { readonly name: string })[];
  readonly state: PersonFilingState;
  readonly why: Bilingual;
  readonly source: string;
}

/** Of one message; a message that no group speaks for is to be asked about. */
function personFiling(kind: RequestName, groups: PersonFilingGroups): PersonFiling {
  const spec: MessageSpec = catalogue[kind];
  const group =
    groups.find(({ messages }) => messages.includes(kind)) ??
    groups.find(({ families }) => families.includes(spec.family));
  return {
    kind,
    fields: fieldsWithCode(spec).map(({ name, zh, en }) => ({ name, zh, en })),
    state: group?.state ?? 'ask',
    why: { zh: group?.whyZh ?? '', en: group?.whyEn ?? '' },
    source: group?.source ?? '',
  };
}

/** Of every message that is filed, in the order of the catalogue. */
export function personFilings(groups: PersonFilingGroups): readonly PersonFiling[] {
  return requestNames.map((kind) => personFiling(kind, groups));
}

const rules = {
  no: { id: 'P-FILING-NO', level: 'reject' },
  bank: { id: 'P-FILING-BANK', level: 'reject' },
  ask: { id: 'P-FILING-ASK', level: 'doubt' },
} as const satisfies Record<PersonFilingState, { readonly id: string; readonly level: FindingLevel }>;

export const personRules: readonly { readonly id: string; readonly level: FindingLevel }[] = Object.values(rules);

/** The check of a document in the book of a natural person: it says so before anything leaves. */
export function checkPersonFiling(kind: RequestName, groups: PersonFilingGroups): Finding[] {
  const { fields, state, why, source } = personFiling(kind, groups);
  const { id, level } = rules[state];
  const [first] = fields;
  const spec: MessageSpec = catalogue[kind];
  return [
    {
      rule: id,
      level,
      path: first === undefined ? '' : pathOf(spec, first.name),
      params: {
        field: first?.zh ?? spec.zh,
        fieldEn: first?.en ?? spec.en,
        why: why.zh,
        whyEn: why.en,
      },
      source,
    },
  ];
}

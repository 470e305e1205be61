/** Registrations of the firm with a pilot zone's platform (经营主体备案), and the matters of government services (政务事项). */
import { z } from 'zod';
import { matter, operatorTypes } from '../rules/matters/pack.ts';
import { policyCard } from '../rules/policies/pack.ts';
import { isoDate, isoInstant } from './common.ts';
import { documentState } from './filing.ts';
import { command, query } from './operation.ts';

const id = z.number().int().positive();
const bilingual = z.object({ zh: z.string(), en: z.string() });

/** A paper of the checklist: what stands on it; its file is on file under the registration's number. */
export const registrationPaper = z.object({
  paper: z.string().min(1).max(60),
  no: z.string().trim().max(60).default(''),
  validTo: isoDate.nullable().default(null),
});

/** What a registration says beyond the firm's own profile. Names alone, no identity numbers. */
export const registrationBody = z.object({
  address: z.string().trim().max(200).default(''),
  /** Administrative division (行政区划), six digits. */
  division: z.union([z.literal(''), z.string().regex(/^\d{6}$/)]).default(''),
  legalPerson: z.string().trim().max(60).default(''),
  contactName: z.string().trim().max(60).default(''),
  contactPhone: z.string().trim().max(30).default(''),
  website: z.string().trim().max(200).default(''),
  business: z.string().trim().max(500).default(''),
  /** Supervision modes (监管方式) it is for, four digits each. */
  modes: z
    .array(z.string().regex(/^\d{4}$/))
    .max(20)
    .default([]),
  /** Null where it does not end. */
  validTo: isoDate.nullable().default(null),
  papers: z.array(registrationPaper).max(50).default([]),
  note: z.string().trim().max(500).default(''),
});
export type RegistrationBody = z.output<typeof registrationBody>;

/** The latest filing of a registration. */
const filingOf = z.object({
  documentId: id,
  state: documentState,
  appType: z.string(),
  /** What was filed is no longer what the book says. */
  stale: z.boolean(),
  statusInfo: z.string().optional(),
});

export const registrationRow = z.object({
  id,
  number: z.string(),
  subjectType: z.enum(operatorTypes),
  state: z.enum(['open', 'cancelled']),
  /** Number and day of the acceptance that stands. */
  acceptNo: z.string().nullable(),
  acceptedOn: isoDate.nullable(),
  validTo: isoDate.nullable(),
  /** The first paper to run out. */
  nextExpiry: isoDate.nullable(),
  filing: filingOf.nullable(),
  updatedAt: isoInstant,
});

/** A paper that a registration asks for. */
export const paperAsked = z.object({
  code: z.string(),
  title: bilingual,
  required: z.boolean(),
  note: bilingual,
});

export const registrations = {
  'registrations.list': query(z.object({}), z.object({ rows: z.array(registrationRow) })),
  /** One with all it says, its checklist and what is on file. Refusal: `REGISTRATION_UNKNOWN` {id}. */
  'registrations.get': query(
    z.object({ id }),
    registrationRow.extend({
      body: registrationBody,
      checklist: z.array(paperAsked.extend({ files: z.array(z.object({ id, fileName: z.string() })) })),
    }),
  ),
  /**
   * Opens one of a kind of operator, filled with what the firm has said on its last registration. Refusal: `REGISTRATION_EXISTS` {number}
   * while one of the kind is open.
   */
  'registrations.open': command(z.object({ subjectType: z.enum(operatorTypes) }), z.object({ id })),
  /** Refusals: `REGISTRATION_UNKNOWN` {id}, `FILING_VOID` {number} of one that is cancelled. */
  'registrations.save': command(z.object({ id, body: registrationBody }), z.object({ id })),
  /**
   * Cancels one: a draft of it is given up, and what the platform has accepted is taken back by a filing of its own. Refusals:
   * `REGISTRATION_UNKNOWN` {id}, `FILING_UNDERWAY` {number, state} while a filing has no result.
   */
  'registrations.cancel': command(
    z.object({ id, reason: z.string().trim().min(1).max(500) }),
    z.object({ id, filed: z.boolean() }),
  ),
  /** The matters with authorities that the pack in force names. Refusal: `RULE_PACK_MISSING`. */
  'matters.list': query(z.object({}), z.object({ rows: z.array(matter) })),

  /** The policy cards of the pack in force, with the day they are judged by. Refusal: `RULE_PACK_MISSING`. */
  'policies.list': query(z.object({}), z.object({ today: isoDate, rows: z.array(policyCard) })),
} as const;

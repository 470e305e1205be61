/** Contacts of services the program does not do itself: legal, marketing, talent, the window of the park. Kept by the user, none are shipped. */
import { z } from 'zod';
import { command, query } from './operation.ts';

export const contactKinds = ['legal', 'marketing', 'talent', 'park', 'other'] as const;

const line = (max: number) => z.string().trim().max(max).default('');
const serviceContact = z.object({
  kind: z.enum(contactKinds),
  name: z.string().trim().min(1).max(100),
  person: line(60),
  phone: line(40),
  email: line(100),
  /** Shown to be copied; the program opens no address. */
  link: line(200),
  note: line(500),
});
export type ServiceContact = z.output<typeof serviceContact>;

const id = z.number().int().positive();

export const contacts = {
  /** By service, then by name. */
  'contacts.list': query(z.object({}), z.object({ rows: z.array(serviceContact.extend({ id })) })),
  /** Adds a contact, or changes one. Refusal: `CONTACT_UNKNOWN` {id}. */
  'contacts.save': command(serviceContact.extend({ id: id.optional() }), z.object({ id })),
  /** Refusal: `CONTACT_UNKNOWN` {id}. */
  'contacts.remove': command(z.object({ id }), z.object({})),
} as const;

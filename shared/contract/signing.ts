import { z } from 'zod';
import { command, query } from './operation.ts';

/** The signer of business messages: none yet, or an RSA software certificate (the card and SM2 follow). */
export const signerView = z.object({
  kind: z.enum(['none', 'rsa']),
  subject: z.string().optional(),
  serial: z.string().optional(),
  notAfter: z.string().optional(),
});

export const signing = {
  'signing.status': query(z.object({}), signerView),
  /** A self-signed certificate for practice only: real customs will not know it. */
  'signing.createPractice': command(z.object({}), signerView),
  'signing.remove': command(z.object({}), signerView),
} as const;

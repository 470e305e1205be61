import type { PledgeFiling } from '../documents/catalogue.ts';
import { compactDay, type FilingFrame, filingHead, given } from './registration.ts';

/** A pledge as it was signed; days `yyyy-mm-dd`. */
export interface FiledPledge {
  readonly templateId: string;
  readonly version: string;
  readonly title: string;
  readonly textSha256: string;
  /** The name alone, no identity number. */
  readonly signer: string;
  readonly signedOn: string;
  readonly validTo: string | null;
  readonly note: string;
}

/** The pledge as it is filed: which text, by whom, until when; the text itself stays with the firm. Pure. */
export function draftPledge(pledge: FiledPledge, frame: FilingFrame): PledgeFiling {
  return {
    ...filingHead(frame),
    templateId: pledge.templateId,
    templateVersion: pledge.version,
    title: pledge.title,
    textSha256: pledge.textSha256,
    signerName: pledge.signer,
    signedOn: compactDay(pledge.signedOn),
    ...given('validTo', compactDay(pledge.validTo)),
    ...given('note', pledge.note),
  };
}

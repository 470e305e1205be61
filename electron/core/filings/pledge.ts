import { draftPledge } from '../../../shared/drafting/pledge.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { requirePledge } from '../store/credit.ts';
import { frameOf, platformFiling } from './platform.ts';
import type { FilingSubject } from './subject.ts';

/**
 * 信用承诺. Refusals: `PLEDGE_UNSIGNED` {number} of one that was not signed, `FILING_VOID` {number} of one that was revoked before it was
 * filed, `PLEDGE_UNKNOWN` {id}.
 */
export const pledge: FilingSubject = {
  request: 'PLAT401Message',
  ...platformFiling('credit_pledge'),
  isTakenBack: (book, id) => requirePledge(book, id).state === 'revoked',
  draw(context, id, as) {
    const of = requirePledge(context.book, id);
    const { number, templateId, version, title, signed, body, state } = of;
    if (state === 'revoked' && as.operation !== '3') throw new PortbookError('FILING_VOID', { number });
    if (signed === null) throw new PortbookError('PLEDGE_UNSIGNED', { number });
    const { signer, validTo, note } = body;
    const filed = { templateId, version, title, textSha256: signed.sha256, signer, signedOn: signed.on, validTo, note };
    return { body: draftPledge(filed, frameOf(context, of, as)), currency: 'CNY' };
  },
};

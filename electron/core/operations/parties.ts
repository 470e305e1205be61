import type { accounting } from '../../../shared/contract/accounting.ts';
import type { Handlers } from '../context.ts';
import { listParties, saveParty } from '../store/parties.ts';
import { refuseCustomsCode } from './profile-check.ts';

/** Suppliers, customers, platforms, carriers, banks, authorities (往来单位). */
export const partyHandlers: Handlers<Extract<keyof typeof accounting, `parties.${string}`>> = {
  'parties.list': ({ kind, text, after, limit }, { book }) => listParties(book, { kind, text, after, limit }),

  'parties.save': (party, { book, now, emit }) => {
    const at = now();
    if (party.customsCode !== null) refuseCustomsCode(party.customsCode, 'customsCode');
    const saved = book.transaction(() => {
      const result = saveParty(book, party, at);
      book.audit(
        'party.saved',
        `party:${result.id}`,
        { kind: result.kind, name: result.name, active: result.active },
        at,
      );
      return result;
    });
    emit({ name: 'book.changed', areas: ['ledger'] });
    return saved;
  },
};

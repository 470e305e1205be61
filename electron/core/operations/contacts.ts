import type { contacts } from '../../../shared/contract/contacts.ts';
import type { Handlers } from '../context.ts';
import { listContacts, removeContact, saveContact } from '../store/contacts.ts';

/** Contacts of services. The journal says that one changed, not whose telephone it is. */
export const contactHandlers: Handlers<keyof typeof contacts> = {
  'contacts.list': (_input, { book }) => ({ rows: listContacts(book) }),

  'contacts.save': (input, { book, now }) => ({
    id: book.transaction(() => {
      const id = saveContact(book, input);
      book.audit('contacts.save', String(id), { kind: input.kind }, now());
      return id;
    }),
  }),

  'contacts.remove': ({ id }, { book, now }) => {
    book.transaction(() => {
      removeContact(book, id);
      book.audit('contacts.remove', String(id), {}, now());
    });
    return {};
  },
};

import type { stores } from '../../../shared/contract/stores.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { isCurrency } from '../../../shared/money/index.ts';
import type { Handlers } from '../context.ts';
import { listStores, saveStore } from '../store/stores.ts';

export const storeHandlers: Handlers<keyof typeof stores> = {
  'stores.list': (_input, { book }) => listStores(book),

  'stores.save': (input, { book, now, emit }) => {
    if (!isCurrency(input.currency))
      throw new PortbookError('CURRENCY_UNKNOWN', { currency: input.currency }, 'currency');
    const at = now();
    const id = book.transaction(() => {
      const saved = saveStore(book, input, at);
      book.audit(
        'store.saved',
        `store:${saved}`,
        { platform: input.platform, name: input.name, active: input.active },
        at,
      );
      return saved;
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return { id };
  },
};

import path from 'node:path';
import { roles } from '../../shared/contract/books.ts';
import { PortbookError } from '../../shared/errors.ts';
import { samplePassphrase } from '../../shared/sample-book.ts';
import { type Answer, call, need, options, passphrase, startCore, withBook } from './shell.ts';

/** Refusal: `ROLE_UNKNOWN`. */
function roleOf(text: string): (typeof roles)[number] {
  const role = roles.find((one) => one === text);
  if (role === undefined) throw new PortbookError('ROLE_UNKNOWN', { role: text, roles: roles.join(', ') }, 'role');
  return role;
}

export async function createBook(): Promise<Answer> {
  const folder = need('dir');
  const core = startCore(folder);
  try {
    const { bookId, recoveryKey } = await call(core, 'books.create', {
      profile: {
        role: roleOf(options.role),
        name: need('name'),
        uscc: need('uscc'),
        customsCode: need('customs-code'),
      },
      passphrase: await passphrase(),
    });
    return { body: { bookId, dir: path.resolve(folder), recoveryKey } };
  } finally {
    await core.close();
  }
}

export async function createSample(): Promise<Answer> {
  const folder = need('dir');
  const core = startCore(folder);
  try {
    const { bookId } = await call(core, 'books.createSample', {});
    const { total: orders } = await call(core, 'orders.list', { limit: 1 });
    return { body: { bookId, dir: path.resolve(folder), orders, passphrase: samplePassphrase } };
  } finally {
    await core.close();
  }
}

export const bookInfo = () =>
  withBook(need('dir'), async (core) => {
    const { bookId, isSample, name, role, uscc, customsCode } = await call(core, 'books.profile', {});
    const health = await call(core, 'books.health', {});
    const { total: orders } = await call(core, 'orders.list', { limit: 1 });
    const { total: products } = await call(core, 'products.list', { limit: 1 });
    const { counts: documents } = await call(core, 'documents.counts', {});
    return { body: { bookId, name, role, uscc, customsCode, isSample, orders, products, documents, ...health } };
  });

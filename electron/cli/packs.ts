import path from 'node:path';
import { PortbookError } from '../../shared/errors.ts';
import { call, given, need, positionals, withBook } from './shell.ts';

/** Packs of code tables and rules: what the book keeps, a file looked at, taken, and the way back. */

/** A file named on the line. Refusal: `OPTION_MISSING`. */
function packFile(): string {
  const [, , file] = positionals;
  if (file === undefined) throw new PortbookError('OPTION_MISSING', { option: '<file>' });
  return path.resolve(file);
}

export const listPacks = () =>
  withBook(need('book'), async (core) => ({ body: { ...(await call(core, 'packs.list', {})) } }));

export const checkPack = () =>
  withBook(need('book'), async (core) => ({ body: { ...(await call(core, 'packs.check', { file: packFile() })) } }));

/** Verifies, keeps and puts in force. */
export const takePack = () =>
  withBook(need('book'), async (core) => {
    const { id, version, standing } = await call(core, 'packs.load', { file: packFile() });
    const { changes } = await call(core, 'packs.preview', { id, version });
    return { body: { id, version, standing, changes, ...(await call(core, 'packs.take', { id, version })) } };
  });

/** `packs rollback ID [--to VERSION]`: without a version to what ships. Refusals: `OPTION_MISSING`, `OPTION_NUMBER`. */
export const rollBackPack = () =>
  withBook(need('book'), async (core) => {
    const [, , id] = positionals;
    if (id === undefined) throw new PortbookError('OPTION_MISSING', { option: '<pack>' });
    const version = given('to') === '' ? null : Number(given('to'));
    if (version !== null && (!Number.isInteger(version) || version < 1))
      throw new PortbookError('OPTION_NUMBER', { option: '--to' }, 'to');
    const reason = need('reason');
    return { body: { id, version, ...(await call(core, 'packs.rollBack', { id, version, reason })) } };
  });

/** `packs trust KEY --name N`: the issuer's key in base64. Refusals: `OPTION_MISSING`, `PACK_KEY_INVALID`. */
export const trustIssuer = () =>
  withBook(need('book'), async (core) => {
    const [, , key] = positionals;
    if (key === undefined) throw new PortbookError('OPTION_MISSING', { option: '<key>' });
    return { body: { ...(await call(core, 'packs.trust', { name: need('name'), publicKey: key })) } };
  });

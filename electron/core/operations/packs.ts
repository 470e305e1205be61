import { basename } from 'node:path';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { KeptPack, packs } from '../../../shared/contract/packs.ts';
import { PortbookError } from '../../../shared/errors.ts';
import type { PackManifest } from '../../../shared/sync/protocol.ts';
import type { Context, Handlers } from '../context.ts';
import { readBytes } from '../importers/source.ts';
import {
  acceptPack,
  applyBookData,
  changesOf,
  checkContent,
  checkManifest,
  issuerKey,
  openPackFile,
  readContent,
  requireInTime,
  requireUsable,
  unusable,
} from '../packs.ts';
import { draftsOfOtherVersions, keepTables } from '../store/code-tables.ts';
import {
  choosePack,
  distrustIssuer,
  listIssuers,
  listPackRefusals,
  listPacks,
  requirePack,
  type StoredPack,
  storedContent,
  trustIssuer,
} from '../store/packs.ts';

/** What a manifest says, for people. */
function viewOf({ book }: Context, manifest: PackManifest, parts: StoredPack['parts']) {
  const { id, kind, version, validFrom, title, changes, keyId, sha256, size } = manifest;
  return {
    ...{ id, kind, version, validFrom, title, changes, keyId, sha256, size },
    parts: parts.map(({ id: part, titleZh, titleEn }) => ({ id: part, titleZh, titleEn })),
    issuer: listIssuers(book).find((one) => one.keyId === keyId)?.name ?? '',
  };
}

function keptView(context: Context, pack: StoredPack, inForce: number | undefined): KeptPack {
  const { book, resources } = context;
  const { manifest, parts, source, sourceName, receivedAt, takenAt } = pack;
  const problem = pack.inForce ? unusable(resources, book, pack) : undefined;
  const distrusted = !listIssuers(book).some((one) => one.keyId === manifest.keyId && one.trustedAt !== undefined);
  return {
    ...viewOf(context, manifest, parts),
    ...{
      source,
      sourceName,
      receivedAt,
      inForce: pack.inForce,
      distrusted,
      waiting: manifest.version > (inForce ?? 0),
    },
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** The version of each pack in force, by id. */
const versionsInForce = (all: readonly StoredPack[]): ReadonlyMap<string, number> =>
  new Map(all.filter(({ inForce }) => inForce).map(({ manifest }) => [manifest.id, manifest.version]));

function versionsNow({ book, resources }: Context) {
  const { tablesVersion, rulesVersion } = resources;
  return { tablesVersion, rulesVersion, toRecheck: draftsOfOtherVersions(book, resources).length };
}

/** Puts a version in force, or what ships, and has the whole program use it from now on. */
function putInForce(
  context: Context,
  id: string,
  version: number | undefined,
  audit: { readonly action: string; readonly detail: Readonly<Record<string, unknown>> },
): OutputOf<'packs.take'> {
  const { book, resources, now, emit } = context;
  const at = now();
  // What documents were checked with is kept, so that what changed since can be told.
  keepTables(book, resources, at);
  book.transaction(() => {
    choosePack(book, id, version, at);
    book.audit(audit.action, `pack:${id}`, audit.detail, at);
  });
  applyBookData(book, resources);
  keepTables(book, resources, at);
  emit({ name: 'book.changed', areas: ['documents', 'products', 'tax', 'risk', 'matching'] });
  return versionsNow(context);
}

const inForceVersion = ({ book }: Context, id: string): number | undefined => versionsInForce(listPacks(book)).get(id);

export const packHandlers: Handlers<keyof typeof packs> = {
  'packs.list': (_input, context) => {
    const { book } = context;
    const all = listPacks(book);
    const inForce = versionsInForce(all);
    return {
      rows: all.map((pack) => keptView(context, pack, inForce.get(pack.manifest.id))),
      issuers: listIssuers(book).map(({ trustedAt, ...one }) => ({
        ...one,
        ...(trustedAt === undefined ? {} : { trustedAt }),
      })),
      refusals: listPackRefusals(book).map(({ code, params, ...one }) => ({
        ...one,
        error: { code, params: { ...params } },
      })),
      ...versionsNow(context),
    };
  },

  'packs.check': async ({ file }, context) => {
    const { book, resources, files } = context;
    const { manifest, bytes } = openPackFile(await readBytes(files.pathOf(file, 'read')));
    const standing = checkManifest(book, manifest);
    const content = readContent(manifest, bytes);
    checkContent(resources, book, manifest, content);
    const parts = content.kind === 'tables' ? content.tables.map(({ header }) => header) : content.rules;
    return {
      pack: viewOf(
        context,
        manifest,
        parts.map(({ id, titleZh, titleEn }) => ({ id, titleZh, titleEn, sha256: '', rows: 0, source: '', asOf: '' })),
      ),
      standing,
      changes: changesOf(resources, book, manifest, content),
    };
  },

  'packs.load': async ({ file }, context) => {
    const { book, resources, files, now, emit } = context;
    const path = files.pathOf(file, 'read');
    const { manifest, bytes } = openPackFile(await readBytes(path));
    // A file that this program cannot use is not kept: the person at it can ask for another.
    checkManifest(book, manifest);
    checkContent(resources, book, manifest, readContent(manifest, bytes));
    const standing = acceptPack(book, manifest, bytes, { source: 'file', sourceName: basename(path) }, now());
    emit({ name: 'sync.changed' });
    return { id: manifest.id, version: manifest.version, standing };
  },

  'packs.preview': ({ id, version }, context) => {
    const { book, resources } = context;
    const { pack, content } = requireUsable(resources, book, id, version);
    return {
      pack: keptView(context, pack, inForceVersion(context, id)),
      changes: changesOf(resources, book, pack.manifest, content),
    };
  },

  'packs.take': ({ id, version }, context) => {
    const { book, resources, now } = context;
    const { manifest } = requireUsable(resources, book, id, version).pack;
    const held = inForceVersion(context, id) ?? 0;
    if (version <= held) throw new PortbookError('PACK_NOT_LATER', { id, version, held }, 'version');
    requireInTime(manifest, now());
    const { keyId, sha256 } = manifest;
    return putInForce(context, id, version, {
      action: 'pack.taken',
      detail: { version, before: held === 0 ? 'shipped' : held, keyId, sha256 },
    });
  },

  'packs.rollBack': ({ id, version, reason }, context) => {
    const { book, resources } = context;
    const held = inForceVersion(context, id);
    if (version !== null) {
      const { manifest } = requirePack(book, id, version);
      if (held === undefined || version >= held)
        throw new PortbookError('PACK_NOT_EARLIER', { id, version, held: held ?? 0 }, 'version');
      checkContent(resources, book, manifest, storedContent(book, id, version));
    } else if (held === undefined) throw new PortbookError('PACK_NOT_EARLIER', { id, version: 0, held: 0 }, 'version');
    return putInForce(context, id, version ?? undefined, {
      action: 'pack.rolledBack',
      detail: { version: version ?? 'shipped', before: held, reason },
    });
  },

  'packs.trust': ({ name, publicKey }, { book, now, emit }) => {
    const key = issuerKey(publicKey);
    const at = now();
    book.transaction(() => {
      trustIssuer(book, key.keyId, { name, publicKey: key.publicKey }, at);
      book.audit('pack.issuerTrusted', `issuer:${key.keyId}`, { name }, at);
    });
    emit({ name: 'sync.changed' });
    return { keyId: key.keyId };
  },

  'packs.distrust': ({ keyId, reason }, { book, now, emit }) => {
    book.transaction(() => {
      if (!distrustIssuer(book, keyId)) throw new PortbookError('PACK_ISSUER_NOT_TRUSTED', { keyId }, 'keyId');
      book.audit('pack.issuerWithdrawn', `issuer:${keyId}`, { reason }, now());
    });
    emit({ name: 'sync.changed' });
    return {};
  },
};

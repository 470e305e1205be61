import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { issuePack, issuerKeyIn, listPacks } from '../../platform/packs.ts';
import { temporaryFolder } from '../faults/support/folder.ts';
import { notice, otherUnits, packFile } from '../fixtures/packs.ts';
import { commandLine } from '../fixtures/portbook.ts';
import { coreAt, firm, must } from '../fixtures/trade.ts';

/** Packs by the compiled command line: trusted, looked at, taken, listed, taken back; and the folder a platform hands out. */
const folder = temporaryFolder('packs-cli');
const at = (name: string) => path.join(folder, name);
const passphrase = 'only for tests';
const key = issuerKeyIn(at('issuer'));
let book = '';

const program = commandLine({ PORTBOOK_PASSPHRASE: passphrase, PORTBOOK_HOME: at('home') });
const portbook = (...args: string[]) => program.run('packs', ...args, '--book', book);
const unitsFile = (version: number): string => {
  const file = at(`units-${version}.portbook-pack`);
  writeFileSync(file, packFile(notice('units', version), { kind: 'tables', tables: [otherUnits()] }, key));
  return file;
};

beforeAll(async () => {
  const core = coreAt(at('desk'));
  await must(core, 'books.create', { profile: firm, passphrase });
  book = core.session.book.folder;
  await core.close();
});

describe('portbook packs', () => {
  it('trusts an issuer, looks at a pack without keeping it, takes it, lists it and takes it back', async () => {
    const file = unitsFile(1);
    expect(await program.alone('packs', 'check', file, '--book', book)).toMatchObject({
      code: 1,
      body: { error: { code: 'PACK_ISSUER_UNKNOWN' } },
    });
    expect(await portbook('trust', key.publicKey, '--name', '示例发布机构')).toMatchObject({
      code: 0,
      body: { keyId: key.keyId },
    });
    const looked = await portbook('check', file);
    expect(looked).toMatchObject({
      code: 0,
      body: { standing: 'new', changes: { tables: [{ id: 'unit', added: 1 }] } },
    });
    expect((await portbook('list')).body.rows).toEqual([]);
    const taken = await portbook('take', file);
    expect(taken).toMatchObject({ code: 0, body: { id: 'units', version: 1, standing: 'new' } });
    const listed = await portbook('list');
    expect(listed.body.rows).toMatchObject([{ id: 'units', version: 1, inForce: true, waiting: false }]);
    expect(listed.body.tablesVersion).toBe(taken.body.tablesVersion);
    const back = await portbook('rollback', 'units', '--reason', '代码有误');
    expect(back).toMatchObject({ code: 0, body: { id: 'units', version: null } });
    expect(back.body.tablesVersion).not.toBe(taken.body.tablesVersion);
    expect((await portbook('list')).body.rows).toMatchObject([{ id: 'units', version: 1, inForce: false }]);
  });

  it('says what is missing on the line, and which file is no pack', async () => {
    expect(await portbook('check')).toMatchObject({ code: 1, body: { error: { code: 'OPTION_MISSING' } } });
    expect(await portbook('rollback', 'units', '--reason', '误', '--to', 'one')).toMatchObject({
      body: { error: { code: 'OPTION_NUMBER' } },
    });
    writeFileSync(at('none.portbook-pack'), 'nothing of the kind');
    expect(await portbook('take', at('none.portbook-pack'))).toMatchObject({
      body: { error: { code: 'PACK_FILE_NOT' } },
    });
    expect(await portbook('trust', 'no key', '--name', '谁')).toMatchObject({
      body: { error: { code: 'PACK_KEY_INVALID' } },
    });
  });
});

describe('the folder a platform hands out', () => {
  it('is hashed once, and again when a file of it has changed, whatever its time says', async () => {
    const warned: unknown[] = [];
    const log = { warn: (what: unknown) => void warned.push(what) } as unknown as Parameters<typeof listPacks>[1];
    mkdirSync(at('handed'));
    const { manifest, bytes } = issuePack(notice('units', 1), { kind: 'tables', tables: [otherUnits()] }, key);
    const pack = at('handed/units-1.pack');
    writeFileSync(at('handed/units-1.manifest.json'), JSON.stringify(manifest));
    writeFileSync(pack, bytes);
    expect(await listPacks(at('handed'), log)).toEqual([manifest]);
    expect(await listPacks(at('handed'), log)).toEqual([manifest]);
    expect(warned).toEqual([]);
    // As many bytes, and the time put back: a copy that keeps times does so.
    const before = statSync(pack);
    const other = Buffer.from(bytes);
    other[other.length - 2] = 0x20;
    writeFileSync(pack, other);
    utimesSync(pack, before.atime, before.mtime);
    expect(await listPacks(at('handed'), log)).toEqual([]);
    expect(warned).toEqual([{ file: 'units-1.manifest.json' }]);
    writeFileSync(pack, bytes);
    expect(await listPacks(at('handed'), log)).toEqual([manifest]);
  });
});

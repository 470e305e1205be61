import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from './launch.ts';

/** The desk as it ships. `npm run package` itself starts the packed program with `--smoke` and fails when it is not whole. */

const packed = path.join(root, 'out/package/linux-unpacked');

describe.runIf(process.platform === 'linux')('the package', () => {
  beforeAll(() => {
    const outcome = spawnSync(process.execPath, [path.join(root, 'build/package.mjs')], { encoding: 'utf8' });
    expect(outcome.stderr).toContain('the packed program works');
    expect(outcome.status).toBe(0);
  });

  it('states every fuse', async () => {
    const wire = await getCurrentFuseWire(path.join(packed, 'portbook'));
    const isOn = (fuse: FuseV1Options) => wire[fuse] === '1'.charCodeAt(0);
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
      fileProtocolPrivileges: isOn(FuseV1Options.GrantFileProtocolExtraPrivileges),
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      inspect: false,
      asarIntegrity: true,
      onlyAsar: true,
      fileProtocolPrivileges: false,
    });
  });

  it('carries its resources, and nothing that opens other applications', () => {
    expect(existsSync(path.join(packed, 'resources/app.asar'))).toBe(true);
    expect(existsSync(path.join(packed, 'resources/resources/rules'))).toBe(true);
    expect(existsSync(path.join(packed, 'resources/default_app.asar'))).toBe(false);
  });
});

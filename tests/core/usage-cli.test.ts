import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findResources } from '../../electron/core/resources.ts';

/** What the compiled command line says of itself. */
function portbook(...args: string[]) {
  const program = path.resolve(findResources(), '../dist/cli.js');
  return spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
}

describe('portbook', () => {
  it('lists its commands when it is asked to, as an answer', () => {
    for (const asked of [['--help'], ['-h'], ['queue', '--help']]) {
      const { status, stdout, stderr } = portbook(...asked);
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('portbook <command>');
      expect(stdout).toContain('import receipts --book D --file F.xml');
    }
  });

  it('lists them as a complaint when a command or an option is unknown', () => {
    for (const wrong of [['quue'], ['queue', '--colour']]) {
      const { status, stdout, stderr } = portbook(...wrong);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toContain('portbook <command>');
      const { status: code, stdout: answer } = portbook(...wrong, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(answer)).toMatchObject({ ok: false, error: { code: 'USAGE' } });
    }
  });
});

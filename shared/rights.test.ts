import { describe, expect, it } from 'vitest';
import { clerkRoles } from './contract/broker.ts';
import { contract, type OperationName } from './contract/contract.ts';
import { areasWithoutOperation, mayDo, rightsFor, rightsOf } from './rights.ts';

const names = Object.keys(contract) as OperationName[];

describe('rights', () => {
  it('name a right for every command and job, and none for what only reads', () => {
    for (const name of names) expect(rightsFor(name) === undefined, name).toBe(contract[name].kind === 'query');
  });

  it('name no area that the contract does not have', () => {
    expect(areasWithoutOperation()).toEqual([]);
  });

  it('let an owner do everything and everybody read', () => {
    expect(names.filter((name) => !mayDo('owner', name))).toEqual([]);
    for (const role of clerkRoles) expect(mayDo(role, 'orders.list'), role).toBe(true);
  });

  it.each([
    ['maker', 'documents.edit', true],
    ['maker', 'documents.queue', false],
    ['maker', 'review.approve', false],
    ['maker', 'review.claim', true],
    ['maker', 'vouchers.post', false],
    ['checker', 'review.approve', true],
    ['checker', 'documents.queue', true],
    ['checker', 'clerks.save', false],
    ['finance', 'vouchers.post', true],
    ['finance', 'documents.edit', false],
    ['finance', 'periods.close', true],
    ['cooperative', 'lots.harvest', true],
    ['cooperative', 'vouchers.post', false],
    ['reader', 'documents.edit', false],
    ['reader', 'documents.printFindings', true],
    ['reader', 'clerks.choose', true],
    ['reader', 'books.updateProfile', false],
    ['reader', 'screen.lock', true],
    ['reader', 'entry.save', false],
    ['reader', 'entry.copy', false],
    ['reader', 'practice.start', false],
    ['reader', 'formDrafts.keep', true],
    ['reader', 'books.restore', false],
    ['finance', 'imports.dryRun', true],
    ['finance', 'parties.save', true],
    ['maker', 'match.movePayment', false],
  ] as const)('%s: %s %s', (role, name, may) => {
    expect(mayDo(role, name)).toBe(may);
  });

  it('give every role what is everybody’s', () => {
    for (const role of clerkRoles) expect(rightsOf[role]).toContain('desk');
  });
});

import { addDays, daysBetween, type IsoDate } from '../../../../shared/calendar/index.ts';
import type { OutputOf, ParsedInputOf } from '../../../../shared/contract/contract.ts';
import { PortbookError } from '../../../../shared/errors.ts';
import type { DelegationWanted, PaperDelegation } from '../../../../shared/papers/paper-set.ts';
import type { Book } from '../book.ts';

type Row = OutputOf<'delegations.list'>['rows'][number];
type Input = ParsedInputOf<'delegations.save'>;

interface Stored {
  id: number;
  number: string;
  principalName: string;
  principalUscc: string;
  principalCustoms: string;
  agentName: string;
  agentUscc: string;
  agentCustoms: string;
  modes: string;
  kinds: string;
  fromOn: IsoDate;
  untilOn: IsoDate;
  revokedOn: IsoDate | null;
  revokeReason: string;
  note: string;
  papers: number;
}

const select = `SELECT g.id, g.number, g.principal_name AS principalName, g.principal_uscc AS principalUscc, g.principal_customs AS principalCustoms,
    g.agent_name AS agentName, g.agent_uscc AS agentUscc, g.agent_customs AS agentCustoms, g.modes, g.kinds, g.from_on AS fromOn,
    g.until_on AS untilOn, g.revoked_on AS revokedOn, g.revoke_reason AS revokeReason, g.note,
    (SELECT count(*) FROM archive_paper p WHERE p.subject_kind = 'delegation' AND p.subject_id = CAST(g.id AS TEXT) AND p.removed_at IS NULL) AS papers
  FROM delegation g`;

const order: readonly Row['state'][] = ['active', 'future', 'expired', 'revoked'];

function stateOn({ fromOn, untilOn, revokedOn }: Stored, date: string): Row['state'] {
  if (revokedOn !== null && revokedOn <= date) return 'revoked';
  return date < fromOn ? 'future' : date > untilOn ? 'expired' : 'active';
}

/** All delegations as they stand on a day: in force, to come, over, revoked; each by its end. */
export function listDelegations(book: Book, date: IsoDate): Row[] {
  const rows = book.prepare(`${select} ORDER BY g.until_on, g.id`).all() as Stored[];
  return rows
    .map(({ revokedOn, modes, kinds, ...rest }): Row => {
      const state = stateOn({ ...rest, revokedOn, modes, kinds }, date);
      return {
        ...rest,
        modes: JSON.parse(modes) as string[],
        kinds: JSON.parse(kinds) as Row['kinds'],
        state,
        daysLeft: daysBetween(date, rest.untilOn),
        ...(revokedOn === null ? {} : { revokedOn }),
      };
    })
    .sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
}

function requireDelegation(book: Book, id: number): Stored {
  const row = book.prepare(`${select} WHERE g.id = ?`).get(id) as Stored | undefined;
  if (row === undefined) throw new PortbookError('DELEGATION_UNKNOWN', { id }, 'id');
  return row;
}

/** Adds a delegation or changes one; its codes have been checked. See the contract for its refusals. */
export function saveDelegation(book: Book, input: Input, now: string): number {
  const { id, fromOn, untilOn, number } = input;
  if (fromOn > untilOn) throw new PortbookError('DELEGATION_DATES', { from: fromOn, until: untilOn }, 'untilOn');
  if (id !== undefined && requireDelegation(book, id).revokedOn !== null)
    throw new PortbookError('DELEGATION_REVOKED', { number }, 'id');
  const other = book.prepare('SELECT id FROM delegation WHERE number = ? AND id IS NOT ?').get(number, id ?? null);
  if (other !== undefined) throw new PortbookError('DELEGATION_NUMBER_TAKEN', { number }, 'number');
  const values = { ...input, modes: JSON.stringify(input.modes), kinds: JSON.stringify(input.kinds), now };
  if (id === undefined) {
    const { lastInsertRowid } = book
      .prepare(
        `INSERT INTO delegation (number, principal_name, principal_uscc, principal_customs, agent_name, agent_uscc, agent_customs, modes,
           kinds, from_on, until_on, note, created_at, updated_at)
         VALUES (:number, :principalName, :principalUscc, :principalCustoms, :agentName, :agentUscc, :agentCustoms, :modes, :kinds,
           :fromOn, :untilOn, :note, :now, :now)`,
      )
      .run({ ...values, id: null });
    return Number(lastInsertRowid);
  }
  book
    .prepare(
      `UPDATE delegation SET number = :number, principal_name = :principalName, principal_uscc = :principalUscc,
         principal_customs = :principalCustoms, agent_name = :agentName, agent_uscc = :agentUscc, agent_customs = :agentCustoms,
         modes = :modes, kinds = :kinds, from_on = :fromOn, until_on = :untilOn, note = :note, updated_at = :now WHERE id = :id`,
    )
    .run(values);
  return id;
}

/** Ends a delegation from a day on. Refusals: `DELEGATION_UNKNOWN` {id}, `DELEGATION_REVOKED` {number}. @returns its number */
export function revokeDelegation(book: Book, id: number, on: string, reason: string, now: string): string {
  const { number, revokedOn } = requireDelegation(book, id);
  if (revokedOn !== null) throw new PortbookError('DELEGATION_REVOKED', { number }, 'id');
  book
    .prepare('UPDATE delegation SET revoked_on = ?, revoke_reason = ?, updated_at = ? WHERE id = ?')
    .run(on, reason, now, id);
  return number;
}

/** A delegation as the checks of a document see it; `to` is the day before its revocation where that came first. */
export interface DelegationSpan {
  readonly from: IsoDate;
  readonly to: IsoDate;
  readonly modes: readonly string[];
  readonly messages: readonly string[];
}

/** What a principal, named by either of its codes, has delegated to an agent. */
export function delegationsBetween(book: Book, principal: string, agent: string): DelegationSpan[] {
  const rows = book
    .prepare(
      `${select} WHERE :principal IN (g.principal_uscc, g.principal_customs) AND :agent IN (g.agent_uscc, g.agent_customs) ORDER BY g.id`,
    )
    .all({ principal, agent }) as Stored[];
  return rows.map(({ fromOn, untilOn, revokedOn, modes, kinds }) => ({
    from: fromOn,
    to: revokedOn === null || revokedOn > untilOn ? untilOn : addDays(revokedOn, -1),
    modes: JSON.parse(modes) as string[],
    messages: JSON.parse(kinds) as string[],
  }));
}

/**
 * The delegation a proxy letter (委托书) is of: of the principal, in force on the day for the mode and message, to the agent; where the
 * agent is the principal itself or nobody, the one that ends last.
 */
export function delegationFor(book: Book, of: DelegationWanted): PaperDelegation | undefined {
  const { principal, agent, mode, message, date } = of;
  const rows = book
    .prepare(
      `${select} WHERE :principal IN (g.principal_uscc, g.principal_customs) AND :principal <> '' AND g.from_on <= :date AND g.until_on >= :date
         AND (g.revoked_on IS NULL OR g.revoked_on > :date) ORDER BY g.until_on DESC, g.id DESC`,
    )
    .all({ principal, date }) as Stored[];
  const covers = (list: string, one: string): boolean => {
    const all = JSON.parse(list) as string[];
    return all.length === 0 || all.includes(one);
  };
  const found = rows.find(
    (row) =>
      covers(row.modes, mode) &&
      covers(row.kinds, message) &&
      ['', row.principalUscc, row.principalCustoms, row.agentUscc, row.agentCustoms].includes(agent),
  );
  if (found === undefined) return undefined;
  return {
    number: found.number,
    principal: { code: found.principalUscc, name: found.principalName },
    agent: { code: found.agentUscc, name: found.agentName },
    until: found.untilOn,
  };
}

/** Delegations that nobody revoked and that no later one of the same two firms continues: by their last day. */
export function endingDelegations(
  book: Book,
): { id: number; number: string; principalName: string; untilOn: IsoDate }[] {
  return book
    .prepare(
      `SELECT g.id, g.number, g.principal_name AS principalName, g.until_on AS untilOn FROM delegation g WHERE g.revoked_on IS NULL
         AND NOT EXISTS (SELECT 1 FROM delegation n WHERE n.revoked_on IS NULL AND n.principal_uscc = g.principal_uscc
           AND n.agent_uscc = g.agent_uscc AND n.until_on > g.until_on) ORDER BY g.until_on, g.id`,
    )
    .all() as { id: number; number: string; principalName: string; untilOn: IsoDate }[];
}

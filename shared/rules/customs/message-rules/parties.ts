/** Parties of a document: codes, identity numbers, delegations, registrations. */
import { specOf } from '../../../documents/catalogue.ts';
import { partiesOf } from '../../../documents/parties.ts';
import type { MessageName } from '../../../documents/spec.ts';
import { checkEnterpriseCode, checkResidentId, maskResidentId } from '../../../identity/identity.ts';
import type { Opened } from '../message-rule.ts';

import { ALL, DECLARED, dayOf, filled, IMPORT_BUYER, RETURNS, ruleList, SPEC, WITHDRAWALS } from './vocabulary.ts';

const { rules, rule } = ruleList();

export { rules as partiesRules };

rule(
  'M-CODE-FORM',
  'reject',
  ALL.filter((name) => !['CEB303Message', 'CEB403Message', 'CEB505Message', 'CEB603Message'].includes(name)),
  'GB 32100-2015；海关注册编码',
  ({ head }, report) => {
    const seen = new Set<string>();
    for (const field of [
      'ebcCode',
      'agentCode',
      'declAgentCode',
      'operatorCode',
      'logisticsCode',
      'areaCode',
      'payCode',
    ]) {
      const value = head[field];
      if (!filled(value) || value === '无' || seen.has(value)) continue;
      seen.add(value);
      const result = checkEnterpriseCode(value);
      if (!result.ok) report(field, { value, reason: result.code });
    }
  },
);

rule('M-ID-NUMBER', 'reject', [...IMPORT_BUYER, 'CEB411Message'], 'GB 11643-1999 公民身份号码', ({ head }, report) => {
  for (const [type, number] of [
    ['buyerIdType', 'buyerIdNumber'],
    ['payerIdType', 'payerIdNumber'],
  ] as const) {
    const value = head[number];
    if (head[type] === '1' && filled(value) && !checkResidentId(value).ok)
      report(number, { value: maskResidentId(value) });
  }
});

rule(
  'M-PHONE',
  'doubt',
  [...IMPORT_BUYER, 'CEB511Message'],
  `${SPEC} buyerTelephone consigneeTelephone`,
  ({ head, parameters }, report) => {
    for (const field of ['buyerTelephone', 'consigneeTelephone']) {
      const value = head[field];
      if (filled(value) && !new RegExp(parameters.mobilePattern).test(value.replaceAll(/[\s-]|^\+?86/g, '')))
        report(field, { tail: value.slice(-4) });
    }
  },
);

rule(
  'M-CUSTOMS-AREA',
  'doubt',
  ALL.filter((name) => name !== 'CEB603Message'),
  '关区代码表 2022-06',
  ({ head, tables }, report) => {
    for (const field of ['customsCode', 'portCode']) {
      const code = head[field];
      const entry = filled(code) ? tables.get('customs_district')?.lookup(code) : undefined;
      if (entry?.more['level'] === 'region') report(field, { code: code ?? '', name: entry.zh });
    }
  },
);

/** Parties of a document with the authorities between them; undefined where the firm declares itself or nobody knows. */
function delegationsOf({ message, body, facts }: Opened) {
  const spec = specOf(message);
  if (spec === undefined) return undefined;
  const { principal, agent, ...of } = partiesOf(spec, body);
  if (principal.code === '' || agent.code === '' || agent.codes.some((code) => principal.codes.includes(code)))
    return undefined;
  // Each may be known by either of its codes.
  const found = principal.codes.flatMap((from) => agent.codes.map((to) => facts.delegations?.(from, to)));
  if (found.includes(undefined)) return undefined;
  const known = [...new Map(found.flatMap((some) => some ?? []).map((one) => [JSON.stringify(one), one])).values()];
  return { known, agent, day: dayOf(of.filedAt), ...of };
}
const PROXY = '海关法第十一条；代理报关委托书';
/** What an agent (申报企业) files for a firm that it names; a master waybill (CEB607) names none. */
const DELEGATED: readonly MessageName[] = [...DECLARED, ...WITHDRAWALS, ...RETURNS, 'CEB701Message'];
rule('M-DELEGATION', 'doubt', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of !== undefined && of.known.length === 0) report(of.agent.field, { agent: of.agent.code });
});
rule('M-DELEGATION-DATE', 'reject', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of === undefined || of.known.length === 0 || of.day === undefined) return;
  const { known, day, agent } = of;
  if (known.some(({ from, to }) => from <= day && day <= to)) return;
  const ends = known.map(({ to }) => to).sort();
  report(agent.field, { agent: agent.code, filed: day, until: ends.at(-1) ?? '' });
});
rule('M-DELEGATION-MODE', 'reject', DECLARED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of?.day === undefined || !filled(of.mode)) return;
  const { known, day, mode, modeField } = of;
  const valid = known.filter(({ from, to }) => from <= day && day <= to);
  if (valid.length > 0 && !valid.some(({ modes }) => modes.length === 0 || modes.includes(mode)))
    report(modeField, { mode, covered: [...new Set(valid.flatMap(({ modes }) => modes))].join(', ') });
});

rule('M-DELEGATION-KIND', 'reject', DELEGATED, PROXY, (opened, report) => {
  const of = delegationsOf(opened);
  if (of?.day === undefined) return;
  const { known, day, agent } = of;
  const { message } = opened;
  const valid = known.filter(({ from, to }) => from <= day && day <= to);
  if (valid.length > 0 && !valid.some(({ messages = [] }) => messages.length === 0 || messages.includes(message)))
    report(agent.field, { message, covered: [...new Set(valid.flatMap(({ messages = [] }) => messages))].join(', ') });
});

/** Registrations of who the document is for, with its mode and day; undefined where the book knows of none. */
function registeredOf({ message, body, facts }: Opened) {
  const spec = specOf(message);
  if (spec === undefined) return undefined;
  const { principal, mode, modeField, filedAt } = partiesOf(spec, body);
  const day = dayOf(filedAt);
  const known = facts.registrations?.(principal.codes);
  if (known === undefined || day === undefined || !filled(mode)) return undefined;
  return { known, inForce: known.filter(({ to }) => to === undefined || day <= to), day, mode, modeField };
}
const REGISTERED = '综合试验区实施方案：经营主体备案管理';
rule('M-REGISTRATION-MODE', 'doubt', DECLARED, REGISTERED, (opened, report) => {
  const of = registeredOf(opened);
  if (of === undefined) return;
  const { mode, modeField } = of;
  // A registration as a producer or a warehouse names no modes, and says nothing of them.
  const scoped = of.inForce.filter(({ modes }) => modes.length > 0);
  if (scoped.length === 0 || scoped.some(({ modes }) => modes.includes(mode))) return;
  const covered = [...new Set(scoped.flatMap(({ modes }) => modes))].sort();
  report(modeField, { mode, covered: covered.join(', '), number: scoped.map(({ number }) => number).join(', ') });
});
rule('M-REGISTRATION-DATE', 'doubt', DECLARED, REGISTERED, (opened, report) => {
  const of = registeredOf(opened);
  if (of === undefined) return;
  // Where one names modes, it is by those that the firm trades; one as a warehouse or a producer does not stand in for them.
  const scoped = of.known.filter(({ modes }) => modes.length > 0);
  const known = scoped.length > 0 ? scoped : of.known;
  if (known.some((one) => of.inForce.includes(one))) return;
  const last = [...known].sort((a, b) => (a.to ?? '').localeCompare(b.to ?? '')).at(-1);
  report(of.modeField, { number: last?.number ?? '', until: last?.to ?? '', filed: of.day });
});

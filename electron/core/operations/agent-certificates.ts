import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { type IsoDate, parseIsoDate } from '../../../shared/calendar/index.ts';
import type { agentCertificates } from '../../../shared/contract/agent-certificates.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { type DeadlineRule, type DeadlineRuleId, deadlinesPack } from '../../../shared/rules/deadlines/pack.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { dateOf, packFigures, yuanText } from '../obligations.ts';
import { agentCertificatePage } from '../printing/agent-certificate-page.ts';
import {
  type AgentExportRow,
  agentExports,
  goodsOfDeclaration,
  requireAgentExport,
  saveAgentCertificate,
} from '../store/agent-certificates.ts';
import { DeadlineReader } from './deadlines.ts';

const lawIds: readonly DeadlineRuleId[] = ['agentCertificate', 'agentCertificateAsk'];

/** The rule for goods exported on a day. A firm's own pack may have taken it out: the last of them then. */
function ruleOn(rules: readonly DeadlineRule[], exportDate: string): DeadlineRule | undefined {
  const of = rules.filter(({ id }) => lawIds.includes(id));
  return (
    of.find(
      ({ inForceFrom, inForceTo }) => inForceFrom <= exportDate && (inForceTo === null || exportDate <= inForceTo),
    ) ?? of.at(-1)
  );
}

/** Last day of a certificate, and whose word it is. */
function dueOf(reader: DeadlineReader, one: AgentExportRow): { dueOn: IsoDate; dueBy: 'law' | 'office' | 'former' } {
  const told = one.toldDueOn === null ? undefined : parseIsoDate(one.toldDueOn);
  if (told !== undefined) return { dueOn: told, dueBy: 'office' };
  const exported = dateOf(one.exportDate, 'exportDate');
  const rule = ruleOn(reader.rules, exported);
  if (rule === undefined) return { dueOn: exported, dueBy: 'former' };
  return { dueOn: reader.due(rule, { date: exported }), dueBy: rule.id === 'agentCertificate' ? 'law' : 'former' };
}

const changed = (context: Context): void => context.emit({ name: 'book.changed', areas: ['tax'] });
const isWaiting = ({ state }: Pick<AgentExportRow, 'state'>): boolean => state === 'needed' || state === 'requested';

/** 代理出口货物证明: what needs one, what has become of it, and the draft of the request. */
export const agentCertificateHandlers: Handlers<keyof typeof agentCertificates> = {
  'agentCertificates.list': (_input, context) => {
    const today = dateOf(chinaDate(context.now()), 'today');
    const reader = new DeadlineReader(context, today);
    const rows = agentExports(context.book).map(({ fen, documentId, ...one }) => {
      const due = dueOf(reader, { ...one, fen, documentId });
      return {
        ...one,
        ...(documentId === undefined ? {} : { documentId }),
        ...due,
        amountCny: fen === null ? null : yuanText(fen),
        // A day that is no legal term can be over, but nothing is late by it.
        isLate: isWaiting(one) && due.dueBy !== 'former' && due.dueOn < today,
      };
    });
    const rule = ruleOn(packFigures(context, 'deadlines', deadlinesPack, today).rules, today);
    return {
      rows: rows.sort(
        (a, b) =>
          Number(isWaiting(b)) - Number(isWaiting(a)) ||
          (a.dueOn === b.dueOn ? (a.declarationNo < b.declarationNo ? -1 : 1) : a.dueOn < b.dueOn ? -1 : 1),
      ),
      law: {
        title: { zh: rule?.titleZh ?? '', en: rule?.titleEn ?? '' },
        note: { zh: rule?.noteZh ?? '', en: rule?.noteEn ?? '' },
        source: rule?.source ?? '',
        isKnown: rule?.id === 'agentCertificate',
      },
    };
  },

  'agentCertificates.goods': ({ declarationNo }, { book }) => {
    requireAgentExport(book, declarationNo);
    return { rows: goodsOfDeclaration(book, declarationNo) };
  },

  'agentCertificates.save': (input, context) => {
    const { book } = context;
    const now = context.now();
    const { declarationNo, requestedOn, certificateNo, obtainedOn, handedOn, toldDueOn, notNeeded } = input;
    book.transaction(() => {
      saveAgentCertificate(book, input, now);
      book.audit(
        'agent-certificate.saved',
        declarationNo,
        { requestedOn, certificateNo, obtainedOn, handedOn, toldDueOn, notNeeded },
        now,
      );
    });
    changed(context);
    return {};
  },

  'agentCertificates.print': async ({ declarations, to }, context) => {
    const { book, files, host, resources } = context;
    const path = files.pathOf(to, 'write');
    const rows = declarations.map((declarationNo) => requireAgentExport(book, declarationNo));
    const nameless = rows.find(({ principalName }) => principalName === '');
    if (nameless !== undefined)
      throw new PortbookError('AGENT_PRINCIPAL_UNKNOWN', { declarationNo: nameless.declarationNo }, 'declarations');
    if (new Set(rows.map(({ principalName, principalCode }) => `${principalName}\n${principalCode}`)).size > 1)
      throw new PortbookError('AGENT_PRINCIPALS_DIFFER', {}, 'declarations');
    const units = resources.table('unit');
    const today = dateOf(chinaDate(context.now()), 'today');
    const [first] = rows;
    const rule = ruleOn(packFigures(context, 'deadlines', deadlinesPack, today).rules, first?.exportDate ?? today);
    const lines = rows.flatMap((row) =>
      goodsOfDeclaration(book, row.declarationNo).map((goods) => ({
        ...row,
        ...goods,
        unit: units.lookup(goods.unit)?.zh ?? goods.unit,
      })),
    );
    const { name, uscc } = book.profile();
    const html = agentCertificatePage(lines, {
      ...{ firm: name, uscc, madeOn: today, source: rule?.source ?? '' },
      ...{ principalName: first?.principalName ?? '', principalCode: first?.principalCode ?? '' },
      note: rule?.noteZh ?? '',
    });
    const pdf = await host.printPdf(html);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    return { rows: lines.length };
  },
};

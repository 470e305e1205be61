/**
 * T27: export revenue lines of the prepayment form and 《代理出口企业受托出口情况汇总表》, 国家税务总局公告2025年第17号 (from 2025-10-01).
 * An agent that does not name who it exports for is taxed as if the goods were its own. Amounts in yuan.
 */
import { z } from 'zod';
import { checkUscc } from '../../../identity/index.ts';
import { calculator } from '../../calculator.ts';
import { amount, date, fen, Num } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';

export const exportFormPackId = 'tax-income-export-form';
export const exportFormPackSchema = packSchema(z.object({}));

const row = z.strictObject({
  declarationNo: z.string(),
  exportDate: date,
  /** self: own goods, own declaration; entrusted: own goods through an agent; agent: another's goods. */
  method: z.enum(['self', 'entrusted', 'agent']),
  /** Of the goods. */
  amountCny: amount,
  /** Of `agent`: what the agent earns, without VAT. */
  agencyFeeCny: amount.optional(),
  principalName: z.string().optional(),
  principalCreditCode: z.string().optional(),
});
export type ExportRevenueRow = z.output<typeof row>;

export interface AgentExportLine {
  readonly principalName: string;
  readonly principalCreditCode: string;
  readonly declarations: number;
  readonly amountCny: Num;
  readonly agencyFeeCny: Num;
}

/** The agent's table: one line a principal that is named with a valid credit code, in order of the code. */
export function agentExportTable(rows: readonly ExportRevenueRow[]): {
  readonly lines: readonly AgentExportLine[];
  readonly unnamed: readonly ExportRevenueRow[];
} {
  const lines = new Map<string, AgentExportLine & { readonly numbers: ReadonlySet<string> }>();
  const unnamed: ExportRevenueRow[] = [];
  for (const one of rows) {
    if (one.method !== 'agent') continue;
    const code = one.principalCreditCode?.trim().toUpperCase() ?? '';
    const name = one.principalName?.trim() ?? '';
    if (name === '' || !checkUscc(code).ok) {
      unnamed.push(one);
      continue;
    }
    const before = lines.get(code);
    const numbers = new Set([...(before?.numbers ?? []), one.declarationNo]);
    lines.set(code, {
      principalName: before?.principalName ?? name,
      principalCreditCode: code,
      numbers,
      declarations: numbers.size,
      amountCny: one.amountCny.plus(before?.amountCny ?? 0),
      agencyFeeCny: (one.agencyFeeCny ?? new Num(0)).plus(before?.agencyFeeCny ?? 0),
    });
  }
  const sorted = [...lines.values()].sort((a, b) => (a.principalCreditCode < b.principalCreditCode ? -1 : 1));
  return { lines: sorted.map(({ numbers: _, ...line }) => line), unnamed };
}

/** T27: rows of a period to the form's lines and the agent's table; rows outside the period are counted and left out. */
export const exportRevenueForm = calculator({
  id: 'T27',
  rule: 'T27',
  packs: [exportFormPackId],
  source: '国家税务总局公告2025年第17号',
  inForceFrom: '2025-10-01',
  input: z
    .strictObject({ periodFrom: date, periodTo: date, rows: z.array(row) })
    .refine((input) => input.periodFrom <= input.periodTo, { path: ['periodTo'], message: 'before periodFrom' }),
  calculate({ periodFrom, periodTo, rows }, trace) {
    trace.parameters(exportFormPackId, exportFormPackSchema, periodTo);
    const inside = rows.filter((one) => periodFrom <= one.exportDate && one.exportDate <= periodTo);
    const sum = (picked: readonly ExportRevenueRow[], of: (one: ExportRevenueRow) => Num): Num =>
      picked.reduce((total, one) => total.plus(of(one)), new Num(0));
    const by = (method: ExportRevenueRow['method']) => inside.filter((one) => one.method === method);
    const { lines, unnamed } = agentExportTable(inside);
    const goods = (one: ExportRevenueRow) => one.amountCny;
    const selfExport = sum(by('self'), goods);
    const entrusted = sum(by('entrusted'), goods);
    const fees = sum(by('agent'), (one) => one.agencyFeeCny ?? new Num(0));
    const asSelf = sum(unnamed, goods);
    if (unnamed.length > 0) trace.warn('principalUnnamed', { rows: unnamed.length, amount: fen(asSelf) });
    if (inside.length < rows.length) trace.warn('rowsOutsidePeriod', { rows: rows.length - inside.length });
    const line = (id: string, value: Num) => note(trace, id, 'Σ rows', { rows: inside.length }, value, 'fen');
    return {
      selfExportRevenue: line('selfExportRevenue', selfExport),
      entrustedExportRevenue: line('entrustedExportRevenue', entrusted),
      agencyFeeRevenue: line('agencyFeeRevenue', fees),
      treatedAsSelfExport: line('treatedAsSelfExport', asSelf),
      agentExports: lines.map((one) => ({
        ...one,
        amountCny: fen(one.amountCny),
        agencyFeeCny: fen(one.agencyFeeCny),
      })),
      unnamedDeclarations: unnamed.map((one) => one.declarationNo),
    };
  },
});

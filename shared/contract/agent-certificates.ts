/** 代理出口货物证明: agent exports of the firm, whose principals need the certificate to claim their refund. */
import { z } from 'zod';
import { decimalText, fileToken, isoDate } from './common.ts';
import { command, job, query } from './operation.ts';
import { bilingual } from './tax.ts';

/** `needed` → `requested` of the tax office → `obtained` → `handed` to the principal; `none`: not needed, with why. */
export const agentCertificateStates = ['needed', 'requested', 'obtained', 'handed', 'none'] as const;

const details = {
  /** 委托代理出口协议号. */
  contractNo: z.string().trim().max(60),
  requestedOn: isoDate.nullable(),
  /** Last day as the tax office said it. */
  toldDueOn: isoDate.nullable(),
  certificateNo: z.string().trim().max(60),
  obtainedOn: isoDate.nullable(),
  handedOn: isoDate.nullable(),
  /** Why none is needed; empty: it is. */
  notNeeded: z.string().trim().max(300),
  note: z.string().trim().max(500),
};

export const agentCertificateRow = z.object({
  declarationNo: z.string(),
  exportDate: isoDate,
  /** The principal (委托方): 生产销售单位 of the declaration, or as entered in the tax facts. Empty: not known. */
  principalName: z.string(),
  principalCode: z.string(),
  /** `document`: 境内发货人 and 生产销售单位 of a declaration differ; `fact`: entered as 受托 in the tax facts. */
  from: z.enum(['document', 'fact']),
  documentId: z.number().int().optional(),
  /** Null: not valued, as a line has no rate. */
  amountCny: decimalText.nullable(),
  state: z.enum(agentCertificateStates),
  ...details,
  /** Last day, and whose word it is: of the law on the day of export, of the tax office, or the former rule's day while no law is at hand. */
  dueOn: isoDate,
  dueBy: z.enum(['law', 'office', 'former']),
  isLate: z.boolean(),
});

export const agentCertificates = {
  /** By last day, those that wait first. `law`: the rule for exports of today, with its source. */
  'agentCertificates.list': query(
    z.object({}),
    z.object({
      rows: z.array(agentCertificateRow),
      law: z.object({ title: bilingual, note: bilingual, source: z.string(), isKnown: z.boolean() }),
    }),
  ),
  /** Goods of a declaration as the request lists them. Refusal: `AGENT_EXPORT_UNKNOWN` {declarationNo}. */
  'agentCertificates.goods': query(
    z.object({ declarationNo: z.string() }),
    z.object({
      rows: z.array(
        z.object({
          lineNo: z.number().int(),
          hsCode: z.string(),
          name: z.string(),
          unit: z.string(),
          qty: decimalText,
          currency: z.string(),
          fob: z.string(),
        }),
      ),
    }),
  ),
  /**
   * What has become of one. Refusals: `AGENT_EXPORT_UNKNOWN` {declarationNo}, `AGENT_CERTIFICATE_PAIR` (number and day go together),
   * `AGENT_CERTIFICATE_DAYS` {earlier, later} where the steps are not in order.
   */
  'agentCertificates.save': command(z.object({ declarationNo: z.string(), ...details }), z.object({})),
  /**
   * Draft of the request (代理出口货物证明申请表) of one principal's declarations, as a PDF. Refusals: `AGENT_EXPORT_UNKNOWN`,
   * `AGENT_PRINCIPAL_UNKNOWN` {declarationNo} while nobody has said whose they are, `AGENT_PRINCIPALS_DIFFER`, `PRINT_NEEDS_WINDOW`.
   */
  'agentCertificates.print': job(
    z.object({ declarations: z.array(z.string()).min(1).max(100), to: fileToken }),
    z.object({ rows: z.number().int() }),
  ),
} as const;

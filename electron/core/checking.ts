import { chinaDate } from '../../shared/calendar/china-time.ts';
import { type IsoDate, parseIsoDate } from '../../shared/calendar/dates.ts';
import type { FindingView } from '../../shared/contract/common.ts';
import { catalogue } from '../../shared/documents/catalogue.ts';
import type { Finding } from '../../shared/documents/finding.ts';
import { headOf } from '../../shared/documents/spec.ts';
import { validateAny } from '../../shared/documents/validate.ts';
import type { DraftKind } from '../../shared/drafting/retail-export.ts';
import { type CustomsParameters, checkRetailExport, customsPackSchema } from '../../shared/rules/customs/index.ts';
import { requirePackOn } from '../../shared/rules/pack.ts';
import type { Context } from './context.ts';
import { type DocumentRecord, waybillsInUse } from './store/documents.ts';
import { orderRow, productReader } from './store/drafting.ts';

/** Checks the documents of one order: findings by document id. */
export type OrderCheck = (documents: readonly DocumentRecord[]) => Map<number, FindingView[]>;

/** The 9610 parameters in force on a business date. Throws `RULE_PACK_MISSING` rather than guess. */
export function parametersOn(context: Context, date: IsoDate): CustomsParameters {
  return requirePackOn(customsPackSchema.parse(context.resources.json('rules', 'customs-9610.json')), date).parameters;
}

/**
 * Makes the check of one run: each document field by field against its table, and the papers of each list against each
 * other. What many orders share (rule pack, products, waybills already used) is read once a run.
 */
export function orderCheck(context: Context): OrderCheck {
  const { book, resources } = context;
  const parameters = parametersOn(context, chinaDate(context.now()));
  const profile = book.profile();
  const product = productReader(book);
  let inUse: Map<string, number> | undefined;
  const waybillCount = (no: string) => {
    inUse ??= waybillsInUse(book);
    return inUse.get(no) ?? 0;
  };
  const firm = {
    foreignPlatform: profile.ebpCode === '无',
    // An empty zone is not an answer: only a firm that says where it is can be held to it.
    ...(profile.zone === '' ? {} : { inPilotZone: true }),
    dxpId: profile.dxpId,
  };

  return (documents) => {
    const findings = new Map<number, FindingView[]>();
    for (const document of documents) {
      findings.set(document.id, validateAny(catalogue[document.kind], document.body, resources.tables).map(viewOf));
    }
    const heads = documents.map((document) => ({ document, head: headOf(catalogue[document.kind], document.body) }));
    const partner = (kind: DraftKind, field: string, value: string | undefined) =>
      heads.find(({ document, head }) => document.kind === kind && head[field] === value)?.document;

    for (const { document: list, head } of heads) {
      if (list.kind !== 'CEB603Message') continue;
      const order = partner('CEB303Message', 'orderNo', head['orderNo']);
      const receipt = partner('CEB403Message', 'orderNo', head['orderNo']);
      const waybill = partner('CEB505Message', 'logisticsNo', head['logisticsNo']);
      const source = list.orderId === undefined ? undefined : orderRow(book, list.orderId);
      const orderedOn = parseIsoDate(source?.ordered_at.slice(0, 10) ?? '');
      const found = checkRetailExport({
        list: list.body,
        ...(order === undefined ? {} : { order: order.body }),
        ...(receipt === undefined ? {} : { receipt: receipt.body }),
        ...(waybill === undefined ? {} : { waybill: waybill.body }),
        ...(orderedOn === undefined ? {} : { orderedOn }),
        profile: firm,
        product: (sku) => ({ licence: product(sku)?.needsLicence === 1 }),
        batch: { waybillCount },
        tables: resources.tables,
        parameters,
      });
      const papers: Partial<Record<string, DocumentRecord | undefined>> = {
        CEB303Message: order,
        CEB403Message: receipt,
        CEB505Message: waybill,
      };
      for (const { message, ...finding } of found) {
        const where = papers[message] ?? list;
        findings.get(where.id)?.push(viewOf(finding));
      }
    }
    return findings;
  };
}

function viewOf(finding: Finding): FindingView {
  return { ...finding, params: { ...finding.params } };
}

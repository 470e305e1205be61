import { specOf } from '../shared/documents/catalogue.ts';
import { headOf, linesOf, type Values } from '../shared/documents/spec.ts';
import { format5, sum5, tryParse5 } from '../shared/money/decimal.ts';
import type { Docket } from './docket.ts';
import type { StoredDocument } from './storage/storage.ts';

/**
 * What customs makes of a summary application (汇总申请单): the lists it names, put together by consignor, transport, producer, country and
 * customs of exit into declarations, and their lines by destination, code and currency into items. The practice customs has a rule of its own
 * here, so that a mistake of the desk's shows.
 */

/** A declaration made of lists, as a 汇总结果单 tells of it. */
export interface SummaryResult {
  readonly head: Values;
  readonly lines: readonly Values[];
}

interface Numbers {
  /** 统一编号 and 报关单号 of the next declaration. */
  next(customsCode: string): Promise<{ readonly declSeqNo: string; readonly entryId: string }>;
  readonly opDate: string;
}

const key = (...values: (string | undefined)[]): string => values.map((value) => value ?? '').join('\u0000');

/** The declarations of an application; lists that nobody declared are left out. */
export async function summarise(
  docket: Docket,
  application: StoredDocument,
  numbers: Numbers,
): Promise<SummaryResult[]> {
  const applied = specOf(application.kind);
  const listSpec = specOf('CEB603Message');
  if (applied === undefined || listSpec === undefined) throw new Error('no table of summary applications');
  const head = headOf(applied, application.body);
  const groups = new Map<string, { list: StoredDocument; head: Values }[]>();
  for (const { invtNo } of linesOf(applied, application.body)) {
    const list = docket.byNumber(application.enterpriseId, 'CEB603Message', invtNo ?? '');
    if (list?.state !== 'released') continue;
    const listed = headOf(listSpec, list.body);
    const name = key(listed['ebcCode'], listed['trafMode'], listed['ownerCode'], listed['country'], listed['portCode']);
    groups.set(name, [...(groups.get(name) ?? []), { list, head: listed }]);
  }
  const results: SummaryResult[] = [];
  for (const lists of groups.values()) {
    const items: string[] = [];
    const lines = lists.flatMap(({ list, head: listed }) =>
      linesOf(listSpec, list.body).map((line): Values => {
        const item = key(line['country'], line['gcode'], line['currency']);
        if (!items.includes(item)) items.push(item);
        return {
          invtNo: list.invtNo,
          logisticsNo: listed['logisticsNo'],
          gseqno: String(items.indexOf(item) + 1),
          gnum: line['gnum'],
          gcode: line['gcode'],
        };
      }),
    );
    const weigh = (field: string): string => format5(sum5(lists.map((one) => tryParse5(one.head[field] ?? '') ?? 0n)));
    results.push({
      head: {
        ...Object.fromEntries(Object.entries(head).filter(([name]) => !['appType', 'appTime'].includes(name))),
        sumNo: application.invtNo,
        opDate: numbers.opDate,
        ...(await numbers.next(head['customsCode'] ?? '')),
        decState: '2',
        grossWeight: weigh('grossWeight'),
        netWeight: weigh('netWeight'),
        msgCount: String(groups.size),
        msgSeqNo: String(results.length + 1),
        note: undefined,
      },
      lines,
    });
  }
  return results;
}

import type { OutputOf } from '../../shared/contract/contract.ts';
import { ceb607 } from '../../shared/documents/catalogue.ts';
import { headOf, linesOf } from '../../shared/documents/spec.ts';
import {
  departureFindings,
  departureTotals,
  type LoadedPaper,
  type MasterList,
} from '../../shared/logistics/departure.ts';
import { format5, tryParse5 } from '../../shared/money/decimal.ts';
import type { Context } from './context.ts';
import { logisticsPack, stateOfCutOff, takenTimes } from './logistics.ts';
import { type LeavingPaper, leavingElsewhere, mastersOf, papersLeaving, statedOfMaster } from './store/departures.ts';
import { requireShipment } from './store/shipments.ts';
import { containersOf, cutOffsOf, sealsOf } from './store/way.ts';

type View = OutputOf<'departures.get'>;

/** 中转集拼 of a shipment: what leaves with it, added up and held against the master waybill. */

/** A figure above nought; what is nought or no figure is not stated. */
const stated = (text: string): bigint | undefined => {
  const value = tryParse5(text);
  return value === undefined || value <= 0n ? undefined : value;
};

function paperOf(row: LeavingPaper): LoadedPaper & Pick<LeavingPaper, 'kind' | 'ownShipmentId'> {
  const packages = stated(row.packages);
  const { id, kind, number, mode, state, ownShipmentId, ownShipmentNo: shipmentNo, consignor, producer } = row;
  return {
    ...{ id, kind, number, mode, state, ownShipmentId, shipmentNo, isList: kind === 'CEB603Message' },
    owner: producer === '' || producer === consignor ? consignor : `${consignor} / ${producer}`,
    packages: packages === undefined ? undefined : Number(packages / 100_000n),
    ...{ grossE5: stated(row.gross), netE5: stated(row.net) },
    ...{ bill: row.bill.trim(), vehicle: row.vehicle, voyage: row.voyage, exitAt: row.exitAt, waybill: row.waybill },
    isTwice: row.isTwice === 1,
  };
}

const totalsView = (papers: readonly LoadedPaper[]) => {
  const { grossE5, netE5, ...counts } = departureTotals(papers);
  return { ...counts, gross: format5(grossE5), net: format5(netE5) };
};

function groupsOf(papers: readonly ReturnType<typeof paperOf>[]): View['groups'] {
  const groups = new Map<string, ReturnType<typeof paperOf>[]>();
  for (const one of papers) {
    const key = JSON.stringify([one.mode, one.isList, one.shipmentNo, one.owner]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const { mode, isList, ownShipmentId, shipmentNo, owner } = first;
    return [
      {
        ...totalsView(own),
        mode,
        isList,
        shipmentNo,
        owner,
        ...(ownShipmentId === null ? {} : { shipmentId: ownShipmentId }),
      },
    ];
  });
}

/** Refusals: `SHIPMENT_UNKNOWN` {id}, `RULE_PACK_MISSING`. @param shown papers in the answer */
export function departureOf(context: Context, shipmentId: number, shown: number): View {
  const { book } = context;
  const now = context.now();
  const { shipmentNo, body } = requireShipment(book, shipmentId);
  const bill = body.billNo.trim();
  const papers = papersLeaving(book, shipmentId).map(paperOf);
  const masters = mastersOf(book, shipmentId, bill).map(({ id, number, state, body: master }) => ({
    ...{ id, number, state, grossE5: stated(headOf(ceb607, master)['grossWeight'] ?? '') },
    waybills: linesOf(ceb607, master).flatMap(({ logisticsNo = '' }) => (logisticsNo === '' ? [] : [logisticsNo])),
  }));
  const { parameters } = logisticsPack(context, now);
  const taken = takenTimes(book, shipmentId);
  const entered = statedOfMaster(book, shipmentId);
  const findings = departureFindings(
    {
      ...{ bill, vehicle: body.trafName, voyage: body.voyageNo, exitAt: body.portCode, trafMode: body.trafMode },
      statedPackages: entered?.packages ?? undefined,
      statedGrossE5: entered?.grossE5 == null ? undefined : BigInt(entered.grossE5),
      masters: masters satisfies readonly MasterList[],
      containers: containersOf(book, shipmentId).length,
      seals: sealsOf(book, shipmentId).length,
      cutOffsOver: cutOffsOf(book, shipmentId).filter((one) =>
        ['over', 'late'].includes(stateOfCutOff(parameters, one, taken, now)),
      ).length,
    },
    papers,
    format5,
  );
  return {
    ...{ shipmentNo, bill, vehicle: body.trafName, voyage: body.voyageNo, exitAt: body.portCode },
    stated: {
      packages: entered?.packages == null ? '' : String(entered.packages),
      gross: entered?.grossE5 == null ? '' : format5(BigInt(entered.grossE5)),
    },
    totals: totalsView(papers),
    groups: groupsOf(papers),
    papers: papers.slice(0, shown).map(({ packages, grossE5, ownShipmentId, ...one }) => ({
      ...{ id: one.id, kind: one.kind, number: one.number, mode: one.mode, owner: one.owner },
      ...{ shipmentNo: one.shipmentNo, state: one.state, waybill: one.waybill },
      packages: packages === undefined ? '' : String(packages),
      gross: grossE5 === undefined ? '' : format5(grossE5),
      isLoaded: ownShipmentId !== shipmentId,
    })),
    masters: masters.map(({ id, number, state, waybills }) => ({ id, number, state, waybills: waybills.length })),
    findings: findings.map(({ numbers, ...one }) => ({ ...one, numbers: numbers.slice(0, shown) })),
    elsewhere: leavingElsewhere(book, shipmentId),
  };
}

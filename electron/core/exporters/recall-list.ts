/** 召回清单: every affected carton with its lot and buyer, as a sheet of text. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { cartonText } from '../../../shared/lots/cartons.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import type { TextColumn } from './text-sheet.ts';

const columns: readonly TextColumn[] = [
  '买方',
  '国家',
  '发运编号',
  '发运日期',
  '货运编号',
  '报关单号',
  '批次（溯源码）',
  '首箱号',
  '末箱号',
  '箱数',
  '散货（千克）',
].map((header) => ({ header }));

/** One row a run of cartons; those still here have no buyer. What is in no carton stands below, a row a lot. */
export function recallSheet({ rows, lots }: OutputOf<'trace.recall'>): {
  readonly columns: readonly TextColumn[];
  readonly rows: readonly (readonly string[])[];
} {
  return {
    columns,
    rows: [
      ...rows.flatMap((row) =>
        row.cartons.map((carton) => [
          row.buyer,
          row.country,
          row.dispatch === '' ? '库存' : row.dispatch,
          row.on,
          row.shipmentNo,
          row.declarationNo,
          carton.lot,
          cartonText(carton, carton.first),
          cartonText(carton, carton.last),
          String(carton.last - carton.first + 1),
          '',
        ]),
      ),
      ...lots
        .filter(({ freeG }) => freeG > 0)
        .map(({ code, freeG }) => ['', '', '库存散货', '', '', '', code, '', '', '', kilogramText(freeG)]),
    ],
  };
}

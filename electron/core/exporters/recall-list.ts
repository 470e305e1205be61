/** 召回清单: every affected carton with its lot and buyer, as a sheet. */
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { cartonText } from '../../../shared/lots/cartons.ts';
import { kilogramText } from '../../../shared/lots/mass.ts';
import type { TextColumn } from './text-sheet.ts';

const words = {
  zh: {
    heads: [
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
    ],
    sheet: '召回清单',
    here: '库存',
    loose: '库存散货',
  },
  en: {
    heads: [
      ...[
        'Buyer',
        'Country',
        'Dispatch',
        'Date',
        'Shipment',
        'Declaration',
        'Lot (trace code)',
        'First carton',
        'Last carton',
      ],
      ...['Cartons', 'Loose (kg)'],
    ],
    sheet: 'Recall list',
    here: 'In stock',
    loose: 'Loose, in stock',
  },
} as const;

/** By column: wide enough for the longest code, counts and masses as numbers to be summed. */
const shapes: readonly Omit<TextColumn, 'header'>[] = [
  { width: 30 },
  { width: 14 },
  { width: 18 },
  { width: 12 },
  { width: 18 },
  { width: 22 },
  { width: 18 },
  { width: 20 },
  { width: 20 },
  { width: 10, format: '#,##0' },
  { width: 14, format: '#,##0.000' },
];

/**
 * One row a run of cartons; those still here have no buyer. What is in no carton stands below, a row a lot.
 * @param countryOf the name of a country by its two letters
 */
export function recallSheet(
  { rows, lots }: OutputOf<'trace.recall'>,
  language: keyof typeof words,
  countryOf: (alpha2: string) => string,
): {
  readonly sheet: string;
  readonly columns: readonly TextColumn[];
  readonly rows: readonly (readonly string[])[];
} {
  const { heads, sheet, here, loose } = words[language];
  return {
    sheet,
    columns: heads.map((header, at) => ({ header, ...shapes[at] })),
    rows: [
      ...rows.flatMap((row) =>
        row.cartons.map((carton) => [
          row.buyer,
          countryOf(row.country),
          row.dispatch === '' ? here : row.dispatch,
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
        .map(({ code, freeG }) => ['', '', loose, '', '', '', code, '', '', '', kilogramText(freeG)]),
    ],
  };
}

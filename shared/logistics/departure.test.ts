import { describe, expect, it } from 'vitest';
import { format5 } from '../money/decimal.ts';
import { type Departure, departureFindings, departureTotals, type LoadedPaper } from './departure.ts';

/** One departure under master waybill 880-12345675: lists of 9610 and 9710 and a declaration, of two shipments and owners. */
const paper = (id: number, own: Partial<LoadedPaper> = {}): LoadedPaper => ({
  ...{ id, number: `L${id}`, isList: true, mode: '9610', owner: '甲', shipmentNo: 'S1' },
  state: 'released',
  ...{ packages: 2, grossE5: 150_000n, netE5: 120_000n, bill: '880-12345675', vehicle: 'HU491', voyage: 'HU491' },
  ...{ exitAt: '6407', waybill: `W${id}`, isTwice: false },
  ...own,
});
const declaration = paper(3, { number: 'D3', isList: false, mode: '0110', owner: '乙', shipmentNo: 'S2', waybill: '' });
const papers = [paper(1), paper(2, { mode: '9710' }), declaration];
const departure: Departure = {
  ...{ bill: '880-12345675', vehicle: 'HU491', voyage: 'HU491', exitAt: '6407', trafMode: '5' },
  ...{ statedPackages: 6, statedGrossE5: 450_000n, containers: 0, seals: 1, cutOffsOver: 0 },
  masters: [{ number: 'M1', state: 'accepted', grossE5: 300_000n, waybills: ['W1', 'W2'] }],
};
const findings = (of: Partial<Departure> = {}, all: readonly LoadedPaper[] = papers) =>
  departureFindings({ ...departure, ...of }, all, format5).map(({ code, level, numbers, stated, found }) =>
    [code, level, ...numbers, stated, found].filter((one) => one !== undefined),
  );

describe('a consolidated departure', () => {
  it('adds up and has nothing against it when papers, carrier and master list agree', () => {
    expect(departureTotals(papers)).toEqual({ papers: 3, packages: 6, grossE5: 450_000n, netE5: 360_000n, unknown: 0 });
    expect(findings()).toEqual([]);
  });

  it('says that nothing is loaded, and then nothing else', () => {
    expect(findings({ bill: '' }, [])).toEqual([['EMPTY', 'missing']]);
  });

  it('says what is not released, rejected, declared twice, and what cut-off is over', () => {
    expect(
      findings({ cutOffsOver: 1 }, [
        paper(1, { state: 'draft' }),
        paper(2, { state: 'rejected' }),
        paper(3, { ...declaration, isTwice: true }),
      ]),
    ).toEqual([
      ['TWICE', 'stop', 'D3'],
      ['REJECTED', 'stop', 'L2'],
      ['CUT_OFF_OVER', 'stop', '1'],
      ['NOT_RELEASED', 'missing', 'L1'],
    ]);
  });

  it('holds each paper against bill, vehicle and exit of the departure', () => {
    expect(
      findings({}, [
        paper(1, { bill: '880-00000000' }),
        paper(2, { voyage: 'HU492' }),
        paper(3, { ...declaration, exitAt: '5141' }),
      ]),
    ).toEqual([
      ['BILL_DIFFERS', 'stop', 'L1'],
      ['VEHICLE_DIFFERS', 'stop', 'L2'],
      ['EXIT_DIFFERS', 'stop', 'D3'],
    ]);
    expect(findings({ bill: '', vehicle: '' })).toEqual([
      ['BILL_MISSING', 'missing'],
      ['VEHICLE_MISSING', 'missing'],
    ]);
  });

  it('compares packages and weight with the carrier only when every paper says them', () => {
    expect(findings({ statedPackages: 7, statedGrossE5: 449_999n })).toEqual([
      ['PACKAGES_DIFFER', 'stop', '7', '6'],
      ['WEIGHT_DIFFERS', 'stop', '4.49999', '4.5'],
    ]);
    expect(findings({ statedPackages: undefined, statedGrossE5: undefined })).toEqual([
      ['PACKAGES_UNKNOWN', 'missing'],
      ['WEIGHT_UNKNOWN', 'missing'],
    ]);
    expect(findings({ statedPackages: 7 }, [paper(1), paper(2, { packages: undefined }), declaration])).toEqual([
      ['UNWEIGHED', 'missing', 'L2'],
    ]);
  });

  it('holds the lists against the master list in both directions, by number and by weight', () => {
    expect(findings({ masters: [] })).toEqual([['NO_MASTER', 'missing']]);
    // Declarations stand on no 总分单.
    expect(findings({ masters: [], statedPackages: 2, statedGrossE5: 150_000n }, [declaration])).toEqual([]);
    const master = { number: 'M1', state: 'draft', grossE5: 150_000n, waybills: ['W1', 'W9', 'W9'] } as const;
    expect(findings({ masters: [master] })).toEqual([
      ['NOT_ON_MASTER', 'stop', 'L2'],
      ['MASTER_UNKNOWN', 'stop', 'W9'],
      ['MASTER_TWICE', 'stop', 'W9'],
      ['MASTER_NOT_ACCEPTED', 'missing', 'M1'],
    ]);
    expect(
      findings({ masters: [{ ...master, state: 'accepted', grossE5: 310_000n, waybills: ['W1', 'W2'] }] }),
    ).toEqual([['MASTER_WEIGHT', 'stop', '3.1', '3']]);
    expect(findings({}, [paper(1), paper(2, { waybill: '' }), declaration]).map(([code]) => code)).toEqual([
      'MASTER_UNKNOWN',
      'MASTER_WEIGHT',
      'WAYBILL_MISSING',
    ]);
  });

  it('asks for containers of what goes by sea, and for seals', () => {
    expect(findings({ trafMode: '2', seals: 0 })).toEqual([
      ['CONTAINERS_MISSING', 'note'],
      ['SEALS_MISSING', 'note'],
    ]);
  });
});

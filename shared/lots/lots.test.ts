import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cartonCount, cartonText, cutRange, readCartons } from './cartons.ts';
import { analyseColdChain, celsiusOf, celsiusText, type Reading } from './cold-chain.ts';
import { dispatchFindings, harvestFindings, type LotToDispatch, residueVerdict, unknownCard } from './findings.ts';
import { headedText, labelText } from './label-text.ts';
import { loggerMapping, possibleOrders, readLogger } from './logger-file.ts';
import { balanceOf, declaredGap, gramsIn, gramsOf, kilogramText, yieldPercent } from './mass.ts';
import { traceBack, traceOn, unvouched } from './trace.ts';
import { checkCharacter, foldTraceCode, isTraceCode, traceCode } from './trace-code.ts';

describe('the trace code', () => {
  it('has the check characters of published numbers by ISO 7064 MOD 37,36', () => {
    // The examples of the Global Release Identifier and of ISAN (root with episode, then with version).
    expect(checkCharacter('A12425GABC1234002')).toBe('M');
    expect(checkCharacter('00000000D07A0090')).toBe('Q');
    expect(checkCharacter('00000000D07A009000000000')).toBe('X');
    expect(checkCharacter('')).toBeUndefined();
    expect(checkCharacter('a1')).toBeUndefined();
  });

  it('finds every wrong character', () => {
    const code = traceCode('2026-11-21', 17);
    expect(code).toMatch(/^L2611210017.$/);
    expect(isTraceCode(foldTraceCode(' l261121-0017 ') + code.slice(-1))).toBe(true);
    const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99_999 }), fc.nat(20), fc.nat(35), (number, at, other) => {
        const whole = traceCode('2026-11-21', number);
        const place = at % whole.length;
        const wrong = letters.charAt(other);
        if (wrong === whole.charAt(place)) return;
        expect(isTraceCode(whole.slice(0, place) + wrong + whole.slice(place + 1))).toBe(false);
      }),
    );
  });

  it('finds nearly every swap of two neighbours: all but some in a thousand', () => {
    let swaps = 0;
    let missed = 0;
    for (let number = 1; number <= 3000; number++) {
      const whole = traceCode('2026-11-21', number);
      for (let place = 0; place + 1 < whole.length; place++) {
        const [left, right] = [whole.charAt(place), whole.charAt(place + 1)];
        if (left === right) continue;
        swaps += 1;
        if (isTraceCode(whole.slice(0, place) + right + left + whole.slice(place + 2))) missed += 1;
      }
    }
    expect(missed / swaps).toBeLessThan(0.005);
  });
});

describe('mass', () => {
  it('is whole grams both ways', () => {
    expect([gramsOf('12.5'), gramsOf('0.001'), gramsOf('0'), gramsOf('1.2345'), gramsOf('x')]).toEqual([
      12_500,
      1,
      undefined,
      undefined,
      undefined,
    ]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000_000_000 }), (grams) => {
        expect(gramsOf(kilogramText(grams))).toBe(grams);
      }),
    );
  });

  it('balances: what goes in comes out or is lost, to the gram', () => {
    const mass = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        fc.array(mass, { minLength: 1, maxLength: 9 }),
        fc.array(mass, { minLength: 1, maxLength: 9 }),
        (taken, outputs) => {
          const found = balanceOf({ inputs: taken.map((takenG) => ({ takenG, freeG: takenG })), outputs });
          expect(found.outputG + found.lossG).toBe(found.inputG);
          expect(found.isHeavier).toBe(found.lossG < 0);
          expect(found.overdrawnAt).toBeUndefined();
        },
      ),
    );
    expect(
      balanceOf({
        inputs: [
          { takenG: 5, freeG: 9 },
          { takenG: 7, freeG: 6 },
        ],
        outputs: [1],
      }).overdrawnAt,
    ).toBe(1);
    expect([yieldPercent(3000, 2000), yieldPercent(1, 1), yieldPercent(8, 1)]).toEqual(['66.67', '100.00', '12.50']);
  });
});

describe('a step in which nothing is lost', () => {
  it('takes all there is and is not heavier', () => {
    const step = { inputs: [{ takenG: 5, freeG: 5 }], outputs: [2, 3] };
    expect(balanceOf(step)).toEqual({ inputG: 5, outputG: 5, lossG: 0, overdrawnAt: undefined, isHeavier: false });
    expect(balanceOf({ ...step, outputs: [2, 4] })).toMatchObject({ lossG: -1, isHeavier: true });
  });
});

describe('cartons', () => {
  it('are read as numbers and ranges, with a prefix of hyphens', () => {
    expect(readCartons('LZ-0001-LZ-0400, LZ-0900；lz-0901~0903')).toEqual([
      { prefix: 'LZ-', digits: 4, first: 1, last: 400 },
      { prefix: 'LZ-', digits: 4, first: 900, last: 900 },
      { prefix: 'LZ-', digits: 4, first: 901, last: 903 },
    ]);
    expect(readCartons('1-100000')).toEqual([{ prefix: '', digits: 1, first: 1, last: 100_000 }]);
    expect([readCartons('LZ-9-LZ-1'), readCartons('A1-B2'), readCartons('abc'), readCartons('')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(cartonText({ prefix: 'LZ-', digits: 4 }, 12_345)).toBe('LZ-12345');
  });

  it('are cut without losing one', () => {
    const pair = fc.tuple(fc.nat(500), fc.nat(500)).map(([a, b]) => (a < b ? [a, b] : [b, a]) as [number, number]);
    fc.assert(
      fc.property(pair, pair, ([first, last], [from, to]) => {
        const range = { prefix: '', digits: 1, first, last };
        const cut = cutRange(range, from, to);
        if (cut === undefined) expect(to < first || from > last).toBe(true);
        else
          expect(cartonCount(cut.inside) + cut.rest.reduce((sum, one) => sum + cartonCount(one), 0)).toBe(
            cartonCount(range),
          );
      }),
    );
  });
});

describe('the tree', () => {
  it('leads back from where it leads on', () => {
    // Steps in the order of time: each takes some of the lots there are and makes new ones, so that there is no loop.
    const steps = fc
      .array(fc.tuple(fc.array(fc.nat(1000), { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 3 })), {
        maxLength: 30,
      })
      .map((drawn) => {
        let next = 5;
        return drawn.map(([from, count]) => {
          const inputs = [...new Set(from.map((one) => one % next))];
          const outputs = Array.from({ length: count }, (_, at) => next + at);
          next += count;
          return { inputs, outputs };
        });
      });
    fc.assert(
      fc.property(steps, fc.nat(4), (made, start) => {
        const all = made.flatMap(({ outputs }) => outputs);
        const on = traceOn([start], made);
        for (const one of [0, 1, 2, 3, 4, ...all]) expect(on.has(one)).toBe(traceBack([one], made).has(start));
        // No lot without an origin: back from anything stands a harvest.
        for (const one of all) expect([...traceBack([one], made)].some((lot) => lot < 5)).toBe(true);
      }),
    );
  });
});

describe('a report that vouches for a lot', () => {
  // 1 and 2 were merged into 3, 3 was split into 4 and 5, 6 was merged of 4 and a third harvest 7.
  const made = new Map([
    [3, [1, 2]],
    [4, [3]],
    [5, [3]],
    [6, [4, 7]],
  ]);
  const open = (lot: number, ...vouched: number[]) =>
    unvouched(
      lot,
      (one) => made.get(one) ?? [],
      (one) => vouched.includes(one),
    );

  it('is one on it, on all it was made of, or on each harvest', () => {
    expect(open(6)).toEqual([1, 2, 7]);
    expect(open(6, 6)).toEqual([]);
    expect(open(6, 1)).toEqual([2, 7]);
    expect(open(6, 1, 2, 7)).toEqual([]);
    expect(open(6, 3, 7)).toEqual([]);
    // What was found of a sister lot says nothing.
    expect(open(4, 5)).toEqual([1, 2]);
    expect(open(1)).toEqual([1]);
  });
});

describe('what is said of a harvest', () => {
  const registration = {
    number: 'GY-1',
    productId: undefined,
    country: '',
    fromOn: '2026-01-01',
    untilOn: '2026-12-31',
  };
  const harvest = { on: '2026-06-10', site: '南坡果园', productId: 1, registrations: [registration], treatments: [] };

  it('is nothing while the registration is in force and the waiting periods are over', () => {
    const treatments = [{ on: '2026-05-27', name: '啶虫脒', waitingDays: 14 }];
    expect(harvestFindings({ ...harvest, treatments })).toEqual([]);
  });

  it('names an expired registration, a waiting period, and what is not known', () => {
    const found = harvestFindings({
      ...harvest,
      registrations: [{ ...registration, untilOn: '2026-06-09' }],
      treatments: [
        { on: '2026-05-28', name: '啶虫脒', waitingDays: 14 },
        { on: '2026-06-01', name: '石硫合剂', waitingDays: undefined },
        { on: '2026-06-11', name: '采后处理', waitingDays: 7 },
      ],
    });
    expect(found.map(({ code, level }) => [code, level])).toEqual([
      ['registrationExpired', 'reason'],
      ['waitingNotOver', 'reason'],
      ['waitingUnknown', 'note'],
    ]);
    expect(found[1]?.params).toMatchObject({ until: '2026-06-11' });
    expect(harvestFindings({ ...harvest, registrations: [] }).map(({ code }) => code)).toEqual(['registrationMissing']);
  });

  it('counts the first and the last day of a registration, and no day beside them', () => {
    const on = (day: string) => harvestFindings({ ...harvest, on: day }).map(({ code }) => code);
    expect([on('2026-01-01'), on('2026-12-31')]).toEqual([[], []]);
    expect([on('2025-12-31'), on('2027-01-01')]).toEqual([['registrationExpired'], ['registrationExpired']]);
  });

  it('is not silenced by a registration for a destination when the one at home ran out', () => {
    const said = (...registrations: (typeof registration)[]) =>
      harvestFindings({ ...harvest, registrations }).map(({ code }) => code);
    const abroad = { ...registration, number: 'US-1', country: 'US' };
    expect(said({ ...registration, untilOn: '2026-06-09' }, abroad)).toEqual(['registrationExpired']);
    expect(said(registration, { ...abroad, untilOn: '2026-06-09' })).toEqual([]);
    expect(said(abroad)).toEqual([]);
  });
});

describe('what is said before a lot leaves', () => {
  const covered = { number: 'US-7', productId: 1, country: 'US', fromOn: '2026-01-01', untilOn: '2026-12-31' };
  const lot: LotToDispatch = {
    code: 'L1',
    productId: 1,
    orchards: [{ name: '南坡', registrations: [covered] }],
    packHouses: [{ name: '一厂', registrations: [] }],
    reports: [{ number: 'R1', result: 'pass', residues: [{ substance: '啶虫脒', valueE6: 20_000, limitE6: 10_000 }] }],
    unreported: [],
    failures: [],
    inherited: [],
  };
  const papers = {
    country: 'US',
    on: '2026-06-20',
    card: unknownCard,
    certificateNo: '',
    coldTreatment: '',
    needsReport: false,
  };
  const codes = (found: ReturnType<typeof dispatchFindings>): string[] => found.map(({ code }) => code);

  it('asks for coverage where the destination does, and says so where nobody knows', () => {
    expect(codes(dispatchFindings(lot, papers))).toEqual(['coverageUnknown', 'residueOver']);
    const card = { orchard: true, packHouse: true, certificate: true, coldTreatment: true, report: true };
    expect(codes(dispatchFindings({ ...lot, reports: [], unreported: ['L1'] }, { ...papers, card }))).toEqual([
      'notCovered',
      'reportMissing',
      'coldTreatmentMissing',
      'certificateMissing',
    ]);
    // A registration for elsewhere, or of another product, covers nothing here.
    for (const other of [{ country: 'AU' }, { country: '' }, { productId: 2 }]) {
      const orchards = [{ name: '南坡', registrations: [{ ...covered, ...other }] }];
      const [first] = dispatchFindings({ ...lot, orchards, reports: [] }, { ...papers, card });
      expect(first).toMatchObject({ code: 'notCovered', params: { site: '南坡' } });
    }
    expect(codes(dispatchFindings(lot, { ...papers, on: '2027-01-01', card: { ...card, packHouse: false } }))[0]).toBe(
      'notCovered',
    );
    expect(
      codes(
        dispatchFindings(
          { ...lot, reports: [], unreported: ['L1'] },
          { ...papers, card: { ...unknownCard, packHouse: false }, needsReport: true },
        ),
      ),
    ).toEqual(['reportMissing']);
  });

  it('misses a pack house that is asked for, or may be, where the lot passed none', () => {
    const loose = { ...lot, packHouses: [], reports: [] };
    const said = (packHouse: boolean | undefined) =>
      codes(dispatchFindings(loose, { ...papers, card: { ...unknownCard, packHouse } }));
    expect(said(true)).toEqual(['packHouseNone']);
    expect(said(undefined)).toEqual(['packHouseUnknown']);
    expect(said(false)).toEqual([]);
  });

  it('holds results against dated limits and calls the rest unknown', () => {
    expect(residueVerdict({ substance: 'x', valueE6: undefined, limitE6: undefined })).toBe('within');
    expect(residueVerdict({ substance: 'x', valueE6: 5, limitE6: 5 })).toBe('within');
    expect(residueVerdict({ substance: 'x', valueE6: 6, limitE6: 5 })).toBe('over');
    expect(residueVerdict({ substance: 'x', valueE6: 6, limitE6: undefined })).toBe('unknown');
  });
});

describe('what is declared beside what is loaded', () => {
  it('differs by the gram and the carton, and is not compared where nothing is said', () => {
    expect(gramsIn('500')).toBe(500_000);
    expect(gramsIn('0.12345')).toBe(123);
    expect(gramsIn('0.99950')).toBe(1000);
    expect(gramsIn('')).toBeUndefined();
    const loaded = { massG: 1_000_000, cartons: 100 };
    expect(declaredGap(loaded, { massG: 500_000, cartons: 100 })).toEqual({ massG: 500_000 });
    expect(declaredGap(loaded, { massG: 1_000_000, cartons: 120 })).toEqual({ cartons: -20 });
    expect(declaredGap(loaded, { massG: undefined, cartons: undefined })).toEqual({});
  });
});

describe('the label', () => {
  it('is words in lines and leaves out what is not known', () => {
    const text = labelText(
      {
        code: 'L26112100017',
        firm: '琼海测试',
        productZh: '荔枝',
        productEn: 'Litchi',
        variety: '妃子笑',
        massG: 1_250_500,
        madeOn: '2026-06-10',
        origins: [1, 2, 3, 4].map((n) => ({ name: `果园${n}`, registrationNo: n === 1 ? 'GY-1' : '' })),
        harvestedFrom: '2026-06-09',
        harvestedUntil: '2026-06-10',
        packHouse: '',
        packHouseNo: '',
      },
      'en',
    );
    expect(text.split('\n')).toEqual([
      'Trace code: L26112100017',
      'Product: Litchi 妃子笑',
      'Net mass of lot: 1250.5 kg',
      'Origin: 果园1 (GY-1); 果园2; 果园3; +1',
      'Harvested: 2026-06-09 – 2026-06-10',
      'Made: 2026-06-10',
      'Exporter: 琼海测试',
    ]);
  });
});

describe('the code of a sheet about several lots', () => {
  const lot = {
    code: 'L26112100017',
    firm: '琼海测试',
    productZh: '荔枝',
    productEn: 'Litchi',
    variety: '妃子笑',
    massG: 1_250_500,
    madeOn: '2026-06-10',
    origins: [{ name: '果园1', registrationNo: 'GY-1' }],
    harvestedFrom: '2026-06-09',
    harvestedUntil: '2026-06-10',
    packHouse: '',
    packHouseNo: '',
  };
  const head = { kind: 'dispatch', name: 'FY-1', massG: 25_000 } as const;

  it('has what was asked for with its own mass, and every lot in a line', () => {
    expect(headedText(head, [lot, { ...lot, code: 'L2' }], 'en').split('\n')).toEqual([
      'Dispatch: FY-1',
      'Net mass: 25 kg',
      'Exporter: 琼海测试',
      'Lots: 2',
      'L26112100017; Litchi 妃子笑; 果园1; 2026-06-09 – 2026-06-10',
      'L2; Litchi 妃子笑; 果园1; 2026-06-09 – 2026-06-10',
    ]);
  });

  it('counts the lots that a readable code has no room for', () => {
    const many = Array.from({ length: 40 }, (_, n) => ({ ...lot, code: `L${n}` }));
    const text = headedText(head, many, 'zh');
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(800);
    const lines = text.split('\n');
    expect(lines.at(-1)).toBe(`+${40 - (lines.length - 5)}`);
  });
});

describe('the cold chain', () => {
  const band = { lowC100: 200, highC100: 600 };
  const every = (minutes: number, ...celsius: number[]): Reading[] =>
    celsius.map((one, at) => ({ at: at * minutes * 60, c100: Math.round(one * 100) }));
  const far = { now: 10_000_000 };

  it('measures a stay outside by its time and its area', () => {
    // Up from the limit to 8 °C and down again: a triangle of 20 minutes by 2 °C.
    const found = analyseColdChain(every(10, 4, 6, 8, 6, 4, 4), band, far);
    expect(found.excursions).toEqual([
      { side: 'above', from: 600, until: 1800, seconds: 1200, peakC100: 800, degreeMinutes10: 200 },
    ]);
    expect(found).toMatchObject({
      readings: 6,
      interval: 600,
      minC100: 400,
      maxC100: 800,
      covered: 3000,
      outside: 1200,
      findings: [],
    });
  });

  it('crosses the limits between readings and tells above from below', () => {
    const found = analyseColdChain(every(10, 4, 8, 0, 4), band, far);
    expect(found.excursions.map(({ side, seconds, degreeMinutes10 }) => [side, seconds, degreeMinutes10])).toEqual([
      ['above', 450, 75],
      ['below', 450, 75],
    ]);
  });

  it('assumes nothing across a gap and names what is odd about the clock', () => {
    const readings = [
      ...every(10, 4, 9, 9, 4),
      { at: 20_000, c100: 900 },
      { at: 20_600, c100: 400 },
      { at: 20_000, c100: 100 },
      { at: 99_999_999, c100: 400 },
    ];
    const found = analyseColdChain(readings, band, { ...far, loaded: -90_000, arrived: 200_000_000 });
    expect(found.findings.map(({ code, n }) => [code, n])).toEqual([
      ['clockBack', 1],
      ['clockTwice', 1],
      ['gap', 2],
      ['future', 1],
      ['beforeLoading', 1],
      ['endsEarly', 1],
    ]);
    expect(found.excursions).toHaveLength(2);
    expect(found.covered).toBe(2400);
    expect(analyseColdChain([], band, far)).toMatchObject({ readings: 0, findings: [{ code: 'tooFew' }] });
  });

  it('takes a pause of more than two and a half intervals for a gap', () => {
    const log = (pause: number): Reading[] =>
      [0, 600, 1200, 1800, 1800 + pause, 2400 + pause].map((at) => ({ at, c100: 900 }));
    expect(analyseColdChain(log(1500), band, far)).toMatchObject({ covered: 3900, findings: [] });
    expect(analyseColdChain(log(1501), band, far)).toMatchObject({
      covered: 2400,
      excursions: [{ seconds: 1800 }, { seconds: 600 }],
      findings: [{ code: 'gap', at: 1800, n: 1, seconds: 1501 }],
    });
  });

  it('says that a log was measured at another time than the load was on its way', () => {
    const log = every(10, 4, 4, 4);
    const codes = (expected: Omit<Parameters<typeof analyseColdChain>[2], 'now'>): string[] =>
      analyseColdChain(log, band, { ...far, ...expected }).findings.map(({ code }) => code);
    // A clock that was never set: all of it lies before the day of the dispatch.
    expect(codes({ leaves: 1201 })).toEqual(['elsewhere']);
    expect(codes({ leaves: 1200 })).toEqual([]);
    // What was said of the loading stands before the day.
    expect(codes({ leaves: 1201, loaded: 0 })).toEqual([]);
    expect(codes({ loaded: 5000, arrived: 9000 })).toEqual(['elsewhere']);
    expect(codes({ loaded: -9000, arrived: -1 })).toEqual(['elsewhere']);
  });

  it('never measures a part of the band as outside', () => {
    const curve = fc.array(fc.integer({ min: 200, max: 600 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(curve, (inside) => {
        expect(
          analyseColdChain(
            inside.map((c100, at) => ({ at: at * 60, c100 })),
            band,
            far,
          ).outside,
        ).toBe(0);
      }),
    );
    const any = fc.array(fc.integer({ min: -500, max: 1500 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(any, (drawn) => {
        const found = analyseColdChain(
          drawn.map((c100, at) => ({ at: at * 60, c100 })),
          band,
          far,
        );
        // Each end of a stay is rounded to a second.
        expect(found.outside).toBeLessThanOrEqual(found.covered + found.excursions.length * 2);
      }),
    );
  });

  it('writes and reads temperatures', () => {
    expect([celsiusOf('-18.5'), celsiusOf('4'), celsiusOf('−0.05'), celsiusOf('1.234'), celsiusOf('101')]).toEqual([
      -1850,
      400,
      -5,
      undefined,
      undefined,
    ]);
    expect([celsiusText(-1850), celsiusText(400), celsiusText(-5)]).toEqual(['-18.5', '4', '-0.05']);
  });
});

describe("a logger's file", () => {
  const read = (rows: string[][], layout: Partial<Parameters<typeof readLogger>[1]> = {}) =>
    readLogger(
      rows.map((texts, at) => ({ no: at + 2, texts })),
      { mapping: { at: 0, temperature: 1 }, order: 'ymd', isFahrenheit: false, offsetMinutes: 480, ...layout },
    );

  it('names its columns in many ways', () => {
    expect(loggerMapping(['No.', 'Date/Time', 'Temperature(°C)', 'Humidity'])).toEqual({ at: 1, temperature: 2 });
    expect(loggerMapping(['序号', '日期', '时间', '温度℃'])).toEqual({ at: 1, time: 2, temperature: 3 });
    expect(loggerMapping(['a', 'b'])).toEqual({});
  });

  it('asks where a date may be read in two ways', () => {
    expect(possibleOrders(['2026-06-07 08:00'])).toEqual(['ymd']);
    expect(possibleOrders(['07/06/2026 08:00', '08/06/2026 08:00'])).toEqual(['dmy', 'mdy']);
    expect(possibleOrders(['07/06/2026', '25/06/2026'])).toEqual(['dmy']);
    // A year of two digits may stand first: it is asked for, never taken.
    expect(possibleOrders(['26-11-21 08:00'])).toEqual(['ymd', 'dmy']);
    expect(possibleOrders(['26-11-21', '26-11-31'])).toEqual(['ymd', 'dmy']);
    expect(possibleOrders(['26-11-21', '31-12-26'])).toEqual(['ymd', 'dmy']);
    // A date that is none does not keep the others from being read.
    expect(possibleOrders(['26-11-21', '26-13-01'])).toEqual(['ymd', 'dmy']);
    expect(possibleOrders(['25/06/2026', '26/06/2026', '99/99/2099'])).toEqual(['dmy']);
    expect(possibleOrders(['', 'no date'])).toEqual([]);
    expect(read([['26-11-21 08:00', '4']]).readings[0]?.at).toBe(Date.parse('2026-11-21T00:00:00Z') / 1000);
  });

  it('takes no unreadable clock for midnight, and a day alone for its first moment', () => {
    const found = read([
      ['2026-06-07 24:00', '4'],
      ['2026-06-07 25:99', '4'],
      ['2026-06-07 noon', '4'],
      ['2026-06-07', '4'],
      ['2026年6月7日8:05', '4'],
    ]);
    expect(found.failed.map(({ no, reason }) => [no, reason])).toEqual([
      [2, 'time'],
      [3, 'time'],
      [4, 'time'],
    ]);
    expect(found.readings.map(({ at }) => new Date(at * 1000).toISOString())).toEqual([
      '2026-06-06T16:00:00.000Z',
      '2026-06-07T00:05:00.000Z',
    ]);
  });

  it('knows months by name, clocks before the day, digits without signs, and what an instant says of its own zone', () => {
    const cells = [
      ['07-Jun-2026 08:05', '2026-06-07T00:05:00.000Z'],
      ['7 June 26, 8:05:00 PM', '2026-06-07T12:05:00.000Z'],
      ['Sun, Jun 7, 2026 08:05', '2026-06-07T00:05:00.000Z'],
      ['2026-Jun-07 08:05', '2026-06-07T00:05:00.000Z'],
      ['08:05:00 2026-06-07', '2026-06-07T00:05:00.000Z'],
      ['20260607 080500', '2026-06-07T00:05:00.000Z'],
      ['20260607', '2026-06-06T16:00:00.000Z'],
      ['２０２６-06-07　08：05', '2026-06-07T00:05:00.000Z'],
      ['2026-06-07T08:05:00+07:00', '2026-06-07T01:05:00.000Z'],
      ['2026-06-07 08:05:00.250 -0330', '2026-06-07T11:35:00.000Z'],
      ['2026-06-07 08:05 UTC', '2026-06-07T08:05:00.000Z'],
      ['2026-06-07 08:05 GMT+8', '2026-06-07T00:05:00.000Z'],
    ] as const;
    const found = read(cells.map(([text]) => [text, '4']));
    expect(found.failed).toEqual([]);
    expect(found.readings.map(({ at }) => new Date(at * 1000).toISOString())).toEqual(cells.map(([, at]) => at));
    expect(possibleOrders(cells.map(([text]) => text))).toEqual(['ymd']);
    expect(read([['07-Jux-2026 08:05', '4']]).failed).toEqual([{ no: 2, reason: 'time' }]);
    // A zone in the column of the clock counts as well.
    const split = read([['07/06/2026', '08:05+0700', '4']], {
      mapping: { at: 0, time: 1, temperature: 2 },
      order: 'dmy',
    });
    expect(split.readings.map(({ at }) => new Date(at * 1000).toISOString())).toEqual(['2026-06-07T01:05:00.000Z']);
  });

  it('keeps what it understands and names the rows it does not', () => {
    const found = read([
      ['2026/6/7 8:05', '4.2'],
      ['2026-06-07T00:15:00Z', '39.2°F'],
      ['2026-06-07 下午 3:00', '-0,5 ℃'],
      ['2026-06-31 08:00', '4'],
      ['2026-06-07 08:20', '---'],
      ['', ''],
    ]);
    expect(found.readings.map(({ at, c100 }) => [new Date(at * 1000).toISOString(), c100])).toEqual([
      ['2026-06-07T00:05:00.000Z', 420],
      ['2026-06-07T00:15:00.000Z', 400],
      ['2026-06-07T07:00:00.000Z', -50],
    ]);
    expect(found.failed).toEqual([
      { no: 5, reason: 'time' },
      { no: 6, reason: 'temperature' },
    ]);
    const split = read([['07.06.26', '23:59:30', '5']], {
      mapping: { at: 0, time: 1, temperature: 2 },
      order: 'dmy',
      offsetMinutes: 0,
    });
    expect(split.readings).toEqual([{ at: Date.parse('2026-06-07T23:59:30Z') / 1000, c100: 500 }]);
  });
});

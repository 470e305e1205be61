/** T15 跨境电商零售进口: until when goods may be returned untaxed, and when the tax of a list is paid. */
import { z } from 'zod';
import { addDays, type IsoDate } from '../../../calendar/index.ts';
import { calculator, type Trace } from '../../calculator.ts';
import { date } from '../../figures.ts';
import { retailPack } from './packs.ts';

const input = z
  .strictObject({
    /** 清单放行日期. */
    released: date,
    /** When the return was applied for, and when the goods were back at the original 监管场所, where that is known. */
    applied: date.optional(),
    arrived: date.optional(),
  })
  .superRefine(({ released, applied, arrived }, context) => {
    const refuse = (field: string) => context.addIssue({ code: 'custom', path: [field], message: 'before released' });
    if (applied !== undefined && applied < released) refuse('applied');
    if (arrived !== undefined && arrived < released) refuse('arrived');
  });
export type RetailReturnWindowInput = z.output<typeof input>;

export interface RetailReturnWindow {
  readonly applyBy: IsoDate;
  readonly arriveBy: IsoDate;
  readonly taxWindowFrom: IsoDate;
  readonly taxWindowTo: IsoDate;
  /** Where the dates of a return are given: whether the tax is not collected and the limit of the year given back. */
  readonly returnAccepted?: boolean;
  /** APPLIED_LATE, ARRIVED_LATE. */
  readonly reasons?: readonly string[];
}

/** T15 as a function: natural days after release, the day of release not counted, no shift over rest days. */
export function retailReturnWindow(given: RetailReturnWindowInput, trace: Trace): RetailReturnWindow {
  const { released, applied, arrived } = given;
  const pack = trace.parameters('tax-import-retail', retailPack, released);
  const after = (id: string, name: string, days: number): IsoDate => {
    const day = addDays(released, days);
    trace.step({ id, formula: `released + ${name}`, inputs: { released, [name]: String(days) }, result: day });
    return day;
  };
  const window = {
    applyBy: after('applyBy', 'returnApplyDays', pack.returnApplyDays),
    arriveBy: after('arriveBy', 'returnArriveDays', pack.returnArriveDays),
    taxWindowFrom: after('taxWindowFrom', 'taxFromDay', pack.taxFromDay),
    taxWindowTo: after('taxWindowTo', 'taxToDay', pack.taxToDay),
  };
  if (applied === undefined && arrived === undefined) return window;
  const reasons = [
    ...(applied !== undefined && applied > window.applyBy ? ['APPLIED_LATE'] : []),
    ...(arrived !== undefined && arrived > window.arriveBy ? ['ARRIVED_LATE'] : []),
  ];
  return { ...window, returnAccepted: reasons.length === 0, reasons };
}

/** T15: 海关总署公告2018年第194号, 2020年第45号. */
export const retailReturnWindowCalculator = calculator({
  id: 'T15',
  rule: 'T15',
  packs: ['tax-import-retail'],
  source: '海关总署公告2018年第194号；海关总署公告2020年第45号',
  inForceFrom: '2016-04-08',
  input,
  calculate: retailReturnWindow,
});

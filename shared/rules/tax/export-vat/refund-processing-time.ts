/** T13: when a refund may be expected, by class of exporter (出口企业分类管理): an estimate. */
import { z } from 'zod';
import { addWorkingDays } from '../../../calendar/index.ts';
import { calculator, type RuleSetting } from '../../calculator.ts';
import { date } from '../../figures.ts';
import { packSchema } from '../../pack.ts';
import { note } from '../steps.ts';

export const refundClassPackId = 'tax-export-refund-class';
const classes = ['1', '2', '3', '4'] as const;
export const refundClassPackSchema = packSchema(
  z.object({
    workingDays: z.object({
      '1': z.number().int(),
      '2': z.number().int(),
      '3': z.number().int(),
      '4': z.number().int(),
    }),
    /** Classes whose time was found confirmed. */
    confirmedClasses: z.array(z.enum(classes)),
  }),
);

/** Whether the old times of the classes not confirmed are used. */
export const classTimesSetting: RuleSetting = { id: 'T13.classTimes', rule: 'T13', options: ['estimated', 'none'] };

/** T13: acceptance and working days of the class; null where the firm wants no estimate for its class. */
export const refundProcessingTime = calculator({
  id: 'T13',
  rule: 'T13',
  packs: [refundClassPackId],
  settings: [classTimesSetting],
  source: '国家税务总局公告2016年第46号（2018年修订）',
  inForceFrom: '2016-09-01',
  input: z.strictObject({
    acceptedOn: date,
    refundClass: z.union([z.number().transform(String), z.string()]).pipe(z.enum(classes)),
  }),
  calculate({ acceptedOn, refundClass }, trace) {
    const parameters = trace.parameters(refundClassPackId, refundClassPackSchema, acceptedOn);
    trace.warn('estimateOnly');
    if (!parameters.confirmedClasses.includes(refundClass) && trace.setting(classTimesSetting) === 'none')
      return { workingDays: null, expectedOn: null };
    const workingDays = parameters.workingDays[refundClass];
    const expected = addWorkingDays(acceptedOn, workingDays, trace.calendar);
    if (!expected.certain) trace.warn('calendarUnknown');
    return {
      workingDays,
      expectedOn: note(trace, 'expectedOn', 'acceptedOn + workingDays', { acceptedOn, workingDays }, expected.date),
    };
  },
});

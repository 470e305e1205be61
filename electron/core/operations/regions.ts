import type { regions } from '../../../shared/contract/regions.ts';
import type { Handlers } from '../context.ts';
import { moduleFor } from '../regions.ts';

/** 市县特色模块. */
export const regionHandlers: Handlers<keyof typeof regions> = {
  'regions.module': ({ on, division }, context) => {
    const { regions, categories, fields } = moduleFor(context, on, division);
    return {
      regions: regions.map((one) => ({ ...one })),
      categories: categories.map((one) => ({ ...one })),
      fields: fields.map((one) => ({ ...one })),
    };
  },
};

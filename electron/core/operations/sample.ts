import { chinaDate } from '../../../shared/calendar/china-time.ts';
import { addDays } from '../../../shared/calendar/index.ts';
import { type ProfileInput, profileInput } from '../../../shared/contract/books.ts';
import type { ImportKind } from '../../../shared/contract/imports.ts';
import type { Context } from '../context.ts';
import type { Call } from '../core.ts';

/** The sample book holds no secret: everybody may know its passphrase. */
export const samplePassphrase = 'portbook-sample';

/** A firm that does not exist; its credit code is well formed (GB 32100) and nobody's. */
export const sampleProfile: ProfileInput = profileInput.parse({
  role: 'exporter',
  name: '海南椰风示范贸易有限公司',
  uscc: '91460100MA5TPB0003',
  customsCode: '4601960PBK',
  bankName: '示范银行海口支行',
  bankAccount: '6200000000000000',
  zone: '海南跨境电子商务综合试验区',
  park: '示范园区',
  colour: '#2f7d6b',
});

/** In the order a firm has them: sales first, then what they need to be declared. */
const files: readonly ImportKind[] = ['orders', 'products', 'waybills', 'rates'];

/**
 * Fills the open sample book through the same imports a user makes, from files that ship with the program, and saves one
 * shipment for all of its orders. Some things are left to do on purpose: two products to classify, an order from a country
 * that does not exist, a row that cannot be read, two orders without waybill.
 */
export async function fillSample(call: Call, context: Context): Promise<void> {
  const { resources, progress, signal } = context;
  const grants = { pathOf: (token: string) => resources.path('sample', token) };
  for (const [index, kind] of files.entries()) {
    progress({ phase: 'sample', done: index, total: files.length + 1 });
    await call('imports.run', { kind, file: `${kind}.csv`, defaults: { currency: 'USD' } }, { files: grants, signal });
  }
  const tomorrow = addDays(chinaDate(context.now()), 1);
  await call('shipments.save', {
    body: {
      customsCode: '6407',
      portCode: '6407',
      ieDate: tomorrow,
      trafMode: '5',
      trafName: 'HU0491',
      voyageNo: 'HU0491',
      billNo: '88012345675',
      totalPackageNo: '',
      loctNo: '',
      logisticsCode: '91460100MA5TWL000T',
      logisticsName: '海南示范国际物流有限公司',
      pod: '',
      wrapType: '2',
      ownerCode: '',
      ownerName: '',
      payName: '',
      note: '',
      filter: { from: '', to: '', country: '' },
    },
  });
}

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { InputOf } from '../../shared/contract/contract.ts';
import { PortbookError } from '../../shared/errors.ts';
import { type Answer, call, given, need, withBook } from './shell.ts';

type Subject = InputOf<'evidence.preview'>['of'];

/** What an id or number means: digits alone are the id of the book, anything else its number. */
const named = (kind: 'record' | 'shipment', text: string): Subject =>
  /^\d{1,15}$/.test(text) ? { kind, id: Number(text) } : { kind, number: text };

/** Refusal: `OPTION_MISSING` for neither a receipt nor a shipment. */
function subject(): Subject {
  if (given('receipt') !== '') return named('record', given('receipt'));
  if (given('shipment') !== '') return named('shipment', given('shipment'));
  throw new PortbookError('OPTION_MISSING', { option: '--receipt' }, 'receipt');
}

/** A folder to write into; made where there is none. */
function folder(): string {
  const out = path.resolve(need('out'));
  mkdirSync(out, { recursive: true });
  return out;
}

/** The evidence pack (证据包) of a receipt or a shipment, as one ZIP in a folder; without `--out` what it would hold. */
export const evidence = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const of = subject();
    const view = await call(core, 'evidence.preview', { of });
    if (given('out') === '') return { body: { ...view } };
    const name = `证据包-${view.subject.number.replaceAll(/[\\/:*?"<>|]/g, '_')}.zip`;
    const out = path.join(folder(), name);
    const done = await call(core, 'evidence.export', { of, to: out });
    return { body: { ...done, out, missing: view.gaps } };
  });

/** Electronic transaction data (交易电子信息) for the bank: of a receipt, of a range of days, or both. */
export const electronicData = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const receipt = given('receipt') === '' ? undefined : named('record', given('receipt'));
    const recordId =
      receipt === undefined
        ? undefined
        : 'id' in receipt
          ? receipt.id
          : (await call(core, 'evidence.preview', { of: receipt })).subject.id;
    const scope = {
      ...(recordId === undefined ? {} : { recordId }),
      ...(given('from') === '' ? {} : { from: given('from') }),
      ...(given('to') === '' ? {} : { to: given('to') }),
    };
    if (given('out') === '') return { body: { ...(await call(core, 'electronicData.preview', scope)) } };
    const out = folder();
    return { body: { out, ...(await call(core, 'electronicData.export', { scope, to: out })) } };
  });

/** Drafts the declaration of income (涉外收入申报单) of a receipt; `check`, `queue` and `sync` take it on from there. */
export const declareReceipt = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const of = named('record', need('receipt'));
    const id = 'id' in of ? of.id : (await call(core, 'evidence.preview', { of })).subject.id;
    const done = await call(core, 'filings.draft', { subjects: [{ kind: 'money-record', id }] });
    return { body: { ...done }, refused: done.refused.length > 0 };
  });

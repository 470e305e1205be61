import path from 'node:path';
import { PortbookError } from '../../shared/errors.ts';
import { type PaperKind, paperKinds, paperLanguages } from '../../shared/papers/kinds.ts';
import type { Core } from '../core/core.ts';
import { type Answer, call, given, need, options, withBook } from './shell.ts';

/** The id of a shipment by its number. Refusal: `SHIPMENT_UNKNOWN` {id}. */
async function shipmentOf(core: Core, number: string): Promise<number> {
  let after: string | undefined;
  do {
    const page = await call(core, 'shipments.list', { limit: 500, ...(after === undefined ? {} : { after }) });
    const found = page.rows.find(({ shipmentNo }) => shipmentNo === number);
    if (found !== undefined) return found.id;
    after = page.nextCursor;
  } while (after !== undefined);
  throw new PortbookError('SHIPMENT_UNKNOWN', { id: number }, 'shipment');
}

/** One of the words an option takes. Refusal: `OPTION_FORM` {option, form}. */
function oneOf<W extends string>(option: string, typed: string, words: readonly W[]): W {
  const found = words.find((word) => word === typed);
  if (found === undefined)
    throw new PortbookError('OPTION_FORM', { option: `--${option}`, form: words.join('|') }, option);
  return found;
}

/** Papers of a shipment into a folder, as HTML (PDF needs the desk), and with `--workbook` the five sheets. */
export const papers = (): Promise<Answer> =>
  withBook(need('book'), async (core) => {
    const number = need('shipment');
    const out = path.resolve(need('out'));
    const typed = options.kind ?? [];
    const language = oneOf('language', given('language'), paperLanguages);
    const subject = { shipmentId: await shipmentOf(core, number) };
    const { totals, declarations, gaps, kinds: possible } = await call(core, 'papers.list', { subject });
    const kinds: PaperKind[] = typed.length === 0 ? possible : typed.map((one) => oneOf('kind', one, paperKinds));
    const done = await call(core, 'papers.export', { subject, kinds, language, workbook: options.workbook, to: out });
    return { body: { shipment: number, out, ...done, totals, declarations: declarations.length, gaps } };
  });

import type { InputOf } from '../../../shared/contract/contract.ts';
import { numberParam, type RouteParams } from '../../app/route-store.ts';

/** Whose papers the page shows. */
export type Subject = InputOf<'papers.list'>['subject'];

/** `shipmentId=ID` or `documentId=ID`; undefined for neither. */
export function subjectOf(params: RouteParams): Subject | undefined {
  const shipmentId = numberParam(params, 'shipmentId');
  const documentId = numberParam(params, 'documentId');
  if (shipmentId !== undefined) return { shipmentId };
  return documentId === undefined ? undefined : { documentId };
}

import { formatCompactDate, parseIsoDate } from '../calendar/dates.ts';
import type { RegistrationBody } from '../contract/registrations.ts';
import type { RegistrationFiling } from '../documents/catalogue.ts';
import type { OperatorType } from '../rules/matters/pack.ts';
import type { FilingOperation } from './forex-forms.ts';

/** What every filing with the provincial platform starts with. */
export interface FilingFrame {
  readonly guid: string;
  readonly operation: FilingOperation;
  /** `yyyyMMddHHmmss` in China. */
  readonly appTime: string;
  /** Own number of what is filed. */
  readonly number: string;
  /** The platform's number, once it has accepted. */
  readonly acceptNo: string | undefined;
  readonly uscc: string;
  readonly firm: string;
}

/** The common head of a payload of the platform: a first filing has no number of the platform's yet. */
export function filingHead(frame: FilingFrame) {
  return {
    guid: frame.guid,
    appType: frame.operation,
    appTime: frame.appTime,
    filingNo: frame.number,
    ...(frame.operation === '1' || frame.acceptNo === undefined ? {} : { acceptNo: frame.acceptNo }),
    reporterCode: frame.uscc,
    reporterName: frame.firm,
  };
}

/** A field where there is a value for it. */
export const given = <const K extends string>(name: K, value: string): { [N in K]?: string } =>
  (value === '' ? {} : { [name]: value }) as { [N in K]?: string };

/** `yyyy-mm-dd` as messages write it; empty for none. */
export function compactDay(date: string | null): string {
  const parsed = date === null ? undefined : parseIsoDate(date);
  return parsed === undefined ? '' : formatCompactDate(parsed);
}

export interface RegistrationFacts {
  readonly subjectType: OperatorType;
  readonly body: RegistrationBody;
  readonly customsCode: string;
  readonly zone: string;
  /** Files of the checklist, in its order; a paper without a file stands by what was said of it. */
  readonly papers: readonly {
    readonly code: string;
    readonly title: string;
    readonly files: readonly { readonly fileName: string; readonly sha256: string }[];
  }[];
}

/** The registration as it is filed. Pure; what is not known is left out, and the check says so. */
export function draftRegistration(facts: RegistrationFacts, frame: FilingFrame): RegistrationFiling {
  const { body } = facts;
  const papers = facts.papers.flatMap(({ code, title, files }) => {
    const said = body.papers.find(({ paper }) => paper === code);
    const own = {
      paper: title,
      ...given('paperNo', said?.no ?? ''),
      ...given('validTo', compactDay(said?.validTo ?? null)),
    };
    if (files.length > 0) return files.map(({ fileName, sha256 }) => ({ ...own, fileName, sha256 }));
    return said === undefined || (said.no === '' && said.validTo === null) ? [] : [own];
  });
  return {
    RegistrationHead: {
      ...filingHead(frame),
      subjectType: facts.subjectType,
      ...given('customsCode', facts.customsCode),
      ...given('zone', facts.zone),
      address: body.address,
      ...given('division', body.division),
      legalPerson: body.legalPerson,
      contactName: body.contactName,
      contactPhone: body.contactPhone,
      ...given('website', body.website),
      business: body.business,
      ...given('validTo', compactDay(body.validTo)),
      ...given('note', body.note),
    },
    RegistrationPaper: papers.map((paper, index) => ({ gnum: String(index + 1), ...paper })),
    ...(body.modes.length === 0 ? {} : { RegistrationScope: body.modes.map((mode) => ({ mode })) }),
  };
}

/** What stands against a lot and what of its papers is there, in words a grower knows; numbers of papers stand in the clerk's desk. */
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCountryName } from '../money/boxes.tsx';

type Answer = OutputOf<'lots.readiness'>;
export type LotFinding = Answer['findings'][number];
type ReadyItem = Answer['readiness'][number];

/** A finding in plain words. */
export function useFindingText(): (finding: Pick<LotFinding, 'code' | 'params'>) => string {
  const { t } = useTranslation();
  const countryName = useCountryName();
  return ({ code, params }) => {
    const { country = '' } = params;
    return t(`simple.finding.${code}`, { ...params, country: countryName(String(country)) });
  };
}

/** No demand of anybody is on record for these: they are there or not. */
const nobodys: readonly ReadyItem['code'][] = ['inspection', 'coldLog', 'siteCertificate'];

/** What of the papers is there, one large line each. */
export function ReadyList({ items }: { readonly items: readonly ReadyItem[] }) {
  const { t } = useTranslation();
  return (
    <ul className="simple-ready">
      {items.map(({ code, isAsked, isThere }) => {
        const isNobodys = !isThere && isAsked === undefined && nobodys.includes(code);
        const asked = isAsked === undefined ? 'unknown' : isAsked ? 'lacking' : 'notAsked';
        const word = isThere ? 'there' : isNobodys ? 'absent' : asked;
        return (
          <li key={code}>
            <span>{t(`simple.ready.${code}`)}</span>
            <ToneTag
              tone={isThere ? 'accepted' : isAsked === true ? 'action' : 'draft'}
              label={t(`simple.ready.is.${word}`)}
            />
          </li>
        );
      })}
    </ul>
  );
}

/** What stands against going, each in a line. */
export function FindingList({ findings }: { readonly findings: readonly LotFinding[] }) {
  const textOf = useFindingText();
  return (
    <ul>
      {[...new Set(findings.map(textOf))].map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

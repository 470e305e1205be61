import type { PayoutFindingView } from '../../../shared/contract/payouts.ts';
import { useErrorText } from '../../components/ErrorNote.tsx';
import { ToneMark } from '../../components/StateTag.tsx';

const tones = { reject: 'rejected', doubt: 'action', note: 'draft' } as const;

/** What was found in a report: what, why, what to do, and in which column. */
export function Findings({ findings }: { readonly findings: readonly PayoutFindingView[] }) {
  const textOf = useErrorText();
  if (findings.length === 0) return null;
  return (
    <ul className="payout-findings">
      {findings.map((finding) => {
        const { what, why, remedy } = textOf({
          code: finding.code,
          params: { field: finding.field, ...finding.params },
        });
        return (
          <li
            key={`${finding.code} ${finding.field} ${JSON.stringify(finding.params)}`}
            className={`is-${finding.level}`}
          >
            <ToneMark tone={tones[finding.level]} />
            <span>
              <strong>{what}</strong> {why} <span className="muted">{remedy}</span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}

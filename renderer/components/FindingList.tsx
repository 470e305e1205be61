/**
 * Findings of the checks: level as icon and word, what is wrong and where, why (rule and source), how to mend it, and a jump.
 * Text comes from the rules' own catalogues; a rule without a text shows its id and parameters.
 */
import { useTranslation } from 'react-i18next';
import type { FindingView } from '../../shared/contract/common.ts';
import { useCommandKey } from '../app/keys.ts';
import { codeText } from '../i18n/catalogue.ts';
import { formatInstant } from '../i18n/format.ts';
import type { Tone } from '../theme/palette.ts';
import { KeyHint } from './KeyHint.tsx';
import { ToneTag } from './StateTag.tsx';

const tones: Readonly<Record<FindingView['level'], Tone>> = { reject: 'rejected', doubt: 'action', note: 'draft' };

/** The text of a finding in the language of the desk. */
export function findingText(finding: Pick<FindingView, 'rule' | 'params' | 'path'>): {
  what: string;
  why: string;
  remedy: string;
} {
  const params = { path: finding.path, ...finding.params };
  const known = codeText('finding', finding.rule, params);
  if (known !== undefined) return known;
  const shown = Object.entries(finding.params).map(([name, value]) => `${name}=${value}`);
  return { what: [finding.rule, ...shown].join(' '), why: '', remedy: '' };
}

/** Level as icon and word: 会退单 / 可能退单 / 提示. */
export function FindingLevel({ level }: { readonly level: FindingView['level'] }) {
  const { t } = useTranslation();
  return <ToneTag tone={tones[level]} label={t(`finding.level.${level}`)} />;
}

export interface FindingListProps<F extends FindingView> {
  readonly findings: readonly F[];
  /** Goes to the field; Enter or click on the row. */
  readonly onJump?: (finding: F) => void;
  /** The label of a path, e.g. the Chinese name of the field with its line; empty: no field, there is nowhere to go. */
  readonly labelOf?: (finding: F) => string;
  /** The one that F10 is at. */
  readonly activeAt?: number;
}

export function FindingList<F extends FindingView>({ findings, onJump, labelOf, activeAt }: FindingListProps<F>) {
  const { t } = useTranslation();
  const commandKey = useCommandKey();
  return (
    <ul className="finding-list">
      {findings.map((finding, at) => {
        const { what, why, remedy } = findingText(finding);
        const where = labelOf?.(finding);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: one rule may speak twice about one path
          <li key={`${finding.rule} ${finding.path} ${at}`} className={at === activeAt ? 'is-active' : undefined}>
            <FindingLevel level={finding.level} />
            <div className="finding-text">
              <span>
                {where === undefined || where === '' ? null : <strong className="finding-where">{where}</strong>}
                {what}
              </span>
              {remedy === '' ? null : <span className="finding-remedy">{remedy}</span>}
              {finding.reason === undefined ? null : (
                <span className="finding-reason">
                  {t('finding.reason', {
                    text: finding.reason.text,
                    by: finding.reason.by,
                    at: formatInstant(finding.reason.at),
                  })}
                </span>
              )}
            </div>
            <span className="finding-source" title={why}>
              {t('finding.rule', { rule: finding.rule })}
              {finding.source === '' ? '' : ` · ${finding.source}`}
            </span>
            {onJump === undefined || where === '' ? (
              <span />
            ) : (
              <button type="button" className="link" onClick={() => onJump(finding)}>
                {t('finding.jump')}
                {at === (activeAt ?? 0) ? <KeyHint keys={commandKey('entry.problem').key} /> : null}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

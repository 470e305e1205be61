/** What stands against a worksheet's figures, grouped by how much it matters: text, remedy, a jump. */
import { useState } from 'react';
import { useKeys } from '../../app/keys.ts';
import { KeyHint } from '../../components/KeyHint.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { formatCount } from '../../i18n/format.ts';
import type { Tone } from '../../theme/palette.ts';
import { type Finding, groupedFindings } from './sheet-columns.ts';
import { openDrill } from './targets.ts';
import { useWords } from './use-words.ts';

export const levelTones: Readonly<Record<Finding['level'], Tone>> = {
  missing: 'rejected',
  paper: 'waiting',
  warning: 'action',
  note: 'draft',
};

export function SheetFindings({ findings }: { readonly findings: readonly Finding[] }) {
  const { t, say } = useWords();
  // What hinders a figure stands open; what is only to be known says how many, and opens at a key.
  const [isOpen, setOpen] = useState(() => findings.some(({ level }) => level === 'missing' || level === 'paper'));
  const [at, setAt] = useState(-1);
  const groups = groupedFindings(findings);
  const flat = groups.flatMap((group) => group.findings);
  const jumpable = flat.filter((finding) => finding.target !== undefined);
  useKeys([
    {
      key: 'F10',
      label: t('tax.findings.next'),
      isEnabled: jumpable.length > 0,
      isMain: jumpable.length > 0,
      run: () => {
        const next = (at + 1) % jumpable.length;
        setAt(next);
        setOpen(true);
        requestAnimationFrame(() =>
          document.querySelector<HTMLElement>(`[data-finding="${flat.indexOf(jumpable[next] as Finding)}"]`)?.focus(),
        );
      },
    },
  ]);
  if (findings.length === 0) return null;
  return (
    <section className="sheet-findings" aria-label={t('tax.findings.title')}>
      <button
        type="button"
        className="sheet-findings-head disclosure"
        aria-expanded={isOpen}
        onClick={() => setOpen((is) => !is)}
      >
        {groups.map((group) => (
          <ToneTag
            key={group.level}
            tone={levelTones[group.level]}
            label={`${t(`tax.level.${group.level}`)} ${formatCount(group.findings.length)}`}
          />
        ))}
      </button>
      {isOpen ? (
        <ul className="finding-list">
          {flat.map((finding, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a rule may say the same of two things
            <li key={`${finding.code} ${finding.field} ${index}`}>
              <ToneTag tone={levelTones[finding.level]} label={t(`tax.level.${finding.level}`)} />
              <div className="finding-text">
                <span>{say(finding.text)}</span>
                <span className="finding-remedy">{say(finding.remedy)}</span>
              </div>
              <span className="finding-source">{t('tax.derivation.rule', { rule: finding.rule })}</span>
              {finding.target === undefined ? (
                <span />
              ) : (
                <button
                  type="button"
                  className="link"
                  data-finding={index}
                  onClick={() => finding.target && openDrill(finding.target)}
                >
                  {t(
                    finding.level === 'missing' || finding.level === 'paper'
                      ? 'tax.findings.fill'
                      : 'tax.findings.look',
                  )}
                  {jumpable[Math.max(0, at)] === finding ? <KeyHint keys="F10" /> : null}
                </button>
              )}
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

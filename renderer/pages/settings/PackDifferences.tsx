import { useTranslation } from 'react-i18next';
import type { PackChanges } from '../../../shared/contract/packs.ts';
import { Code } from '../../components/Amount.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { formatCount } from '../../i18n/format.ts';

const tones = { added: 'accepted', gone: 'rejected', renamed: 'action' } as const;

/** What a pack changes against what is in force: codes with their names, figures with the days they hold. */
export function PackDifferences({ changes }: { readonly changes: PackChanges }) {
  const { t, i18n } = useTranslation();
  const isEnglish = i18n.language === 'en';
  return (
    <>
      {changes.tables.map((table) => (
        <section key={table.id}>
          <h3>
            {isEnglish ? table.titleEn : table.titleZh}{' '}
            <span className="muted">
              {table.asOfBefore} → {table.asOfAfter}
            </span>
          </h3>
          <p className="muted">
            {t('settings.packs.tableCounts', {
              added: formatCount(table.added),
              gone: formatCount(table.gone),
              renamed: formatCount(table.renamed),
              otherwise: formatCount(table.otherwise),
            })}
            {table.isOwn ? ` ${t('settings.packs.ownTable')}` : ''}
          </p>
          {table.rows.length === 0 ? null : (
            <div className="pack-changes">
              <table className="pack-rows" aria-label={isEnglish ? table.titleEn : table.titleZh}>
                <tbody>
                  {table.rows.map(({ code, kind, before, after }) => (
                    <tr key={code}>
                      <td>
                        <ToneTag tone={tones[kind]} label={t(`settings.packs.code.${kind}`)} />
                      </td>
                      <td>
                        <Code>{code}</Code>
                      </td>
                      <td>
                        {before}
                        {kind === 'renamed' ? ' → ' : ''}
                        {after}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      ))}
      {changes.rules.map((rule) => (
        <section key={rule.id}>
          <h3>{isEnglish ? rule.titleEn : rule.titleZh}</h3>
          <p className="muted">
            {rule.changes === 0
              ? t('settings.packs.noChange')
              : t('settings.packs.ruleCount', { n: formatCount(rule.changes) })}
            {rule.isOwn ? ` ${t('settings.packs.ownRule')}` : ''}
          </p>
          {rule.rows.length === 0 ? null : (
            <div className="pack-changes">
              <table className="pack-rows" aria-label={isEnglish ? rule.titleEn : rule.titleZh}>
                <thead>
                  <tr>
                    <th>{t('settings.packs.dates')}</th>
                    <th>{t('settings.packs.figure')}</th>
                    <th>{t('settings.packs.before')}</th>
                    <th>{t('settings.packs.after')}</th>
                  </tr>
                </thead>
                <tbody>
                  {rule.rows.map(({ kind, inForceFrom, inForceTo, path, before, after }) => (
                    <tr key={`${inForceFrom} ${kind} ${path}`}>
                      <td>
                        {inForceFrom} – {inForceTo ?? t('settings.packs.open')}
                      </td>
                      <td className="pack-path">
                        {kind === 'figure' ? <Code>{path}</Code> : t(`settings.packs.change.${kind}`)}
                      </td>
                      <td className="pack-path">
                        {kind === 'dates' && before === '' ? t('settings.packs.open') : before}
                      </td>
                      <td className="pack-path">
                        {kind === 'dates' && after === '' ? t('settings.packs.open') : after}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      ))}
    </>
  );
}

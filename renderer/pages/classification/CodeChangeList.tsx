import { useTranslation } from 'react-i18next';
import type { CodeChange } from '../../../shared/tables/changes.ts';
import { Code } from '../../components/Amount.tsx';
import { ToneTag } from '../../components/StateTag.tsx';

const tones = { added: 'accepted', gone: 'rejected', renamed: 'action' } as const;

/** Codes with their names before and after. */
export function CodeChangeList({
  changes,
}: {
  readonly changes: readonly (CodeChange & { readonly path?: string })[];
}) {
  const { t } = useTranslation();
  if (changes.length === 0) return null;
  return (
    <table className="code-rows">
      <tbody>
        {changes.slice(0, 100).map(({ code, kind, before, after, path = '' }) => (
          <tr key={`${path} ${code}`}>
            <td>
              <ToneTag tone={tones[kind]} label={t(`classification.kind.${kind}`)} />
            </td>
            {path === '' ? null : <td className="muted">{path}</td>}
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
  );
}

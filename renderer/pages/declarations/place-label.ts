import { useTranslation } from 'react-i18next';
import { fieldAt, parsePath } from './document-model.ts';
import type { DocumentDetail } from './use-document.ts';

/** The label of a finding's place: the field's official name, with its line. */
export function usePlaceLabel(): (kind: DocumentDetail['kind'], path: string) => string {
  const { t, i18n } = useTranslation();
  return (kind, path) => {
    const parsed = parsePath(path);
    const spec = fieldAt(kind, path);
    if (parsed === undefined || spec === undefined) return '';
    const label = i18n.language === 'en' ? `${spec.en} (${spec.zh})` : spec.zh;
    return parsed.line === undefined ? label : t('declarations.detail.lineField', { line: parsed.line, field: label });
  };
}

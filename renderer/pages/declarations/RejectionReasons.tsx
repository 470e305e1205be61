import { useTranslation } from 'react-i18next';
import { type AnyDocument, headOf } from '../../../shared/documents/spec.ts';
import { channelOf, rejectionReasons, remedyFamilyOf } from '../../../shared/sync/rejections.ts';
import { useCodeNames } from '../../components/code-names.ts';
import { type DocumentKind, requireSpec } from './document-model.ts';
import { usePlaceLabel } from './place-label.ts';
import { pathOfReason } from './rejection.ts';

/** What a document was sent back for: each reason with what its code is called, what to do about it, and the way to its field. */
export function RejectionReasons({
  kind,
  body,
  statusCode,
  statusInfo,
  onJump,
}: {
  readonly kind: DocumentKind;
  readonly body: AnyDocument;
  readonly statusCode: string;
  readonly statusInfo: string;
  readonly onJump: (path: string) => void;
}) {
  const { t } = useTranslation();
  const placeLabel = usePlaceLabel();
  const parts = rejectionReasons(statusCode, statusInfo);
  const codes = parts.map(({ code }) => code).filter((code) => code !== '');
  const official = useCodeNames('error_code', codes);
  const observed = useCodeNames('return_info_code', codes);
  const channel = useCodeNames(
    'dec_channel',
    codes.flatMap((code) => channelOf(code) ?? []),
  );
  const isImport = headOf(requireSpec(kind), body)['IEFlag'] === 'I';
  return parts.map(({ code, text }) => {
    const path = pathOfReason(kind, text, code, isImport);
    const state = channelOf(code);
    const known = code === '' ? undefined : state === undefined ? (official(code) ?? observed(code)) : channel(state);
    const family = remedyFamilyOf(code);
    return (
      <div key={`${code} ${text}`}>
        <strong className="tone-rejected">
          {t('declarations.rejected.title', { code: code === '' ? statusCode : code })} {text === '' ? known : text}
        </strong>
        {known === undefined || known === text || text === '' ? null : <p>{known}</p>}
        <p>
          {family === undefined ? null : t(`declarations.rejected.remedyOf.${family}`)}
          {path === undefined ? null : (
            <button type="button" className="link" onClick={() => onJump(path)}>
              {t('declarations.rejected.goField', { field: placeLabel(kind, path) })}
            </button>
          )}
        </p>
      </div>
    );
  });
}

import { useTranslation } from 'react-i18next';
import type { ClassificationDoubt } from '../../../shared/contract/classification.ts';
import { ToneMark } from '../../components/StateTag.tsx';
import './classification.css';

/** What speaks against a code, each with what it rests on. */
export function DoubtList({ doubts }: { readonly doubts: readonly ClassificationDoubt[] }) {
  const { t } = useTranslation();
  if (doubts.length === 0) return null;
  return (
    <ul className="decision-doubts">
      {doubts.map(({ code, params }) => (
        <li key={code}>
          <ToneMark tone="action" />
          <div>
            <strong>{t(`classification.doubt.${code}.what`, params)}</strong>
            <div className="muted">{t(`classification.doubt.${code}.why`, params)}</div>
          </div>
        </li>
      ))}
    </ul>
  );
}

import { useTranslation } from 'react-i18next';
import type { Reliability as Level } from '../../../shared/rules/pack.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import type { Tone } from '../../theme/palette.ts';

const tones: Readonly<Record<Level, Tone>> = { V: 'accepted', S: 'ready', K: 'draft', U: 'action' };

/** How a figure of a rule is known, in words. */
export function Reliability({ level }: { readonly level: Level }) {
  const { t } = useTranslation();
  return <ToneTag tone={tones[level]} label={t(`tax.reliability.${level}`)} />;
}

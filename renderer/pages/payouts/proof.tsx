import { proofTexts } from '../../../shared/payouts/index.ts';
import { ToneTag } from '../../components/StateTag.tsx';
import { useBilingual } from '../obligations/use-bilingual.ts';

/** How the lines were proved, in words. */
export function ProofTag({ proof }: { readonly proof: keyof typeof proofTexts }) {
  const word = useBilingual();
  return <ToneTag tone={proof === 'none' ? 'action' : 'accepted'} label={word(proofTexts[proof])} />;
}

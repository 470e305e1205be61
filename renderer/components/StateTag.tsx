/**
 * A state as icon, word and colour, never colour alone. Kinds: `document`, `order`, `message`, `product`, `shipment`; or a
 * bare tone with your own word through `<ToneTag>`.
 */
import { useTranslation } from 'react-i18next';
import type { documentStates, messageStates } from '../../shared/contract/filing.ts';
import type { orderStates, productStates } from '../../shared/contract/trade.ts';
import type { Tone } from '../theme/palette.ts';

type StateOf = {
  document: (typeof documentStates)[number];
  message: (typeof messageStates)[number];
  order: (typeof orderStates)[number];
  product: (typeof productStates)[number];
  shipment: 'draft' | 'drafted' | 'void';
};

const toneOf: { readonly [K in keyof StateOf]: Readonly<Record<StateOf[K], Tone>> } = {
  document: {
    draft: 'draft',
    checked: 'ready',
    queued: 'ready',
    sending: 'waiting',
    unknown: 'action',
    sent: 'waiting',
    accepted: 'accepted',
    rejected: 'rejected',
    released: 'accepted',
    closed: 'accepted',
    withdrawn: 'draft',
    superseded: 'draft',
  },
  message: {
    unsigned: 'action',
    queued: 'ready',
    sending: 'waiting',
    unknown: 'action',
    sent: 'accepted',
    refused: 'rejected',
    withdrawn: 'draft',
  },
  order: {
    open: 'draft',
    cancelled: 'draft',
    drafted: 'draft',
    queued: 'ready',
    sent: 'waiting',
    accepted: 'accepted',
    rejected: 'rejected',
    released: 'accepted',
  },
  product: { 'to-classify': 'action', classified: 'accepted', 'not-goods': 'draft' },
  shipment: { draft: 'draft', drafted: 'accepted', void: 'draft' },
};

const glyphs: Readonly<Record<Tone, string>> = {
  draft: '–',
  ready: '↑',
  waiting: '…',
  accepted: '✓',
  rejected: '!',
  action: '?',
};

/** The square mark alone; pass a word beside it. */
export function ToneMark({ tone }: { readonly tone: Tone }) {
  return (
    <span className={`tone-mark is-${tone}`} aria-hidden="true">
      {glyphs[tone]}
    </span>
  );
}

export function ToneTag({ tone, label }: { readonly tone: Tone; readonly label: string }) {
  return (
    <span className={`tone-tag is-${tone}`}>
      <ToneMark tone={tone} />
      <span>{label}</span>
    </span>
  );
}

/** `<StateTag kind="document" state={row.state} />`. A state this version does not know is shown as it is. */
export function StateTag<K extends keyof StateOf>({
  kind,
  state,
}: {
  readonly kind: K;
  readonly state: StateOf[K] | (string & {});
}) {
  const { t } = useTranslation();
  const known: Readonly<Record<string, Tone>> = toneOf[kind];
  return <ToneTag tone={known[state] ?? 'draft'} label={t(`state.${kind}.${state}`, { defaultValue: state })} />;
}

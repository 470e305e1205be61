/** The way from an allocation to what it pays for. */
import { Button } from 'antd';
import type { AllocationRow } from '../../../shared/contract/allocations.ts';
import { navigate } from '../../app/route-store.ts';

type Kind = AllocationRow['target']['kind'];

/** An order to its page, a payout to its own; a declaration or list has no id and is found by its number. */
export function openTarget(kind: Kind, id: number | undefined, no: string): void {
  if (kind === 'order' && id !== undefined) navigate('order', { id });
  else if (kind === 'payout' && id !== undefined) navigate('payouts', { id });
  else navigate('purchases', { tab: 'exports', text: no });
}

/** Lists and declarations of an order, each a way to it. */
export function Declarations({ numbers }: { readonly numbers: readonly string[] }) {
  if (numbers.length === 0) return <span className="muted">–</span>;
  return (
    <span className="allocation-links">
      {numbers.map((no) => (
        <Button key={no} type="link" size="small" onClick={() => openTarget('declaration', undefined, no)}>
          {no}
        </Button>
      ))}
    </span>
  );
}

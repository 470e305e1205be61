import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PayoutView } from '../../../shared/contract/payouts.ts';
import { categoryTexts, type PayoutCategory } from '../../../shared/payouts/index.ts';
import { useKeys } from '../../app/keys.ts';
import { Amount } from '../../components/Amount.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import { CategoryBox } from './category-box.tsx';

type Kind = PayoutView['kinds'][number];
const keyOf = ({ type, detail }: Kind): string => `${type}\t${detail}`;

/** What the platform calls the lines and what each counts as; a description without a category is given one here, once for all. */
export function KindsView({ payout }: { readonly payout: PayoutView }) {
  const { t } = useTranslation();
  const word = useBilingual();
  const teach = useCommand('payouts.teach');
  const [active, setActive] = useState<string>();
  const [isTeaching, setTeaching] = useState(false);
  const chosen = payout.kinds.find((kind) => keyOf(kind) === active) ?? payout.kinds[0];
  const begin = (): void => setTeaching(true);
  const end = (): void => {
    setTeaching(false);
    requestAnimationFrame(() =>
      document.querySelector<HTMLElement>('.payout-kinds [role=grid]')?.focus({ preventScroll: true }),
    );
  };
  const take = async (category: PayoutCategory): Promise<void> => {
    if (chosen === undefined) return;
    const { type, detail } = chosen;
    const done = await teach.run({ platform: payout.platform, type, detail, category });
    if (done === undefined) return;
    notify(
      t('payouts.taught', {
        detail: detail || type,
        category: word(categoryTexts[category]),
        n: formatCount(done.payouts),
      }),
    );
    // The next one nobody has named.
    const next = payout.kinds.find((kind) => kind.category === 'unknown' && keyOf(kind) !== keyOf(chosen));
    if (next !== undefined) setActive(keyOf(next));
    end();
  };
  useKeys([
    {
      key: 'F3',
      label: t('payouts.teach'),
      run: begin,
      isEnabled: chosen !== undefined && payout.state === 'entered',
      isMain: true,
    },
    ...(isTeaching ? [{ key: 'Esc', label: t('common.cancel'), run: end }] : []),
  ]);
  const columns = useMemo(
    (): Column<Kind>[] => [
      { id: 'type', title: t('payouts.column.type'), width: 112, render: (row) => row.type || '–' },
      { id: 'detail', title: t('payouts.column.detail'), render: (row) => row.detail || '–' },
      {
        id: 'category',
        title: t('payouts.column.category'),
        width: 132,
        render: (row) =>
          row.category === 'unknown' ? (
            <ToneTag tone="action" label={word(categoryTexts.unknown)} />
          ) : (
            <span title={row.taught ? t('payouts.taughtHint') : undefined}>
              {word(categoryTexts[row.category])}
              {row.taught ? ' *' : ''}
            </span>
          ),
      },
      {
        id: 'lines',
        title: t('payouts.column.lines'),
        width: 64,
        align: 'right',
        render: (row) => formatCount(row.lines),
      },
      {
        id: 'amount',
        title: t('payouts.column.amount'),
        width: 104,
        align: 'right',
        render: (row) => <Amount value={row.amount} currency={payout.currency} bare />,
      },
    ],
    [t, word, payout.currency],
  );
  return (
    <div className="payout-kinds">
      <div className="payout-teach">
        {chosen === undefined || payout.state === 'void' ? null : isTeaching ? (
          <>
            <span className="payout-teach-name">
              {[chosen.type, chosen.detail].filter((text) => text !== '').join(' · ')}
            </span>
            <CategoryBox
              key={keyOf(chosen)}
              value={chosen.category}
              autoFocus
              onTake={(category) => void take(category)}
            />
          </>
        ) : (
          <>
            <span className="muted">{t(payout.unknown > 0 ? 'payouts.teachHint' : 'payouts.teachDone')}</span>
            <KeyButton label={t('payouts.teach')} keys="F3" onPress={begin} />
          </>
        )}
      </div>
      <ErrorNote error={teach.error} onClose={teach.clear} />
      <DataTable
        label={t('payouts.view.kinds')}
        pages={plainPages(payout.kinds)}
        columns={columns}
        rowKey={keyOf}
        activeKey={chosen === undefined ? undefined : keyOf(chosen)}
        onActivate={(row) => setActive(keyOf(row))}
        onOpen={(row) => {
          setActive(keyOf(row));
          begin();
        }}
        rowTone={(row) => (row.category === 'unknown' ? 'action' : undefined)}
        empty={<EmptyState title={t('payouts.noKinds')} />}
      />
    </div>
  );
}

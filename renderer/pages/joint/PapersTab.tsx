/** 结算单与单据: versions of the statements, issuing the next, the consolidation sheet for the warehouse and the carrier. */
import { Button, Input } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import type { jointPapers } from '../../../shared/contract/joint.ts';
import { useKeys } from '../../app/keys.ts';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailSection, focusDetail } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { useFormDraft } from '../../components/form-draft.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Split } from '../../components/Page.tsx';
import { useCommand } from '../../core-client.ts';
import { formatAmount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { usePaper } from './use-paper.tsx';

type Joint = OutputOf<'joint.get'>;
type Row = Joint['issues'][number];

export function PapersTab({ joint }: { readonly joint: Joint }) {
  const { t } = useTranslation();
  const paper = usePaper();
  const [chosen, setChosen] = useState<number>();
  const version = chosen ?? joint.issues[0]?.version;
  const columns = useMemo(
    (): readonly Column<Row>[] => [
      {
        id: 'version',
        title: t('joint.version'),
        width: 90,
        render: (row) => t('joint.versionOf', { version: row.version }),
      },
      { id: 'at', title: t('joint.issuedAt'), width: 150, render: (row) => formatInstant(row.at) },
      { id: 'who', title: t('joint.who'), width: 120, render: (row) => row.who },
      { id: 'reason', title: t('joint.reason'), render: (row) => row.reason },
    ],
    [t],
  );
  const write = (which: (typeof jointPapers)[number], format: 'pdf' | 'xlsx'): void =>
    void paper.write(`${t(`joint.paper.${which}`)} ${joint.number}`, format, {
      id: joint.id,
      paper: which,
      ...(version === undefined || which === 'consolidation' ? {} : { version }),
    });
  const buttons = (which: (typeof jointPapers)[number], isDisabled = false) => (
    <div className="joint-papers">
      <span>{t(`joint.paper.${which}`)}</span>
      <span className="muted">{t(`joint.paperHint.${which}`)}</span>
      <span className="spacer" />
      <Button size="small" disabled={isDisabled} loading={paper.isRunning} onClick={() => write(which, 'pdf')}>
        PDF
      </Button>
      <Button size="small" disabled={isDisabled} loading={paper.isRunning} onClick={() => write(which, 'xlsx')}>
        Excel
      </Button>
    </div>
  );
  return (
    <Split
      list={
        <DataTable
          label={t('joint.versions')}
          autoFocus
          pages={plainPages(joint.issues)}
          columns={columns}
          rowKey={(row) => row.version}
          activeKey={version}
          onActivate={(row) => setChosen(row.version)}
          onOpen={() => focusDetail()}
          empty={<EmptyState title={t('joint.noVersions')} hint={t('joint.noVersionsHint')} />}
        />
      }
      detail={
        <DetailPane title={version === undefined ? t('joint.notIssued') : t('joint.versionOf', { version })}>
          {paper.notice}
          <DetailSection title={t('joint.papers')}>
            {buttons('consolidation')}
            {buttons('shares')}
            {buttons('statement', version === undefined)}
          </DetailSection>
          <Issue joint={joint} onIssued={setChosen} />
        </DetailPane>
      }
    />
  );
}

function Issue({ joint, onIssued }: { readonly joint: Joint; readonly onIssued: (version: number) => void }) {
  const { t } = useTranslation();
  const issue = useCommand('joint.issue');
  const form = useFormDraft(`joint issue ${joint.id}`, { reason: '' });
  const { reason } = form.value;
  const { totals, members } = joint.statements;
  const next = joint.version + 1;
  const isSame = joint.version > 0 && !joint.isChanged;
  const submit = async (): Promise<void> => {
    const done = await issue.run({ id: joint.id, reason });
    if (done === undefined) return;
    form.reset();
    notify(t('joint.issued', { version: done.version }));
    onIssued(done.version);
  };
  useKeys([
    {
      key: 'Ctrl+Enter',
      label: t('joint.issueNow', { version: next }),
      run: () => void submit(),
      isEnabled: !isSame,
      isMain: true,
    },
  ]);
  return (
    <DetailSection title={t('joint.issue')}>
      <div className="panel-pad card-form">
        <p className="muted">
          {isSame
            ? t('joint.isSame', { version: joint.version })
            : t('joint.issueHint', { count: members.length, net: formatAmount(totals.net, 2) })}
        </p>
        {joint.version === 0 ? null : (
          <Field id="issue-reason" label={t('joint.reason')} isRequired={!isSame}>
            <Input
              id="issue-reason"
              disabled={isSame}
              value={reason}
              maxLength={500}
              onChange={(event) => form.change({ reason: event.target.value })}
            />
          </Field>
        )}
        <ErrorNote error={issue.error} isInline />
        <div className="card-actions">
          <KeyButton
            kind="primary"
            label={t('joint.issueNow', { version: next })}
            keys="Ctrl+Enter"
            isDisabled={isSame}
            isBusy={issue.isRunning}
            onPress={() => void submit()}
          />
        </div>
      </div>
    </DetailSection>
  );
}

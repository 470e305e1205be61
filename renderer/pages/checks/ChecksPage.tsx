/** 检查规则: every check of documents by message, with source and remedy; one is switched off only with a reason. */
import { Button, Input, Select } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { specOf } from '../../../shared/documents/catalogue.ts';
import { listed } from '../../../shared/i18n/words.ts';
import { useKeys } from '../../app/keys.ts';
import type { PageProps } from '../../app/page-route.ts';
import { navigate, replaceParams, textParam } from '../../app/route-store.ts';
import { Code } from '../../components/Amount.tsx';
import { Chips } from '../../components/Chips.tsx';
import { type Column, DataTable, plainPages } from '../../components/DataTable.tsx';
import { DetailPane, DetailPlaceholder, DetailSection, focusDetail, focusList } from '../../components/DetailPane.tsx';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { Field } from '../../components/Field.tsx';
import { KeyButton } from '../../components/KeyButton.tsx';
import { Facts, Page, Split } from '../../components/Page.tsx';
import { SearchInput } from '../../components/SearchInput.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useCommand, useQuery } from '../../core-client.ts';
import { formatCount, formatInstant } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { kindName } from '../declarations/field-text.ts';
import { useFile } from '../risk/use-file.tsx';
import './checks.css';

type Rule = OutputOf<'checks.list'>['rows'][number];
const levelTone = { reject: 'rejected', doubt: 'action', note: 'draft' } as const;

/** The name of a message, or the message where the catalogue has none. */
function messageName(message: string, language: string): string {
  const spec = specOf(message);
  return spec === undefined ? message : kindName(spec.message, language);
}

export function ChecksPage({ params }: PageProps) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const list = useQuery('checks.list', {}, { areas: ['documents', 'tax'] });
  const [message, only, text] = [textParam(params, 'message'), textParam(params, 'only'), textParam(params, 'text')];
  const set = (change: Readonly<Record<string, string>>): void =>
    replaceParams(Object.fromEntries(Object.entries({ ...params, ...change }).filter(([, value]) => value !== '')));
  const pdf = useFile('documents.printFindings');
  const all = list.data?.rows;
  const wanted = (text ?? '').trim().toLowerCase();
  const rows = useMemo(
    () =>
      all?.filter(
        (row) =>
          (message === undefined || row.messages.includes(message)) &&
          (only !== 'off' || row.off !== undefined) &&
          (wanted === '' || `${row.id} ${row.title[language]} ${row.source}`.toLowerCase().includes(wanted)),
      ),
    [all, message, only, wanted, language],
  );
  const chosen = rows?.find(({ id }) => id === textParam(params, 'rule')) ?? rows?.[0];
  const messages = [...new Set((all ?? []).flatMap((row) => row.messages))].sort();
  const off = (all ?? []).filter((row) => row.off !== undefined).length;
  const print = (): void => void pdf.write(t('checks.report'), {});
  useKeys([
    { key: 'F9', label: t('checks.print'), run: print, isMain: true },
    { key: 'Enter', label: t('checks.open'), isMain: true },
    { key: 'Esc', label: t('life.key.back'), run: () => focusList() || navigate('declarations'), isMain: true },
  ]);
  const columns: readonly Column<Rule>[] = [
    { id: 'id', title: t('checks.column.id'), width: 176, render: (row) => <Code>{row.id}</Code> },
    { id: 'title', title: t('checks.column.title'), render: (row) => row.title[language] },
    {
      id: 'level',
      title: t('checks.column.level'),
      width: 128,
      render: (row) =>
        row.off === undefined ? (
          <ToneTag tone={levelTone[row.level]} label={t(`finding.level.${row.level}`)} />
        ) : (
          <ToneTag tone="draft" label={t('checks.off')} />
        ),
    },
    {
      id: 'messages',
      title: t('checks.column.messages'),
      width: 84,
      align: 'right',
      render: (row) => formatCount(row.messages.length),
    },
  ];
  return (
    <Page
      title={t('checks.title')}
      summary={
        all === undefined ? undefined : t('checks.summary', { all: formatCount(all.length), off: formatCount(off) })
      }
      actions={<KeyButton label={t('checks.print')} keys="F9" isBusy={pdf.isRunning} onPress={print} />}
      filters={
        <>
          <Chips<string>
            label={t('checks.column.level')}
            value={only ?? ''}
            onChange={(value) => set({ only: value, rule: '' })}
            chips={[
              { value: '', label: t('common.all'), count: all?.length },
              { value: 'off', label: t('checks.off'), count: off },
            ]}
          />
          <Select
            className="checks-message"
            aria-label={t('checks.message')}
            placeholder={t('checks.message')}
            allowClear
            showSearch
            optionFilterProp="label"
            {...(message === undefined ? {} : { value: message })}
            onChange={(value: string | undefined) => set({ message: value ?? '', rule: '' })}
            options={messages.map((value) => ({ value, label: messageName(value, i18n.language) }))}
          />
          <SearchInput
            value={text ?? ''}
            onChange={(value) => set({ text: value, rule: '' })}
            placeholder={t('checks.search')}
            keyLabel={t('checks.search')}
          />
        </>
      }
      notice={pdf.notice}
    >
      <Split
        list={
          <DataTable<Rule>
            label={t('checks.title')}
            autoFocus
            pages={plainPages(rows, list.error, list.reload)}
            columns={columns}
            rowKey={(row) => row.id}
            activeKey={chosen?.id}
            rowTone={(row) => (row.off === undefined ? undefined : 'muted')}
            onActivate={(row) => set({ rule: row.id })}
            onOpen={() => focusDetail('#check-reason')}
            empty={<EmptyState title={t('checks.none')} hint={t('checks.noneHint')} />}
          />
        }
        detail={
          chosen === undefined ? (
            <DetailPlaceholder text={t('checks.choose')} />
          ) : (
            <RuleDetail key={chosen.id} rule={chosen} onChanged={list.reload} />
          )
        }
      />
    </Page>
  );
}

function RuleDetail({ rule, onChanged }: { readonly rule: Rule; readonly onChanged: () => void }) {
  const { t, i18n } = useTranslation();
  const language = i18n.language === 'en' ? 'en' : 'zh';
  const configure = useCommand('checks.configure');
  const [reason, setReason] = useState('');
  const isOff = rule.off !== undefined;
  const toggle = async (): Promise<void> => {
    if (reason.trim() === '' || configure.isRunning) return;
    const done = await configure.run({ rule: rule.id, off: !isOff, reason });
    if (done === undefined) return;
    setReason('');
    notify(t(isOff ? 'checks.switchedOn' : 'checks.switchedOff', { rule: rule.id }));
    onChanged();
  };
  return (
    <DetailPane
      title={rule.id}
      isCode
      tags={
        <ToneTag
          tone={isOff ? 'draft' : levelTone[rule.level]}
          label={isOff ? t('checks.off') : t(`finding.level.${rule.level}`)}
        />
      }
    >
      <Facts
        columns={1}
        rows={[
          [t('checks.column.title'), rule.title[language]],
          [t('checks.remedy'), rule.remedy[language]],
          [t('checks.source'), rule.source],
          [
            t('checks.looksAt'),
            rule.messages.length === 0
              ? t('checks.everyMessage')
              : listed(
                  rule.messages.map((one) => messageName(one, i18n.language)),
                  i18n.language,
                ),
          ],
        ]}
      />
      {rule.off === undefined ? null : (
        <p className="page-note" role="status">
          <ToneTag tone="action" label={t('checks.off')} />
          {t('checks.offBy', {
            reason: rule.off.reason,
            // `desk`, with the clerk where one was chosen.
            by: rule.off.by.replace(/^\w+ ?/, '') || t('checks.nobody'),
            at: formatInstant(rule.off.changedAt),
          })}
        </p>
      )}
      <DetailSection title={t(isOff ? 'checks.switchOn' : 'checks.switchOff')}>
        <ErrorNote error={configure.error} isInline />
        <form
          className="panel-pad"
          onSubmit={(event) => {
            event.preventDefault();
            void toggle();
          }}
        >
          <Field id="check-reason" label={t('checks.reason')} hint={t('checks.reasonHint')} isRequired>
            <Input
              id="check-reason"
              value={reason}
              maxLength={500}
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
          <Button htmlType="submit" danger={!isOff} disabled={reason.trim() === ''} loading={configure.isRunning}>
            {t(isOff ? 'checks.switchOn' : 'checks.switchOff')}
          </Button>
        </form>
      </DetailSection>
    </DetailPane>
  );
}

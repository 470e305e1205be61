/** A firm's own workbooks with placeholders: load one, see what is wrong with it, fill one for this subject. */
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { OutputOf } from '../../../shared/contract/contract.ts';
import { ConfirmInline } from '../../components/ConfirmInline.tsx';
import { DetailSection } from '../../components/DetailPane.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseSave, FilePicker } from '../../components/FilePicker.tsx';
import { useCommand, useJob, useQuery } from '../../core-client.ts';
import { notify } from '../../stores/notice-store.ts';
import { useBilingual } from '../obligations/use-bilingual.ts';
import type { Subject } from './subject.ts';

type Problem = OutputOf<'papers.addTemplate'>['problems'][number];
const excel = [{ name: 'Excel', extensions: ['xlsx'] }];

export function Templates({ subject, number }: { readonly subject: Subject; readonly number: string }) {
  const { t } = useTranslation();
  const words = useBilingual();
  const list = useQuery('papers.templates', {}, { areas: ['documents'] });
  const add = useCommand('papers.addTemplate');
  const remove = useCommand('papers.removeTemplate');
  const fill = useJob('papers.fillTemplate');
  const [name, setName] = useState('');
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const load = async (file: { readonly token: string; readonly name: string }): Promise<void> => {
    const called = name.trim() === '' ? file.name.replace(/\.xlsx$/i, '').slice(0, 60) : name.trim();
    const done = await add.run({ file: file.token, name: called });
    if (done === undefined) return;
    setProblems(done.problems);
    if (done.template === undefined) return;
    setName('');
    notify(t('papers.template.kept', { name: called, n: done.template.placeholders }));
  };
  const write = async (id: number, called: string): Promise<void> => {
    const to = await chooseSave(called, `${number} ${called}.xlsx`, excel);
    if (to === null) return;
    const done = await fill.start({ id, subject, to: to.token });
    if (done !== undefined) notify(t('papers.template.filled', { file: to.name, rows: done.rows }));
  };
  const groups = ['paper', 'goods', 'packing'] as const;
  return (
    <DetailSection title={t('papers.template.title')}>
      <ul className="plain-list paper-list">
        {(list.data?.rows ?? []).map((one) => (
          <li key={one.id}>
            {one.name} <span className="muted">{one.fileName}</span>{' '}
            <Button size="small" loading={fill.status === 'running'} onClick={() => void write(one.id, one.name)}>
              {t('papers.template.fill')}
            </Button>{' '}
            <ConfirmInline
              isSmall
              isLink
              label={t('common.delete')}
              question={t('papers.template.removeAsk', { name: one.name })}
              confirmLabel={t('common.delete')}
              onConfirm={async () => {
                await remove.run({ id: one.id });
              }}
            />
          </li>
        ))}
        {list.data?.rows.length === 0 ? <li className="muted">{t('papers.template.none')}</li> : null}
      </ul>
      <div className="paper-template-add">
        <Input
          value={name}
          maxLength={60}
          aria-label={t('papers.template.name')}
          placeholder={t('papers.template.name')}
          onChange={(event) => setName(event.target.value)}
        />
        <FilePicker
          purpose={t('papers.template.load')}
          filters={excel}
          label={t('papers.template.load')}
          onFile={(file) => void load(file)}
        />
      </div>
      {problems.length === 0 ? null : (
        <ul className="plain-list paper-list paper-problems" role="alert">
          {problems.map((one) => (
            <li key={`${one.sheet} ${one.cell} ${one.text} ${one.code}`}>
              <span className="code">
                {one.sheet}!{one.cell}
              </span>{' '}
              {t(`papers.problem.${one.code}`, { text: one.text })}{' '}
              {one.nearest === '' ? null : t('papers.problem.nearest', { name: `{{${one.nearest}}}` })}
            </li>
          ))}
        </ul>
      )}
      <ErrorNote error={add.error ?? remove.error ?? fill.error ?? list.error} isInline />
      <details className="paper-placeholders">
        <summary>{t('papers.template.list')}</summary>
        <p className="muted">{t('papers.template.how')}</p>
        {groups.map((group) => (
          <div key={group}>
            <h4>{t(`papers.template.group.${group}`)}</h4>
            <ul className="plain-list paper-list">
              {(list.data?.placeholders ?? [])
                .filter((one) => one.group === group)
                .map((one) => (
                  <li key={one.name}>
                    <span className="code">{`{{${one.name}}}`}</span> {words(one)}
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </details>
    </DetailSection>
  );
}

/** Files of a claimed batch for the import templates of the tax office's client: what stands against importing them, and where to write them. */
import { Button } from 'antd';
import { Skeleton } from '../../components/EmptyState.tsx';
import { ErrorNote } from '../../components/ErrorNote.tsx';
import { chooseOpen, chooseSave } from '../../components/FilePicker.tsx';
import { ToneTag } from '../../components/StateTag.tsx';
import { useJob, useQuery } from '../../core-client.ts';
import { formatCount } from '../../i18n/format.ts';
import { notify } from '../../stores/notice-store.ts';
import { useWords } from './use-words.ts';

const files = ['exports', 'purchases'] as const;
const workbook = [{ name: 'Excel', extensions: ['xlsx'] }];
/** Beyond these the rest is counted. */
const shownFindings = 20;

export function ClaimFiles({ period, batch }: { readonly period: string; readonly batch: string }) {
  const { t } = useWords();
  const check = useQuery('refunds.importCheck', { period, batch }, { areas: ['tax', 'purchases'] });
  const write = useJob('refunds.importFile');
  const { data } = check;
  const save = async (file: (typeof files)[number], template?: { readonly token: string }): Promise<void> => {
    const to = await chooseSave(
      t('tax.import.purpose'),
      t(`tax.import.name.${file}`, { period: period.replace('-', ''), batch: batch.padStart(3, '0') }),
      workbook,
    );
    if (to === null) return;
    const done = await write.start({
      ...{ period, batch, file, to: to.token },
      ...(template === undefined ? {} : { template: template.token }),
    });
    if (done !== undefined) notify(t('tax.import.done', { name: to.name, rows: formatCount(done.rows) }));
  };
  const fillTemplate = async (file: (typeof files)[number]): Promise<void> => {
    const template = await chooseOpen(t('tax.import.template'), workbook);
    if (template !== null) await save(file, template);
  };
  if (data === undefined) return check.error === undefined ? <Skeleton rows={2} /> : <ErrorNote error={check.error} />;
  const rejected = data.findings.filter(({ level }) => level === 'reject').length;
  return (
    <div className="claim-files">
      {rejected > 0 ? (
        <ToneTag tone="rejected" label={t('tax.import.rejected', { n: formatCount(rejected) })} />
      ) : (
        <ToneTag
          tone="accepted"
          label={t('tax.import.ready', { exports: formatCount(data.exports), purchases: formatCount(data.purchases) })}
        />
      )}
      <ul className="plain-list">
        {data.findings.slice(0, shownFindings).map((one) => (
          <li
            key={`${one.file} ${one.row} ${one.head} ${one.code}`}
            className={one.level === 'note' ? 'muted' : undefined}
          >
            {t(`tax.import.file.${one.file}`)} {t('tax.import.row', { row: one.row })} {one.head}：
            {t(`tax.import.code.${one.code}`)}
          </li>
        ))}
        {data.findings.length > shownFindings ? (
          <li className="muted">{t('tax.import.more', { n: formatCount(data.findings.length - shownFindings) })}</li>
        ) : null}
      </ul>
      <ErrorNote error={write.error} isInline onClose={write.clear} />
      {files.map((file) => (
        <div key={file} className="claim-actions">
          <span>{t(`tax.import.file.${file}`)}</span>
          <Button size="small" disabled={rejected > 0} onClick={() => void fillTemplate(file)}>
            {t('tax.import.fill')}
          </Button>
          <Button size="small" disabled={rejected > 0} onClick={() => void save(file)}>
            {t('tax.import.make')}
          </Button>
        </div>
      ))}
      <p className="muted">{t('tax.import.hint')}</p>
      <p className="muted">{data.source}</p>
    </div>
  );
}

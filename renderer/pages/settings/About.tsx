import { useTranslation } from 'react-i18next';
import { Facts, Panel } from '../../components/Page.tsx';
import { useQuery } from '../../core-client.ts';

/** The open-source parts that are in the window and the core, with their licences. */
const parts = [
  ['React', 'MIT'],
  ['Ant Design', 'MIT'],
  ['Apache ECharts', 'Apache-2.0'],
  ['Electron', 'MIT'],
  ['SQLite', 'Public Domain'],
  ['SQLite3 Multiple Ciphers', 'MIT'],
  ['better-sqlite3', 'MIT'],
  ['i18next', 'MIT'],
  ['zod', 'MIT'],
  ['zustand', 'MIT'],
  ['React Hook Form', 'MIT'],
  ['ExcelJS', 'MIT'],
  ['xml-crypto', 'MIT'],
  ['node-forge', 'BSD-3-Clause'],
  ['Fastify', 'MIT'],
] as const;

export function About() {
  const { t } = useTranslation();
  const health = useQuery('books.health', {});
  const { version, os } = window.portbook.platform;
  return (
    <>
      <Panel isPlain title={t('settings.about.title')}>
        <div className="panel-pad">
          <Facts
            columns={1}
            rows={[
              [t('settings.about.version'), `${t('common.app')} ${version} · ${t(`settings.about.os.${os}`)}`],
              [t('settings.about.tables'), health.data?.tables ?? '–'],
              [t('settings.about.rules'), health.data?.rules ?? '–'],
            ]}
          />
          <p className="muted form-note about-note">{t('settings.about.note')}</p>
        </div>
      </Panel>
      <Panel isPlain title={t('settings.about.licences')}>
        <div className="panel-pad">
          <Facts columns={3} rows={parts.map(([name, licence]) => [name, licence] as const)} />
        </div>
      </Panel>
    </>
  );
}

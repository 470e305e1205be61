import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildTable, type CodeTable } from '../shared/tables/table.ts';

/** Tables that the platform's checks look codes up in; the others in the folder are for the desk. */
const wanted = new Set([
  'admin_division',
  'container_spec',
  'country',
  'country_alpha3',
  'currency',
  'currency_iso',
  'customs_district',
  'decl_trn_rel',
  'district_domestic',
  'domestic_port',
  'edoc',
  'entry_type',
  'fee_mark',
  'levy_mode',
  'levy_nature',
  'license_doc',
  'oper_type',
  'port',
  'port_alpha',
  'trade_mode',
  'trans_mode',
  'transport_mode',
  'unit',
  'wrap_type',
  'wrap_type_old',
]);

/** Reads the code tables of a resources folder; none when there is no folder: codes are then not checked. */
export function readTables(resourcesFolder: string | undefined): ReadonlyMap<string, CodeTable> {
  const tables = new Map<string, CodeTable>();
  if (resourcesFolder === undefined) return tables;
  const folder = path.join(resourcesFolder, 'tables');
  if (!existsSync(folder)) throw new Error(`no code tables in ${folder}`);
  for (const file of readdirSync(folder)) {
    const id = path.basename(file, '.json');
    if (!wanted.has(id)) continue;
    tables.set(id, buildTable(JSON.parse(readFileSync(path.join(folder, file), 'utf8'))));
  }
  return tables;
}

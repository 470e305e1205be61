import type { Storage } from './storage.ts';

/**
 * PostgreSQL when an address is given, SQLite in the data folder otherwise. Only the engine that is used is loaded.
 * @param databaseUrl `postgresql://user@host:port/database`, or `socket:/folder?db=name&user=name`
 */
export async function openStorage(dataFolder: string | undefined, databaseUrl: string | undefined): Promise<Storage> {
  if (databaseUrl !== undefined) {
    const { PostgresStorage } = await import('./postgres.ts');
    return PostgresStorage.open(databaseUrl);
  }
  if (dataFolder === undefined) throw new Error('neither a data folder nor a database');
  const { SqliteStorage } = await import('./sqlite.ts');
  return new SqliteStorage(dataFolder);
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { app } from 'electron';

/** Where the program's own files lie: in the checkout, or in an installed package. */

export function distFolder(): string {
  return path.join(app.getAppPath(), 'dist');
}

/** Code tables, rule packs, templates. They are files beside the package, since the core reads them by path. */
export function resourcesFolder(): string {
  if (app.isPackaged) return path.join(process.resourcesPath, 'resources');
  return process.env.PORTBOOK_RESOURCES ?? path.join(app.getAppPath(), 'resources');
}

/** The SQLite addon to load; undefined where the npm package's own binary serves this runtime. */
export function sqliteAddon(): string | undefined {
  if (!app.isPackaged) return process.env.PORTBOOK_SQLITE_ADDON;
  const shipped = path.join(process.resourcesPath, 'addon', 'better_sqlite3.node');
  return existsSync(shipped) ? shipped : undefined;
}

/** The environment of our own processes: what the core and the practice platform read. */
export function processEnvironment(): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const addon = sqliteAddon();
  return {
    ...Object.fromEntries(inherited),
    PORTBOOK_HOME: app.getPath('userData'),
    PORTBOOK_RESOURCES: resourcesFolder(),
    PORTBOOK_PACKAGED: app.isPackaged ? '1' : '0',
    ...(addon === undefined ? {} : { PORTBOOK_SQLITE_ADDON: addon }),
  };
}

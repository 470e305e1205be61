// How the desk is packed: electron-builder's configuration, as a function of the runtime that goes into the package.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { root } from './lib/base.mjs';

/** The Node-API level from which on the npm package's own SQLite binary serves. */
const prebuiltNapi = 10;

/**
 * @param {import('./lib/runtime.mjs').Runtime} runtime
 * @param {string} addon the SQLite addon for that runtime
 * @returns {import('electron-builder').Configuration}
 */
export function builderConfiguration(runtime, addon) {
  const icons = path.join(root, 'resources/icons');
  const prebuilt = `${process.platform}-${process.arch}.node`;
  return {
    appId: 'cn.portbook.desk',
    productName: 'Portbook',
    copyright: 'Portbook contributors',
    directories: { output: 'out/package', ...(existsSync(icons) ? { buildResources: icons } : {}) },
    electronVersion: runtime.version,
    // A folder on Linux and Windows; on macOS the bundle lies in it as well.
    electronDist: runtime.dist,
    npmRebuild: false,
    asar: true,
    // The operating system loads addons from files only.
    asarUnpack: ['**/*.node'],
    files: [
      'dist/**',
      'package.json',
      '!dist/**/*.map',
      '!dist/{bench,screens}.js',
      '!dist/tools-*.js',
      '!dist/.*',
      '!**/node_modules/**/*.{map,md,ts}',
      '!**/node_modules/better-sqlite3/{deps,src}/**',
      // Bundles for browsers; Node loads lib/.
      '!**/node_modules/exceljs/dist/**',
      `!**/node_modules/better-sqlite3/prebuilds/!(${prebuilt})`,
    ],
    extraResources: [
      { from: 'resources', to: 'resources', filter: ['**/*', '!icons/**'] },
      ...(runtime.napi < prebuiltNapi ? [{ from: addon, to: 'addon/better_sqlite3.node' }] : []),
    ],
    // The runtime's own opener of application folders has no place beside an application.
    afterPack: ({ packager, appOutDir }) =>
      rm(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true }),
    electronFuses: {
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    },
    linux: {
      executableName: 'portbook',
      category: 'Office',
      synopsis: '通关簿：跨境电商报关、退税、收汇与账务',
      maintainer: 'Portbook contributors',
      target: ['AppImage', 'deb'],
    },
    deb: { depends: ['libnss3', 'libatk-bridge2.0-0', 'libgtk-3-0', 'libgbm1', 'libasound2', 'fonts-noto-cjk'] },
    win: { target: ['nsis'] },
    nsis: {
      oneClick: false,
      perMachine: false,
      allowToChangeInstallationDirectory: true,
      installerLanguages: ['zh_CN', 'en_US'],
    },
    mac: { category: 'public.app-category.business', target: ['dmg'] },
  };
}

// What is compiled from what. Plain Vite, called as a library: one run for the pages, one for the preload and one for the
// Node programs, which share their chunks.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { root, say } from './base.mjs';
import { copyPrintFonts } from './fonts.mjs';

/**
 * @typedef {object} Bundle
 * @property {string} name
 * @property {Record<string, string>} entries output name to source file
 * @property {readonly string[]} sources the folders and files whose change asks for a new build
 */

/** @type {readonly Bundle[]} */
export const bundles = [
  { name: 'renderer', entries: { index: 'renderer/index.html' }, sources: ['renderer', 'shared'] },
  { name: 'preload', entries: { preload: 'electron/preload.ts' }, sources: ['electron/preload.ts', 'shared'] },
  {
    name: 'programs',
    entries: {
      main: 'electron/main.ts',
      core: 'electron/core/main.ts',
      cli: 'electron/cli.ts',
      platform: 'platform/main.ts',
    },
    sources: ['electron', 'platform', 'shared'],
  },
  {
    name: 'tools',
    entries: { bench: 'tests/bench/run.ts', screens: 'tests/desk/screens.ts' },
    sources: ['tests', 'electron', 'platform', 'shared', 'renderer/i18n'],
  },
];

/**
 * Compiles one bundle into dist/.
 * @param {Bundle} bundle
 */
export async function compile(bundle) {
  const entries = Object.entries(bundle.entries).filter(([name, file]) => {
    const isWritten = existsSync(path.join(root, file));
    if (!isWritten && bundle.name !== 'tools') say(`${file} does not exist, so there is no ${name}`);
    return isWritten;
  });
  if (entries.length === 0) return;
  const vite = await import('vite');
  const inputs = Object.fromEntries(entries.map(([name, file]) => [name, path.join(root, file)]));
  const config = bundle.name === 'renderer' ? rendererConfig() : await nodeConfig(bundle.name, inputs);
  await vite.build({ configFile: false, logLevel: 'warn', clearScreen: false, ...config });
  // The window shows papers and the printer prints them with the same files.
  if (bundle.name === 'renderer') await copyPrintFonts(path.join(root, 'dist/renderer/fonts'));
}

/** @returns {import('vite').InlineConfig} */
function rendererConfig() {
  return {
    root: path.join(root, 'renderer'),
    base: './',
    publicDir: existsSync(path.join(root, 'renderer/public')) ? 'public' : false,
    // The protocol handler of the main process puts a new nonce here with every page it serves.
    html: { cspNonce: '__CSP_NONCE__' },
    build: {
      outDir: path.join(root, 'dist/renderer'),
      emptyOutDir: true,
      target: 'chrome130',
      modulePreload: { polyfill: false },
      // Fonts and images stay files: a data URI would only make the script longer.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 4000,
      reportCompressedSize: false,
      rolldownOptions: {
        // Libraries mark files for React's server components, which a desk has not; hundreds of warnings would say so.
        onwarn: (warning, warn) => {
          if (warning.code !== 'MODULE_LEVEL_DIRECTIVE') warn(warning);
        },
      },
    },
  };
}

/**
 * @param {string} name
 * @param {Record<string, string>} input
 * @returns {Promise<import('vite').InlineConfig>}
 */
async function nodeConfig(name, input) {
  const { dependencies } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const packages = Object.keys(dependencies);
  const isPreload = name === 'preload';
  // The rule for package.json: `dependencies` stay packages at run time and ship beside the bundles; what stands under
  // `devDependencies` is compiled into them or is a tool.
  /** @param {string} id */
  const isExternal = (id) =>
    id === 'electron' ||
    id.startsWith('electron/') ||
    id.startsWith('playwright') ||
    isBuiltin(id) ||
    packages.some((one) => id === one || id.startsWith(`${one}/`));
  return {
    root,
    publicDir: false,
    ssr: { noExternal: true, external: packages, target: 'node' },
    build: {
      ssr: true,
      outDir: path.join(root, 'dist'),
      emptyOutDir: false,
      target: 'node20.18',
      minify: false,
      sourcemap: !isPreload,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        external: isExternal,
        output: isPreload
          ? // A sandboxed preload is one CommonJS file: it can require nothing but a few of Electron's own modules.
            { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false }
          : // All in one folder, so that import.meta.dirname is dist/ wherever a module ends up.
            { format: 'es', entryFileNames: '[name].js', chunkFileNames: `${name}-[name].js` },
      },
    },
  };
}

import { mkdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { build } from 'vite';

const root = path.resolve(import.meta.dirname, '../../..');

/**
 * Compiles TypeScript programs for child processes, which a kill must be able to reach: tests that end a process cannot
 * do it to their own. @returns the programs' files by name
 */
export async function compilePrograms(
  entries: Readonly<Record<string, string>>,
  name: string,
): Promise<Record<string, string>> {
  // Inside the project, so that packages are found.
  const outDir = path.join(root, 'node_modules/.cache/portbook/tests', name);
  mkdirSync(outDir, { recursive: true });
  const { dependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const packages = Object.keys(dependencies);
  await build({
    configFile: false,
    logLevel: 'error',
    root,
    publicDir: false,
    ssr: { noExternal: true, external: packages, target: 'node' },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: Object.fromEntries(Object.entries(entries).map(([key, file]) => [key, path.join(root, file)])),
        external: (id: string) => isBuiltin(id) || packages.some((one) => id === one || id.startsWith(`${one}/`)),
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunk-[name].js' },
      },
    },
  });
  return Object.fromEntries(Object.keys(entries).map((key) => [key, path.join(outDir, `${key}.js`)]));
}

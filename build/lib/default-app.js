// Becomes resources/default_app.asar of the fallback runtime: the part of a stock Electron that takes the application's
// folder from the command line and runs it. It runs inside Electron, never in the application's own package.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const preloads = [];
let target;
for (let i = 1; i < process.argv.length; i += 1) {
  const arg = process.argv[i];
  if (arg === '-r' || arg === '--require') {
    i += 1;
    preloads.push(process.argv[i]);
  } else if (!arg.startsWith('-')) {
    target = path.resolve(arg);
    break;
  }
}

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
const require = createRequire(import.meta.url);
for (const file of preloads) require(path.resolve(file));

if (target === undefined) {
  console.error('usage: electron [switches] <application folder> [arguments]');
  app.exit(1);
} else {
  let main = target;
  if (statSync(target).isDirectory()) {
    const about = JSON.parse(readFileSync(path.join(target, 'package.json'), 'utf8'));
    main = path.join(target, about.main ?? 'index.js');
    if (about.productName || about.name) app.setName(about.productName ?? about.name);
    if (about.version) app.setVersion(about.version);
    app.setAppPath(target);
  }
  // Awaited at the top level, so that the application's code runs before Electron is ready.
  await import(pathToFileURL(main).href);
}

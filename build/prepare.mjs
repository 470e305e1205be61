// Gets a bare clone ready to run: `import { ensurePackages, … } from './prepare.mjs'`. Every step first looks whether its
// work is already done; a second run makes no network call and takes a fraction of a second.
export { ensureAddon, findAddon } from './lib/addon.mjs';
export { ensureBuilt } from './lib/built.mjs';
export { ensureHledger } from './lib/hledger.mjs';
export { ensurePackages } from './lib/packages.mjs';
export { ensureRuntime } from './lib/runtime.mjs';
export { ensureSystem } from './lib/system.mjs';

import { createInterface } from 'node:readline';

/** The platform as it is, on a machine whose clock is put by a storm: each line of the standard input is how far it is ahead, in milliseconds. */

let aheadMs = 0;
const { now } = Date;
Date.now = () => now() + aheadMs;
createInterface({ input: process.stdin }).on('line', (line) => {
  aheadMs = Number(line);
});

await import('../../../platform/main.ts');

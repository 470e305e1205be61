export * from './backoff.ts';
export * from './document-states.ts';
export * from './endpoint-url.ts';
export * from './machine.ts';
export * from './message-states.ts';
export * from './receipts.ts';

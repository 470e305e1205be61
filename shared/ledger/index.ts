export * from './accounts.ts';
export * from './document-events.ts';
export * from './posting-rules.ts';
export * from './postings.ts';
export * from './revaluation.ts';
export * from './typed-voucher.ts';

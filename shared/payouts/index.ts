/** Payouts of marketplaces (平台结算单): layouts, reading with proof, categories, the way from gross to net. */
export * from './amounts.ts';
export * from './categories.ts';
export * from './dates.ts';
export * from './explode.ts';
export * from './findings.ts';
export * from './kinds.ts';
export * from './layouts.ts';
export * from './lines.ts';
export * from './reader.ts';
export * from './subset.ts';
export * from './texts.ts';

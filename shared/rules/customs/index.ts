export * from './context.ts';
export * from './pack.ts';
export * from './rules.ts';
export * from './texts.ts';

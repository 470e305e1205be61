export * from './archive-pack.ts';
export * from './engine.ts';
export * from './holiday-year.ts';
export * from './pack.ts';
export * from './tax-figures.ts';

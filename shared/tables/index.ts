export * from './country.ts';
export * from './hs.ts';
export * from './search.ts';
export * from './table.ts';

export * from './currency-exponents.ts';
export * from './decimal.ts';
export * from './money.ts';

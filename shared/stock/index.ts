export * from './average.ts';
export * from './fen.ts';
export * from './fifo.ts';
export * from './line-cost.ts';
export * from './ratio.ts';
export * from './tax-facts.ts';

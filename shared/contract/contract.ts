import type { z } from 'zod';
import { accounting } from './accounting.ts';
import { allocations } from './allocations.ts';
import { books } from './books.ts';
import { broker } from './broker.ts';
import { classification } from './classification.ts';
import { creditInsurance } from './credit-insurance.ts';
import { customsModes } from './customs-modes.ts';
import { dataRequests } from './data-requests.ts';
import { documentLife } from './document-life.ts';
import { endpoints } from './endpoints.ts';
import { entry } from './entry.ts';
import { evidence } from './evidence.ts';
import { filing } from './filing.ts';
import { imports } from './imports.ts';
import { ledger, search, tables, today } from './ledger.ts';
import { money } from './money.ts';
import { obligations } from './obligations.ts';
import { outbox } from './outbox.ts';
import { papers } from './papers.ts';
import { payouts } from './payouts.ts';
import { purchasing } from './purchasing.ts';
import { rates } from './rates.ts';
import { recordMatch } from './record-match.ts';
import { reports } from './reports.ts';
import { risk } from './risk.ts';
import { signing } from './signing.ts';
import { stores } from './stores.ts';
import { supervision } from './supervision.ts';
import { tax } from './tax.ts';
import { trade } from './trade.ts';

/** Every operation of the core, by name. The core implements exactly these; the desk and the CLI call nothing else. */
export const contract = {
  ...books,
  ...imports,
  ...trade,
  ...filing,
  ...outbox,
  ...ledger,
  ...rates,
  ...accounting,
  ...reports,
  ...purchasing,
  ...tax,
  ...obligations,
  ...money,
  ...payouts,
  ...allocations,
  ...supervision,
  ...recordMatch,
  ...risk,
  ...evidence,
  ...stores,
  ...creditInsurance,
  ...documentLife,
  ...entry,
  ...classification,
  ...customsModes,
  ...papers,
  ...broker,
  ...today,
  ...tables,
  ...search,
  ...signing,
  ...endpoints,
  ...dataRequests,
} as const;

export type Contract = typeof contract;
export type OperationName = keyof Contract;
/** What a caller passes (before defaults are filled in). */
export type InputOf<N extends OperationName> = z.input<Contract[N]['input']>;
/** What an implementation receives. */
export type ParsedInputOf<N extends OperationName> = z.output<Contract[N]['input']>;
export type OutputOf<N extends OperationName> = z.output<Contract[N]['output']>;

/** What the core tells the desk unasked: at most ten times a second each. */
export type CoreEvent =
  | { name: 'sync.changed' }
  | {
      name: 'book.changed';
      areas: (
        | 'orders'
        | 'products'
        | 'shipments'
        | 'documents'
        | 'ledger'
        | 'imports'
        | 'purchases'
        | 'tax'
        | 'money'
        | 'matching'
        | 'risk'
      )[];
    }
  | { name: 'book.opened'; bookId: string }
  | { name: 'book.closed' };

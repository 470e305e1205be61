/** Income tax: deemed profit of the quarter (T01–T03), proof of total income (G4), agent exports (T27), platform income (T28). */
import { agentExport } from '../../../shared/contract/tax.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { fobByDeclaration, fobByStore } from '../store/worksheets/export-lines.ts';
import { taxFactsOf } from '../store/worksheets/facts.ts';
import { incomeTurnover, revenueByStore, revenueEntries, salesWaiting } from '../store/worksheets/revenue.ts';
import { quarterKey } from './period.ts';
import { ruleText } from './rules.ts';
import { figureOf, majorText, type Sheet, type SheetRow, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

/** Income tax itself is no cost of the comparison (所得税费用). */
const incomeTaxAccount = /^5801/;

/** Sum of decimal texts; undefined where one is missing. */
function sum(values: readonly (string | undefined)[]): string | undefined {
  let total = new Num(0);
  for (const value of values) {
    if (value === undefined) return undefined;
    total = total.plus(value);
  }
  return total.toFixed();
}

/** A fact of each quarter up to now, added up; quarters without it count for nothing. */
function optionalOfYear(
  sheet: Sheet,
  name: 'income-exempt' | 'income-nontaxable' | 'property-income',
): string | undefined {
  const { year, quarter } = sheet.period;
  const values = quartersTo(quarter).flatMap((at) => sheet.factValue(name, quarterKey(year, at)) ?? []);
  if (values.length > 0) return sum(values);
  sheet.optionalFact(name, quarterKey(year, quarter), 'T01');
  return undefined;
}

const quartersTo = (last: number): number[] => Array.from({ length: last }, (_, at) => at + 1);

/** Openings and closings of the quarters up to now; undefined where one is missing. */
function averages(
  sheet: Sheet,
  opening: 'employees-opening' | 'assets-opening',
  closing: 'employees-closing' | 'assets-closing',
): [string, string][] | undefined {
  const { year, quarter } = sheet.period;
  const pairs = quartersTo(quarter).map((at) => [
    sheet.requiredFact(opening, quarterKey(year, at), 'T03'),
    sheet.requiredFact(closing, quarterKey(year, at), 'T03'),
  ]);
  return pairs.every((pair): pair is [string, string] => pair[0] !== undefined && pair[1] !== undefined)
    ? pairs
    : undefined;
}

/** Deemed-profit income tax of a quarter, cumulative, or of a year with its settlement. */
export function incomeTaxSheet(sheet: Sheet): void {
  const { book, period, profile } = sheet;
  const { year, quarter, kind } = period;
  const [firstMonth, lastMonth] = [`${year}-01`, period.to.slice(0, 7)];
  const cumulative = incomeTurnover(book, firstMonth, lastMonth);
  const now = new Map(
    incomeTurnover(book, period.months[0] ?? lastMonth, lastMonth).map(({ account, fen }) => [account, fen]),
  );
  const total = (which: 'revenue' | 'expense'): number =>
    cumulative
      .filter((one) => one.kind === which && !incomeTaxAccount.test(one.account))
      .reduce((all, { fen }) => all + fen, 0);
  const [revenueFen, expenseFen] = [total('revenue'), total('expense')];

  const approval = sheet.required('deemedApproval', 'T01');
  sheet.fact('deemedApproval', 'text', approval?.number, { page: 'tax-profile', params: { field: 'deemedApproval' } });
  if (approval !== undefined && (approval.from > period.to || (approval.to !== undefined && approval.to < period.from)))
    sheet.find('warning', 'approvalOutside', 'T01', 'deemedApproval', { number: approval.number });
  const waiting = salesWaiting(book, `${year}-01-01`, period.to);
  if (waiting > 0)
    sheet.find(
      'missing',
      'salesWaiting',
      'T01',
      'revenue',
      { count: waiting },
      { target: { page: 'rates', params: {} } },
    );

  const columns = [
    ['account', 'text'],
    ['accountName', 'text'],
    ['thisPeriod', 'money', 'sum'],
    ['yearToDate', 'money', 'sum'],
  ] as const;
  const rowsOf = (which: 'revenue' | 'expense'): SheetRow[] =>
    cumulative
      .filter((one) => one.kind === which && !incomeTaxAccount.test(one.account))
      .map(({ account, nameZh, nameEn, fen }) => ({
        key: account,
        cells: {
          account,
          accountName: { zh: nameZh, en: nameEn },
          thisPeriod: yuan(now.get(account) ?? 0),
          yearToDate: yuan(fen),
        },
        target: { page: 'account', params: { account, from: `${year}-01-01`, to: period.to } },
      }));
  sheet.section('revenueGross', columns, rowsOf('revenue'));
  sheet.section('costs', columns, rowsOf('expense'));
  sheet.result('grossRevenue', 'money', yuan(revenueFen));
  if (revenueFen < 0) {
    sheet.find('missing', 'revenueNegative', 'T01', 'revenue', { amount: yuan(revenueFen) });
    return;
  }

  const revenue = {
    grossRevenue: yuan(revenueFen),
    exemptRevenue: optionalOfYear(sheet, 'income-exempt'),
    nonTaxableRevenue: optionalOfYear(sheet, 'income-nontaxable'),
    propertyTransferIncome: optionalOfYear(sheet, 'property-income'),
  };
  for (const [name, value] of Object.entries(revenue)) if (name !== 'grossRevenue') sheet.fact(name, 'money', value);
  const restrictedIndustry = sheet.required('restrictedIndustry', 'T02');
  const employeeQuarters = averages(sheet, 'employees-opening', 'employees-closing');
  const assetQuarters = averages(sheet, 'assets-opening', 'assets-closing');
  const before = kind === 'year' ? quarter : quarter - 1;
  const prepaid = sum(
    quartersTo(before).map((at) => sheet.requiredFact('income-prepaid', quarterKey(year, at), 'T03')),
  );
  sheet.fact('alreadyPrepaid', 'money', prepaid);
  if (!sheet.isOn('T01') || !sheet.isOn('T03')) return;
  const average = (quarters: [string, string][] | undefined, subject: string): string | undefined =>
    quarters && figureOf(sheet.run('T03avg', { quarters }, subject).calculation, 'average');
  const employees = average(employeeQuarters, 'employees');
  const totalAssets = average(assetQuarters, 'assets');
  sheet.fact('employees', 'count', employees);
  sheet.fact('totalAssets', 'money', totalAssets);
  const complete = employees !== undefined && totalAssets !== undefined && restrictedIndustry !== undefined;
  const facts = { employees, totalAssets, restrictedIndustry };

  // Revenue and taxable income need no facts of the firm; whether the relief applies does.
  const deemed = sheet.run(
    'T01',
    {
      year,
      ...revenue,
      ...facts,
      enterprise: profile.kind === undefined ? undefined : profile.kind !== 'individual',
      zoneRegistered: profile.zoneRegistered,
      salesLogged: profile.zoneLogged,
      zoneDeclared: profile.zoneDeclared,
    },
    period.key,
  );
  const known = (name: string): string | undefined => (complete ? figureOf(deemed.calculation, name) : undefined);
  sheet.result('assessableRevenue', 'money', figureOf(deemed.calculation, 'assessableRevenue'), deemed.derivation);
  sheet.result('taxableIncome', 'money', figureOf(deemed.calculation, 'taxableIncome'), deemed.derivation);

  if (kind === 'year') {
    sheet.result('taxPayable', 'money', known('taxPayable'), deemed.derivation);
    const tax = known('taxPayable');
    const settled = tax === undefined || prepaid === undefined ? undefined : new Num(tax).minus(prepaid).toFixed(2);
    sheet.result('settlement', 'money', settled, deemed.derivation);
  } else {
    const advance = sheet.run(
      'T03',
      { year, quarter, ...revenue, ...facts, ...(prepaid === undefined ? {} : { alreadyPrepaid: prepaid }) },
      period.key,
    );
    const advanced = (name: string, when: boolean): string | undefined =>
      when ? figureOf(advance.calculation, name) : undefined;
    sheet.result('cumulativeTax', 'money', advanced('cumulativeTax', complete), advance.derivation);
    sheet.result(
      'dueThisPeriod',
      'money',
      advanced('dueThisPeriod', complete && prepaid !== undefined),
      advance.derivation,
    );
    sheet.result('dueBy', 'date', advanced('dueBy', true), advance.derivation);
  }

  const compared = sheet.run(
    'T01compare',
    { year, ...revenue, ...facts, costs: yuan(Math.max(0, expenseFen)) },
    sheetText('section.comparison').zh,
    'in-derivation',
  );
  const of = (name: string): string | undefined => figureOf(compared.calculation, name);
  sheet.section(
    'comparison',
    [
      ['term', 'text'],
      ['deemedMethod', 'money'],
      ['actualMethod', 'money'],
    ],
    [
      {
        key: 'income',
        cells: {
          term: sheetText('label.taxableIncome'),
          deemedMethod: of('deemedTaxableIncome'),
          actualMethod: of('actualTaxableIncome'),
        },
      },
      {
        key: 'tax',
        cells: {
          term: sheetText('label.taxPayable'),
          deemedMethod: complete ? of('deemedTax') : undefined,
          actualMethod: complete ? of('actualTax') : undefined,
        },
        derivation: compared.derivation,
      },
      { key: 'profit', cells: { term: sheetText('label.bookProfit'), actualMethod: of('bookProfit') } },
    ],
  );
  sheet.find('note', 'comparisonFromBooks', 'T01', 'costs');
}

/** Proof of total income (收入总额): every revenue posting with the order, the store and the rate it stands on. */
export function incomeTotalSheet(sheet: Sheet): void {
  const { book, period } = sheet;
  sheet.cite('T01');
  const waiting = salesWaiting(book, period.from, period.to);
  if (waiting > 0)
    sheet.find(
      'missing',
      'salesWaiting',
      'T01',
      'revenue',
      { count: waiting },
      { target: { page: 'rates', params: {} } },
    );
  const entries = revenueEntries(book, period.from, period.to);
  const byCurrency = new Map<string, { minor: number; fen: number; entries: number }>();
  for (const { currency, minor, fen } of entries) {
    const before = byCurrency.get(currency) ?? { minor: 0, fen: 0, entries: 0 };
    byCurrency.set(currency, { minor: before.minor + minor, fen: before.fen + fen, entries: before.entries + 1 });
  }
  sheet.result('grossRevenue', 'money', yuan(entries.reduce((all, { fen }) => all + fen, 0)));
  sheet.section(
    'byCurrency',
    [
      ['currency', 'text'],
      ['entries', 'count', 'sum'],
      ['amount', 'money'],
      ['amountCny', 'money', 'sum'],
    ],
    [...byCurrency].sort().map(([currency, one]) => ({
      key: currency,
      cells: {
        currency,
        entries: String(one.entries),
        amount: majorText(one.minor, currency),
        amountCny: yuan(one.fen),
      },
    })),
  );
  sheet.section(
    'revenueEntries',
    [
      ['date', 'date'],
      ['voucher', 'text'],
      ['orderNo', 'text'],
      ['store', 'text'],
      ['account', 'text'],
      ['currency', 'text'],
      ['amount', 'money'],
      ['rate', 'ratio'],
      ['rateDate', 'date'],
      ['amountCny', 'money', 'sum'],
    ],
    entries.map((one) => ({
      key: `${one.voucherId}-${one.position}`,
      cells: {
        date: one.date,
        voucher: one.label,
        orderNo: one.orderNo ?? one.text,
        store: one.store ?? undefined,
        account: one.account,
        currency: one.currency,
        amount: majorText(one.minor, one.currency),
        rate: one.currency === 'CNY' ? undefined : (one.rate ?? undefined),
        rateDate: one.currency === 'CNY' ? undefined : (one.rateDate ?? undefined),
        amountCny: yuan(one.fen),
      },
      target: { page: 'voucher', params: { id: String(one.voucherId) } },
    })),
  );
}

/** Table of agent exports (代理出口企业受托出口情况汇总表) and the revenue lines of the prepayment form, T27. */
export function agentExportSheet(sheet: Sheet): void {
  const { book, period } = sheet;
  if (!sheet.isOn('T27')) return;
  const typed = period.months.flatMap((month) => taxFactsOf(book, 'agent-export', month));
  const rows = typed.map(({ subject, value }) => ({ declarationNo: subject, ...agentExport.parse(JSON.parse(value)) }));
  const known = new Set(rows.map(({ declarationNo }) => declarationNo));
  const own = fobByDeclaration(book, period.from, period.to).filter(({ declarationNo }) => !known.has(declarationNo));
  for (const { declarationNo, unrated } of own)
    if (unrated > 0)
      sheet.find(
        'missing',
        'fobUnrated',
        'T27',
        'fob',
        { line: declarationNo },
        { target: { page: 'rates', params: {} } },
      );
  const run = sheet.run(
    'T27',
    {
      periodFrom: period.from,
      periodTo: period.to,
      rows: [
        ...own.map(({ declarationNo, exportDate, fen }) => ({
          declarationNo,
          exportDate,
          method: 'self',
          amountCny: yuan(fen),
        })),
        ...rows,
      ],
    },
    period.key,
  );
  for (const name of ['selfExportRevenue', 'entrustedExportRevenue', 'agencyFeeRevenue', 'treatedAsSelfExport'])
    sheet.result(name, 'money', figureOf(run.calculation, name), run.derivation);
  const lines = run.calculation.result['agentExports'];
  const unnamed = run.calculation.result['unnamedDeclarations'];
  for (const one of Array.isArray(unnamed) ? unnamed : [])
    sheet.find(
      'missing',
      'principalMissing',
      'T27',
      'principalName',
      { declaration: String(one) },
      {
        target: { page: 'tax-fact', params: { name: 'agent-export', subject: String(one) } },
      },
    );
  sheet.section(
    'agentExports',
    [
      ['sequence', 'count'],
      ['principalName', 'text'],
      ['principalCreditCode', 'text'],
      ['declarations', 'count', 'sum'],
      ['amountCny', 'money', 'sum'],
      ['agencyFeeCny', 'money', 'sum'],
    ],
    (Array.isArray(lines) ? lines : []).flatMap((line, at) => {
      if (typeof line !== 'object' || line === null || Array.isArray(line)) return [];
      const text = (name: string): string => String(line[name] ?? '');
      return [
        {
          key: text('principalCreditCode'),
          cells: {
            sequence: String(at + 1),
            principalName: text('principalName'),
            principalCreditCode: text('principalCreditCode'),
            declarations: text('declarations'),
            amountCny: text('amountCny'),
            agencyFeeCny: text('agencyFeeCny'),
          },
        },
      ];
    }),
  );
}

const legs = ['declared', 'customs'] as const;

/** What platforms report against the ledger's revenue and customs' FOB, with what explains the differences (T28). */
export function platformIncomeSheet(sheet: Sheet): void {
  const { book, period } = sheet;
  if (!sheet.isOn('T28')) return;
  const declared = revenueByStore(book, period.from, period.to);
  const customs = fobByStore(book, period.from, period.to);
  const reported = taxFactsOf(book, 'platform-income', period.key);
  const storeOf = (subject: string): string => subject.slice(subject.indexOf('/') + 1);
  for (const store of new Set([...declared.keys(), ...customs.keys()])) {
    if (store === '') sheet.find('warning', 'storeUnnamed', 'T28', 'store', { amount: yuan(declared.get('') ?? 0) });
    else if (!reported.some(({ subject }) => storeOf(subject) === store))
      sheet.find(
        'missing',
        'platformIncomeMissing',
        'T28',
        'platform-income',
        { store, period: period.key },
        {
          target: { page: 'tax-fact', params: { name: 'platform-income', period: period.key } },
        },
      );
  }
  const rows = reported.flatMap(({ subject, value }) => {
    const store = storeOf(subject);
    const revenueFen = declared.get(store) ?? 0;
    const fob = customs.get(store);
    if ((fob?.unrated ?? 0) > 0)
      sheet.find('missing', 'fobUnrated', 'T28', 'fob', { line: store }, { target: { page: 'rates', params: {} } });
    if (revenueFen < 0) {
      sheet.find('missing', 'revenueNegative', 'T28', 'revenue', { amount: yuan(revenueFen) });
      return [];
    }
    const adjustments = taxFactsOf(book, 'platform-difference', period.key).flatMap((fact) => {
      const parts = fact.subject.split('/');
      const [code, leg] = [parts.at(-1) ?? '', parts.at(-2) ?? ''];
      if (parts.slice(0, -2).join('/') !== subject || !legs.some((one) => one === leg)) return [];
      return [{ leg, code, signedAmount: fact.value }];
    });
    return [
      {
        id: subject,
        platformGross: value,
        declaredRevenue: yuan(revenueFen),
        customsFob: yuan(fob?.fen ?? 0),
        adjustments,
      },
    ];
  });
  if (rows.length === 0) {
    sheet.cite('T28');
    sheet.find(
      'missing',
      'noPlatformIncome',
      'T28',
      'platform-income',
      { period: period.key },
      {
        target: { page: 'tax-fact', params: { name: 'platform-income', period: period.key } },
      },
    );
    return;
  }
  const run = sheet.run('T28', { periodTo: period.to, rows }, period.key);
  const { total, rows: answered } = run.calculation.result;
  const cellsOf = (value: unknown): Record<string, string> => {
    if (typeof value !== 'object' || value === null)
      throw new PortbookError('RULE_INPUT', { calculator: 'T28', field: 'rows', reason: '' });
    const one = value as Record<string, string> & Record<(typeof legs)[number], Record<string, string | boolean>>;
    return {
      platformStore: one['id'] ?? '',
      platformGross: one['platformGross'] ?? '',
      declaredRevenue: one['declaredRevenue'] ?? '',
      customsFob: one['customsFob'] ?? '',
      ...Object.fromEntries(
        legs.flatMap((leg) =>
          (['difference', 'explained', 'residual'] as const).map((name) => [
            `${leg}${name[0]?.toUpperCase()}${name.slice(1)}`,
            String(one[leg][name]),
          ]),
        ),
      ),
    };
  };
  sheet.section(
    'platforms',
    [
      ['platformStore', 'text'],
      ['platformGross', 'money', 'sum'],
      ['declaredRevenue', 'money', 'sum'],
      ['customsFob', 'money', 'sum'],
      ['declaredDifference', 'money', 'sum'],
      ['declaredExplained', 'money', 'sum'],
      ['declaredResidual', 'money', 'sum'],
      ['customsDifference', 'money', 'sum'],
      ['customsExplained', 'money', 'sum'],
      ['customsResidual', 'money', 'sum'],
    ],
    (Array.isArray(answered) ? answered : []).map((one, at) => ({
      key: rows[at]?.id ?? String(at),
      cells: cellsOf(one),
      derivation: run.derivation,
      target: {
        page: 'tax-fact',
        params: { name: 'platform-income', period: period.key, subject: rows[at]?.id ?? '' },
      },
    })),
  );
  const all = cellsOf(total);
  sheet.result('declaredResidual', 'money', all['declaredResidual'], run.derivation);
  sheet.result('customsResidual', 'money', all['customsResidual'], run.derivation);
  sheet.section(
    'adjustments',
    [
      ['platformStore', 'text'],
      ['leg', 'text'],
      ['reason', 'text'],
      ['amountCny', 'money', 'sum'],
    ],
    rows.flatMap(({ id, adjustments }) =>
      adjustments.map(({ leg, code, signedAmount }) => ({
        key: `${id}/${leg}/${code}`,
        cells: {
          platformStore: id,
          leg: sheetText(`word.${leg}`),
          reason: ruleText(`reason.${code}`, 'T28'),
          amountCny: new Num(signedAmount).toFixed(2),
        },
      })),
    ),
  );
}

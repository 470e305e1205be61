/** Export duty (T19), taxes of typed-in imports (T14, T16–T18, T20, T21), surcharges (T23), stamp tax (T24). */
import { type ImportConsignment, importConsignment, type WorksheetView } from '../../../shared/contract/tax.ts';
import { Num } from '../../../shared/rules/figures.ts';
import { rateOf } from '../store/rates.ts';
import { exportLinesBetween, fobByMode, lineLabel } from '../store/worksheets/export-lines.ts';
import { taxFactsOf } from '../store/worksheets/facts.ts';
import { purchaseSums } from '../store/worksheets/revenue.ts';
import { readPeriod } from './period.ts';
import { producerMonth } from './refund.ts';
import { lineCells, lineTarget, noteOverride } from './regime.ts';
import { ruleText } from './rules.ts';
import { figureOf, majorText, type Sheet, type SheetRow, yuan } from './sheet.ts';
import { sheetText } from './texts.ts';

/** Customs' rate (计征汇率) of a day; one that is not there is noted as missing. */
function customsRate(sheet: Sheet, currency: string, date: string, rule: string, subject: string): string | undefined {
  const rate = rateOf(sheet.book, 'customs', currency, date);
  if (rate === undefined)
    sheet.find(
      'missing',
      'customsRateMissing',
      rule,
      'fx',
      { subject, currency, date },
      {
        target: { page: 'rates', params: { kind: 'customs', currency, date } },
      },
    );
  return rate?.cnyPerUnit;
}

/** Export duty of the period's lines whose goods bear one. */
export function exportDutySheet(sheet: Sheet): void {
  const { book, period } = sheet;
  if (!sheet.isOn('T19')) return;
  sheet.cite('T19');
  let duty: Num | undefined = new Num(0);
  const rows: SheetRow[] = [];
  for (const line of exportLinesBetween(book, period.from, period.to)) {
    if (!line.hasTariff && line.exportDutyRate === undefined) {
      sheet.find(
        'missing',
        'tariffMissing',
        'T19',
        'tariff',
        { hs: line.hsCode },
        {
          target: { page: 'tariff', params: { hs: line.hsCode } },
        },
      );
      duty = undefined;
      continue;
    }
    noteOverride(sheet, line, 'T19', 'exportDutyRate');
    const { exportDutyRate: rate, exportProvisionalRate: provisionalRate } = line;
    // A tariff line without export duty is no missing figure: most goods bear none.
    if (rate === undefined && provisionalRate === undefined) continue;
    const fx = customsRate(sheet, line.currency, line.exportDate, 'T19', lineLabel(line));
    const run =
      fx === undefined
        ? undefined
        : sheet.run(
            'T19',
            {
              date: line.exportDate,
              term: 'FOB',
              amount: majorText(line.fobMinor, line.currency),
              fx,
              rate,
              provisionalRate,
            },
            lineLabel(line),
          );
    const due = run && figureOf(run.calculation, 'duty');
    duty = due === undefined ? undefined : duty?.plus(due);
    rows.push({
      key: String(line.id),
      cells: {
        ...lineCells(sheet, line),
        currency: line.currency,
        amount: majorText(line.fobMinor, line.currency),
        fx,
        dutyRate: provisionalRate ?? rate,
        dutiableValue: run && figureOf(run.calculation, 'dutiableValue'),
        duty: due,
      },
      target: lineTarget(line),
      derivation: run?.derivation,
    });
  }
  sheet.result('duty', 'money', duty?.toFixed(2));
  sheet.section(
    'dutyLines',
    [
      ['exportDate', 'date'],
      ['declarationNo', 'text'],
      ['lineNo', 'count'],
      ['hsCode', 'text'],
      ['goods', 'text'],
      ['currency', 'text'],
      ['amount', 'money'],
      ['fx', 'ratio'],
      ['dutyRate', 'ratio'],
      ['dutiableValue', 'money', 'sum'],
      ['duty', 'money', 'sum'],
    ],
    rows,
  );
}

interface ImportTaxes {
  readonly mode: string | undefined;
  readonly dutiableValue: string | undefined;
  readonly duty: string | undefined;
  readonly consumptionTax: string | undefined;
  readonly vat: string | undefined;
  readonly derivation: number | undefined;
}

const noTaxes: ImportTaxes = {
  mode: undefined,
  dutiableValue: undefined,
  duty: undefined,
  consumptionTax: undefined,
  vat: undefined,
  derivation: undefined,
};

/** A rate the consignment must state; one not stated is noted as missing. */
function statedRate(
  sheet: Sheet,
  number: string,
  one: ImportConsignment,
  name: 'dutyRate' | 'vatRate',
): string | undefined {
  if (one[name] === undefined)
    sheet.find(
      'missing',
      'importRateMissing',
      'T16',
      name,
      { number, rate: name },
      {
        target: { page: 'tax-fact', params: { name: 'import-consignment', subject: number } },
      },
    );
  return one[name];
}

/** Retail imports: the price is in yuan. */
function retailTaxes(sheet: Sheet, number: string, one: ImportConsignment): ImportTaxes {
  const vatRate = statedRate(sheet, number, one, 'vatRate');
  if (vatRate === undefined) return noTaxes;
  const { calculation, derivation } = sheet.run(
    'T14',
    {
      date: one.date,
      price: one.amount,
      freight: one.freight,
      insurance: one.insurance,
      vatRate,
      consRate: one.consumptionRate,
      dutyRate: one.dutyRate,
      singleIndivisible: one.singleIndivisible,
      annualUsed: one.annualUsed,
    },
    number,
  );
  return {
    mode: figureOf(calculation, 'mode'),
    dutiableValue: figureOf(calculation, 'dutiableValue'),
    duty: figureOf(calculation, 'duty'),
    consumptionTax: figureOf(calculation, 'consumptionTax'),
    vat: figureOf(calculation, 'vat'),
    derivation,
  };
}

/** Duty, then consumption tax, then VAT, each on the one before. */
function generalTaxes(sheet: Sheet, number: string, one: ImportConsignment): ImportTaxes {
  const fx = one.currency === 'CNY' ? '1' : (one.fx ?? customsRate(sheet, one.currency, one.date, 'T16', number));
  const adRate = statedRate(sheet, number, one, 'dutyRate');
  const vatRate = statedRate(sheet, number, one, 'vatRate');
  if (fx === undefined || adRate === undefined || vatRate === undefined) return noTaxes;
  const { calculation: value } = sheet.run(
    'T16',
    { date: one.date, term: one.term, amount: one.amount, fx, freight: one.freight, insurance: one.insurance, adRate },
    number,
  );
  const dutiableValue = figureOf(value, 'dutiableValue');
  const duty = figureOf(value, 'duty');
  if (dutiableValue === undefined || duty === undefined) return noTaxes;
  const consumptionTax =
    one.consumptionRate === undefined
      ? undefined
      : figureOf(
          sheet.run(
            'T17',
            { kind: 'adValorem', date: one.date, dutiableValue, duty, rate: one.consumptionRate },
            number,
          ).calculation,
          'consumptionTax',
        );
  const { calculation, derivation } = sheet.run(
    'T18',
    { date: one.date, dutiableValue, duty, consumptionTax, vatRate },
    number,
  );
  return {
    mode: 'GENERAL',
    dutiableValue,
    duty,
    consumptionTax: consumptionTax ?? '0.00',
    vat: figureOf(calculation, 'vat'),
    derivation,
  };
}

/** Taxes of imports typed in as facts, with late declaration and late payment where their days are given. */
export function importTaxSheet(sheet: Sheet): void {
  const { book, period } = sheet;
  const rules = ['T14', 'T16', 'T17', 'T18', 'T20', 'T21'];
  if (!rules.map((rule) => sheet.isOn(rule)).every((on) => on)) return;
  sheet.cite('T16');
  const facts = period.months.flatMap((month) => taxFactsOf(book, 'import-consignment', month));
  let total: Num | undefined = new Num(0);
  const rows = facts.map(({ subject: number, value, period: month }): SheetRow => {
    const one = importConsignment.parse(JSON.parse(value));
    const taxes = one.channel === 'retail' ? retailTaxes(sheet, number, one) : generalTaxes(sheet, number, one);
    const { mode, dutiableValue, duty, consumptionTax, vat } = taxes;
    if (mode === 'GENERAL_TRADE_ONLY') sheet.find('warning', 'notRetailChannel', 'T14', 'channel', { number });
    const due =
      duty === undefined || vat === undefined
        ? undefined
        : new Num(duty)
            .plus(consumptionTax ?? 0)
            .plus(vat)
            .toFixed(2);
    total = due === undefined ? undefined : total?.plus(due);
    const declaration =
      one.arrivedOn === undefined || dutiableValue === undefined
        ? undefined
        : sheet.run('T20', { arrival: one.arrivedOn, declared: one.date, dutiableValueCny: dutiableValue }, number);
    const payment =
      one.issuedOn === undefined || duty === undefined || vat === undefined
        ? undefined
        : sheet.run(
            'T21',
            {
              issued: one.issuedOn,
              ...(one.paidOn === undefined
                ? {}
                : { paid: one.paidOn, taxes: { duty, consumption: consumptionTax ?? '0.00', vat } }),
            },
            number,
          );
    const surcharge = payment?.calculation.result['surcharge'];
    const late =
      typeof surcharge === 'object' && surcharge !== null && !Array.isArray(surcharge)
        ? Object.values(surcharge)
            .reduce<Num>((sum, part) => sum.plus(String(part)), new Num(0))
            .toFixed(2)
        : undefined;
    return {
      key: `${month}/${number}`,
      cells: {
        declarationNo: number,
        date: one.date,
        goods: one.goods,
        hsCode: one.hsCode,
        importMode:
          mode === undefined ? undefined : mode === 'GENERAL' ? sheetText('word.general') : sheetText(`word.${mode}`),
        dutiableValue,
        duty,
        consumptionTax,
        importVat: vat,
        taxesDue: due,
        lateDeclarationFee: declaration && figureOf(declaration.calculation, 'fee'),
        payBy: payment && figureOf(payment.calculation, 'deadline'),
        latePaymentFee: late,
      },
      target: { page: 'tax-fact', params: { name: 'import-consignment', period: month, subject: number } },
      derivation: taxes.derivation,
    };
  });
  if (rows.length === 0) sheet.find('note', 'noImports', 'T16', 'import-consignment', { period: period.key });
  sheet.result('taxesDue', 'money', total?.toFixed(2));
  sheet.section(
    'imports',
    [
      ['declarationNo', 'text'],
      ['date', 'date'],
      ['goods', 'text'],
      ['hsCode', 'text'],
      ['importMode', 'text'],
      ['dutiableValue', 'money', 'sum'],
      ['duty', 'money', 'sum'],
      ['consumptionTax', 'money', 'sum'],
      ['importVat', 'money', 'sum'],
      ['taxesDue', 'money', 'sum'],
      ['lateDeclarationFee', 'money', 'sum'],
      ['payBy', 'date'],
      ['latePaymentFee', 'money', 'sum'],
    ],
    rows,
  );
}

type FedFact = 'vat-payable' | 'exempt-credit';
const producerResults = { 'vat-payable': 'vatPayable', 'exempt-credit': 'exemptCredit' } as const;

/**
 * A producer's VAT or exempt credit of a month: typed, else as its worksheet computes it. A note says which; a typed figure
 * that is not the computed one is a warning.
 */
function producerFigure(sheet: Sheet, name: FedFact, month: string, computed: WorksheetView): string | undefined {
  const typed = sheet.factValue(name, month);
  const value = computed.results.find(({ id }) => id === producerResults[name])?.value ?? '';
  const words = { fact: sheetText(`fact.${name}`) };
  const target = { page: 'worksheet' as const, params: { name: 'refund-producer', period: month } };
  if (typed === undefined) {
    if (value === '') return sheet.requiredFact(name, month, 'T23');
    sheet.find('note', 'figureComputed', 'T23', name, { period: month, value }, { words, target });
    return value;
  }
  if (value !== '' && !new Num(value).eq(typed))
    sheet.find('warning', 'factBeforeSheet', 'T23', name, { period: month, typed, value }, { words, target });
  return typed;
}

/** Surcharges on VAT and consumption tax paid and on the exempt credit of a month (T23). */
export function surchargesSheet(sheet: Sheet): void {
  const { period, profile } = sheet;
  if (!sheet.isOn('T23')) return;
  sheet.cite('T23');
  const location = sheet.required('place', 'T23');
  const small = sheet.required('halving', 'T23');
  let total: Num | undefined = new Num(0);
  const rows = period.months.map((month): SheetRow => {
    const computed = profile.kind === 'producer' ? producerMonth(sheet, month) : undefined;
    const vatPaid =
      computed === undefined
        ? sheet.requiredFact('vat-payable', month, 'T23')
        : producerFigure(sheet, 'vat-payable', month, computed);
    const consPaid = sheet.optionalFact('consumption-payable', month, 'T23');
    const exemptCredit =
      computed === undefined
        ? sheet.optionalFact('exempt-credit', month, 'T23')
        : producerFigure(sheet, 'exempt-credit', month, computed);
    const ready =
      vatPaid !== undefined &&
      location !== undefined &&
      small !== undefined &&
      (profile.kind !== 'producer' || exemptCredit !== undefined);
    const run = ready
      ? sheet.run('T23', { date: readPeriod(month).to, vatPaid, consPaid, exemptCredit, location, small }, month)
      : undefined;
    const figure = (name: string): string | undefined => run && figureOf(run.calculation, name);
    const due = figure('total');
    total = due === undefined ? undefined : total?.plus(due);
    return {
      key: month,
      cells: {
        month,
        vatPaid,
        consPaid,
        exemptCredit,
        base: figure('base'),
        urban: figure('urban'),
        edu: figure('edu'),
        localEdu: figure('localEdu'),
        total: due,
      },
      derivation: run?.derivation,
      target: { page: 'tax-fact', params: { name: 'vat-payable', period: month } },
    };
  });
  sheet.result('total', 'money', total?.toFixed(2));
  sheet.section(
    'surcharges',
    [
      ['month', 'text'],
      ['vatPaid', 'money', 'sum'],
      ['consPaid', 'money', 'sum'],
      ['exemptCredit', 'money', 'sum'],
      ['base', 'money', 'sum'],
      ['urban', 'money', 'sum'],
      ['edu', 'money', 'sum'],
      ['localEdu', 'money', 'sum'],
      ['total', 'money', 'sum'],
    ],
    rows,
  );
}

/** Modes by what the stamp tax makes of them. */
const retailModes = new Set(['9610', '1210']);
const warehouseMode = '9810';

/** Stamp tax of a quarter (T24): purchases and business sales; electronic orders of individuals are exempt. */
export function stampSheet(sheet: Sheet): void {
  const { book, period } = sheet;
  if (!sheet.isOn('T24')) return;
  sheet.cite('T24');
  const small = sheet.required('halving', 'T24');
  const purchases = purchaseSums(book, period.from, period.to);
  if (purchases.redInvoices > 0)
    sheet.find('note', 'redInvoices', 'T24', 'purchases', {
      count: purchases.redInvoices,
      amount: yuan(-purchases.redFen),
    });
  const sales = fobByMode(book, period.from, period.to);
  for (const { mode, unrated } of sales)
    if (unrated > 0)
      sheet.find('missing', 'fobUnrated', 'T24', 'fob', { line: mode }, { target: { page: 'rates', params: {} } });
  const other = sheet.optionalFact('other-contracts', period.key, 'T24');
  const bases: { key: string; label: string; amount: string; exempt: boolean; counted: boolean }[] = [
    { key: 'purchases', label: 'purchaseContracts', amount: yuan(purchases.amountFen), exempt: false, counted: true },
    ...sales.map(({ mode, fen }) => ({
      key: mode,
      label: retailModes.has(mode) ? 'retailOrders' : mode === warehouseMode ? 'ownWarehouse' : 'exportContracts',
      amount: yuan(fen),
      exempt: retailModes.has(mode),
      counted: mode !== warehouseMode,
    })),
    ...(other === undefined
      ? []
      : [{ key: 'other', label: 'otherContracts', amount: other, exempt: false, counted: true }]),
  ];
  if (sales.some(({ mode }) => mode === warehouseMode)) sheet.find('note', 'warehouseNoContract', 'T24', 'mode');
  const base = bases
    .filter(({ exempt, counted }) => !exempt && counted)
    .reduce((sum, { amount }) => sum.plus(amount), new Num(0));
  const unrated = sales.some(({ mode, unrated: n }) => n > 0 && !retailModes.has(mode) && mode !== warehouseMode);
  const run =
    small === undefined || unrated
      ? undefined
      : sheet.run('T24', { date: period.to, amountExVat: base.toFixed(2), small }, period.key);
  sheet.section(
    'contracts',
    [
      ['contract', 'text'],
      ['mode', 'text'],
      ['amountCny', 'money', 'sum'],
      ['stampBase', 'money', 'sum'],
      ['treatment', 'text'],
    ],
    bases.map(({ key, label, amount, exempt, counted }) => ({
      key,
      cells: {
        contract: sheetText(`word.${label}`),
        mode: /^\d{4}$/.test(key) ? key : undefined,
        amountCny: new Num(amount).toFixed(2),
        stampBase: exempt || !counted ? '0.00' : new Num(amount).toFixed(2),
        treatment: sheetText(exempt ? 'word.stampExempt' : counted ? 'word.stampTaxed' : 'word.noContract'),
      },
    })),
  );
  sheet.fact('stampBase', 'money', base.toFixed(2));
  sheet.fact('taxName', 'text', ruleText('calculator.T24', 'T24'));
  sheet.result('stampTax', 'money', run && figureOf(run.calculation, 'stampTax'), run?.derivation);
}

import { chinaDate } from '../../../shared/calendar/china-time.ts';
import type { PersonalAccountView, person } from '../../../shared/contract/person.ts';
import { catalogue } from '../../../shared/documents/catalogue.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { maskIdentityDocument } from '../../../shared/identity/index.ts';
import { archivePack } from '../../../shared/rules/deadlines/index.ts';
import { personFilings, personFilingsPack, personFilingsPackId } from '../../../shared/rules/person/filings.ts';
import type { Context, Handlers } from '../context.ts';
import { writeFileAtomically } from '../files/atomic.ts';
import { packFigures } from '../obligations.ts';
import { personalAccountPage } from '../printing/personal-account-page.ts';
import { papersOf } from '../store/archive.ts';
import { maskedNumber } from '../store/money/accounts.ts';
import {
  type PersonalAccount,
  personalAccountsOf,
  requirePersonalAccount,
  savePersonalAccount,
} from '../store/money/personal-accounts.ts';
import { quotaList } from '../supervision/quota.ts';
import { Rules } from '../worksheets/rules.ts';
import { identityNumber } from './profile-check.ts';

const subjectKind = 'personal-account';

/** Papers asked for an individual forex account, with the files there are. */
function papersFor(context: Context, accountId: number) {
  const { papers } = packFigures(context, 'archive-papers', archivePack, chinaDate(context.now()));
  const there = papersOf(context.book, subjectKind, String(accountId)).filter(({ removedAt }) => removedAt === null);
  return papers
    .filter(({ subjects }) => subjects?.includes(subjectKind) === true)
    .map((paper) => ({
      ...paper,
      files: there.filter((one) => one.paper === paper.code).map(({ fileName }) => fileName),
    }));
}

function gapsOf({ number, form }: PersonalAccount): PersonalAccountView['gaps'] {
  if (form === undefined) return [];
  const isOpen = form.state === 'opened' || form.state === 'closed';
  return [
    ...(isOpen && number === '' ? (['number'] as const) : []),
    ...(form.idNumber === '' ? (['idNumber'] as const) : []),
    ...(form.branch === '' ? (['branch'] as const) : []),
    ...(form.purpose === '' ? (['purpose'] as const) : []),
    ...(isOpen && form.openedOn === null ? (['openedOn'] as const) : []),
    // Accounts of this kind are opened for registered individual traders, and are run like those of institutions.
    ...(form.nature === 'settlement' && form.registrationNo === '' ? (['registration'] as const) : []),
  ];
}

function viewOf(context: Context, account: PersonalAccount): PersonalAccountView {
  const { accountId, name, institution, currency, number, form } = account;
  const head = { accountId, name, institution, currency, number: maskedNumber(number) };
  const missingPapers = papersFor(context, accountId)
    .filter(({ required, files }) => required && files.length === 0)
    .map(({ zh, en }) => ({ zh, en }));
  if (form === undefined) return { ...head, gaps: [], missingPapers };
  const { idNumber, ...shown } = form;
  return {
    ...head,
    form: { ...shown, idNumberMasked: maskIdentityDocument(idNumber) },
    gaps: gapsOf(account),
    missingPapers,
  };
}

/** Natural persons: what they can file, and the data of their forex accounts. Names and numbers stay out of the audit. */
export const personHandlers: Handlers<keyof typeof person> = {
  'person.filings': (_input, context) => {
    const { groups } = packFigures(context, personFilingsPackId, personFilingsPack, chinaDate(context.now()));
    return {
      rows: personFilings(groups).map(({ kind, fields, state, why, source }) => ({
        kind,
        title: { zh: catalogue[kind].zh, en: catalogue[kind].en },
        fields: fields.map(({ zh, en }) => ({ zh, en })),
        state,
        why: { ...why },
        source,
      })),
    };
  },

  'person.accounts': ({ name }, context) => ({
    rows: personalAccountsOf(context.book, name).map((account) => viewOf(context, account)),
  }),

  'person.saveAccount': (input, context) => {
    const { book, now, emit } = context;
    const { owner, form } = requirePersonalAccount(book, input.accountId);
    const profile = book.profile();
    // The keeper of the book has said who he is: it is not asked for twice.
    const isKeeper = profile.role === 'person' && profile.name === owner && profile.idType === input.idType;
    const given = input.idNumber ?? '';
    // The number that is stored is of the kind it was stored with; of another kind it has to be given.
    if (given === '' && !isKeeper && form !== undefined && form.idNumber !== '' && form.idType !== input.idType)
      throw new PortbookError('IDENTITY_NUMBER_FORMAT', { reason: 'ID-LENGTH' }, 'idNumber');
    const kept = form?.idType === input.idType ? form.idNumber : isKeeper ? profile.idNumber : '';
    const idNumber = given === '' ? kept : identityNumber(input.idType, given, 'idNumber');
    const at = now();
    book.transaction(() => {
      savePersonalAccount(book, { ...input, idNumber }, at);
      const { accountId, nature, state } = input;
      book.audit('personalAccount.saved', `money-account:${accountId}`, { nature, state }, at);
    });
    emit({ name: 'book.changed', areas: ['money'] });
    return {};
  },

  'person.printAccount': async ({ accountId, year, whole, to }, context) => {
    const { book, files, host, now } = context;
    const path = files.pathOf(to, 'write');
    const account = requirePersonalAccount(book, accountId);
    const { form, owner, number } = account;
    if (form === undefined) throw new PortbookError('PERSONAL_ACCOUNT_EMPTY', { name: account.name }, 'accountId');
    const page = personalAccountPage({
      account: { ...account, form },
      number: whole ? number : maskedNumber(number),
      idNumber: whole ? form.idNumber : maskIdentityDocument(form.idNumber),
      papers: papersFor(context, accountId).map(({ zh, conditionZh, files: names }) => ({
        title: zh,
        condition: conditionZh,
        files: names,
      })),
      year,
      quota: quotaList(new Rules(context.resources, book), book, year).find(({ name }) => name === owner),
      madeOn: chinaDate(now()),
    });
    const pdf = await host.printPdf(page);
    if (pdf === undefined) throw new PortbookError('PRINT_NEEDS_WINDOW');
    writeFileAtomically(path, pdf);
    book.audit('personalAccount.printed', `money-account:${accountId}`, { whole }, now());
    return { pages: 'pdf' };
  },
};

import { randomUUID, X509Certificate } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { FindingView } from '../../../shared/contract/common.ts';
import type { OutputOf, ParsedInputOf } from '../../../shared/contract/contract.ts';
import type { EndpointView } from '../../../shared/contract/endpoints.ts';
import { documentKinds } from '../../../shared/contract/filing.ts';
import { PortbookError } from '../../../shared/errors.ts';
import { endpointPackSchema } from '../../../shared/rules/endpoint/rules.ts';
import { editableStates } from '../../../shared/sync/document-states.ts';
import { type EndpointSettings, tlsSettings } from '../../../shared/sync/endpoint-settings.ts';
import { checkEndpointUrl } from '../../../shared/sync/endpoint-url.ts';
import { documentCheck, recheckCasesOf } from '../checking.ts';
import type { Context, Handlers } from '../context.ts';
import { readBytes } from '../importers/source.ts';
import { checkCarryKeys } from '../outbox/carry-file.ts';
import { diagnose } from '../outbox/diagnose.ts';
import { engineOf } from '../outbox/engine.ts';
import { syncKeys } from '../outbox/holds.ts';
import { checkNetworkSettings } from '../outbox/network.ts';
import { limitsOn, requireSide } from '../outbox/targets.ts';
import { caseOf, documentIds, findingsOf, requireDocument } from '../store/documents.ts';
import {
  chooseEndpoint,
  chosenTarget,
  currentEndpoint,
  type Endpoint,
  endpointOf,
  isPractice,
  listEndpoints,
  openMessages,
  requireEndpoint,
  retireEndpoint,
  routeOf,
  saveEndpoint,
  setRoute,
  setTarget,
  targetOf,
} from '../store/endpoints.ts';

const YIELD_EVERY = 50;
const boxes = ['outBox', 'sentBox', 'failBox', 'inBox'] as const;
const boxNames = { outBox: 'OutBox', sentBox: 'SentBox', failBox: 'FailBox', inBox: 'InBox' } as const;

function viewOf(context: Context, endpoint: Endpoint): EndpointView {
  const { book } = context;
  const { settings } = endpoint;
  const { ca, ...tls } = settings.tls;
  const certificate = ca === '' ? undefined : new X509Certificate(ca);
  const { folders } = settings;
  const limits = limitsOn(context, endpoint);
  return {
    id: endpoint.id,
    name: endpoint.name,
    transport: endpoint.transport,
    url: endpoint.url,
    isDeskPractice: isPractice(endpoint),
    ...(endpoint.practice === undefined ? {} : { practice: endpoint.practice }),
    isCurrent: currentEndpoint(book)?.id === endpoint.id,
    enrolled: endpoint.enrolled,
    ...(endpoint.lastContactAt === undefined ? {} : { lastContactAt: endpoint.lastContactAt }),
    ...openMessages(book, endpoint.id),
    proxy: settings.proxy,
    hasProxyPassword: endpoint.proxyPassword !== undefined,
    tls,
    ...(certificate === undefined
      ? {}
      : { ca: { subject: certificate.subject.replaceAll('\n', ', '), validTo: certificate.validTo } }),
    ...(folders === undefined
      ? {}
      : {
          folders: {
            outBox: basename(folders.outBox),
            sentBox: basename(folders.sentBox),
            failBox: basename(folders.failBox),
            inBox: basename(folders.inBox),
            movesRead: folders.movesRead,
          },
        }),
    carry: settings.carry,
    limits: settings.limits,
    takes: { ...limits, kinds: [...limits.kinds] },
    profile: settings.profile,
    rules: settings.rules,
    signature: settings.signature,
  };
}

/** The four folders beneath one, by the names the client uses, whatever their case. Refusal: `FOLDER_NOT_EXCHANGE` {missing}. */
function foldersIn(root: string): Record<(typeof boxes)[number], string> {
  const names = readdirSync(root);
  const found = (box: (typeof boxes)[number]): string => {
    const name = names.find((one) => one.toLowerCase() === boxNames[box].toLowerCase());
    if (name === undefined) throw new PortbookError('FOLDER_NOT_EXCHANGE', { missing: boxNames[box] }, 'folderRoot');
    return join(root, name);
  };
  return { outBox: found('outBox'), sentBox: found('sentBox'), failBox: found('failBox'), inBox: found('inBox') };
}

/** The settings of an input. Refusals: those of URL, proxy, certificate, folders and keys. */
async function settingsOf(
  context: Context,
  input: ParsedInputOf<'endpoints.save'>,
  before: Endpoint | undefined,
): Promise<EndpointSettings> {
  const root = input.folderRoot === undefined ? undefined : context.files.pathOf(input.folderRoot, 'directory');
  const places = root === undefined ? before?.settings.folders : foldersIn(root);
  if (input.transport === 'folder' && places === undefined)
    throw new PortbookError('ENDPOINT_FOLDERS_MISSING', { name: input.name }, 'folderRoot');
  const ca = input.dropCa
    ? ''
    : input.caFile === undefined
      ? (before?.settings.tls.ca ?? '')
      : (await readBytes(context.files.pathOf(input.caFile, 'read'))).toString('utf8');
  const tls = tlsSettings.safeParse({ ...input.tls, ca });
  if (!tls.success) throw new PortbookError('TLS_PIN_INVALID', {}, 'tls.pin');
  const settings: EndpointSettings = {
    proxy: input.proxy,
    tls: tls.data,
    ...(places === undefined ? {} : { folders: { ...places, movesRead: input.movesRead } }),
    carry: input.carry,
    limits: input.limits,
    profile: input.profile,
    rules: input.rules,
    signature: input.signature,
  };
  checkNetworkSettings(settings);
  checkCarryKeys(settings.carry);
  return settings;
}

/** Shipped profiles by id. */
function profiles({ resources }: Context): OutputOf<'endpoints.list'>['profiles'] {
  return readdirSync(resources.path('endpoints'))
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const { id, titleZh, titleEn } = endpointPackSchema.parse(resources.json('endpoints', name));
      return { id, titleZh, titleEn };
    });
}

export const endpointHandlers: Handlers<
  | 'endpoints.list'
  | 'endpoints.save'
  | 'endpoints.remove'
  | 'endpoints.choose'
  | 'endpoints.route'
  | 'endpoints.test'
  | 'documents.target'
  | 'documents.setTarget'
> = {
  'endpoints.list': (_input, context) => {
    const { book } = context;
    return {
      endpoints: listEndpoints(book)
        .filter(({ retired }) => !retired)
        .map((endpoint) => viewOf(context, endpoint)),
      profiles: profiles(context),
      routes: documentKinds.flatMap((kind) => {
        const endpoint = routeOf(book, kind);
        return endpoint === undefined ? [] : [{ kind, endpoint }];
      }),
    };
  },

  'endpoints.save': async (input, context) => {
    const { book } = context;
    const before = input.id === undefined ? undefined : requireEndpoint(book, input.id);
    if (before !== undefined && isPractice(before)) throw new PortbookError('ENDPOINT_IS_PRACTICE');
    let url = '';
    if (input.transport === 'http') {
      const checked = checkEndpointUrl(input.url);
      if (!checked.ok) throw new PortbookError(checked.code, { url: input.url.slice(0, 200) }, 'url');
      url = checked.url;
    }
    const settings = await settingsOf(context, input, before);
    const id = before?.id ?? (input.transport === 'http' ? url : `${input.transport}:${randomUUID()}`);
    if (before === undefined && endpointOf(book, id)?.retired === false)
      throw new PortbookError('ENDPOINT_TWICE', { url }, 'url');
    const practice = input.transport === 'http' ? before?.practice : input.practice;
    const saved = book.transaction(() => {
      const held = before === undefined ? undefined : openMessages(book, before.id);
      const leadsElsewhere =
        before !== undefined &&
        (before.transport !== input.transport ||
          before.url !== url ||
          (before.practice !== undefined && before.practice !== practice) ||
          boxes.some((box) => before.settings.folders?.[box] !== settings.folders?.[box]));
      // What it holds, and the receipts it counts, are those of the place it led to.
      if (leadsElsewhere && (before.enrolled || (held?.queued ?? 0) + (held?.unknown ?? 0) > 0))
        throw new PortbookError('ENDPOINT_IN_USE', { name: before.name }, 'url');
      saveEndpoint(
        book,
        { id, url, name: input.name, transport: input.transport, settings, practice },
        input.proxyPassword,
      );
      if (currentEndpoint(book) === undefined) chooseEndpoint(book, id);
      book.setSetting(syncKeys.halted, undefined);
      book.audit('endpoints.save', id, { name: input.name, transport: input.transport }, context.now());
      return requireEndpoint(book, id);
    });
    engineOf(context).nudge();
    context.emit({ name: 'sync.changed' });
    return viewOf(context, saved);
  },

  'endpoints.remove': (input, context) => {
    const { book } = context;
    book.transaction(() => {
      const endpoint = requireEndpoint(book, input.id);
      const { queued, unknown } = openMessages(book, input.id);
      if (queued + unknown > 0)
        throw new PortbookError('ENDPOINT_HOLDS_MESSAGES', { name: endpoint.name, messages: queued + unknown });
      retireEndpoint(book, input.id, context.now());
      book.audit('endpoints.remove', input.id, { name: endpoint.name }, context.now());
    });
    context.emit({ name: 'sync.changed' });
    return {};
  },

  'endpoints.choose': (input, context) => {
    const { book } = context;
    const endpoint = requireEndpoint(book, input.id);
    requireSide(book, endpoint);
    const engine = engineOf(context);
    book.transaction(() => {
      chooseEndpoint(book, input.id);
      book.setSetting(syncKeys.halted, undefined);
      book.audit('endpoints.choose', input.id, { name: endpoint.name }, context.now());
    });
    engine.forgetConnection();
    engine.nudge();
    context.emit({ name: 'sync.changed' });
    return viewOf(context, requireEndpoint(book, input.id));
  },

  'endpoints.route': (input, context) => {
    const { book } = context;
    if (input.endpoint !== undefined) requireSide(book, requireEndpoint(book, input.endpoint));
    book.transaction(() => {
      setRoute(book, input.kind, input.endpoint);
      book.audit('endpoints.route', input.kind, { endpoint: input.endpoint ?? '' }, context.now());
    });
    context.emit({ name: 'sync.changed' });
    return {};
  },

  'endpoints.test': (input, context) => diagnose(context, requireEndpoint(context.book, input.id)),

  'documents.target': (input, { book }) => {
    const { id, kind } = requireDocument(book, input.id);
    const chosen = chosenTarget(book, id);
    const endpoint = targetOf(book, { id, kind });
    return {
      ...(chosen === undefined ? {} : { chosen }),
      ...(endpoint === undefined ? {} : { endpoint: endpoint.id, name: endpoint.name }),
    };
  },

  'documents.setTarget': async (input, context) => {
    const { book, signal, progress } = context;
    const { ids, endpoint, ...filter } = input;
    if (endpoint !== undefined) requireSide(book, requireEndpoint(book, endpoint));
    const wanted = (ids ?? documentIds(book, filter, editableStates)).filter((id) =>
      editableStates.includes(requireDocument(book, id).state),
    );
    const check = documentCheck(context);
    const changes: OutputOf<'documents.setTarget'>['changes'] = [];
    let clean = 0;
    // A case is checked as a whole, so its documents are moved together and it is checked once.
    const byCase = new Map<string, number[]>();
    for (const id of wanted) {
      const key = JSON.stringify(caseOf(requireDocument(book, id)));
      const some = byCase.get(key);
      if (some === undefined) byCase.set(key, [id]);
      else some.push(id);
    }
    for (const [done, some] of [...byCase.values()].entries()) {
      if (signal.aborted) throw new PortbookError('CANCELLED');
      if (done % YIELD_EVERY === 0) {
        progress({ phase: 'check', done, total: byCase.size });
        await setImmediate();
      }
      const before = some.flatMap((id) => {
        const document = requireDocument(book, id);
        return editableStates.includes(document.state) ? [{ document, found: findingsOf(book, id) }] : [];
      });
      book.transaction(() => {
        for (const { document } of before) setTarget(book, document.id, endpoint);
        recheckCasesOf(
          book,
          check,
          before.map(({ document }) => document.id),
          context.now(),
        );
      });
      for (const { document, found } of before) {
        const { id, kind, businessKey } = document;
        const after = findingsOf(book, id);
        if (!after.some(({ level }) => level === 'reject')) clean += 1;
        const added = without(after, found);
        const resolved = without(found, after);
        if (added.length + resolved.length > 0) changes.push({ id, kind, businessKey, added, resolved });
      }
    }
    book.transaction(() =>
      book.audit('documents.setTarget', endpoint ?? '', { documents: wanted.length }, context.now()),
    );
    context.emit({ name: 'book.changed', areas: ['documents'] });
    return { documents: wanted.length, clean, changes };
  },
};

/** Findings of one list that the other does not have. */
function without(findings: readonly FindingView[], other: readonly FindingView[]): FindingView[] {
  const key = ({ rule, path, params }: FindingView) => JSON.stringify([rule, path, params]);
  const known = new Set(other.map(key));
  return findings.filter((finding) => !known.has(key(finding)));
}

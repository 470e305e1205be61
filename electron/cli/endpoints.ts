import path from 'node:path';
import { z } from 'zod';
import { type EndpointView, endpointInput } from '../../shared/contract/endpoints.ts';
import { PortbookError } from '../../shared/errors.ts';
import { errorText } from '../../shared/i18n/error-text.ts';
import type { Core } from '../core/core.ts';
import { typedRequest } from './messages.ts';
import {
  type Answer,
  bytesOf,
  call,
  given,
  language,
  need,
  type OptionName,
  options,
  readJson,
  withBook,
} from './shell.ts';

/** Endpoint profiles (通道), and files carried by hand. */

/** The endpoint that `--endpoint` names, by its id or its name. Refusals: `ENDPOINT_UNKNOWN` {id}, `ENDPOINT_AMBIGUOUS` {name, ids}. */
async function named(core: Core, name: string): Promise<EndpointView> {
  const { endpoints } = await call(core, 'endpoints.list', {});
  const found = endpoints.filter(({ id }) => id === name);
  if (found.length === 0) found.push(...endpoints.filter((one) => one.name === name));
  const [first] = found;
  if (first === undefined) throw new PortbookError('ENDPOINT_UNKNOWN', { id: name }, 'endpoint');
  if (found.length > 1)
    throw new PortbookError('ENDPOINT_AMBIGUOUS', { name, ids: found.map(({ id }) => id).join(', ') }, 'endpoint');
  return first;
}

const withEndpoint = (work: (core: Core, endpoint: EndpointView) => Promise<Answer>) =>
  withBook(need('book'), async (core) => work(core, await named(core, need('endpoint'))));

export const listEndpoints = () =>
  withBook(need('book'), async (core) => ({ body: await call(core, 'endpoints.list', {}) }));

/** What is set of an endpoint, in the words of the input that changes it. */
function settingsOf(endpoint: EndpointView): Record<string, unknown> {
  const { id, name, transport, url, proxy, tls, folders, practice, carry, limits, profile, rules, signature } =
    endpoint;
  return {
    ...{ id, name, transport, url, proxy, tls, carry, limits, profile, rules, signature },
    ...(folders === undefined ? {} : { movesRead: folders.movesRead }),
    ...(practice === undefined ? {} : { practice }),
  };
}

const fileOf = (option: OptionName): string | undefined =>
  given(option) === '' ? undefined : path.resolve(given(option));

/** What the options say of an endpoint; `--input` holds the rest. Refusal: `ENDPOINT_FILE_INVALID` {field, reason}. */
function typedSettings(): Record<string, unknown> {
  const file = given('input') === '' ? {} : z.record(z.string(), z.unknown()).safeParse(readJson('input')).data;
  if (file === undefined) throw new PortbookError('ENDPOINT_FILE_INVALID', { field: '', reason: '{…}' }, 'input');
  const url = given('url');
  const folderRoot = fileOf('folders');
  const caFile = fileOf('ca');
  const transport = given('transport') || (url !== '' ? 'http' : folderRoot === undefined ? '' : 'folder');
  return {
    ...file,
    ...(given('name') === '' ? {} : { name: given('name') }),
    ...(transport === '' ? {} : { transport }),
    ...(url === '' ? {} : { url }),
    ...(folderRoot === undefined ? {} : { folderRoot }),
    ...(caFile === undefined ? {} : { caFile }),
    ...(options.practice ? { practice: true } : {}),
    ...(given('profile') === '' ? {} : { profile: given('profile') }),
  };
}

async function save(core: Core, before: EndpointView | undefined): Promise<Answer> {
  const fields = { ...(before === undefined ? {} : settingsOf(before)), ...typedSettings() };
  const input = endpointInput.strict().safeParse(fields);
  if (!input.success) {
    const [issue] = input.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new PortbookError('ENDPOINT_FILE_INVALID', { field, reason: issue?.message ?? '' }, field);
  }
  return { body: { endpoint: await call(core, 'endpoints.save', input.data) } };
}

export const addEndpoint = () => withBook(need('book'), (core) => save(core, undefined));
export const editEndpoint = () => withEndpoint(save);

export const chooseEndpoint = () =>
  withEndpoint(async (core, { id }) => ({ body: { endpoint: await call(core, 'endpoints.choose', { id }) } }));

export const removeEndpoint = () =>
  withEndpoint(async (core, { id }) => {
    await call(core, 'endpoints.remove', { id });
    return { body: { id } };
  });

/** Where documents of a kind go; without `--endpoint` to the one in use. */
export const routeKind = () =>
  withBook(need('book'), async (core) => {
    const kind = typedRequest(need('type'));
    const endpoint = given('endpoint') === '' ? undefined : (await named(core, given('endpoint'))).id;
    await call(core, 'endpoints.route', { kind, ...(endpoint === undefined ? {} : { endpoint }) });
    const { routes } = await call(core, 'endpoints.list', {});
    return { body: { routes } };
  });

/** Tries the way there step by step; nothing is enrolled or sent. Refused where a step failed. */
export const checkEndpoint = () =>
  withEndpoint(async (core, { id, name }) => {
    const { steps, via } = await call(core, 'endpoints.test', { id });
    const explained = steps.map((step) =>
      step.code === undefined
        ? step
        : { ...step, ...errorText({ code: step.code, params: { name, detail: step.detail ?? '' } }, language) },
    );
    return {
      body: { id, name, ...(via === undefined ? {} : { via }), steps: explained },
      refused: steps.some(({ state }) => state === 'failed'),
    };
  });

/** The passphrase of a file that is sealed with one, told by another way; the line's end is none of it. Refusals: `FILE_MISSING`, `FILE_UNREADABLE`. */
function sealedWith(): { passphrase?: string } {
  const file = fileOf('passphrase-file');
  if (file === undefined) return {};
  return {
    passphrase: bytesOf(file, 'passphrase-file')
      .toString('utf8')
      .replace(/\r?\n$/, ''),
  };
}

export const carryOut = () =>
  withBook(need('book'), async (core) => {
    const out = path.resolve(need('out'));
    const endpoint = given('endpoint') === '' ? {} : { endpoint: (await named(core, given('endpoint'))).id };
    return { body: { ...(await call(core, 'carry.export', { ...endpoint, to: out, ...sealedWith() })), out } };
  });

export const carryIn = () =>
  withBook(need('book'), async (core) => {
    const counts = await call(core, 'carry.import', { file: path.resolve(need('file')) });
    const { counts: documents } = await call(core, 'documents.counts', {});
    return { body: { ...counts, documents } };
  });

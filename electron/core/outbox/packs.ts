import { PortbookError } from '../../../shared/errors.ts';
import type { Outcome, PackList, PackManifest } from '../../../shared/sync/protocol.ts';
import { acceptPack, checkManifest, issuerKey } from '../packs.ts';
import type { Book } from '../store/book.ts';
import { endpointOf } from '../store/endpoints.ts';
import { nameIssuer, type PackRefusal, replacePackRefusals } from '../store/packs.ts';
import type { LaneRun } from './lane-run.ts';

/** Between two looks for packs, unless a person asks. */
const PACKS_MS = 3_600_000;

/** The versions of each pack, the latest first: those below a good one were never in force here, and its change log says what it differs in. */
function byVersion(packs: readonly PackManifest[]): PackManifest[][] {
  const byId = new Map<string, PackManifest[]>();
  for (const pack of packs) byId.set(pack.id, [...(byId.get(pack.id) ?? []), pack]);
  return [...byId.values()].map((versions) => versions.sort((a, b) => b.version - a.version));
}

/**
 * Verifies what a platform offers and keeps what is new and good. What is not is refused and remembered with its reason, until the
 * platform is asked again. Issuers that the platform names are noted, not trusted.
 * @param fetch asks for the bytes of a pack whose manifest is good
 * @returns whether there is anything that was not there before
 */
export async function takePacks(
  book: Book,
  endpoint: { readonly id: string; readonly name: string },
  offered: PackList,
  fetch: (pack: PackManifest) => Promise<Outcome<Uint8Array>>,
  now: () => string,
): Promise<boolean> {
  let isNews = false;
  const refusals: Omit<PackRefusal, 'endpointName' | 'at'>[] = [];
  /** @returns whether there was nothing to refuse */
  const attempt = async (
    pack: Pick<PackManifest, 'id' | 'version'>,
    work: () => Promise<void> | void,
  ): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof PortbookError)) throw error;
      // Of a pack the latest is spoken of, of issuers by one name the first.
      if (!refusals.some(({ packId }) => packId === pack.id))
        refusals.push({ packId: pack.id, version: pack.version, code: error.code, params: error.params });
      return false;
    }
  };
  for (const issuer of offered.issuers)
    await attempt({ id: issuer.name, version: 0 }, () => {
      const { keyId, publicKey } = issuerKey(issuer.publicKey);
      isNews = nameIssuer(book, keyId, { name: issuer.name, publicKey }, endpoint.name) || isNews;
    });
  for (const versions of byVersion(offered.packs))
    for (const manifest of versions) {
      const isGood = await attempt(manifest, async () => {
        if (checkManifest(book, manifest) === 'known') return;
        const outcome = await fetch(manifest);
        // The road gave out: the next look asks again.
        if (outcome.kind !== 'accepted') return;
        acceptPack(book, manifest, outcome.value, { source: 'line', sourceName: endpoint.name }, now());
        isNews = true;
      });
      // A version that is not to be trusted does not hide a good one below it.
      if (isGood) break;
    }
  const at = now();
  return book.transaction(() => {
    const fresh = replacePackRefusals(book, endpoint, refusals, at);
    for (const { packId, version, code } of fresh)
      book.audit('pack.refused', `pack:${packId}`, { version, code, endpoint: endpoint.name }, at);
    return isNews || fresh.length > 0;
  });
}

/**
 * Takes in what packs of code tables and rules the platform has and the book has not: kept, and in force when a person takes them. Whatever
 * is wrong with these is no reason to hold up the messages.
 */
export async function fetchPacks(run: LaneRun): Promise<void> {
  const { book, signal, lane, tools } = run;
  const line = run.transport.packs;
  const endpoint = endpointOf(book, run.endpoint.id);
  if (line === undefined || endpoint?.capabilities?.packs !== true || !run.goesOn()) return;
  const now = tools.now();
  const since = Date.parse(now) - Date.parse(lane.packsAskedAt ?? '');
  if (!run.options.forced && since >= 0 && since < PACKS_MS) return;
  const outcome = await line.list(signal);
  if (outcome.kind !== 'accepted') return;
  run.observe(outcome);
  lane.packsAskedAt = now;
  const isNews = await takePacks(book, endpoint, outcome.value, (pack) => line.fetch(pack, signal), tools.now);
  if (isNews) tools.changed();
}

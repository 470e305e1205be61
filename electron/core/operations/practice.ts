import { PortbookError } from '../../../shared/errors.ts';
import { type Behaviour, behaviour } from '../../../shared/sync/protocol.ts';
import type { Context, Handlers } from '../context.ts';
import { engineOf, practiceFolder } from '../outbox/engine.ts';
import { syncKeys } from '../outbox/holds.ts';
import { withinTime } from '../outbox/time-limit.ts';
import {
  currentEndpoint,
  isPractice,
  leaveEndpoint,
  practiceId,
  realEnrolment,
  selectEndpoint,
} from '../store/endpoints.ts';
import { requireDecided } from './sync.ts';

const PRACTICE_NAME = '演练平台';
const BEHAVE_TIMEOUT_MS = 5_000;

export const practiceHandlers: Handlers<'practice.start' | 'practice.stop' | 'practice.behaviour' | 'practice.behave'> =
  {
    'practice.start': async (_input, context) => {
      const { book, host, session } = context;
      const engine = engineOf(context);
      // Practising would use up the declarations of a book in earnest: they could not be filed any more.
      const real = book.isSample ? undefined : realEnrolment(book);
      if (real !== undefined) throw new PortbookError('PRACTICE_IN_REAL_BOOK', { name: real.name || real.url });
      const requireLeavable = () => {
        const before = currentEndpoint(book);
        if (before !== undefined && !isPractice(before)) requireDecided(book);
      };
      requireLeavable();
      const url = await host.startPractice(practiceFolder(session, book));
      book.transaction(() => {
        // Something may have been sent while it started.
        requireLeavable();
        selectEndpoint(book, { id: practiceId(book), url, name: PRACTICE_NAME });
        book.setSetting(syncKeys.halted, undefined);
        book.audit('practice.start', PRACTICE_NAME, {}, context.now());
      });
      engine.forgetConnection('started');
      engine.nudge();
      context.emit({ name: 'sync.changed' });
      return engine.status();
    },

    'practice.stop': async (_input, context) => {
      const { book, host } = context;
      const engine = engineOf(context);
      const endpoint = currentEndpoint(book);
      if (endpoint !== undefined && isPractice(endpoint)) {
        requireDecided(book);
        book.transaction(() => {
          leaveEndpoint(book);
          book.audit('practice.stop', PRACTICE_NAME, {}, context.now());
        });
      }
      await host.stopPractice();
      engine.forgetConnection();
      context.emit({ name: 'sync.changed' });
      return engine.status();
    },

    'practice.behaviour': (_input, context) => askPractice(context),

    'practice.behave': async (input, context) => {
      await askPractice(context, input);
      return {};
    },
  };

/** Asks the practice platform how it behaves, or tells it. Refusal: `PRACTICE_NOT_RUNNING`. */
async function askPractice({ book, signal }: Context, told?: Behaviour): Promise<Behaviour> {
  const endpoint = currentEndpoint(book);
  if (endpoint === undefined || !isPractice(endpoint)) throw new PortbookError('PRACTICE_NOT_RUNNING');
  let answer: { readonly status: number; readonly text: string };
  try {
    answer = await withinTime(BEHAVE_TIMEOUT_MS, signal, async (limit) => {
      const response = await fetch(`${endpoint.url}/v1/practice/behaviour`, {
        ...(told === undefined
          ? {}
          : { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(told) }),
        redirect: 'error',
        signal: limit,
      });
      return { status: response.status, text: await response.text() };
    });
  } catch (error) {
    throw new PortbookError('PRACTICE_NOT_RUNNING', { detail: error instanceof Error ? error.message : '' });
  }
  if (answer.status !== 200) throw new Error(`the practice platform answered ${answer.status} about its behaviour`);
  return behaviour.parse(JSON.parse(answer.text));
}

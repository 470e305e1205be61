import { describe, expect, it } from 'vitest';
import { catalogue, describe as describeMessage } from '../../shared/documents/index.ts';
import { documentMachine } from '../../shared/sync/document-states.ts';
import { markdownTable } from '../../shared/sync/machine.ts';
import { messageMachine } from '../../shared/sync/message-states.ts';

/** The pages of docs/messages are what the tables say; after changing a table run `npx vitest run -u tests/core/message-docs.test.ts`. */
describe('pages made from tables', () => {
  for (const spec of Object.values(catalogue)) {
    it(`${spec.message} is documented as its table has it`, async () => {
      const page = `${describeMessage(spec, 'en')}\n\n${describeMessage(spec, 'zh')}`;
      await expect(page).toMatchFileSnapshot(`../../docs/messages/${spec.message}.md`);
    });
  }

  it('the states of documents and messages are documented as their tables have them', async () => {
    const page = [
      '# States of the outbox',
      '',
      'Code, tests and this page read the same tables (`shared/sync`).',
      '',
      '## Documents (单证)',
      '',
      markdownTable(documentMachine),
      '',
      '## Messages (报文)',
      '',
      markdownTable(messageMachine),
      '',
    ].join('\n');
    await expect(page).toMatchFileSnapshot('../../docs/outbox-states.md');
  });
});

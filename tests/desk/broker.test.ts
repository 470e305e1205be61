import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** The broker's desk by keyboard in the real window: clerks, review of a document, a delegation, the switch between two books. */
const t = textsIn('zh-CN');
let desk: Desk;
let hands: Hands;

beforeAll(async () => {
  desk = await launchDesk({ size: { width: 1366, height: 768 } });
  hands = new Hands(desk, t);
  await hands.button(t('welcome.openSample')).click();
  await hands.on('today');
});

afterEach((context) => pictureOfFailure(desk, context));
afterAll(async () => {
  await desk.close();
});

async function command(typed: string, name: string, page: string): Promise<void> {
  await hands.press('Control+k');
  await desk.page.keyboard.type(typed);
  await desk.page.getByRole('option', { name: t(`command.${name}`) }).waitFor();
  await hands.press('Enter');
  await hands.on(page);
}

describe("the broker's desk", () => {
  it('keeps clerks by name, says that there are no passwords, and asks for a review', async () => {
    await command('renyuan', 'clerks', 'review');
    await hands.sees(t('broker.clerk.noPasswords'));
    for (const name of ['陈制单', '林复核']) {
      await desk.page.locator('#clerk-name').fill(name);
      await desk.page.locator('#clerk-name').press('Enter');
      await desk.page.locator('.ant-table-row', { hasText: name }).waitFor();
    }
    const isRequired = desk.page.getByRole('checkbox');
    await isRequired.click();
    await expect.poll(() => isRequired.isChecked()).toBe(true);
    await desk.page.locator('.ant-table-row', { hasText: '陈制单' }).locator('.ant-table-cell').first().click();
    await hands.press('Enter');
    await desk.page.locator('.top-clerk', { hasText: '陈制单' }).waitFor();
  });

  it('takes a delegation field by field and refuses a wrong check character at its field', async () => {
    await command('bgwt', 'delegations', 'delegations');
    await hands.press('Control+n');
    await desk.page.locator('#delegation-number:focus').waitFor();
    const typed = { number: 'WT-2026-001', agentName: '示例报关有限公司', agentUscc: '91469002MA5T0TE5TX' };
    for (const [name, value] of Object.entries(typed)) await desk.page.locator(`#delegation-${name}`).fill(value);
    await hands.press('Control+Enter');
    // The character that belongs there; the refusal stands once the core has answered, and only then may the form be sent again.
    await desk.page.locator('.error-note', { hasText: /R/ }).waitFor();
    await desk.page.locator('#delegation-agentUscc').fill('91469002MA5T0TE5TR');
    await hands.press('Control+Enter');
    await hands.sees(t('broker.delegation.saved', { number: 'WT-2026-001' }));
    await desk.page.locator('.ant-table-row', { hasText: 'WT-2026-001' }).waitFor();
  });

  it('claims, approves and shows what was approved', async () => {
    await desk.page.evaluate(async () => {
      const { portbook } = window as unknown as {
        portbook: { call(op: string, input: object): Promise<{ ok: boolean; data: { rows: { id: number }[] } }> };
      };
      const must = async (op: string, input: object) => {
        const answer = await portbook.call(op, input);
        if (!answer.ok) throw new Error(`${op}: ${JSON.stringify(answer)}`);
        return answer.data;
      };
      const { rows } = await must('shipments.list', {});
      await must('shipments.draft', { id: rows[0]?.id });
      await must('documents.check', {});
    });
    await command('fuhe', 'review', 'review');
    await hands.sees(t('broker.review.isRequired'));
    const rows = desk.page.locator('.ant-table-row');
    await rows.first().click();
    // His own work: the maker is told so where the document stands, and another clerk may approve it.
    await hands.press('F8');
    await hands.sees(/不能复核自己做的单证/);
    await desk.page.locator('.top-clerk').click();
    await desk.page.locator('.ant-select-item-option', { hasText: '林复核' }).click();
    await desk.page.locator('.top-clerk', { hasText: '林复核' }).waitFor();
    const approved = rows.first();
    const text = await approved.innerText();
    await approved.click();
    await hands.press('F8');
    await hands.sees(t('broker.review.approvedDone', { n: 1 }));
    // The approved one leaves the list with its next reading.
    await expect.poll(() => rows.first().innerText()).not.toBe(text);
    await rows.first().click();
    await hands.press('Enter');
    await hands.sees(t('broker.review.makerIs', { name: '陈制单' }));
    await hands.press('Control+Alt+m');
    await desk.page.locator('#review-text').fill('品名太笼统');
    await hands.press('Enter');
    await hands.sees('品名太笼统');
    expect(desk.pageErrors()).toEqual([]);
  });
});

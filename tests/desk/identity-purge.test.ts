import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, launchDesk } from './launch.ts';
import { pictureOfFailure } from './support/failure.ts';
import { Hands } from './support/hands.ts';
import { textsIn } from './support/texts.ts';

/** 购买人身份证号的清除 in the settings: off, refused within the years of the law, a preview once it is on. */
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
afterAll(() => desk.close());

describe('the purge of identity numbers on the desk', () => {
  it('is off, refuses too few days, and shows what it would do', async () => {
    await hands.area('settings');
    await desk.page.getByRole('radio', { name: t('settings.protection.title'), exact: true }).click();
    await hands.sees(t('settings.identity.title'));
    await hands.sees(t('settings.identity.off'));
    const days = desk.page.locator('#identity-days');
    await days.fill('100');
    await hands.button(t('settings.identity.save')).click();
    await hands.sees(/天数太少/);
    await days.fill('1100');
    await hands.button(t('settings.identity.save')).click();
    await hands.sees(/以前办结的 0 份单证/);
    await hands.button(t('settings.identity.switchOff')).click();
    await hands.sees(t('settings.identity.off'));
    expect(desk.pageErrors()).toEqual([]);
  });
});

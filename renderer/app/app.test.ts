import { beforeEach, describe, expect, it } from 'vitest';
import { isComposing, keyName } from './keys.ts';
import {
  goBack,
  goForward,
  navigate,
  numberParam,
  replaceParams,
  resetRoutes,
  routeOfTarget,
  useRouteStore,
} from './route-store.ts';

function press(part: Partial<KeyboardEvent>): KeyboardEvent {
  return {
    key: '',
    code: '',
    ctrlKey: false,
    altKey: false,
    shiftKey: false,
    metaKey: false,
    ...part,
  } as KeyboardEvent;
}

describe('targets of the core', () => {
  it('become routes', () => {
    expect(routeOfTarget('declaration/12')).toEqual({ page: 'declaration', params: { id: '12' } });
    expect(routeOfTarget('products?state=to-classify')).toEqual({ page: 'products', params: { state: 'to-classify' } });
    expect(routeOfTarget('orders?state=open&country=EIRE%2F1')).toEqual({
      page: 'orders',
      params: { state: 'open', country: 'EIRE/1' },
    });
    expect(routeOfTarget('imports?runId=3')).toEqual({ page: 'import', params: { runId: '3' } });
    expect(routeOfTarget('outbox')).toEqual({ page: 'outbox', params: {} });
  });
});

describe('the way back', () => {
  beforeEach(resetRoutes);
  const page = (): string => useRouteStore.getState().route.page;

  it('goes back and forward, and counts no step to the same place', () => {
    navigate('orders');
    navigate('orders');
    navigate('order', { id: 4 });
    goBack();
    expect(page()).toBe('orders');
    goForward();
    expect(page()).toBe('order');
    goBack();
    goBack();
    goBack();
    expect(page()).toBe('today');
  });

  it('does not count a changed filter as a step', () => {
    navigate('orders');
    replaceParams({ state: 'open' });
    goBack();
    expect(page()).toBe('today');
    goForward();
    expect(useRouteStore.getState().route.params).toEqual({ state: 'open' });
  });

  it('reads numbers only where there are numbers', () => {
    expect(numberParam({ id: '12' }, 'id')).toBe(12);
    expect(numberParam({ id: 'new' }, 'id')).toBeUndefined();
    expect(numberParam({}, 'id')).toBeUndefined();
  });
});

describe('keys', () => {
  it('are named as they are shown', () => {
    expect(keyName(press({ key: 'k', code: 'KeyK', ctrlKey: true }))).toBe('Ctrl+K');
    expect(keyName(press({ key: '¡', code: 'Digit1', altKey: true }))).toBe('Alt+1');
    expect(keyName(press({ key: 'ArrowLeft', altKey: true }))).toBe('Alt+Left');
    expect(keyName(press({ key: 'F8' }))).toBe('F8');
    expect(keyName(press({ key: 'Enter', shiftKey: true }))).toBe('Shift+Enter');
  });

  it('belong to the input method while it composes', () => {
    expect(isComposing({ isComposing: true })).toBe(true);
    expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
    expect(isComposing({ nativeEvent: { isComposing: true } })).toBe(true);
    expect(isComposing({ nativeEvent: { keyCode: 13 } })).toBe(false);
  });
});

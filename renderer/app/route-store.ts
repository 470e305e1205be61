/** Where the user is. A desktop has no address bar: a route is a page's name and a few parameters, with a way back. */
import { create } from 'zustand';

export type RouteParams = Readonly<Record<string, string | number>>;
export interface Route {
  /** A name from some `pages/<area>/routes.tsx`. */
  readonly page: string;
  readonly params: RouteParams;
}

interface RouteState {
  readonly route: Route;
  readonly back: readonly Route[];
  readonly forward: readonly Route[];
}

const LONGEST_HISTORY = 100;
const start: Route = { page: 'today', params: {} };

export const useRouteStore = create<RouteState>(() => ({ route: start, back: [], forward: [] }));

function isSame(a: Route, b: Route): boolean {
  return a.page === b.page && JSON.stringify(a.params) === JSON.stringify(b.params);
}

/** Goes to a page: `navigate('order', { id: 12 })`. */
export function navigate(page: string, params: RouteParams = {}): void {
  useRouteStore.setState((state) => {
    const route: Route = { page, params };
    if (isSame(route, state.route)) return state;
    return { route, back: [...state.back, state.route].slice(-LONGEST_HISTORY), forward: [] };
  });
}

/** Changes the parameters of the page that is shown (a filter, a selected row) without a step in the history. */
export function replaceParams(params: RouteParams): void {
  useRouteStore.setState((state) => ({ route: { ...state.route, params } }));
}

/** Alt+Left. */
export function goBack(): void {
  useRouteStore.setState((state) => {
    const route = state.back.at(-1);
    if (route === undefined) return state;
    return { route, back: state.back.slice(0, -1), forward: [state.route, ...state.forward] };
  });
}

/** Alt+Right. */
export function goForward(): void {
  useRouteStore.setState((state) => {
    const [route, ...rest] = state.forward;
    if (route === undefined) return state;
    return { route, back: [...state.back, state.route], forward: rest };
  });
}

/** Another book: nothing of the one before may be reached by going back. */
export function resetRoutes(): void {
  useRouteStore.setState({ route: start, back: [], forward: [] });
}

export function useRoute(): Route {
  return useRouteStore((state) => state.route);
}

/** A text parameter of a route, undefined when it is absent. */
export function textParam(params: RouteParams, name: string): string | undefined {
  const value = params[name];
  return value === undefined ? undefined : String(value);
}

/** A whole-number parameter of a route, undefined when absent or not a number. */
export function numberParam(params: RouteParams, name: string): number | undefined {
  const value = params[name];
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  return Number.isInteger(number) ? number : undefined;
}

/** Areas by the name of the contract where the page's own name differs. */
const pageOfTarget: Readonly<Record<string, string>> = { imports: 'import' };

/**
 * A `target` of the core as a route: `products?state=to-classify`, `declaration/12`, `order:3`, `outbox`. What follows the
 * slash or colon is the parameter `id`.
 */
export function routeOfTarget(target: string): Route {
  const [path = '', query = ''] = target.split('?', 2);
  const at = path.search(/[/:]/);
  const name = at < 0 ? path : path.slice(0, at);
  const page = pageOfTarget[name] ?? name;
  const params: Record<string, string> = Object.fromEntries(new URLSearchParams(query));
  if (at >= 0 && at < path.length - 1) params['id'] = path.slice(at + 1);
  return { page, params };
}

export function openTarget(target: string): void {
  const { page, params } = routeOfTarget(target);
  navigate(page, params);
}

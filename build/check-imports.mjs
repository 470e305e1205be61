// Holds the folders to the order of docs/architecture.md: who may import whom, and no circles. The compiler's settings keep
// Node and the DOM out of where they do not belong; this keeps out our own modules and packages.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/base.mjs';

/**
 * @typedef {object} Layer
 * @property {string} at folder or file, as a path from the root
 * @property {readonly string[]} may the folders and files of ours that it may import, besides itself
 * @property {readonly (string | RegExp)[]} not packages that it may not import
 */

const core = 'electron/core';
const helpers = [
  'store',
  'outbox',
  'importers',
  'exporters',
  'printing',
  'worksheets',
  'supervision',
  'evidence',
  'filings',
  'risk',
  'keys',
  'files',
];
/** What even the store stands on. */
const ground = ['keys', 'files'];
const electronOnly = ['electron'];

/**
 * The first layer that holds a file is the one that counts.
 * @type {readonly Layer[]}
 */
export const layers = [
  { at: 'shared', may: [], not: [/^node:/, 'electron', 'react', 'antd', 'better-sqlite3', 'exceljs', 'fastify'] },
  { at: 'renderer', may: ['shared'], not: [/^node:/, 'electron', 'better-sqlite3', 'exceljs', 'fastify'] },
  { at: 'platform', may: ['shared'], not: electronOnly },
  { at: 'electron/preload.ts', may: ['shared/contract'], not: [/^node:/] },
  // Below the operations: files in, files out, statements. They know the core's own vocabulary and nothing above them.
  ...helpers.map((name) => ({
    at: `${core}/${name}`,
    may: [
      'shared',
      ...(name === 'store' || name === 'files' ? ground : helpers).map((one) => `${core}/${one}`),
      `${core}/*`,
    ],
    not: electronOnly,
  })),
  {
    at: `${core}/operations`,
    may: ['shared', ...helpers.map((one) => `${core}/${one}`), `${core}/*`],
    not: electronOnly,
  },
  { at: core, may: ['shared', core], not: electronOnly },
  { at: 'electron/cli.ts', may: ['shared', core, 'electron/cli', 'platform'], not: electronOnly },
  { at: 'electron/cli', may: ['shared', core], not: electronOnly },
  { at: 'electron', may: ['shared/contract'], not: ['better-sqlite3'] },
];

const statement =
  /^\s*(?:import|export)\b(?<kind>\s+type\b)?(?:[^'"`;]*?\bfrom)?\s*['"](?<from>[^'"]+)['"]|\bimport\(\s*['"](?<lazy>[^'"]+)['"]\s*\)/gm;

/**
 * @param {string} text a module's source
 * @returns {{ from: string, isType: boolean, isLazy: boolean }[]}
 */
export function importsOf(text) {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(statement)].map(({ groups }) => ({
    from: groups?.from ?? groups?.lazy ?? '',
    isType: groups?.kind !== undefined,
    isLazy: groups?.lazy !== undefined,
  }));
}

/**
 * @param {string} file path from the root
 * @param {string} place folder, file, or `folder/*` for the files directly in it
 */
function isIn(file, place) {
  if (place.endsWith('/*')) return path.posix.dirname(file) === place.slice(0, -2);
  return file === place || file.startsWith(`${place}/`);
}

/** @param {string} file path from the root */
function layerOf(file) {
  return layers.find((one) => isIn(file, one.at));
}

/**
 * Checks one module against the layers.
 * @param {string} file path from the root, with forward slashes
 * @param {string} text
 * @returns {string[]} complaints
 */
export function checkModule(file, text) {
  const layer = layerOf(file);
  if (!layer) return [];
  return importsOf(text).flatMap(({ from }) => {
    if (!from.startsWith('.')) {
      const isForbidden = layer.not.some((name) =>
        typeof name === 'string' ? from === name || from.startsWith(`${name}/`) : name.test(from),
      );
      return isForbidden ? [`${file}: ${layer.at} must not use the package ${from}`] : [];
    }
    const target = path.posix.join(path.posix.dirname(file), from.replace(/\?.*$/, ''));
    const isAllowed =
      layerOf(target) === layer || layer.may.some((place) => isIn(target, place)) || target.startsWith('resources/');
    return isAllowed
      ? []
      : [`${file}: ${layer.at} must not import ${target} (only ${['itself', ...layer.may].join(', ')})`];
  });
}

/**
 * Finds circles among modules that need each other while loading; types vanish and lazy imports come later.
 * @param {ReadonlyMap<string, readonly string[]>} graph
 * @returns {string[]} complaints
 */
export function findCircles(graph) {
  /** @type {Map<string, 'open' | 'done'>} */
  const state = new Map();
  /** @type {string[]} */
  const complaints = [];
  /** @param {string} file @param {readonly string[]} trail */
  const visit = (file, trail) => {
    if (state.get(file) === 'done') return;
    if (state.get(file) === 'open') {
      complaints.push(`circle: ${[...trail.slice(trail.indexOf(file)), file].join(' -> ')}`);
      return;
    }
    state.set(file, 'open');
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    state.set(file, 'done');
  };
  for (const file of graph.keys()) visit(file, []);
  return complaints;
}

/**
 * @param {string} folder
 * @returns {Generator<string>}
 */
function* modulesIn(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* modulesIn(name);
    else if (/\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name)) yield name;
  }
}

/** Checks the whole tree. @returns {string[]} complaints */
export function checkTree() {
  /** @type {Map<string, string[]>} */
  const graph = new Map();
  /** @type {string[]} */
  const complaints = [];
  for (const folder of ['shared', 'electron', 'platform', 'renderer']) {
    if (!statSync(path.join(root, folder), { throwIfNoEntry: false })) continue;
    for (const file of modulesIn(folder)) {
      const text = readFileSync(path.join(root, file), 'utf8');
      complaints.push(...checkModule(file, text));
      const needs = importsOf(text).filter((one) => one.from.startsWith('.') && !one.isType && !one.isLazy);
      graph.set(
        file,
        needs.map((one) => path.posix.join(path.posix.dirname(file), one.from)),
      );
    }
  }
  return [...complaints, ...findCircles(graph)];
}

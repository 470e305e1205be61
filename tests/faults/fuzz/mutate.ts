import { oneOf } from '../support/random.ts';

/**
 * Damages a file as roads, disks, editors and ill will do: bytes flipped, cut, doubled and moved; tags lost, swapped and nested; values
 * blown up, emptied and replaced; entities, declarations and control characters brought in. Depends on `random` alone.
 * @returns other bytes of at most a few megabytes; now and then the same ones
 */
export function mutate(random: () => number, bytes: Uint8Array): Uint8Array {
  let now = Buffer.from(bytes);
  const times = 1 + Math.floor(random() * 3);
  for (let i = 0; i < times; i++) now = Buffer.from(oneOf(random, random() < 0.4 ? onBytes : onText)(random, now));
  return now;
}

type Mutator = (random: () => number, bytes: Buffer) => Buffer;

const at = (random: () => number, length: number): number => Math.floor(random() * (length + 1));

/** Two places, the first before the second and not far from it. */
function span(random: () => number, length: number): [number, number] {
  const from = at(random, length);
  return [from, Math.min(length, from + 1 + Math.floor(random() ** 3 * length))];
}

const onBytes: readonly Mutator[] = [
  (random, bytes) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i <= random() * 4; i++) {
      const place = Math.floor(random() * copy.length);
      copy[place] = (copy[place] ?? 0) ^ (1 << Math.floor(random() * 8));
    }
    return copy;
  },
  (random, bytes) => bytes.subarray(0, at(random, bytes.length)),
  (random, bytes) => {
    const [from, to] = span(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  (random, bytes) => {
    const [from, to] = span(random, bytes.length);
    const place = at(random, bytes.length);
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(from, to), bytes.subarray(place)]);
  },
  (random, bytes) => {
    const place = at(random, bytes.length);
    const noise = Buffer.from(Array.from({ length: 1 + Math.floor(random() * 8) }, () => Math.floor(random() * 256)));
    return Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]);
  },
  (_random, bytes) => Buffer.concat([bytes, bytes]),
  (_random, bytes) => Buffer.from(bytes.toString('utf8'), 'utf16le'),
  (_random, bytes) => Buffer.from(bytes.toString('utf8'), 'latin1'),
];

/** What is put into texts: the limits of numbers, names of other things, and what parsers have stumbled over. */
const strange = [
  '',
  ' ',
  '0',
  '-0',
  '-1',
  '1e308',
  'NaN',
  'Infinity',
  '99999999999999999999999999',
  '0.00000000001',
  '1,234.56',
  '１２３',
  '2026-02-30',
  '00000000000000',
  '99999999',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  '\u202E反',
  '𠮷'.repeat(300),
  'x'.repeat(70_000),
  '&amp;amp;',
  '&#0;',
  '&#x1F600;',
  '&#xD800;',
  '&unknown;',
  '<![CDATA[<a>]]>',
  ']]>',
  '<!-- -- -->',
  '<?php ?>',
  '\u0000',
  '\u0007',
  '\uFFFE',
  '\uFEFF',
  "'; DROP TABLE document; --",
  '../../../../etc/passwd',
  '=1+1',
];

const doctypes = [
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
  '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
  '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
  '<?xml version="1.1" encoding="GBK"?>',
  '<?xml version="1.0" encoding="UTF-16"?>',
];

function elements(text: string): RegExpMatchArray[] {
  // What follows the name cannot be part of it: a long run of letters behind a `<` would be divided between the two in every way there is.
  return [...text.matchAll(/<([A-Za-z_][\w.:-]*)((?:[\s/][^<>]*)?)>([^<>]*)<\/\1>/g)];
}

/** Replaces one element `<a>text</a>` of a text; a text without any stays. */
function onElement(change: (random: () => number, match: RegExpMatchArray, text: string) => string): Mutator {
  return (random, bytes) => {
    const text = bytes.toString('utf8');
    const all = elements(text);
    if (all.length === 0) return bytes;
    const match = oneOf(random, all);
    const place = match.index ?? 0;
    return Buffer.from(
      text.slice(0, place) + change(random, match, text) + text.slice(place + match[0].length),
      'utf8',
    );
  };
}

const onText: readonly Mutator[] = [
  onElement((random, [, name, attributes]) => `<${name}${attributes}>${oneOf(random, strange)}</${name}>`),
  onElement(() => ''),
  onElement((_random, [whole]) => whole + whole),
  onElement((random, [, name, , value], text) => {
    const other = oneOf(random, elements(text))[1];
    return `<${other}>${value}</${name === other ? name : other}>`;
  }),
  onElement((random, [, name, , value], text) => {
    const other = oneOf(random, elements(text))[3];
    return `<${name}>${other}</${name}><${name}>${value}</${name}>`;
  }),
  onElement((_random, [, name, , value]) => `<${name}><${name}>${value}</${name}></${name}>`),
  onElement((_random, [, name, , value]) => `<${name} a="1" a="2">${value}</${name}>`),
  onElement((_random, [, name, , value]) => `<x:${name} xmlns:x="urn:x">${value}</x:${name}>`),
  onElement((random, [, name, , value]) => {
    const deep = 1 + Math.floor(random() * 3000);
    return `${`<${name}>`.repeat(deep)}${value}${`</${name}>`.repeat(deep)}`;
  }),
  onElement((_random, [, name, , value]) => `<${name}>${[...(value ?? '')].reverse().join('')}</${name}>`),
  (random, bytes) => {
    const text = bytes.toString('utf8');
    const place = at(random, text.length);
    return Buffer.from(text.slice(0, place) + oneOf(random, strange) + text.slice(place), 'utf8');
  },
  (random, bytes) => {
    const text = bytes.toString('utf8').replace(/^<\?xml[^>]*>/, '');
    return Buffer.from(oneOf(random, doctypes) + text, 'utf8');
  },
  (random, bytes) => {
    const text = bytes.toString('utf8');
    return Buffer.from(
      text.replace(/(xmlns[^=]*=")[^"]*/, `$1${oneOf(random, ['', 'urn:other', 'http://x'])}`),
      'utf8',
    );
  },
  (random, bytes) => {
    const digits = [...bytes.toString('utf8').matchAll(/\d+/g)];
    if (digits.length === 0) return bytes;
    const { index = 0, 0: found } = oneOf(random, digits);
    const text = bytes.toString('utf8');
    return Buffer.from(text.slice(0, index) + oneOf(random, strange) + text.slice(index + found.length), 'utf8');
  },
];

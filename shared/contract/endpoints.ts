import { z } from 'zod';
import { carryCiphers } from '../sync/carry.ts';
import { fieldRules, limitSettings, proxySettings, tlsSettings, transportKinds } from '../sync/endpoint-settings.ts';
import { fileToken, findingSchema, isoInstant } from './common.ts';
import { documentFilter, documentKind } from './filing.ts';
import { command, job, query } from './operation.ts';

/** Endpoint profiles (通道), where drafts go, and files carried by hand. */

export const endpointView = z.object({
  id: z.string(),
  name: z.string(),
  transport: z.enum(transportKinds),
  /** Empty for folders and files. */
  url: z.string(),
  /** The practice platform of this desk, which is started and stopped by itself. */
  isDeskPractice: z.boolean(),
  /** Whether nothing has any effect there; missing before the first contact. */
  practice: z.boolean().optional(),
  isCurrent: z.boolean(),
  enrolled: z.boolean(),
  lastContactAt: isoInstant.optional(),
  queued: z.number().int(),
  /** Handed out, under way, or with a lost answer. */
  unknown: z.number().int(),
  proxy: proxySettings,
  hasProxyPassword: z.boolean(),
  tls: tlsSettings.omit({ ca: true }),
  /** Who the authority's certificate names, and until when; missing when none was entered. */
  ca: z.object({ subject: z.string(), validTo: z.string() }).optional(),
  /** Names of the folders, without the way to them. */
  folders: z
    .object({ outBox: z.string(), sentBox: z.string(), failBox: z.string(), inBox: z.string(), movesRead: z.boolean() })
    .optional(),
  carry: z.object({ recipientKey: z.string(), signerKey: z.string(), cipher: z.enum(carryCiphers) }),
  /** As typed, and what holds in the end. */
  limits: limitSettings,
  takes: z.object({ kinds: z.array(z.string()), maxBytes: z.number().int(), maxDocuments: z.number().int() }),
  profile: z.string(),
  rules: fieldRules,
  signature: z.enum(['book', 'none']),
});
export type EndpointView = z.infer<typeof endpointView>;

export const endpointInput = z.object({
  /** Left out for a new one. */
  id: z.string().optional(),
  name: z.string().trim().min(1).max(60),
  transport: z.enum(transportKinds),
  url: z.string().max(500).default(''),
  proxy: proxySettings.default({ mode: 'system' }),
  /** Left out: as it is; empty: none. */
  proxyPassword: z.string().max(200).optional(),
  tls: z
    .object({ pin: z.string().max(200).default(''), minVersion: tlsSettings.shape.minVersion })
    .default({ pin: '', minVersion: 'TLSv1.2' }),
  /** A PEM file; left out: as it is. */
  caFile: fileToken.optional(),
  dropCa: z.boolean().default(false),
  /** The folder that holds OutBox, SentBox, FailBox and InBox; left out: as they are. */
  folderRoot: fileToken.optional(),
  movesRead: z.boolean().default(false),
  /** Folders and files cannot say it themselves. */
  practice: z.boolean().default(false),
  carry: z
    .object({
      recipientKey: z.string().trim().max(200).default(''),
      signerKey: z.string().trim().max(200).default(''),
      cipher: z.enum(carryCiphers).default('aes-256-gcm'),
    })
    .default({ recipientKey: '', signerKey: '', cipher: 'aes-256-gcm' }),
  limits: limitSettings.default({}),
  profile: z.string().max(60).default(''),
  rules: fieldRules.default({ required: [], maxLengths: [], allowed: [] }),
  signature: z.enum(['book', 'none']).default('book'),
});

/** A step of the diagnosis, in the order they are taken; `skipped` after one that failed. */
export const diagnosisStep = z.object({
  step: z.enum(['settings', 'proxy', 'name', 'connect', 'tls', 'health', 'side', 'enrolment', 'folders', 'keys']),
  state: z.enum(['ok', 'failed', 'skipped', 'none']),
  /** An error's code. */
  code: z.string().optional(),
  /** What was found: an address, a certificate, a name. */
  detail: z.string().optional(),
});
export type DiagnosisStep = z.infer<typeof diagnosisStep>;

export const endpoints = {
  'endpoints.list': query(
    z.object({}),
    z.object({
      endpoints: z.array(endpointView),
      profiles: z.array(z.object({ id: z.string(), titleZh: z.string(), titleEn: z.string() })),
      routes: z.array(z.object({ kind: documentKind, endpoint: z.string() })),
    }),
  ),
  /** Adds an endpoint or changes it. Where it leads is changed no more once it knows the device or holds messages. */
  'endpoints.save': command(endpointInput, endpointView),
  /** Takes it out of what is offered; messages it holds end there. */
  'endpoints.remove': command(z.object({ id: z.string() }), z.object({})),
  /** Makes it the one that drafts without a target go to. */
  'endpoints.choose': command(z.object({ id: z.string() }), endpointView),
  /** Where documents of a kind go that have no target of their own; without an endpoint: to the one in use. */
  'endpoints.route': command(z.object({ kind: documentKind, endpoint: z.string().optional() }), z.object({})),
  /** Tries the way step by step and says where it ends. Nothing is enrolled or sent. */
  'endpoints.test': job(
    z.object({ id: z.string() }),
    z.object({ steps: z.array(diagnosisStep), via: z.string().optional() }),
  ),
  /** Where a draft goes, and whether that was chosen for it. */
  'documents.target': query(
    z.object({ id: z.number().int() }),
    z.object({ chosen: z.string().optional(), endpoint: z.string().optional(), name: z.string().optional() }),
  ),
  /** Sends drafts somewhere else and checks them by what that endpoint asks for. Says what is new and what is gone. */
  'documents.setTarget': job(
    documentFilter.extend({ ids: z.array(z.number().int()).max(5000).optional(), endpoint: z.string().optional() }),
    z.object({
      documents: z.number().int(),
      clean: z.number().int(),
      changes: z.array(
        z.object({
          id: z.number().int(),
          kind: documentKind,
          businessKey: z.string(),
          added: z.array(findingSchema),
          resolved: z.array(findingSchema),
        }),
      ),
    }),
  ),
  /** Writes what is queued for an endpoint, and what was handed out before and has no receipt, to a file for a USB stick. */
  'carry.export': command(
    z.object({
      endpoint: z.string().optional(),
      to: fileToken,
      /** For an endpoint whose key is not known. */
      passphrase: z.string().min(10).max(200).optional(),
    }),
    z.object({
      messages: z.number().int(),
      again: z.number().int(),
      /** Left out: they do not pass the check with the tables and rules in force. */
      unfit: z.number().int(),
      bytes: z.number().int(),
    }),
  ),
  /** Takes a file of receipts, or a single receipt as XML. */
  'carry.import': command(
    z.object({ file: fileToken }),
    z.object({
      stored: z.number().int(),
      refused: z.number().int(),
      /** Of which the platform holds something else; a person has to choose. */
      disputed: z.number().int(),
      receipts: z.number().int(),
      /** Of the receipts, those the book had already. */
      known: z.number().int(),
      /** About messages that are none of this book. */
      foreign: z.number().int(),
    }),
  ),
  /** A person has made sure that a message put into OutBox was never sent: it may be put there once more. */
  'outbox.neverSent': command(z.object({ guid: z.string() }), z.object({})),
} as const;

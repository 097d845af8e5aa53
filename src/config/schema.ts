import * as z from 'zod';
import { LOG_LEVELS } from '../core/logger.ts';
import { ipRange } from '../policies/ip-filter.ts';
import { createRoutingSettings } from '../routing/routing-settings.ts';
import { apiKeySchema, groupSchema } from './api-key-schema.ts';
import { byteSize } from './byte-size.ts';
import { duration, timerDuration } from './duration.ts';
import { modelSchema, policiesSchema, variantSchema } from './model-schema.ts';
import { plainHost } from './plain-host.ts';
import { DEFAULT_LEDGER_PATH } from './plain-ledger-path.ts';
import { providerSchema } from './provider-schema.ts';
import { secretText } from './secret-text.ts';

// Compiling validators costs more than a config's one parse saves.
z.config({ jitless: true });

const serverSchema = z.strictObject({
  host: z
    .string()
    .min(1)
    .transform(plainHost)
    .prefault('127.0.0.1')
    .describe('Address to listen on.'),
  port: z.int().min(0).max(65_535).default(4356).describe('Port to listen on; 0 = any free one.'),
  workers: z
    .union([z.int().min(1).max(256), z.literal('auto')])
    .default(1)
    .describe('Processes that answer calls; auto = one for each processor core.'),
  max_body: byteSize.prefault('64mb').describe('Largest request body.'),
  trust_proxy: z.array(ipRange).default([]).describe('Proxies whose X-Forwarded-For is believed.'),
  allowed_origins: z.array(z.string()).default([]).describe('Browser origins that may call.'),
  shutdown_grace: timerDuration.prefault('30s').describe('How long calls may finish on shutdown.'),
  list_aliases: z.boolean().default(false).describe('Whether /v1/models shows aliases.'),
});

const logSchema = z.strictObject({
  level: z.enum(LOG_LEVELS).default('info').describe('The least important lines to write.'),
  format: z
    .enum(['auto', 'pretty', 'json'])
    .default('auto')
    .describe('auto = pretty on a terminal, JSON otherwise.'),
  calls: z
    .union([z.boolean(), z.literal('auto')])
    .default('auto')
    .describe('A line at level info for each call; auto = where the format is pretty.'),
});

const mediaSchema = z.strictObject({
  fetch: z
    .boolean()
    .default(true)
    .describe('Whether media given by address is fetched for APIs that take no addresses.'),
  max_size: byteSize.prefault('20mb').describe('Largest media of one call, all together.'),
  timeout: timerDuration.prefault('10s').describe('How long fetching it may take.'),
  max_redirects: z.int().min(0).default(3).describe('How often its server may point elsewhere.'),
  private_hosts: z
    .array(z.string().min(1))
    .default([])
    .describe('Hosts that are asked although their address is not public.'),
});

const usageSchema = z.strictObject({
  file: z.string().min(1).default(DEFAULT_LEDGER_PATH).describe('Where usage lines go.'),
  rotate: z
    .strictObject({
      max_size: byteSize.prefault('256mb').describe('A larger file is put aside.'),
      every: z.enum(['day', 'never']).default('day').describe('Also at midnight.'),
      keep: z.int().min(1).default(90).describe('How many files are kept.'),
    })
    .prefault({})
    .describe('When a new file begins.'),
  durability: z
    .enum(['os', 'disk', 'relaxed'])
    .default('os')
    .describe('os = in the kernel before the answer ends; disk = fsync; relaxed = batched.'),
  history: z.int().min(0).default(1000).describe('Lines held in memory for the history endpoint.'),
});

const encryptionSchema = z.strictObject({
  private_keys: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('PEM files by key id, to decrypt provider keys with.'),
});

const groups = z.record(z.string(), groupSchema).default({});

/** The whole config file. Every key is described, because the JSON Schema is made from this. */
export const configSchema = z.strictObject({
  server: serverSchema.prefault({}).describe('How clients reach the proxy.'),
  admin_key: secretText.optional().describe('Guards /metrics, /ui and the history of others.'),
  log: logSchema.prefault({}).describe('What is logged, and how.'),
  usage: usageSchema.prefault({}).describe('The ledger: one JSON line per call.'),
  routing: createRoutingSettings(duration, timerDuration)
    .prefault({})
    .describe('How endpoints are ordered.'),
  media: mediaSchema.prefault({}).describe('Media that a translation has to fetch.'),
  encryption: encryptionSchema.prefault({}).describe('For provider keys kept encrypted.'),
  policies: policiesSchema.default({}).describe('Limits over all calls together.'),
  providers: z.record(z.string(), providerSchema).default({}).describe('Upstream services.'),
  models: z.record(z.string(), modelSchema).default({}).describe('Names that clients ask for.'),
  variants: z
    .record(z.string(), variantSchema)
    .default({})
    .describe('Models again, under another name, price, policies and grants.'),
  model_alias: z
    .record(z.string(), z.string().min(1))
    .default({})
    .describe('Name → model, looked up first and never listed.'),
  api_keys: z
    .record(z.string(), apiKeySchema)
    .optional()
    .describe('Who may call. Absent = everyone on this machine.'),
  organisations: groups.describe('Limits of organisations.'),
  teams: groups.describe('Limits of teams.'),
  users: groups.describe('Limits of users.'),
});

/** A checked config, defaults filled in. It holds no secret in plain text. */
export type Config = z.output<typeof configSchema>;

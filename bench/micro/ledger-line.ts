import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { createTokenUsage } from '../../src/core/token-usage.ts';
import { toLedgerLine } from '../../src/usage/ledger-line.ts';
import { createLedgerWriter } from '../../src/usage/ledger-writer.ts';
import type { UsageRecord } from '../../src/usage/usage-record.ts';
import type { PieceGroup } from './piece.ts';

/** Writing the line of one governed call, against the stringify that it cannot do without. */
export function createLedgerGroup(): PieceGroup {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-bench-'));
  const place = {
    file: join(folder, 'usage.jsonl'),
    rotation: { maxBytes: Number.POSITIVE_INFINITY, every: 'never', keep: 1 },
    logger: silentLogger,
    clock: systemClock,
  } as const;
  const writer = createLedgerWriter(place);
  const record = createRecord();
  const line = toLedgerLine(record);
  const plain = JSON.parse(line);
  return {
    name: 'ledger',
    title: `Line of the ledger, ${line.length} characters`,
    pieces: [
      {
        label: 'JSON.stringify of its fields',
        operations: 1,
        run: () => JSON.stringify(plain),
      },
      { label: 'toLedgerLine', operations: 1, run: () => toLedgerLine(record) },
      { label: 'write of it', operations: 1, run: () => writer.write(`${line}\n`, 1) },
    ],
    close: () => rmSync(folder, { recursive: true }),
  };
}

function createRecord(): UsageRecord {
  const usage = createTokenUsage();
  usage.tokens.inText = 212;
  usage.tokens.outText = 96;
  return {
    arrivedAt: 1_750_000_000_000,
    requestId: 'req_0b0e7a52-9d0a-4d4f-8f1e-0c8b6f2f8c11',
    configHash: '5b2c1a9e40d7',
    apiKey: 'client-a',
    organisation: 'acme',
    team: 'growth',
    user: 'ana',
    namespace: 'default',
    session: undefined,
    surface: 'openai',
    operation: 'chat',
    stream: false,
    requestedModel: 'fast',
    alias: 'fast',
    model: 'gpt-4o-client-a',
    variantOf: 'gpt-4o',
    slug: 'gpt-4o-2024-11-20',
    provider: 'openai',
    providerKey: 'production',
    routingProfile: 'balanced',
    discount: false,
    httpStatus: 200,
    errorCode: undefined,
    latencyMs: 812.4,
    ttftMs: undefined,
    usage,
    usageSource: 'reported',
    held: undefined,
    costNanoUsd: 1_490_000n,
    costReason: undefined,
    billing: [
      ['input_text', 530_000n],
      ['output_text', 960_000n],
    ],
    providerUsage: '{"prompt_tokens":212,"completion_tokens":96,"total_tokens":308}',
    providerRequestId: 'req_9f8e7d6c5b4a',
    pinned: undefined,
    attemptEndsMs: [],
    attempts: [
      {
        model: 'gpt-4o',
        provider: 'openai',
        slug: 'gpt-4o-2024-11-20',
        key: 'default',
        status: 200,
        error: undefined,
        ms: 811,
      },
    ],
    clientIp: '127.0.0.1',
  };
}

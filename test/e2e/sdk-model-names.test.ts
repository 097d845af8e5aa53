import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { startProxy } from '../support/start-proxy.ts';

const apiKey = 'sk-ana-of-this-proxy';

function start(t: TestContext) {
  const simulated = { provider: 'simulator', slug: 'sim' };
  return startProxy(t, {
    providers: { simulator: { type: 'MOCK' } },
    models: { m: simulated, 'team/m': simulated, 'llama3:8b': simulated },
    model_alias: { quick: 'm:latency' },
    api_keys: { ana: { key: apiKey, models: ['*'] } },
  });
}

/** Requested name → the record and the profile that it stands for. */
const NAMES: [requested: string, model: string, profile: string, alias?: string][] = [
  ['m', 'm', 'balanced'],
  ['m:cost', 'm', 'cost'],
  ['team/m', 'team/m', 'balanced'],
  ['team/m:throughput', 'team/m', 'throughput'],
  ['llama3:8b', 'llama3:8b', 'balanced'],
  ['llama3:8b:cost', 'llama3:8b', 'cost'],
  ['quick', 'm', 'latency', 'quick'],
  ['quick:cost', 'm', 'cost', 'quick'],
  ['simulator:m', 'm', 'balanced'],
];

const content = 'Hello';
const messages = [{ role: 'user' as const, content }];

type Ask = (url: string, model: string) => Promise<unknown>;

const openai = (url: string) => new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
const anthropic = (url: string) => new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });
const google = (apiVersion: string) => (url: string) =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url, apiVersion } });

const CLIENTS: Record<string, Ask> = {
  'RES-1: the OpenAI SDK on Chat Completions': (url, model) =>
    openai(url).chat.completions.create({ model, messages }),
  'RES-1: the OpenAI SDK on Responses': (url, model) =>
    openai(url).responses.create({ model, input: content }),
  'RES-1: the Anthropic SDK': (url, model) =>
    anthropic(url).messages.create({ model, messages, max_tokens: 50 }),
  'RES-5: the Google SDK under /v1beta': (url, model) =>
    google('v1beta')(url).models.generateContent({ model, contents: content }),
  'RES-5: the Google SDK under /v1': (url, model) =>
    google('v1')(url).models.generateContent({ model, contents: content }),
};

describe('model names of real clients', () => {
  for (const [client, ask] of Object.entries(CLIENTS)) {
    test(`${client} asks by name, suffix, alias and pin`, async (t) => {
      const proxy = await start(t);
      for (const [requested] of NAMES) await ask(proxy.url, requested);
      const lines = await proxy.ledger();
      assert.deepEqual(
        lines.map((line) => [
          line['requested_model'],
          line['model'],
          line['routing_profile'],
          ...(line['alias'] === undefined ? [] : [line['alias']]),
        ]),
        NAMES,
      );
    });

    test(`${client} learns of an unknown name by its own kind of error`, async (t) => {
      const { url } = await start(t);
      await assert.rejects(ask(url, 'm:fast'), (error) => {
        assert.ok(error instanceof Error && 'status' in error);
        assert.equal(error.status, 404);
        assert.match(error.message, /m:fast/);
        return true;
      });
    });
  }
});

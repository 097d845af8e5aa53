import { GatewayError } from '../../src/core/gateway-error.ts';
import type { DialectId } from '../../src/dialects/dialect.ts';
import { dialects } from '../../src/dialects/dialects.ts';
import type { ChatRequest } from '../../src/dialects/ir/chat-request.ts';
import { inlineMediaUrls, listMediaUrls } from '../../src/dialects/ir/media-urls.ts';
import { createLosses } from '../../src/dialects/losses.ts';
import { capsOf, familyOf } from '../../src/dialects/model-caps.ts';
import { CASES, QUESTIONS, type TranslationCase } from './translation-cases.ts';

/** A model of each dialect that the tables are made for, and the dialect's name. */
const TARGETS: Readonly<Record<DialectId, { model: string; name: string }>> = {
  'openai-chat': { model: 'gpt-4.1', name: 'Chat completions' },
  'openai-responses': { model: 'gpt-5.4', name: 'Responses' },
  'anthropic-messages': { model: 'claude-sonnet-4-6', name: 'Messages' },
  'google-generate-content': { model: 'gemini-3-pro-preview', name: 'Gemini' },
};

const DIALECT_IDS = Object.keys(TARGETS) as DialectId[];

/** One table a surface: what becomes of each thing that its clients ask for, on each other dialect. */
export function translationTables(): string {
  return DIALECT_IDS.map(tableOf).join('\n\n');
}

function tableOf(surface: DialectId): string {
  const others = DIALECT_IDS.filter((id) => id !== surface);
  const heads = others.map((id) => `to ${TARGETS[id].name} (\`${TARGETS[id].model}\`)`);
  const rows = CASES[surface].map((each) =>
    [each.about, ...others.map((upstream) => outcomeOf(each, surface, upstream))].join(' | '),
  );
  return [
    `### From ${TARGETS[surface].name}`,
    '',
    `| a client asks for | ${heads.join(' | ')} |`,
    `|---|${others.map(() => '---|').join('')}`,
    ...rows.map((row) => `| ${row} |`),
  ].join('\n');
}

function outcomeOf({ body }: TranslationCase, surface: DialectId, upstream: DialectId): string {
  const plain = encode(QUESTIONS[surface], surface, upstream);
  try {
    const { isFetched, warnings } = encode({ ...QUESTIONS[surface], ...body }, surface, upstream);
    const losses = warnings.filter((each) => !plain.warnings.includes(each)).map(describeLoss);
    if (isFetched) losses.unshift('fetched, sent inline');
    return losses.length === 0 ? 'kept' : losses.join(', ');
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return `refused: \`${error.code}\``;
  }
}

/** `dropped;field=seed` in words. */
function describeLoss(warning: string): string {
  const [code = '', field = ''] = warning.split(';field=');
  return `${code.replaceAll('_', ' ')}: \`${field}\``;
}

function encode(body: object, surface: DialectId, upstream: DialectId) {
  const { model } = TARGETS[upstream];
  const { fieldNames } = dialects[surface];
  const losses = createLosses({ isStrict: false, model, dialect: upstream, fieldNames });
  const decoded = dialects[surface].decodeRequest({ ...body }, { stream: false });
  const { chat, isFetched } = fetchFor({ ...decoded, model }, upstream);
  dialects[upstream].encodeRequest(chat, {
    model,
    caps: capsOf(upstream, model, undefined),
    family: familyOf(model),
    losses,
  });
  return { warnings: losses.warnings, isFetched };
}

/** As a proxy would: whatever has to be in the request itself is there. */
function fetchFor(chat: ChatRequest, upstream: DialectId) {
  const urls = listMediaUrls(chat, dialects[upstream].takesUrl);
  const found = new Map(
    urls.map((url) => {
      const mime = url.endsWith('.pdf') ? 'application/pdf' : 'image/png';
      return [url, { mime, bytes: Buffer.from('content') }];
    }),
  );
  return { chat: inlineMediaUrls(chat, found), isFetched: urls.length > 0 };
}

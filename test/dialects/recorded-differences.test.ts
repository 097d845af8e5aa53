import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isObject } from '../../src/dialects/json-object.ts';
import { stringifyWire } from '../../src/dialects/raw-json.ts';
import {
  type RecordedTranslation,
  recordedTranslations,
  translateAnswer,
  translateRecorded,
} from '../support/recorded-translations.ts';

/** Why ours is another than lingua's translation: between which APIs, at which path. */
type Reason = readonly [pair: RegExp, path: RegExp, why: string];

const REQUEST_REASONS: readonly Reason[] = [
  [/to_google/, /^model$/, 'the path names the model'],
  [/./, /^(messages|input)\[\]\.content$/, 'words alone are a text, or a list of one part'],
  [/to_anthropic/, /^system$/, 'instructions are a list, for marks; lingua loses Google’s'],
  [/google_to_chat/, /^messages$/, 'lingua loses Google’s instructions'],
  [/to_responses/, /^(instructions|input)$/, 'leading instructions have a field of their own'],
  [/to_(chat|responses)/, /\.role$/, 'OpenAI’s models know the developer role'],
  [/anthropic_to_google/, /^contents$/, 'results stand before the words of their turn, in one'],
  [/responses_to_google/, /^contents$/, 'a search of the client’s tools is a call like others'],
  [/to_responses/, /^(metadata|safety_identifier)$/, 'a user id is no label, but the end user'],
  [/to_anthropic/, /^max_tokens$/, 'more room than 4,096, and thinking has a part of its own'],
  [/to_chat/, /^max_completion_tokens$/, 'a limit is the client’s, however small'],
  [/to_anthropic/, /^service_tier$/, 'the default tier is the standard one'],
  [/to_google/, /^serviceTier$/, 'Gemini has tiers'],
  [/to_responses/, /^(store|include)$/, 'nothing is stored, so reasoning comes encrypted'],
  [/to_responses/, /detail$/, 'the API wants a detail'],
  [
    /to_responses/,
    /^input\[\]\.(status|name)$/,
    'an item of the past has no status, an output no name',
  ],
  [/./, /strict$/, 'strict is what the client said, and Responses takes silence for it'],
  [/google_to/, /additionalProperties$/, 'a schema that is not strict is as the client wrote it'],
  [/google_to/, /exclusiveMinimum$/, 'every JSON Schema has it'],
  [/to_google/, /properties\.\w+\.description$/, 'what Gemini does not check, the model is told'],
  [/to_google/, /responseJsonSchema\.title$/, 'Gemini’s schema has no name of its own'],
  [/anthropic_to_google/, /parametersJsonSchema$/, 'a tool without arguments has no schema'],
  [/to_google/, /^toolConfig$/, 'strict tools are checked'],
  [/./, /reasoning|thinking/i, 'thought about and shown as the client asked, in the model’s words'],
  [/to_google/, /thoughtSignature$/, 'a made-up signature is none; the bypass is'],
  [/./, /(call_id|tool_use_id|\.id)$/, 'Google’s ids go on, and are made where it gave none'],
  [/google_to/, /(\.output|\]\.content)$/, 'the member `output` is the result, not part of it'],
  [/chat-completions_to_google/, /^generationConfig$/, 'Gemini has log probabilities'],
  [/google_to_chat/, /^seed$/, 'chat completions have a seed'],
  [/to_anthropic/, /^(tools\[\]|tool_choice)\.(name|description)$/, 'tools of ours have our names'],
  [/anthropic_to_google/, /^tools$/, 'a text editor is a function where it is not known'],
  [
    /responses_to_google/,
    /^tools$/,
    'free text and searches are functions where there are no others',
  ],
  [/anthropic_to_responses/, /^tools$/, 'a search is left out, its tools are all there'],
  [
    /responses_to_anthropic/,
    /^(tools\[\]|messages\[\]\.content$)/,
    'Responses’ search is not Anthropic’s',
  ],
];

const ANSWER_REASONS: readonly Reason[] = [
  [/./, /(^|\.)(id|call_id|tool_use_id|responseId)$/, 'the provider’s own id, or one that is made'],
  [/./, /^(created|created_at|completed_at)$/, 'the provider’s own time, or now'],
  [
    /^responses/,
    /^(access_programs|background|instructions|max_\w+|metadata)$/,
    'settings are echoed',
  ],
  [
    /^responses/,
    /^(parallel_tool_calls|previous_\w+|prompt_cache\w+|reasoning)$/,
    'settings are echoed',
  ],
  [
    /^responses/,
    /^(safety_identifier|store|temperature|text|tool_choice|tools)$/,
    'settings are echoed',
  ],
  [/^responses/, /^(top_logprobs|top_p|truncation|user)$/, 'settings are echoed'],
  [/^responses/, /^output_text$/, 'the SDK’s own member, not the API’s'],
  [/^responses/, /^(incomplete_details|output\[\]\.status)$/, 'a cut answer is incomplete'],
  [/^responses/, /logprobs$/, 'a part of text has a list of them'],
  [/^responses/, /^output\[\]\.(content|summary)$/, 'thoughts are shown to who asked for them'],
  [/^responses/, /^output(\[\]\.encrypted_content)?$/, 'state is sealed, in an item of its own'],
  [
    /^responses/,
    /^(arguments|status|usage|output)$/,
    'lingua lost the response around a custom call',
  ],
  [/./, /service_?tier$/i, 'the tier that was billed'],
  [/./, /^usage/, 'usage is told in full'],
  [/^anthropic/, /^content\[\]\.(signature|caller)$/, 'members that the API always has'],
  [
    /^anthropic/,
    /^content(\[\]\.|$)/,
    'state and searches are blocks of their own; nothing said is none',
  ],
  [/^chat/, /annotations$/, 'none are left out'],
  [/^chat/, /message\.(reasoning|reasoning_\w+)$/, 'reasoning_content and sealed details'],
  [
    /^chat/,
    /(extra_content|message\.content)$/,
    'Google’s own place for a signature; null beside calls',
  ],
  [/^google/, /^usageMetadata/, 'zeros are left out, details are told'],
  [/^google/, /thoughtSignature$/, 'state of others is sealed'],
  [/^google/, /groundingMetadata$/, 'searches are told as Google tells them'],
  [/^google/, /parts(\[\]\.thought)?$/, 'a thought without words or state is none'],
  [
    /to_anthropic/,
    /(tool_calls|functionCall|\.text|output\[\]\.\w+)$/,
    'the recorded JSON tool has another name',
  ],
];

const RECORDINGS = recordedTranslations().filter(({ recorded }) => recorded.client_response);

/** Paths at which the two say another thing; a member that is null is none. */
function differences(ours: unknown, theirs: unknown, path = ''): string[] {
  if (ours == null && theirs == null) return [];
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (ours.length !== theirs.length) return [path];
    return ours.flatMap((each, index) => differences(each, theirs[index], `${path}[]`));
  }
  if (isObject(ours) && isObject(theirs)) {
    const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
    return [...names].flatMap((name) =>
      differences(ours[name], theirs[name], path === '' ? name : `${path}.${name}`),
    );
  }
  return Object.is(ours, theirs) ? [] : [path];
}

/** Each difference that none of the reasons is for, and each reason that is for none. */
function unexplained(
  reasons: readonly Reason[],
  compare: (recording: RecordedTranslation) => string[],
): string[] {
  const used = new Set<Reason>();
  const open = RECORDINGS.flatMap((recording) =>
    compare(recording).flatMap((path) => {
      const matching = reasons.filter(([pair, at]) => pair.test(recording.pair) && at.test(path));
      for (const reason of matching) used.add(reason);
      return matching.length === 0 ? [`${recording.name}: ${path}`] : [];
    }),
  );
  const idle = reasons.filter((reason) => !used.has(reason)).map(([, , why]) => `no more: ${why}`);
  return [...open, ...idle];
}

/** Requests that are refused here differ altogether: recorded-translations.test.ts says why. */
function tryTranslating(recording: RecordedTranslation) {
  try {
    return translateRecorded(recording);
  } catch {
    return null;
  }
}

describe('lingua’s translations and ours', () => {
  test('every difference between the requests has a reason', () => {
    const open = unexplained(REQUEST_REASONS, (recording) => {
      const translated = tryTranslating(recording);
      return translated === null
        ? []
        : differences(plain(translated.sent), recording.recorded.upstream_request);
    });
    assert.deepEqual(open, []);
  });

  test('every difference between the answers has a reason', () => {
    const open = unexplained(ANSWER_REASONS, (recording) => {
      const translated = tryTranslating(recording);
      const { client_response, upstream_response } = recording.recorded;
      if (translated === null || upstream_response['error']) return [];
      const { written } = translateAnswer(recording, translated);
      return differences(plain(written), client_response);
    });
    assert.deepEqual(open, []);
  });
});

function plain(body: unknown): unknown {
  return JSON.parse(stringifyWire(body));
}

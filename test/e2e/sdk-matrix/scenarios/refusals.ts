import type { DialectId } from '../../../../src/dialects/dialect.ts';
import { ask } from '../question.ts';
import { CHAT, GEMINI, MESSAGES, ofEach, RESPONSES, type Scenario } from '../scenario.ts';

const REFUSAL = 'I cannot help with that.';

/**
 * Where an SDK finds the words of a refusal, by the provider that refused. Gemini's own reach nobody
 * but Anthropic's clients, which have a place for why an answer was filtered; its SDK has none.
 */
const REFUSED: Record<
  DialectId,
  { words: string[]; text?: string[]; finish: string | Record<DialectId, string> }
> = {
  [CHAT]: {
    words: [CHAT, RESPONSES, MESSAGES],
    finish: { ...ofEach('content_filter'), [CHAT]: 'stop' },
  },
  [RESPONSES]: {
    words: [CHAT, RESPONSES, MESSAGES],
    finish: { ...ofEach('completed'), [GEMINI]: 'content_filter' },
  },
  [MESSAGES]: {
    words: [CHAT, RESPONSES, MESSAGES, GEMINI],
    text: [CHAT, RESPONSES],
    finish: 'refusal',
  },
  [GEMINI]: { words: [], text: [CHAT, RESPONSES], finish: 'SAFETY' },
};

/** Questions that get no answer. */
export const REFUSALS: Record<string, Scenario> = {
  'a refusal': {
    question: { turns: ask(`Help me rob a bank. [[refuse ${REFUSAL}]]`) },
    expected: ({ surface, upstream }) => {
      const { words, text = [], finish } = REFUSED[surface];
      return {
        answer: {
          refusal: words.includes(upstream) ? REFUSAL : '',
          text: text.includes(upstream) ? REFUSAL : '',
          finish: typeof finish === 'string' ? finish : finish[upstream],
        },
      };
    },
  },
  'a call that the provider refuses': {
    slug: (pair) => `refusing-${pair.surface}-${pair.stream}`,
    question: { turns: ask('[[fault status=400]]') },
    expected: { error: { status: 400, message: /This failure was asked for/ } },
  },
  'a provider that asks for patience': {
    slug: (pair) => `patient-${pair.surface}-${pair.stream}`,
    question: { turns: ask('[[fault status=429]]') },
    expected: { error: { status: 429, message: /This failure was asked for/ } },
  },
  'a provider that is down': {
    slug: (pair) => `down-${pair.surface}-${pair.stream}`,
    question: { turns: ask('[[fault status=503]]') },
    expected: { error: { status: 503, message: /This failure was asked for/ } },
  },
  'an error where an answer should be': {
    slug: (pair) => `failing-${pair.surface}-${pair.stream}`,
    question: { turns: ask('[[fault error_in_200]]') },
    expected: ({ surface, upstream }) => ({
      error: { status: failedStatus(surface, upstream), message: /This failure was asked for/ },
    }),
  },
  'a provider that hangs up': {
    slug: (pair) => `breaking-${pair.surface}-${pair.stream}`,
    question: { turns: ask('[[tokens 60]] [[fault truncate]]') },
    expected: ({ surface, stream }) => {
      // This SDK gives what there is of the answer, and says that it has failed.
      if (stream && surface === RESPONSES)
        return { answer: { finish: 'failed' }, source: 'partial' };
      const status = stream && surface !== GEMINI ? undefined : 502;
      return { error: { status, message: /closed the connection/, logged: stream ? 200 : 502 } };
    },
  },
};

/** OpenAI's word for it is a failed server, the others' an overloaded one; Anthropic has a status for that. */
function failedStatus(surface: DialectId, upstream: DialectId): number {
  if (upstream === CHAT || upstream === RESPONSES) return 502;
  return surface === MESSAGES && upstream === MESSAGES ? 529 : 503;
}

/**
 * How upstreams say that a conversation is longer than the model's window; only OpenAI has a code for it.
 * https://platform.openai.com/docs/guides/error-codes ·
 * https://platform.claude.com/docs/en/build-with-claude/context-windows ·
 * https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 */
const WORDS =
  /context_length_exceeded|prompt is too long|maximum context length|exceeds? (the )?context (limit|window|length)|input token count[^.]*exceeds the maximum/i;

/** Who says it says it in a sentence or two; in a long text the search would not end. */
const MAX_CHARACTERS = 4096;

/** True for the text of an error that is about the length of the conversation. */
export function isContextExceeded(text: string): boolean {
  return WORDS.test(text.slice(0, MAX_CHARACTERS));
}

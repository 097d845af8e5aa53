/** Enough to try one. */
const MAX_MODELS = 3;

/** What somebody who started the proxy needs to call it, in one line. */
export function composeGreeting({
  url,
  models,
}: {
  url: string;
  models: readonly string[];
}): string {
  const shown = models.slice(0, MAX_MODELS);
  const rest = models.length - shown.length;
  const names = [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
  return [
    `See calls at ${url}/ui`,
    `base URL ${url}/v1 for OpenAI clients, ${url} for Anthropic and Google clients`,
    `models: ${names || 'none'}`,
  ].join(' · ');
}

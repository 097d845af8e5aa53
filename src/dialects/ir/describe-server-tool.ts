import type { ServerToolBlock } from './chat-request.ts';

/**
 * The input and results of a provider's own tool as text, for a provider that did not run it; call and result
 * stay together.
 */
export function describeServerTool({ tool, query, results, output }: ServerToolBlock): string {
  const lines = results.map(({ title, url, text }) =>
    [`${title} ${url}`.trim(), text].filter(Boolean).join('\n'),
  );
  const heading = `[${tool.replaceAll('_', ' ')}: ${query}]`;
  return [heading, ...lines, output].filter((line) => line !== undefined).join('\n');
}

import type { ServerToolBlock } from './chat-request.ts';

/**
 * What a provider's own tool was asked and gave back, as a text for a provider that did not run it;
 * the pair is never torn apart.
 */
export function describeServerTool({ tool, query, results, output }: ServerToolBlock): string {
  const lines = results.map(({ title, url, text }) =>
    [`${title} ${url}`.trim(), text].filter(Boolean).join('\n'),
  );
  const heading = `[${tool.replaceAll('_', ' ')}: ${query}]`;
  return [heading, ...lines, output].filter((line) => line !== undefined).join('\n');
}

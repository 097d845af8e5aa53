import type { DialectId } from '../dialects/dialect.ts';
import { dialects } from '../dialects/dialects.ts';
import type { ChatRequest } from '../dialects/ir/chat-request.ts';
import { inlineMediaUrls, listMediaUrls } from '../dialects/ir/media-urls.ts';
import type { FetchedMedia } from '../upstream/media-client.ts';
import type { Call } from './call.ts';
import type { Runtime } from './runtime.ts';

/** What was fetched for a call, for the other endpoints that it may come to. */
export type MediaOfCall = Map<string, FetchedMedia>;

interface Inlining {
  call: Call;
  runtime: Runtime;
  media: MediaOfCall;
}

/**
 * The request as that dialect can say it: where it takes no URLs, with the media that is there.
 * A promise only where something has to be fetched.
 */
export function inlineMedia(
  chat: ChatRequest,
  dialect: DialectId,
  { call, runtime, media }: Inlining,
): ChatRequest | Promise<ChatRequest> {
  const { fetch, max_size, timeout, max_redirects, private_hosts } = runtime.mediaSettings;
  if (!fetch) return chat;
  const urls = listMediaUrls(chat, dialects[dialect].takesUrl);
  if (urls.length === 0) return chat;
  const missing = urls.filter((url) => !media.has(url));
  const limits = {
    maxBytes: max_size,
    timeoutMs: timeout,
    maxRedirects: max_redirects,
    privateHosts: private_hosts,
  };
  return runtime.media.fetchAll(missing, limits, call.departure).then((fetched) => {
    for (const [url, found] of fetched) media.set(url, found);
    return inlineMediaUrls(chat, media);
  });
}

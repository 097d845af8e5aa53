import { GatewayError } from '../../core/gateway-error.ts';
import type { MediaType } from '../dialect.ts';
import { sniffMime } from '../sniff-mime.ts';
import type { Block, ChatRequest, DocumentBlock, MediaBlock, MediaSource } from './chat-request.ts';

/** Media as it was found at its URL. */
export interface FoundMedia {
  /** The type that its server names; undefined if it names none. */
  mime: string | undefined;
  bytes: Buffer;
}

type Found = ReadonlyMap<string, FoundMedia>;

/** The URLs whose content has to be in the request itself. */
export function listMediaUrls(
  { turns }: ChatRequest,
  takesUrl: (type: MediaType, url: string) => boolean,
): string[] {
  const urls: string[] = [];
  const visit = (block: Block) => {
    if (block.type === 'tool_result') return block.content.forEach(visit);
    const url = webUrlOf(block);
    if (url !== null && !takesUrl(block.type as MediaType, url)) urls.push(url);
  };
  for (const { blocks } of turns) blocks.forEach(visit);
  return urls;
}

/** The request with the media that was found in place of its URLs; throws 400 for a type that cannot stand there. */
export function inlineMediaUrls(request: ChatRequest, found: Found): ChatRequest {
  const replace = <B extends Block>(block: B): B => {
    if (block.type === 'tool_result') return { ...block, content: block.content.map(replace) };
    const url = webUrlOf(block);
    const media = url === null ? undefined : found.get(url);
    if (url === null || media === undefined) return block;
    return { ...block, source: toSource(block as MediaBlock | DocumentBlock, url, media) };
  };
  const turns = request.turns.map((turn) => ({ ...turn, blocks: turn.blocks.map(replace) }));
  return { ...request, turns };
}

function webUrlOf(block: Block): string | null {
  if (!('source' in block) || block.source.kind !== 'url') return null;
  return /^https?:\/\//i.test(block.source.url) ? block.source.url : null;
}

/** The types that each kind of media may have. A page of HTML is a login or an error, whoever asked for it. */
const KINDS: Readonly<Record<MediaType, RegExp>> = {
  image: /^image\/(?!svg)/,
  audio: /^audio\//,
  video: /^video\//,
  document: /^(application\/pdf|text\/(?!html))/,
};

/** The type that servers send when they do not know it. */
const UNKNOWN = /^(application|binary)\/octet-stream$/;

function toSource(
  { type }: MediaBlock | DocumentBlock,
  url: string,
  { mime: told, bytes }: FoundMedia,
): MediaSource | { kind: 'text'; text: string } {
  const base64 = bytes.toString('base64');
  const mime = told === undefined || UNKNOWN.test(told) ? sniffMime(base64) : told;
  if (mime === undefined || !KINDS[type].test(mime)) {
    throw new GatewayError(
      'media_fetch_failed',
      `The media at ${url.split(/[?#]/)[0]} cannot be used as ${type}: its type is ${mime ?? 'unknown'}.`,
      { param: type },
    );
  }
  if (mime.startsWith('text/')) return { kind: 'text', text: bytes.toString('utf8') };
  return { kind: 'base64', mime, base64 };
}

import type { ServerToolBlock } from '../ir/chat-request.ts';
import { asObject, asObjects, asText, type JsonObject } from '../json-object.ts';

/** The call of a hosted tool in an item, with its result; null for other items. */
export function readServerTool(item: JsonObject): ServerToolBlock | null {
  const read = READERS[String(item['type'])];
  if (read === undefined) return null;
  return {
    type: 'server_tool',
    id: asText(item['id']) ?? '',
    results: [],
    output: undefined,
    native: { dialect: 'openai-responses', raw: [item] },
    ...read(item),
  };
}

type ReadItem = Pick<ServerToolBlock, 'tool' | 'query'> & Partial<ServerToolBlock>;

const READERS: Readonly<Record<string, (item: JsonObject) => ReadItem>> = {
  web_search_call: readWebSearch,
  code_interpreter_call: readCodeInterpreter,
};

function readWebSearch(item: JsonObject): ReadItem {
  const action = asObject(item['action']);
  const results = asObjects(action['sources']).flatMap((source) => {
    const url = asText(source['url']);
    return url === undefined ? [] : [{ title: asText(source['title']) ?? url, url }];
  });
  const query = asText(action['query']) ?? asText(action['url']) ?? asText(action['pattern']);
  return { tool: 'web_search', query: query ?? '', results };
}

function readCodeInterpreter(item: JsonObject): ReadItem {
  const logs = asObjects(item['outputs']).flatMap(({ logs }) => asText(logs) ?? []);
  return {
    tool: 'code',
    query: asText(item['code']) ?? '',
    output: logs.length === 0 ? undefined : logs.join('\n'),
  };
}

/** The members of an item that depend on its tool, and the events between its beginning and end. */
export interface ServerToolItem {
  type: 'web_search_call' | 'code_interpreter_call';
  fields: JsonObject;
  steps: readonly string[];
}

/** The item for a hosted tool's call; null for a tool that this API does not have. */
export function writeServerTool(block: ServerToolBlock): ServerToolItem | null {
  const item = WRITERS[block.tool]?.(block);
  if (item === undefined) return null;
  const { dialect, raw } = block.native;
  if (dialect !== 'openai-responses') return item;
  const { type: _type, id: _id, status: _status, ...fields } = asObject(raw[0]);
  return { ...item, fields };
}

const SEARCH_STEPS = ['in_progress', 'searching', 'completed'];
const CODE_STEPS = ['in_progress', 'interpreting', 'completed'];

const WRITERS: Readonly<Record<string, (block: ServerToolBlock) => ServerToolItem>> = {
  web_search: ({ query, results }) => {
    const sources = results.map(({ url }) => ({ type: 'url', url }));
    return webSearchItem({ type: 'search', query, sources });
  },
  web_fetch: ({ query }) => webSearchItem({ type: 'open_page', url: query }),
  code: ({ query, output }) => ({
    type: 'code_interpreter_call',
    fields: {
      code: query,
      container_id: '',
      outputs: output === undefined ? [] : [{ type: 'logs', logs: output }],
    },
    steps: CODE_STEPS,
  }),
};

function webSearchItem(action: JsonObject): ServerToolItem {
  return { type: 'web_search_call', fields: { action }, steps: SEARCH_STEPS };
}

import type { DialectId } from '../../src/dialects/dialect.ts';
import type { JsonObject } from '../../src/dialects/json-object.ts';

/** Something that a client can ask for, as an addition to a plain question. */
export interface TranslationCase {
  about: string;
  body: JsonObject;
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk';
const PDF = Buffer.from('%PDF-1.7').toString('base64');
const WEB = 'https://example.com';
const SCHEMA = {
  type: 'object',
  properties: { city: { type: 'string' } },
  required: ['city'],
  additionalProperties: false,
};
const STOPS = ['1', '2', '3', '4', '5', '6'];

const chatTool = { type: 'function', function: { name: 'look', parameters: SCHEMA } };
const responsesTool = { type: 'function', name: 'look', parameters: SCHEMA, strict: false };
const messagesTool = { name: 'look', input_schema: SCHEMA };
const googleTool = { functionDeclarations: [{ name: 'look', parametersJsonSchema: SCHEMA }] };

/** A plain question in each dialect. */
export const QUESTIONS: Readonly<Record<DialectId, JsonObject>> = {
  'openai-chat': { model: 'm', messages: [{ role: 'user', content: 'Hello' }] },
  'openai-responses': { model: 'm', input: [{ role: 'user', content: 'Hello' }] },
  'anthropic-messages': {
    model: 'm',
    max_tokens: 8_000,
    messages: [{ role: 'user', content: 'Hello' }],
  },
  'google-generate-content': { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
};

const chatParts = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const responsesParts = (...content: unknown[]) => ({ input: [{ role: 'user', content }] });
const messagesParts = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] });
const googleParts = (...parts: unknown[]) => ({ contents: [{ role: 'user', parts }] });

/** What clients of each dialect ask for, in the words of that dialect. */
export const CASES: Readonly<Record<DialectId, readonly TranslationCase[]>> = {
  'openai-chat': [
    {
      about: 'a system message at the start',
      body: {
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hello' },
        ],
      },
    },
    {
      about: 'a system message in the middle',
      body: {
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'Go on' },
        ],
      },
    },
    {
      about: 'an image by address',
      body: chatParts({ type: 'image_url', image_url: { url: `${WEB}/cat.png` } }),
    },
    {
      about: 'an image in base64',
      body: chatParts({ type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }),
    },
    {
      about: 'a PDF in base64',
      body: chatParts({
        type: 'file',
        file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
      }),
    },
    {
      about: 'audio',
      body: chatParts({ type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }),
    },
    { about: 'function tools', body: { tools: [chatTool] } },
    {
      about: 'two calls and their results',
      body: {
        tools: [chatTool],
        messages: [
          { role: 'user', content: 'Look' },
          {
            role: 'assistant',
            content: null,
            tool_calls: ['a', 'b'].map((id) => ({
              id: `call_${id}`,
              type: 'function',
              function: { name: 'look', arguments: '{"city":"Rome"}' },
            })),
          },
          { role: 'tool', tool_call_id: 'call_b', content: 'rain' },
          { role: 'tool', tool_call_id: 'call_a', content: 'sun' },
        ],
      },
    },
    {
      about: '`tool_choice: required`',
      body: { tools: [chatTool], tool_choice: 'required' },
    },
    {
      about: '`parallel_tool_calls: false`',
      body: { tools: [chatTool], parallel_tool_calls: false },
    },
    {
      about: 'a `custom` tool',
      body: { tools: [{ type: 'custom', custom: { name: 'run' } }] },
    },
    { about: '`web_search_options`', body: { web_search_options: {} } },
    { about: '`reasoning_effort`', body: { reasoning_effort: 'high' } },
    { about: '`response_format: json_object`', body: { response_format: { type: 'json_object' } } },
    {
      about: '`response_format: json_schema`',
      body: {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'city', schema: SCHEMA, strict: true },
        },
      },
    },
    { about: '`max_completion_tokens`', body: { max_completion_tokens: 500 } },
    { about: '`temperature`', body: { temperature: 0.5 } },
    { about: '`top_p`', body: { top_p: 0.9 } },
    { about: '`seed`', body: { seed: 7 } },
    { about: '`presence_penalty`', body: { presence_penalty: 0.5 } },
    { about: '`logit_bias`', body: { logit_bias: { 50256: -100 } } },
    { about: '`stop`', body: { stop: ['END'] } },
    { about: '`n: 2`', body: { n: 2 } },
    { about: '`logprobs`', body: { logprobs: true, top_logprobs: 2 } },
    { about: '`verbosity`', body: { verbosity: 'low' } },
    { about: '`user`', body: { user: 'ana' } },
    { about: '`metadata`', body: { metadata: { project: 'x' } } },
    { about: '`service_tier: flex`', body: { service_tier: 'flex' } },
    { about: '`prompt_cache_key`', body: { prompt_cache_key: 'k' } },
    { about: '`store: true`', body: { store: true } },
    { about: '`prediction`', body: { prediction: { type: 'content', content: 'x' } } },
    {
      about: 'audio as output',
      body: { modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'wav' } },
    },
  ],
  'openai-responses': [
    { about: '`instructions`', body: { instructions: 'Be kind.' } },
    {
      about: 'an image by address',
      body: responsesParts({ type: 'input_image', image_url: `${WEB}/cat.png`, detail: 'auto' }),
    },
    {
      about: 'a file by address',
      body: responsesParts({ type: 'input_file', file_url: `${WEB}/a.pdf` }),
    },
    { about: 'function tools', body: { tools: [responsesTool] } },
    {
      about: 'a call and its result',
      body: {
        tools: [responsesTool],
        input: [
          { role: 'user', content: 'Look' },
          { type: 'function_call', call_id: 'call_a', name: 'look', arguments: '{}' },
          { type: 'function_call_output', call_id: 'call_a', output: 'sun' },
        ],
      },
    },
    { about: 'a `custom` tool', body: { tools: [{ type: 'custom', name: 'run' }] } },
    { about: 'the `web_search` tool', body: { tools: [{ type: 'web_search' }] } },
    {
      about: 'the `code_interpreter` tool',
      body: { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] },
    },
    {
      about: '`tool_search` that the client runs',
      body: { tools: [{ type: 'tool_search', execution: 'client' }] },
    },
    {
      about: "OpenAI's own `tool_search` beside other tools",
      body: { tools: [responsesTool, { type: 'tool_search' }] },
    },
    {
      about: 'an `mcp` tool',
      body: { tools: [{ type: 'mcp', server_label: 's', server_url: WEB }] },
    },
    { about: '`reasoning`', body: { reasoning: { effort: 'high', summary: 'auto' } } },
    {
      about: '`text.format: json_schema`',
      body: { text: { format: { type: 'json_schema', name: 'city', schema: SCHEMA } } },
    },
    { about: '`max_output_tokens`', body: { max_output_tokens: 500 } },
    { about: '`temperature`', body: { temperature: 0.5 } },
    {
      about: 'logprobs',
      body: { include: ['message.output_text.logprobs'], top_logprobs: 2 },
    },
    { about: '`store: true`', body: { store: true } },
    { about: '`previous_response_id`', body: { previous_response_id: 'resp_1' } },
    { about: '`background: true`', body: { background: true } },
    { about: '`max_tool_calls`', body: { max_tool_calls: 3 } },
  ],
  'anthropic-messages': [
    { about: '`system`', body: { system: 'Be kind.' } },
    {
      about: '`cache_control`',
      body: {
        system: [{ type: 'text', text: 'Be kind.', cache_control: { type: 'ephemeral' } }],
      },
    },
    {
      about: 'a system message in the middle',
      body: {
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'system', content: 'Be brief.' },
        ],
      },
    },
    {
      about: 'an image by address',
      body: messagesParts({ type: 'image', source: { type: 'url', url: `${WEB}/cat.png` } }),
    },
    {
      about: 'a PDF by address',
      body: messagesParts({ type: 'document', source: { type: 'url', url: `${WEB}/a.pdf` } }),
    },
    {
      about: 'a PDF in base64',
      body: messagesParts({
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: PDF },
      }),
    },
    { about: 'tools', body: { tools: [messagesTool] } },
    {
      about: 'a tool result with an error and an image',
      body: {
        tools: [messagesTool],
        messages: [
          { role: 'user', content: 'Look' },
          {
            role: 'assistant',
            content: [{ type: 'tool_use', id: 'toolu_1', name: 'look', input: {} }],
          },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'toolu_1',
                is_error: true,
                content: [
                  { type: 'text', text: 'no light' },
                  {
                    type: 'image',
                    source: { type: 'base64', media_type: 'image/png', data: PNG },
                  },
                ],
              },
            ],
          },
        ],
      },
    },
    {
      about: 'a bash tool',
      body: { tools: [{ type: 'bash_20250124', name: 'bash' }] },
    },
    {
      about: 'the web search tool',
      body: { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
    },
    {
      about: 'the web fetch tool',
      body: { tools: [{ type: 'web_fetch_20250910', name: 'web_fetch' }] },
    },
    {
      about: 'the code execution tool',
      body: { tools: [{ type: 'code_execution_20250825', name: 'code_execution' }] },
    },
    {
      about: '`thinking: enabled`',
      body: { thinking: { type: 'enabled', budget_tokens: 4_000 } },
    },
    {
      about: '`thinking: adaptive` with an effort',
      body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    },
    {
      about: '`output_config.format`',
      body: { output_config: { format: { type: 'json_schema', schema: SCHEMA } } },
    },
    { about: '`temperature`', body: { temperature: 0.5 } },
    { about: '`top_k`', body: { top_k: 40 } },
    { about: '`stop_sequences`', body: { stop_sequences: ['END'] } },
    { about: 'six `stop_sequences`', body: { stop_sequences: STOPS } },
    { about: '`metadata.user_id`', body: { metadata: { user_id: 'ana' } } },
    {
      about: 'an answer to continue (prefill)',
      body: {
        messages: [
          { role: 'user', content: 'Hello' },
          { role: 'assistant', content: '{' },
        ],
      },
    },
    { about: '`mcp_servers`', body: { mcp_servers: [{ type: 'url', name: 's', url: WEB }] } },
    { about: '`container`', body: { container: 'c' } },
  ],
  'google-generate-content': [
    {
      about: '`systemInstruction`',
      body: { systemInstruction: { parts: [{ text: 'Be kind.' }] } },
    },
    {
      about: '`inlineData`',
      body: googleParts({ inlineData: { mimeType: 'image/png', data: PNG } }),
    },
    {
      about: '`fileData` of the web',
      body: googleParts({ fileData: { mimeType: 'image/png', fileUri: `${WEB}/cat.png` } }),
    },
    {
      about: '`fileData` of a bucket',
      body: googleParts({ fileData: { mimeType: 'image/png', fileUri: 'gs://b/cat.png' } }),
    },
    { about: '`functionDeclarations`', body: { tools: [googleTool] } },
    { about: '`googleSearch`', body: { tools: [{ googleSearch: {} }] } },
    { about: '`codeExecution`', body: { tools: [{ codeExecution: {} }] } },
    { about: '`urlContext`', body: { tools: [{ urlContext: {} }] } },
    {
      about: '`thinkingLevel`',
      body: { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' } } },
    },
    {
      about: '`thinkingBudget`',
      body: { generationConfig: { thinkingConfig: { thinkingBudget: 4_000 } } },
    },
    {
      about: '`responseJsonSchema`',
      body: {
        generationConfig: { responseMimeType: 'application/json', responseJsonSchema: SCHEMA },
      },
    },
    { about: '`temperature`', body: { generationConfig: { temperature: 0.5 } } },
    { about: '`topK`', body: { generationConfig: { topK: 40 } } },
    { about: '`seed`', body: { generationConfig: { seed: 7 } } },
    { about: '`stopSequences`', body: { generationConfig: { stopSequences: ['END'] } } },
    { about: '`candidateCount: 2`', body: { generationConfig: { candidateCount: 2 } } },
    {
      about: '`responseLogprobs`',
      body: { generationConfig: { responseLogprobs: true, logprobs: 2 } },
    },
    {
      about: '`safetySettings`',
      body: {
        safetySettings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
      },
    },
    { about: '`cachedContent`', body: { cachedContent: 'cachedContents/1' } },
    {
      about: 'images as output',
      body: { generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } },
    },
  ],
};

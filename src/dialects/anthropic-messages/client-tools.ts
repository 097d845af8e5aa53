import type { JsonObject } from '../json-object.ts';

/** Description and schema of a tool that Claude knows without being told. */
export interface KnownTool {
  description: string;
  parameters: JsonObject;
}

const text = (description: string) => ({ type: 'string', description });
const number = (description: string) => ({ type: 'integer', description });
const range = (description: string) => ({
  type: 'array',
  items: { type: 'integer' },
  minItems: 2,
  maxItems: 2,
  description,
});

function tool(description: string, properties: JsonObject, required: string[]): KnownTool {
  return { description, parameters: { type: 'object', properties, required } };
}

// https://platform.claude.com/docs/en/agents-and-tools/tool-use/bash-tool
const BASH = tool(
  'Runs a command in a bash session that persists between calls.',
  {
    command: text('The command to run. Required unless the session is restarted.'),
    restart: { type: 'boolean', description: 'True to restart the session.' },
  },
  [],
);

// https://platform.claude.com/docs/en/agents-and-tools/tool-use/text-editor-tool
const TEXT_EDITOR = tool(
  'Views, creates and edits text files.',
  {
    command: {
      type: 'string',
      enum: ['view', 'create', 'str_replace', 'insert', 'undo_edit'],
      description: 'What to do; `undo_edit` is not offered by every editor.',
    },
    path: text('Path of the file or directory.'),
    file_text: text('With `create`: the content of the new file.'),
    old_str: text('With `str_replace`: the text to replace, which must occur exactly once.'),
    new_str: text('With `str_replace`: the text to put in its place.'),
    insert_line: number('With `insert`: the line to insert after, 0 for the beginning.'),
    insert_text: text('With `insert`: the text to insert.'),
    view_range: range('With `view`: the first and the last line to show, -1 for the end.'),
  },
  ['command', 'path'],
);

// https://platform.claude.com/docs/en/agents-and-tools/tool-use/memory-tool
const MEMORY = tool(
  'Keeps notes in files under /memories that outlast the conversation.',
  {
    command: {
      type: 'string',
      enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'],
      description: 'What to do.',
    },
    path: text('Path of the file or directory, except with `rename`.'),
    file_text: text('With `create`: the content of the file.'),
    old_str: text('With `str_replace`: the text to replace.'),
    new_str: text('With `str_replace`: the text to put in its place.'),
    insert_line: number('With `insert`: the line to insert after, 0 for the beginning.'),
    insert_text: text('With `insert`: the text to insert.'),
    view_range: range('With `view`: the first and the last line to show.'),
    old_path: text('With `rename`: the path as it is.'),
    new_path: text('With `rename`: the path as it is to be.'),
  },
  ['command'],
);

const KNOWN: readonly (readonly [prefix: string, tool: KnownTool])[] = [
  ['bash_', BASH],
  ['text_editor_', TEXT_EDITOR],
  ['memory_', MEMORY],
];

/** The client-side tool behind a versioned type such as `bash_20250124`, if it is one. */
export function knownTool(type: string): KnownTool | undefined {
  return KNOWN.find(([prefix]) => type.startsWith(prefix))?.[1];
}

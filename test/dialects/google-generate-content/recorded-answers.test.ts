import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { googleGenerateContentDialect as dialect } from '../../../src/dialects/google-generate-content/dialect.ts';
import { readGenerateUsage } from '../../../src/dialects/google-generate-content/usage.ts';
import type { ChatResponse } from '../../../src/dialects/ir/chat-response.ts';
import { foldParts } from '../../../src/dialects/ir/fold-parts.ts';
import { asObject, asObjects, type JsonObject } from '../../../src/dialects/json-object.ts';
import { parseWire, stringifyWire } from '../../../src/dialects/raw-json.ts';
import { type Recording, recordings, streamEvents } from '../../support/recordings.ts';
import {
  answerSource,
  answerTarget,
  decodeStream,
  decodeWhole,
  encodeStream,
} from './google-kit.ts';

const answers = recordings().filter(
  ({ operation, status }) => /generate_content/.test(operation) && status === 200,
);

function partsOfRecording(recording: Recording) {
  if (recording.stream) return decodeStream(streamEvents(recording));
  return dialect.decodeResponse(parseWire(recording.bodyBytes), answerSource());
}

function piecesOf(recording: Recording): JsonObject[] {
  if (!recording.stream) return [asObject(JSON.parse(recording.bodyBytes.toString()))];
  return streamEvents(recording).map(({ data }) => asObject(JSON.parse(String(data))));
}

/** The parts of a recording, by the simplest reading. */
function simpleParts(recording: Recording): JsonObject[] {
  return piecesOf(recording).flatMap((piece) =>
    asObjects(piece['candidates']).flatMap((candidate) =>
      asObjects(asObject(candidate['content'])['parts']),
    ),
  );
}

function joinTexts(parts: JsonObject[], isThought: boolean): string {
  return parts
    .filter(({ thought }) => (thought === true) === isThought)
    .map(({ text }) => String(text ?? ''))
    .join('');
}

function foldedTexts({ choices }: ChatResponse, type: string): string {
  const blocks = choices[0]?.blocks ?? [];
  return blocks.flatMap(({ head, text }) => (head.type === type ? text : [])).join('');
}

describe('recorded Gemini answers', () => {
  for (const recording of answers) {
    test(`${recording.id} folds to what it says`, () => {
      const folded = foldParts(partsOfRecording(recording));
      const parts = simpleParts(recording);
      assert.equal(foldedTexts(folded, 'text'), joinTexts(parts, false));
      assert.equal(foldedTexts(folded, 'reasoning'), joinTexts(parts, true));

      const named = parts.filter(({ functionCall }) => asObject(functionCall)['name']);
      const calls = folded.choices[0]!.blocks.filter(({ head }) => head.type === 'tool_call');
      assert.deepEqual(
        calls.map(({ head }) => 'name' in head && head.name),
        named.map(({ functionCall }) => asObject(functionCall)['name']),
      );
      for (const [index, { text }] of calls.entries()) {
        const { args } = asObject(named[index]?.['functionCall']);
        if (args !== undefined) assert.deepEqual(JSON.parse(text), args);
      }

      const signatures = folded.choices[0]!.blocks.flatMap(
        ({ signature }) => signature?.value ?? [],
      );
      // State of code that Google ran stays inside its pair.
      const states = parts.flatMap(({ thoughtSignature, executableCode }) =>
        executableCode === undefined ? (thoughtSignature ?? []) : [],
      );
      assert.deepEqual(signatures, states);
      assert.deepEqual(folded.usage ?? null, usageOf(recording));
    });

    test(`${recording.id} comes to a Gemini client as it was, whole or streamed`, () => {
      const parts = partsOfRecording(recording);
      const whole = JSON.parse(
        stringifyWire(dialect.encodeResponse(foldParts(parts), answerTarget())),
      );
      const streamed = encodeStream(parts);
      assert.deepEqual(
        essence(foldParts(decodeStream(streamed))),
        essence(foldParts(decodeWhole(whole))),
      );
      assert.deepEqual(essence(foldParts(decodeWhole(whole))), essence(foldParts(parts)));
    });
  }
});

function usageOf(recording: Recording) {
  const usageMetadata: JsonObject = {};
  for (const piece of piecesOf(recording)) Object.assign(usageMetadata, piece['usageMetadata']);
  return readGenerateUsage({ usageMetadata });
}

/** What of an answer any way of writing it keeps. */
function essence({ choices, model }: ChatResponse) {
  return {
    model,
    choices: choices.map(({ blocks, finish: { reason } }) => ({
      reason,
      blocks: blocks.map(({ head, text, signature, citations }) => ({
        head,
        text,
        signature: signature?.value,
        citations: citations.map(({ start, end, url }) => `${start}-${end} ${url}`),
      })),
    })),
  };
}

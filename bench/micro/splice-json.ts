import { readMember, scanJson } from '../../src/dialects/scan-json.ts';
import { scanRequest } from '../../src/dialects/scan-request.ts';
import { applySplices, replaceMember } from '../../src/dialects/splice-json.ts';
import { chatBody } from '../chat-body.ts';
import type { PieceGroup } from './piece.ts';

const SLUG = 'vendor/some-model-2026';

/** Reading the model and putting the slug in its place, against a parse and a stringify. */
export const spliceGroups: readonly PieceGroup[] = [
  createGroup('splice-1k', '1 KB', 1024),
  createGroup('splice-100k', '100 KB', 100 * 1024),
  createGroup('splice-1m', '1 MB', 1024 * 1024),
];

function createGroup(name: string, size: string, bytes: number): PieceGroup {
  const body = chatBody({ model: 'bench', bytes, stream: false });
  return {
    name,
    title: `Slug in place of the model, ${size} body`,
    pieces: [
      {
        label: 'JSON.parse, set, stringify',
        operations: 1,
        run: () => {
          const parsed = JSON.parse(body.toString());
          parsed.model = SLUG;
          return Buffer.from(JSON.stringify(parsed));
        },
      },
      { label: 'JSON.parse alone', operations: 1, run: () => JSON.parse(body.toString()) },
      { label: 'scan', operations: 1, run: () => scanJson(body) },
      {
        label: 'scan, measure its text, look for state',
        operations: 1,
        run: () => scanRequest(body),
      },
      {
        label: 'scan, read model, splice',
        operations: 1,
        run: () => {
          const json = scanJson(body);
          readMember(body, json, 'model');
          return applySplices(body, replaceMember(json, 'model', JSON.stringify(SLUG)));
        },
      },
    ],
  };
}

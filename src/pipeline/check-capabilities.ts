import type { Model } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { findMember, findPath } from '../dialects/splice-json.ts';
import type { CallRequest } from './read-request.ts';

/** The parts of a message that hold an image, in any dialect: only structure has unescaped quotes. */
const IMAGE_PARTS =
  /"type"\s*:\s*"(image_url|input_image|image)"|"(inlineData|inline_data)"\s*:\s*\{[^{}]*"image\//;

/** Where a request says how much to think. */
const REASONING_FIELDS = [
  ['reasoning_effort'],
  ['reasoning'],
  ['thinking'],
  ['generationConfig', 'thinkingConfig'],
] as const;

/** What a request needs of its model, by the word that a model declares it with. */
const NEEDS: Readonly<Record<string, (request: CallRequest) => boolean>> = {
  vision: ({ body }) => IMAGE_PARTS.test(body.toString('latin1')),
  tool_use: ({ json }) => json !== null && findMember(json, 'tools') !== undefined,
  reasoning: ({ body, json }) =>
    json !== null && REASONING_FIELDS.some((path) => findPath(body, json, path) !== undefined),
};

/** Throws 400 for a need that the model declares others than, where the config says so (ROU-13). */
export function checkCapabilities(request: CallRequest, model: Model, isEnforced: boolean): void {
  if (!isEnforced || model.capabilities.length === 0) return;
  for (const [capability, isNeeded] of Object.entries(NEEDS)) {
    if (model.capabilities.includes(capability) || !isNeeded(request)) continue;
    throw new GatewayError(
      'unsupported_capability',
      `Model \`${model.name}\` declares no \`${capability}\`, which this request needs.`,
      { param: 'model' },
    );
  }
}

import type { Model } from '../catalog/catalog.ts';
import { GatewayError } from '../core/gateway-error.ts';
import { isObject } from '../dialects/json-object.ts';
import { findPath, parseSpan } from '../dialects/scan-json.ts';
import { type CallRequest, readField } from './read-request.ts';

/** The parts of a message that hold an image, in any dialect: only structure has unescaped quotes. */
const IMAGE_PARTS =
  /"type"\s*:\s*"(image_url|input_image|image)"|"(inlineData|inline_data|fileData|file_data)"\s*:\s*\{[^{}]*"image\//;

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
  tool_use: (request) => {
    const tools = readField(request, 'tools');
    return Array.isArray(tools) && tools.length > 0;
  },
  reasoning: ({ body, json }) =>
    REASONING_FIELDS.some((path) => {
      const member = json === null ? undefined : findPath(body, json, path);
      return member !== undefined && !isOff(parseSpan(body, member.value));
    }),
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

/** The ways in which clients say that a model is not to think. */
function isOff(reasoning: unknown): boolean {
  if (!isObject(reasoning)) return reasoning === null || reasoning === 'none';
  const { type, effort, enabled, thinkingBudget } = reasoning;
  return type === 'disabled' || effort === 'none' || enabled === false || thinkingBudget === 0;
}

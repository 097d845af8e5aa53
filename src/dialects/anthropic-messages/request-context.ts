import type { GatewayError } from '../../core/gateway-error.ts';
import type { EncodeTarget } from '../dialect.ts';
import type { ChatRequest } from '../ir/chat-request.ts';
import { createToolNames, type ToolNames } from '../tool-names.ts';

/** State that the writers of a request's parts share. */
export interface RequestContext extends EncodeTarget {
  names: ToolNames;
  /** The 400 for a field that this API cannot express. */
  refuse(field: string): GatewayError;
}

/** The context of one request; throws 400 if two tools have the same name. */
export function createRequestContext(request: ChatRequest, target: EncodeTarget): RequestContext {
  const declared = request.tools.flatMap((tool) => ('name' in tool ? tool.name : []));
  return {
    ...target,
    names: createToolNames('anthropic-messages', declared),
    refuse: target.losses.refuse,
  };
}

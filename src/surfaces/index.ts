import type { SurfaceId } from '../dialects/operation.ts';
import { anthropic } from './anthropic.ts';
import { google } from './google.ts';
import { openai } from './openai.ts';
import type { Surface } from './surface.ts';

/** Every API that clients may speak. The order is the one in which paths are tried. */
export const surfaces = { anthropic, google, openai } satisfies Record<SurfaceId, Surface>;

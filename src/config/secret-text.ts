import * as z from 'zod';
import { Secret } from '../secrets/secret.ts';

/** A credential in the config: text that leaves the schema as a `Secret`. */
export const secretText = z
  .string()
  .min(1)
  .transform((text) => new Secret(text));

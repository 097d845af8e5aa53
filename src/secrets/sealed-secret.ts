import { inspect } from 'node:util';
import type { Envelope } from './envelope.ts';

/** A credential that is kept encrypted; it prints as the name of the key that opens it. */
export class SealedSecret {
  readonly #envelope: Envelope;

  constructor(envelope: Envelope) {
    this.#envelope = envelope;
  }

  get envelope(): Envelope {
    return this.#envelope;
  }

  get preview(): string {
    return `encrypted (${this.#envelope.keyId})`;
  }

  toString(): string {
    return this.preview;
  }

  toJSON(): string {
    return this.preview;
  }

  [inspect.custom](): string {
    return `SealedSecret(${this.preview})`;
  }
}

import { createHash } from 'node:crypto';
import { inspect } from 'node:util';
import { previewOf } from './preview-of.ts';

/** A credential that prints as a preview wherever it is logged, serialised or inspected. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The credential itself, for the moment of use only. */
  reveal(): string {
    return this.#value;
  }

  get preview(): string {
    return previewOf(this.#value);
  }

  /** Hex SHA-256 of the credential, to compare two without showing them. */
  get digest(): string {
    return createHash('sha256').update(this.#value).digest('hex');
  }

  toString(): string {
    return this.preview;
  }

  toJSON(): string {
    return this.preview;
  }

  [inspect.custom](): string {
    return `Secret(${this.preview})`;
  }
}

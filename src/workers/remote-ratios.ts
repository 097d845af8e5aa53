import { createTokenRatios, type TokenRatios } from '../pipeline/token-ratios.ts';
import type { Link } from './link.ts';
import type { OwnerOperations, Weighed } from './operations.ts';

/** What usage has told of tokens, in every worker: each tells the others what it learns. */
export interface RemoteRatios extends TokenRatios {
  /** Another worker was asked for the counts of a model. */
  watch(model: string): void;
  /** Another worker has seen what a text was. */
  learn(weighed: Weighed): void;
}

/** Nothing is known yet. */
export function createRemoteRatios(owner: Link<OwnerOperations>): RemoteRatios {
  const own = createTokenRatios();
  return {
    bytesPerToken(model) {
      if (!own.isWatched(model)) owner.tell('watched', model);
      return own.bytesPerToken(model);
    },
    isWatched: own.isWatched,
    record(model, textBytes, tokens) {
      own.record(model, textBytes, tokens);
      owner.mention('weighed', { model, textBytes, tokens });
    },
    watch(model) {
      own.bytesPerToken(model);
    },
    learn: ({ model, textBytes, tokens }) => own.record(model, textBytes, tokens),
  };
}

import type { Environment } from '../config/env.ts';
import { STARTER_PROVIDERS, type StarterProvider } from './starter-providers.ts';

/** A provider of a first config, and the variable that holds its key. */
export interface ChosenProvider {
  provider: StarterProvider;
  keyVariable: string;
}

/** The providers whose variables are set; their values are not looked at. */
export function findProviders(environment: Environment): ChosenProvider[] {
  return STARTER_PROVIDERS.flatMap((provider): ChosenProvider[] => {
    const keyVariable = provider.keyVariables.find((variable) => environment[variable]);
    if (keyVariable === undefined) return [];
    const lacksUrl = provider.urlVariable !== undefined && !environment[provider.urlVariable];
    return lacksUrl ? [] : [{ provider, keyVariable }];
  });
}

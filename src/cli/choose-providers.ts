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

/** Why a provider is left out although the variable of its key is set. */
export function explainMissing(environment: Environment): string[] {
  const found = new Set(findProviders(environment).map(({ provider }) => provider));
  return STARTER_PROVIDERS.flatMap((provider) => {
    const { name, keyVariables, urlVariable } = provider;
    const variable = keyVariables.find((each) => environment[each]);
    if (variable === undefined || urlVariable === undefined || found.has(provider)) return [];
    return [`${name} is left out: ${variable} is set, but ${urlVariable} is not.`];
  });
}

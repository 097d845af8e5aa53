import type { ApiKeyConfig, GroupConfig } from '../config/api-key-schema.ts';
import type { Config } from '../config/schema.ts';
import { combineRules, compileRules, NO_RULES, type Rules } from '../policies/rules.ts';
import { GLOBAL_SCOPE, type Scope, type ScopeKind } from '../policies/scope.ts';

/** The rules of everybody who may call. */
export interface CallerRules {
  global: Rules;
  /** Of the groups, by section and name. */
  groups: readonly Rules[];
  /** All that an API key must pass: the global rules, those of its groups, its own. */
  ofKey(name: string, apiKey: ApiKeyConfig): Rules;
}

/** Compiles the rules of all callers; what several keys share is compiled once. */
export function compileCallerRules(config: Config): CallerRules {
  const global = compileRules(GLOBAL_SCOPE, { policies: config.policies });
  const organisations = compileGroups('organisation', 'organisations', config.organisations);
  const teams = compileGroups('team', 'teams', config.teams);
  const users = compileGroups('user', 'users', config.users);
  return {
    global,
    groups: [organisations, teams, users].flatMap((group) => [...group.values()]),
    ofKey(name, apiKey) {
      const scope: Scope = { kind: 'api_key', name, path: `api_keys.${name}` };
      return combineRules(
        global,
        organisations.get(apiKey.organisation ?? '') ?? NO_RULES,
        teams.get(apiKey.team ?? '') ?? NO_RULES,
        users.get(apiKey.user ?? '') ?? NO_RULES,
        compileRules(scope, { policies: apiKey.policies, lists: { ...apiKey } }),
      );
    },
  };
}

function compileGroups(
  kind: ScopeKind,
  section: string,
  groups: Readonly<Record<string, GroupConfig>>,
): Map<string, Rules> {
  return new Map(
    Object.entries(groups).map(([name, group]) => {
      const scope: Scope = { kind, name, path: `${section}.${name}` };
      return [name, compileRules(scope, { policies: group.policies, lists: { ...group } })];
    }),
  );
}

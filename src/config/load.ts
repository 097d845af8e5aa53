import { createHash } from 'node:crypto';
import { checkAliases } from './check-aliases.ts';
import { checkDurations } from './check-durations.ts';
import { checkForms } from './check-forms.ts';
import { checkNames } from './check-names.ts';
import { checkOrder } from './check-order.ts';
import { checkReferences } from './check-references.ts';
import { checkSchema } from './check-schema.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkUrls } from './check-urls.ts';
import type { ConfigTree } from './config-tree.ts';
import { type Environment, processEnvironment, substituteEnvironment } from './env.ts';
import { compareProblems, type Finding, formatPath, type Path, type Problem } from './finding.ts';
import { locate } from './locate.ts';
import { type ParsedYaml, parseYaml } from './parse-yaml.ts';
import { type Config, configSchema } from './schema.ts';
import { pathKey } from './tree.ts';

/** A config file as far as it could be understood. */
export interface LoadedConfig {
  /** Null when a problem is an error. */
  config: Config | null;
  /** First 12 hex characters of the SHA-256 of the text. */
  configHash: string;
  /** In the order of the file. */
  problems: Problem[];
  /** Places findings that others make about this config. */
  place(findings: readonly Finding[]): Problem[];
}

const CHECKS = [
  checkForms,
  checkNames,
  checkReferences,
  checkAliases,
  checkSecrets,
  checkUrls,
  checkDurations,
];

/**
 * Reads the text of a config file and reports everything that is wrong with it at once (CFG-2): the
 * checks run on whatever could be read, whether or not the rest of it is valid. Whoever has other work to do
 * parses the text before.
 */
export function loadConfig(
  text: string,
  environment: Environment = processEnvironment,
  yaml: ReturnType<typeof parseYaml> = parseYaml(text),
): LoadedConfig {
  const configHash = createHash('sha256').update(text).digest('hex').slice(0, 12);
  if ('problems' in yaml) return { config: null, configHash, place: () => [], ...yaml };
  const { tree, origins, aliasKeys, findings } = substituteEnvironment(
    yaml.tree,
    environment,
    text.length,
  );
  const place = createPlacer(yaml, aliasKeys);
  if (tree === undefined) return { config: null, configHash, problems: place(findings), place };
  const checked = checkSchema(configSchema, tree, origins);
  const configTree: ConfigTree = { tree, origins };
  const problems = place([
    ...findings,
    ...withoutConsequences(
      [
        ...('findings' in checked ? checked.findings : []),
        ...checkOrder(yaml, tree),
        ...CHECKS.flatMap((check) => check(configTree)),
      ],
      findings,
    ),
  ]);
  const isUsable = 'output' in checked && problems.every(({ severity }) => severity === 'warning');
  return { config: isUsable ? checked.output : null, configHash, problems, place };
}

/** Drops findings on a value that a missing variable already explains. */
function withoutConsequences(findings: Finding[], causes: readonly Finding[]): Finding[] {
  const broken = new Set(causes.map(({ path }) => pathKey(path)));
  return findings.filter(({ path }) => !broken.has(pathKey(path)));
}

function createPlacer(yaml: ParsedYaml, aliasKeys: ReadonlyMap<string, string>) {
  return (findings: readonly Finding[]): Problem[] =>
    findings
      .map(({ severity, path, at, message }) => {
        const written = asWritten(path, aliasKeys);
        return { severity, ...locate(yaml, written, at), path: formatPath(written), message };
      })
      .sort(compareProblems);
}

/** The path with an alias's name as the file has it, which may be a reference to a variable. */
function asWritten(path: Path, aliasKeys: ReadonlyMap<string, string>): Path {
  const [section, name, ...rest] = path;
  const written = section === 'model_alias' ? aliasKeys.get(String(name)) : undefined;
  return written === undefined ? path : ['model_alias', written, ...rest];
}

import { type Finding, keyWarning } from '../config/finding.ts';
import type { Config } from '../config/schema.ts';

/** What a config can do without, and its owner will miss. */
export function checkOmissions(config: Config): Finding[] {
  const findings: Finding[] = [];
  if (Object.keys(config.models).length === 0) {
    findings.push(keyWarning(['models'], 'there are none: every call will be 404'));
  }
  if (config.api_keys !== undefined && config.admin_key === undefined) {
    const message = 'there is no `admin_key`, so nobody may see /ui and /metrics';
    findings.push(keyWarning(['api_keys'], message));
  }
  return findings;
}

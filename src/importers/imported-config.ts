import type { Problem } from '../config/finding.ts';
import type { YamlValue } from './format-yaml.ts';

/** Another proxy's config translated to that of Signalbox. */
export interface ImportedConfig {
  /** Top-level blocks in the order of the file; null if no model could be imported. */
  blocks: Readonly<Record<string, YamlValue | undefined>> | null;
  /** Settings without a counterpart, with their place in the file that was read. */
  problems: Problem[];
}

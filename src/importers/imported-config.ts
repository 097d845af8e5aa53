import type { Problem } from '../config/finding.ts';
import type { YamlValue } from './format-yaml.ts';

/** What another proxy's config is in the words of Signalbox. */
export interface ImportedConfig {
  /** Top-level blocks in the order of the file; null where no model could be brought over. */
  blocks: Readonly<Record<string, YamlValue | undefined>> | null;
  /** What has no counterpart, by its place in the file that was read. */
  problems: Problem[];
}

import type { DialectId } from '../../src/dialects/dialect.ts';

/** What an agent is to do, and where. */
export interface Errand {
  /** The proxy. */
  url: string;
  /** The model to name. */
  model: string;
  prompt: string;
}

/** How a command line is started. */
export interface Start {
  args: string[];
  environment: Record<string, string>;
  /** Files that the agent reads its settings from, by their path in its home. */
  files?: Record<string, string>;
}

/** A coding agent that speaks one dialect; one with several is listed once for each. */
export interface Agent {
  /** The name to choose it by. */
  name: string;
  npmPackage: string;
  /** Its program in the folder of installed packages. */
  program: string;
  dialect: DialectId;
  /** Its shell tool, and the argument that takes the command. */
  shell: { tool: string; argument: string; more?: Record<string, string> };
  start(errand: Errand): Start;
}

import { createInterface } from 'node:readline';
import type { Terminal } from './ask-providers.ts';

/** A terminal that is asked line by line, until it is closed. */
export interface OpenTerminal extends Terminal {
  close(): void;
}

/** Ends the process where somebody types an end (^D) or an interrupt (^C) in place of an answer. */
export function openTerminal(): OpenTerminal {
  const { stdin: input, stderr: output } = process;
  const lines = createInterface({ input, output });
  // Whoever types ahead, or pastes, answers questions that are still to come.
  const typed: string[] = [];
  let answer: ((line: string) => void) | null = null;
  let isDone = false;
  lines.on('line', (line) => {
    if (answer === null) typed.push(line);
    else answer(line);
    answer = null;
  });
  lines.on('SIGINT', () => process.exit(130));
  lines.on('close', () => isDone || process.exit(1));
  return {
    async ask(question) {
      lines.setPrompt(question);
      lines.prompt();
      const line =
        typed.shift() ??
        (await new Promise<string>((resolve) => {
          answer = resolve;
        }));
      return line.trim();
    },
    tell: (line) => void output.write(`${line}\n`),
    close() {
      isDone = true;
      lines.close();
    },
  };
}

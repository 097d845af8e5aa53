import { text } from 'node:stream/consumers';

const ENDS = ['\r', '\n', '\u0004'];
const INTERRUPT = '\u0003';
const ERASE = ['\b', '\u007f'];

/**
 * One line from stdin without its line break, or null where it is no single line of text; typed on
 * a terminal it is not echoed.
 */
export async function readSecret(prompt: string): Promise<string | null> {
  const typed = process.stdin.isTTY ? await typeHidden(prompt) : await text(process.stdin);
  const secret = typed.replace(/\r?\n$/, '');
  return /^[\t\x20-\x7e]+$/.test(secret) ? secret : null;
}

function typeHidden(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  stderr.write(prompt);
  stdin.setEncoding('utf8').setRawMode(true).resume();
  return new Promise((resolve) => {
    let typed = '';
    const finish = () => {
      stdin.off('data', take).setRawMode(false).pause();
      stderr.write('\n');
    };
    const take = (keys: string) => {
      for (const key of keys) {
        if (key === INTERRUPT) {
          finish();
          process.exit(130);
        }
        if (ENDS.includes(key)) {
          finish();
          return resolve(typed);
        }
        typed = ERASE.includes(key) ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', take);
  });
}

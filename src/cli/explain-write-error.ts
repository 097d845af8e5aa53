import { dirname } from 'node:path';

/** Why a file cannot be written, in words, from what the system said. */
export function explainWriteError(file: string, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return `${file} cannot be written: ${reasonOf(code, dirname(file))}`;
}

function reasonOf(code: string, folder: string): string {
  switch (code) {
    case 'ENOENT':
      return `the folder ${folder} does not exist`;
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return `${folder} is no folder`;
    case 'EACCES':
    case 'EPERM':
      return `this user may not write in ${folder}`;
    default:
      return code;
  }
}

/** The usual ending of a file of each type that models read. */
const ENDINGS: Readonly<Record<string, string>> = {
  'application/pdf': 'pdf',
  'application/rtf': 'rtf',
  'application/json': 'json',
  'application/xml': 'xml',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'text/csv': 'csv',
  'text/html': 'html',
  'text/markdown': 'md',
  'text/plain': 'txt',
  'text/rtf': 'rtf',
};

/**
 * The file name of a document. OpenAI tells a file's type by the ending of its name, and refuses a name without
 * one; a title of another API is free text.
 */
export function documentName(title: string | undefined, mime: string): string {
  const name = title ?? 'document';
  const ending = ENDINGS[mime];
  if (ending === undefined || name.toLowerCase().endsWith(`.${ending}`)) return name;
  return `${name}.${ending}`;
}

/** The whole page as one HTML text. In the bundle the build puts the finished text in its place. */
export async function pageHtml(): Promise<string> {
  const { buildPage } = await import('../../scripts/build-page.ts');
  return (await buildPage()).html;
}

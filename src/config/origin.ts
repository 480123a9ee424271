/** Whether a text is an origin as browsers send it: scheme, host and port, without a path or a final slash. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

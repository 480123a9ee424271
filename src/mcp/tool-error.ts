/** A call of a tool cannot be carried out. The client gets the message as the result of the tool. */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}

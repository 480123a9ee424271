/** Types for tests. */
export function consoleFiles(root: string, end: string): string[];
export function generatedDocuments(root: string): string[];
export function generateDocuments(root: string): Promise<ReadonlyMap<string, string>>;

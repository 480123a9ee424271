import { diagnosePolicy, type PolicyDiagnostic } from '../../control-policies/index.ts';
import { isJsonObject, type JsonObject, parseJson } from '../../control-policies/json.ts';
import { CommandFailedError } from '../run.ts';
import { findFiles } from './find-files.ts';
import { typeOfPolicy } from './organization-file.ts';
import { createStatistics } from './policy-statistics.ts';
import { FileError, readText } from './read-document.ts';

/**
 * `orgql policies lint`: prints what AWS would reject in policy files and what is likely a mistake, and statistics.
 *
 * @throws {CommandFailedError} if AWS would reject a policy
 */
export async function lint(paths: readonly string[]): Promise<void> {
  const files = await findFiles(paths, ['.json']);
  const statistics = createStatistics();
  let found = 0;
  let others = 0;
  const counts = { ERROR: 0, WARNING: 0 };
  for (const { file } of files) {
    const text = await readText(file);
    const parsed = parseJson(text);
    const policy = parsed.ok ? findPolicy(parsed.value) : undefined;
    if (parsed.ok && policy === undefined) {
      others += 1;
      continue;
    }
    if (policy !== undefined && isResourceBased(policy)) {
      others += 1;
      process.stdout.write(`${file}: skipped: a resource-based policy, as its principals are not "*"\n`);
      continue;
    }
    found += 1;
    if (policy) statistics.add(typeOfPolicy(policy), policy);
    for (const diagnostic of diagnosePolicy(typeOfPolicy(policy), text)) {
      counts[diagnostic.severity] += 1;
      process.stdout.write(`${formatDiagnostic(file, diagnostic)}\n`);
    }
  }
  if (found === 0) throw new FileError(`${paths.join(', ')}: no policies found; expected JSON files with a Statement`);
  const totals = [
    count(found, 'policy', 'policies'),
    count(counts.ERROR, 'error', 'errors'),
    count(counts.WARNING, 'warning', 'warnings'),
    ...(others === 0 ? [] : [`${count(others, 'other JSON file', 'other JSON files')} skipped`]),
  ];
  process.stdout.write(`${statistics.format()}\n${totals.join(', ')}\n`);
  if (counts.ERROR > 0) throw new CommandFailedError();
}

function findPolicy(value: unknown): JsonObject | undefined {
  return isJsonObject(value as JsonObject) && (value as JsonObject)['Statement'] !== undefined
    ? (value as JsonObject)
    : undefined;
}

/**
 * Whether a statement names principals, as the policies of roles, buckets and keys do. The principal of an RCP is `*`;
 * `{ "AWS": "*" }` is a mistake in one.
 */
function isResourceBased({ Statement }: JsonObject): boolean {
  const statements = Array.isArray(Statement) ? Statement : [Statement];
  return statements.some((statement) => {
    if (!isJsonObject(statement)) return false;
    const { Principal, NotPrincipal } = statement;
    if (NotPrincipal !== undefined) return true;
    return (
      isJsonObject(Principal) &&
      Object.values(Principal)
        .flat()
        .some((value) => value !== '*')
    );
  });
}

function formatDiagnostic(file: string, { line, column, severity, code, path, message }: PolicyDiagnostic): string {
  return `${file}:${line}:${column}: ${severity.toLowerCase()} ${code}: ${path === '' ? '' : `${path}: `}${message}`;
}

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

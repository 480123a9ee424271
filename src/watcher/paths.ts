/**
 * Returns whether a path of AWS (`o-…/r-…/ou-…/123456789012/`) continues after the id: whether its account or unit is
 * below that root or unit.
 */
export function isAfterSegment(id: string): (path: string) => boolean {
  const segment = `/${id}/`;
  return (path) => {
    const index = path.indexOf(segment);
    return index >= 0 && index + segment.length < path.length;
  };
}

/** The ids of the root and the units above the last id of a path, the root first. */
export const ancestorsInPath = (path: string): readonly string[] => path.split('/').slice(1, -2);

/**
 * The parent in a path: the id of the root or unit before the last id; undefined if there is none.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html
 */
export function parentInPath(path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const end = path.lastIndexOf('/', path.length - 2);
  const start = path.lastIndexOf('/', end - 1);
  return start > 0 ? path.slice(start + 1, end) : undefined;
}

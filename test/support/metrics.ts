import { send } from './http.ts';

/** The samples of a scrape, by name and labels as Prometheus writes them: `orgql_pollers`, `orgql_errors_total{code="NONE"}`. */
export async function scrape(url: string | undefined): Promise<Map<string, number>> {
  if (url === undefined) throw new Error('this gateway has no metrics');
  const { status, text } = await send(url);
  if (status !== 200) throw new Error(`status ${status}: ${text}`);
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

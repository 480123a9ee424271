import { type CsvRows, saveCsv } from '../data/csv.ts';
import { DownloadIcon } from './icons.tsx';

interface ExportCsvProps {
  /** Of the file, without its ending. */
  readonly name: string;
  /** Called when the file is saved. */
  readonly rowsOf: () => CsvRows;
  /** How many rows are selected, if only those are saved. */
  readonly selected?: number;
  /** False while rows arrive: a file must not lack some. */
  readonly isComplete?: boolean;
  /** What the button says instead of "Export CSV". */
  readonly label?: string;
}

/** Saves what the page shows. `E` presses it. */
export function ExportCsv({ name, rowsOf, selected = 0, isComplete = true, label = 'Export CSV' }: ExportCsvProps) {
  return (
    <button type="button" className="button" data-export disabled={!isComplete} onClick={() => saveCsv(name, rowsOf())}>
      <DownloadIcon /> {selected > 0 ? `Export ${selected}` : label}
    </button>
  );
}

import { useQuery } from '../../../data/use-query.ts';
import { TransferDatesDocument } from './transfer-actions.generated.ts';

const NO_VARIABLES = {};

/** The times that AWS accepts now. They cost no call, and are read again whenever a form opens. */
export function useTransferDates() {
  const { data, errors, reload } = useQuery(TransferDatesDocument, NO_VARIABLES);
  const dates = data?.organization?.responsibilityTransferDates;
  return { starts: dates?.starts, ends: dates?.ends, error: errors[0], reload };
}

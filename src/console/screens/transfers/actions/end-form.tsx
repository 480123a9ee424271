import { type ReactNode, useEffect, useState } from 'react';
import { ActionCard } from '../../../actions/action-card.tsx';
import { ActionForm, Choices, isConfirmed, NameConfirmation } from '../../../actions/form.tsx';
import { useAction } from '../../../actions/use-action.ts';
import { Failure, Skeleton } from '../../../components/states.tsx';
import { useNow } from '../../../data/clock.ts';
import { duration, utcDay } from '../../../data/time.ts';
import { payersOf } from './dates.ts';
import type { ActionFormsProps } from './form-props.ts';
import { EndTransferDocument } from './transfer-actions.generated.ts';
import { useTransferDates } from './use-transfer-dates.ts';

interface EndFormProps extends ActionFormsProps {
  readonly isPossible: boolean;
  readonly overtaken: ReactNode;
}

/** The last day that is paid, with who pays which month, and the name typed to confirm: the end cannot be taken back. */
export function EndForm({ side, transfer, own, filled, onPreview, onClose, isPossible, overtaken }: EndFormProps) {
  const { id, name, start } = transfer;
  const { ends, error: unread, reload } = useTransferDates();
  const { send, isSending, error } = useAction(EndTransferDocument);
  const [chosen, setChosen] = useState(filled.get('end') ?? undefined);
  const [typed, setTyped] = useState('');
  const now = useNow();
  const [payer, customer] = side === 'inbound' ? [own, name] : [name, own];
  // After midnight of a month's last day, AWS accepts other dates.
  const end = ends?.find((each) => each === chosen);
  useEffect(() => {
    onPreview(end);
    return () => onPreview(undefined);
  }, [end, onPreview]);
  useEffect(() => {
    if (error?.reason?.startsWith('END_DATE')) reload();
  }, [error, reload]);

  if (!isPossible && !isSending && error === undefined) return overtaken;
  if (ends === undefined) {
    return unread ? (
      <Failure title="The dates cannot be read" error={unread} onRetry={reload} />
    ) : (
      <Skeleton rows={4} />
    );
  }
  const dayOfEnd = (time: string) => utcDay(new Date(time), now);
  return (
    <ActionCard title={`When does ${payer} stop paying?`}>
      <ActionForm
        scope="transfers:manage"
        failure={`The transfer of ${name} was not ended`}
        submit={end === undefined ? 'End transfer' : `End on ${dayOfEnd(end)}`}
        cancel="Keep it"
        calls={1}
        isDanger
        isFilled={end !== undefined || typed !== ''}
        isValid={end !== undefined && isConfirmed(typed, name)}
        isSending={isSending}
        error={error}
        onSubmit={async () => end !== undefined && (await send({ input: { id, endTimestamp: end } })) !== undefined}
        onClose={onClose}
      >
        <Choices
          label={<span className="visually-hidden">Last day that {payer} pays</span>}
          hint="AWS allows two dates. The bar in the timeline shows the one you choose. The end cannot be taken back."
          value={end}
          choices={ends.map((value) => ({
            value,
            label: utcDay(new Date(value), now, { weekday: true }),
            aside: `23:59:59 UTC, in ${duration(Date.parse(value) - now.getTime())}`,
            note: payersOf(value, { payer, customer, start }),
          }))}
          onChange={setChosen}
          problem={end === undefined ? 'No date is chosen. Choose the last day.' : undefined}
        />
        <NameConfirmation name={name} value={typed} onChange={setTyped} />
      </ActionForm>
    </ActionCard>
  );
}

import { useState } from 'react';
import type { GatewayStatus } from '../../data/gateway-status.ts';
import { type OperationBudget, rateOf, usedOperations } from './model.ts';
import { Card, type StatusRow, StatusTable } from './table.tsx';

/** Below this share, a budget is nearly used. */
const LOW = 0.35;

/** AWS's limits, and what is left of them. */
export function BudgetCard({ rateBudget }: Pick<GatewayStatus, 'rateBudget'>) {
  const [isAll, setAll] = useState(false);
  if (rateBudget.length === 0) {
    return (
      <Card title="Rate budget" note="Not kept to">
        <p className="card-text">
          The setting <code>upstream.budget</code> is off: calls go out at once, and AWS may throttle them.
        </p>
      </Card>
    );
  }
  const used = usedOperations(rateBudget);
  const shown = isAll ? rateBudget : used;
  return (
    <Card title="Rate budget" note="Calls that may go out at once">
      <StatusTable
        name="budget"
        label="Rate budget"
        columns={['Operation', 'Left now', 'Refill', 'Last h']}
        rows={shown.map(rowOf)}
      />
      <div className="card-footer">
        <button type="button" className="button button-plain" aria-expanded={isAll} onClick={() => setAll(!isAll)}>
          {isAll ? 'Show used operations' : `Show all ${rateBudget.length} operations`}
        </button>
      </div>
    </Card>
  );
}

function rowOf(operation: OperationBudget): StatusRow {
  const { operation: name, left, burst, callsLastHour } = operation;
  const share = left / burst;
  return {
    key: name,
    cells: [
      <span key="name" className="mono" title={name}>
        {name}
      </span>,
      <span key="left" className="status-meter" data-tone={share < LOW ? 'amber' : 'green'}>
        <span className="meter">
          <span style={{ width: `${100 * share}%` }} />
        </span>
        {Math.floor(left)} of {burst}
      </span>,
      rateOf(operation),
      callsLastHour.toLocaleString('en-US'),
    ],
  };
}

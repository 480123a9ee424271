interface Parties {
  /** The organization that asks. */
  readonly payer: string;
  /** Whose bill it pays. */
  readonly customer: string;
  /** " from 1 Dec", or nothing if that is not known. */
  readonly from: string;
}

/** What it means that an organization pays the bill of another one. */
export function AcceptedBilling({ payer, customer, from }: Parties) {
  return (
    <ul className="form-list">
      <li>
        {payer} pays the AWS bill of all accounts of {customer}
        {from}, and sees what they cost.
      </li>
      <li>
        Bills that {customer} pays for other organizations go to {payer}, too.
      </li>
      <li>
        It cannot be undone at once: either side can end it, at the end of a month. The accounts and policies of{' '}
        {customer} do not change.
      </li>
    </ul>
  );
}

export function DeclinedBilling({ payer, customer }: Omit<Parties, 'from'>) {
  return (
    <p>
      {customer} goes on paying its AWS bill itself. {payer} sees that you have declined, and can invite you again.
    </p>
  );
}

export function CanceledBilling({ payer, customer, from }: Parties) {
  return (
    <p>
      {customer} can no longer accept that {payer} pays its AWS bill{from}. Its bill stays with it. You can invite it
      again.
    </p>
  );
}

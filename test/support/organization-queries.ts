/** The tree of organizational units, as deep as AWS lets it be: five levels below the root. */
function tree(fields: string, accounts: string, levels = 5): string {
  const units =
    levels > 0
      ? `organizationalUnits(first: 1000) { nodes { id name ${fields} ${tree(fields, accounts, levels - 1)} } }`
      : '';
  return `accounts(first: 1000) { nodes { id name email ${accounts} } } ${units}`;
}

/** What a client asks for; `$first` is how many accounts there are. */
export const queries = {
  accounts: /* GraphQL */ `
    query Accounts($first: Int!) {
      organization { accounts(first: $first) { nodes { id name email state joinedTimestamp } } }
    }
  `,
  tree: /* GraphQL */ `
    query Tree { organization { root { id name ${tree('parent { id }', 'parent { id name }')} } } }
  `,
  treeWithPolicies: /* GraphQL */ `
    query TreeWithPolicies {
      organization {
        root {
          id
          name
          policies(type: SERVICE_CONTROL_POLICY) { nodes { id name } }
          ${tree(
            'policies(type: SERVICE_CONTROL_POLICY) { nodes { id name } }',
            'policies(type: SERVICE_CONTROL_POLICY) { nodes { id name } }',
          )}
        }
      }
    }
  `,
  accountsWithParents: /* GraphQL */ `
    query AccountsWithParents($first: Int!) {
      organization { accounts(first: $first) { nodes { id name parent { id name } } } }
    }
  `,
  tags: /* GraphQL */ `
    query Tags($first: Int!) { organization { accounts(first: $first) { nodes { id name tags(first: 50) { nodes { key value } } } } } }
  `,
  handshakes: /* GraphQL */ `
    query Handshakes($first: Int!) {
      organization {
        handshakes(first: $first, filter: { actionType: TRANSFER_RESPONSIBILITY }) {
          nodes { id state recipient { id } responsibilityTransfer { id name status startTimestamp } }
        }
      }
    }
  `,
} as const;

export type QueryName = keyof typeof queries;

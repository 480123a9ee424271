/**
 * @generated SignedSource<<21d012f74ff9dbf7d96d16395c58a2c4>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
export type AccountState = "ACTIVE" | "CLOSED" | "PENDING_ACTIVATION" | "PENDING_CLOSURE" | "SUSPENDED" | "UNKNOWN" | "%future added value";
import type { FragmentRefs } from "relay-runtime";
export type AccountRow_account$data = {
  readonly id: string;
  readonly name: string | null | undefined;
  readonly parent: {
    readonly id: string;
    readonly name: string | null | undefined;
  } | null | undefined;
  readonly state: AccountState | null | undefined;
  readonly " $fragmentType": "AccountRow_account";
};
export type AccountRow_account$key = {
  readonly " $data"?: AccountRow_account$data;
  readonly " $fragmentSpreads": FragmentRefs<"AccountRow_account">;
};

import AccountRowRefetchQuery_graphql from './AccountRowRefetchQuery.graphql';

const node: ReaderFragment = (function(){
var v0 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v1 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "name",
  "storageKey": null
};
return {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": {
    "refetch": {
      "connection": null,
      "fragmentPathInResult": [
        "node"
      ],
      "operation": AccountRowRefetchQuery_graphql,
      "identifierInfo": {
        "identifierField": "id",
        "identifierQueryVariableName": "id"
      }
    }
  },
  "name": "AccountRow_account",
  "selections": [
    (v0/*:: as any*/),
    (v1/*:: as any*/),
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "state",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "concreteType": null,
      "kind": "LinkedField",
      "name": "parent",
      "plural": false,
      "selections": [
        (v0/*:: as any*/),
        (v1/*:: as any*/)
      ],
      "storageKey": null
    }
  ],
  "type": "Account",
  "abstractKey": null
};
})();

(node as any).hash = "8950612a072f58c86ab1c816b3ba174b";

export default node;

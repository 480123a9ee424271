/**
 * @generated SignedSource<<656f86ad0e48ac440761f455dfc89e62>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type InvitationQuery$variables = {
  id: string;
};
export type InvitationQuery$data = {
  readonly handshake: {
    readonly " $fragmentSpreads": FragmentRefs<"Invitation_handshake">;
  } | null | undefined;
};
export type InvitationQuery = {
  response: InvitationQuery$data;
  variables: InvitationQuery$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "id"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "id",
    "variableName": "id"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "type",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Fragment",
    "metadata": null,
    "name": "InvitationQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Handshake",
        "kind": "LinkedField",
        "name": "handshake",
        "plural": false,
        "selections": [
          {
            "args": null,
            "kind": "FragmentSpread",
            "name": "Invitation_handshake"
          }
        ],
        "storageKey": null
      }
    ],
    "type": "Query",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "InvitationQuery",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": "Handshake",
        "kind": "LinkedField",
        "name": "handshake",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
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
            "kind": "ScalarField",
            "name": "action",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "kind": "ScalarField",
            "name": "expirationTimestamp",
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "HandshakeParty",
            "kind": "LinkedField",
            "name": "parties",
            "plural": true,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/)
            ],
            "storageKey": null
          },
          {
            "alias": null,
            "args": null,
            "concreteType": "HandshakeParty",
            "kind": "LinkedField",
            "name": "recipient",
            "plural": false,
            "selections": [
              (v2/*:: as any*/),
              (v3/*:: as any*/),
              {
                "alias": null,
                "args": null,
                "concreteType": "Account",
                "kind": "LinkedField",
                "name": "account",
                "plural": false,
                "selections": [
                  (v2/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "kind": "ScalarField",
                    "name": "email",
                    "storageKey": null
                  }
                ],
                "storageKey": null
              }
            ],
            "storageKey": null
          }
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "17fbb899efcfbdf48927d4b632cc4cce",
    "id": null,
    "metadata": {},
    "name": "InvitationQuery",
    "operationKind": "query",
    "text": "query InvitationQuery(\n  $id: ID!\n) {\n  handshake(id: $id) {\n    ...Invitation_handshake\n    id\n  }\n}\n\nfragment Invitation_handshake on Handshake {\n  id\n  state\n  action\n  expirationTimestamp\n  parties {\n    id\n    type\n  }\n  recipient {\n    id\n    type\n    account {\n      id\n      email\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "d0ae2ac5eea714945ce7ad6d198f0c9c";

export default node;

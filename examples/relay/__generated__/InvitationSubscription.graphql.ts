/**
 * @generated SignedSource<<c38e94de538db297229f82f8024d6d36>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type ChangeType = "ADDED" | "BOOKMARK" | "CHANGED" | "REMOVED" | "SNAPSHOT" | "%future added value";
export type HandshakeState = "ACCEPTED" | "CANCELED" | "DECLINED" | "EXPIRED" | "OPEN" | "REQUESTED" | "UNKNOWN" | "%future added value";
export type InvitationSubscription$variables = {
  after?: string | null | undefined;
  id: string;
};
export type InvitationSubscription$data = {
  readonly handshakeChanges: {
    readonly cursor: string;
    readonly handshake: {
      readonly " $fragmentSpreads": FragmentRefs<"Invitation_handshake">;
    } | null | undefined;
    readonly previousState: HandshakeState | null | undefined;
    readonly type: ChangeType;
  };
};
export type InvitationSubscription = {
  response: InvitationSubscription$data;
  variables: InvitationSubscription$variables;
};

const node: ConcreteRequest = (function(){
var v0 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "after"
},
v1 = {
  "defaultValue": null,
  "kind": "LocalArgument",
  "name": "id"
},
v2 = [
  {
    "kind": "Variable",
    "name": "after",
    "variableName": "after"
  },
  {
    "kind": "Variable",
    "name": "id",
    "variableName": "id"
  }
],
v3 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "cursor",
  "storageKey": null
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "type",
  "storageKey": null
},
v5 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "previousState",
  "storageKey": null
},
v6 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
};
return {
  "fragment": {
    "argumentDefinitions": [
      (v0/*:: as any*/),
      (v1/*:: as any*/)
    ],
    "kind": "Fragment",
    "metadata": null,
    "name": "InvitationSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "HandshakeEvent",
        "kind": "LinkedField",
        "name": "handshakeChanges",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          (v5/*:: as any*/),
          {
            "alias": null,
            "args": null,
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
        "storageKey": null
      }
    ],
    "type": "Subscription",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": [
      (v1/*:: as any*/),
      (v0/*:: as any*/)
    ],
    "kind": "Operation",
    "name": "InvitationSubscription",
    "selections": [
      {
        "alias": null,
        "args": (v2/*:: as any*/),
        "concreteType": "HandshakeEvent",
        "kind": "LinkedField",
        "name": "handshakeChanges",
        "plural": false,
        "selections": [
          (v3/*:: as any*/),
          (v4/*:: as any*/),
          (v5/*:: as any*/),
          {
            "alias": null,
            "args": null,
            "concreteType": "Handshake",
            "kind": "LinkedField",
            "name": "handshake",
            "plural": false,
            "selections": [
              (v6/*:: as any*/),
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
                  (v6/*:: as any*/),
                  (v4/*:: as any*/)
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
                  (v6/*:: as any*/),
                  (v4/*:: as any*/),
                  {
                    "alias": null,
                    "args": null,
                    "concreteType": "Account",
                    "kind": "LinkedField",
                    "name": "account",
                    "plural": false,
                    "selections": [
                      (v6/*:: as any*/),
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
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "c7bac17138ed0134b855b910d5a1fbcc",
    "id": null,
    "metadata": {},
    "name": "InvitationSubscription",
    "operationKind": "subscription",
    "text": "subscription InvitationSubscription(\n  $id: ID!\n  $after: String\n) {\n  handshakeChanges(id: $id, after: $after) {\n    cursor\n    type\n    previousState\n    handshake {\n      ...Invitation_handshake\n      id\n    }\n  }\n}\n\nfragment Invitation_handshake on Handshake {\n  id\n  state\n  action\n  expirationTimestamp\n  parties {\n    id\n    type\n  }\n  recipient {\n    id\n    type\n    account {\n      id\n      email\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "20ba511f0b8121a055472def1c241c58";

export default node;

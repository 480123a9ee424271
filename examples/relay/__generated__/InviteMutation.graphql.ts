/**
 * @generated SignedSource<<710e612c34e4b44b15a4a0bee513fa0c>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ConcreteRequest } from 'relay-runtime';
import type { FragmentRefs } from "relay-runtime";
export type HandshakePartyType = "ACCOUNT" | "EMAIL" | "ORGANIZATION" | "UNKNOWN" | "%future added value";
export type InviteAccountToOrganizationInput = {
  notes?: string | null | undefined;
  tags?: ReadonlyArray<TagInput> | null | undefined;
  target: HandshakePartyInput;
};
export type TagInput = {
  key: string;
  value: string;
};
export type HandshakePartyInput = {
  id: string;
  type: HandshakePartyType;
};
export type InviteMutation$variables = {
  input: InviteAccountToOrganizationInput;
};
export type InviteMutation$data = {
  readonly inviteAccountToOrganization: {
    readonly __typename: string;
    readonly code?: string;
    readonly handshake?: {
      readonly " $fragmentSpreads": FragmentRefs<"Invitation_handshake">;
    } | null | undefined;
    readonly message?: string;
  } | null | undefined;
};
export type InviteMutation = {
  response: InviteMutation$data;
  variables: InviteMutation$variables;
};

const node: ConcreteRequest = (function(){
var v0 = [
  {
    "defaultValue": null,
    "kind": "LocalArgument",
    "name": "input"
  }
],
v1 = [
  {
    "kind": "Variable",
    "name": "input",
    "variableName": "input"
  }
],
v2 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "__typename",
  "storageKey": null
},
v3 = {
  "kind": "InlineFragment",
  "selections": [
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "message",
      "storageKey": null
    },
    {
      "alias": null,
      "args": null,
      "kind": "ScalarField",
      "name": "code",
      "storageKey": null
    }
  ],
  "type": "Error",
  "abstractKey": "__isError"
},
v4 = {
  "alias": null,
  "args": null,
  "kind": "ScalarField",
  "name": "id",
  "storageKey": null
},
v5 = {
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
    "name": "InviteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "inviteAccountToOrganization",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
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
            "type": "InviteAccountToOrganizationPayload",
            "abstractKey": null
          },
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ],
    "type": "Mutation",
    "abstractKey": null
  },
  "kind": "Request",
  "operation": {
    "argumentDefinitions": (v0/*:: as any*/),
    "kind": "Operation",
    "name": "InviteMutation",
    "selections": [
      {
        "alias": null,
        "args": (v1/*:: as any*/),
        "concreteType": null,
        "kind": "LinkedField",
        "name": "inviteAccountToOrganization",
        "plural": false,
        "selections": [
          (v2/*:: as any*/),
          {
            "kind": "InlineFragment",
            "selections": [
              {
                "alias": null,
                "args": null,
                "concreteType": "Handshake",
                "kind": "LinkedField",
                "name": "handshake",
                "plural": false,
                "selections": [
                  (v4/*:: as any*/),
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
                      (v4/*:: as any*/),
                      (v5/*:: as any*/)
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
                      (v4/*:: as any*/),
                      (v5/*:: as any*/),
                      {
                        "alias": null,
                        "args": null,
                        "concreteType": "Account",
                        "kind": "LinkedField",
                        "name": "account",
                        "plural": false,
                        "selections": [
                          (v4/*:: as any*/),
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
            "type": "InviteAccountToOrganizationPayload",
            "abstractKey": null
          },
          (v3/*:: as any*/)
        ],
        "storageKey": null
      }
    ]
  },
  "params": {
    "cacheID": "db4dffe0a43147cfcbb8e92aabe51e5d",
    "id": null,
    "metadata": {},
    "name": "InviteMutation",
    "operationKind": "mutation",
    "text": "mutation InviteMutation(\n  $input: InviteAccountToOrganizationInput!\n) {\n  inviteAccountToOrganization(input: $input) {\n    __typename\n    ... on InviteAccountToOrganizationPayload {\n      handshake {\n        ...Invitation_handshake\n        id\n      }\n    }\n    ... on Error {\n      __isError: __typename\n      message\n      code\n    }\n  }\n}\n\nfragment Invitation_handshake on Handshake {\n  id\n  state\n  action\n  expirationTimestamp\n  parties {\n    id\n    type\n  }\n  recipient {\n    id\n    type\n    account {\n      id\n      email\n    }\n  }\n}\n"
  }
};
})();

(node as any).hash = "80f9e8158163264d2b06204a65f83a44";

export default node;

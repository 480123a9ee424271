/**
 * @generated SignedSource<<79bfa172f132f98dae1020a774fa31c0>>
 * @lightSyntaxTransform
 */

/* tslint:disable */
/* eslint-disable */
// @ts-nocheck

import type { ReaderFragment } from 'relay-runtime';
export type ActionType = "ADD_ORGANIZATIONS_SERVICE_LINKED_ROLE" | "APPROVE_ALL_FEATURES" | "ENABLE_ALL_FEATURES" | "INVITE" | "TRANSFER_RESPONSIBILITY" | "UNKNOWN" | "%future added value";
export type HandshakePartyType = "ACCOUNT" | "EMAIL" | "ORGANIZATION" | "UNKNOWN" | "%future added value";
export type HandshakeState = "ACCEPTED" | "CANCELED" | "DECLINED" | "EXPIRED" | "OPEN" | "REQUESTED" | "UNKNOWN" | "%future added value";
import type { FragmentRefs } from "relay-runtime";
export type Invitation_handshake$data = {
  readonly action: ActionType | null | undefined;
  readonly expirationTimestamp: string | null | undefined;
  readonly id: string;
  readonly parties: ReadonlyArray<{
    readonly id: string;
    readonly type: HandshakePartyType;
  }> | null | undefined;
  readonly recipient: {
    readonly account: {
      readonly email: string | null | undefined;
      readonly id: string;
    } | null | undefined;
    readonly id: string;
    readonly type: HandshakePartyType;
  } | null | undefined;
  readonly state: HandshakeState | null | undefined;
  readonly " $fragmentType": "Invitation_handshake";
};
export type Invitation_handshake$key = {
  readonly " $data"?: Invitation_handshake$data;
  readonly " $fragmentSpreads": FragmentRefs<"Invitation_handshake">;
};

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
  "name": "type",
  "storageKey": null
};
return {
  "argumentDefinitions": [],
  "kind": "Fragment",
  "metadata": null,
  "name": "Invitation_handshake",
  "selections": [
    (v0/*:: as any*/),
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
        (v0/*:: as any*/),
        (v1/*:: as any*/)
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
        (v0/*:: as any*/),
        (v1/*:: as any*/),
        {
          "alias": null,
          "args": null,
          "concreteType": "Account",
          "kind": "LinkedField",
          "name": "account",
          "plural": false,
          "selections": [
            (v0/*:: as any*/),
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
  "type": "Handshake",
  "abstractKey": null
};
})();

(node as any).hash = "e0c0d67479c1756e8e3a74e8cc2b897f";

export default node;

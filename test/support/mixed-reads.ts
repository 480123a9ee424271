/** Queries that read every kind of object, by lists and by id. */
export const reads: readonly string[] = [
  '{ organization { id featureSet managementAccount { id name } accounts(first: 60) { nodes { id name parent { id name } } } } }',
  '{ root { name organizationalUnits(first: 12) { nodes { name accounts(first: 50) { nodes { name } } organizationalUnits(first: 12) { nodes { name accounts(first: 50) { nodes { name } } } } } } } }',
  '{ root { organizationalUnits(first: 20) { nodes { id policies(type: SERVICE_CONTROL_POLICY) { nodes { name } } } } } }',
  '{ organization { handshakes(first: 40) { nodes { id state responsibilityTransfer { id status } } } } }',
  '{ organization { policies(type: SERVICE_CONTROL_POLICY, first: 40) { nodes { id name targets(first: 20) { nodes { name } } } } } }',
  '{ organization { inboundResponsibilityTransfers(first: 40) { nodes { id status activeHandshake { id state } } } } }',
  '{ organization { delegatedAdministrators { nodes { id name account { state parent { id } } } } enabledServices(first: 30) { nodes { servicePrincipal } } } }',
  '{ organization { accounts(first: 5) { nodes { tags(first: 50) { nodes { key value } } } } } }',
];

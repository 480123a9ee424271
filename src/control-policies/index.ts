/** Parses and checks service control policies (SCPs) and resource control policies (RCPs), in IAM's policy language. */
export { type ControlPolicyType, checkControlPolicy } from './check-control-policy.ts';
export {
  describeProblem,
  type JsonObject,
  type JsonValue,
  type ParsedJson,
  type Problem,
  parseJson,
  parseJsonObject,
} from './json.ts';

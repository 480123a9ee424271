/** The policy language of IAM, as service control policies (SCPs) and resource control policies (RCPs) use it. */
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

/** The codes that https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html names. */
export type EffectivePolicyErrorCode = 'ELEMENTS_TOO_MANY' | 'ELEMENTS_TOO_FEW' | 'KEY_REQUIRED';

/** `EffectivePolicyValidationError` of the API model. */
export interface EffectivePolicyValidationError {
  readonly ErrorCode: EffectivePolicyErrorCode;
  readonly ErrorMessage: string;
  /** Keys from the top of the effective policy down, joined with slashes, as CloudTrail's EffectivePolicyValidation events print it. */
  readonly PathToError: string;
  readonly ContributingPolicies: readonly string[];
}

/** An error before it is known which policies are behind it. */
export interface Fault {
  readonly code: EffectivePolicyErrorCode;
  readonly message: string;
  readonly path: readonly string[];
  /** Where to look for contributing policies, if not at `path`. */
  readonly contributions?: readonly (readonly string[])[];
}

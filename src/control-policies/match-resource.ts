import { compileResource } from './arn-pattern.ts';
import { compileTemplate, parseTemplate, type Template } from './policy-variables.ts';
import type { RequestContext } from './request-context.ts';
import { type Truth, unknownBecause } from './truth.ts';

/** @param arn undefined for requests without a resource, which stand for `*` */
export type ResourceTest = (arn: string | undefined, context: RequestContext) => Truth;

/** Colons before the resource part of an ARN. */
const COLONS_BEFORE_RESOURCE = 5;

/**
 * Compiles a pattern of Resource or NotResource. Variables are documented for the resource part only.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function compileResourcePattern(text: string, path: string, hasVariables: boolean): ResourceTest {
  if (text === '*') return () => true;
  const template = parseTemplate(text, hasVariables);
  const use = { path, hasWildcards: true, ignoresCase: false };
  const matches = compileTemplate(template, use, (pattern) => compileResource(pattern, path));
  if (!template.hasVariables || isVariableInResourcePart(template)) {
    return (arn, context) => (arn === undefined ? false : matches(arn, context));
  }
  const message = 'AWS documents policy variables for the resource part of an ARN only';
  const unclear = unknownBecause({ reason: 'UNDOCUMENTED_RULE', path, message });
  return (arn, context) => {
    const truth = arn === undefined ? false : matches(arn, context);
    return truth === true ? unclear : truth;
  };
}

/** Whether all variables of a pattern are in the resource part of an ARN. */
export function isVariableInResourcePart({ parts }: Template): boolean {
  const first = parts.findIndex((part) => 'key' in part);
  const before = parts.slice(0, first).map((part) => ('text' in part ? part.text : ''));
  return before.join('').split(':', COLONS_BEFORE_RESOURCE + 1).length > COLONS_BEFORE_RESOURCE;
}
